"""PostgreSQL and Valkey of development: they start anywhere, keep their data and leave nothing running."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from adapters.dev import postgres, valkey
from adapters.dev.launcher import Services, embedded_services, remove_data, temporary_data_dir
from adapters.dev.processes import StartFailed
from adapters.dev.site import choose_site
from adapters.dev.state import LocalState
from tests.dev.helpers import eventually, is_alive, launch

LAUNCHER = """
import sys
from pathlib import Path
from adapters.dev import postgres, valkey
from adapters.dev.launcher import embedded_services
from adapters.dev.signals import stop_on_signals
with stop_on_signals(), embedded_services(Path(sys.argv[1])) as services:
    supervisor = services.supervisor
    print(supervisor.pid("postgres"), supervisor.pid("valkey"), services.owner_url, flush=True)
    supervisor.wait()
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as somebody else")


@pytest.fixture(scope="module")
def data_dir():
    """A data folder that has served before. Every test leaves it fit for the next."""
    with temporary_data_dir() as folder:
        with embedded_services(folder, durable=False):
            pass
        yield folder


@pytest.fixture
def fresh_dir():
    with temporary_data_dir() as folder:
        yield folder


def pids_of(services: Services) -> list[int]:
    return [services.supervisor.pid("postgres"), services.supervisor.pid("valkey")]


