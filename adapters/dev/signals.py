"""Being asked to stop: SIGINT, SIGTERM and SIGHUP end a launcher the same orderly way."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(KeyboardInterrupt):
    """A signal asked us to stop. No `Exception`, so that nothing mistakes it for a failure."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class _Doorkeeper:
    """Turns the first signal into StopRequested, once nobody holds signals back; ignores the later ones."""

    def __init__(self) -> None:
        self.holders = 0
        self.waiting: int | None = None
        self.told = False

    def knock(self, number: int, _frame: FrameType | None) -> None:
        if self.told:
            sys.stderr.write("Stopping already, a moment please.\n")
        elif self.holders:
            self.waiting = number
        else:
            self.told = True
            raise StopRequested(number)

    def release(self) -> None:
        self.holders -= 1
        if self.holders == 0 and self.waiting is not None and not self.told:
            self.told = True
            raise StopRequested(self.waiting)


_doorkeepers: list[_Doorkeeper] = []


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Inside, the first stopping signal raises StopRequested in the main thread; call it from there."""
    doorkeeper = _Doorkeeper()
    before = {number: signal.signal(number, doorkeeper.knock) for number in STOPPING}
    _doorkeepers.append(doorkeeper)
    try:
        yield
    finally:
        _doorkeepers.remove(doorkeeper)
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def signals_held() -> Iterator[None]:
    """Inside, no StopRequested is raised; one that came meanwhile is raised at the end.

    Guards the moments where an exception would lose track of a child: starting one, stopping all.
    """
    doorkeeper = _doorkeepers[-1] if _doorkeepers else _Doorkeeper()
    doorkeeper.holders += 1
    try:
        yield
    finally:
        doorkeeper.release()
