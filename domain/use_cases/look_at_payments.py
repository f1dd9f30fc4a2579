"""The payment dashboard and one payment with what it was applied to."""

from dataclasses import dataclass, replace

from domain.listing import HistoryEntry, InvoiceRow, Page, PaymentFilter, PaymentMoved, PaymentRow
from domain.money import Money
from domain.payment import Payment
from domain.ports import OpenWork
from domain.review import Review
from domain.roles import Actor, Right


@dataclass(frozen=True)
class PaymentView:
    """`applied_to` are live allocations: each invoice as it stands now, and the amount. `recovery` is the invoice for
    what was taken back beyond what the payment held."""

    payment: Payment
    company_name: str
    applied_to: tuple[tuple[InvoiceRow, Money], ...]
    history: tuple[HistoryEntry, ...]
    reviews: tuple[Review, ...]
    movements: tuple[PaymentMoved, ...] = ()
    recovery: InvoiceRow | None = None


@dataclass(frozen=True)
class ListPayments:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(
        self, actor: Actor, chosen: PaymentFilter, limit: int = 25, cursor: str | None = None
    ) -> Page[PaymentRow]:
        actor.must(Right.VIEW_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            return work.queries.payments(replace(chosen, companies=actor.companies), limit, cursor)


@dataclass(frozen=True)
class ShowPayment:
    """Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str) -> PaymentView:
        actor.must(Right.VIEW_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            payment = work.payments.get(payment_id)
            actor.must_see(payment.company_id, "payment")
            subject = ("order", str(payment.bc_order_id))
            return PaymentView(
                payment,
                work.companies.get(payment.company_id).name,
                tuple(work.queries.applied_to(payment_id)),
                tuple(work.queries.history("payment", payment_id)),
                tuple(one for one in work.reviews.list_open() if (one.subject_kind, one.subject_id) == subject),
                tuple(work.queries.movements_of_payment(payment_id)),
                work.queries.invoice_row(payment.recovery_id) if payment.recovery_id else None,
            )


@dataclass(frozen=True)
class ListReviews:
    """What a person must decide on, with what was expected and what was found. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> list[Review]:
        actor.must(Right.VIEW_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            return work.reviews.list_open(companies=actor.companies)
