"""A store as the seller's side of everything: connection, settings, opening mode, number series."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.errors import InputInvalid
from domain.events import Event
from domain.mail import MailKind, MailTemplate, usual_mail
from domain.money import Money, digits_of
from domain.staff import B2B_ROLES, StaffRules
from domain.terms import Terms


class Connection(StrEnum):
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    UNINSTALLED = "uninstalled"


@dataclass(frozen=True, slots=True)
class Store:
    """One BigCommerce store. `id` is ours and leads every key; `hash` is BigCommerce's, immutable."""

    id: int
    hash: str
    connection: Connection = Connection.CONNECTED


@dataclass(frozen=True, slots=True)
class Profile:
    """What the store says about itself (`GET /v2/store`, currencies, channels' sites); refreshed at install and daily.

    `storefront_origins` are the only CORS origins (T-14). `time_zone` is an IANA name.
    """

    name: str
    time_zone: str
    currency: str
    domain: str
    storefront_origins: tuple[str, ...] = ()
    control_panel_url: str = ""
    transactional_currencies: tuple[str, ...] = ()
    channel_ids: tuple[int, ...] = (1,)
    checkout_type: str = "optimized"


NEVER_PAYS_INVOICES: Final = frozenset(
    {
        "cheque",
        "check",
        "cod",
        "bankdeposit",
        "bank_deposit",
        "instore",
        "moneyorder",
        "purchaseorder",
        "b2b_po",
        "invoice",
        "manual",
        "custom",
    }
)
"""Gateways whose orders are promises: settled by hand, later, or never (R-16)."""

_PAYS_LATER: Final = (
    *("afterpay", "clearpay", "klarna", "affirm", "sezzle", "zip", "quadpay", "laybuy", "openpay", "humm", "bread"),
    *("splitit", "paylater", "pay_later", "paypalcredit", "commercecredit", "credit_key", "creditkey", "trevipay"),
    *("netterms", "net_terms", "onaccount", "on_account"),
)
"""What the names of pay-later and net-terms gateways contain: nobody pays a debt with the next one."""


