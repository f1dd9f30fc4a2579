"""Paying through the store's own checkout: a cart that costs exactly the attempt, read back, and its one-use link."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from adapters.bigcommerce.checkout_shapes import (
    CartShape,
    CheckoutShape,
    ItemShape,
    LinksShape,
    MethodShape,
    NewCartShape,
)
from adapters.bigcommerce.client import Doc, StoreClient
from adapters.bigcommerce.errors import Rejected, Unreadable
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.reading import as_unreadable, counted, read, stated
from domain.address import Address
from domain.errors import NotFound
from domain.money import Money
from domain.payment_attempt import CartLine, PaymentAttempt
from domain.ports import CheckoutReading, OfferedMethod, PaymentProduct

_OWN_TENDERS: Final = ("store_credit", "gift_certificate")


class BigCommerceCheckout:
    """The domain's StoreCheckout."""

    def __init__(self, client: StoreClient) -> None:
        self._client = client

    def make_cart(self, attempt: PaymentAttempt, product: PaymentProduct | None) -> str:
        body: Doc = {
            "customer_id": attempt.customer_id,
            "channel_id": attempt.channel_id,
            "currency": {"code": attempt.currency},
        }
        if product is None:
            body["custom_items"] = [_custom_item(line) for line in attempt.cart_lines()]
        else:
            body["line_items"] = [_product_line(line, product) for line in attempt.cart_lines()]
        return read(NewCartShape, self._client.post(path("carts"), body), "a cart").id

    def read(self, cart_id: str, currency: str) -> CheckoutReading:
        found = self._client.one(path("checkouts", cart_id), {"include": "promotions.banners"})
        shape = read(CheckoutShape, found, "a checkout")
        if shape.cart.currency.code != currency:
            raise Unreadable(f"a checkout in {shape.cart.currency.code[:3]} instead of {currency}")
        with as_unreadable("a checkout"):
            return _reading(shape, currency)

    def redirect_url(self, cart_id: str) -> str:
        # A repeated call only makes another link.
        found = self._client.post(path("carts", cart_id, "redirect_urls"), {}, repeatable=True)
        return read(LinksShape, found, "a checkout link").checkout_url

    def delete_cart(self, cart_id: str) -> None:
        try:
            self._client.delete(path("carts", cart_id))
        except NotFound:
            return

    def methods(self, cart_id: str) -> list[OfferedMethod]:
        """Gateways, each once. Store credit and gift certificates are tenders of the store itself, not offered."""
        rows = self._client.rows(path("payments", "methods"), {"checkout_id": cart_id})
        found: dict[str, OfferedMethod] = {}
        for row in (read(MethodShape, row, "a payment method") for row in rows):
            gateway = row.id.partition(".")[0]
            if row.type not in _OWN_TENDERS:
                found.setdefault(gateway, OfferedMethod(gateway, row.name, bool(row.test_mode)))
        return list(found.values())

    def prefill_billing(self, cart_id: str, address: Address) -> None:
        """Only with the country and e-mail that BigCommerce insists on. An address the store does not like is no
        reason not to pay: the buyer fills it in."""
        if not (address.email and address.country_code):
            return
        try:
            self._prefill(cart_id, address)
        except Rejected:
            return

    def _prefill(self, cart_id: str, address: Address) -> None:
        where = path("checkouts", cart_id)
        there = read(CheckoutShape, self._client.one(where), "a checkout").billing_address
        if there is not None and there.id:
            self._client.put(f"{where}/{path('billing-address', there.id)}", _billing(address))
        else:
            self._client.post(f"{where}/billing-address", _billing(address), repeatable=True)


def _product_line(line: CartLine, product: PaymentProduct) -> Doc:
    """A product line with our price and name. The text of the required modifier keeps lines of one product apart;
    with modifiers the variant is left out, as the documentation asks."""
    body: Doc = {
        "product_id": product.product_id,
        "quantity": line.quantity,
        "list_price": line.price.amount,
        "name": line.name,
    }
    if product.option_id is not None:
        body["option_selections"] = [{"option_id": product.option_id, "option_value": line.name}]
    elif product.variant_id is not None:
        body["variant_id"] = product.variant_id
    return body


def _custom_item(line: CartLine) -> Doc:
    return {"sku": line.sku, "name": line.name, "quantity": line.quantity, "list_price": line.price.amount}


def _reading(shape: CheckoutShape, currency: str) -> CheckoutReading:
    def money(value: Decimal) -> Money:
        return stated(value, currency)

    items = shape.cart.line_items
    lines = [_line(item, currency) for item in (*items.physical_items, *items.digital_items, *items.custom_items)]
    lines += [CartLine("", gift.name or "Gift certificate", money(gift.amount), 1) for gift in items.gift_certificates]
    discounts = money(_discounts(shape))
    return CheckoutReading(
        total=counted(shape.grand_total, currency),
        discounts=discounts,
        tax=money(shape.tax_total),
        shipping=money(shape.shipping_cost_total_inc_tax + shape.handling_cost_total_inc_tax),
        fees=money(sum((fee.cost_inc_tax for fee in shape.fees), start=Decimal(0))),
        lines=tuple(lines),
        needs_shipping=_needs_shipping(shape),
        promotions=_promotions(shape, bool(discounts)),
    )


def _line(item: ItemShape, currency: str) -> CartLine:
    if item.quantity != item.quantity.to_integral_value():
        raise Unreadable("a broken quantity")
    return CartLine(item.sku, item.name, counted(item.list_price, currency), int(item.quantity))


def _discounts(shape: CheckoutShape) -> Decimal:
    """The same reduction is told at the cart, at its coupons, by its lists and at the lines: the largest is it."""
    cart: CartShape = shape.cart
    items = (*cart.line_items.physical_items, *cart.line_items.digital_items, *cart.line_items.custom_items)
    zero = Decimal(0)
    coupons = max(
        sum((one.discounted_amount for one in shape.coupons), start=zero),
        sum((one.discounted_amount for one in cart.coupons), start=zero),
    )
    return max(
        cart.discount_amount + coupons,
        sum((one.discounted_amount for one in cart.discounts), start=zero),
        sum((one.discount_amount + one.coupon_amount for one in items), start=zero),
    )


def _needs_shipping(shape: CheckoutShape) -> bool:
    """Newer checkouts ask for an address for any custom item (checkout-page 1)."""
    items = shape.cart.line_items
    shipped = any(item.is_require_shipping for item in (*items.physical_items, *items.digital_items))
    return shipped or bool(items.custom_items) or bool(shape.consignments)


def _promotions(shape: CheckoutShape, changes_price: bool) -> tuple[str, ...]:
    """Names for the seller of what changed the cart; a banner that changes nothing is no cause."""
    items = shape.cart.line_items
    gifts = [
        item.name
        for item in (*items.physical_items, *items.digital_items, *items.custom_items)
        if item.added_by_promotion
    ]
    if not (changes_price or gifts):
        return ()
    coupons = [one.display_name or one.code for one in shape.coupons or shape.cart.coupons]
    banners = [one.text for promotion in shape.promotions for one in promotion.banners if one.type == "applied"]
    return tuple(dict.fromkeys(name for name in (*coupons, *banners, *gifts) if name))


def _billing(address: Address) -> Mapping[str, str]:
    first, _, last = address.name.partition(" ")
    return {
        "first_name": first,
        "last_name": last,
        "email": address.email,
        "company": address.company,
        "address1": address.street_1,
        "address2": address.street_2,
        "city": address.city,
        "state_or_province": address.state,
        "country_code": address.country_code,
        "postal_code": address.zip,
        "phone": address.phone,
    }
