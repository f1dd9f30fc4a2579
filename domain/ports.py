"""What the portal needs from the world, as small Protocols. `get` raises NotFound, `find` may give None.

Storage ports live inside one unit of work on one store; ports to BigCommerce and BundleB2B are opened for one
store and never used inside a transaction (ground rule 4).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from domain.address import Address
from domain.company import Buyer, Company
from domain.credit_memo import CreditMemo
from domain.events import Act, Event
from domain.invoice import Invoice
from domain.ledger import Movement
from domain.listing import (
    HistoryEntry,
    InvoiceFilter,
    InvoicePayment,
    InvoiceRow,
    OrderFilter,
    OrderRow,
    Page,
    PaymentFilter,
    PaymentRow,
    Totals,
)
from domain.money import Money
from domain.order import Order, OrderMoney
from domain.payment import Payment
from domain.payment_attempt import CartLine, PaymentAttempt
from domain.review import Review, ReviewKind
from domain.roles import Actor, Right, Role, StaffMember
from domain.store import Connection, Profile, Settings, Store


# --- storage inside one unit of work -----------------------------------------------------------------
class Invoices(Protocol):
    """Invoices of one store. Money is never written here: `Work.book` does that from movements."""

    def add(self, invoice: Invoice) -> None:
        """Raises NumberTaken, ExternalIdTaken or AlreadyInvoiced when a unique rule says so (R-5, I-5)."""

    def get(self, invoice_id: str) -> Invoice: ...

    def locked(self, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
        """Locks rows in id order and reads them. Raises NotFound when one is missing."""

    def save(self, invoice: Invoice) -> None:
        """Writes content and `removed` of a locked invoice; its version grows by one.

        Raises AlreadyInvoiced when a restore meets another live invoice of its order."""

    def find_external(self, number_space: str, external_id: str) -> Invoice | None: ...

    def find_number(self, number_space: str, number: str) -> Invoice | None: ...

    def live_for_order(self, order_id: int) -> list[Invoice]:
        """Live (neither void nor deleted) invoices citing the order, portal-made first (R-11)."""

    def open_of(self, company_id: int, currency: str) -> list[Invoice]:
        """What the company still owes in that currency, oldest due first; not locked."""


class Payments(Protocol):
    def add(self, payment: Payment) -> None:
        """Raises ChangedMeanwhile when the BigCommerce order already has a payment (I-6)."""

    def get(self, payment_id: str) -> Payment: ...

    def locked(self, payment_ids: Iterable[str]) -> dict[str, Payment]:
        """Locks rows in id order and reads them with their live allocations; after the invoices' locks. Ids that are
        no payment, such as a credit memo's, are left out."""

    def save(self, payment: Payment) -> None:
        """Writes memo, label, pending lines, failed, needs_review of a locked payment."""

    def find_by_order(self, bc_order_id: int) -> Payment | None: ...

    def booked_transactions(self, ids: Iterable[str]) -> dict[str, str]:
        """Which of the transaction or refund ids are in the ledger: id to source id (I-6)."""

    def allocated_to(self, invoice_id: str) -> list[str]:
        """Ids of sources with live allocations to the invoice, newest allocation first (R-15)."""

    def pending_on(self, invoice_ids: Iterable[str]) -> dict[str, Money]:
        """Money on its way per invoice, from `Payment.pending` of payments that nothing was received on yet."""

    def number_is_used(self, number: str) -> bool: ...

    def find_similar(self, payment: Payment, amount: Money, since: date) -> Payment | None:
        """Same company, method, memo and amount received since that day (R-21)."""


class CreditMemos(Protocol):
    def add(self, memo: CreditMemo) -> None: ...

    def get(self, memo_id: str) -> CreditMemo: ...

    def locked(self, memo_ids: Iterable[str]) -> dict[str, CreditMemo]:
        """As of payments; ids that are no credit memo are left out."""

    def find_external(self, number_space: str, external_id: str) -> CreditMemo | None: ...


