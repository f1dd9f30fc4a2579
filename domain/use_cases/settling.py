"""Closing a review item, by whatever act settles it: kept with who and how."""

from domain.errors import ChangedMeanwhile
from domain.events import Act
from domain.ports import Work
from domain.review import Outcome, Review, Settlement
from domain.roles import Actor, Right


def close_review(work: Work, actor: Actor, review: Review, outcome: Outcome, note: str = "") -> None:
    """Settles the item and clears the flag of its payment when nothing else of it is open.

    Raises NotAllowed, NotFound, ChangedMeanwhile when somebody settled it first.
    """
    actor.must(Right.SETTLE_REVIEWS)
    actor.must_see(review.company_id or 0, "review item")
    if not work.reviews.settle(review.kind, review.subject_id, Settlement(outcome, actor.name, note)):
        raise ChangedMeanwhile("this review item")
    facts = {"kind": review.kind.value, "subject": f"{review.subject_kind} {review.subject_id}"}
    texts = {"reason": note} if note else {}
    work.book(actor, Act("review.settled", "review", review.id, {**facts, "outcome": outcome.value}, texts))
    if review.subject_kind == "order":
        _clear_flag(work, int(review.subject_id))


def _clear_flag(work: Work, order_id: int) -> None:
    seen = work.payments.find_by_order(order_id)
    if seen is None or not seen.needs_review:
        return
    if any((one.subject_kind, one.subject_id) == ("order", str(order_id)) for one in work.reviews.list_open()):
        return
    payment = work.payments.locked([seen.id])[seen.id]
    payment.needs_review = False
    work.payments.save(payment)
