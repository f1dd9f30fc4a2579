"""Rings on a real Valkey: they carry no data, may be lost, and nobody but us decides what they run (D4, T-32)."""

import json
import logging
import pickle
import socket
import time
import zlib
from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from rq.webhook import Webhook

from adapters.queue.doorbell import QUEUE, RqDoorbell, connect
from adapters.queue.jobs import NotOurs, Ring, drain, provide, sweep
from tests.queue.kit import Process, eventually, leave_a_trace, running
from tests.sandbox.kit import Catcher

WORKER = """
import sys
from adapters.queue.doorbell import connect
from adapters.queue.jobs import provide
from adapters.queue.worker import run_worker
connection = connect(sys.argv[1])
provide(
    lambda store_id, box: connection.rpush("done", f"{store_id} {box}"),
    lambda store_id: connection.rpush("done", f"{store_id} sweep"),
)
run_worker(connection)
"""


@pytest.fixture
def valkey(redis_url: str):
    with Redis.from_url(redis_url) as connection:
        yield connection


def waiting(valkey: Redis) -> list[Job]:
    return Queue(QUEUE, connection=valkey, serializer=JSONSerializer).jobs


def done(valkey: Redis) -> list[str]:
    return [one.decode() for one in valkey.lrange("done", 0, -1)]


# --- ringing --------------------------------------------------------------------------------------------------
def test_a_ring_names_store_and_box_and_nothing_else(valkey: Redis) -> None:
    """D4: whoever reads Redis learns nothing, and losing it loses nothing."""
    doorbell = RqDoorbell(valkey)

    doorbell.ring(7, "inbox")
    doorbell.ring_sweep(7)

    stored = [json.loads(zlib.decompress(valkey.hget(f"rq:job:{job.id}", "data"))) for job in waiting(valkey)]
    assert stored == [
        ["adapters.queue.jobs.drain", None, [7, "inbox"], {}],
        ["adapters.queue.jobs.sweep", None, [7], {}],
    ]


def test_the_doorbell_knows_whether_a_ring_waits(valkey: Redis) -> None:
    doorbell = RqDoorbell(valkey)
    assert doorbell.is_empty

    doorbell.ring(7, "outbox")

    assert not doorbell.is_empty


def test_without_redis_a_ring_is_logged_and_nothing_fails(caplog: pytest.LogCaptureFixture) -> None:
    """F-14: the row is in the table; the clock rings again when Redis is back."""
    doorbell = RqDoorbell(connect("redis://127.0.0.1:1/0"))

    with caplog.at_level(logging.WARNING):
        doorbell.ring(7, "inbox")
        doorbell.ring_sweep(7)

    assert [record.message[:7] for record in caplog.records] == ["no ring", "no ring"]
    assert doorbell.is_empty


def test_a_redis_that_answers_nothing_holds_nobody_up() -> None:
    """It takes connections and keeps silent, as a machine that swaps; whoever rings goes on (I-17)."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        doorbell = RqDoorbell(connect(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
        began = time.monotonic()

        doorbell.ring(7, "inbox")

        assert time.monotonic() - began < 4


# --- what a worker runs ------------------------------------------------------------------------------------------
@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """The file that appears when a worker was talked into something."""
    return tmp_path / "trace"


@pytest.fixture
def worker(redis_url: str, trace: Path, tmp_path: Path):
    with running(["-c", WORKER, redis_url], {"TRACE": str(trace)}, tmp_path / "worker.log") as process:
        yield process


class Bomb:
    """Runs while it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return leave_a_trace, ()


def plant(valkey: Redis, callback: str, receiver: Catcher) -> list[str]:
    """Everything a writer to Redis can ask RQ for; the ids of what must fail."""
    pickled = Queue(QUEUE, connection=valkey).enqueue(leave_a_trace)
    bomb = Job.create(drain, (1, "bomb"), connection=valkey, serializer=JSONSerializer, origin=QUEUE)
    bomb.save()
    valkey.hset(bomb.key, "data", zlib.compress(pickle.dumps(Bomb())))
    ours = Queue(QUEUE, connection=valkey, serializer=JSONSerializer)
    ours.push_job_id(bomb.id)
    named = ours.enqueue_call(callback)
    method = ours.enqueue_call(callback)
    valkey.hset(method.key, "data", zlib.compress(json.dumps(["upper", "text", [], {}]).encode()))
    hooks = {
        "on_success": Callback(callback),
        "webhooks": [Webhook(f"{receiver.url}/called", "finished")],
    }
    ours.enqueue_call(drain, args=(2, "with callbacks"), **hooks)
    return [pickled.id, bomb.id, named.id, method.id]


def test_a_worker_runs_our_two_functions_and_nothing_that_is_written_into_redis(
    valkey: Redis, worker: Process, trace: Path
) -> None:
    """T-32: pickled jobs, names of other functions, callbacks and addresses are all refused or ignored, and the
    worker goes on."""
    receiver = Catcher()
    foreign = plant(valkey, "tests.queue.kit.leave_a_trace", receiver)

    RqDoorbell(valkey).ring(3, "inbox")
    RqDoorbell(valkey).ring_sweep(4)

    assert eventually(lambda: len(done(valkey)) == 3)
    assert done(valkey) == ["2 with callbacks", "3 inbox", "4 sweep"]
    failed = FailedJobRegistry(QUEUE, connection=valkey, serializer=JSONSerializer)
    assert eventually(lambda: set(failed.get_job_ids()) == set(foreign))
    assert not trace.exists()
    assert receiver.seen == []
    receiver.close()
    assert worker.is_running


def test_a_worker_ends_its_job_and_leaves_when_asked(valkey: Redis, worker: Process) -> None:
    RqDoorbell(valkey).ring(1, "inbox")
    assert eventually(lambda: done(valkey) == ["1 inbox"])

    assert worker.stop() == 0


def test_a_ring_read_without_a_worker_around_it_says_where_it_belongs(valkey: Redis) -> None:
    provide(None, None)
    RqDoorbell(valkey).ring(1, "inbox")
    RqDoorbell(valkey).ring_sweep(1)
    jobs = [Ring.fetch(job.id, connection=valkey, serializer=JSONSerializer) for job in waiting(valkey)]

    assert [job.func for job in jobs] == [drain, sweep]
    for job in jobs:
        with pytest.raises(RuntimeError, match="invoice-portal worker"):
            job.func(*job.args)


@pytest.mark.parametrize("name", ["os.system", "adapters.queue.jobs.provide", "adapters.queue.jobs", "drain", ""])
def test_a_name_that_is_not_ours_is_not_even_imported(valkey: Redis, name: str) -> None:
    job = Queue(QUEUE, connection=valkey, serializer=JSONSerializer).enqueue_call(name or "x.y")
    valkey.hset(job.key, "data", zlib.compress(json.dumps([name, None, [], {}]).encode()))

    read = Ring.fetch(job.id, connection=valkey, serializer=JSONSerializer)

    with pytest.raises(NotOurs):
        assert read.func
