"""What of an order's transactions is money: a pure function of what was read (R-9, R-19, F-7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.money import Money, total
from domain.order import Event, OrderMoney, Refund, RefundItem, Transaction


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
    """Money sent back, booked once under `id`: one payment of a refund, or a transaction no refund tells of.

    `items` are the order lines its refund names; `before` is what earlier payments of the same refund gave back.
    """

    id: str
    amount: Money
    at: datetime
    items: tuple[RefundItem, ...] = ()
    before: int = 0
    to_store_credit: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The money of one order: captured tenders, what went back, what is promised but has not arrived."""

    tenders: tuple[Tender, ...]
    back: tuple[MoneyBack, ...]
    authorized: Money
    on_its_way: Money

    @property
    def captured(self) -> Money:
        return total((tender.amount for tender in self.tenders), self.authorized.currency)

    @property
    def given_back(self) -> Money:
        return total((back.amount for back in self.back), self.authorized.currency)

    @property
    def promised(self) -> Money:
        return self.authorized + self.on_its_way


def read_money(money: OrderMoney, currency: str, *, allow_test: bool = False) -> Reading:
    """Captured = ok purchase + capture + settled, without counting a settled twice that names booked money.

    `authorized` is what ok authorizations hold beyond captures and voids; `on_its_way` what pending ones promise.
    Transactions of another currency than the order's, offline and custom ones and (unless allowed) test ones
    are not money.
    """
    usable = [
        row
        for row in money.transactions
        if row.amount.currency == currency and not row.is_promise and (allow_test or not row.test)
    ]
    in_time = sorted(usable, key=lambda row: (row.at, row.event not in _PROMISES, row.id))
    good = [row for row in in_time if row.ok]
    tenders = _tenders(good)
    authorized, on_its_way = _promised(in_time)
    return Reading(
        tenders=tuple(tenders),
        back=tuple(_money_back(money.refunds, good, tenders)),
        authorized=Money(authorized, currency),
        on_its_way=Money(on_its_way, currency),
    )


def _tenders(good: Sequence[Transaction]) -> list[Tender]:
    taken = {row.id for row in good if row.event in (Event.PURCHASE, Event.CAPTURE)}
    money = [row for row in good if row.id in taken or (row.event == Event.SETTLED and row.reference_id not in taken)]
    return [Tender(row.id, row.amount, row.at, row.method, row.gateway) for row in money if row.amount.minor > 0]


# --- promises -----------------------------------------------------------------------------------------
_PROMISES: Final = (Event.AUTHORIZATION, Event.PENDING)


class _Promises:
    """Minor units promised and not kept yet, by transaction, oldest first."""

    def __init__(self) -> None:
        self.left: dict[str, int] = {}

    def keep(self, named: str | None, minor: int) -> None:
        """Takes from the promise named, or from the oldest ones when none is."""
        for promise in [named] if named is not None else list(self.left):
            part = min(self.left.get(promise, 0), minor)
            if part:
                self.left[promise] -= part
                minor -= part

    def end(self, named: str | None) -> bool:
        """Nothing more comes of the promise named, or of the oldest open one. Whether there was one."""
        for promise in [named] if named is not None else list(self.left):
            if self.left.get(promise):
                self.left[promise] = 0
                return True
        return False


def _promised(in_time: Sequence[Transaction]) -> tuple[int, int]:
    """What authorizations still hold and what pending transactions still promise, minor units."""
    holds, waits = _Promises(), _Promises()
    for row in in_time:
        match row.event:
            case Event.AUTHORIZATION if row.ok:
                holds.left[row.id] = row.amount.minor
            case Event.PENDING if row.ok:
                waits.left[row.id] = row.amount.minor
            case Event.CAPTURE if row.ok:
                holds.keep(row.reference_id, row.amount.minor)
            case Event.SETTLED if row.ok:
                waits.keep(row.reference_id, row.amount.minor)
            case Event.SETTLED:
                waits.end(row.reference_id)
            case Event.PURCHASE if row.ok and row.reference_id is not None:
                waits.keep(row.reference_id, row.amount.minor)
            case Event.VOID if row.ok:
                _ = holds.end(row.reference_id) or waits.end(row.reference_id)
            case _:
                pass
    return sum(holds.left.values()), sum(waits.left.values())


# --- money back ---------------------------------------------------------------------------------------
def _money_back(refunds: Iterable[Refund], good: Sequence[Transaction], tenders: Sequence[Tender]) -> list[MoneyBack]:
    """The larger of what refunds and refund transactions say, never their sum (F-9).

    A void that names captured money is money back too.
    """
    known = [back for refund in refunds for back in _payments_of(refund)]
    captured = {tender.transaction_id: tender.amount.minor for tender in tenders}
    covered = sum(back.amount.minor for back in known)
    for row in good:
        gone = row.amount.minor if row.event == Event.REFUND else 0
        if row.event == Event.VOID and row.reference_id in captured:
            gone = row.amount.minor or captured[row.reference_id]
        told = min(covered, gone)
        covered -= told
        if gone > told:
            known.append(MoneyBack(row.id, Money(gone - told, row.amount.currency), row.at))
    return sorted(known, key=lambda back: (back.at, back.id))


def _payments_of(refund: Refund) -> Iterable[MoneyBack]:
    """Refunds run later and in parts: each payment of one goes back by itself, and is booked by itself."""
    items = tuple(item for item in refund.items if item.kind == "PRODUCT" and item.item_id is not None)
    before = 0
    for payment_id, amount in refund.payments:
        if amount.minor > 0:
            key = f"refund:{refund.id}:{payment_id}"
            yield MoneyBack(key, amount, refund.at, items, before, refund.to_store_credit)
        before += amount.minor
