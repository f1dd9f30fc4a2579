"""The world outside the portal as small hand-made fakes: BigCommerce and BundleB2B in dictionaries, mail in a list.

Each fake keeps to its port in `domain/ports.py` and has a few switches for what can go wrong. `a_portal` joins them
with any storage that has `open_work`, `stores`, `sessions` and `api_keys`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from adapters.documents.typst_papers import TypstPapers
from adapters.spreadsheets.tables import SpreadsheetTables
from admin_app.export_words import column_title
from admin_app.sheets import sheet_of
from domain.address import Address
from domain.company import Buyer, Company
from domain.errors import DirectoryUnreachable, NotFound, StoreUnreachable, TokenRefused
from domain.money import Money, total
from domain.order import Order, OrderMoney
from domain.payment_attempt import CartLine, PaymentAttempt
from domain.portal import Portal, World, build_portal
from domain.ports import (
    Caller,
    CheckoutReading,
    Grant,
    Item,
    Message,
    OfferedMethod,
    OrderPage,
    OrderRecord,
    OtherInvoice,
    PaymentProduct,
    ScriptFile,
    Shopper,
)
from domain.staff import SalesPerson
from domain.store import Profile, Store
from tests.builders import a_profile

CARD = OfferedMethod("testcard.card", "Test card")
CHECK = OfferedMethod("cheque", "Check")
PAGE = 250

Claims = TypeVar("Claims")


def a_shop_profile(**changes: Any) -> Profile:
    """The builders' store, selling in dollars and euros on two site addresses."""
    origins = ("https://north.example", "https://b2b.north.example")
    usual = replace(a_profile(), storefront_origins=origins, transactional_currencies=("USD", "EUR"))
    return replace(usual, **changes)


# --- who is it -------------------------------------------------------------------------------------------
@dataclass
class FakeLogin:
    """Tokens are keys of these dictionaries; every other one is refused as forged."""

    grants: dict[str, Grant] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    shoppers: dict[str, Shopper] = field(default_factory=dict)

    def exchange(self, code: str, scope: str, context: str) -> Grant:
        return _token(self.grants, code)

    def caller(self, signed_payload_jwt: str) -> Caller:
        return _token(self.callers, signed_payload_jwt)

    def shopper(self, current_customer_jwt: str) -> Shopper:
        return _token(self.shoppers, current_customer_jwt)

    def let_in(self, store_hash: str, user_id: int, *, owner_id: int = 1, token_id: str = "") -> str:
        """A load token of a control-panel user, as its text."""
        token = f"load-{store_hash}-{user_id}-{len(self.callers)}"
        until = datetime.now(UTC) + timedelta(hours=24)
        mails = (f"user{user_id}@{store_hash}.example", f"user{owner_id}@{store_hash}.example")
        self.callers[token] = Caller(store_hash, user_id, mails[0], owner_id, mails[1], token_id or token, until)
        return token

    def vouch_for(self, store_hash: str, customer_id: int) -> str:
        """A current-customer token of a shopper, as its text."""
        token = f"shopper-{store_hash}-{customer_id}"
        self.shoppers[token] = Shopper(store_hash, customer_id, f"buyer{customer_id}@{store_hash}.example")
        return token


def _token(known: Mapping[str, Claims], token: str) -> Claims:
    if token not in known:
        raise TokenRefused("its signature is wrong")
    return known[token]


# --- BigCommerce -----------------------------------------------------------------------------------------
@dataclass
class FakeOrders:
    """Orders by id and their money; `down` is what every call raises while set."""

    orders: dict[int, Order] = field(default_factory=dict)
    money_of: dict[int, OrderMoney] = field(default_factory=dict)
    b2b_payments: set[int] = field(default_factory=set)
    marks: dict[int, tuple[Mapping[str, str], str]] = field(default_factory=dict)
    down: Exception | None = None
    asked: list[int] = field(default_factory=list)

    def _answer(self) -> None:
        if self.down is not None:
            raise self.down

    def add(self, order: Order, money: OrderMoney | None = None) -> Order:
        self.orders[order.id] = order
        self.money_of[order.id] = money or OrderMoney()
        return order

    def get(self, order_id: int) -> Order:
        self._answer()
        self.asked.append(order_id)
        if order_id not in self.orders:
            raise NotFound("order")
        return self.orders[order_id]

    def page(
        self, *, placed_since: datetime | None = None, modified_since: datetime | None = None, after_id: int = 0
    ) -> OrderPage:
        self._answer()
        found = [
            order
            for order_id, order in sorted(self.orders.items())
            if order_id > after_id
            and (placed_since is None or order.placed_at >= placed_since)
            and (modified_since is None or order.modified_at >= modified_since)
        ]
        rows = tuple(found[:PAGE])
        return OrderPage(rows, rows[-1].id if rows else after_id, len(found) > PAGE)

    def count(self, placed_since: datetime) -> int:
        self._answer()
        return sum(order.placed_at >= placed_since for order in self.orders.values())

    def money(self, order_id: int, currency: str) -> OrderMoney:
        self._answer()
        return self.money_of.get(order_id, OrderMoney())

    def made_from_cart(self, cart_id: str) -> list[int]:
        self._answer()
        return sorted(order.id for order in self.orders.values() if order.cart_id == cart_id)

    def invoice_payments(self) -> set[int]:
        self._answer()
        return set(self.b2b_payments)

    def mark(self, order_id: int, metafields: Mapping[str, str], staff_note: str) -> None:
        self._answer()
        self.marks[order_id] = (dict(metafields), staff_note)


