"""Which orders are invoiced without anybody pressing: paid offline or on terms, where the store says so (R-9, R-12)."""

from datetime import date
from typing import Final

from domain.order import Order, OrderMoney
from domain.order_money import read_money
from domain.store import Settings

_PROMISES: Final = frozenset(
    {
        *("check", "cheque", "money order", "cash on delivery", "cod", "bank deposit", "bank transfer"),
        *("pay in store", "purchase order", "po", "invoice", "on account", "payment on account", "manual", "offline"),
    }
)
_TERMS: Final = ("net ", "net-", "terms", "on account", "purchase order")
"""How BigCommerce and its shops call ways to pay that are settled later, by hand."""


def is_paid_later(order: Order, money: OrderMoney, *, allow_test: bool = False) -> bool:
    """Nothing is captured, held or on its way, and the order's way to pay is a promise."""
    reading = read_money(money, order.currency, allow_test=allow_test)
    if reading.tenders or reading.promised:
        return False
    name = order.payment_method.strip().casefold()
    is_promise = name in _PROMISES or any(word in name for word in _TERMS)
    return is_promise or any(row.is_promise for row in money.transactions)


def invoices_by_itself(settings: Settings, order: Order, money: OrderMoney, placed_on: date) -> bool:
    """Whether the rule acts on the order: only on those placed after it was switched on, and never on historic ones.
    `placed_on` is the day in the store's zone."""
    since = settings.automatic_since
    if since is None or order.placed_at < since or order.why_not_invoiceable() is not None or not order.total:
        return False
    if settings.cut_over is not None and placed_on < settings.cut_over:
        return False
    return is_paid_later(order, money, allow_test=settings.allow_test_money)
