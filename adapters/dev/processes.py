"""The supervisor: starts named processes, waits until they answer, restarts some, stops all in reverse."""

import http.client
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.dev.child import Child, Command
from adapters.dev.signals import signals_held

_LOOK_EVERY = 0.05
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_STEADY_AFTER = 30.0
_LOG_LIMIT_BYTES = 10_000_000


class StartFailed(Exception):
    """A process could not be started; `str()` says what happened and what to do."""


@dataclass
class _Watched:
    child: Child
    failures: int = 0
    restart_at: float | None = None


class Supervisor:
    """Runs the processes of one launcher; leave the `with` block and all of them are gone.

    Output goes to `log_dir/NAME.log`, or without a folder to stderr with the name in front. Call `start`
    from a thread that lives on until `stop` (see Child).
    """

    def __init__(self, log_dir: Path | None = None) -> None:
        self._log_dir = log_dir
        self._watched: dict[str, _Watched] = {}
        self._guard = threading.Lock()
        self._stopping = False
        self._all_stopped = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, command: Command) -> None:
        """Start the process and wait until it is ready; StartFailed when it does not get there."""
        with signals_held(), self._guard:
            child = self._spawn(command)
            self._watched[command.name] = _Watched(child)
            if not self._watcher.is_alive():
                self._watcher.start()
        self._wait_until_ready(child)

    def pid(self, name: str) -> int:
        """The process id of the named child; a restart changes it."""
        return self._watched[name].child.pid

    def wait(self, timeout: float | None = None) -> str | None:
        """Block until a process that is not restarted has ended; then a sentence about it."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while deadline is None or time.monotonic() < deadline:
            with self._guard:
                children = [each.child for each in self._watched.values()]
            for child in children:
                if child.exit_code() is not None and not child.command.restart:
                    return f"{child.command.name} ended by itself ({_exit_words(child)}).{_told_by(child)}"
            time.sleep(_LOOK_EVERY)
        return None

    def stop(self, name: str | None = None) -> None:
        """Stop the named process, or all of them, the last started first."""
        with signals_held():
            if name is not None:
                with self._guard:
                    watched = self._watched.pop(name)
                watched.child.stop()
                return
            self._stopping = True
            with self._guard:
                children = [each.child for each in self._watched.values()]
                self._watched.clear()
            for child in reversed(children):
                child.stop()
            # Only now: the watcher is the parent of what it restarted, which would end with it.
            self._all_stopped.set()

    def _spawn(self, command: Command) -> Child:
        log = None
        if self._log_dir is not None:
            self._log_dir.mkdir(parents=True, exist_ok=True)
            log = self._log_dir / f"{command.name}.log"
            if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
                log.replace(log.with_suffix(".old.log"))
        return Child(command, log)

    def _wait_until_ready(self, child: Child) -> None:
        command = child.command
        if command.ready is None:
            return
        deadline = time.monotonic() + command.ready_within
        while not _is_ready(command.ready):
            why = None
            if child.exit_code() is not None:
                why = f"it ended at once ({_exit_words(child)})"
            elif time.monotonic() > deadline:
                why = f"it did not answer within {command.ready_within:g} seconds"
            if why is not None:
                told = _told_by(child)
                self.stop(command.name)
                raise StartFailed(f"{command.name} could not be started: {why}.{told}")
            time.sleep(_LOOK_EVERY)

    def _watch(self) -> None:
        while not self._all_stopped.wait(_LOOK_EVERY):
            with self._guard:
                if not self._stopping:
                    for watched in self._watched.values():
                        self._look_at(watched)

    def _look_at(self, watched: _Watched) -> None:
        """Restart what ended and shall live, after a pause that doubles while it keeps on failing."""
        child, now = watched.child, time.monotonic()
        if child.exit_code() is None or not child.command.restart:
            return
        if watched.restart_at is None:
            steady = now - child.started_at > _STEADY_AFTER
            watched.failures = 0 if steady else watched.failures + 1
            pause = min(_FIRST_PAUSE * 2**watched.failures, _LONGEST_PAUSE)
            watched.restart_at = now + pause
            child.kill()
            name, words = child.command.name, _exit_words(child)
            sys.stderr.write(f"{name} ended ({words}); it is started again in {pause:.1f} s\n")
        elif now >= watched.restart_at:
            watched.restart_at = None
            watched.child = self._spawn(child.command)


def _is_ready(ready: str | Callable[[], bool]) -> bool:
    return answers(ready) if isinstance(ready, str) else ready()


def answers(url: str) -> bool:
    """Whether the HTTP address answers below 500. Asked directly: a proxy of the environment is no way home."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _exit_words(child: Child) -> str:
    code = child.exit_code()
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _told_by(child: Child) -> str:
    words = child.last_words()
    return f" It said last:\n{words}" if words else ""
