"""What every part of the sandbox can reach during a request: settings, state, clock, hooks."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app, g

from adapters.sandbox.settings import NORTH, SOUTH, SandboxSettings
from adapters.sandbox.state import Doc, State, Store


class Refused(Exception):
    """An answer other than success; written in the shape of the API that was called."""

    def __init__(self, status: int, title: str, errors: Doc | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.errors = errors or {}


@dataclass
class World:
    """One running sandbox."""

    settings: SandboxSettings
    state: State

    def store(self, store_hash: str) -> Store:
        """The store with this hash; raises Refused 404."""
        if store_hash not in (NORTH, SOUTH):
            raise Refused(404, "The store was not found.")
        return Store(self.state, store_hash)

    def now(self) -> datetime:
        """The sandbox's clock: real time plus the offset set through /_sandbox/clock."""
        clock = self.state.find("", "clock", "clock")
        offset = clock["offset_seconds"] if clock else 0
        return datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=offset)


def world() -> World:
    """The sandbox that is answering this request."""
    found: World = current_app.extensions["sandbox"]
    return found


def store() -> Store:
    """The store this request is about."""
    found: Store = g.store
    return found


def now() -> datetime:
    """The sandbox's clock."""
    return world().now()


def unix(moment: datetime) -> int:
    """Whole seconds since 1970."""
    return int(moment.timestamp())


def body() -> Any:
    """The JSON body; raises Refused 400 when it is not JSON."""
    from flask import request

    parsed = request.get_json(silent=True, force=True)
    if parsed is None:
        raise Refused(400, "The request body is not valid JSON.")
    return parsed
