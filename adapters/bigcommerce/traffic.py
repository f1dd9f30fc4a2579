"""Manners towards one store: its shared quota, few requests at a time, and silence while it is down."""

import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from adapters.bigcommerce.errors import Fault, Silenced

_SLOW_BELOW: Final = 0.1
"""Share of the quota below which requests are spread over the rest of the window."""

_FAILURES_TO_OPEN: Final = 6
_OPEN_AT_FIRST: Final = 15.0
_OPEN_AT_MOST: Final = 300.0
_PROBE_LEASE: Final = 60.0
_PLAIN: Final = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Timing:
    """Time and chance, handed in so that tests wait for nothing. `jitter` gives 0 to 1."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient a call is, in seconds: `patience` is the most it waits between its tries in all.

    A worker can wait for a whole rate window (30 s), a page that a buyer looks at cannot.
    """

    tries: int = 4
    patience: float = 35.0
    connect: float = 3.05
    read: float = 15.0
    whole_answer: float = 30.0
    largest_answer: int = 64 * 1024 * 1024

    def pause(self, failed: int, fault: Fault, jitter: float) -> float:
        """Seconds before the next try: what the store asked for, else doubling from half a second, jittered."""
        if fault.wait is not None:
            return fault.wait + 0.25 * jitter
        return min(8.0, 0.5 * 2.0 ** (failed - 1)) * (0.5 + jitter)


class Traffic:
    """One per store and process, shared by its clients. BigCommerce's quota is shared by all apps of the store, so
    only its headers tell what is left; the breaker keeps a store that is down from holding our threads."""

    def __init__(self, timing: Timing, in_flight: int = 3) -> None:
        self._timing = timing
        self._slots = threading.BoundedSemaphore(in_flight)
        self._lock = threading.Lock()
        self._left: int | None = None
        self._quota = 0
        self._resets_at = 0.0
        self._failures = 0
        self._open_until = 0.0
        self._open_for = _OPEN_AT_FIRST
        self._probe_until = 0.0

    @contextmanager
    def slot(self, patience: float) -> Iterator[None]:
        """Holds one of the few requests in flight. Raises Fault when none comes free in time."""
        if not self._slots.acquire(timeout=patience):
            raise Fault("BigCommerce is busy with other requests of this store", acted=False, overload=False)
        try:
            yield
        finally:
            self._slots.release()

    def wait_before(self) -> float:
        """Seconds to hold back the next request, which is counted. Raises Silenced while the breaker is open."""
        with self._lock:
            now = self._timing.monotonic()
            self._check_breaker(now)
            if self._left is None or now >= self._resets_at:
                self._left = None
                return 0.0
            rest = self._resets_at - now
            if self._left <= 0:
                return rest
            slow = self._left < self._quota * _SLOW_BELOW
            pause = rest / (self._left + 1) if slow else 0.0
            self._left -= 1
            return pause

    def note(self, headers: Mapping[str, str]) -> None:
        """Learns from `X-Rate-Limit-*`; incomplete sets of headers are common on errors and teach nothing."""
        left = _number(headers.get("X-Rate-Limit-Requests-Left"))
        reset = _number(headers.get("X-Rate-Limit-Time-Reset-Ms"))
        if left is None or reset is None:
            return
        with self._lock:
            self._left = int(left)
            self._quota = int(_number(headers.get("X-Rate-Limit-Requests-Quota")) or 0)
            self._resets_at = self._timing.monotonic() + reset / 1000

    def over_quota(self, seconds: float) -> None:
        """A 429: everybody waits."""
        with self._lock:
            self._left = 0
            self._resets_at = max(self._resets_at, self._timing.monotonic() + seconds)

    def succeeded(self) -> None:
        with self._lock:
            self._failures = 0
            self._open_until = self._probe_until = 0.0
            self._open_for = _OPEN_AT_FIRST

    def failed(self) -> None:
        """Opens the breaker after several failures in a row; each failed probe doubles the silence."""
        with self._lock:
            self._failures += 1
            if self._failures < _FAILURES_TO_OPEN:
                return
            if self._failures > _FAILURES_TO_OPEN:
                self._open_for = min(_OPEN_AT_MOST, self._open_for * 2)
            self._open_until = self._timing.monotonic() + self._open_for
            self._probe_until = 0.0

    def _check_breaker(self, now: float) -> None:
        if self._failures < _FAILURES_TO_OPEN:
            return
        if now < max(self._open_until, self._probe_until):
            raise Silenced
        self._probe_until = now + _PROBE_LEASE


class TrafficBook:
    """The Traffic of every store this process talks to."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._lock = threading.Lock()
        self._stores: dict[str, Traffic] = {}

    def of(self, store_hash: str) -> Traffic:
        with self._lock:
            return self._stores.setdefault(store_hash, Traffic(self._timing))


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and _PLAIN.fullmatch(text.strip()) else None


def seconds_asked(headers: Mapping[str, str]) -> float | None:
    """How long a 429 asks to wait: `X-Rate-Limit-Time-Reset-Ms`, else `X-Retry-After` or `Retry-After` in seconds."""
    reset = _number(headers.get("X-Rate-Limit-Time-Reset-Ms"))
    if reset is not None:
        return reset / 1000
    return _number(headers.get("X-Retry-After") or headers.get("Retry-After"))
