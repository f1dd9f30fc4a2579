"""What checkout would charge, to the cent, and everything the store adds or takes off (R-18)."""

import pytest
import responses

from domain.errors import NotFound, StoreUnreachable
from domain.payment_attempt import SKU, CartLine
from tests.adapters.bigcommerce.checkout_bodies import CART, a_checkout, an_item, usd
from tests.adapters.bigcommerce.kit import V3, a_shop, v3


def reading(**changes):
    responses.add("GET", f"{V3}checkouts/{CART}", json=v3(a_checkout(**changes)))
    return a_shop().checkout.read(CART, "USD")


@responses.activate
def test_a_clean_checkout_costs_the_attempt_and_nothing_else():
    found = reading()

    assert found.total == usd("125.10")
    assert [found.discounts, found.tax, found.shipping, found.fees] == [usd("0.00")] * 4
    assert found.lines == (CartLine(SKU, "Invoice INV-00001", usd("125.10"), 1),)
    assert (found.needs_shipping, found.promotions) == (False, ())


CHANGED = {
    "tax": ({"tax_total": 1.28}, "tax", "1.28"),
    "shipping": ({"shipping_cost_total_inc_tax": 8.32}, "shipping", "8.32"),
    "handling": ({"handling_cost_total_inc_tax": 2}, "shipping", "2.00"),
    "fee": ({"fees": [{"cost_inc_tax": 10.0}, {"cost_inc_tax": 0.5}]}, "fees", "10.50"),
    "cart discount": ({"cart": {"discount_amount": 4}}, "discounts", "4.00"),
    "coupon of the checkout": ({"coupons": [{"code": "SHOP20", "discounted_amount": 0.9}]}, "discounts", "0.90"),
    "coupon of the cart": ({"cart": {"coupons": [{"code": "X", "discounted_amount": 0.9}]}}, "discounts", "0.90"),
    "spread discount": ({"cart": {"discounts": [{"id": 1, "discounted_amount": 7}]}}, "discounts", "7.00"),
    "line discount": ({"items": {"digital_items": [an_item(discount_amount=3)]}}, "discounts", "3.00"),
}


@responses.activate
@pytest.mark.parametrize(("changes", "field", "amount"), CHANGED.values(), ids=CHANGED.keys())
def test_whatever_the_store_adds_or_takes_off_is_seen(changes, field, amount):
    """R-18"""
    assert getattr(reading(**changes), field) == usd(amount)


@responses.activate
def test_one_reduction_told_in_four_places_counts_once():
    coupon = [{"code": "SHOP20", "display_name": "20% Off", "discounted_amount": 13.4}]
    items = {"digital_items": [an_item(coupon_amount=7), an_item(coupon_amount=6.4)]}
    spread = [{"discounted_amount": 7}, {"discounted_amount": 6.4}]

    found = reading(items=items, cart={"coupons": coupon, "discounts": spread}, coupons=coupon)

    assert found.discounts == usd("13.40")
    assert found.promotions == ("20% Off",)


@responses.activate
def test_a_promotion_that_changed_the_cart_is_named_to_the_seller():
    banners = [{"type": "applied", "text": "Spring sale"}, {"type": "upsell", "text": "Buy more"}]

    found = reading(cart={"discount_amount": 5}, promotions=[{"banners": banners}])

    assert found.promotions == ("Spring sale",)


@responses.activate
def test_a_banner_that_changes_nothing_stops_no_payment():
    banners = [{"type": "applied", "text": "Free shipping over 50"}]

    assert reading(promotions=[{"banners": banners}]).promotions == ()


@responses.activate
def test_foreign_lines_are_all_listed():
    items = {
        "physical_items": [an_item(sku="MUG", name="Mug", quantity=2, list_price=9.5, is_require_shipping=True)],
        "custom_items": [{"sku": "C", "name": "Custom", "quantity": "3", "list_price": "1.25"}],
        "gift_certificates": [{"name": "Gift", "amount": 25}],
    }

    found = reading(items=items)

    assert found.lines == (
        CartLine("MUG", "Mug", usd("9.50"), 2),
        CartLine(SKU, "Invoice INV-00001", usd("125.10"), 1),
        CartLine("C", "Custom", usd("1.25"), 3),
        CartLine("", "Gift", usd("25.00"), 1),
    )
    assert found.needs_shipping


@responses.activate
def test_custom_items_bring_the_shipping_step():
    items = {"digital_items": [], "custom_items": [{"sku": SKU, "name": "x", "quantity": 1, "list_price": 125.1}]}

    assert reading(items=items).needs_shipping


@responses.activate
@pytest.mark.parametrize(
    "changes",
    [
        {"grand_total": None},
        {"grand_total": 125.105},
        {"tax_total": None},
        {"cart": {"currency": {"code": "EUR"}}},
        {"items": {"digital_items": [an_item(list_price=None)]}},
        {"items": {"digital_items": [an_item(quantity=1.5)]}},
    ],
)
def test_a_checkout_that_cannot_be_read_to_the_cent_is_a_failure(changes):
    with pytest.raises(StoreUnreachable):
        reading(**changes)


@responses.activate
def test_a_cart_that_is_gone_is_not_found():
    responses.add("GET", f"{V3}checkouts/{CART}", status=404, json={"title": "Not found"})

    with pytest.raises(NotFound):
        a_shop().checkout.read(CART, "USD")
