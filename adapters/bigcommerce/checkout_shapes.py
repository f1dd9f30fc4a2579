"""Carts, checkouts and payment methods as read; amounts are JSON numbers."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from adapters.bigcommerce.reading import Amount, AsRows, Code, Shape, Text

_ZERO = Decimal(0)


class ItemShape(Shape):
    """A physical, digital or custom item; custom ones carry quantity and price as text in the published schema."""

    sku: Text = ""
    name: Text = ""
    quantity: Amount
    list_price: Amount
    discount_amount: Amount = _ZERO
    coupon_amount: Amount = _ZERO
    is_require_shipping: bool = False
    added_by_promotion: bool = False


class GiftShape(Shape):
    name: Text = ""
    amount: Amount


class ItemsShape(Shape):
    physical_items: Annotated[tuple[ItemShape, ...], AsRows] = ()
    digital_items: Annotated[tuple[ItemShape, ...], AsRows] = ()
    custom_items: Annotated[tuple[ItemShape, ...], AsRows] = ()
    gift_certificates: Annotated[tuple[GiftShape, ...], AsRows] = ()


class CouponShape(Shape):
    code: Text = ""
    display_name: Text = ""
    discounted_amount: Amount


class DiscountShape(Shape):
    discounted_amount: Amount


class CurrencyShape(Shape):
    code: Code


class CartShape(Shape):
    id: str = Field(min_length=1)
    currency: CurrencyShape
    discount_amount: Amount
    discounts: Annotated[tuple[DiscountShape, ...], AsRows] = ()
    coupons: Annotated[tuple[CouponShape, ...], AsRows] = ()
    line_items: ItemsShape


class NewCartShape(Shape):
    id: str = Field(min_length=1)


class FeeShape(Shape):
    cost_inc_tax: Amount


class BillingShape(Shape):
    """Empty until somebody filled it in."""

    id: Text = ""


class BannerShape(Shape):
    type: Text = ""
    text: Text = ""


class PromotionShape(Shape):
    banners: Annotated[tuple[BannerShape, ...], AsRows] = ()


class CheckoutShape(Shape):
    """What checkout would charge now."""

    cart: CartShape
    billing_address: BillingShape | None = None
    consignments: Annotated[tuple[dict[str, object], ...], AsRows] = ()
    fees: Annotated[tuple[FeeShape, ...], AsRows] = ()
    coupons: Annotated[tuple[CouponShape, ...], AsRows] = ()
    promotions: Annotated[tuple[PromotionShape, ...], AsRows] = ()
    tax_total: Amount
    shipping_cost_total_inc_tax: Amount
    handling_cost_total_inc_tax: Amount
    grand_total: Amount


class LinksShape(Shape):
    checkout_url: str = Field(pattern=r"^https?://")


class MethodShape(Shape):
    id: str = Field(min_length=1)
    name: Text = ""
    type: Text = ""
    test_mode: bool | None = False
