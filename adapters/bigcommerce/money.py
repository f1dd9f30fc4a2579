"""Transactions and refunds of an order: what BigCommerce says happened to money, not yet what it means."""

from decimal import Decimal
from typing import Annotated, Final

from adapters.bigcommerce.client import StoreClient
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.reading import (
    Amount,
    AsRows,
    Code,
    Count,
    Moment,
    Shape,
    Text,
    as_unreadable,
    counted,
    read,
)
from domain.money import Money
from domain.order import OrderMoney, Refund, RefundItem, Transaction

_OWN_TENDERS: Final = ("store_credit", "gift_certificate")
_STORE_CREDIT: Final = "storecredit"


class _TransactionShape(Shape):
    id: str
    event: Text
    method: Text = ""
    amount: Amount
    currency: Code = ""
    gateway: Text = ""
    status: Text = ""
    test: bool | None = False
    reference_transaction_id: Text = ""
    date_created: Moment


class _RefundItemShape(Shape):
    item_type: Text
    item_id: int | None = None
    quantity: Count = 0
    requested_amount: Amount | None = None


class _RefundPaymentShape(Shape):
    id: str
    provider_id: Text = ""
    amount: Amount
    is_declined: bool | None = False


class _RefundShape(Shape):
    id: int
    created: Moment
    total_amount: Amount
    total_tax: Amount | None
    items: Annotated[tuple[_RefundItemShape, ...], AsRows] = ()
    payments: Annotated[tuple[_RefundPaymentShape, ...], AsRows] = ()


def read_order_money(client: StoreClient, order_id: int, currency: str) -> OrderMoney:
    """All transactions and all refunds that were not declined as a whole, oldest first."""
    what = f"a transaction of order {order_id}"
    with as_unreadable(what):
        transactions = [
            _transaction(read(_TransactionShape, row, what), currency)
            for row in client.all(path("orders", order_id, "transactions"))
        ]
    what = f"a refund of order {order_id}"
    with as_unreadable(what):
        rows = client.rows(path("orders", order_id, "payment_actions", "refunds"))
        found = [read(_RefundShape, row, what) for row in rows]
        refunds = [_refund(shape, currency) for shape in found if not _all_declined(shape)]
    return OrderMoney(
        tuple(sorted(transactions, key=lambda row: row.at)),
        tuple(sorted(refunds, key=lambda row: row.id)),
    )


def _transaction(row: _TransactionShape, currency: str) -> Transaction:
    """`status` is missing on some: then only the store's own tenders count, a gateway must have said ok."""
    silent_but_sure = row.status == "" and row.method in _OWN_TENDERS
    reference = row.reference_transaction_id
    return Transaction(
        id=row.id,
        event=row.event,
        method=row.method,
        amount=counted(row.amount, row.currency or currency),
        at=row.date_created,
        ok=row.status == "ok" or silent_but_sure,
        test=bool(row.test),
        gateway=row.gateway,
        reference_id=reference if reference not in ("", "0") else None,
    )


def _all_declined(refund: _RefundShape) -> bool:
    """Refunds run later and can be declined; one that was counts nothing (R-20)."""
    return bool(refund.payments) and all(payment.is_declined for payment in refund.payments)


def _refund(refund: _RefundShape, currency: str) -> Refund:
    """Refunds name no currency: theirs is the order's. An item refunded by quantity states no amount."""
    done = [payment for payment in refund.payments if not payment.is_declined]
    return Refund(
        id=refund.id,
        at=refund.created,
        total=counted(refund.total_amount, currency),
        tax=counted(refund.total_tax or Decimal(0), currency),
        items=tuple(_item(item, currency) for item in refund.items),
        payments=tuple((payment.id, counted(payment.amount, currency)) for payment in done),
        to_store_credit=bool(done) and all(payment.provider_id == _STORE_CREDIT for payment in done),
    )


def _item(item: _RefundItemShape, currency: str) -> RefundItem:
    amount = Money.zero(currency) if item.requested_amount is None else counted(item.requested_amount, currency)
    return RefundItem(item.item_type, item.item_id, Decimal(item.quantity), amount)
