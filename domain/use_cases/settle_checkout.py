"""Money of an invoice payment reaches the books: order and transactions alone decide (R-19, R-20, T-16 to T-20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Invoice
from domain.ledger import Kind, Movement, Origin
from domain.money import Money
from domain.order import Order, OrderLine, OrderMoney
from domain.order_money import Reading, Tender, read_money
from domain.payment import Method, Payment
from domain.payment_attempt import SKU, AttemptState, CartLine, PaymentAttempt, shares, standing_lines
from domain.ports import Doorbell, OpenWork, Work
from domain.review import Review, ReviewKind
from domain.roles import system
from domain.use_cases.order_payment import (
    BroughtUp,
    PaidLine,
    receive_new,
    refund_new,
    review_dispute,
    review_money_back,
    set_pending,
    time_zone_of,
)
from domain.zone import local_day


def cart_lines(order: Order) -> tuple[CartLine, ...]:
    """The order's lines as cart lines. A price that includes tax is compared with tax: what the buyer paid for it."""
    return tuple(
        CartLine(
            line.sku,
            line.name,
            Money((line.total_ex_tax.minor + _tax_in_price(order, line)) // max(1, int(line.quantity)), order.currency),
            int(line.quantity),
            line.id,
        )
        for line in order.lines
    )


def _tax_in_price(order: Order, line: OrderLine) -> int:
    """Tax the store put on top of our price is no part of it: it was captured beyond the attempt (R-19)."""
    return line.tax.minor if order.is_tax_inclusive else 0


@dataclass(frozen=True)
class SettleCheckout:
    """Called for every reading of a payment order; books what is certain and new, opens a review for the rest.

    Never refuses money already taken (ground rule 3).
    """

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, store_id: int, order: Order, money: OrderMoney) -> None:
        with self.open_work(store_id) as work:
            work.orders.lock(order.id)
            attempt = work.attempts.find_by_cart(order.cart_id) if order.cart_id else None
            if attempt is None and not any(line.sku == SKU for line in order.lines):
                return
            reading = read_money(money, order.currency, allow_test=work.notes.settings().allow_test_money)
            settling = _Settling(work, order, reading, attempt)
            settling.run()
            work.commit()
        self.doorbell.ring(store_id, "outbox")


