"""IP-Finance records a check, cash or transfer and sets it off against open invoices (R-21)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.company import Company
from domain.errors import (
    InputInvalid,
    LinesRefused,
    MoreThanReceived,
    NotFound,
    OtherCompany,
    PaymentPending,
    PossibleDuplicate,
    Refusal,
)
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Invoice, oldest_due_first
from domain.money import Money, total
from domain.payment import DUPLICATE_WINDOW, OFFLINE, Method, Payment, check_offline
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right


@dataclass(frozen=True)
class Received:
    """What the person entered. `key` comes from the form, so that a double submit books once;
    `confirmed` says that a possible duplicate was looked at."""

    company_id: int
    amount: Money
    method: Method
    received_on: date
    memo: str = ""
    key: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class PreviewLine:
    invoice: Invoice
    applied: Money
    balance_after: Money


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


@dataclass(frozen=True)
class RecordOfflinePayment:
    """All or nothing; what is not split stays available credit of the company.

    Refuses with NotAllowed, NotFound, OtherCompany, MoreThanReceived, LinesRefused (per invoice MoreThanOwed or
    PaymentPending), MixedCurrencies, MemoRequired, ReceivedInFuture, PossibleDuplicate, KeyReused.
    """

    open_work: OpenWork

    def preview(self, actor: Actor, received: Received, split: Mapping[str, Money]) -> Preview:
        """Runs everything and commits nothing."""
        with self.open_work(actor.store_id) as work:
            payment, invoices = self._run(work, actor, received, split)
        lines = tuple(
            PreviewLine(invoice, split[invoice.id], invoice.balance) for invoice in oldest_due_first(invoices)
        )
        return Preview(lines, payment.applied, payment.available)

    def __call__(self, actor: Actor, received: Received, split: Mapping[str, Money]) -> Payment:
        actor.must(Right.RECORD_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            scope = f"record_payment:{actor.kind}:{actor.id}"
            if received.key:
                kept = work.once.claim(scope, received.key, _fingerprint(received, split))
                if kept is not None:
                    return work.payments.get(kept)
            payment, _ = self._run(work, actor, received, split)
            if received.key:
                work.once.keep(scope, received.key, payment.id)
            work.commit()
        return payment

    def within(self, work: Work, actor: Actor, received: Received, split: Mapping[str, Money]) -> Payment:
        """The same inside the caller's transaction, where the caller keeps the idempotency key."""
        payment, _ = self._run(work, actor, received, split)
        return payment

    def _run(
        self, work: Work, actor: Actor, received: Received, split: Mapping[str, Money]
    ) -> tuple[Payment, list[Invoice]]:
        actor.must(Right.RECORD_PAYMENTS)
        actor.must_see(received.company_id, "company")
        self._check(work, received, split)
        invoices = work.invoices.locked(sorted(split))
        settings = work.notes.settings()
        payment = Payment(
            new_id(),
            settings.number("payment", work.numbers.take("payment")),
            received.company_id,
            received.amount.currency,
            received.received_on,
            method=received.method,
            method_label=_LABELS[received.method],
            memo=received.memo.strip(),
            recorded_by=actor.name,
        )
        _check_duplicate(work, payment, received)
        _check_lines(work, invoices, split, received.company_id)
        work.payments.add(payment)
        day = settings.open_day(received.received_on)
        movements = [payment.receive(received.amount, day)]
        for invoice in oldest_due_first(list(invoices.values())):
            movements.append(payment.allocate(invoice, split[invoice.id], not_before=day))
        facts = {
            "number": payment.number,
            "amount": received.amount.text,
            "invoices": {invoices[one].number: split[one].text for one in sorted(split)},
        }
        act = Act("payment.recorded", "payment", payment.id, facts, {"memo": payment.memo} if payment.memo else {})
        event = Event("payment.received", payment.id, payment.company_id, facts)
        work.book(actor, act, movements, settings.told([event]))
        return payment, list(invoices.values())

    def _check(self, work: Work, received: Received, split: Mapping[str, Money]) -> None:
        if received.method not in OFFLINE:
            raise InputInvalid("method", "Choose check, cash, bank transfer or other.")
        if received.amount.minor <= 0:
            raise InputInvalid("amount", "Enter an amount above zero.")
        check_offline(received.method, received.memo, received.received_on, work.today())
        work.companies.get(received.company_id)
        if any(part.minor <= 0 for part in split.values()):
            raise InputInvalid("split", "Apply an amount above zero or leave the invoice out.")
        applied = total(split.values(), received.amount.currency)
        if applied > received.amount:
            raise MoreThanReceived(received.amount, applied)


def _check_lines(work: Work, invoices: Mapping[str, Invoice], split: Mapping[str, Money], company_id: int) -> None:
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


def _fingerprint(received: Received, split: Mapping[str, Money]) -> str:
    parts = [
        str(received.company_id),
        str(received.amount),
        received.method.value,
        received.received_on.isoformat(),
        received.memo.strip(),
        *(f"{invoice_id}={amount}" for invoice_id, amount in sorted(split.items())),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_LABELS = {
    Method.CHECK: "Check",
    Method.CASH: "Cash",
    Method.BANK_TRANSFER: "Bank transfer",
    Method.OTHER: "Other",
}
