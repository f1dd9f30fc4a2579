"""The first page of the seller: figures of the books, what came in last, what waits for a person."""

from dataclasses import dataclass

from domain.listing import PaymentFilter, PaymentRow, Totals
from domain.overview import Figures
from domain.ports import OpenWork
from domain.roles import Actor, Right

NEWEST = 6
"""Payments shown."""


@dataclass(frozen=True)
class Overview:
    """`credit` are companies' totals with their available credit; `payments` and `open_reviews` only for those who
    may see payments."""

    figures: tuple[Figures, ...]
    credit: tuple[Totals, ...]
    payments: tuple[PaymentRow, ...] = ()
    open_reviews: int = 0


@dataclass(frozen=True)
class LookAtOverview:
    """Within the companies of the person. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> Overview:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            figures = tuple(work.queries.figures(actor.companies))
            credit = tuple(one for one in work.queries.totals(None, actor.companies) if one.available_credit)
            if not actor.may(Right.VIEW_PAYMENTS):
                return Overview(figures, credit)
            newest = work.queries.payments(PaymentFilter(companies=actor.companies), NEWEST, None)
            return Overview(figures, credit, newest.rows, len(work.reviews.list_open(companies=actor.companies)))
