"""What a person must decide on, and the decisions that move no money themselves."""

from dataclasses import dataclass

from domain.errors import InputInvalid, ReasonRequired
from domain.listing import Page
from domain.payment import Payment
from domain.ports import OpenWork
from domain.review import Outcome, Review
from domain.roles import Actor, Right
from domain.use_cases.settling import close_review


@dataclass(frozen=True)
class ReviewItem:
    """A review with the payment it is about, where there is one."""

    review: Review
    payment: Payment | None = None


@dataclass(frozen=True)
class ListReviewItems:
    """Open items oldest first, or settled ones. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(
        self, actor: Actor, *, settled: bool = False, limit: int = 25, cursor: str | None = None
    ) -> Page[ReviewItem]:
        actor.must(Right.VIEW_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            found = work.reviews.page(settled=settled, limit=limit, cursor=cursor, companies=actor.companies)
            orders = [int(one.subject_id) for one in found.rows if one.subject_kind == "order"]
            payments = work.payments.by_orders(orders)
            items = [
                ReviewItem(one, payments.get(int(one.subject_id)) if one.subject_kind == "order" else None)
                for one in found.rows
            ]
        return Page(tuple(items), found.next_cursor, found.previous_cursor)


@dataclass(frozen=True)
class ShowReview:
    """One item, open or settled. Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, review_id: str) -> ReviewItem:
        actor.must(Right.VIEW_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            review = work.reviews.get(review_id)
            actor.must_see(review.company_id or 0, "review item")
            is_order = review.subject_kind == "order"
            return ReviewItem(review, work.payments.find_by_order(int(review.subject_id)) if is_order else None)


@dataclass(frozen=True)
class SettleReview:
    """Leaves money as credit, or dismisses the item with a reason. Applying and charging back are acts of their own.

    Raises NotAllowed, NotFound, InputInvalid, ReasonRequired, ChangedMeanwhile.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, review_id: str, outcome: Outcome, reason: str = "") -> Review:
        actor.must(Right.SETTLE_REVIEWS)
        if outcome is Outcome.DISMISSED and not reason.strip():
            raise ReasonRequired("dismiss a review item")
        with self.open_work(actor.store_id) as work:
            review = work.reviews.get(review_id)
            if outcome not in review.outcomes() or outcome is Outcome.APPLIED_AS_EXPECTED:
                raise InputInvalid("outcome", "Choose one of the ways offered.")
            close_review(work, actor, review, outcome, reason.strip())
            work.commit()
        return review
