"""A buyer says “I have sent a check or transfer”: shown to both sides, changes no balance (R-28)."""

from dataclasses import dataclass
from datetime import date

from domain.errors import InputInvalid, ReasonRequired
from domain.events import Act, Event
from domain.ids import new_id
from domain.listing import Page, PaymentFilter, PaymentRow
from domain.money import Money
from domain.payment import OFFLINE, Method, Payment, PaymentStatus, check_offline
from domain.ports import OpenWork
from domain.roles import Actor, BuyerRight, Right
from domain.use_cases.later_acts import Press, lock_payment
from domain.use_cases.record_offline_payment import LABELS


@dataclass(frozen=True)
class Announced:
    """What the buyer entered; `reference` is the check number or the transfer's text."""

    amount: Money
    method: Method
    sent_on: date
    reference: str = ""


@dataclass(frozen=True)
class AnnouncePayment:
    """By a buyer who may pay. It takes the payment number that the recorded payment will keep.

    Raises NoRight, InputInvalid, MemoRequired, KeyReused.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, announced: Announced, key: str) -> Payment:
        company_id = actor.must_as_buyer(BuyerRight.PAY)
        with self.open_work(actor.store_id) as work:
            facts = (announced.amount, announced.method, announced.sent_on, announced.reference.strip())
            press = Press(work, actor, "announce_payment", key, facts)
            kept = press.before()
            if kept is not None:
                return work.payments.get(kept)
            _check(announced, work.today())
            settings = work.notes.settings()
            payment = Payment(
                new_id(),
                settings.number("payment", work.numbers.take("payment")),
                work.companies.get(company_id).id,
                announced.amount.currency,
                announced.sent_on,
                method=announced.method,
                method_label=LABELS[announced.method],
                memo=announced.reference.strip(),
                recorded_by=actor.name,
                announced=announced.amount.minor,
            )
            work.payments.add(payment)
            told = {"number": payment.number, "amount": payment.amount.text, "currency": payment.currency}
            act = Act("payment.announced", "payment", payment.id, told, {"memo": payment.memo})
            event = Event("payment.announced", payment.id, company_id, told)
            work.book(actor, act, [], settings.told([event]))
            press.keep(payment.id)
            work.commit()
        return payment


def _check(announced: Announced, today: date) -> None:
    if announced.method not in OFFLINE:
        raise InputInvalid("method", "Choose check, cash, bank transfer or other.")
    if announced.amount.minor <= 0:
        raise InputInvalid("amount", "Enter an amount above zero.")
    if announced.sent_on > today:
        raise InputInvalid("sent_on", "The day it was sent is in the future. Announce it once it is on its way.")
    check_offline(announced.method, announced.reference, announced.sent_on, today)


@dataclass(frozen=True)
class ListAnnounced:
    """What a buyer's company announced and nobody has recorded or dismissed yet, newest first. Raises NoRight."""

    open_work: OpenWork

    def __call__(self, actor: Actor, limit: int = 50, cursor: str | None = None) -> Page[PaymentRow]:
        company_id = actor.must_as_buyer(BuyerRight.HISTORY)
        chosen = PaymentFilter(company_id=company_id, status=PaymentStatus.ANNOUNCED)
        with self.open_work(actor.store_id) as work:
            return work.queries.payments(chosen, limit, cursor)


@dataclass(frozen=True)
class DismissAnnouncement:
    """It never arrived, or was announced by mistake: shown as Failed. Raises NotAllowed, NotFound, NotAnnounced,
    ReasonRequired."""

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str, reason: str) -> Payment:
        actor.must(Right.RECORD_PAYMENTS)
        if not reason.strip():
            raise ReasonRequired("dismiss an announced payment")
        with self.open_work(actor.store_id) as work:
            payment, _ = lock_payment(work, actor, payment_id)
            payment.check_announced()
            payment.failed = True
            work.payments.save(payment)
            facts = {"number": payment.number}
            act = Act("payment.dismissed", "payment", payment.id, facts, {"reason": reason.strip()})
            event = Event("payment.failed", payment.id, payment.company_id, facts)
            work.book(actor, act, [], work.notes.settings().told([event]))
            work.commit()
        return payment
