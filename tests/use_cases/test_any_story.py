"""Whatever happens in whatever order, no cent is lost or invented and no row is poison (I-1, I-2, I-6, I-7, I-18)."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.crediting import FreeLine
from domain.errors import Refusal
from domain.invoice import Invoice
from domain.money import Money
from domain.order import Order, OrderMoney, Refund, RefundItem
from domain.payment import OFFLINE, Method, Payment
from domain.use_cases.announce_payment import Announced
from domain.use_cases.edit_invoice import Edit
from domain.use_cases.issue_credit_memo import ApplyTo, Free, FromInvoice, Wanted
from domain.use_cases.record_offline_payment import Received
from domain.use_cases.write_off import GivenUp
from domain.write_off import WriteOffReason
from tests.builders import NORTHWIND, RECEIVED, a_line, an_order, buyer_of, finance, sales, usd
from tests.use_cases.books import check_books
from tests.use_cases.importing import push
from tests.use_cases.trade import Trade, a_tender


@dataclass
class Story:
    """Random steps of sellers, buyers, an ERP and a gateway. BigCommerce knows more than we were told."""

    trade: Trade
    chance: random.Random
    unheard: set[int] = field(default_factory=set)
    steps: int = 0

    def invoice(self) -> Invoice | None:
        with self.trade.work() as work:
            keys = list(work._data.invoices)
        return self.trade.read(self.chance.choice(keys)) if keys else None

    def order(self) -> Order | None:
        known = list(self.trade.shop.orders.orders.values())
        return self.chance.choice(known) if known else None

    def step(self) -> None:
        self.steps += 1
        acts: list[Callable[[], None]] = [
            *(self.place, self.create, self.pay, self.pay, self.gateway, self.gateway, self.refund, self.change),
            *(self.receive, self.reverse, self.edit, self.take_away, self.push, self.hear, self.hear, self.wait),
            *(self.credit, self.take_credit_back, self.write_off),
            *(self.apply, self.take_back, self.pay_out, self.announce),
        ]
        with suppress(Refusal):  # the word for what cannot be done just now
            self.chance.choice(acts)()
        if self.chance.random() < 0.5:
            self.hear()

    # --- the store ------------------------------------------------------------------------------------
    def place(self) -> None:
        order_id = 1000 + self.steps
        self.trade.place(an_order(order_id, placed_at=self.trade.clock.now, modified_at=self.trade.clock.now))
        self.unheard.add(order_id)

    def touch(self, order: Order, **changes: object) -> None:
        self.trade.shop.orders.orders[order.id] = replace(order, modified_at=self.trade.clock.now, **changes)
        self.unheard.add(order.id)

    def change(self) -> None:
        order = self.order()
        if order is not None:
            self.touch(order, status_id=self.chance.choice([2, 5, 7, 11, 13]))

    def gateway(self) -> None:
        """The next transaction of an order: held, taken whole or in part, let go, refused."""
        order = self.order()
        if order is None:
            return
        money = self.trade.shop.orders.money_of[order.id]
        holds = [row for row in money.transactions if row.event == "authorization"]
        event = self.chance.choice(["authorization", "purchase", "capture", "capture", "void", "pending", "settled"])
        if event in ("capture", "void") and not holds:
            event = "purchase"
        amount = order.total.minor if self.chance.random() < 0.6 else self.chance.randint(1, order.total.minor)
        refers = holds[-1].id if event in ("capture", "void") else None
        row = a_tender(f"t{self.steps}", amount, event, at=self.trade.clock.now, reference_id=refers)
        row = replace(row, ok=self.chance.random() < 0.9)
        self.trade.shop.orders.money_of[order.id] = replace(money, transactions=(*money.transactions, row))
        self.touch(order)

    def refund(self) -> None:
        """Of money that was captured, by line or over the whole order; some are declined later or told twice."""
        order = self.order()
        if order is None:
            return
        money = self.trade.shop.orders.money_of[order.id]
        left = captured(money) - sent_back(money)
        if left <= 0:
            return
        amount = self.chance.randint(1, left)
        line = self.chance.choice(order.lines)
        item = RefundItem("PRODUCT", line.id, Decimal(1), usd(0))
        if self.chance.random() < 0.5:
            item = RefundItem("ORDER", order.id, Decimal(1), usd(amount))
        made = Refund(self.steps, self.trade.clock.now, usd(amount), usd(0), (item,), (("1", usd(amount)),))
        row = a_tender(f"t{self.steps}", amount, "refund", at=self.trade.clock.now)
        rows = (*money.transactions, row) if self.chance.random() < 0.5 else money.transactions
        self.trade.shop.orders.money_of[order.id] = OrderMoney(rows, (*money.refunds, made))
        self.touch(order)

    def hear(self) -> None:
        """Some hints arrive, some twice, some never."""
        for order_id in self.chance.sample(sorted(self.unheard), min(len(self.unheard), 2)):
            self.trade.hear(order_id)
            if self.chance.random() < 0.7:
                self.unheard.discard(order_id)

    def wait(self) -> None:
        self.trade.clock.forward(minutes=self.chance.choice([1, 10, 50, 300]))
        if self.chance.random() < 0.3:
            self.trade.portal.sweep(self.trade.store.id)
            self.trade.work_off()

    # --- people and the ERP -----------------------------------------------------------------------------
    def create(self) -> None:
        order = self.order()
        if order is not None:
            self.trade.create(order.id)

    def pay(self) -> None:
        wanted: dict[str, Money] = {}
        for _ in range(self.chance.randint(1, 3)):
            invoice = self.invoice()
            if invoice is not None and invoice.balance.minor > 0:
                wanted[invoice.id] = usd(self.chance.randint(1, invoice.balance.minor))
        if wanted:
            started = self.trade.start(wanted)
            order = self.trade.order_of(self.trade.attempt(started.attempt_id), 5000 + self.steps)
            self.unheard.add(order.id)

    def receive(self) -> None:
        invoice = self.invoice()
        if invoice is None or not invoice.balance:
            return
        part = usd(self.chance.randint(1, invoice.balance.minor))
        received = Received(
            NORTHWIND, part + usd(self.chance.choice([0, 10_00])), Method.CHECK, RECEIVED, str(self.steps)
        )
        self.trade.portal.record_offline_payment(finance(), received, {invoice.id: part})

    def reverse(self) -> None:
        offline = [one for one in self.trade.payments() if one.method in OFFLINE]
        if offline:
            self.trade.portal.reverse_payment(finance(), self.chance.choice(offline).id, "bounced")

    def payment(self) -> Payment | None:
        known = self.trade.payments()
        return self.chance.choice(known) if known else None

    def apply(self) -> None:
        payment, invoice = self.payment(), self.invoice()
        if payment is not None and invoice is not None and payment.available:
            part = min(payment.available, invoice.balance)
            self.trade.portal.apply_credit(finance(), payment.id, {invoice.id: part}, key=f"apply {self.steps}")

    def take_back(self) -> None:
        payment = self.payment()
        if payment is not None and payment.allocations:
            invoice_id, live = self.chance.choice(list(payment.allocations.items()))
            part = usd(self.chance.randint(1, live))
            self.trade.portal.take_back_allocation(finance(), payment.id, invoice_id, part)

    def pay_out(self) -> None:
        """Of checks only, so that what the gateway sends back later is still held."""
        payment = self.payment()
        if payment is not None and payment.method in OFFLINE and payment.available:
            part = usd(self.chance.randint(1, payment.available.minor))
            self.trade.portal.pay_out_credit(finance(), payment.id, part, "Check 9")

    def announce(self) -> None:
        """R-28: half of them arrive."""
        notice = Announced(usd(self.chance.randint(1, 50_00)), Method.CHECK, RECEIVED, f"A {self.steps}")
        announced = self.trade.portal.announce_payment(buyer_of(), notice, f"announce {self.steps}")
        if self.chance.random() < 0.5:
            received = Received(NORTHWIND, usd(30_00), Method.CASH, RECEIVED, announced_id=announced.id, confirmed=True)
            self.trade.portal.record_offline_payment(finance(), received, {})

    def edit(self) -> None:
        invoice = self.invoice()
        if invoice is not None:
            lines = (a_line(usd(self.chance.randint(1, 200_00))),)
            self.trade.portal.edit_invoice(sales(), invoice.id, Edit(invoice.version, lines=lines, cost_lines=()))

    def take_away(self) -> None:
        invoice = self.invoice()
        if invoice is not None:
            self.chance.choice(
                [
                    lambda: self.trade.portal.delete_invoice(sales(), invoice.id),
                    lambda: self.trade.portal.void_invoice(finance(), invoice.id, "mistake"),
                    lambda: self.trade.portal.restore_invoice(sales(), invoice.id),
                ]
            )()

    def credit(self) -> None:
        """From an invoice or free, set off at once, against what is due first or later."""
        invoice, amount = self.invoice(), usd(self.chance.randint(1, 50_00))
        what: Free | FromInvoice = Free(NORTHWIND, "USD", [FreeLine("Goodwill", amount, Decimal(10))])
        if invoice is not None and self.chance.random() < 0.6:
            what = FromInvoice(invoice.id, {0: Decimal(self.chance.choice(["0.1", "0.5", "1"]))})
        wanted = Wanted(what, self.chance.choice(list(ApplyTo)), "Returned")
        self.trade.portal.issue_credit_memo(finance(), wanted)

    def take_credit_back(self) -> None:
        with self.trade.work() as work:
            memos = [work.credit_memos.get(memo_id) for memo_id in work._data.memos]
        applied = [(memo, invoice_id) for memo in memos for invoice_id in memo.allocations]
        if applied:
            memo, invoice_id = self.chance.choice(applied)
            part = Money(memo.allocations[invoice_id], memo.currency)
            self.trade.portal.take_back_credit(finance(), memo.id, invoice_id, part, "mistake")

    def write_off(self) -> None:
        invoice = self.invoice()
        if invoice is None:
            return
        given_up = usd(invoice.account.written_off)
        if given_up and self.chance.random() < 0.5:
            self.trade.portal.reverse_write_off(finance(), invoice.id, given_up, "paid after all")
        elif invoice.balance:
            part = usd(self.chance.randint(1, invoice.balance.minor))
            self.trade.portal.write_off(finance(), invoice.id, GivenUp(part, WriteOffReason.GOODWILL))

    def push(self) -> None:
        key = self.chance.randint(1, 4)
        total = self.chance.randint(0, 150_00)
        due = usd(self.chance.randint(0, total)) if self.chance.random() < 0.5 else None
        restore = self.chance.random() < 0.3
        push(self.trade, usd(total), external_id=f"SAP-{key}", number=f"ERP-{key}", amount_due=due, restore=restore)


def captured(money: OrderMoney) -> int:
    return sum(
        row.amount.minor for row in money.transactions if row.ok and row.event in ("purchase", "capture", "settled")
    )


def sent_back(money: OrderMoney) -> int:
    return sum(refund.paid.minor for refund in money.refunds)


@pytest.mark.parametrize("seed", range(24))
def test_in_any_story_the_books_hold_and_nothing_taken_is_lost(trade, seed):
    story = Story(trade, random.Random(seed))
    for _ in range(60):
        story.step()
    check_books(trade.portal, trade.store.id)

    trade.clock.forward(minutes=1)
    for order_id in sorted(trade.shop.orders.orders):
        trade.hear(order_id)

    assert trade.world.failures == []
    for order_id, money in trade.shop.orders.money_of.items():
        payment = trade.payment_of(order_id)
        if payment is not None:
            assert payment.account.inflow == captured(money), f"I-7: order {order_id}"
            assert payment.account.refunded == min(sent_back(money), captured(money)), f"F-9: order {order_id}"
        elif order_id >= 5000:
            assert captured(money) == 0, f"I-7: order {order_id} was never booked"


@pytest.mark.parametrize("seed", range(6))
def test_told_again_in_any_order_nothing_changes(trade, seed):
    """F-2: every webhook once more, shuffled, three times."""
    story = Story(trade, random.Random(100 + seed))
    for _ in range(50):
        story.step()
    trade.clock.forward(minutes=1)
    everything = sorted(trade.shop.orders.orders)
    for order_id in everything:
        trade.hear(order_id)
    before = trade.movements()

    for _ in range(3):
        for order_id in story.chance.sample(everything, len(everything)):
            trade.hear(order_id)
    trade.clock.now += timedelta(hours=1)

    assert trade.movements() == before
