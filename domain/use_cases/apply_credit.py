"""Available credit of a payment or credit memo is applied to open invoices later, and taken back again: new movements
both ways (R-1, R-4, R-21)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.errors import InputInvalid, MoreThanAvailable, NothingToApply
from domain.events import Act, Event
from domain.invoice import Invoice, oldest_due_first
from domain.ledger import Movement, SourceKind
from domain.money import Money, total
from domain.payment import Payment
from domain.ports import OpenWork, Work
from domain.review import Outcome, Review
from domain.roles import Actor, Right
from domain.source import SourceOfCredit
from domain.use_cases.later_acts import Press, lock_payment, lock_source, statuses, turned
from domain.use_cases.record_offline_payment import Preview, PreviewLine, check_lines
from domain.use_cases.settling import close_review


class _Kind(NamedTuple):
    """Who may act on a kind of source, and what the acts are called."""

    right: Right
    applied: str
    taken_back: str


_KINDS: Final = {
    SourceKind.PAYMENT: _Kind(Right.RECORD_PAYMENTS, "credit.applied", "payment.taken_back"),
    SourceKind.CREDIT_MEMO: _Kind(Right.CREDIT, "credit_memo.applied", "credit_memo.taken_back"),
}


@dataclass(frozen=True)
class ApplyCredit:
    """Sets available credit of a source of one kind off against invoices of the same company.

    With `review_id` the item that asked for it is settled in the same commit. Raises NotAllowed, NotFound,
    InputInvalid, LinesRefused (per invoice), MoreThanAvailable, MixedCurrencies, KeyReused, ChangedMeanwhile.
    """

    open_work: OpenWork
    kind: SourceKind

    def preview(self, actor: Actor, source_id: str, split: Mapping[str, Money]) -> Preview:
        """Runs everything and commits nothing."""
        with self.open_work(actor.store_id) as work:
            source, invoices = self._run(work, actor, source_id, split)
        ordered = oldest_due_first(list(invoices.values()))
        lines = tuple(PreviewLine(one, split[one.id], one.balance) for one in ordered)
        return Preview(lines, total(split.values(), source.currency), source.available)

    def __call__(
        self, actor: Actor, source_id: str, split: Mapping[str, Money], key: str = "", review_id: str = ""
    ) -> SourceOfCredit:
        actor.must(_KINDS[self.kind].right)
        with self.open_work(actor.store_id) as work:
            facts = (source_id, review_id, *(f"{one}={amount}" for one, amount in sorted(split.items())))
            press = Press(work, actor, "apply_credit", key, facts)
            if press.before() is not None:
                return lock_source(work, actor, self.kind, source_id)
            source, _ = self._run(work, actor, source_id, split)
            if review_id:
                close_review(work, actor, work.reviews.get(review_id), Outcome.APPLIED_OTHERWISE)
            press.keep(source_id)
            work.commit()
        return source

    def _run(
        self, work: Work, actor: Actor, source_id: str, split: Mapping[str, Money]
    ) -> tuple[SourceOfCredit, dict[str, Invoice]]:
        actor.must(_KINDS[self.kind].right)
        if not split or any(part.minor <= 0 for part in split.values()):
            raise InputInvalid("split", "Apply an amount above zero to at least one invoice.")
        invoices = work.invoices.locked(sorted(split))
        source = lock_source(work, actor, self.kind, source_id)
        check_lines(work, invoices, split, source.company_id)
        if total(split.values(), source.currency) > source.available:
            raise MoreThanAvailable(source.number, source.available)
        apply(work, actor, source, invoices, split)
        return source, invoices


def apply(
    work: Work, actor: Actor, source: SourceOfCredit, invoices: dict[str, Invoice], split: Mapping[str, Money]
) -> None:
    """Books the allocations of locked documents, effective as R-2 says, on an open day."""
    settings = work.notes.settings()
    was = statuses(invoices)
    movements: list[Movement] = []
    for invoice in oldest_due_first([invoices[one] for one in split]):
        on = settings.open_day(max(source.effective_on, invoice.content.issued_on))
        movements.append(source.allocate(invoice, split[invoice.id], on))
    facts = {
        "number": source.number,
        "currency": source.currency,
        "invoices": {invoices[one].number: split[one].text for one in sorted(split)},
    }
    events = [Event("credit.applied", source.id, source.company_id, facts), *turned(was, invoices)]
    act = Act(_KINDS[source.kind].applied, source.kind.value, source.id, facts)
    work.book(actor, act, movements, settings.told(events))


@dataclass(frozen=True)
class ApplyAsExpected:
    """Applies what a payment holds to what its checkout was for, as far as the invoices are still open, and settles
    the review item. Raises NotAllowed, NotFound, NothingToApply, ChangedMeanwhile."""

    open_work: OpenWork

    def __call__(self, actor: Actor, review_id: str) -> Review:
        actor.must(Right.SETTLE_REVIEWS)
        with self.open_work(actor.store_id) as work:
            review = work.reviews.get(review_id)
            seen = work.payments.find_by_order(int(review.subject_id)) if review.subject_kind == "order" else None
            if seen is None or seen.attempt_id is None:
                raise NothingToApply(seen.number if seen else review.subject_id)
            lines = work.attempts.get(seen.attempt_id).lines
            payment, invoices = lock_payment(work, actor, seen.id, [line.invoice_id for line in lines])
            expected = {line.invoice_id: line.amount for line in lines}
            split = still_expected(payment, expected, invoices)
            if not split:
                raise NothingToApply(payment.number)
            apply(work, actor, payment, invoices, split)
            close_review(work, actor, review, Outcome.APPLIED_AS_EXPECTED)
            work.commit()
        return review


def still_expected(
    payment: Payment, expected: Mapping[str, Money], invoices: Mapping[str, Invoice]
) -> dict[str, Money]:
    """What of an expected split is not applied yet and still can be, oldest due first."""
    left = payment.available
    split: dict[str, Money] = {}
    for invoice in oldest_due_first([invoices[one] for one in expected]):
        if invoice.currency != payment.currency:
            continue
        missing = expected[invoice.id].minor - payment.allocations.get(invoice.id, 0)
        part = Money(max(0, min(missing, invoice.balance.minor, left.minor)), payment.currency)
        if part:
            split[invoice.id] = part
            left = left - part
    return split


@dataclass(frozen=True)
class TakeBackAllocation:
    """Takes an allocation of a source of one kind, or part of it, back: the invoice is owed again, the money is
    available credit.

    Raises NotAllowed, NotFound, InputInvalid, MoreThanAvailable, MixedCurrencies, KeyReused.
    """

    open_work: OpenWork
    kind: SourceKind

    def __call__(
        self, actor: Actor, source_id: str, invoice_id: str, amount: Money, reason: str = "", key: str = ""
    ) -> SourceOfCredit:
        actor.must(_KINDS[self.kind].right)
        if amount.minor <= 0:
            raise InputInvalid("amount", "Enter an amount above zero.")
        with self.open_work(actor.store_id) as work:
            press = Press(work, actor, "take_back", key, (source_id, invoice_id, amount, reason.strip()))
            done = press.before() is not None
            invoices = work.invoices.locked([invoice_id])
            source = lock_source(work, actor, self.kind, source_id)
            if done:
                return source
            settings = work.notes.settings()
            was = statuses(invoices)
            movement = source.deallocate(invoices[invoice_id], amount, settings.open_day(work.today()))
            facts = {
                "number": source.number,
                "currency": source.currency,
                "invoices": {invoices[invoice_id].number: amount.text},
            }
            texts = {"reason": reason.strip()} if reason.strip() else {}
            act = Act(_KINDS[self.kind].taken_back, self.kind.value, source.id, facts, texts)
            work.book(actor, act, [movement], settings.told(turned(was, invoices)))
            press.keep(source_id)
            work.commit()
        return source
