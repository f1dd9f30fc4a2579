"""What the tests of the launcher share: programs to run, and looking at processes from outside."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


def eventually(is_so: Callable[[], bool], within: float = 15.0) -> bool:
    """Whether it becomes so in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.02)
    return False


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not collected yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return not Path("/proc/self/stat").exists()


def launch(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a script as a launcher of its own; it prints a line when it is up."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