class Orders(Protocol):
    def put(self, orders: Iterable[Order]) -> int:
        """Inserts or replaces by id where the reading is newer (`modified_at`); how many were. Old news is ignored."""

    def get(self, order_id: int) -> Order: ...

    def find(self, order_id: int) -> Order | None: ...

    def lock(self, order_id: int) -> None:
        """Serialises acts on one order, such as two presses of Create invoice."""

    def without_company(self, since: datetime, until: datetime | None = None) -> list[int]:
        """Kept orders with a shopper but no company yet, placed since and before `until`: re-checked for 24 h (R-8)."""

    def count(self) -> int: ...


class Companies(Protocol):
    def put(self, companies: Iterable[Company]) -> None: ...

    def get(self, company_id: int) -> Company: ...

    def find(self, company_id: int) -> Company | None: ...

    def find_external(self, external_id: str) -> list[Company]: ...

    def all(self) -> list[Company]: ...

    def put_buyers(self, buyers: Iterable[Buyer]) -> None: ...

    def find_buyer(self, customer_id: int) -> Buyer | None: ...

    def buyers_of(self, company_id: int) -> list[Buyer]: ...

    def remove_buyer(self, customer_id: int) -> None: ...


class Attempts(Protocol):
    def add(self, attempt: PaymentAttempt) -> None: ...

    def get(self, attempt_id: str) -> PaymentAttempt: ...

    def locked(self, attempt_id: str) -> PaymentAttempt:
        """As `get`, and nobody else changes it until the commit."""

    def save(self, attempt: PaymentAttempt) -> None: ...

    def find_by_cart(self, cart_id: str) -> PaymentAttempt | None: ...

    def reserving(self, invoice_ids: Iterable[str], now: datetime) -> list[PaymentAttempt]: ...

    def unpaid_before(self, started_before: datetime) -> list[PaymentAttempt]:
        """Carts made and neither settled nor expired, started before then."""

    def unpaid_carts(self, customer_id: int, most: int) -> list[str]:
        """Carts of a shopper that are neither settled nor expired, newest first."""


class Numbers(Protocol):
    def take(self, series: str) -> int:
        """The next number of a series (`invoice`, `payment`, `credit_memo`); never given again, gaps are explained
        by the register. Serialises per series until the commit."""


class Reviews(Protocol):
    def open(self, review: Review) -> None:
        """One open item per kind and subject: an equal one is refreshed, not doubled."""

    def settle(self, kind: ReviewKind, subject_id: str) -> None: ...

    def list_open(self, limit: int = 200) -> list[Review]: ...


class Staff(Protocol):
    def find(self, user_id: int) -> StaffMember | None: ...

    def put(self, member: StaffMember) -> None: ...

    def remove(self, user_id: int) -> None: ...

    def all(self) -> list[StaffMember]: ...


class Notes(Protocol):
    """Small facts of one store by name: settings, profile, sync progress, role changes."""

    def settings(self) -> Settings: ...

    def put_settings(self, settings: Settings) -> None: ...

    def profile(self) -> Profile | None: ...

    def put_profile(self, profile: Profile) -> None: ...

    def role_rights(self, role: Role) -> frozenset[Right]:
        """DEFAULT_RIGHTS with the store's switches applied."""

    def secret(self, name: str) -> str | None:
        """Decrypted; never logged (T-31)."""

    def put_secret(self, name: str, value: str | None) -> None:
        """Encrypted at rest; None wipes it."""

    def fact(self, name: str) -> Mapping[str, object] | None: ...

    def put_fact(self, name: str, value: Mapping[str, object]) -> None: ...


