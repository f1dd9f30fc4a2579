"""The two functions that run inside a worker's forked child. The worker process provides what they call."""

from collections.abc import Callable
from dataclasses import dataclass


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
