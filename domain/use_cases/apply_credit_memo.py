"""A credit memo set off against invoices later, and taken back from one (R-4)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from domain.credit_memo import CreditMemo
from domain.errors import ChangedMeanwhile, InputInvalid, LinesRefused, NotFound, OtherCompany, PaymentPending, Refusal
from domain.events import Act, Event
from domain.invoice import Invoice, oldest_due_first
from domain.money import Money
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right


@dataclass(frozen=True)
class ApplyCreditMemo:
    """All or nothing. A double submit applies once, by the form's `key`.

    Refuses with NotAllowed, NotFound, MoreThanAvailable, LinesRefused (per invoice OtherCompany, PaymentPending,
    MoreThanOwed, MixedCurrencies), InputInvalid, KeyReused.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, memo_id: str, split: Mapping[str, Money], key: str = "") -> CreditMemo:
        actor.must(Right.CREDIT)
        with self.open_work(actor.store_id) as work:
            actor.must_see(work.credit_memos.get(memo_id).company_id, "credit memo")
            if key and work.once.claim(f"apply_credit:{actor.kind}:{actor.id}", key, _fingerprint(memo_id, split)):
                return work.credit_memos.get(memo_id)
            if not split or any(part.minor <= 0 for part in split.values()):
                raise InputInvalid("split", "Apply an amount above zero to at least one invoice.")
            invoices = work.invoices.locked(sorted(split))
            memo = _locked(work, memo_id)
            _check(work, memo, invoices, split)
            day = work.notes.settings().open_day(work.today())
            ordered = oldest_due_first(list(invoices.values()))
            movements = [memo.allocate(one, split[one.id], on=day) for one in ordered]
            facts = {
                "number": memo.number,
                "amount": Money(sum(part.minor for part in split.values()), memo.currency).text,
                "invoices": {one.number: split[one.id].text for one in ordered},
            }
            event = Event("credit.applied", memo.id, memo.company_id, facts)
            act = Act("credit_memo.applied", "credit_memo", memo.id, facts)
            work.book(actor, act, movements, work.notes.settings().told([event]))
            if key:
                work.once.keep(f"apply_credit:{actor.kind}:{actor.id}", key, memo.id)
            work.commit()
        return memo


def _check(work: Work, memo: CreditMemo, invoices: Mapping[str, Invoice], split: Mapping[str, Money]) -> None:
    pending = work.payments.pending_on(split)
    refused: dict[str, Refusal] = {}
    for invoice_id, invoice in invoices.items():
        try:
            if invoice.company_id != memo.company_id:
                raise OtherCompany(invoice.number)
            if invoice_id in pending:
                raise PaymentPending(invoice.number, pending[invoice_id])
            invoice.check_can_take(split[invoice_id])
        except Refusal as refusal:
            refused[invoice_id] = refusal
    if refused:
        raise LinesRefused(refused)


@dataclass(frozen=True)
class TakeBackCredit:
    """What was applied to one invoice is available again, and the invoice is owed it again.

    Refuses with NotAllowed, NotFound, ReasonRequired, ChangedMeanwhile.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, memo_id: str, invoice_id: str, reason: str) -> CreditMemo:
        actor.must(Right.CREDIT)
        with self.open_work(actor.store_id) as work:
            actor.must_see(work.credit_memos.get(memo_id).company_id, "credit memo")
            invoice = work.invoices.locked([invoice_id])[invoice_id]
            memo = _locked(work, memo_id)
            live = memo.allocations.get(invoice.id, 0)
            if not live:
                raise ChangedMeanwhile(memo.number)
            settings = work.notes.settings()
            amount = Money(live, memo.currency)
            movement = memo.deallocate(invoice, amount, settings.open_day(work.today()))
            facts = {"number": memo.number, "invoice": invoice.number, "amount": amount.text}
            texts = {"reason": reason.strip()} if reason.strip() else {}
            act = Act("credit_memo.taken_back", "credit_memo", memo.id, facts, texts)
            event = Event("invoice.reopened", invoice.id, invoice.company_id, facts)
            work.book(actor, act, [movement], settings.told([event]))
            work.commit()
        return memo


def _locked(work: Work, memo_id: str) -> CreditMemo:
    found = work.credit_memos.locked([memo_id])
    if memo_id not in found:
        raise NotFound("credit memo")
    return found[memo_id]


def _fingerprint(memo_id: str, split: Mapping[str, Money]) -> str:
    parts = [memo_id, *(f"{invoice_id}={amount}" for invoice_id, amount in sorted(split.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
