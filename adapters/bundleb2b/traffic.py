"""Manners towards B2B Edition: 150 calls a minute per store, shared with everybody else's integrations."""

import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_UNITS: Final = {"": 1.0, "ms": 0.001, "s": 1.0, "sec": 1.0, "seconds": 1.0, "m": 60.0, "min": 60.0, "minutes": 60.0}
_SPAN: Final = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]*)", re.ASCII)
_SPARE: Final = 10
"""Calls we leave to others before spreading ours over the rest of the window."""

_FAILURES_TO_REST: Final = 5
_REST: Final = 30.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and chance, handed in so that tests wait for nothing. `jitter` gives 0 to 1."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Policy:
    """`patience` is the most seconds a call waits between its tries in all; a worker can wait for a whole window,
    a page that somebody looks at cannot. B2B Edition asks for minutes between tries after a 500: those are the
    outbox's."""

    tries: int = 3
    patience: float = 65.0
    connect: float = 3.05
    read: float = 15.0
    whole_answer: float = 30.0


class Traffic:
    """One per store and process, shared by its clients."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._lock = threading.Lock()
        self._left: int | None = None
        self._resets_at = 0.0
        self._failures = 0
        self._rests_until = 0.0

    def wait_before(self) -> float | None:
        """Seconds to hold back the next call, which is counted; None while B2B Edition is left alone."""
        with self._lock:
            now = self._timing.monotonic()
            if now < self._rests_until:
                return None
            if self._left is None or now >= self._resets_at:
                self._left = None
                return 0.0
            rest = self._resets_at - now
            if self._left <= 0:
                return rest
            pause = rest / (self._left + 1) if self._left < _SPARE else 0.0
            self._left -= 1
            return pause

    def note(self, headers: Mapping[str, str]) -> None:
        left = _span(headers.get("X-Requests-Remaining"))
        resets = _span(headers.get("X-Request-Window-Resets-After"))
        if left is None or resets is None:
            return
        with self._lock:
            self._left = int(left)
            self._resets_at = self._timing.monotonic() + resets

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """After several failures in a row it is left alone for a while, then one failure is enough."""
        with self._lock:
            self._failures += 1
            if self._failures >= _FAILURES_TO_REST:
                self._rests_until = self._timing.monotonic() + _REST


class TrafficBook:
    """The Traffic of every store this process talks to."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._lock = threading.Lock()
        self._stores: dict[str, Traffic] = {}

    def of(self, store_hash: str) -> Traffic:
        with self._lock:
            return self._stores.setdefault(store_hash, Traffic(self._timing))


def seconds_asked(headers: Mapping[str, str]) -> float | None:
    """How long a 429 asks to wait."""
    return _span(headers.get("X-Request-Window-Resets-After") or headers.get("Retry-After"))


def _span(text: str | None) -> float | None:
    """`0.39 s`, `149`, `500 ms`: values carry units here and there."""
    found = _SPAN.fullmatch(text.strip().lower()) if text else None
    if found is None or found.group(2) not in _UNITS:
        return None
    return float(found.group(1)) * _UNITS[found.group(2)]
