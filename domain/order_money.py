"""What of an order's transactions is money: a pure function of what was read (R-9, R-19, F-7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.money import Money, total
from domain.order import Event, OrderMoney, Refund, Transaction


@dataclass(frozen=True, slots=True)
class Tender:
    """Captured money of one transaction: booked once under its id. Store credit and gift certificates are
    tenders of their own, not cash."""

    transaction_id: str
    amount: Money
    at: datetime
    method: str
    gateway: str

    @property
    def is_cash(self) -> bool:
        return self.method not in ("store_credit", "gift_certificate")


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Money sent back, booked once under `id`; `line_ids` are the order lines a refund names."""

    id: str
    amount: Money
    at: datetime
    line_ids: tuple[int, ...] = ()
    to_store_credit: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The money of one order: captured tenders, what went back, what is promised but has not arrived."""

    tenders: tuple[Tender, ...]
    back: tuple[MoneyBack, ...]
    authorized: Money
    on_its_way: Money
    declined: bool

    @property
    def captured(self) -> Money:
        return total((tender.amount for tender in self.tenders), self.authorized.currency)


def read_money(money: OrderMoney, currency: str, *, allow_test: bool = False) -> Reading:
    """Captured = ok purchase + capture + settled, without counting a settled twice that names a booked purchase.

    `authorized` is what ok authorizations hold beyond captures and voids; `on_its_way` what pending ones promise.
    Transactions of another currency than the order's, offline and custom ones and (unless allowed) test ones
    are not money.
    """
    usable = [
        row
        for row in money.transactions
        if row.amount.currency == currency and not row.is_promise and (allow_test or not row.test)
    ]
    good = [row for row in usable if row.ok]
    tenders = _tenders(good)
    back = _money_back(money.refunds, good, {tender.transaction_id for tender in tenders})
    holds = _sum(good, Event.AUTHORIZATION, currency) - _sum(good, Event.CAPTURE, currency)
    voided = total(
        (row.amount for row in good if row.event == Event.VOID and _names_a(row, good, Event.AUTHORIZATION)),
        currency,
    )
    waiting = _sum(good, Event.PENDING, currency) - _sum(good, Event.SETTLED, currency)
    zero = Money.zero(currency)
    return Reading(
        tenders=tuple(tenders),
        back=tuple(back),
        authorized=max(zero, holds - voided),
        on_its_way=max(zero, waiting),
        declined=any(not row.ok for row in usable) and not good,
    )


def _tenders(good: Sequence[Transaction]) -> list[Tender]:
    purchases = {row.id for row in good if row.event == Event.PURCHASE}
    money = [
        row
        for row in good
        if row.event in (Event.PURCHASE, Event.CAPTURE)
        or (row.event == Event.SETTLED and row.reference_id not in purchases)
    ]
    return [
        Tender(row.id, row.amount, row.at, row.method, row.gateway)
        for row in sorted(money, key=lambda row: (row.at, row.id))
        if row.amount.minor > 0
    ]


def _money_back(refunds: Iterable[Refund], good: Sequence[Transaction], captured: set[str]) -> list[MoneyBack]:
    """The larger of what refunds and refund transactions say, never their sum (F-9).

    A void that names captured money is money back too.
    """
    known = [
        MoneyBack(
            f"refund:{refund.id}",
            refund.paid,
            refund.at,
            tuple(item.item_id for item in refund.items if item.kind == "PRODUCT" and item.item_id is not None),
            refund.to_store_credit,
        )
        for refund in refunds
        if refund.paid.minor > 0
    ]
    rows = [row for row in good if row.event == Event.REFUND]
    rows += [row for row in good if row.event == Event.VOID and row.reference_id in captured]
    covered = sum(back.amount.minor for back in known)
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        if covered >= row.amount.minor:
            covered -= row.amount.minor
        elif row.amount.minor > 0:
            known.append(MoneyBack(row.id, Money(row.amount.minor - covered, row.amount.currency), row.at))
            covered = 0
    return known


def _sum(rows: Iterable[Transaction], event: Event, currency: str) -> Money:
    return total((row.amount for row in rows if row.event == event), currency)


def _names_a(row: Transaction, rows: Sequence[Transaction], event: Event) -> bool:
    return any(other.id == row.reference_id and other.event == event for other in rows) or row.reference_id is None
