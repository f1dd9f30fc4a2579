"""A store in trade, whose books are checked after every test."""

from collections.abc import Iterator
from datetime import date

import pytest

from domain.invoice import Invoice
from domain.order import Order
from tests.use_cases.books import check_books
from tests.use_cases.trade import Trade


@pytest.fixture
def trade() -> Iterator[Trade]:
    trade = Trade()
    yield trade
    assert trade.world.failures == []
    for store in trade.database.stores.connected():
        check_books(trade.portal, store.id)


@pytest.fixture
def two(trade: Trade) -> tuple[Invoice, Invoice, Order]:
    """INV-1 of 60.00, due first, and INV-2 of 40.00; Bea's checkout over both became order 7001."""
    first = trade.invoice(60_00, "INV-1", due_on=date(2026, 9, 1))
    second = trade.invoice(40_00, "INV-2", due_on=date(2026, 10, 1))
    return first, second, trade.pay((first, 60_00), (second, 40_00))
