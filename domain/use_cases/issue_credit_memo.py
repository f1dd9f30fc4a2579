"""Goods, price or tax corrected: a credit memo, from an invoice or free for a company (R-4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.address import Address
from domain.credit_memo import CreditMemo
from domain.crediting import ChargeLeft, Credit, Crediting, FreeLine, LineLeft, check_creditable, free_credit
from domain.errors import InputInvalid, PaymentPending, ReasonRequired
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Content, Invoice
from domain.ledger import Movement
from domain.money import Money
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.terms import DueFrom
from domain.use_cases.later_acts import Press


class ApplyTo(StrEnum):
    """What becomes of the amount: set off against the invoice credited, against what is due first, or kept."""

    INVOICE = "invoice"
    OLDEST = "oldest"
    NOTHING = "nothing"


@dataclass(frozen=True)
class FromInvoice:
    """Lines by position with the quantity credited, charges by position with the amount."""

    invoice_id: str
    quantities: Mapping[int, Decimal] = field(default_factory=dict)
    charges: Mapping[int, Money] = field(default_factory=dict)


@dataclass(frozen=True)
class Free:
    """A credit that cites no invoice."""

    company_id: int
    currency: str
    lines: Sequence[FreeLine]


@dataclass(frozen=True)
class Wanted:
    """What the person entered. `key` comes from the form, so that a double submit issues one."""

    what: FromInvoice | Free
    apply_to: ApplyTo
    reason: str
    key: str = ""


@dataclass(frozen=True)
class CreditableInvoice:
    invoice: Invoice
    lines: tuple[LineLeft, ...]
    charges: tuple[ChargeLeft, ...]


@dataclass(frozen=True)
class PrepareCreditMemo:
    """What of an invoice can still be credited. Raises NotAllowed, NotFound, NotCreditable."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str) -> CreditableInvoice:
        actor.must(Right.CREDIT)
        with self.open_work(actor.store_id) as work:
            invoice = work.invoices.get(invoice_id)
            actor.must_see(invoice.company_id, "invoice")
            check_creditable(invoice)
            crediting = _crediting(work, invoice)
            return CreditableInvoice(invoice, tuple(crediting.lines), tuple(crediting.charges))


@dataclass(frozen=True)
class IssueCreditMemo:
    """Issued and set off in one commit; what is not set off is available credit of the company.

    Refuses with NotAllowed, NotFound, NotCreditable, MoreThanInvoiced, InputInvalid, ReasonRequired, PaymentPending,
    KeyReused.
    """

    open_work: OpenWork

    def preview(self, actor: Actor, wanted: Wanted) -> CreditMemo:
        """Runs everything and commits nothing."""
        with self.open_work(actor.store_id) as work:
            return self._run(work, actor, wanted)

    def __call__(self, actor: Actor, wanted: Wanted) -> CreditMemo:
        actor.must(Right.CREDIT)
        with self.open_work(actor.store_id) as work:
            press = Press(work, actor, "credit_memo", wanted.key, _asked(wanted))
            kept = press.before()
            if kept is not None:
                return work.credit_memos.get(kept)
            memo = self._run(work, actor, wanted)
            press.keep(memo.id)
            work.commit()
        return memo

    def _run(self, work: Work, actor: Actor, wanted: Wanted) -> CreditMemo:
        actor.must(Right.CREDIT)
        if not wanted.reason.strip():
            raise ReasonRequired("issue a credit memo")
        cited_id, company_id, currency = _whose(work, actor, wanted.what)
        target_ids = _target_ids(work, wanted.apply_to, cited_id, company_id, currency)
        locked = work.invoices.locked(sorted({*target_ids, *([cited_id] if cited_id else [])}))
        credit = _credit(work, wanted.what, locked)
        settings = work.notes.settings()
        content = _content(credit, work.today(), wanted.reason, locked.get(cited_id or ""))
        total = content.total(currency)
        if total.minor <= 0:
            raise InputInvalid("lines", "Choose what to credit: the total must be above zero.")
        memo = CreditMemo(
            new_id(),
            settings.number("credit_memo", work.numbers.take("credit_memo")),
            company_id,
            currency,
            work.today(),
            content=content,
            invoice_id=cited_id,
        )
        work.credit_memos.add(memo)
        day = settings.open_day(work.today())
        targets = [locked[one] for one in target_ids]
        movements = [memo.issue(total, on=day), *memo.fill(targets, not_before=day)]
        _book(work, actor, memo, movements, locked, wanted.reason)
        return memo


