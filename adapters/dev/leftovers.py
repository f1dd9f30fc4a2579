"""Servers that outlived a launcher that was killed: found by their pid file, known by their command line."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

_PATIENCE_SECONDS = 20.0


def end_leftover(pid_file: Path, mark: str, stop_signal: signal.Signals) -> None:
    """End the server the file names if its command line carries the mark; remove a file that names another.

    Call it only while holding the data folder: then a server that runs on it is nobody's any more.
    """
    with suppress(OSError, ValueError, IndexError):
        pid = int(pid_file.read_text().splitlines()[0])
        if mark in _command_line(pid):
            _end(pid, mark, stop_signal)
    pid_file.unlink(missing_ok=True)


def _end(pid: int, mark: str, stop_signal: signal.Signals) -> None:
    for number in (stop_signal, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if mark not in _command_line(pid):
                return
            time.sleep(0.05)


def _command_line(pid: int) -> str:
    """The command line of a process, empty when there is none (or only its remains)."""
    if Path("/proc/self/cmdline").exists():
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False).stdout
