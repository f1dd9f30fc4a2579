"""A store in trade on memory for what goes wrong between two calls, whose books are checked after every test."""

from collections.abc import Iterator

import pytest

from tests.use_cases.books import check_books
from tests.use_cases.trade import Trade


@pytest.fixture
def trade() -> Iterator[Trade]:
    trade = Trade()
    yield trade
    for store in trade.database.stores.connected():
        check_books(trade.portal, store.id)
