"""Money of an invoice payment reaches the books: order and transactions alone decide (R-19, R-20, T-16 to T-20)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Invoice
from domain.ledger import Movement, Origin
from domain.money import Money
from domain.order import Order, OrderMoney
from domain.order_money import Reading, read_money
from domain.payment import Method, Payment
from domain.payment_attempt import SKU, AttemptState, CartLine, PaymentAttempt, shares
from domain.ports import Doorbell, OpenWork, Work
from domain.review import Review, ReviewKind
from domain.roles import system
from domain.use_cases.order_payment import BroughtUp, receive_new, refund_new, set_pending, time_zone_of
from domain.zone import local_day


def cart_lines(order: Order) -> tuple[CartLine, ...]:
    """The order's lines as cart lines. A price that includes tax is compared with tax: what the buyer paid for it."""
    return tuple(
        CartLine(
            line.sku,
            line.name,
            Money((line.total_ex_tax.minor + line.tax.minor) // max(1, int(line.quantity)), order.currency),
            int(line.quantity),
            line.id,
        )
        for line in order.lines
    )


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
        promised = self.reading.authorized + self.reading.on_its_way
        if known is None and (not (self.reading.tenders or promised) or company_id is None):
            self._nobody(company_id)
            return
        split = self._shares()
        wanted = set(split) | set(known.allocations if known else ())
        wanted |= {line.invoice_id for line in self.attempt.lines} if self.attempt else set()
        invoices = self.work.invoices.locked(sorted(wanted))
        payment = self._payment(known, company_id or 0)
        self._book(payment, invoices, split)

    def _company(self) -> int | None:
        return self.attempt.company_id if self.attempt else self.order.company_id

    def _nobody(self, company_id: int | None) -> None:
        """Captured money of our product that belongs to no company we know: a person must look (R-17)."""
        if company_id is None and self.reading.tenders:
            self._review(
                ReviewKind.NO_ATTEMPT, "a payment of a company", f"{self.reading.captured} from a shopper", None
            )

    def _shares(self) -> Mapping[str, Money]:
        if self.attempt is None:
            self.remarks.append("the order was not started from an invoice list")
            return {}
        split, remarks = shares(self.attempt, cart_lines(self.order), self.reading.captured)
        waiting = self.reading.authorized + self.reading.on_its_way
        self.remarks += [one for one in remarks if not (waiting and one.endswith("was captured"))]
        buyer = self.work.companies.find_buyer(self.order.customer_id)
        if self.order.customer_id != self.attempt.customer_id:
            if buyer is None or buyer.company_id != self.attempt.company_id:
                self.remarks.append("the order was placed by a shopper of no or another company")
                return {}
        elif buyer is None or buyer.company_id != self.attempt.company_id:
            self.remarks.append("the buyer no longer belongs to the company")
        return split

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

    def _book(self, payment: Payment, invoices: Mapping[str, Invoice], split: Mapping[str, Money]) -> None:
        zone = time_zone_of(self.work)
        received = receive_new(self.work, payment, self.reading, zone, Origin.PORTAL)
        movements = list(received.movements)
        if received.is_news:
            movements += self._apply(payment, invoices, split)
        before_back = payment.available
        back = refund_new(self.work, payment, self.reading, invoices, zone, self._line_to_invoice())
        movements += back.movements
        self._keep_pending(payment, invoices)
        if received.is_news:
            self._captured(payment, before_back)
        payment.needs_review = payment.needs_review or bool(self.remarks and received.is_news)
        self.work.payments.save(payment)
        self._record(payment, received, back, movements)

    def _apply(self, payment: Payment, invoices: Mapping[str, Invoice], split: Mapping[str, Money]) -> list[Movement]:
        """What this payment has not yet given each invoice of its split, as far as invoice and money allow."""
        movements = []
        for invoice_id, meant in split.items():
            invoice = invoices[invoice_id]
            left = meant.minor - payment.allocations.get(invoice_id, 0)
            amount = Money(min(left, invoice.account.balance, payment.account.available), payment.currency)
            if invoice.removed is None and amount.minor > 0:
                movements.append(payment.allocate(invoice, amount))
            if amount.minor < left:
                short = Money(left - max(0, amount.minor), payment.currency)
                self.remarks.append(f"{invoice.number} could not take {short}; it stays as available credit")
        return movements

    def _line_to_invoice(self) -> dict[int, str]:
        """Order line ids of the cart's lines, so that a refund that names a line hits its invoice (R-20)."""
        if self.attempt is None:
            return {}
        by_name = {f"Invoice {line.number}": line.invoice_id for line in self.attempt.lines}
        return {line.id: by_name[line.name] for line in self.order.lines if line.name in by_name}

    def _keep_pending(self, payment: Payment, invoices: Mapping[str, Invoice]) -> None:
        if self.attempt is None:
            return
        wanted = {line.invoice_id: min(line.amount, invoices[line.invoice_id].balance) for line in self.attempt.lines}
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
        if not movements:
            if self.is_new:
                event = Event("payment.pending", payment.id, payment.company_id, {"number": payment.number})
                act = Act("payment.pending", "payment", payment.id, {"order": self.order.id})
                self.work.book(system(self.work.store.id, "worker"), act, [], [event])
            return
        per_invoice = {
            movement.invoice_id: movement.amount.text for movement in movements if movement.invoice_id is not None
        }
        facts = {
            "number": payment.number,
            "order": self.order.id,
            "received": received.received.text,
            "refunded": back.refunded.text,
            "invoices": per_invoice,
        }
        events = []
        if received.is_news:
            events.append(Event("payment.received", payment.id, payment.company_id, facts))
        if back.is_news:
            events.append(Event("payment.refunded", payment.id, payment.company_id, facts))
        act = Act("payment.settled" if received.is_news else "payment.refunded", "payment", payment.id, facts)
        self.work.book(system(self.work.store.id, "worker"), act, movements, events)
        self.work.outbox.put("mark_order", str(self.order.id), {"payment_id": payment.id})

    def _review(self, kind: ReviewKind, expected: str, found: str, company_id: int | None) -> None:
        self.work.reviews.open(
            Review(new_id(), kind, "order", str(self.order.id), expected, found, company_id=company_id)
        )
