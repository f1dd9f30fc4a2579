"""What an ERP may send: closed models, so that a misspelt field is a refusal and not a silent loss (T-5).

Amounts, quantities and prices are strings (ground rule 8). Turning a body into domain values happens here too.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from adapters.http.fields import (
    LARGEST_ID,
    AmountText,
    Currency,
    Day,
    DecimalText,
    DocumentId,
    LongText,
    Named,
    Short,
    Text,
    decimal_of,
    money_at,
)
from domain.address import Address
from domain.invoice import CostKind, CostLine, Line
from domain.money import Money
from domain.payment import Method
from domain.price import PRICE_BASES, UnitPrice
from domain.use_cases.edit_invoice import Edit
from domain.use_cases.import_invoices import InvoiceDocument

MOST_LINES = 1000
OrderId = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID)]


class Closed(BaseModel):
    """No field beside the declared ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# --- parts of a document ------------------------------------------------------------------------------
class AddressIn(Closed):
    name: Short = ""
    company: Short = ""
    street_1: Text = ""
    street_2: Text = ""
    city: Short = ""
    state: Short = ""
    zip: Short = ""
    country: Short = ""
    country_code: Short = ""
    phone: Short = ""
    email: Short = ""

    def address(self) -> Address:
        return Address(**self.model_dump())


class LineIn(Closed):
    """Something sold. `amount` is the net line amount as stated; `tax` is its share of the tax cost lines."""

    description: Annotated[Text, Field(min_length=1)]
    quantity: DecimalText
    unit_price: DecimalText
    amount: AmountText
    price_base: StrictInt = 1
    sku: Short = ""
    discount: AmountText | None = None
    tax: AmountText | None = None

    @model_validator(mode="after")
    def _base(self) -> "LineIn":
        if self.price_base not in PRICE_BASES:
            raise PydanticCustomError("price_base", "A price base is 1, 10, 100 or 1000.")
        return self

    def line(self, currency: str, at: str) -> Line:
        """The line in the invoice's currency; `at` is its path, for refusals."""
        optional: dict[str, Any] = {
            name: money_at(text, currency, f"{at}.{name}")
            for name, text in (("discount", self.discount), ("tax", self.tax))
            if text is not None
        }
        return Line(
            description=self.description,
            quantity=decimal_of(self.quantity),
            unit_price=UnitPrice(decimal_of(self.unit_price), self.price_base),
            amount=money_at(self.amount, currency, f"{at}.amount"),
            sku=self.sku,
            **optional,
        )


class CostLineIn(Closed):
    """A charge or reduction of the whole document; discounts are negative, tax has one line per rate in percent."""

    kind: CostKind
    description: Text = ""
    amount: AmountText
    rate: DecimalText | None = None

    def cost_line(self, currency: str, at: str) -> CostLine:
        rate = decimal_of(self.rate) if self.rate is not None else None
        return CostLine(self.kind, self.description, money_at(self.amount, currency, f"{at}.amount"), rate)


Lines = Annotated[list[LineIn], Field(max_length=MOST_LINES)]
CostLines = Annotated[list[CostLineIn], Field(max_length=100)]
Addresses = Annotated[list[AddressIn], Field(max_length=20)]
ExtraFields = Annotated[dict[Named, Text], Field(max_length=50)]


def lines_of(given: list[LineIn], currency: str) -> tuple[Line, ...]:
    return tuple(one.line(currency, f"lines.{index}") for index, one in enumerate(given))


def cost_lines_of(given: list[CostLineIn], currency: str) -> tuple[CostLine, ...]:
    return tuple(one.cost_line(currency, f"cost_lines.{index}") for index, one in enumerate(given))