@dataclass
class _Settling:
    work: Work
    order: Order
    reading: Reading
    attempt: PaymentAttempt | None
    remarks: list[str] = field(default_factory=list)
    is_new: bool = False

    def run(self) -> None:
        company_id = self._company()
        known = self.work.payments.find_by_order(self.order.id)
        if known is None and (not (self.reading.tenders or self.reading.promised) or company_id is None):
            self._nobody(company_id)
            return
        wanted = set(known.allocations if known else ())
        wanted |= {line.invoice_id for line in self.attempt.lines} if self.attempt else set()
        invoices = self.work.invoices.locked(sorted(wanted))
        payment = self._payment(known, company_id or 0)
        self._book(payment, invoices)
        review_money_back(self.work, payment, self.reading, self.order.id)
        review_dispute(self.work, self.order, payment)

    def _company(self) -> int | None:
        return self.attempt.company_id if self.attempt else self.order.company_id

    def _nobody(self, company_id: int | None) -> None:
        """Captured money of our product that belongs to no company we know: a person must look (R-17)."""
        if company_id is None and self.reading.tenders:
            self._review(
                ReviewKind.NO_ATTEMPT, "a payment of a company", f"{self.reading.captured} from a shopper", None
            )

    def _payment(self, known: Payment | None, company_id: int) -> Payment:
        if known is not None:
            return self.work.payments.locked([known.id])[known.id]
        at = self.reading.tenders[0].at if self.reading.tenders else self.order.placed_at
        payment = Payment(
            new_id(),
            self._number(),
            company_id,
            self.order.currency,
            local_day(at, time_zone_of(self.work)),
            method=Method.ONLINE,
            method_label=self.order.payment_method or "Online",
            bc_order_id=self.order.id,
            attempt_id=self.attempt.id if self.attempt else None,
            recorded_by="Checkout",
        )
        self.work.payments.add(payment)
        self.is_new = True
        return payment

    def _number(self) -> str:
        """The number promised to the buyer; a second order from the same cart gets its own."""
        if self.attempt and not self.work.payments.number_is_used(self.attempt.payment_number):
            return self.attempt.payment_number
        return self.work.notes.settings().number("payment", self.work.numbers.take("payment"))

    def _book(self, payment: Payment, invoices: Mapping[str, Invoice]) -> None:
        zone = time_zone_of(self.work)
        had_failed = payment.failed
        received = receive_new(self.work, payment, self.reading, zone, Origin.PORTAL)
        movements = list(received.movements)
        if received.is_news:
            movements += self._apply(payment, invoices, received)
        before_back = payment.available
        back = refund_new(self.work, payment, self.reading, invoices, zone, self._paid_by())
        movements += back.movements
        self._keep_pending(payment, invoices)
        if received.is_news:
            self._captured(payment, before_back)
        payment.needs_review = payment.needs_review or bool(self.remarks and received.is_news)
        self.work.payments.save(payment)
        if movements:
            self._record(payment, received, back, movements)
        elif self.is_new:
            self._tell(payment, "payment.pending")
        elif payment.failed and not had_failed:
            self._tell(payment, "payment.failed")

    # --- what the money is for ----------------------------------------------------------------------------
    def _split(self, captured: Money, remarks: list[str]) -> Mapping[str, Money]:
        """What so much captured money is meant for. Whatever cannot be told is available credit with a remark."""
        if self.attempt is None:
            remarks.append("the order was not started from an invoice list")
            return {}
        if self.attempt.currency != self.order.currency:
            remarks.append(f"{captured} was captured instead of {self.attempt.total}")
            return {}
        split, found = shares(self.attempt, cart_lines(self.order), captured)
        remarks += [one for one in found if not (self.reading.promised and one.endswith("was captured"))]
        remarks += [
            f"{tender.amount} of it is {tender.method.replace('_', ' ')}"
            for tender in self.reading.tenders
            if not tender.is_cash
        ]
        buyer = self.work.companies.find_buyer(self.order.customer_id)
        belongs = buyer is not None and buyer.company_id == self.attempt.company_id
        if self.order.customer_id != self.attempt.customer_id and not belongs:
            remarks.append("the order was placed by a shopper of no or another company")
            return {}
        if not belongs:
            remarks.append("the buyer no longer belongs to the company")
        return split

    def _apply(self, payment: Payment, invoices: Mapping[str, Invoice], received: BroughtUp) -> list[Movement]:
        """What the new money adds to each invoice's share, as far as invoice and money allow.

        The shares before it are taken off, not what is applied now: a refund in between is not paid anew (R-20).
        """
        before = self._split(self.reading.captured - received.received, [])
        movements = []
        for invoice_id, meant in self._split(self.reading.captured, self.remarks).items():
            invoice = invoices[invoice_id]
            left = meant.minor - (before[invoice_id].minor if invoice_id in before else 0)
            amount = Money(max(0, min(left, invoice.account.balance, payment.account.available)), payment.currency)
            if amount:
                movements.append(payment.allocate(invoice, amount, not_before=received.last_day))
            if amount.minor < left:
                short = Money(left - amount.minor, payment.currency)
                self.remarks.append(f"{invoice.number} could not take {short}; it stays as available credit")
        return movements

    def _paid_by(self) -> dict[int, PaidLine]:
        """Which order line paid which invoice, so that a refund that names a line hits its invoice (R-20)."""
        if self.attempt is None or self.attempt.currency != self.order.currency:
            return {}
        return {
            line.line_id: PaidLine(paid[0].invoice_id, line.price)
            for line, paid in standing_lines(self.attempt, cart_lines(self.order))
            if line.line_id is not None and len(paid) == 1
        }

    def _keep_pending(self, payment: Payment, invoices: Mapping[str, Invoice]) -> None:
        if self.attempt is None:
            return
        wanted = {
            line.invoice_id: min(line.amount, invoices[line.invoice_id].balance)
            for line in self.attempt.lines
            if line.amount.currency == self.order.currency
        }
        set_pending(payment, self.reading, wanted)
        if self.reading.authorized:
            self._review(
                ReviewKind.AUTHORIZED_ONLY,
                f"{self.attempt.total} captured",
                f"{self.reading.authorized} is only authorised: capture it in BigCommerce",
                self.attempt.company_id,
            )
        else:
            self.work.reviews.settle(ReviewKind.AUTHORIZED_ONLY, str(self.order.id))

    # --- what is told ---------------------------------------------------------------------------------------
    def _captured(self, payment: Payment, left_over: Money) -> None:
        if self.attempt is not None and self.attempt.state is not AttemptState.SETTLED:
            self.attempt = self.attempt.in_state(AttemptState.SETTLED)
            self.work.attempts.save(self.attempt)
        if self.remarks:
            kind = ReviewKind.CAPTURED_OTHERWISE if self.attempt else ReviewKind.NO_ATTEMPT
            expected = str(self.attempt.total) if self.attempt else "no payment order"
            found = f"{self.reading.captured}: {'; '.join(self.remarks)}"
            if left_over:
                found += f"; {left_over} is available credit"
            self._review(kind, expected, found, payment.company_id)

    def _record(self, payment: Payment, received: BroughtUp, back: BroughtUp, movements: list[Movement]) -> None:
        new = {movement.transaction_id for movement in received.movements}
        facts = {
            "number": payment.number,
            "order": self.order.id,
            "received": received.received.text,
            "refunded": back.refunded.text,
            "invoices": _amounts(movements, Kind.ALLOCATED),
            "taken_back": _amounts(movements, Kind.DEALLOCATED),
            "tenders": [_told(tender) for tender in self.reading.tenders if tender.transaction_id in new],
            "to_store_credit": bool(back.is_news and any(one.to_store_credit for one in self.reading.back)),
        }
        kinds = ["payment.received"] if received.is_news else []
        kinds += ["payment.refunded"] if back.is_news else []
        events = [Event(kind, payment.id, payment.company_id, facts) for kind in kinds]
        act = Act("payment.settled" if received.is_news else "payment.refunded", "payment", payment.id, facts)
        told = self.work.notes.settings().told(events)
        self.work.book(system(self.work.store.id, "worker"), act, movements, told)
        self.work.outbox.put("mark_order", str(self.order.id), {"payment_id": payment.id})

    def _tell(self, payment: Payment, kind: str) -> None:
        event = Event(kind, payment.id, payment.company_id, {"number": payment.number})
        act = Act(kind, "payment", payment.id, {"order": self.order.id})
        self.work.book(system(self.work.store.id, "worker"), act, [], self.work.notes.settings().told([event]))

    def _review(self, kind: ReviewKind, expected: str, found: str, company_id: int | None) -> None:
        self.work.reviews.open(
            Review(new_id(), kind, "order", str(self.order.id), expected, found, company_id=company_id)
        )


def _amounts(movements: Sequence[Movement], kind: Kind) -> dict[str, str]:
    """Invoice id to the sum of its movements of that kind."""
    sums: dict[str, Money] = {}
    for one in movements:
        if one.kind is kind and one.invoice_id is not None:
            sums[one.invoice_id] = sums[one.invoice_id] + one.amount if one.invoice_id in sums else one.amount
    return {invoice_id: amount.text for invoice_id, amount in sums.items()}


def _told(tender: Tender) -> dict[str, str]:
    return {
        "transaction": tender.transaction_id,
        "method": tender.method,
        "gateway": tender.gateway,
        "amount": tender.amount.text,
    }
