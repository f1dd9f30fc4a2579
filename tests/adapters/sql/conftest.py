"""A database with two stores that know companies 11 and 12, emptied after each test."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest

from adapters.sql.work import SqlDatabase
from domain.store import Connection, Store
from tests.builders import given_companies
from tests.contracts.conftest import sql_database, vault
from tests.servers import Database

__all__ = ["sql_database", "vault"]


@dataclass(frozen=True)
class Sql:
    """`as_application`, `as_owner` and `as_superuser` open plain connections to the same database."""

    database: SqlDatabase
    store: Store
    other: Store
    as_application: Callable[[], psycopg.Connection]
    as_owner: Callable[[], psycopg.Connection]
    as_superuser: Callable[[], psycopg.Connection]

    def violations(self) -> list[str]:
        return [f"{one.store} {one.id}: {one.sentence}" for one in self.database.auditor.violations()]


@pytest.fixture
def sql(sql_database: SqlDatabase, clean_database: Database) -> Sql:
    stores = [sql_database.stores.put(store_hash, Connection.CONNECTED) for store_hash in ("sbxnorth", "sbxsouth")]
    for store in stores:
        with sql_database.open_work(store.id) as work:
            given_companies(work)
            work.commit()
    return Sql(
        sql_database,
        *stores,
        lambda: psycopg.connect(clean_database.application_url),
        lambda: psycopg.connect(clean_database.owner_url),
        lambda: psycopg.connect(clean_database.superuser_url),
    )