# --- invoices -----------------------------------------------------------------------------------------
class InvoiceIn(Closed):
    """`POST /invoices`. `company` is a BundleB2B company id or the ERP's own id of the company.

    `amount_due` says what is still owed after payments the ERP knows of; left out, nothing is said about payments.
    """

    external_id: Named
    number: Annotated[Named, Field(max_length=50)]
    company: Named
    currency: Currency
    total: AmountText
    issued_on: Day
    due_on: Day | None = None
    amount_due: AmountText | None = None
    paid_on: Day | None = None
    order_id: OrderId | None = None
    po_number: Short = ""
    terms_text: LongText = ""
    notes: LongText = ""
    lines: Lines = []
    cost_lines: CostLines = []
    billing_address: AddressIn = AddressIn()
    shipping_addresses: Addresses = []
    extra_fields: ExtraFields = {}
    restore: StrictBool = False

    def document(self) -> InvoiceDocument:
        """Raises AmountInvalid naming the field, where a currency has fewer places."""
        due = self.amount_due
        return InvoiceDocument(
            external_id=self.external_id,
            number=self.number,
            company_ref=self.company,
            currency=self.currency,
            total=money_at(self.total, self.currency, "total"),
            issued_on=self.issued_on,
            lines=lines_of(self.lines, self.currency),
            cost_lines=cost_lines_of(self.cost_lines, self.currency),
            amount_due=money_at(due, self.currency, "amount_due") if due is not None else None,
            due_on=self.due_on,
            order_id=self.order_id,
            po_number=self.po_number,
            terms_text=self.terms_text,
            notes=self.notes,
            billing_address=self.billing_address.address(),
            shipping_addresses=tuple(one.address() for one in self.shipping_addresses),
            extra_fields=self.extra_fields,
            paid_on=self.paid_on,
            restore=self.restore,
        )


class InvoicePatch(Closed):
    """`PATCH /invoices/{id}`: only the fields that are there change. Lists and addresses are replaced whole."""

    lines: Annotated[Lines, Field(min_length=1)] | None = None
    cost_lines: CostLines | None = None
    due_on: Day | None = None
    po_number: Short | None = None
    terms_text: LongText | None = None
    notes: LongText | None = None
    billing_address: AddressIn | None = None
    shipping_addresses: Addresses | None = None
    extra_fields: ExtraFields | None = None

    @model_validator(mode="before")
    @classmethod
    def _says_something(cls, values: object) -> object:
        """Null would be taken for “leave as it is”, which is what leaving the field out is for."""
        if isinstance(values, dict):
            if not values:
                raise PydanticCustomError("nothing", "Send at least one field to change.")
            if None in values.values():
                raise PydanticCustomError("null", "Leave a field out instead of sending null; empty it with “”.")
        return values

    def edit(self, version: int, currency: str) -> Edit:
        """The domain's edit of that version. Raises AmountInvalid naming the field."""
        billing, shipping = self.billing_address, self.shipping_addresses
        return Edit(
            version,
            lines=None if self.lines is None else lines_of(self.lines, currency),
            cost_lines=None if self.cost_lines is None else cost_lines_of(self.cost_lines, currency),
            due_on=self.due_on,
            po_number=self.po_number,
            terms_text=self.terms_text,
            notes=self.notes,
            billing_address=None if billing is None else billing.address(),
            shipping_addresses=None if shipping is None else tuple(one.address() for one in shipping),
            extra_fields=self.extra_fields,
        )


class ReasonIn(Closed):
    """Why something is voided or reversed; kept in the history."""

    reason: LongText


class OrderInvoiceIn(Closed):
    """`POST /orders/{id}/invoice`; `lines` names order lines to bill, all when left out."""

    lines: Annotated[list[OrderId], Field(min_length=1, max_length=MOST_LINES)] | None = None
    issued_on: Day | None = None
    due_on: Day | None = None
    notes: LongText = ""


# --- payments -----------------------------------------------------------------------------------------
class AppliedIn(Closed):
    invoice_id: DocumentId
    amount: AmountText


class PaymentIn(Closed):
    """`POST /payments`: money received outside the store's checkout, and what it is set off against."""

    company: Named
    currency: Currency
    amount: AmountText
    method: Method
    received_on: Day
    memo: Text = ""
    invoices: Annotated[list[AppliedIn], Field(max_length=MOST_LINES)] = []
    confirm_duplicate: StrictBool = False

    @model_validator(mode="after")
    def _each_once(self) -> "PaymentIn":
        if len({one.invoice_id for one in self.invoices}) < len(self.invoices):
            raise PydanticCustomError("twice", "Name each invoice once.")
        return self

    def split(self) -> dict[str, Money]:
        return {
            one.invoice_id: money_at(one.amount, self.currency, f"invoices.{index}.amount")
            for index, one in enumerate(self.invoices)
        }