@dataclass
class FakeCheckout:
    """Carts by id. `twist` changes what checkout says about a cart, such as a promotion of the store."""

    carts: dict[str, PaymentAttempt] = field(default_factory=dict)
    offered: list[OfferedMethod] = field(default_factory=lambda: [CARD, CHECK])
    twist: Callable[[CheckoutReading], CheckoutReading] = lambda reading: reading
    billing: dict[str, Address] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    down: Exception | None = None

    def _cart(self, cart_id: str) -> PaymentAttempt:
        if self.down is not None:
            raise self.down
        if cart_id not in self.carts:
            raise NotFound("cart")
        return self.carts[cart_id]

    def make_cart(self, attempt: PaymentAttempt, product: PaymentProduct | None) -> str:
        if self.down is not None:
            raise self.down
        cart_id = f"cart-{len(self.carts) + len(self.deleted) + 1}"
        self.carts[cart_id] = attempt
        return cart_id

    def read(self, cart_id: str, currency: str) -> CheckoutReading:
        lines: tuple[CartLine, ...] = self._cart(cart_id).cart_lines()
        nothing = Money.zero(currency)
        charged = total((line.price for line in lines), currency)
        return self.twist(CheckoutReading(charged, nothing, nothing, nothing, nothing, lines))

    def redirect_url(self, cart_id: str) -> str:
        self._cart(cart_id)
        return f"https://north.example/cart.php?action=loadInCheckout&id={cart_id}"

    def delete_cart(self, cart_id: str) -> None:
        if self.carts.pop(cart_id, None) is not None:
            self.deleted.append(cart_id)

    def methods(self, cart_id: str) -> list[OfferedMethod]:
        self._cart(cart_id)
        return list(self.offered)

    def prefill_billing(self, cart_id: str, address: Address) -> None:
        self._cart(cart_id)
        self.billing[cart_id] = address


@dataclass
class FakeSetup:
    """Remembers what was made; the second time everything is there."""

    says: Profile = field(default_factory=a_shop_profile)
    hooks: tuple[str, str] | None = None
    script: ScriptFile | None = None
    has_page: bool = False
    product: PaymentProduct | None = None
    offered: list[OfferedMethod] = field(default_factory=lambda: [CARD, CHECK])
    clock_says: datetime | None = None
    sends: dict[str, bool] = field(default_factory=lambda: {"invoice_email": True, "abandoned_cart_email": False})
    down: Exception | None = None

    def _answer(self) -> None:
        if self.down is not None:
            raise self.down

    def profile(self) -> Profile:
        self._answer()
        return self.says

    def gateways(self) -> list[OfferedMethod]:
        self._answer()
        return list(self.offered)

    def clock(self) -> datetime:
        self._answer()
        return self.clock_says or datetime.now(UTC)

    def mails(self) -> Mapping[str, bool]:
        self._answer()
        return dict(self.sends)

    def ensure_hooks(self, destination: str, secret: str) -> list[str]:
        was, self.hooks = self.hooks, (destination, secret)
        return [] if was == self.hooks else ["hooks"]

    def ensure_script(self, script: ScriptFile) -> list[str]:
        was, self.script = self.script, script
        return [] if was == script else ["script"]

    def ensure_page(self) -> list[str]:
        was, self.has_page = self.has_page, True
        return [] if was else ["page"]

    def ensure_payment_product(self) -> tuple[PaymentProduct, list[str]]:
        if self.product is not None:
            return self.product, []
        self.product = PaymentProduct(900, 901, 902)
        return self.product, ["payment product"]


