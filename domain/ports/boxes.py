"""Inbox and outbox inside one unit of work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Item:
    """A claimed inbox or outbox row. `key` says what it is about, `payload` only ids and small facts; `attempts`
    counts this claim too and is what the lease is known by."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, object] = field(default_factory=dict)
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """`waiting` rows are not dead; `due_since` is since when the oldest of them could have been done, None when nothing
    is due; `dead` were given up after ten attempts."""

    waiting: int
    due_since: datetime | None
    dead: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A row whose last attempt failed: `error` as noted then; dead ones are tried again only when a person says so."""

    id: int
    kind: str
    key: str
    error: str
    attempts: int
    next_at: datetime
    is_dead: bool


class Box(Protocol):
    """Inbox or outbox of one store: rows to work through, claimed with a lease, retried with back-off (D4, F-23)."""

    def put(
        self,
        kind: str,
        key: str,
        payload: Mapping[str, object] | None = None,
        *,
        after: datetime | None = None,
    ) -> None:
        """Adds a row; an undone, unclaimed row of the same kind and key is rung again instead of doubled."""

    def claim(self, lease_seconds: int = 60) -> Item | None:
        """The row due longest with the fewest attempts, leased; None when nothing is due. Commits by the caller."""

    def done(self, item: Item) -> None:
        """Raises ChangedMeanwhile when the lease has passed to another worker."""

    def fail(self, item: Item, error: str) -> None:
        """Back-off; a dead letter after 10 attempts, kept and shown. Raises ChangedMeanwhile as `done`."""

    def waiting(self) -> int: ...

    def backlog(self) -> Backlog: ...

    def failed(self, kinds: Collection[str], limit: int = 50) -> list[Failed]:
        """Rows of these kinds whose last attempt failed, dead ones first, then by id."""

    def try_again(self, item_id: int) -> bool:
        """A failed row is due now, with all its attempts; False when there is none of that id any more, or it is
        being worked on. A row that waits with the same kind and key takes its place."""
