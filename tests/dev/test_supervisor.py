"""Processes are started, watched, restarted and stopped as a whole."""

import os
import signal
import socket
import sys

import pytest

from adapters.dev.child import Command
from adapters.dev.processes import StartFailed, Supervisor, answers
from tests.dev.helpers import SLEEPER, eventually, is_alive, launch


def test_leaving_the_block_ends_every_child():
    with Supervisor() as supervisor:
        supervisor.start(Command("one", SLEEPER))
        supervisor.start(Command("two", SLEEPER))
        pids = [supervisor.pid("one"), supervisor.pid("two")]
        assert all(map(is_alive, pids))

    assert not any(map(is_alive, pids))


def test_the_last_started_is_stopped_first(tmp_path):
    tell = "import pathlib, signal, sys; signal.sigwait([signal.SIGTERM]); open(sys.argv[1], 'a').write(sys.argv[2])"
    block = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); print('up', flush=True);"
    order = tmp_path / "order"
    with Supervisor(tmp_path) as supervisor:
        for name in ("a", "b", "c"):
            log = tmp_path / f"{name}.log"
            argv = [sys.executable, "-c", block + tell, str(order), name]
            supervisor.start(Command(name, argv, ready=lambda log=log: "up" in log.read_text()))

    assert order.read_text() == "cba"


def test_a_killed_child_marked_so_is_started_again(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(Command("worker", SLEEPER, restart=True))
        first = supervisor.pid("worker")

        os.kill(first, signal.SIGKILL)

        assert eventually(lambda: supervisor.pid("worker") != first)
        second = supervisor.pid("worker")
        assert is_alive(second)
    assert not is_alive(second)


def test_a_child_that_leaves_with_success_is_started_again_too(tmp_path):
    """RQ's worker ends with exit code 0 when Redis goes away under a job (reliability R9)."""
    runs = tmp_path / "runs"
    argv = [sys.executable, "-c", "import sys; open(sys.argv[1], 'a').write('x')", str(runs)]
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(Command("worker", argv, restart=True))

        assert eventually(lambda: runs.exists() and len(runs.read_text()) >= 2)


def test_the_end_of_a_child_that_is_not_restarted_is_told(tmp_path):
    argv = [sys.executable, "-c", "print('out of paper'); raise SystemExit(3)"]
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(Command("printer", argv))

        told = supervisor.wait(timeout=10)

    assert told == "printer ended by itself (exit code 3). It said last:\nout of paper"


def test_waiting_ends_in_time_while_all_is_well():
    with Supervisor() as supervisor:
        supervisor.start(Command("one", SLEEPER))

        assert supervisor.wait(timeout=0.2) is None


def test_a_start_that_fails_says_why_and_leaves_nothing(tmp_path):
    argv = [sys.executable, "-c", "raise SystemExit('the disk is full')"]
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(Command("one", SLEEPER))
        pid = supervisor.pid("one")
        with pytest.raises(StartFailed, match=r"web could not be started: it ended at once(.|\n)*the disk is full"):
            supervisor.start(Command("web", argv, ready=lambda: False))
        assert supervisor.wait(timeout=0.2) is None

    assert not is_alive(pid)


def test_a_start_that_takes_too_long_fails_and_ends_the_child(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        pids = []

        def never() -> bool:
            pids.append(supervisor.pid("web"))
            return False

        with pytest.raises(StartFailed, match=r"did not answer within 0\.3 seconds"):
            supervisor.start(Command("web", SLEEPER, ready=never, ready_within=0.3))

        assert pids
        assert not is_alive(pids[0])


def test_a_program_that_is_not_there_fails_in_words(tmp_path):
    with Supervisor(tmp_path) as supervisor, pytest.raises(StartFailed, match="no-such-program: No such file"):
        supervisor.start(Command("web", ["no-such-program"], ready=lambda: False))


def test_a_child_that_ignores_the_signal_is_killed_with_its_own_children(tmp_path):
    """RQ's work-horse stands in a process group of its own; the session holds them together."""
    script = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)
open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')
time.sleep(600)
"""
    pids_file = tmp_path / "pids"
    argv = [sys.executable, "-c", script, str(pids_file)]
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(Command("stubborn", argv, stop_within=0.2))
        assert eventually(lambda: pids_file.exists() and pids_file.read_text().count("\n") == 2)
        pids = [int(line) for line in pids_file.read_text().split()]

    assert eventually(lambda: not any(map(is_alive, pids)))


def test_readiness_is_an_address_that_answers_below_500(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    argv = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(tmp_path), str(port)]
    assert not answers(url)

    with Supervisor(tmp_path / "log") as supervisor:
        supervisor.start(Command("web", argv, ready=url))

        assert answers(url)


def test_output_goes_to_stderr_with_the_name_in_front(capfd):
    with Supervisor() as supervisor:
        supervisor.start(Command("bell", [sys.executable, "-c", "print('ding')"]))
        supervisor.wait(timeout=10)

        assert eventually(lambda: "bell | ding\n" in capfd.readouterr().err)


def test_a_child_gets_no_environment_but_its_own_when_asked(tmp_path, monkeypatch):
    monkeypatch.setenv("FROM_OUTSIDE", "yes")
    argv = [sys.executable, "-c", "import os; print(os.environ.get('FROM_OUTSIDE'), os.environ['OWN'])"]
    with Supervisor(tmp_path) as supervisor:
        supervisor.start(Command("open", argv, env={"OWN": "1"}))
        supervisor.start(Command("clean", argv, env={"OWN": "2"}, clean_env=True))

        assert eventually(lambda: (tmp_path / "open.log").read_text() == "yes 1\n")
        assert eventually(lambda: (tmp_path / "clean.log").read_text() == "None 2\n")


def test_stopping_one_leaves_the_others():
    with Supervisor() as supervisor:
        supervisor.start(Command("one", SLEEPER))
        supervisor.start(Command("two", SLEEPER))
        one, two = supervisor.pid("one"), supervisor.pid("two")

        supervisor.stop("one")

        assert not is_alive(one)
        assert is_alive(two)


LAUNCHER = """
import sys, time
from adapters.dev.child import Command
from adapters.dev.processes import Supervisor
from adapters.dev.signals import StopRequested, stop_on_signals
with stop_on_signals(), Supervisor() as supervisor:
    supervisor.start(Command("one", [sys.executable, "-c", "import time; time.sleep(600)"], restart=True))
    print(supervisor.pid("one"), flush=True)
    supervisor.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_launcher_ends_its_children(number):
    with launch(LAUNCHER) as launcher:
        pid = int(launcher.stdout.readline())

        launcher.send_signal(number)

        assert launcher.wait(10) != 0
        assert not is_alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_launcher_that_is_killed_takes_its_children_along():
    with launch(LAUNCHER) as launcher:
        pid = int(launcher.stdout.readline())

        launcher.kill()
        launcher.wait(10)

        assert eventually(lambda: not is_alive(pid), within=5)
