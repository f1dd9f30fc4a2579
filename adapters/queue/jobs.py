"""The two functions that run inside a worker's forked child, and nothing else does. The worker process provides
what they call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rq.job import Job


@dataclass
class _Provided:
    drain: Callable[[int, str], object] | None = None
    sweep: Callable[[int], object] | None = None


_provided = _Provided()


def provide(drain: Callable[[int, str], object], sweep: Callable[[int], object]) -> None:
    """Called once by the worker before it takes jobs; its children inherit it."""
    _provided.drain = drain
    _provided.sweep = sweep


def drain(store_id: int, box: str) -> None:
    """Empties a store's inbox or outbox."""
    if _provided.drain is None:
        raise RuntimeError("jobs run in `invoice-portal worker` only")
    _provided.drain(store_id, box)


def sweep(store_id: int) -> None:
    """Looks for what hints missed."""
    if _provided.sweep is None:
        raise RuntimeError("jobs run in `invoice-portal worker` only")
    _provided.sweep(store_id)


_FUNCTIONS: dict[str, Callable[..., None]] = {
    f"{function.__module__}.{function.__name__}": function for function in (drain, sweep)
}


class NotOurs(Exception):
    """A job that names something else than our two functions."""


class Ring(Job):
    """A job as the worker reads it. RQ calls whatever function, callback or address stands in Redis; here what is
    written there chooses between our two functions and nothing more (T-32)."""

    @property
    def func(self) -> Callable[..., None]:
        """Raises NotOurs, and DeserializationError for anything but JSON."""
        if self.instance is not None or self.func_name not in _FUNCTIONS:
            raise NotOurs(f"{str(self.func_name)[:80]} is no job of the portal")
        return _FUNCTIONS[self.func_name]

    def restore(self, raw_data: Any) -> Any:
        super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
