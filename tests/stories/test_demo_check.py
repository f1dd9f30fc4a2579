"""The two commands of a newcomer, as processes: what they print, what they leave behind."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from adapters.dev.launcher import temporary_data_dir
from admin_app.demo.visitors import Person, until
from admin_app.local import Local

pytestmark = pytest.mark.slow

DEMO = [str(Path(sys.executable).with_name("invoice-portal")), "demo"]


def left_running(folder: Path) -> list[str]:
    """Command lines of processes that belong to that folder: by an argument, or by the mark in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in told and int(process.name) != os.getpid():
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


@pytest.mark.timeout(400)
def test_demo_check_prints_one_line_of_json_and_leaves_nothing_behind() -> None:
    with temporary_data_dir() as folder:
        environment = {**os.environ, "TMPDIR": str(folder)}

        done = subprocess.run([*DEMO, "--check"], env=environment, capture_output=True, text=True, check=False)

        assert done.stdout.count("\n") == 1, done.stdout
        told = json.loads(done.stdout)
        assert [step for step in told["steps"] if not step["ok"]] == []
        assert (done.returncode, told["ok"]) == (0, True)
        assert len(told["steps"]) >= 20
        assert len({step["name"] for step in told["steps"]}) == len(told["steps"])
        assert all(set(step) == {"name", "ok", "seconds", "saw"} and step["saw"] for step in told["steps"])
        assert left_running(folder) == []
        assert list(folder.iterdir()) == []


@contextmanager
def a_running_demo(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Local]]:
    """`invoice-portal demo` in a process group of its own, as a shell starts it, and where it answers."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*DEMO, "--data", str(folder / "data")],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as demo:
        try:
            yield demo, where_it_answers(demo)
        finally:
            demo.kill()


def where_it_answers(demo: subprocess.Popen[str]) -> Local:
    """The page with all doors as it is printed, and the portal behind the link there."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if "All doors" in line:
            doors = line.split()[-1].rstrip("/")
            app = re.search(r'href="(http://localhost:\d+)[^"]*">The app', requests.get(doors).text)
            assert app
            return Local(app.group(1), doors, {}, {}, services=None)  # type: ignore[arg-type]
    raise AssertionError(f"no addresses, exit code {demo.wait()}")


def is_installed(local: Local) -> bool:
    """Whether the control panel signs its user in instead of installing the app."""
    return "/load?" in requests.get(local.control_panel("sbxnorth", 1)).text


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="looks for left-over processes in /proc")
def test_ctrl_c_and_sigterm_leave_no_process_and_the_next_start_goes_on() -> None:
    with temporary_data_dir() as folder:
        with a_running_demo(folder) as (demo, local):
            until(lambda: is_installed(local), "the shops to be opened", 120)
            os.killpg(demo.pid, signal.SIGINT)
            assert demo.wait(60) == 0
        assert left_running(folder) == []

        with a_running_demo(folder) as (demo, again):
            assert again.sandbox_url == local.sandbox_url
            assert is_installed(again)
            assert "Skip to content" in Person(again, "sbxnorth", 1).open_app().text
            demo.send_signal(signal.SIGTERM)
            assert demo.wait(60) == 0
        assert left_running(folder) == []
