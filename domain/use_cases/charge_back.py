"""The bank takes an online payment back, and gives it back when the dispute is won (R-1, R-20)."""

from dataclasses import dataclass

from domain.errors import ChangedMeanwhile, ReasonRequired
from domain.events import Act, Event
from domain.invoice import Invoice
from domain.ledger import Kind, Movement
from domain.money import Money
from domain.payment import Payment, taken_by_chargeback
from domain.ports import OpenWork, Work
from domain.review import Outcome, ReviewKind, Settlement
from domain.roles import Actor, Right
from domain.source import SourceOfCredit
from domain.use_cases.later_acts import Press, lock_payment, recover, statuses, turned


@dataclass(frozen=True)
class ChargeBack:
    """Available credit first, then allocations, latest due first; what is over becomes an invoice of its own.

    Settles the item that told of the dispute. Raises NotAllowed, NotFound, NotChargedBack, InputInvalid,
    MixedCurrencies, ReasonRequired, KeyReused, ChangedMeanwhile.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str, amount: Money, reason: str, key: str = "") -> Payment:
        actor.must(Right.REVERSE_PAYMENTS)
        if not reason.strip():
            raise ReasonRequired("charge a payment back")
        with self.open_work(actor.store_id) as work:
            press = Press(work, actor, "charge_back", key, (payment_id, amount, reason.strip()))
            if press.before() is not None:
                return work.payments.get(payment_id)
            payment, invoices = lock_payment(work, actor, payment_id)
            settings = work.notes.settings()
            day, was = settings.open_day(work.today()), statuses(invoices)
            over = payment.beyond_held(amount)
            movements = payment.charge_back(amount, invoices, day)
            facts = _facts(payment, amount, movements, invoices)
            act = Act("payment.charged_back", "payment", payment.id, facts, {"reason": reason.strip()})
            event = Event("payment.charged_back", payment.id, payment.company_id, facts)
            work.book(actor, act, movements, settings.told([*turned(was, invoices), event]))
            recover(work, actor, payment, over, day)
            if payment.bc_order_id is not None:
                settlement = Settlement(Outcome.CHARGED_BACK, actor.name, reason.strip())
                work.reviews.settle(ReviewKind.DISPUTED, str(payment.bc_order_id), settlement)
            press.keep(payment_id)
            work.commit()
        return payment


@dataclass(frozen=True)
class WinChargeback:
    """The money is back: applied again to the invoices it was taken from, as far as they are open. The recovery
    invoice, if there was one, is void; what was paid on it is available credit again.

    Raises NotAllowed, NotFound, NotWonBack, KeyReused, ChangedMeanwhile.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str, note: str = "", key: str = "") -> Payment:
        actor.must(Right.REVERSE_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            press = Press(work, actor, "win_chargeback", key, (payment_id, note.strip()))
            if press.before() is not None:
                return work.payments.get(payment_id)
            seen = work.payments.get(payment_id)
            taken = taken_by_chargeback(work.payments.movements(payment_id))
            also = [*taken, seen.recovery_id] if seen.recovery_id else [*taken]
            payment, invoices = lock_payment(work, actor, payment_id, also)
            if payment.account != seen.account or payment.recovery_id != seen.recovery_id:
                raise ChangedMeanwhile(payment.number)
            settings = work.notes.settings()
            day, was = settings.open_day(work.today()), statuses(invoices)
            back = Money(payment.account.charged_back, payment.currency)
            movements = payment.win_chargeback(taken, invoices, day)
            facts = _facts(payment, back, movements, invoices)
            texts = {"note": note.strip()} if note.strip() else {}
            act = Act("payment.chargeback_won", "payment", payment.id, facts, texts)
            event = Event("payment.chargeback_won", payment.id, payment.company_id, facts)
            work.book(actor, act, movements, settings.told([*turned(was, invoices), event]))
            if payment.recovery_id is not None:
                recovery = invoices[payment.recovery_id]
                payment.recovery_id = None
                work.payments.save(payment)
                _withdraw(work, actor, recovery, payment)
            press.keep(payment_id)
            work.commit()
        return payment


def _facts(
    payment: Payment, amount: Money, movements: list[Movement], invoices: dict[str, Invoice]
) -> dict[str, object]:
    moved = {
        invoices[one.invoice_id].number: one.amount.text
        for one in movements
        if one.invoice_id is not None and one.kind in (Kind.ALLOCATED, Kind.DEALLOCATED)
    }
    return {"number": payment.number, "amount": amount.text, "currency": payment.currency, "invoices": moved}


def _withdraw(work: Work, actor: Actor, recovery: Invoice, payment: Payment) -> None:
    """Voids a recovery that is not owed any more; write-offs and money on it are taken off first (R-1)."""
    if recovery.removed is not None:
        return
    settings = work.notes.settings()
    day = settings.open_day(work.today())
    movements: list[Movement] = []
    if recovery.account.written_off:
        movements.append(recovery.reverse_write_off(Money(recovery.account.written_off, recovery.currency), day))
    ids = work.payments.allocated_to(recovery.id)
    sources: dict[str, SourceOfCredit] = {**work.payments.locked(ids), **work.credit_memos.locked(ids)}
    for source in sources.values():
        applied = Money(source.allocations.get(recovery.id, 0), source.currency)
        if applied:
            movements.append(source.deallocate(recovery, applied, day))
    movements += recovery.void(day)
    work.invoices.save(recovery)
    facts = {"number": recovery.number, "chargeback_won": payment.number}
    event = Event("invoice.voided", recovery.id, recovery.company_id, facts)
    work.book(actor, Act("invoice.voided", "invoice", recovery.id, facts), movements, settings.told([event]))
