"""The clock rings again for whatever waits, and never more than needed (D4)."""

import threading

import pytest
from redis import Redis

from adapters.queue.clock import run_clock
from adapters.queue.doorbell import QUEUE, RqDoorbell, queue


class Beats(threading.Event):
    """Ends after so many beats, without waiting for any."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        self.left -= 1
        return self.left < 0


@pytest.fixture
def valkey(redis_url: str):
    with Redis.from_url(redis_url) as connection:
        yield connection


def rung(valkey: Redis) -> list[tuple[str, tuple[object, ...]]]:
    return [(job.func_name.rpartition(".")[2], tuple(job.args)) for job in queue(valkey).jobs]


def no_stores() -> list[int]:
    return []


def test_what_is_due_is_rung_at_every_beat_while_nothing_waits(valkey: Redis) -> None:
    beats = Beats(3)
    taken = []

    def take_all() -> list[int]:
        """As a worker would, between two beats; with no pause between sweeps it is called at each."""
        taken.append(rung(valkey))
        valkey.delete(f"rq:queue:{QUEUE}")
        return []

    run_clock(RqDoorbell(valkey), lambda: [(1, "inbox"), (2, "outbox")], take_all, beats, sweep_every=0)

    assert taken == [[("drain", (1, "inbox")), ("drain", (2, "outbox"))]] * 3
    assert set(beats.seconds) == {1.0}


def test_as_long_as_a_ring_waits_the_clock_is_silent(valkey: Redis) -> None:
    """A worker that is slow or gone must not find a thousand rings for one row."""
    asked = []

    run_clock(RqDoorbell(valkey), lambda: asked.append(1) or [(1, "inbox")], no_stores, Beats(5))

    assert rung(valkey) == [("drain", (1, "inbox"))]
    assert len(asked) == 1


def test_a_ring_that_got_lost_is_rung_again(valkey: Redis) -> None:
    """F-14: Redis was emptied between two beats."""
    doorbell = RqDoorbell(valkey)
    run_clock(doorbell, lambda: [(1, "inbox")], no_stores, Beats(1))
    valkey.flushall()

    run_clock(doorbell, lambda: [(1, "inbox")], no_stores, Beats(1))

    assert rung(valkey) == [("drain", (1, "inbox"))]


def test_nothing_due_is_nothing_rung(valkey: Redis) -> None:
    run_clock(RqDoorbell(valkey), lambda: [], no_stores, Beats(3))

    assert rung(valkey) == []


def test_every_connected_store_is_swept_at_the_start_and_then_every_five_minutes(valkey: Redis) -> None:
    """F-1."""
    run_clock(RqDoorbell(valkey), lambda: [], lambda: [1, 2], Beats(4))

    assert rung(valkey) == [("sweep", (1,)), ("sweep", (2,))]


def test_the_time_between_sweeps_is_a_setting(valkey: Redis) -> None:
    run_clock(RqDoorbell(valkey), lambda: [], lambda: [1], Beats(3), sweep_every=0)

    assert rung(valkey) == [("sweep", (1,))] * 3


def test_the_clock_outlives_the_database(valkey: Redis, caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([OSError("the database is away"), [(1, "inbox")]])

    def due() -> list[tuple[int, str]]:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    run_clock(RqDoorbell(valkey), due, no_stores, Beats(2))

    assert rung(valkey) == [("drain", (1, "inbox"))]
    assert "a beat of the clock failed" in caplog.text


def test_the_clock_outlives_redis() -> None:
    beats = Beats(3)
    doorbell = RqDoorbell(Redis.from_url("redis://127.0.0.1:1/0"))
    asked = []

    run_clock(doorbell, lambda: asked.append(1) or [(1, "inbox")], lambda: [1], beats)

    assert len(asked) == 3


def test_the_clock_stops_when_told(valkey: Redis) -> None:
    stopping = threading.Event()
    thread = threading.Thread(target=run_clock, args=(RqDoorbell(valkey), lambda: [], no_stores, stopping))
    thread.start()

    stopping.set()

    thread.join(5)
    assert not thread.is_alive()