def _whose(work: Work, actor: Actor, what: FromInvoice | Free) -> tuple[str | None, int, str]:
    """The invoice cited, if one is, and the company and currency of the credit."""
    if isinstance(what, Free):
        actor.must_see(what.company_id, "company")
        return None, work.companies.get(what.company_id).id, what.currency
    cited = work.invoices.get(what.invoice_id)
    actor.must_see(cited.company_id, "invoice")
    return cited.id, cited.company_id, cited.currency


def _target_ids(work: Work, apply_to: ApplyTo, cited_id: str | None, company_id: int, currency: str) -> list[str]:
    """The invoices to set off against. Money on its way must not meet a credit for the same debt (R-19)."""
    if apply_to is ApplyTo.NOTHING:
        return []
    if apply_to is ApplyTo.OLDEST:
        ids = [one.id for one in work.invoices.open_of(company_id, currency)]
        return sorted(set(ids) - set(work.payments.pending_on(ids)))
    if cited_id is None:
        raise InputInvalid("apply_to", "Choose whether to apply the credit or to keep it.")
    pending = work.payments.pending_on([cited_id])
    if cited_id in pending:
        raise PaymentPending(work.invoices.get(cited_id).number, pending[cited_id])
    return [cited_id]


def _credit(work: Work, what: FromInvoice | Free, locked: Mapping[str, Invoice]) -> Credit:
    """Computed under the invoice's lock, so that two memos cannot take back the same line."""
    if isinstance(what, Free):
        return _free(what)
    cited = locked[what.invoice_id]
    check_creditable(cited)
    return _crediting(work, cited).credit(what.quantities, what.charges)


def _crediting(work: Work, invoice: Invoice) -> Crediting:
    memos = work.credit_memos.of_invoice(invoice.id)
    return Crediting(invoice, [one.content for one in memos if one.content is not None])


def _free(what: Free) -> Credit:
    if not what.lines:
        raise InputInvalid("lines", "Enter at least one line with a description and an amount.")
    for position, line in enumerate(what.lines):
        if not line.description.strip():
            raise InputInvalid(f"description-{position}", "Say what the credit is for.")
        if line.amount.minor <= 0:
            raise InputInvalid(f"amount-{position}", "Enter an amount above zero.")
        if line.rate is not None and not 0 <= line.rate <= 100:
            raise InputInvalid(f"rate-{position}", "A tax rate lies between 0 and 100 percent.")
    return free_credit(what.lines, what.currency)


def _content(credit: Credit, today: date, reason: str, cited: Invoice | None) -> Content:
    return Content(
        credit.lines,
        credit.cost_lines,
        issued_on=today,
        due_on=today,
        due_from=DueFrom.TYPED,
        po_number=cited.content.po_number if cited is not None else "",
        billing_address=cited.content.billing_address if cited is not None else Address(),
        notes=reason.strip(),
    )


def _book(
    work: Work,
    actor: Actor,
    memo: CreditMemo,
    movements: Sequence[Movement],
    invoices: Mapping[str, Invoice],
    reason: str,
) -> None:
    facts: dict[str, object] = {
        "number": memo.number,
        "amount": Money(memo.account.inflow, memo.currency).text,
        "currency": memo.currency,
        "invoices": {
            invoices[one].number: Money(minor, memo.currency).text for one, minor in sorted(memo.allocations.items())
        },
    }
    if memo.invoice_id is not None:
        facts["of_invoice"] = invoices[memo.invoice_id].number
    act = Act("credit_memo.issued", "credit_memo", memo.id, facts, {"reason": reason.strip()})
    event = Event("credit_memo.issued", memo.id, memo.company_id, facts)
    work.book(actor, act, movements, work.notes.settings().told([event]))


def _asked(wanted: Wanted) -> tuple[str, ...]:
    """What a second press must ask for to be the same one."""
    what = wanted.what
    parts = [wanted.apply_to.value, wanted.reason.strip()]
    if isinstance(what, Free):
        parts += [str(what.company_id), what.currency]
        parts += [f"{one.description}\t{one.amount}\t{one.rate}" for one in what.lines]
    else:
        parts += [what.invoice_id, *(f"{at}={one}" for at, one in sorted(what.quantities.items()))]
        parts += [f"{at}:{one}" for at, one in sorted(what.charges.items())]
    return tuple(parts)
