"""One connected store: what we set up in it, and its BundleB2B."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.company import Buyer, Company
from domain.money import Money
from domain.ports.checkout import OfferedMethod, PaymentProduct, StoreCheckout
from domain.ports.store_orders import StoreOrders
from domain.staff import SalesPerson
from domain.store import Profile, Store


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """Our script as the store must load it."""

    url: str
    integrity: str


class StoreSetup(Protocol):
    """Makes what we need in the store, each idempotent; answers say what was made or mended (empty = all was there).

    Raises StoreUnreachable, StoreDisconnected, ScopeMissing."""

    def profile(self) -> Profile: ...

    def gateways(self) -> list[OfferedMethod]:
        """Every way to pay the merchant switched on, promises included."""

    def clock(self) -> datetime:
        """The platform's clock, UTC."""

    def mails(self) -> Mapping[str, bool]:
        """Which mails the store itself sends to shoppers, by name (R-23)."""

    def ensure_hooks(self, destination: str, secret: str) -> list[str]: ...

    def ensure_script(self, script: ScriptFile) -> list[str]: ...

    def ensure_page(self) -> list[str]:
        """The `/invoices/` content page."""

    def ensure_payment_product(self) -> tuple[PaymentProduct, list[str]]: ...


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """What B2B Edition adds to an order (R-8)."""

    order_id: int
    company_id: int | None
    po_number: str = ""
    is_invoice_order: bool = False


@dataclass(frozen=True, slots=True)
class OtherInvoice:
    """An open invoice of B2B Edition's own (R-24): what it is for stays there, what is owed comes along. `total` is its
    face value, `balance` what is still owed of it; `order_id` is BigCommerce's."""

    id: int
    number: str
    company_id: int
    total: Money
    balance: Money
    issued_at: datetime
    due_at: datetime | None = None
    order_id: int | None = None
    po_number: str = ""


class CompanyDirectory(Protocol):
    """B2B Edition of one store. Raises DirectoryUnreachable (also where it is missing), StoreDisconnected."""

    def companies(self) -> Iterable[Company]:
        """All of them, without payment terms and credit hold, which cost calls of their own: keep the known ones."""

    def invoice_switches(self) -> list[str]:
        """B2B Edition's own invoice switches that are on, by name (R-24)."""

    def open_invoices(self) -> Iterable[OtherInvoice]:
        """Its own invoices on which something is owed."""

    def company(self, company_id: int) -> Company | None:
        """One with payment terms, credit hold and allowed methods, as far as the store has these features."""

    def buyers(self, company_id: int | None = None) -> Iterable[Buyer]:
        """All company users, or those of one company, with their rights resolved from roles."""

    def buyer(self, customer_id: int) -> Buyer | None: ...

    def sales_staff(self) -> Iterable[SalesPerson]:
        """The seller's people with the Sales Staff mark, each with the companies assigned: one call per person."""

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
