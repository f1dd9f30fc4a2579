"""A stopping signal is heard once, and not in the middle of delicate work."""

import os
import signal
import time

import pytest

from adapters.dev.signals import StopRequested, signals_held, stop_on_signals


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.01)  # Python runs the handler before the next step


def test_the_first_signal_asks_to_stop_and_the_next_do_not_disturb_it(capsys):
    with stop_on_signals():
        with pytest.raises(StopRequested, match="SIGTERM"):
            interrupt()

        interrupt()

    assert "Stopping already" in capsys.readouterr().err


def test_a_signal_during_delicate_work_is_raised_at_its_end():
    reached = []

    def work() -> None:
        with signals_held():
            with signals_held():
                interrupt()
            reached.append("the end")

    with stop_on_signals(), pytest.raises(StopRequested):
        work()

    assert reached == ["the end"]


def test_the_handlers_of_before_come_back():
    before = signal.getsignal(signal.SIGTERM)

    with stop_on_signals():
        assert signal.getsignal(signal.SIGTERM) is not before

    assert signal.getsignal(signal.SIGTERM) is before