def one_value(url: str, statement: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchone()[0]


def run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def test_data_and_addresses_are_there_again_at_the_next_start(data_dir):
    with embedded_services(data_dir, durable=False) as services:
        first, pids = services.environment(), pids_of(services)
        run(services.owner_url, "CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(services.redis_url) as client:
            client.set("kept", "yes")
    assert not any(map(is_alive, pids))

    with embedded_services(data_dir, durable=False) as services:
        assert services.environment() == first
        assert one_value(services.owner_url, "SELECT answer FROM kept") == 42
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.get("kept") == b"yes"
        pids = pids_of(services)
    assert not any(map(is_alive, pids))


def test_what_the_servers_promise(data_dir):
    """DESIGN ground rules 4, 7 and 10: who may what, what survives a crash, who may come in."""
    with embedded_services(data_dir) as services:
        rights = "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname LIKE 'portal%'"
        weak = "NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)"
        assert one_value(services.database_url, f"{rights} AND {weak}") == "portal_app portal_owner"
        assert one_value(services.database_url, "SELECT current_user || session_user") == "portal_app" * 2
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(services.database_url, "CREATE TABLE mine (id int)")
        run(services.owner_url, "CREATE EXTENSION pg_trgm")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert one_value(services.owner_url, f"SHOW {setting}") == "on"
        assert one_value(services.owner_url, "SHOW listen_addresses") == "127.0.0.1"
        assert one_value(services.owner_url, "SHOW timezone") == "UTC"
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host="127.0.0.1", port=urlsplit(services.owner_url).port, user="postgres", password="x")
        with redis.Redis.from_url(services.redis_url) as client:
            assert client.config_get("append*") == {
                "appendonly": "yes",
                "appendfsync": "everysec",
                "appendfilename": "appendonly.aof",
                "appenddirname": "appendonlydir",
            }
        stranger = redis.Redis(port=urlsplit(services.redis_url).port)
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert (data_dir / "launcher.json").stat().st_mode & 0o777 == 0o600
        assert (data_dir / "valkey/valkey.conf").stat().st_mode & 0o777 == 0o600


def test_a_port_taken_since_the_last_time_is_replaced(data_dir):
    with embedded_services(data_dir, durable=False) as services:
        ports = [urlsplit(services.owner_url).port, urlsplit(services.redis_url).port]

    with closing(socket.socket()) as one, closing(socket.socket()) as other:
        for taker, port in zip((one, other), ports, strict=True):
            taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taker.bind(("127.0.0.1", port))
            taker.listen()
        with embedded_services(data_dir, durable=False) as services:
            now = [urlsplit(services.owner_url).port, urlsplit(services.redis_url).port]
            assert one_value(services.owner_url, "SELECT 1") == 1

    assert not set(ports) & set(now)


def test_a_second_launcher_on_the_same_data_is_refused(data_dir):
    with embedded_services(data_dir, durable=False):
        with pytest.raises(StartFailed, match=f"running already on .*, as process {os.getpid()}"):
            embedded_services(data_dir).__enter__()
        with pytest.raises(StartFailed, match="running already"):
            remove_data(data_dir)


def test_a_terminated_launcher_stops_its_servers(data_dir):
    with launch(LAUNCHER, data_dir) as launcher:
        pids = [int(word) for word in launcher.stdout.readline().split()[:2]]
        assert all(map(is_alive, pids))

        launcher.send_signal(signal.SIGTERM)

        launcher.wait(20)
        assert not any(map(is_alive, pids))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_a_killed_launcher_takes_its_servers_along_and_the_next_start_has_the_data(data_dir):
    with launch(LAUNCHER, data_dir) as launcher:
        *pids, owner_url = launcher.stdout.readline().split()
        run(owner_url, "CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")

        launcher.kill()
        launcher.wait(10)

    assert eventually(lambda: not any(is_alive(int(pid)) for pid in pids))
    with embedded_services(data_dir, durable=False) as services:
        assert one_value(services.owner_url, "SELECT answer FROM kept") == 42


@contextmanager
def orphans(data_dir: Path) -> Iterator[list[subprocess.Popen]]:
    """The two servers, started by nobody who holds the folder."""
    site = choose_site(data_dir, postgres.find_programs())
    account = {"user": site.account.uid, "group": site.account.gid, "extra_groups": []} if site.account else {}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    port = LocalState(data_dir).port("postgres")
    argv = [site.programs / "postgres", "-D", site.cluster, "-p", str(port), "-c", "unix_socket_directories="]
    pid_files = [site.cluster / "postmaster.pid", data_dir / "valkey/valkey.pid"]
    with (
        subprocess.Popen(argv, cwd="/", **account, **quiet) as server,
        subprocess.Popen([valkey.find_program(), data_dir / "valkey/valkey.conf"], **quiet) as queue,
    ):
        try:
            assert eventually(lambda: all(file.exists() and file.read_text() for file in pid_files))
            yield [server, queue]
        finally:
            server.kill()
            queue.kill()


def test_servers_that_outlived_their_launcher_are_ended_by_the_next(data_dir):
    with orphans(data_dir) as left_over, embedded_services(data_dir, durable=False) as services:
        assert one_value(services.owner_url, "SELECT 1") == 1
        assert all(process.wait(10) is not None for process in left_over)


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(data_dir):
    """After a crash of the machine the number may belong to any program; it is left alone."""
    (data_dir / "postgres/postmaster.pid").write_text(f"{os.getpid()}\n{data_dir}/postgres\n")
    (data_dir / "valkey/valkey.pid").write_text(f"{os.getpid()}\n")

    with embedded_services(data_dir, durable=False) as services:
        assert one_value(services.owner_url, "SELECT 1") == 1


@as_root
def test_below_a_folder_others_may_not_enter_the_data_goes_elsewhere_and_stays(capfd):
    with temporary_data_dir() as private:
        private.chmod(0o700)
        data_dir = private / "checkout" / "var"
        with embedded_services(data_dir, durable=False) as services:
            run(services.owner_url, "CREATE TABLE IF NOT EXISTS kept AS SELECT 42 AS answer")
            cluster = Path(str(one_value(services.superuser_url, "SHOW data_directory")))
        assert f"the database lies in {cluster.parent}" in capfd.readouterr().err
        assert not cluster.is_relative_to(private)
        assert cluster.stat().st_mode & 0o777 == 0o700
        assert (cluster.parent / "belongs-to").read_text() == f"{data_dir}\n"

        with embedded_services(data_dir, durable=False) as services:
            assert one_value(services.owner_url, "SELECT answer FROM kept") == 42
        subprocess.run(["rm", "-r", data_dir], check=True)  # by hand, to start over
        with embedded_services(data_dir, durable=False) as services:
            assert one_value(services.owner_url, "SELECT to_regclass('kept') IS NULL") is True

        assert private.stat().st_mode & 0o777 == 0o700
        remove_data(data_dir)
        assert not data_dir.exists()
        assert not cluster.parent.exists()


@as_root
def test_programs_the_database_user_may_not_reach_are_copied_with_their_libraries(fresh_dir, monkeypatch):
    """The wheel in a checkout below a private folder, the data somewhere open."""
    monkeypatch.delenv("PG_BIN", raising=False)
    package = postgres.find_programs().parents[1]
    with temporary_data_dir() as private:
        private.chmod(0o700)
        for name in (package.name, f"{package.name}.libs"):
            (private / name).symlink_to(package.with_name(name))
        hidden = private / package.name / "pginstall/bin"
        monkeypatch.setattr(postgres, "find_programs", lambda: hidden)
        with embedded_services(fresh_dir, durable=False) as services:
            assert one_value(services.owner_url, "SELECT 1") == 1
            program = Path(f"/proc/{services.supervisor.pid('postgres')}/exe").resolve()

    assert program.is_relative_to(fresh_dir / "server")


def test_a_failed_start_says_what_to_do_and_leaves_no_data(fresh_dir, monkeypatch):
    monkeypatch.setenv("PG_BIN", str(fresh_dir))
    with pytest.raises(StartFailed, match=r"there is no initdb in it\. Correct it or unset it"):
        embedded_services(fresh_dir).__enter__()
    fake = fresh_dir / "bin"
    fake.mkdir()
    for name, text in {"postgres": "echo 'postgres (PostgreSQL) 16.1'", "initdb": "echo no room >&2; exit 1"}.items():
        (fake / name).write_text(f"#!/bin/sh\n{text}\n")
        (fake / name).chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(fake))

    with pytest.raises(StartFailed, match=r"initdb failed with exit code 1:\nno room"):
        embedded_services(fresh_dir).__enter__()

    assert not list(fresh_dir.glob("postgres*"))


def test_a_start_that_fails_midway_stops_what_runs(data_dir, monkeypatch):
    monkeypatch.setattr(valkey, "find_program", lambda: Path("/no/such/valkey-server"))

    with pytest.raises(StartFailed, match=r"/no/such/valkey-server: No such file"):
        embedded_services(data_dir, durable=False).__enter__()

    assert not (data_dir / "postgres/postmaster.pid").exists()


def test_data_of_another_release_is_refused_in_words(data_dir):
    note = data_dir / "postgres/PG_VERSION"
    release = note.read_text()
    note.write_text("14\n")

    with pytest.raises(StartFailed, match=r"made by PostgreSQL 14, but .* has \d+\..*make reset"):
        embedded_services(data_dir).__enter__()

    note.write_text(release)
