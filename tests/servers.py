"""PostgreSQL and Valkey for one test run: started when a test first asks, shared by all xdist workers.

They belong to the process that outlives every worker: pytest itself, or xdist's controller. There one thread
answers requests on a loopback port; workers are told the address and ask for the servers through it.
"""

import secrets
import threading
import traceback
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Client, Connection, Listener
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from adapters.dev.launcher import embedded_services, temporary_data_dir
from admin_app.migrate import migrate


@dataclass(frozen=True)
class Database:
    """Addresses of one database: for the application's role, the schema's owner and the superuser."""

    application_url: str
    owner_url: str
    superuser_url: str

    @property
    def name(self) -> str:
        return urlsplit(self.superuser_url).path.removeprefix("/")

    def named(self, name: str) -> "Database":
        """The same three roles on another database of this server."""
        return Database(
            *(
                urlsplit(url)._replace(path=f"/{name}").geturl()
                for url in (self.application_url, self.owner_url, self.superuser_url)
            )
        )


@dataclass(frozen=True)
class Servers:
    """`template` is migrated and has no rows but those of the migrations; `redis_url` names database 0."""

    template: Database
    redis_url: str


class Keeper:
    """Starts the servers at the first request and stops them at the end of the run."""

    def __init__(self) -> None:
        self._authkey = secrets.token_bytes(32)
        self._listener: Listener | None = None
        self._thread = threading.Thread(target=self._serve, name="test servers")

    def address(self) -> tuple[str, int, bytes]:
        """Where to ask for the servers: host, port and key."""
        if self._listener is None:
            self._listener = Listener(("127.0.0.1", 0), authkey=self._authkey)
            self._thread.start()
        host, port = self._listener.address
        return host, port, self._authkey

    def close(self) -> None:
        """Stop what runs. Servers that never were asked for never ran."""
        if self._listener is not None:
            with _connected(self.address()) as connection:
                connection.send("stop")
            self._thread.join()
            self._listener.close()

    def _serve(self) -> None:
        # One thread for start and stop: Linux ends a child together with the thread that started it.
        answer: Servers | str | None = None
        with ExitStack() as running:
            while True:
                with self._listener.accept() as connection:
                    if connection.recv() == "stop":
                        return
                    if answer is None:
                        try:
                            answer = _start(running)
                        except Exception:
                            answer = traceback.format_exc()
                    connection.send(answer)


def ask_for_servers(address: tuple[str, int, bytes]) -> Servers | str:
    """The running servers, or the report of a failed start."""
    with _connected(address) as connection:
        connection.send("servers")
        return connection.recv()


def _connected(address: tuple[str, int, bytes]) -> Connection:
    host, port, authkey = address
    return Client((host, port), authkey=authkey)


def _start(running: ExitStack) -> Servers:
    data_dir = running.enter_context(temporary_data_dir())
    services = running.enter_context(embedded_services(data_dir, durable=False))
    migrate(services.owner_url)
    template = Database(services.database_url, services.owner_url, services.superuser_url)
    return Servers(template, services.redis_url)


def create_database(beside: Database, name: str, template: str = "template1") -> Database:
    """A database of the owner's on the same server: empty, or a copy of one that nobody is connected to."""
    statement = sql.SQL("CREATE DATABASE {} OWNER portal_owner TEMPLATE {} STRATEGY wal_log")
    with psycopg.connect(_server_url(beside), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return beside.named(name)


def drop_database(database: Database) -> None:
    """Delete the database, whoever is still connected."""
    with psycopg.connect(_server_url(database), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database.name)))


def _server_url(database: Database) -> str:
    return database.named("postgres").superuser_url


class Cleaner:
    """Empties a database between tests, but for the rows its migrations brought.

    Deletes as the superuser with triggers off: row-level security hides nothing from it, append-only tables
    yield, and a few rows go faster than TRUNCATE makes new files.
    """

    _TABLES = """
        SELECT oid::regclass::text FROM pg_class
        WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace
    """
    _RESTART = """
        SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE last_value IS NOT NULL
    """

    def __init__(self, database: Database) -> None:
        self._url = database.superuser_url
        with psycopg.connect(self._url) as connection:
            self._kept = set(self._filled(connection))

    def clean(self) -> None:
        with psycopg.connect(self._url) as connection:
            connection.execute("SET LOCAL session_replication_role = replica")
            for table in self._filled(connection):
                if table not in self._kept:
                    connection.execute(f"DELETE FROM {table}")
            connection.execute(self._RESTART)

    def _filled(self, connection: psycopg.Connection) -> list[str]:
        tables = [row[0] for row in connection.execute(self._TABLES)]
        looks = [f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables]
        return [row[0] for row in connection.execute(" UNION ALL ".join(looks))] if looks else []
