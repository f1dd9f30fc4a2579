"""A database that is away is told as such: 503 and a time to come back, never a 500 or a false promise (F-24)."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from adapters.http.errors import answer
from adapters.sql.work import SqlDatabase
from domain.errors import OutOfService
from domain.store import Connection
from tests.servers import Database


@pytest.fixture
def store_id(sql_database: SqlDatabase, clean_database: Database) -> int:
    return sql_database.stores.put("sbxnorth", Connection.CONNECTED).id


@contextmanager
def changed(database: Database, change: str, back: str) -> Iterator[None]:
    """A statement for the superuser, connections of the application cut, and all undone afterwards."""
    name = database.name

    def run(statement: str) -> None:
        with psycopg.connect(database.named("postgres").superuser_url, autocommit=True) as connection:
            connection.execute(statement.format(name=name))
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))

    run(change)
    try:
        yield
    finally:
        run(back)


NOT_LET_IN = ("ALTER DATABASE {name} ALLOW_CONNECTIONS false", "ALTER DATABASE {name} ALLOW_CONNECTIONS true")
READ_ONLY = (
    "ALTER DATABASE {name} SET default_transaction_read_only TO on",
    "ALTER DATABASE {name} RESET default_transaction_read_only",
)


@pytest.mark.parametrize("state", [NOT_LET_IN, READ_ONLY], ids=["no connection", "read-only"])
def test_what_writes_is_refused_with_a_code(
    sql_database: SqlDatabase, clean_database: Database, store_id: int, state: tuple[str, str]
) -> None:
    def write() -> None:
        with sql_database.open_work(store_id) as work:
            work.notes.put_fact("seen", {"it": "never"})
            work.commit()

    with changed(clean_database, *state), pytest.raises(OutOfService):
        write()

    with sql_database.open_work(store_id) as work:
        assert work.notes.fact("seen") is None


def test_doors_that_come_before_a_store_is_known_say_the_same(
    sql_database: SqlDatabase, clean_database: Database
) -> None:
    """Sessions, keys and hook routes."""
    with changed(clean_database, *NOT_LET_IN):
        for ask in (sql_database.sessions.find, sql_database.api_keys.find, sql_database.stores.find_by_route):
            with pytest.raises(OutOfService):
                ask("anything")


def test_a_connection_that_breaks_in_between_is_told(
    sql_database: SqlDatabase, clean_database: Database, store_id: int
) -> None:
    """F-13: nobody can say whether a commit under way came through."""
    with sql_database.open_work(store_id) as work:
        with psycopg.connect(clean_database.superuser_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            )
        with pytest.raises(OutOfService):
            work.commit()


def test_connections_that_died_unused_are_replaced_unnoticed(
    sql_database: SqlDatabase, clean_database: Database, store_id: int
) -> None:
    """F-13: the database was started anew."""
    with changed(clean_database, *READ_ONLY):
        pass

    with sql_database.open_work(store_id) as work:
        work.notes.put_fact("seen", {"it": "again"})
        work.commit()
    assert sql_database.sessions.find("nobody's") is None


def test_callers_are_told_when_to_come_back() -> None:
    with Flask("portal").test_request_context("/api/v1/invoices"):
        told = answer(OutOfService())

    assert (told.status_code, told.headers["Retry-After"]) == (503, "60")
    assert told.get_json()["code"] == "out_of_service"


def test_errors_carry_no_values_of_people(sql_database: SqlDatabase) -> None:
    """T-37: dead letters and logs keep the text of what failed."""
    with sql_database._engine.connect() as connection, pytest.raises(Exception, match="division by zero") as failed:
        connection.execute(text("SELECT 1 / 0, length(:name)"), {"name": "Bea Buyer"})

    assert "Bea Buyer" not in str(failed.value)
