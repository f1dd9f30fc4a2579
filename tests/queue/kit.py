"""Workers as processes of their own, seen and killed from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]


def eventually(is_so: Callable[[], object], within: float = 20.0) -> bool:
    """Whether it becomes so in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return False


def leave_a_trace(*arguments: object) -> None:
    """What somebody who can write to Redis would like a worker to call."""
    Path(os.environ["TRACE"]).touch()


class Process:
    """A program in a session of its own, ended with its children at the latest by `running`."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def children(self) -> list[int]:
        """RQ's forked work horse is in a process group of its own, so that killing ours leaves it alive (R1)."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                _, parent = status.read_text().rpartition(")")[2].split()[:2]
                if int(parent) == self._process.pid:
                    found.append(int(status.parent.name))
        return found

    def kill(self, *, with_children: bool = True) -> None:
        """kill -9, of the children first, which would otherwise lose their parent's name."""
        for pid in self.children() if with_children else []:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self._process.terminate()
        return self._process.wait(20)


@contextmanager
def running(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Process]:
    process = Process(arguments, environment, log)
    try:
        yield process
    finally:
        process.kill()
