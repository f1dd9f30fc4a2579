"""Brings a payment up to what BigCommerce says about an order's money: a fold over what was read (R-9, R-19, R-20)."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import MixedCurrencies
from domain.invoice import Invoice
from domain.ledger import Movement, Origin
from domain.money import Money
from domain.order_money import Reading
from domain.payment import Payment
from domain.ports import Work
from domain.zone import local_day


@dataclass(frozen=True)
class BroughtUp:
    """What was new: movements to book, cash received, money sent back."""

    movements: list[Movement]
    received: Money
    refunded: Money

    @property
    def is_news(self) -> bool:
        return bool(self.movements)


def receive_new(work: Work, payment: Payment, reading: Reading, time_zone: str, origin: Origin) -> BroughtUp:
    """Books captured tenders whose transaction id is not in the ledger yet (I-6)."""
    booked = work.payments.booked_transactions(tender.transaction_id for tender in reading.tenders)
    settings = work.notes.settings()
    movements = []
    received = Money.zero(payment.currency)
    for tender in reading.tenders:
        if tender.amount.currency != payment.currency:
            raise MixedCurrencies(tender.amount.currency, payment.currency)
        if tender.transaction_id not in booked:
            day = settings.open_day(local_day(tender.at, time_zone))
            movements.append(payment.receive(tender.amount, day, transaction_id=tender.transaction_id, origin=origin))
            received = received + tender.amount
    return BroughtUp(movements, received, Money.zero(payment.currency))


def refund_new(
    work: Work,
    payment: Payment,
    reading: Reading,
    invoices: Mapping[str, Invoice],
    time_zone: str,
    line_to_invoice: Mapping[int, str],
) -> BroughtUp:
    """Books what went back beyond what is booked: compared by sum, since refunds and their transactions are read
    at different moments (F-9); each under its id."""
    settings = work.notes.settings()
    booked = work.payments.booked_transactions(back.id for back in reading.back)
    owed_back = sum(back.amount.minor for back in reading.back) - payment.account.refunded
    movements: list[Movement] = []
    refunded = Money.zero(payment.currency)
    for back in reading.back:
        if owed_back <= 0:
            break
        if back.id in booked:
            continue
        amount = Money(min(back.amount.minor, owed_back, payment.account.held), payment.currency)
        owed_back -= back.amount.minor
        if amount.minor <= 0:
            continue
        named = tuple(dict.fromkeys(line_to_invoice[line] for line in back.line_ids if line in line_to_invoice))
        day = settings.open_day(local_day(back.at, time_zone))
        movements += payment.refund(amount, invoices, day, named=named, transaction_id=back.id)
        refunded = refunded + amount
    return BroughtUp(movements, Money.zero(payment.currency), refunded)


def set_pending(payment: Payment, reading: Reading, wanted: Mapping[str, Money]) -> None:
    """Shows what is authorised or on its way per invoice; nothing once it is captured, failed or void."""
    left = reading.authorized + reading.on_its_way
    pending: dict[str, int] = {}
    for invoice_id, amount in wanted.items():
        part = min(left, amount)
        if part.minor > 0:
            pending[invoice_id] = part.minor
            left = left - part
    payment.pending = pending
    payment.failed = reading.declined and payment.account.inflow == 0


def time_zone_of(work: Work) -> str:
    """The store's IANA zone, UTC until the profile was read."""
    profile = work.notes.profile()
    return profile.time_zone if profile else "UTC"
