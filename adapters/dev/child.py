"""One child process: in a session of its own, ended with everything it started."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

_EXEC_CHILD = Path(__file__).with_name("exec_child.py")
_TAIL_LINES = 15


class Account(NamedTuple):
    """The user and group a child runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Command:
    """A process to start. Times are seconds.

    `env` is added to the launcher's own, unless `clean_env` says it is all there is. `ready` is an HTTP
    address that must answer below 500, or a function that must return true. `restart` starts the process
    again whenever it ends, whatever its exit code (RQ workers leave with 0 when Redis blinks).
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    clean_env: bool = False
    cwd: Path | None = None
    ready: str | Callable[[], bool] | None = None
    ready_within: float = 30.0
    restart: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    run_as: Account | None = None


class Child:
    """A running Command. Start it from a thread that outlives it: Linux ends it together with that thread."""

    def __init__(self, command: Command, log: Path | None) -> None:
        self.command = command
        self.started_at = time.monotonic()
        self._log = log
        self._log_begins_at = log.stat().st_size if log is not None and log.exists() else 0
        self._tail: list[str] = []
        environment = dict(command.env) if command.clean_env else {**os.environ, **command.env}
        with self._output() as output:
            self._process = subprocess.Popen(
                self._argv(),
                env=environment,
                cwd=command.cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid
        if self._process.stdout is not None:
            threading.Thread(target=self._echo, args=(self._process.stdout,), daemon=True).start()

    def _argv(self) -> list[str]:
        account = self.command.run_as or Account(-1, -1)
        guard = [sys.executable, "-I", "-S", str(_EXEC_CHILD), str(os.getpid())]
        guard += [str(int(self.command.stop_signal)), str(account.uid), str(account.gid)]
        return guard + list(self.command.argv)

    def _output(self) -> contextlib.AbstractContextManager[IO[bytes] | int]:
        if self._log is None:
            return contextlib.nullcontext(subprocess.PIPE)
        return self._log.open("ab")

    def _echo(self, output: IO[bytes]) -> None:
        with output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip()
                self._tail = [*self._tail[1 - _TAIL_LINES :], line]
                sys.stderr.write(f"{self.command.name} | {line}\n")

    def exit_code(self) -> int | None:
        """None while it runs; negative is the signal that ended it."""
        return self._process.poll()

    def last_words(self) -> str:
        """The last lines it wrote, for a message about its failure."""
        if self._log is None:
            return "\n".join(self._tail)
        text = self._log.read_bytes()[self._log_begins_at :].decode(errors="replace")
        return "\n".join(text.splitlines()[-_TAIL_LINES:])

    def stop(self) -> None:
        """Ask it to end, insist when the time is up, and sweep away what it left behind."""
        if self.exit_code() is None:
            self._process.send_signal(self.command.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(self.command.stop_within)
        self.kill()

    def kill(self) -> None:
        """End it and everything it started, at once."""
        if self.exit_code() is None:
            self._process.kill()
        kill_session(self.pid)
        self._process.wait()


def kill_session(leader: int) -> None:
    """SIGKILL every process of the session, process groups of their own included (RQ's work-horses)."""
    for pid in _session_members(leader):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _session_members(leader: int) -> list[int]:
    members = []
    for folder in Path("/proc").glob("[0-9]*"):  # empty where there is no /proc
        with contextlib.suppress(OSError):
            # "pid (name) state ppid pgrp session ...", and the name may hold blanks and brackets.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == leader:
                members.append(int(folder.name))
    return members
