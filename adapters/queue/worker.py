"""The worker process, with the settings that recover a killed one soonest (reliability section 6)."""

from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

from adapters.queue.doorbell import queue
from adapters.queue.jobs import Ring


def run_worker(connection: Redis) -> None:
    """Works until SIGTERM; the job under way is finished first. The supervisor restarts it always (R9)."""
    worker = Worker(
        [queue(connection)],
        connection=connection,
        job_class=Ring,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=15,
        job_monitoring_interval=5,
        log_job_description=False,
    )
    worker.work(logging_level="WARNING")
