"""A store in trade: portal, memory, fakes and a clock, with the few steps that stories are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.invoice import Invoice
from domain.money import Money
from domain.order import Order, OrderLine, OrderMoney, Transaction
from domain.payment import Payment
from domain.payment_attempt import CartLine, PaymentAttempt
from domain.portal import Portal
from domain.ports import OrderRecord
from domain.review import Review, ReviewKind
from domain.roles import Actor
from domain.store import Connection, Settings, Store
from domain.use_cases.create_invoice import Choice
from domain.use_cases.open_shop import ACCESS_TOKEN
from domain.use_cases.start_checkout import Started
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_buyer,
    a_company,
    an_instant,
    an_invoice,
    an_order,
    buyer_of,
    given_invoice,
    sales,
    usd,
)
from tests.fakes import FakeShop, FakeWorld, a_portal, a_shop_profile
from tests.memory import MemoryDatabase

BEA, BEN, OTTO = 101, 102, 201
"""Shoppers: Bea and Ben of Northwind, Otto of Southside."""

CUT_OVER = date(2026, 1, 1)


@dataclass
class Clock:
    """Noon UTC on 22 November 2026, four in the morning at the store, until a test moves it."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: int) -> None:
        self.now += timedelta(**by)


@dataclass
class Storage:
    """What `a_portal` asks of a storage."""

    database: MemoryDatabase
    keys: Any = field(init=False)

    def __post_init__(self) -> None:
        self.keys = self.database.api_keys

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)


