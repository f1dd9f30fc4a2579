"""Brings a payment up to what BigCommerce says about an order's money: a fold over what was read (R-9, R-19, R-20)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.errors import MixedCurrencies
from domain.ids import new_id
from domain.invoice import Invoice
from domain.ledger import Movement, Origin
from domain.money import Money
from domain.order import DISPUTED, Order
from domain.order_money import MoneyBack, Reading
from domain.payment import Payment, PaymentStatus
from domain.ports import Work
from domain.review import Review, ReviewKind
from domain.zone import local_day


@dataclass(frozen=True)
class BroughtUp:
    """What was new: movements to book, cash received and the last day it came in, money sent back."""

    movements: list[Movement]
    received: Money
    refunded: Money
    last_day: date | None = None

    @property
    def is_news(self) -> bool:
        return bool(self.movements)


@dataclass(frozen=True)
class PaidLine:
    """What an order line paid: an invoice, at so much for each of its quantity."""

    invoice_id: str
    price: Money


def receive_new(work: Work, payment: Payment, reading: Reading, time_zone: str, origin: Origin) -> BroughtUp:
    """Books captured tenders whose transaction id is not in the ledger yet (I-6), each on its capture date."""
    booked = work.payments.booked_transactions(tender.transaction_id for tender in reading.tenders)
    settings = work.notes.settings()
    movements = []
    received = Money.zero(payment.currency)
    days = []
    for tender in reading.tenders:
        if tender.amount.currency != payment.currency:
            raise MixedCurrencies(tender.amount.currency, payment.currency)
        if tender.transaction_id not in booked:
            day = settings.open_day(local_day(tender.at, time_zone))
            movements.append(payment.receive(tender.amount, day, transaction_id=tender.transaction_id, origin=origin))
            received = received + tender.amount
            days.append(day)
    return BroughtUp(movements, received, Money.zero(payment.currency), max(days, default=None))


def refund_new(
    work: Work,
    payment: Payment,
    reading: Reading,
    invoices: Mapping[str, Invoice],
    time_zone: str,
    paid_by: Mapping[int, PaidLine],
) -> BroughtUp:
    """Books what went back beyond what is booked, each under its id (F-9).

    Refunds and their transactions are read at different moments: what was booked under an id that is told no
    longer counts for the oldest that is told now. `paid_by` says which order lines paid which invoices (R-20).
    """
    settings = work.notes.settings()
    booked = work.payments.booked_transactions(back.id for back in reading.back)
    known = payment.account.refunded - sum(back.amount.minor for back in reading.back if back.id in booked)
    movements: list[Movement] = []
    refunded = Money.zero(payment.currency)
    for back in reading.back:
        if back.id in booked:
            continue
        told = max(0, min(known, back.amount.minor))
        known -= told
        amount = Money(min(back.amount.minor - told, payment.account.held), payment.currency)
        if amount.minor > 0:
            day = settings.open_day(local_day(back.at, time_zone))
            named = _named(back, paid_by)
            movements += payment.refund(amount, invoices, day, named=named, transaction_id=back.id)
            refunded = refunded + amount
    return BroughtUp(movements, Money.zero(payment.currency), refunded)


def _named(back: MoneyBack, paid_by: Mapping[int, PaidLine]) -> dict[str, Money]:
    """How much went back for which invoice, without what earlier payments of the same refund gave back.

    A line refunded by quantity states no amount: its price tells.
    """
    result: dict[str, Money] = {}
    before = back.before
    for item in back.items:
        line = paid_by.get(item.item_id or 0)
        price = line.price.minor if line else 0
        meant = item.amount.minor or int(price * (item.quantity or 1))
        part = max(0, meant - before)
        before = max(0, before - meant)
        if line and part:
            result[line.invoice_id] = result.get(line.invoice_id, Money.zero(back.amount.currency)) + Money(
                part, back.amount.currency
            )
    return result


def review_money_back(work: Work, payment: Payment, reading: Reading, order_id: int) -> None:
    """A refund that was taken back, or is more than the payment ever held, is no movement: a person must look."""
    told, booked = reading.given_back, Money(payment.account.refunded, payment.currency)
    if told == booked:
        work.reviews.settle(ReviewKind.MONEY_BACK, str(order_id))
        return
    work.reviews.open(
        Review(
            new_id(),
            ReviewKind.MONEY_BACK,
            "order",
            str(order_id),
            expected=f"{booked} of {payment.number} sent back",
            found=f"BigCommerce tells of {told}",
            company_id=payment.company_id,
        )
    )


def review_dispute(work: Work, order: Order, payment: Payment) -> None:
    """The status alone moves no money: Finance books a chargeback (R-20), after which there is nothing to ask."""
    if order.status_id == DISPUTED and payment.status is not PaymentStatus.CHARGED_BACK:
        work.reviews.open(
            Review(
                new_id(),
                ReviewKind.DISPUTED,
                "order",
                str(order.id),
                expected="a paid order",
                found=f"BigCommerce says “{order.status}”: look whether the money was charged back",
                company_id=payment.company_id,
            )
        )


def set_pending(payment: Payment, reading: Reading, wanted: Mapping[str, Money]) -> None:
    """Shows what is authorised or on its way per invoice; nothing once it is captured, failed or void."""
    left = reading.promised
    pending: dict[str, int] = {}
    for invoice_id, amount in wanted.items():
        part = min(left, amount)
        if part.minor > 0:
            pending[invoice_id] = part.minor
            left = left - part
    payment.pending = pending
    payment.failed = not reading.promised and payment.account.inflow == 0


def time_zone_of(work: Work) -> str:
    """The store's IANA zone, UTC until the profile was read."""
    profile = work.notes.profile()
    return profile.time_zone if profile else "UTC"
