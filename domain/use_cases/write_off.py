"""A balance that will not be collected, given up and taken back (R-4). No tax effect: the paper stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import InputInvalid, PaymentPending, ReasonRequired
from domain.events import Act, Event
from domain.invoice import Invoice
from domain.ledger import Movement
from domain.money import Money
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.use_cases.later_acts import Press
from domain.write_off import WriteOffReason, check_reason


@dataclass(frozen=True)
class GivenUp:
    """What the person entered; `key` from the form makes a double submit harmless."""

    amount: Money
    reason: WriteOffReason
    note: str = ""
    key: str = ""


@dataclass(frozen=True)
class WriteOff:
    """Part or all of what an invoice is owed, with a reason code.

    Refuses with NotAllowed, NotFound, MoreThanOwed, PaymentPending, ReasonRequired, InputInvalid, KeyReused.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str, given_up: GivenUp) -> Invoice:
        actor.must(Right.WRITE_OFF)
        with self.open_work(actor.store_id) as work:
            actor.must_see(work.invoices.get(invoice_id).company_id, "invoice")
            wanted = (invoice_id, given_up.amount, given_up.reason, given_up.note.strip())
            press = Press(work, actor, "write_off", given_up.key, wanted)
            if press.before() is not None:
                return work.invoices.get(invoice_id)
            check_reason(given_up.reason, given_up.note)
            if given_up.amount.minor <= 0:
                raise InputInvalid("amount", "Enter an amount above zero.")
            invoice = work.invoices.locked([invoice_id])[invoice_id]
            pending = work.payments.pending_on([invoice_id])
            if invoice_id in pending:
                raise PaymentPending(invoice.number, pending[invoice_id])
            day = work.notes.settings().open_day(work.today())
            movement = invoice.write_off(given_up.amount, day)
            facts = {"number": invoice.number, "amount": given_up.amount.text, "reason": given_up.reason.value}
            _book(work, actor, invoice, "write_off.created", facts, given_up.note, movement)
            press.keep(invoice.id)
            work.commit()
        return invoice


@dataclass(frozen=True)
class ReverseWriteOff:
    """All that was written off is owed again; the invoice keeps its due date.

    Refuses with NotAllowed, NotFound, MoreThanWrittenOff, ReasonRequired.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str, amount: Money, reason: str) -> Invoice:
        actor.must(Right.WRITE_OFF)
        if not reason.strip():
            raise ReasonRequired("take the write-off back")
        with self.open_work(actor.store_id) as work:
            actor.must_see(work.invoices.get(invoice_id).company_id, "invoice")
            if amount.minor <= 0:
                raise InputInvalid("amount", "Enter an amount above zero.")
            invoice = work.invoices.locked([invoice_id])[invoice_id]
            day = work.notes.settings().open_day(work.today())
            movement = invoice.reverse_write_off(amount, day)
            facts = {"number": invoice.number, "amount": amount.text}
            _book(work, actor, invoice, "write_off.reversed", facts, reason, movement)
            work.commit()
        return invoice


def _book(
    work: Work,
    actor: Actor,
    invoice: Invoice,
    what: str,
    facts: Mapping[str, object],
    note: str,
    movement: Movement,
) -> None:
    texts = {"reason": note.strip()} if note.strip() else {}
    event = Event(what, invoice.id, invoice.company_id, facts)
    act = Act(what, "invoice", invoice.id, facts, texts)
    work.book(actor, act, [movement], work.notes.settings().told([event]))
