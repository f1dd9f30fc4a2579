"""Orders as synced from BigCommerce: never edited here; whether one becomes an invoice (R-8). How: `draft.py`."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.address import Address
from domain.money import Money, total

CANCELLED: Final = 5
DECLINED: Final = 6
DISPUTED: Final = 13

NEVER_INVOICED: Final = {
    0: "it is incomplete",
    4: "it is refunded",
    CANCELLED: "it is cancelled",
    DECLINED: "it was declined",
    DISPUTED: "it is disputed",
}
"""BigCommerce order status ids that never become an invoice (R-8)."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line as ordered. `total_ex_tax` is before discounts of the whole order. Custom lines have product_id 0."""

    id: int
    product_id: int
    sku: str
    name: str
    quantity: Decimal
    quantity_refunded: Decimal
    price_ex_tax: Decimal
    total_ex_tax: Money
    tax: Money
    options: str = ""
    is_digital: bool = False


class Charge(StrEnum):
    """Charges of a whole order."""

    SHIPPING = "shipping"
    HANDLING = "handling"
    WRAPPING = "wrapping"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class OrderTax:
    """Tax of one rate over the whole order; `rate` in percent."""

    name: str
    rate: Decimal | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Order:
    """A BigCommerce order in the currency really charged (`default_currency_code`).

    `modified_at` decides which of two readings is newer. `company_id` is set by the B2B Edition record first,
    else by its customer's company (R-8). `total` includes tax; `discounts` are positive (label, amount) pairs.
    """

    id: int
    customer_id: int
    company_id: int | None
    placed_at: datetime
    modified_at: datetime
    status_id: int
    status: str
    currency: str
    total: Money
    total_tax: Money
    total_ex_tax: Money
    subtotal_ex_tax: Money
    lines: tuple[OrderLine, ...] = ()
    charges: tuple[tuple[Charge, Money], ...] = ()
    discounts: tuple[tuple[str, Money], ...] = ()
    taxes: tuple[OrderTax, ...] = ()
    po_number: str = ""
    payment_method: str = ""
    payment_status: str = ""
    channel_id: int = 1
    cart_id: str | None = None
    buyer_name: str = ""
    billing_address: Address = field(default_factory=Address)
    shipping_addresses: tuple[Address, ...] = ()
    is_archived: bool = False
    is_invoice_payment: bool = False
    is_tax_inclusive: bool = False
    customer_message: str = ""
    staff_notes: str = ""

    @property
    def is_b2b(self) -> bool:
        return self.company_id is not None

    @property
    def is_gone(self) -> bool:
        """Cancelled, declined or archived: nothing of it is owed any more (R-11)."""
        return self.is_archived or self.status_id in (CANCELLED, DECLINED)

    def why_not_invoiceable(self) -> str | None:
        """The reason it cannot become an invoice, ready for “Order 7 cannot be invoiced: …”; None if it can."""
        if self.is_invoice_payment:
            return "it is itself an invoice payment"
        if self.is_archived:
            return "it is archived"
        if not self.is_b2b:
            return "it does not belong to a company"
        return NEVER_INVOICED.get(self.status_id)


class Event(StrEnum):
    """BigCommerce transaction events we know; unknown ones are kept as text and are never money."""

    PURCHASE = "purchase"
    AUTHORIZATION = "authorization"
    CAPTURE = "capture"
    SETTLED = "settled"
    PENDING = "pending"
    REFUND = "refund"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row of an order's transactions. `id` is BigCommerce's, unique per store; `ok` its status."""

    id: str
    event: str
    method: str
    amount: Money
    at: datetime
    ok: bool = True
    test: bool = False
    gateway: str = ""
    reference_id: str | None = None

    @property
    def is_promise(self) -> bool:
        """Offline and custom transactions are promises, never money (R-9)."""
        return self.method in ("offline", "custom")


@dataclass(frozen=True, slots=True)
class RefundItem:
    """What a refund names: kind as BigCommerce says (`PRODUCT`, `SHIPPING`, `ORDER`…); `item_id` is an order line."""

    kind: str
    item_id: int | None
    quantity: Decimal
    amount: Money


@dataclass(frozen=True, slots=True)
class Refund:
    """A V3 refund; `paid` counts only payments that were not declined, `payments` their ids and amounts."""

    id: int
    at: datetime
    total: Money
    tax: Money
    items: tuple[RefundItem, ...]
    payments: tuple[tuple[str, Money], ...]
    to_store_credit: bool = False

    @property
    def paid(self) -> Money:
        return total((amount for _, amount in self.payments), self.total.currency)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """Everything BigCommerce says about the money of one order, read together."""

    transactions: tuple[Transaction, ...] = ()
    refunds: tuple[Refund, ...] = ()
