"""The memo of a recorded payment is corrected; nothing else of it can be edited (R-21)."""

from dataclasses import dataclass

from domain.events import Act
from domain.payment import Payment
from domain.ports import OpenWork
from domain.roles import Actor, Right
from domain.use_cases.later_acts import lock_payment


@dataclass(frozen=True)
class EditMemo:
    """Keeps the memo before and after. Raises NotAllowed, NotFound, InputInvalid, MemoRequired."""

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str, memo: str) -> Payment:
        actor.must(Right.RECORD_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            payment, _ = lock_payment(work, actor, payment_id)
            before = payment.memo
            payment.change_memo(memo)
            if payment.memo != before:
                work.payments.save(payment)
                texts = {"before": before, "after": payment.memo}
                work.book(actor, Act("payment.memo_changed", "payment", payment.id, {"number": payment.number}, texts))
                work.commit()
        return payment
