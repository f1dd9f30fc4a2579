"""A V2 order and its parts as the domain's Order, in the currency really charged (R-8, R-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.bigcommerce.order_shapes import AddressShape, CouponShape, FeeShape, LineShape, OrderShape, TaxShape
from adapters.bigcommerce.reading import as_unreadable, stated
from domain.address import Address
from domain.money import Money, total
from domain.order import Charge, Order, OrderLine, OrderTax
from domain.payment_attempt import SKU

_COUPONS: Final = "Coupons"
_DISCOUNT: Final = "Discount"


@dataclass(frozen=True, slots=True)
class Parts:
    """What belongs to an order beside its head."""

    lines: Sequence[LineShape]
    fees: Sequence[FeeShape] = ()
    shipping: Sequence[AddressShape] = ()
    coupons: Sequence[CouponShape] = ()
    taxes: Sequence[TaxShape] = ()


def order_of(head: OrderShape, parts: Parts) -> Order:
    """Company and PO number are not known here. An order with a line of our payment product is itself an invoice
    payment, whoever placed it (R-17). Raises Unreadable for amounts or a currency we do not book."""
    currency = head.default_currency_code
    with as_unreadable(f"order {head.id}"):
        return Order(
            id=head.id,
            customer_id=head.customer_id,
            company_id=None,
            placed_at=head.date_created,
            modified_at=head.date_modified or head.date_created,
            status_id=head.status_id,
            status=head.status,
            currency=currency,
            total=stated(head.total_inc_tax, currency),
            total_tax=stated(head.total_tax, currency),
            total_ex_tax=stated(head.total_ex_tax, currency),
            subtotal_ex_tax=stated(head.subtotal_ex_tax, currency),
            lines=tuple(_line(line, currency) for line in parts.lines),
            charges=tuple(_charges(head, parts.fees)),
            discounts=tuple(_discounts(head, parts.coupons)),
            taxes=tuple(_taxes(parts.taxes, currency)),
            payment_method=head.payment_method,
            payment_status=head.payment_status,
            channel_id=head.channel_id or 1,
            cart_id=head.cart_id or None,
            buyer_name=_name(head.billing_address),
            billing_address=_address(head.billing_address),
            shipping_addresses=tuple(_address(found) for found in parts.shipping),
            is_archived=head.is_deleted,
            is_invoice_payment=any(line.sku == SKU for line in parts.lines),
            is_tax_inclusive=head.is_tax_inclusive_pricing,
            customer_message=head.customer_message,
            staff_notes=head.staff_notes,
        )


def _line(line: LineShape, currency: str) -> OrderLine:
    options = [f"{one.display_name}: {one.display_value}" for one in line.product_options if one.display_value]
    return OrderLine(
        id=line.id,
        product_id=line.product_id,
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        quantity_refunded=line.quantity_refunded,
        price_ex_tax=line.price_ex_tax,
        total_ex_tax=stated(line.total_ex_tax, currency),
        tax=stated(line.total_tax, currency),
        options=", ".join(options),
        is_digital=line.type == "digital",
    )


def _charges(head: OrderShape, fees: Iterable[FeeShape]) -> list[tuple[Charge, Money]]:
    """Charges of the whole order that are not nothing; all fees are one."""
    currency = head.default_currency_code
    fee = total((stated(one.cost_ex_tax, currency) for one in fees), currency)
    found = [
        (Charge.SHIPPING, stated(head.shipping_cost_ex_tax, currency)),
        (Charge.HANDLING, stated(head.handling_cost_ex_tax, currency)),
        (Charge.WRAPPING, stated(head.wrapping_cost_ex_tax, currency)),
        (Charge.FEE, fee),
    ]
    return [(charge, amount) for charge, amount in found if amount]


def _discounts(head: OrderShape, coupons: Sequence[CouponShape]) -> list[tuple[str, Money]]:
    """Coupons and discounts are added by BigCommerce. Coupons are named only while their rows add up to the head."""
    currency = head.default_currency_code
    whole = stated(head.coupon_discount, currency)
    named = [(f"Coupon {one.code}".strip(), stated(one.discount, currency)) for one in coupons]
    if total((amount for _, amount in named), currency) != whole:
        named = [(_COUPONS, whole)]
    found = [*named, (_DISCOUNT, stated(head.discount_amount, currency))]
    return [(label, amount) for label, amount in found if amount]


def _taxes(rows: Iterable[TaxShape], currency: str) -> list[OrderTax]:
    """One per name and rate: BigCommerce keeps a row per class and address."""
    found: dict[tuple[str, str], OrderTax] = {}
    for row in rows:
        rate = None if row.rate is None else row.rate.normalize()
        name = row.name or "Tax"
        key = (name, str(rate))
        amount = stated(row.line_amount, currency)
        before = found.get(key)
        found[key] = OrderTax(name, rate, amount + before.amount if before else amount)
    return [tax for tax in found.values() if tax.amount]


def _name(address: AddressShape) -> str:
    return f"{address.first_name} {address.last_name}".strip()


def _address(found: AddressShape) -> Address:
    return Address(
        name=_name(found),
        company=found.company,
        street_1=found.street_1,
        street_2=found.street_2,
        city=found.city,
        state=found.state,
        zip=found.zip,
        country=found.country,
        country_code=found.country_iso2,
        phone=found.phone,
        email=found.email,
    )
