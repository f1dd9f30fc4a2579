"""The storage under test: `memory` and `sql` behind one face, with two stores and a clock that can be moved."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from cryptography.fernet import Fernet

from adapters.sql.vault import Vault
from adapters.sql.work import SqlDatabase
from domain.ports import Work
from domain.store import Connection, Store
from tests.builders import given_companies
from tests.memory import MemoryDatabase
from tests.servers import Database


@dataclass(frozen=True)
class Storage:
    """`store` and `other` both know companies 11 and 12, and number their documents alike."""

    database: MemoryDatabase | SqlDatabase
    store: Store
    other: Store
    pass_time: Callable[[timedelta], None]

    def work(self, store: Store | None = None) -> AbstractContextManager[Work]:
        return self.database.open_work((store or self.store).id)


class MovableClock:
    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, by: timedelta) -> None:
        self._ahead += by


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault({"test": Fernet.generate_key().decode()})


@pytest.fixture(scope="session")
def sql_database(database_url: str, vault: Vault) -> Iterator[SqlDatabase]:
    sql = SqlDatabase(database_url, vault)
    yield sql
    sql.close()


@pytest.fixture(params=["memory", "sql"])
def storage(request: pytest.FixtureRequest) -> Storage:
    if request.param == "memory":
        clock = MovableClock()
        return _with_stores(MemoryDatabase(clock), clock.forward)
    database: Database = request.getfixturevalue("clean_database")

    def pass_time(by: timedelta) -> None:
        """The database's clock cannot be moved, so everything that happened is moved into the past."""
        with psycopg.connect(database.superuser_url) as connection:
            for statement in _TIMES:
                connection.execute(statement, {"by": by})

    return _with_stores(request.getfixturevalue("sql_database"), pass_time)


_TIMES = (
    "UPDATE session SET created_at = created_at - %(by)s, seen_at = seen_at - %(by)s",
    "UPDATE used_token SET until = until - %(by)s",
    "UPDATE attempt SET started_at = started_at - %(by)s",
    "UPDATE once SET created_at = created_at - %(by)s",
    "UPDATE inbox SET next_at = next_at - %(by)s",
    "UPDATE outbox SET next_at = next_at - %(by)s",
    "UPDATE due_work SET due_at = due_at - %(by)s",
)


def _with_stores(database: MemoryDatabase | SqlDatabase, pass_time: Callable[[timedelta], None]) -> Storage:
    stores = [database.stores.put(store_hash, Connection.CONNECTED) for store_hash in ("sbxnorth", "sbxsouth")]
    for store in stores:
        with database.open_work(store.id) as work:
            given_companies(work)
            work.commit()
    return Storage(database, *stores, pass_time)
