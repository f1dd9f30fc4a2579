"""A cart that costs exactly the attempt (R-17, R-18): what is sent, what is read back, what is not repeated (F-4)."""

from datetime import UTC, datetime

import pytest
import requests
import responses

from domain.address import Address
from domain.errors import NotFound, StoreUnreachable
from domain.money import Money
from domain.payment_attempt import SKU, AttemptLine, CartLine, PaymentAttempt
from domain.ports import OfferedMethod, PaymentProduct
from tests.adapters.bigcommerce.kit import V3, a_shop, methods_called, sent, v3

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


def an_item(**changes):
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


def a_checkout(items=None, cart=None, **changes):
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


def reading(**changes):
    responses.add("GET", f"{V3}checkouts/{CART}", json=v3(a_checkout(**changes)))
    return a_shop().checkout.read(CART, "USD")


# --- making -------------------------------------------------------------------------------------------------
@responses.activate
def test_a_cart_has_one_line_per_invoice_with_its_exact_price():
    responses.add("POST", f"{V3}carts", json=v3({"id": CART}), status=201)

    assert a_shop().checkout.make_cart(an_attempt("125.10", "0.70"), PRODUCT) == CART

    assert sent() == {
        "customer_id": 42,
        "channel_id": 2,
        "currency": {"code": "USD"},
        "line_items": [
            {
                "product_id": 77,
                "quantity": 1,
                "list_price": "125.10",
                "name": "Invoice INV-00001",
                "option_selections": [{"option_id": 120, "option_value": "Invoice INV-00001"}],
            },
            {
                "product_id": 77,
                "quantity": 1,
                "list_price": "0.70",
                "name": "Invoice INV-00002",
                "option_selections": [{"option_id": 120, "option_value": "Invoice INV-00002"}],
            },
        ],
    }


@responses.activate
@pytest.mark.parametrize(
    ("amount", "currency", "written"), [("1500", "JPY", b"1500"), ("1.234", "KWD", b"1.234"), ("0.10", "USD", b"0.10")]
)
def test_prices_are_json_numbers_with_the_digits_of_the_currency(amount, currency, written):
    responses.add("POST", f"{V3}carts", json=v3({"id": CART}), status=201)

    a_shop().checkout.make_cart(an_attempt(amount, currency=currency), PRODUCT)

    assert b'"list_price":' + written + b"," in responses.calls[0].request.body


@responses.activate
def test_many_invoices_are_one_line():
    """R-17: above 25 the split stands in the attempt."""
    responses.add("POST", f"{V3}carts", json=v3({"id": CART}), status=201)

    a_shop().checkout.make_cart(an_attempt(*["1.00"] * 26), PRODUCT)

    (line,) = sent()["line_items"]
    assert (line["list_price"], line["name"]) == ("26.00", "Payment of 26 invoices (PAY-00012)")


@responses.activate
def test_without_a_product_the_lines_are_custom_items():
    responses.add("POST", f"{V3}carts", json=v3({"id": CART}), status=201)

    a_shop().checkout.make_cart(an_attempt("125.10"), None)

    assert sent()["custom_items"] == [{"sku": SKU, "name": "Invoice INV-00001", "quantity": 1, "list_price": "125.10"}]
    assert "line_items" not in sent()


@responses.activate
@pytest.mark.parametrize("answer", [{"body": requests.ReadTimeout("slow")}, {"status": 500}, {"body": "<html>"}])
def test_a_cart_is_never_made_twice(answer):
    """F-4"""
    responses.add("POST", f"{V3}carts", **answer)

    with pytest.raises(StoreUnreachable):
        a_shop().checkout.make_cart(an_attempt("1.00"), PRODUCT)

    assert len(responses.calls) == 1


@responses.activate
def test_a_cart_without_an_id_is_a_failure():
    responses.add("POST", f"{V3}carts", json=v3({"id": ""}), status=201)

    with pytest.raises(StoreUnreachable):
        a_shop().checkout.make_cart(an_attempt("1.00"), PRODUCT)


# --- reading ------------------------------------------------------------------------------------------------
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


