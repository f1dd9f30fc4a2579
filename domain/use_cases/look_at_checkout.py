"""What the checkout and confirmation panels show: always from our books, never from the browser (T-19)."""

from dataclasses import dataclass
from typing import Final

from domain.errors import NotFound
from domain.invoice import Invoice
from domain.money import Money
from domain.order import Order
from domain.payment import Payment, PaymentStatus
from domain.payment_attempt import PaymentAttempt
from domain.ports import Doorbell, OpenWork
from domain.roles import Actor, BuyerRight
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.start_checkout import allowed_methods, why_not_exact

MOST_CARTS: Final = 3
"""Unpaid carts of a shopper that are looked up at once: the one just paid is among the last."""


@dataclass(frozen=True)
class CartLook:
    """The attempt behind a cart with today's balances; `matches` whether the cart still costs exactly that."""

    company_name: str
    attempt: PaymentAttempt
    invoices: dict[str, Invoice]
    matches: bool
    allowed_methods: tuple[str, ...]


@dataclass(frozen=True)
class LookAtCart:
    """Raises NotFound for a cart that is not ours or not this company's; StoreUnreachable when checkout cannot be read,
    and the panel then leaves the ordinary checkout alone."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor, cart_id: str) -> CartLook:
        company_id = actor.must_as_buyer(BuyerRight.VIEW)
        with self.open_work(actor.store_id) as work:
            attempt = work.attempts.find_by_cart(cart_id)
            if attempt is None or attempt.company_id != company_id:
                raise NotFound("cart")
            company = work.companies.get(company_id)
            settings = work.notes.settings()
            invoices = {line.invoice_id: work.invoices.get(line.invoice_id) for line in attempt.lines}
        matches = True
        methods: tuple[str, ...] = ()
        try:
            shop = self.open_shop(actor.store_id)
            matches = not why_not_exact(attempt, shop.checkout.read(cart_id, attempt.currency), settings)
            methods = tuple(one.id for one in allowed_methods(company, shop.checkout.methods(cart_id), settings))
        except NotFound:
            matches = False
        owed = all(invoices[line.invoice_id].balance >= line.amount for line in attempt.lines)
        return CartLook(company.name, attempt, invoices, matches and owed, methods)


@dataclass(frozen=True)
class PaidLine:
    number: str
    amount: Money
    new_balance: Money


@dataclass(frozen=True)
class PaidLook:
    """`state`: paid, pending, awaiting_payment, needs_review or unknown; never paid before the ledger says so."""

    state: str
    payment: Payment | None = None
    lines: tuple[PaidLine, ...] = ()


@dataclass(frozen=True)
class LookAtPaidOrder:
    """By order id after checkout. While nothing is known of it, the shopper's own unpaid carts are looked up, so that
    asking makes it quick: the number the browser names is not believed, or anybody could have any order read.

    Raises NotFound for the order of another company or shopper.
    """

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor, order_id: int) -> PaidLook:
        company_id = actor.must_as_buyer(BuyerRight.VIEW)
        with self.open_work(actor.store_id) as work:
            payment = work.payments.find_by_order(order_id)
            order = work.orders.find(order_id)
            if (payment and payment.company_id != company_id) or (order and not _is_own(order, actor)):
                raise NotFound("order")
            if payment is None:
                for cart_id in work.attempts.unpaid_carts(actor.customer_id or 0, MOST_CARTS):
                    work.inbox.put("cart", cart_id)
                work.commit()
                look = PaidLook("awaiting_payment" if order and order.status_id == 7 else "unknown")
            else:
                applied = work.queries.applied_to(payment.id)
                lines = tuple(PaidLine(row.number, amount, row.balance) for row, amount in applied)
                look = PaidLook(_state(payment), payment, lines)
        if payment is None:
            self.doorbell.ring(actor.store_id, "inbox")
        return look


def _is_own(order: Order, actor: Actor) -> bool:
    """Of the buyer's company, or, while no company is known, of the buyer."""
    return order.company_id == actor.company_id if order.company_id else order.customer_id == actor.customer_id


def _state(payment: Payment) -> str:
    """What a buyer reads; money that was sent back is not paid any more, and someone at the store knows more."""
    if payment.needs_review:
        return "needs_review"
    return _STATES.get(payment.status, "needs_review")


_STATES: Final = {
    PaymentStatus.PENDING: "pending",
    PaymentStatus.FAILED: "awaiting_payment",
    PaymentStatus.COMPLETED: "paid",
    PaymentStatus.PARTLY_REFUNDED: "paid",
}
