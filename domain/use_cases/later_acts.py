"""What acts on money received earlier have in common: locks in their order, one press acts once, what is told."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.errors import ChangedMeanwhile, NotFound
from domain.events import Act, Event
from domain.invoice import Invoice, Status
from domain.ledger import SourceKind
from domain.money import Money
from domain.payment import Payment
from domain.ports import Work
from domain.recovery import recovery_of
from domain.roles import Actor
from domain.source import SourceOfCredit


@dataclass(frozen=True)
class Press:
    """One press of a button. `key` comes from the form, so that a double submit acts once (I-8); without one, such as
    from an API that keeps its own, nothing is remembered."""

    work: Work
    actor: Actor
    what: str
    key: str
    facts: tuple[object, ...]

    def before(self) -> str | None:
        """What an earlier press with the key came to. Raises KeyReused when it asked for something else."""
        if not self.key:
            return None
        digest = hashlib.sha256("\n".join(map(str, self.facts)).encode()).hexdigest()
        return self.work.once.claim(self._scope, self.key, digest)

    def keep(self, result: str) -> None:
        if self.key:
            self.work.once.keep(self._scope, self.key, result)

    @property
    def _scope(self) -> str:
        return f"{self.what}:{self.actor.kind}:{self.actor.id}"


def lock_payment(
    work: Work, actor: Actor, payment_id: str, also: Iterable[str] = ()
) -> tuple[Payment, dict[str, Invoice]]:
    """A payment with the invoices it is applied to and `also` some others, locked. Raises NotFound, ChangedMeanwhile
    when it was applied elsewhere meanwhile."""
    seen = work.payments.get(payment_id)
    actor.must_see(seen.company_id, "payment")
    invoices = work.invoices.locked(sorted({*seen.allocations, *also}))
    payment = work.payments.locked([payment_id])[payment_id]
    if not set(payment.allocations) <= set(invoices):
        raise ChangedMeanwhile(payment.number)
    return payment, invoices


def lock_source(work: Work, actor: Actor, kind: SourceKind, source_id: str) -> SourceOfCredit:
    """A payment or credit memo; its invoices are locked before. Raises NotFound."""
    is_payment = kind is SourceKind.PAYMENT
    what = "payment" if is_payment else "credit memo"
    locked: dict[str, SourceOfCredit] = {
        **(work.payments.locked([source_id]) if is_payment else work.credit_memos.locked([source_id]))
    }
    if source_id not in locked:
        raise NotFound(what)
    actor.must_see(locked[source_id].company_id, what)
    return locked[source_id]


def statuses(invoices: Mapping[str, Invoice]) -> dict[str, Status]:
    return {invoice_id: invoice.status for invoice_id, invoice in invoices.items()}


def turned(was: Mapping[str, Status], invoices: Mapping[str, Invoice]) -> list[Event]:
    """Which of the invoices were closed or opened again by what happened since (R-29)."""
    events = []
    for invoice_id, invoice in sorted(invoices.items()):
        closed, is_closed = was[invoice_id] is Status.CLOSED, invoice.status is Status.CLOSED
        if closed is not is_closed and invoice.removed is None:
            kind = "invoice.closed" if is_closed else "invoice.reopened"
            facts = {"number": invoice.number, "balance": invoice.balance.text, "currency": invoice.currency}
            events.append(Event(kind, invoice_id, invoice.company_id, facts))
    return events


def recover(work: Work, actor: Actor, payment: Payment, over: Money, on: date) -> Invoice | None:
    """Issues “Recovery of PAY-…” for what was taken back beyond what the payment held, in the same commit (R-1)."""
    if not over:
        return None
    settings = work.notes.settings()
    company = work.companies.get(payment.company_id)
    number = settings.number("invoice", work.numbers.take("invoice"))
    invoice = recovery_of(payment, over, company.name, number, on)
    work.invoices.add(invoice)
    payment.recovery_id = invoice.id
    work.payments.save(payment)
    facts = {"number": number, "total": over.text, "currency": over.currency, "recovery_of": payment.number}
    event = Event("invoice.created", invoice.id, invoice.company_id, facts)
    work.book(actor, Act("invoice.created", "invoice", invoice.id, facts), invoice.issue(), settings.told([event]))
    return invoice
