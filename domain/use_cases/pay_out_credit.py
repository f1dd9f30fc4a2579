"""Credit goes back to the company outside the portal, by check or transfer (R-1, R-21)."""

from dataclasses import dataclass

from domain.errors import InputInvalid, ReasonRequired
from domain.events import Act, Event
from domain.ledger import SourceKind
from domain.money import Money
from domain.ports import OpenWork
from domain.roles import Actor, Right
from domain.source import SourceOfCredit
from domain.use_cases.later_acts import Press, lock_source


@dataclass(frozen=True)
class PayOutCredit:
    """Of a payment, up to what is available; `reference` says how, such as a check number.

    Raises NotAllowed, NotFound, InputInvalid, ReasonRequired, MoreThanAvailable, MixedCurrencies, KeyReused.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str, amount: Money, reference: str, key: str = "") -> SourceOfCredit:
        actor.must(Right.REVERSE_PAYMENTS)
        if amount.minor <= 0:
            raise InputInvalid("amount", "Enter an amount above zero.")
        if not reference.strip():
            raise ReasonRequired("pay credit out")
        with self.open_work(actor.store_id) as work:
            press = Press(work, actor, "pay_out", key, (payment_id, amount, reference.strip()))
            source = lock_source(work, actor, SourceKind.PAYMENT, payment_id)
            if press.before() is not None:
                return source
            settings = work.notes.settings()
            movement = source.pay_out(amount, settings.open_day(work.today()))
            facts = {"number": source.number, "amount": amount.text, "currency": amount.currency}
            act = Act("payment.paid_out", source.kind.value, source.id, facts, {"reason": reference.strip()})
            event = Event("payment.paid_out", source.id, source.company_id, facts)
            work.book(actor, act, [movement], settings.told([event]))
            press.keep(payment_id)
            work.commit()
        return source
