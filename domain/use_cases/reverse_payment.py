"""A check bounced or a payment was mis-keyed: a counter-entry, never a deletion (R-1, R-20)."""

from dataclasses import dataclass

from domain.errors import ChangedMeanwhile, ReasonRequired
from domain.events import Act, Event
from domain.payment import Payment
from domain.ports import OpenWork
from domain.roles import Actor, Right


@dataclass(frozen=True)
class ReversePayment:
    """Everything the payment still holds leaves; its invoices are open again with their due dates.

    Raises NotAllowed, NotFound, NotReversible, ReasonRequired, ChangedMeanwhile.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str, reason: str) -> Payment:
        actor.must(Right.REVERSE_PAYMENTS)
        if not reason.strip():
            raise ReasonRequired("reverse a payment")
        with self.open_work(actor.store_id) as work:
            seen = work.payments.get(payment_id)
            actor.must_see(seen.company_id, "payment")
            invoices = work.invoices.locked(sorted(seen.allocations))
            payment = work.payments.locked([payment_id])[payment_id]
            if not set(payment.allocations) <= set(invoices):
                raise ChangedMeanwhile(payment.number)
            settings = work.notes.settings()
            movements = payment.reverse(invoices, settings.open_day(work.today()))
            numbers = sorted(invoice.number for invoice in invoices.values())
            facts = {"number": payment.number, "reopened": numbers}
            act = Act("payment.reversed", "payment", payment.id, facts, {"reason": reason.strip()})
            event = Event("payment.reversed", payment.id, payment.company_id, facts)
            work.book(actor, act, movements, settings.told([event]))
            work.commit()
        return payment
