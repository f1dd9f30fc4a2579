"""IP-Finance records a check, cash or transfer and sets it off against open invoices (R-21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.company import Company
from domain.errors import (
    InputInvalid,
    LinesRefused,
    MixedCurrencies,
    MoreThanReceived,
    MoreThanTolerance,
    NotFound,
    OtherCompany,
    PaymentPending,
    PossibleDuplicate,
    Refusal,
)
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Invoice, oldest_due_first
from domain.ledger import Movement
from domain.money import Money, total
from domain.payment import DUPLICATE_WINDOW, OFFLINE, Method, Payment, check_offline
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.use_cases.later_acts import Press, statuses, turned

SMALL_DIFFERENCE: Final = "small_difference"
"""Why a rest within the tolerance is written off."""


@dataclass(frozen=True)
class Received:
    """What the person entered. `key` comes from the form, so that a double submit books once; `confirmed` says that a
    possible duplicate was looked at.

    `close_rest` are invoices of the split whose small rest is written off (R-21); `announced_id` is the announced
    payment this is the arrival of (R-28).
    """

    company_id: int
    amount: Money
    method: Method
    received_on: date
    memo: str = ""
    key: str = ""
    confirmed: bool = False
    close_rest: frozenset[str] = frozenset()
    announced_id: str = ""


@dataclass(frozen=True)
class PreviewLine:
    invoice: Invoice
    applied: Money
    balance_after: Money
    written_off: Money | None = None


@dataclass(frozen=True)
class Preview:
    """What saving would do, from the same code that saves."""

    lines: tuple[PreviewLine, ...]
    applied: Money
    available: Money


def oldest_first(amount: Money, invoices: list[Invoice]) -> dict[str, Money]:
    """The split *oldest due first*: each open invoice up to its balance."""
    left = amount
    result: dict[str, Money] = {}
    for invoice in oldest_due_first(invoices):
        part = min(left, invoice.balance)
        if part.minor > 0:
            result[invoice.id] = part
            left = left - part
    return result


@dataclass(frozen=True)
class OpenInvoices:
    """A company and what it owes in one currency, for the form. Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, company_id: int, currency: str) -> tuple[Company, list[Invoice]]:
        actor.must(Right.RECORD_PAYMENTS)
        actor.must_see(company_id, "company")
        with self.open_work(actor.store_id) as work:
            return work.companies.get(company_id), work.invoices.open_of(company_id, currency)

    def tolerance(self, actor: Actor, currency: str) -> Money:
        """Up to how much of an invoice may be closed as a small difference (R-21)."""
        actor.must(Right.RECORD_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            return work.notes.settings().tolerance_in(currency)


@dataclass(frozen=True)
class RecordOfflinePayment:
    """All or nothing; what is not split stays available credit of the company.

    Refuses with NotAllowed, NotFound, OtherCompany, MoreThanReceived, LinesRefused (per invoice MoreThanOwed or
    PaymentPending, MoreThanTolerance), MixedCurrencies, MemoRequired, ReceivedInFuture, PossibleDuplicate, KeyReused,
    NotAnnounced.
    """

    open_work: OpenWork

    def preview(self, actor: Actor, received: Received, split: Mapping[str, Money]) -> Preview:
        """Runs everything and commits nothing."""
        with self.open_work(actor.store_id) as work:
            payment, invoices, closed = self._run(work, actor, received, split)
        lines = tuple(
            PreviewLine(invoice, split[invoice.id], invoice.balance, closed.get(invoice.id))
            for invoice in oldest_due_first(invoices)
        )
        return Preview(lines, payment.applied, payment.available)

    def __call__(self, actor: Actor, received: Received, split: Mapping[str, Money]) -> Payment:
        actor.must(Right.RECORD_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            press = Press(work, actor, "record_payment", received.key, _facts(received, split))
            kept = press.before()
            if kept is not None:
                return work.payments.get(kept)
            payment, *_ = self._run(work, actor, received, split)
            press.keep(payment.id)
            work.commit()
        return payment

    def within(self, work: Work, actor: Actor, received: Received, split: Mapping[str, Money]) -> Payment:
        """The same inside the caller's transaction, where the caller keeps the idempotency key."""
        payment, *_ = self._run(work, actor, received, split)
        return payment

    def _run(
        self, work: Work, actor: Actor, received: Received, split: Mapping[str, Money]
    ) -> tuple[Payment, list[Invoice], dict[str, Money]]:
        """The payment, its invoices and what of them was written off."""
        actor.must(Right.RECORD_PAYMENTS)
        actor.must_see(received.company_id, "company")
        if received.close_rest:
            actor.must(Right.WRITE_OFF)
        self._check(work, received, split)
        invoices = work.invoices.locked(sorted(split))
        settings = work.notes.settings()
        payment = _announced(work, actor, received) if received.announced_id else _new(work, actor, received)
        _check_duplicate(work, payment, received)
        check_lines(work, invoices, split, received.company_id)
        (work.payments.save if received.announced_id else work.payments.add)(payment)
        day, was = settings.open_day(received.received_on), statuses(invoices)
        movements = [payment.receive(received.amount, day)]
        for invoice in oldest_due_first(list(invoices.values())):
            movements.append(payment.allocate(invoice, split[invoice.id], not_before=day))
        closed = _close_rests(work, invoices, received.close_rest)
        facts = {
            "number": payment.number,
            "amount": received.amount.text,
            "invoices": {invoices[one].number: split[one].text for one in sorted(split)},
        }
        act = Act("payment.recorded", "payment", payment.id, facts, {"memo": payment.memo} if payment.memo else {})
        event = Event("payment.received", payment.id, payment.company_id, facts)
        work.book(actor, act, movements, settings.told([*turned(was, invoices), event]))
        for movement in closed:
            _book_rest(work, actor, payment, invoices[movement.invoice_id or ""], movement)
        return payment, list(invoices.values()), {one.invoice_id or "": one.amount for one in closed}

    def _check(self, work: Work, received: Received, split: Mapping[str, Money]) -> None:
        if received.method not in OFFLINE:
            raise InputInvalid("method", "Choose check, cash, bank transfer or other.")
        if received.amount.minor <= 0:
            raise InputInvalid("amount", "Enter an amount above zero.")
        check_offline(received.method, received.memo, received.received_on, work.today())
        work.companies.get(received.company_id)
        if any(part.minor <= 0 for part in split.values()):
            raise InputInvalid("split", "Apply an amount above zero or leave the invoice out.")
        if not received.close_rest <= set(split):
            raise InputInvalid("split", "Apply an amount to every invoice whose rest you close.")
        applied = total(split.values(), received.amount.currency)
        if applied > received.amount:
            raise MoreThanReceived(received.amount, applied)


def check_lines(work: Work, invoices: Mapping[str, Invoice], split: Mapping[str, Money], company_id: int) -> None:
    """Raises LinesRefused with what each invoice cannot take, NotFound for one that is not there."""
    pending = work.payments.pending_on(split)
    refused: dict[str, Refusal] = {}
    for invoice_id, invoice in invoices.items():
        try:
            if invoice.company_id != company_id:
                raise OtherCompany(invoice.number)
            if invoice_id in pending:
                raise PaymentPending(invoice.number, pending[invoice_id])
            invoice.check_can_take(split[invoice_id])
        except Refusal as refusal:
            refused[invoice_id] = refusal
    if refused:
        raise LinesRefused(refused)
    if set(split) - set(invoices):
        raise NotFound("invoice")


def _check_duplicate(work: Work, payment: Payment, received: Received) -> None:
    if received.confirmed:
        return
    since = received.received_on - DUPLICATE_WINDOW
    similar = work.payments.find_similar(payment, received.amount, since)
    if similar is not None:
        raise PossibleDuplicate(similar.number)


def _new(work: Work, actor: Actor, received: Received) -> Payment:
    return Payment(
        new_id(),
        work.notes.settings().number("payment", work.numbers.take("payment")),
        received.company_id,
        received.amount.currency,
        received.received_on,
        method=received.method,
        method_label=LABELS[received.method],
        memo=received.memo.strip(),
        recorded_by=actor.name,
    )


def _announced(work: Work, actor: Actor, received: Received) -> Payment:
    """The announced payment as it arrived; it keeps its number. Raises NotFound, NotAnnounced, OtherCompany,
    MixedCurrencies."""
    found = work.payments.locked([received.announced_id])
    if received.announced_id not in found:
        raise NotFound("payment")
    payment = found[received.announced_id]
    payment.check_announced()
    if payment.company_id != received.company_id:
        raise OtherCompany(payment.number)
    if payment.currency != received.amount.currency:
        raise MixedCurrencies(received.amount.currency, payment.currency)
    payment.announced = 0
    payment.effective_on = received.received_on
    payment.method, payment.method_label = received.method, LABELS[received.method]
    payment.memo, payment.recorded_by = received.memo.strip(), actor.name
    return payment


def _close_rests(work: Work, invoices: Mapping[str, Invoice], chosen: frozenset[str]) -> list[Movement]:
    """Writes off what is left of the chosen invoices. Raises LinesRefused with those whose rest is too much."""
    settings = work.notes.settings()
    day = settings.open_day(work.today())
    movements: list[Movement] = []
    refused: dict[str, Refusal] = {}
    for invoice_id in sorted(chosen):
        invoice = invoices[invoice_id]
        try:
            movement = invoice.close_rest(settings.tolerance_in(invoice.currency), day)
        except MoreThanTolerance as refusal:
            refused[invoice_id] = refusal
            continue
        movements += [movement] if movement else []
    if refused:
        raise LinesRefused(refused)
    return movements


def _book_rest(work: Work, actor: Actor, payment: Payment, invoice: Invoice, movement: Movement) -> None:
    """An act of its own, in the history of its invoice."""
    facts = {
        "number": invoice.number,
        "amount": movement.amount.text,
        "currency": movement.amount.currency,
        "reason_code": SMALL_DIFFERENCE,
        "payment": payment.number,
    }
    act = Act("write_off.created", "invoice", invoice.id, facts)
    event = Event("write_off.created", invoice.id, invoice.company_id, facts)
    work.book(actor, act, [movement], work.notes.settings().told([event]))


def _facts(received: Received, split: Mapping[str, Money]) -> tuple[object, ...]:
    """What makes two presses the same; what is not said adds nothing."""
    return (
        received.company_id,
        received.amount,
        received.method.value,
        received.received_on.isoformat(),
        received.memo.strip(),
        *(f"{invoice_id}={amount}" for invoice_id, amount in sorted(split.items())),
        *(f"close {invoice_id}" for invoice_id in sorted(received.close_rest)),
        *([f"announced {received.announced_id}"] if received.announced_id else []),
    )


LABELS: Final = {
    Method.CHECK: "Check",
    Method.CASH: "Cash",
    Method.BANK_TRANSFER: "Bank transfer",
    Method.OTHER: "Other",
}