@dataclass
class Trade:
    """One connected store after its opening, with two companies and the payment product."""

    clock: Clock = field(default_factory=Clock)
    world: FakeWorld = field(default_factory=FakeWorld)
    database: MemoryDatabase = field(init=False)
    portal: Portal = field(init=False)
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.database = MemoryDatabase(self.clock)
        self.portal = a_portal(Storage(self.database), self.world)
        self.store = self.database.stores.put("north1", Connection.CONNECTED)
        self.shop.directory.add(a_company(), a_buyer(BEA, read_at=self.clock.now), a_buyer(BEN, read_at=self.clock.now))
        southside = a_company(SOUTHSIDE, "Southside Fabrication", email="ap@southside.example")
        self.shop.directory.add(southside, a_buyer(OTTO, SOUTHSIDE, read_at=self.clock.now))
        with self.work() as work:
            work.notes.put_secret(ACCESS_TOKEN, "token")
            work.notes.put_profile(a_shop_profile())
            work.notes.put_settings(Settings(cut_over=CUT_OVER, payment_product_id=900, payment_option_id=901))
            work.companies.put(self.shop.directory.company_of.values())
            work.companies.put_buyers(self.shop.directory.buyer_of.values())
            work.commit()

    @property
    def shop(self) -> FakeShop:
        return self.world.shops.of("north1")

    def work(self):
        return self.portal.open_work(self.store.id)

    def set(self, **changes: Any) -> None:
        """Changes settings."""
        with self.work() as work:
            work.notes.put_settings(replace(work.notes.settings(), **changes))
            work.commit()

    # --- what happens outside --------------------------------------------------------------------------
    def place(self, order: Order, *transactions: Transaction, **money: Any) -> Order:
        """An order stands in the store, B2B Edition knows its company; nobody told us yet."""
        self.shop.orders.add(order, OrderMoney(transactions, **money))
        if order.company_id is not None:
            self.shop.directory.records[order.id] = OrderRecord(order.id, order.company_id, order.po_number)
        return order

    def hear(self, order_id: int = 1160) -> None:
        """A hint arrives and is worked through, with everything that follows from it."""
        with self.work() as work:
            work.inbox.put("order", str(order_id))
            work.commit()
        self.work_off()

    def work_off(self) -> None:
        for _ in range(20):
            if not self.portal.work_through(self.store.id, "inbox") + self.portal.work_through(self.store.id, "outbox"):
                return

    def sold(self, order: Order, *transactions: Transaction, **money: Any) -> Order:
        """A placed order that was taken in."""
        self.place(order, *transactions, **money)
        self.hear(order.id)
        return order

    def tell_money(self, order_id: int, *transactions: Transaction, **money: Any) -> None:
        """BigCommerce now says this about the order's money, and the hint of it is worked through."""
        self.shop.orders.money_of[order_id] = OrderMoney(transactions, **money)
        self.hear(order_id)

    # --- paying online -----------------------------------------------------------------------------------
    def start(self, wanted: Mapping[str, Money], actor: Actor | None = None, **options: Any) -> Started:
        """By Bea, in the currency of the first amount."""
        actor = actor or buyer_of(NORTHWIND, self.store.id)
        currency = next(iter(wanted.values())).currency
        return self.portal.start_checkout(actor, currency, wanted, 1, **options)

    def pay(self, *split: tuple[Invoice, int], order_id: int = 7001) -> Order:
        """Bea starts a checkout for these amounts; the order it becomes, not yet paid, not yet heard of."""
        started = self.start({invoice.id: Money(minor, invoice.currency) for invoice, minor in split})
        return self.order_of(self.attempt(started.attempt_id), order_id)

    def order_of(self, attempt: PaymentAttempt, order_id: int = 7001, **changes: Any) -> Order:
        return self.place(a_payment_order(attempt, order_id, placed_at=self.clock.now, **changes))

    def attempt(self, attempt_id: str) -> PaymentAttempt:
        with self.work() as work:
            return work.attempts.get(attempt_id)

    # --- what stands in the books ------------------------------------------------------------------------------
    def invoice(self, total: int = 100_00, number: str | None = None, **changes: Any) -> Invoice:
        """An open invoice of Northwind."""
        with self.work() as work:
            number = number or f"M-{len(work._data.invoices) + 1:03d}"
            made = given_invoice(work, an_invoice(usd(total), number, **changes))
            work.commit()
        return self.read(made)

    def read(self, invoice: Invoice | str) -> Invoice:
        with self.work() as work:
            return work.invoices.get(invoice if isinstance(invoice, str) else invoice.id)

    def balances(self, *invoices: Invoice) -> list[int]:
        return [self.read(invoice).balance.minor for invoice in invoices]

    def payment_of(self, order_id: int) -> Payment | None:
        with self.work() as work:
            return work.payments.find_by_order(order_id)

    def payments(self) -> list[Payment]:
        with self.work() as work:
            return [work.payments.get(key) for key in work._data.payments]

    def create(self, order_id: int = 1160, **choice: Any) -> Invoice:
        """IP-Sales presses Create invoice."""
        made = self.portal.create_invoice(sales(self.store.id), order_id, Choice(**choice))
        return self.read(made.invoice_id)

    def reviews(self) -> dict[ReviewKind, Review]:
        with self.work() as work:
            return {review.kind: review for review in work.reviews.list_open()}

    def told(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Kind and facts of everything that was announced, oldest first."""
        with self.work() as work:
            return [(event["kind"], event["facts"]) for event in work._data.events]

    def acts(self) -> list[str]:
        with self.work() as work:
            return [entry.act.what for entry in work._data.audit]

    def movements(self) -> list[tuple[str, int]]:
        with self.work() as work:
            return [(one.kind.value, one.amount.minor) for one in work._data.movements]


def attempts(trade: Trade) -> list[PaymentAttempt]:
    """Everything ever started."""
    with trade.work() as work:
        return list(work._data.attempts.values())


def a_tender(key: str, minor: int, event: str = "purchase", **changes: Any) -> Transaction:
    """A card payment at noon on 20 November."""
    values: dict[str, Any] = {
        "method": "credit_card",
        "amount": usd(minor),
        "at": an_instant(20),
        "gateway": "testcard",
    }
    return Transaction(**{"id": key, "event": event, **values, **changes})


def a_payment_order(attempt: PaymentAttempt, order_id: int = 7001, **changes: Any) -> Order:
    """The order a cart of an attempt becomes: its lines as they stood in the cart, nothing else."""
    zero = Money.zero(attempt.currency)
    lines = tuple(an_order_line_of(key, line) for key, line in enumerate(attempt.cart_lines(), order_id * 10))
    values: dict[str, Any] = {
        "company_id": attempt.company_id,
        "customer_id": attempt.customer_id,
        "cart_id": attempt.cart_id,
        "currency": attempt.currency,
        "lines": lines,
        "payment_method": "Test card",
        "modified_at": changes.get("placed_at", an_instant()),
        **{"charges": (), "taxes": (), "total_tax": zero, "po_number": ""},
        **dict.fromkeys(("total", "total_ex_tax", "subtotal_ex_tax"), attempt.total),
    }
    return an_order(order_id, **{**values, **changes})


def an_order_line_of(line_id: int, line: CartLine) -> OrderLine:
    """A line of an order as it came from a cart."""
    return OrderLine(
        id=line_id,
        product_id=900,
        sku=line.sku,
        name=line.name,
        quantity=Decimal(line.quantity),
        quantity_refunded=Decimal(0),
        price_ex_tax=line.price.amount,
        total_ex_tax=Money(line.price.minor * line.quantity, line.price.currency),
        tax=Money.zero(line.price.currency),
        is_digital=True,
    )


def sync(trade: Trade) -> None:
    """The walk over all orders, and what follows from it."""
    with trade.work() as work:
        work.outbox.put("sync_orders", "orders")
        work.commit()
    trade.work_off()


def fact(trade: Trade, name: str) -> dict[str, Any]:
    with trade.work() as work:
        return dict(work.notes.fact(name) or {})


def stored(trade: Trade, order_id: int = 1160) -> Order | None:
    with trade.work() as work:
        return work.orders.find(order_id)


def days_ago(trade: Trade, days: int, **changes: Any) -> dict[str, Any]:
    """When an order was placed and last changed."""
    moment = trade.clock.now - timedelta(days=days)
    return {"placed_at": moment, "modified_at": moment, **changes}
