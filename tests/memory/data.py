"""The rows of one store. A unit of work changes its own copy; values are replaced, never changed in place."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from uuid import UUID

from domain.company import Buyer, Company
from domain.credit_memo import CreditMemo
from domain.errors import CompanyUnknown, NotFound
from domain.events import Act
from domain.export import Export
from domain.file import KeptFile
from domain.invoice import Invoice
from domain.ledger import InvoiceAccount, Movement, SourceAccount
from domain.mail import Mail
from domain.order import Order
from domain.payment import Payment
from domain.payment_attempt import PaymentAttempt
from domain.review import Review
from domain.roles import Actor
from domain.staff import Invitation, SalesPerson, StaffMember
from domain.store import Profile, Settings


@dataclass(frozen=True)
class Entry:
    """One audit row."""

    at: datetime
    actor: Actor
    act: Act


@dataclass(frozen=True)
class Allocated:
    """A live allocation; `turn` grows with each change."""

    amount: int
    turn: int


@dataclass(frozen=True)
class Kept:
    """An idempotency key."""

    fingerprint: str
    at: datetime
    result: str | None = None


@dataclass(frozen=True)
class BoxRow:
    """A row of the inbox or outbox."""

    id: int
    kind: str
    key: str
    payload: dict[str, object]
    next_at: datetime
    attempts: int = 0
    is_claimed: bool = False
    is_dead: bool = False
    error: str | None = None


@dataclass
class StoreData:
    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    memos: dict[str, CreditMemo] = field(default_factory=dict)
    invoice_accounts: dict[str, InvoiceAccount] = field(default_factory=dict)
    source_accounts: dict[str, SourceAccount] = field(default_factory=dict)
    allocations: dict[tuple[str, str], Allocated] = field(default_factory=dict)
    movements: list[Movement] = field(default_factory=list)
    movement_entries: list[int] = field(default_factory=list)
    audit: list[Entry] = field(default_factory=list)
    events: list[dict[str, object]] = field(default_factory=list)
    orders: dict[int, Order] = field(default_factory=dict)
    companies: dict[int, Company] = field(default_factory=dict)
    billing_contacts: dict[int, tuple[str, ...]] = field(default_factory=dict)
    buyers: dict[int, Buyer] = field(default_factory=dict)
    attempts: dict[str, PaymentAttempt] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    staff: dict[int, StaffMember] = field(default_factory=dict)
    invitations: dict[str, Invitation] = field(default_factory=dict)
    sales_staff: dict[int, SalesPerson] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    profile: Profile | None = None
    facts: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    once: dict[tuple[str, str], Kept] = field(default_factory=dict)
    exports: dict[str, Export] = field(default_factory=dict)
    files: dict[str, tuple[KeptFile, bytes]] = field(default_factory=dict)
    mails: dict[str, Mail] = field(default_factory=dict)
    inbox: dict[int, BoxRow] = field(default_factory=dict)
    outbox: dict[int, BoxRow] = field(default_factory=dict)
    version: int = 0

    def copy(self) -> "StoreData":
        """Every container anew, so that nothing done to the copy shows here."""
        fresh = replace(self)
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, (dict, list)):
                setattr(fresh, one.name, value.copy())
        return fresh

    # --- what foreign keys would say ----------------------------------------------------------------------
    def must_have_company(self, company_id: int) -> None:
        if company_id not in self.companies:
            raise CompanyUnknown(str(company_id))

    def must_have_invoice(self, invoice_id: str, currency: str) -> None:
        known = self.invoices.get(invoice_id)
        if known is None or known.currency != currency:
            raise NotFound("invoice")


def check_id(value: str) -> None:
    """Documents carry UUIDs, as in the database. Raises ValueError."""
    if str(UUID(value)) != value:
        raise ValueError(f"{value} is not a canonical UUID")


def is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
