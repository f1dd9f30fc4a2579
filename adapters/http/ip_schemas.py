"""The body of B2B Edition's `POST /ip/invoices`, as its specification and its integrators write it.

Fields we have no place for are let pass, so that an integration made for B2B Edition need not be changed; numbers
arrive as the text that was sent, never as floats.
"""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from adapters.http.fields import AmountText, Currency, DecimalText, LongText, Named, Short, Text


def _text(value: object) -> object:
    """Numbers were kept as text already; null means the same as leaving the field out."""
    return "" if value is None else value


Loose = Annotated[Short, BeforeValidator(_text)]
LooseText = Annotated[Text, BeforeValidator(_text)]
LooseLong = Annotated[LongText, BeforeValidator(_text)]
Seconds = Annotated[str, BeforeValidator(_text), Field(pattern=r"^([0-9]{1,10}(\.0+)?)?$")]


class Open(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class AmountOf(Open):
    code: Currency
    value: AmountText


class PriceOf(Open):
    code: Loose = ""
    value: DecimalText


class IpAddress(Open):
    firstName: Loose = ""
    lastName: Loose = ""
    street1: LooseText = ""
    street2: LooseText = ""
    city: Loose = ""
    state: Loose = ""
    zipCode: Loose = ""
    country: Loose = ""


class IpCostLine(Open):
    amount: PriceOf
    description: LooseText


class IpLine(Open):
    sku: Loose
    quantity: DecimalText
    unitPrice: PriceOf
    unitDiscount: PriceOf | None = None
    description: LooseText = ""


class IpHeader(Open):
    costLines: Annotated[list[IpCostLine], Field(max_length=100)] = []
    billingAddress: IpAddress | None = None
    shippingAddresses: Annotated[list[IpAddress], Field(max_length=20)] = []


class IpLines(Open):
    lineItems: Annotated[list[IpLine], Field(max_length=1000)] = []


class IpDetails(Open):
    header: IpHeader = IpHeader()
    details: IpLines = IpLines()


class IpExtraField(Open):
    fieldName: Named
    fieldValue: LooseText


class IpInvoice(Open):
    invoiceNumber: Annotated[Named, Field(max_length=50)]
    originalBalance: AmountOf
    openBalance: AmountOf
    customerId: Loose = ""
    externalCustomerId: Loose = ""
    externalId: Loose = ""
    type: Loose = ""
    orderNumber: Loose = ""
    purchaseOrderNumber: Loose = ""
    dueDate: Seconds = ""
    issuedAt: Seconds = ""
    externalPdfUrl: LooseText = ""
    termsConditions: LooseLong = ""
    details: IpDetails = IpDetails()
    extraFields: Annotated[list[IpExtraField], Field(max_length=50)] = []