class Once(Protocol):
    """Idempotency inside the effect's own transaction (I-8). `scope` names credential and route."""

    def claim(self, scope: str, key: str, fingerprint: str) -> str | None:
        """The kept result of an earlier commit, None when the key is new and now ours. Waits for one in flight.

        Raises KeyReused when the key came with another fingerprint."""

    def keep(self, scope: str, key: str, result: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Item:
    """A claimed inbox or outbox row. `key` says what it is about, `payload` only ids and small facts; `attempts`
    counts this claim too and is what the lease is known by."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, object] = field(default_factory=dict)
    attempts: int = 0


class Box(Protocol):
    """Inbox or outbox of one store: rows to work through, claimed with a lease, retried with back-off (D4, F-23)."""

    def put(
        self,
        kind: str,
        key: str,
        payload: Mapping[str, object] | None = None,
        *,
        after: datetime | None = None,
    ) -> None:
        """Adds a row; an undone, unclaimed row of the same kind and key is rung again instead of doubled."""

    def claim(self, lease_seconds: int = 60) -> Item | None:
        """The row due longest with the fewest attempts, leased; None when nothing is due. Commits by the caller."""

    def done(self, item: Item) -> None:
        """Raises ChangedMeanwhile when the lease has passed to another worker."""

    def fail(self, item: Item, error: str) -> None:
        """Back-off; a dead letter after 10 attempts, kept and shown. Raises ChangedMeanwhile as `done`."""

    def waiting(self) -> int: ...


class Queries(Protocol):
    """Reads for screens and APIs: SQL on its own, never the model (style 2.1 habit 8)."""

    def invoices(self, chosen: InvoiceFilter, limit: int, cursor: str | None) -> Page[InvoiceRow]: ...

    def invoice_row(self, invoice_id: str) -> InvoiceRow: ...

    def invoice_counts(self, chosen: InvoiceFilter) -> Mapping[str, int]:
        """Rows per view, for the pills: the filter without its view."""

    def totals(self, company_id: int | None) -> list[Totals]: ...

    def orders(self, chosen: OrderFilter, limit: int, cursor: str | None) -> Page[OrderRow]: ...

    def order_counts(self, chosen: OrderFilter) -> Mapping[str, int]:
        """Rows by `not_invoiced`, `invoiced`, `all`."""

    def payments(self, chosen: PaymentFilter, limit: int, cursor: str | None) -> Page[PaymentRow]: ...

    def payments_of(self, invoice_id: str) -> list[InvoicePayment]: ...

    def invoices_of(self, source_id: str) -> list[tuple[str, str, Money]]:
        """Live allocations of a payment: invoice id, number, amount."""

    def applied_to(self, source_id: str) -> list[tuple[InvoiceRow, Money]]:
        """The same with what stands on each invoice now, in one read however many they are (I-17)."""

    def history(self, subject_kind: str, subject_id: str) -> list[HistoryEntry]: ...

    def events_after(self, seq: int, limit: int) -> list[Mapping[str, object]]: ...


class Work(Protocol):
    """One transaction on one store, rolled back unless committed. Locks: invoices by id, then payments and credit
    memos by id, last the ledger head inside `book` (ground rule 2)."""

    @property
    def store(self) -> Store: ...
    @property
    def invoices(self) -> Invoices: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def credit_memos(self) -> CreditMemos: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def companies(self) -> Companies: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def numbers(self) -> Numbers: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def once(self) -> Once: ...
    @property
    def inbox(self) -> Box: ...
    @property
    def outbox(self) -> Box: ...
    @property
    def queries(self) -> Queries: ...

    def now(self) -> datetime:
        """UTC instant of the database clock (F-18)."""

    def today(self) -> date:
        """Today in the store's zone (F-19)."""

    def book(self, actor: Actor, act: Act, movements: Sequence[Movement] = (), events: Sequence[Event] = ()) -> None:
        """One audit row, its movements with sequence and hash chain, the cached accounts, and the events for the
        outbox, all in this transaction: a row of kind `event` each, its payload the event with `id`, `seq` and `at`.
        Raises InvariantBroken when an account would leave its bounds, NotFound
        for a movement of an unknown document, ChangedMeanwhile when a transaction id is already booked."""

    def commit(self) -> None: ...


class OpenWork(Protocol):
    def __call__(self, store_id: int) -> AbstractContextManager[Work]: ...


# --- storage before a store is known --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person. `kind` is `staff` or `buyer`; `token` only exists when it is made, its hash is stored."""

    store_id: int
    kind: str
    user_id: int
    csrf: str
    created_at: datetime
    seen_at: datetime
    company_id: int | None = None
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`prefix` finds it, only the SHA-256 of the secret is stored; scopes like `invoices:write`."""

    id: str
    store_id: int
    name: str
    prefix: str
    scopes: frozenset[str]
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Stores(Protocol):
    """The few tables that must be readable before a store is known (ground rule 7)."""

    def find(self, store_hash: str) -> Store | None: ...

    def get(self, store_id: int) -> Store: ...

    def put(self, store_hash: str, connection: Connection) -> Store: ...

    def connected(self) -> list[Store]: ...

    def route_of(self, store_id: int) -> str:
        """The store's webhook route, made on first use."""

    def find_by_route(self, route: str) -> Store | None: ...

    def due(self) -> list[tuple[int, str]]:
        """(store id, `inbox` or `outbox`) with work due now."""


class Sessions(Protocol):
    def start(self, session: Session) -> str:
        """The random token; idle limit 60 minutes, 8 hours at most (T-4); buyers 15 minutes."""

    def find(self, token: str) -> Session | None:
        """A live session, marked as seen."""

    def end(self, token: str) -> None: ...

    def end_user(self, store_id: int, user_id: int) -> None: ...

    def end_store(self, store_id: int) -> None: ...

    def use_once(self, token_id: str, until: datetime) -> bool:
        """Whether a signed token's `jti` was new (T-3)."""


class ApiKeys(Protocol):
    def add(self, key: ApiKey, secret_hash: str) -> None: ...

    def find(self, prefix: str) -> tuple[ApiKey, str] | None:
        """The key and the hash of its secret."""

    def used(self, key_id: str) -> None: ...

    def revoke(self, store_id: int, key_id: str) -> None: ...

    def of(self, store_id: int) -> list[ApiKey]: ...


# --- BigCommerce ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Grant:
    """Answer of the OAuth exchange; the store is the one of the RESPONSE's context (T-8)."""

    store_hash: str
    access_token: str
    scopes: tuple[str, ...]
    user_id: int
    user_email: str
    owner_id: int
    owner_email: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified `signed_payload_jwt` of /load, /uninstall or /remove_user."""

    store_hash: str
    user_id: int
    user_email: str
    owner_id: int
    owner_email: str
    token_id: str
    expires_at: datetime
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Shopper:
    """A verified current-customer token."""

    store_hash: str
    customer_id: int
    email: str


class Login(Protocol):
    """BigCommerce's signatures and OAuth. All raise TokenRefused; `exchange` also StoreUnreachable."""

    def exchange(self, code: str, scope: str, context: str) -> Grant: ...

    def caller(self, signed_payload_jwt: str) -> Caller: ...

    def shopper(self, current_customer_jwt: str) -> Shopper: ...


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Up to 250 orders with embedded lines; `last_id` continues the walk, `more` whether there may be any.

    `unreadable` are ids of orders left out because they could not be read: they hold back no others (F-23).
    """

    orders: tuple[Order, ...]
    last_id: int
    more: bool
    unreadable: tuple[int, ...] = ()


class StoreOrders(Protocol):
    """Orders of one store. Raises StoreUnreachable, StoreDisconnected, ScopeMissing, NotFound."""

    def get(self, order_id: int) -> Order:
        """One order with all lines, addresses, coupons and taxes; company and PO are not known here."""

    def page(
        self,
        *,
        placed_since: datetime | None = None,
        modified_since: datetime | None = None,
        after_id: int = 0,
    ) -> OrderPage:
        """Walks by id, 250 per call, lines embedded."""

    def count(self, placed_since: datetime) -> int: ...

    def money(self, order_id: int, currency: str) -> OrderMoney: ...

    def made_from_cart(self, cart_id: str) -> list[int]:
        """Ids of orders made from a cart; several are possible, failed tries among them."""

    def invoice_payments(self) -> set[int]:
        """Orders marked as payments of B2B Edition's own invoices: lists of orders do not say it (R-8)."""

    def mark(self, order_id: int, metafields: Mapping[str, str], staff_note: str) -> None:
        """Namespace `invoice_portal`, permission `read`; looks first what is there, so it can be repeated (R-23)."""


@dataclass(frozen=True, slots=True)
class PaymentProduct:
    """The hidden digital product of R-17."""

    product_id: int
    option_id: int | None
    variant_id: int | None = None


@dataclass(frozen=True, slots=True)
class CheckoutReading:
    """What checkout would charge for a cart."""

    total: Money
    discounts: Money
    tax: Money
    shipping: Money
    fees: Money
    lines: tuple[CartLine, ...]
    needs_shipping: bool = False
    promotions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedMethod:
    """A way to pay at checkout. `id` is the gateway's code, as B2B Edition and the checkout page know it."""

    id: str
    name: str
    test_mode: bool = False


class StoreCheckout(Protocol):
    """Carts and checkout of one store. Raises StoreUnreachable, StoreDisconnected, ScopeMissing, NotFound."""

    def make_cart(self, attempt: PaymentAttempt, product: PaymentProduct | None) -> str:
        """The cart id; without a product its lines are custom items, the fallback setting.

        Not repeatable: a time-out may leave an orphan cart, which carries no money (F-4)."""

    def read(self, cart_id: str, currency: str) -> CheckoutReading: ...

    def redirect_url(self, cart_id: str) -> str:
        """One use: made at click time."""

    def delete_cart(self, cart_id: str) -> None:
        """Also fine when it is gone."""

    def methods(self, cart_id: str) -> list[OfferedMethod]: ...

    def prefill_billing(self, cart_id: str, address: Address) -> None: ...


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """Our script as the store must load it."""

    url: str
    integrity: str


class StoreSetup(Protocol):
    """Makes what we need in the store, each idempotent; answers say what was made or mended (empty = all was there).

    Raises StoreUnreachable, StoreDisconnected, ScopeMissing."""

    def profile(self) -> Profile: ...

    def ensure_hooks(self, destination: str, secret: str) -> list[str]: ...

    def ensure_script(self, script: ScriptFile) -> list[str]: ...

    def ensure_page(self) -> list[str]:
        """The `/invoices/` content page."""

    def ensure_payment_product(self) -> tuple[PaymentProduct, list[str]]: ...


# --- BundleB2B ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What B2B Edition adds to an order (R-8)."""

    order_id: int
    company_id: int | None
    po_number: str = ""
    is_invoice_order: bool = False


class CompanyDirectory(Protocol):
    """B2B Edition of one store. Raises DirectoryUnreachable (also where it is missing), StoreDisconnected."""

    def companies(self) -> Iterable[Company]:
        """All of them, without payment terms and credit hold, which cost calls of their own: keep the known ones."""

    def company(self, company_id: int) -> Company | None:
        """One with payment terms, credit hold and allowed methods, as far as the store has these features."""

    def buyers(self, company_id: int | None = None) -> Iterable[Buyer]:
        """All company users, or those of one company, with their rights resolved from roles."""

    def buyer(self, customer_id: int) -> Buyer | None: ...

    def order_records(self, since: datetime) -> Iterable[OrderRecord]:
        """Records modified since; 250 per call."""

    def order_record(self, order_id: int) -> OrderRecord | None: ...


class Shop(Protocol):
    """One connected store's BigCommerce and BundleB2B."""

    @property
    def orders(self) -> StoreOrders: ...
    @property
    def checkout(self) -> StoreCheckout: ...
    @property
    def setup(self) -> StoreSetup: ...
    @property
    def directory(self) -> CompanyDirectory: ...


class Shops(Protocol):
    def open(self, store: Store, access_token: str) -> Shop: ...


# --- the rest ------------------------------------------------------------------------------------------------
class Doorbell(Protocol):
    def ring(self, store_id: int, box: str) -> None:
        """Tells a worker there may be work; carries no data and may be lost (D4)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail: the text part is always there."""

    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str


class Mailer(Protocol):
    def send(self, message: Message) -> None: ...


Clock = Callable[[], datetime]
"""UTC now, for what happens outside a unit of work."""
