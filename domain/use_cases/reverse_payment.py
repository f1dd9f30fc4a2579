"""A check bounced or a payment was mis-keyed: a counter-entry, never a deletion (R-1, R-20)."""

from dataclasses import dataclass

from domain.errors import ReasonRequired
from domain.events import Act, Event
from domain.payment import Payment
from domain.ports import OpenWork
from domain.roles import Actor, Right
from domain.use_cases.later_acts import lock_payment, recover, statuses, turned


@dataclass(frozen=True)
class ReversePayment:
    """Everything the payment still holds leaves; its invoices are open again with their due dates. What was paid out
    of it meanwhile becomes an invoice of its own (R-1).

    Raises NotAllowed, NotFound, NotReversible, ReasonRequired, ChangedMeanwhile.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str, reason: str) -> Payment:
        actor.must(Right.REVERSE_PAYMENTS)
        if not reason.strip():
            raise ReasonRequired("reverse a payment")
        with self.open_work(actor.store_id) as work:
            payment, invoices = lock_payment(work, actor, payment_id)
            settings = work.notes.settings()
            day, was = settings.open_day(work.today()), statuses(invoices)
            over = payment.beyond_held(payment.bounced)
            movements = payment.reverse(invoices, day)
            numbers = sorted(invoice.number for invoice in invoices.values())
            facts = {"number": payment.number, "reopened": numbers}
            act = Act("payment.reversed", "payment", payment.id, facts, {"reason": reason.strip()})
            event = Event("payment.reversed", payment.id, payment.company_id, facts)
            work.book(actor, act, movements, settings.told([*turned(was, invoices), event]))
            recover(work, actor, payment, over, day)
            work.commit()
        return payment
