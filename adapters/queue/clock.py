"""The clock: rings once a second for stores with due work, asks for a sweep of every store each five minutes."""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from adapters.queue.doorbell import RqDoorbell

SWEEP_EVERY = 300.0
"""Seconds between two sweeps of one store (F-1)."""

_log = logging.getLogger(__name__)


def run_clock(
    doorbell: RqDoorbell,
    due: Callable[[], Iterable[tuple[int, str]]],
    stores: Callable[[], Iterable[int]],
    stopping: threading.Event,
    sweep_every: float = SWEEP_EVERY,
) -> None:
    """Runs until `stopping`. `due` lists (store id, box); `stores` the connected ones. A failing database or Redis
    is logged and tried again at the next beat."""
    next_sweep = time.monotonic()
    while not stopping.wait(1.0):
        try:
            if doorbell.is_empty:
                for store_id, box in due():
                    doorbell.ring(store_id, box)
            if time.monotonic() >= next_sweep:
                next_sweep = time.monotonic() + sweep_every
                for store_id in stores():
                    doorbell.ring_sweep(store_id)
        except Exception:  # the clock must outlive any outage of what it asks
            _log.exception("a beat of the clock failed")
