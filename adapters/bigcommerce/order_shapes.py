"""V2 orders as read: head, lines, addresses, coupons, taxes, fees, consignments."""

from decimal import Decimal
from typing import Annotated

from pydantic import AliasChoices, Field

from adapters.bigcommerce.reading import Amount, AsRows, Code, Count, MaybeMoment, Moment, Shape, Text


class AddressShape(Shape):
    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    street_1: Text = ""
    street_2: Text = ""
    city: Text = ""
    state: Text = ""
    zip: Text = ""
    country: Text = ""
    country_iso2: Text = ""
    phone: Text = ""
    email: Text = ""


class OptionShape(Shape):
    display_name: Text = ""
    display_value: Text = ""


class LineShape(Shape):
    """An order product. Custom ones have product_id 0."""

    id: int
    product_id: Count = 0
    sku: Text = ""
    name: Text = ""
    type: Text = ""
    quantity: Amount
    quantity_refunded: Amount = Decimal(0)
    price_ex_tax: Amount
    total_ex_tax: Amount
    total_tax: Amount
    product_options: Annotated[tuple[OptionShape, ...], AsRows] = ()


class FeeShape(Shape):
    """One example of the documentation spells `cost_exc_tax`."""

    cost_ex_tax: Amount = Field(validation_alias=AliasChoices("cost_ex_tax", "cost_exc_tax"))


class CouponShape(Shape):
    code: Text = ""
    discount: Amount


class TaxShape(Shape):
    name: Text = ""
    rate: Amount | None = None
    line_amount: Amount


class PartShape(Shape):
    """A shipment, pick-up, download or e-mail of an order. Lines are embedded, or links when not asked for."""

    line_items: Annotated[tuple[dict[str, object], ...], AsRows] = ()


class ShippingShape(AddressShape):
    line_items: Annotated[tuple[dict[str, object], ...], AsRows] = ()


class EmailShape(Shape):
    gift_certificates: Annotated[tuple[PartShape, ...], AsRows] = ()


class ConsignmentsShape(Shape):
    """`include=consignments.line_items&consignment_structure=object`."""

    pickups: Annotated[tuple[PartShape, ...], AsRows] = ()
    shipping: Annotated[tuple[ShippingShape, ...], AsRows] = ()
    downloads: Annotated[tuple[PartShape, ...], AsRows] = ()
    email: EmailShape = EmailShape()

    @property
    def embedded_lines(self) -> list[dict[str, object]]:
        parts: list[PartShape | ShippingShape] = [*self.pickups, *self.shipping, *self.downloads]
        return [line for part in [*parts, *self.email.gift_certificates] for line in part.line_items]


class OrderShape(Shape):
    """An order's head. Amounts are required: without them there is no order (F-15)."""

    id: int
    customer_id: Count = 0
    date_created: Moment
    date_modified: MaybeMoment = None
    status_id: int
    status: Text = ""
    default_currency_code: Code
    total_inc_tax: Amount
    total_tax: Amount
    total_ex_tax: Amount
    subtotal_ex_tax: Amount
    shipping_cost_ex_tax: Amount
    handling_cost_ex_tax: Amount
    wrapping_cost_ex_tax: Amount
    discount_amount: Amount
    coupon_discount: Amount
    items_total: Count = 0
    payment_method: Text = ""
    payment_status: Text = ""
    channel_id: Count = 1
    cart_id: str | None = None
    is_deleted: bool = False
    is_tax_inclusive_pricing: bool = False
    customer_message: Text = ""
    staff_notes: Text = ""
    billing_address: AddressShape = AddressShape()


class EmbeddedShape(Shape):
    """What `include=` puts into an order in place of links."""

    consignments: ConsignmentsShape = ConsignmentsShape()
    fees: Annotated[tuple[dict[str, object], ...], AsRows] = ()
