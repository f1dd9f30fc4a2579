"""Rings: one short RQ job per ring. A lost or doubled ring is harmless, the clock rings again within a second."""

import logging
from collections.abc import Callable

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from adapters.queue import jobs

QUEUE = "portal"
"""One queue per worker process: with two, a killed worker loses jobs (reliability R7)."""

_log = logging.getLogger(__name__)


def connect(url: str) -> Redis:
    """For rings: a Redis that is away or silent holds nobody longer than two seconds. RQ's worker waits longer by
    itself."""
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, health_check_interval=15)


def queue(connection: Redis) -> Queue:
    """JSON only, never pickle, which runs code while it is read (T-32)."""
    return Queue(QUEUE, connection=connection, serializer=JSONSerializer)


class RqDoorbell:
    """Implements `domain.ports.Doorbell`; Redis being away is logged, never raised: the row is in the table."""

    def __init__(self, connection: Redis) -> None:
        self._queue = queue(connection)

    def ring(self, store_id: int, box: str) -> None:
        self._enqueue(jobs.drain, store_id, box)

    def ring_sweep(self, store_id: int) -> None:
        """Asks for a sweep of one store."""
        self._enqueue(jobs.sweep, store_id)

    @property
    def is_empty(self) -> bool:
        """Whether no ring waits; True also when Redis is away, so that the next look tries again."""
        try:
            return self._queue.count == 0
        except RedisError:
            return True

    def _enqueue(self, function: Callable[..., None], *args: object) -> None:
        try:
            self._queue.enqueue_call(function, args=args, timeout=300, result_ttl=0, failure_ttl=3600)
        except RedisError as error:
            _log.warning("no ring: %s", error)