def pays_invoices(method_id: str) -> bool:
    """Whether a method of checkout may pay invoices: money now, neither a promise nor pay-later (R-16)."""
    gateway = method_id.lower().partition(".")[0]
    return gateway not in NEVER_PAYS_INVOICES and not any(name in gateway for name in _PAYS_LATER)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on every paper besides the trade itself (R-27); each part may be empty.

    `accent` is a colour such as `#3C64F4`; `logo_id` names a kept file; `tax_ids` read as they should be printed, such
    as `VAT ID DE123456789`; `bank_details` are lines by currency; `terms_text` is printed on every invoice.
    """

    accent: str = "#273A8A"
    logo_id: str | None = None
    tax_ids: tuple[str, ...] = ()
    remit_to: tuple[str, ...] = ()
    bank_details: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    payment_reference: str = ""
    terms_text: str = ""

    def __post_init__(self) -> None:
        if not _COLOUR.fullmatch(self.accent):
            raise InputInvalid("accent", "Enter a colour such as #273A8A.")


_COLOUR: Final = re.compile("#[0-9A-Fa-f]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an IP-Admin decides. In opening mode (`cut_over` None) everything is silent (R-12)."""

    cut_over: date | None = None
    invoice_prefix: str = "INV-"
    invoice_digits: int = 5
    payment_prefix: str = "PAY-"
    credit_prefix: str = "CM-"
    number_starts: Mapping[str, int] = field(default_factory=dict)
    """The first number of a series where it was set; once set it stays (R-5)."""
    terms: Terms = field(default_factory=lambda: Terms.net(30))
    closed_through: date | None = None
    delete_rule: str = "always"
    allow_test_money: bool = False
    default_role: str | None = None
    b2b_roles: Mapping[str, str] = field(default_factory=lambda: dict(B2B_ROLES))
    assigned_only: bool = True
    payment_product_id: int | None = None
    payment_option_id: int | None = None
    payment_variant_id: int | None = None
    cart_strategy: str = "product"
    seller_address: tuple[str, ...] = ()
    letterhead: Letterhead = field(default_factory=Letterhead)
    language: str = ""
    """Code of the language of screens, mails and documents; empty: screens as each browser asks, the rest English."""
    date_format: str = ""
    """`iso` 2026-09-13, `dmy` 13/09/2026, `mdy` 09/13/2026, `dots` 13.09.2026; empty: month in letters."""
    tolerance: Decimal = Decimal("0.50")
    partial_payments: bool = True
    """Whether buyers may pay a part of an invoice online."""
    minimum_payment: Decimal = Decimal(0)
    """The least part of an invoice buyers pay online, in units of its currency; what is left of it may be less."""
    payment_methods: frozenset[str] | None = None
    """Gateways ticked for invoices; None: every one that is money now (R-16)."""
    automatic_invoices: bool = False
    """Whether orders paid offline or on terms become invoices by themselves (R-9, R-12)."""
    automatic_since: datetime | None = None
    """When that was switched on: it acts only on orders placed since."""
    mails: Mapping[str, MailTemplate] = field(default_factory=dict)
    """The seller's own templates by kind of mail."""

    @property
    def staff_rules(self) -> StaffRules:
        """How the seller's people get roles and companies."""
        return StaffRules(self.default_role, self.b2b_roles, self.assigned_only)

    @property
    def is_opening(self) -> bool:
        return self.cut_over is None

    def lets_delete(self, *, is_sent: bool) -> bool:
        """Whether an invoice may be deleted, by the setting `always`, `unsent` or `off` (R-5)."""
        return self.delete_rule == "always" or (self.delete_rule == "unsent" and not is_sent)

    def told(self, events: Sequence[Event]) -> list[Event]:
        """What the world may hear: nothing in opening mode (R-12)."""
        return [] if self.is_opening else list(events)

    def open_day(self, wanted: date) -> date:
        """The day a movement may become effective: what is late posts on the first open day (R-2)."""
        if self.closed_through is not None and wanted <= self.closed_through:
            return self.closed_through + timedelta(days=1)
        return wanted

    def tolerance_in(self, currency: str) -> Money:
        """Up to how much of an invoice may be closed as a small difference (R-21): the setting in whole minor units of
        the currency, nothing where it is less than one."""
        return Money(int(self.tolerance.scaleb(digits_of(currency))), currency)

    def least_part(self, currency: str) -> Money:
        """The least part of an invoice that is paid online, in whole minor units of the currency."""
        return Money(int(self.minimum_payment.scaleb(digits_of(currency))), currency)

    def takes(self, method_id: str) -> bool:
        """Whether a method of checkout may pay invoices here: ticked, and money rather than a promise (R-16)."""
        gateway = method_id.partition(".")[0]
        chosen = self.payment_methods
        return pays_invoices(method_id) and (chosen is None or method_id in chosen or gateway in chosen)

    def mail(self, kind: MailKind) -> MailTemplate:
        """The seller's own template, or the usual one."""
        return self.mails.get(kind.value, usual_mail(kind, self.language))

    def number(self, series: str, value: int) -> str:
        """The number on paper of a series: `INV-00012`."""
        prefix = {"invoice": self.invoice_prefix, "payment": self.payment_prefix, "credit_memo": self.credit_prefix}
        return f"{prefix[series]}{value:0{self.invoice_digits}d}"


NEEDED_SCOPES: Final[dict[str, str]] = {
    "store_v2_products": "make the payment product",
    "store_v2_orders": "read orders and mark payment orders",
    "store_v2_transactions_read_only": "see what was really paid",
    "store_v2_customers_read_only": "recognise buyers",
    "store_v2_information_read_only": "read the store's currency and time zone",
    "store_cart": "make the payment cart",
    "store_checkout": "check what checkout would charge",
    "store_v2_content": "add the Invoices page and script",
    "store_content_checkout": "show the invoices in checkout",
    "store_channel_settings_read_only": "serve every storefront",
    "store_sites_read_only": "know the storefront addresses",
    "store_payments_methods_read": "offer only suitable payment methods",
}
"""Scopes asked at first install and what each is for (R-23). The B2B Edition scope has a settable name."""


def missing_scopes(granted: Iterable[str]) -> dict[str, str]:
    """Needed scopes that were not granted, with what they are for. A modify scope covers its read-only twin."""
    have = set(granted)
    return {
        scope: purpose
        for scope, purpose in NEEDED_SCOPES.items()
        if scope not in have and scope.removesuffix("_read_only") not in have
    }
