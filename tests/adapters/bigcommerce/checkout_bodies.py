"""Attempts, carts and checkouts as BigCommerce answers them, small and with business defaults."""

from datetime import UTC, datetime
from typing import Any

from domain.money import Money
from domain.payment_attempt import SKU, AttemptLine, PaymentAttempt
from domain.ports import PaymentProduct

CART = "306d57d7-124e-4112-82cd-35e060c0d4d9"
PRODUCT = PaymentProduct(77, 120, 358)


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def an_attempt(*amounts: str, currency: str = "USD") -> PaymentAttempt:
    lines = tuple(
        AttemptLine(f"id-{index}", f"INV-{index:05d}", "2026-12-31", Money.parse(amount, currency))
        for index, amount in enumerate(amounts, 1)
    )
    started = datetime(2026, 11, 22, tzinfo=UTC)
    return PaymentAttempt("a-1", 5, 42, currency, lines, "PAY-00012", started, channel_id=2)


def an_item(**changes: Any) -> dict[str, Any]:
    return {
        "id": "8edef915",
        "product_id": 77,
        "variant_id": 358,
        "sku": SKU,
        "name": "Invoice INV-00001",
        "quantity": 1,
        "list_price": 125.1,
        "sale_price": 125.1,
        "discount_amount": 0,
        "coupon_amount": 0,
        "coupons": 0,
        "is_require_shipping": False,
    } | changes


def a_checkout(items: Any = None, cart: Any = None, **changes: Any) -> dict[str, Any]:
    kinds = {"physical_items": [], "digital_items": [an_item()], "gift_certificates": [], "custom_items": []}
    base_cart = {
        "id": CART,
        "currency": {"code": "usd"},
        "discount_amount": 0,
        "discounts": [],
        "coupons": [],
        "line_items": kinds | (items or {}),
    }
    return {
        "id": CART,
        "cart": base_cart | (cart or {}),
        "billing_address": {},
        "consignments": [],
        "taxes": [{"name": "Tax", "amount": 0}],
        "coupons": [],
        "fees": [],
        "shipping_cost_total_inc_tax": 0,
        "handling_cost_total_inc_tax": 0,
        "tax_total": 0,
        "grand_total": 125.1,
        "promotions": [],
    } | changes