# --- links, methods, address, deleting ------------------------------------------------------------------------
LINKS = {"cart_url": "https://shop.example/cart.php?a", "checkout_url": "https://shop.example/cart.php?b"}


@responses.activate
def test_a_link_is_made_afresh_and_may_be_asked_for_twice():
    responses.add("POST", f"{V3}carts/{CART}/redirect_urls", body=requests.ReadTimeout("slow"))
    responses.add("POST", f"{V3}carts/{CART}/redirect_urls", json=v3(LINKS))

    assert a_shop().checkout.redirect_url(CART) == "https://shop.example/cart.php?b"


@responses.activate
@pytest.mark.parametrize("url", ["javascript:alert(1)", "", None, "//evil.example"])
def test_a_link_that_is_no_web_address_is_not_handed_on(url):
    responses.add("POST", f"{V3}carts/{CART}/redirect_urls", json=v3(LINKS | {"checkout_url": url}))

    with pytest.raises(StoreUnreachable):
        a_shop().checkout.redirect_url(CART)


@responses.activate
def test_methods_are_gateways_without_the_stores_own_tenders():
    rows = [
        {"id": "bigcommerce.gift_certificate", "name": "Gift Certificate", "type": "gift_certificate"},
        {"id": "bigcommerce.store_credit", "name": "Store Credit", "test_mode": False, "type": "store_credit"},
        {"id": "stripe.card", "name": "Stripe", "test_mode": True, "type": "card"},
        {"id": "stripe.ach", "name": "Stripe ACH", "test_mode": False, "type": "bank"},
        {"id": "newpay", "name": "New", "type": "telepathy"},
    ]
    responses.add("GET", f"{V3}payments/methods", json=v3(rows))

    assert a_shop().checkout.methods(CART) == [OfferedMethod("stripe", "Stripe", True), OfferedMethod("newpay", "New")]
    assert methods_called() == [f"GET v3/payments/methods?checkout_id={CART}"]


@responses.activate
@pytest.mark.parametrize("status", [204, 404])
def test_deleting_a_cart_is_fine_when_it_is_gone(status):
    responses.add("DELETE", f"{V3}carts/{CART}", status=status)

    a_shop().checkout.delete_cart(CART)

    assert len(responses.calls) == 1


ADDRESS = Address(
    name="Jane van Doe",
    company="Acme",
    street_1="1 Main",
    city="Austin",
    state="Texas",
    zip="78108",
    country="United States",
    country_code="US",
    email="jane@example.com",
)


@responses.activate
def test_the_billing_address_is_filled_in():
    """R-18: checkout opens at payment."""
    responses.add("GET", f"{V3}checkouts/{CART}", json=v3(a_checkout()))
    responses.add("POST", f"{V3}checkouts/{CART}/billing-address", json=v3(a_checkout()))

    a_shop().checkout.prefill_billing(CART, ADDRESS)

    assert sent()["last_name"] == "van Doe"
    assert (sent()["email"], sent()["country_code"], sent()["postal_code"]) == ("jane@example.com", "US", "78108")


@responses.activate
def test_an_address_that_is_there_is_replaced():
    responses.add("GET", f"{V3}checkouts/{CART}", json=v3(a_checkout(billing_address={"id": "5d48"})))
    responses.add("PUT", f"{V3}checkouts/{CART}/billing-address/5d48", json=v3(a_checkout()))

    a_shop().checkout.prefill_billing(CART, ADDRESS)

    assert len(responses.calls) == 2


@responses.activate
def test_an_address_the_store_does_not_like_stops_no_payment():
    responses.add("GET", f"{V3}checkouts/{CART}", json=v3(a_checkout()))
    responses.add("POST", f"{V3}checkouts/{CART}/billing-address", status=422, json={"title": "bad country"})

    a_shop().checkout.prefill_billing(CART, ADDRESS)

    assert len(responses.calls) == 2


@responses.activate
def test_an_address_without_country_is_left_to_the_buyer():
    a_shop().checkout.prefill_billing(CART, Address(name="Jane", email="jane@example.com"))

    assert len(responses.calls) == 0
