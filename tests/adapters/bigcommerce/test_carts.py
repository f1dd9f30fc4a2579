"""Carts are made once with exact prices (R-17, F-4); links, methods and the address are courtesy."""

import pytest
import requests
import responses

from domain.address import Address
from domain.errors import StoreUnreachable
from domain.payment_attempt import SKU
from domain.ports import OfferedMethod
from tests.adapters.bigcommerce.checkout_bodies import CART, PRODUCT, a_checkout, an_attempt
from tests.adapters.bigcommerce.kit import V3, a_shop, methods_called, sent, v3


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