# --- BundleB2B -------------------------------------------------------------------------------------------
@dataclass
class FakeDirectory:
    """Companies and buyers by id. While `is_away` it cannot be reached."""

    company_of: dict[int, Company] = field(default_factory=dict)
    buyer_of: dict[int, Buyer] = field(default_factory=dict)
    records: dict[int, OrderRecord] = field(default_factory=dict)
    sales: list[SalesPerson] = field(default_factory=list)
    is_away: bool = False
    switches: list[str] = field(default_factory=list)
    other_invoices: list[OtherInvoice] = field(default_factory=list)

    def _answer(self) -> None:
        if self.is_away:
            raise DirectoryUnreachable

    def add(self, company: Company, *buyers: Buyer) -> Company:
        self.company_of[company.id] = company
        self.buyer_of.update({buyer.customer_id: buyer for buyer in buyers})
        return company

    def companies(self) -> Iterable[Company]:
        self._answer()
        return list(self.company_of.values())

    def company(self, company_id: int) -> Company | None:
        self._answer()
        return self.company_of.get(company_id)

    def buyers(self, company_id: int | None = None) -> Iterable[Buyer]:
        self._answer()
        return [buyer for buyer in self.buyer_of.values() if company_id in (None, buyer.company_id)]

    def buyer(self, customer_id: int) -> Buyer | None:
        self._answer()
        return self.buyer_of.get(customer_id)

    def sales_staff(self) -> Iterable[SalesPerson]:
        self._answer()
        return list(self.sales)

    def invoice_switches(self) -> list[str]:
        self._answer()
        return list(self.switches)

    def open_invoices(self) -> Iterable[OtherInvoice]:
        self._answer()
        return list(self.other_invoices)

    def order_records(self, since: datetime) -> Iterable[OrderRecord]:
        self._answer()
        return list(self.records.values())

    def order_record(self, order_id: int) -> OrderRecord | None:
        self._answer()
        return self.records.get(order_id)


@dataclass
class FakeShop:
    """One store's BigCommerce and BundleB2B."""

    orders: FakeOrders = field(default_factory=FakeOrders)
    checkout: FakeCheckout = field(default_factory=FakeCheckout)
    setup: FakeSetup = field(default_factory=FakeSetup)
    directory: FakeDirectory = field(default_factory=FakeDirectory)

    def goes_down(self) -> None:
        """Orders and checkout answer nothing any more."""
        self.orders.down = self.checkout.down = StoreUnreachable()


@dataclass
class FakeShops:
    """Shops by store hash, made when first opened; `tokens` are the access tokens they were opened with."""

    by_hash: dict[str, FakeShop] = field(default_factory=dict)
    tokens: list[tuple[str, str]] = field(default_factory=list)

    def open(self, store: Store, access_token: str) -> FakeShop:
        self.tokens.append((store.hash, access_token))
        return self.of(store.hash)

    def of(self, store_hash: str) -> FakeShop:
        return self.by_hash.setdefault(store_hash, FakeShop())


# --- the rest --------------------------------------------------------------------------------------------
@dataclass
class FakeMailer:
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.sent.append(message)


@dataclass
class FakeDoorbell:
    rung: list[tuple[int, str]] = field(default_factory=list)

    def ring(self, store_id: int, box: str) -> None:
        self.rung.append((store_id, box))


@dataclass
class FakeWorld:
    """The fakes a portal was built on; `failures` are what its worker reported."""

    login: FakeLogin = field(default_factory=FakeLogin)
    shops: FakeShops = field(default_factory=FakeShops)
    mailer: FakeMailer = field(default_factory=FakeMailer)
    doorbell: FakeDoorbell = field(default_factory=FakeDoorbell)
    failures: list[tuple[int, Item, Exception]] = field(default_factory=list)


def a_portal(storage: Any, world: FakeWorld) -> Portal:
    """The portal on a storage (`tests/memory.py` or SQL) and the fakes of a world."""
    return build_portal(
        World(
            open_work=storage.open_work,
            stores=storage.stores,
            sessions=storage.sessions,
            keys=storage.api_keys,
            login=world.login,
            shops=world.shops,
            mailer=world.mailer,
            papers=TypstPapers(sheet_of),
            tables=SpreadsheetTables(column_title),
            doorbell=world.doorbell,
            script=lambda: ScriptFile("https://portal.example/s/portal.0123456789ab.js", "sha384-test"),
            hook_secret=lambda: "hook-secret-of-this-store",
            report=lambda store_id, item, failure: world.failures.append((store_id, item, failure)),
            public_url="https://portal.example",
        )
    )
