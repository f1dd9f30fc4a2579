"""Two stores in trade: on memory, for what goes wrong between two calls; on the database, for what happens at once.

The books of both are checked after every test.
"""

from collections.abc import Iterator

import pytest

from adapters.sql.work import SqlDatabase
from tests.contracts.conftest import sql_database, vault
from tests.faults.real import Real, opened
from tests.servers import Database
from tests.use_cases.books import check_books
from tests.use_cases.trade import Trade

__all__ = ["sql_database", "vault"]


@pytest.fixture
def trade() -> Iterator[Trade]:
    trade = Trade()
    yield trade
    for store in trade.database.stores.connected():
        check_books(trade.portal, store.id)


@pytest.fixture
def real(sql_database: SqlDatabase, clean_database: Database) -> Iterator[Real]:
    real = opened(sql_database)
    yield real
    assert real.violations() == []
