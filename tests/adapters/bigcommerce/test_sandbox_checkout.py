"""The same client against the stand-in store, over real sockets: cart to checkout, set-up, faults."""

from datetime import UTC, datetime

import pytest
import requests

from adapters.bigcommerce.shop import BigCommerce
from adapters.sandbox.settings import SOUTH
from domain.address import Address
from domain.errors import NotFound, ScopeMissing, StoreDisconnected
from domain.ids import new_id
from domain.money import Money
from domain.payment_attempt import AttemptLine, PaymentAttempt
from domain.ports import ScriptFile


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def an_attempt(customer_id: int, *amounts: str) -> PaymentAttempt:
    lines = tuple(
        AttemptLine(new_id(), f"INV-{index:05d}", "2026-12-31", usd(amount)) for index, amount in enumerate(amounts, 1)
    )
    return PaymentAttempt(new_id(), 1, customer_id, "USD", lines, "PAY-00001", datetime.now(UTC))


@pytest.fixture(scope="module")
def product(north):
    found, _ = north.shop.setup.ensure_payment_product()
    return found


def test_a_cart_costs_exactly_the_attempt_and_opens_the_stores_checkout(north, product):
    """R-17, R-18, on a store whose prices exclude tax."""
    attempt = an_attempt(2, "125.10", "0.70", "1234.56")

    cart_id = north.shop.checkout.make_cart(attempt, product)
    found = north.shop.checkout.read(cart_id, "USD")

    assert found.total == attempt.total
    assert [found.discounts, found.tax, found.shipping, found.fees] == [usd("0.00")] * 4
    assert [(line.sku, line.name, line.price) for line in found.lines] == [
        (line.sku, line.name, line.price) for line in attempt.cart_lines()
    ]
    assert (found.needs_shipping, found.promotions) == (False, ())
    methods = north.shop.checkout.methods(cart_id)
    assert "testgateway" in {method.id for method in methods}

    address = Address(name="Jane Doe", street_1="1 Main", city="Austin", country_code="US", email="jane@example.com")
    north.shop.checkout.prefill_billing(cart_id, address)
    north.shop.checkout.prefill_billing(cart_id, address)
    assert north.shop.checkout.read(cart_id, "USD").total == attempt.total

    first, second = north.shop.checkout.redirect_url(cart_id), north.shop.checkout.redirect_url(cart_id)
    assert first != second
    assert "loadInCheckout" in first


def test_a_promotion_of_the_store_is_seen_before_the_buyer_sees_it(north, product):
    north.control("/modes", {"order_promotion_percent": 10})
    try:
        cart_id = north.shop.checkout.make_cart(an_attempt(2, "100.00"), product)
        found = north.shop.checkout.read(cart_id, "USD")
    finally:
        north.control("/modes", {"order_promotion_percent": 0})

    assert (found.total, found.discounts) == (usd("90.00"), usd("10.00"))


def test_tax_that_the_store_adds_is_seen(north, product):
    north.control("/modes", {"tax_every_line": True})
    try:
        cart_id = north.shop.checkout.make_cart(an_attempt(2, "100.00"), product)
        address = Address(name="J D", street_1="1 Main", city="Austin", country_code="US", email="jane@example.com")
        north.shop.checkout.prefill_billing(cart_id, address)
        found = north.shop.checkout.read(cart_id, "USD")
    finally:
        north.control("/modes", {"tax_every_line": False})

    assert found.tax.minor > 0
    assert found.total > usd("100.00")


def test_custom_items_are_the_fallback_and_bring_shipping(north):
    attempt = an_attempt(2, "50.00")

    cart_id = north.shop.checkout.make_cart(attempt, None)
    found = north.shop.checkout.read(cart_id, "USD")

    assert [(line.sku, line.name, line.price) for line in found.lines] == [
        (line.sku, line.name, line.price) for line in attempt.cart_lines()
    ]
    assert found.needs_shipping


def test_a_deleted_cart_is_gone_and_may_be_deleted_again(north, product):
    cart_id = north.shop.checkout.make_cart(an_attempt(2, "1.00"), product)

    north.shop.checkout.delete_cart(cart_id)
    north.shop.checkout.delete_cart(cart_id)

    with pytest.raises(NotFound):
        north.shop.checkout.read(cart_id, "USD")


def test_orders_of_a_cart_are_found(north):
    lines = [{"sku": "NS-TWL-12", "quantity": 1}]
    cart = "0aa00afa-a000-40a0-8aae-aa0000f000a0"
    order = north.control("/orders", {"customer_id": 2, "lines": lines, "cart_id": cart})

    assert north.shop.orders.made_from_cart(cart) == [order["id"]]
    assert north.shop.orders.made_from_cart("0aa00afa-a000-40a0-8aae-aa0000f000a1") == []


SCRIPT = ScriptFile("http://localhost:9999/s/portal.abc.js", "sha384-abc")


def test_set_up_twice_makes_nothing_the_second_time(north):
    """R-23"""
    setup = north.shop.setup

    def run():
        hooks = setup.ensure_hooks("http://localhost:9999/hooks/bigcommerce/r", "s3cret")
        return [*hooks, *setup.ensure_script(SCRIPT), *setup.ensure_page(), *setup.ensure_payment_product()[1]]

    first, second = run(), run()

    assert first
    assert second == []


def test_what_was_switched_off_is_mended(north):
    setup = north.shop.setup
    destination = "http://localhost:9999/hooks/bigcommerce/r"
    setup.ensure_hooks(destination, "s3cret")

    assert all(line.endswith("mended") for line in setup.ensure_hooks(f"{destination}2", "s3cret"))
    assert setup.ensure_hooks(f"{destination}2", "s3cret") == []


def test_a_new_script_file_keeps_the_old_hash_for_pages_on_their_way(north):
    setup = north.shop.setup
    setup.ensure_script(SCRIPT)

    assert setup.ensure_script(ScriptFile(f"{SCRIPT.url}.new", "sha384-new"))
    assert setup.ensure_script(ScriptFile(f"{SCRIPT.url}.new", "sha384-new")) == []


def test_the_page_stands_on_the_storefront(north, sandbox):
    north.shop.setup.ensure_page()

    page = requests.get(f"{sandbox.settings.storefront_url(north.hash)}/invoices/")

    assert page.status_code == 200
    assert '<div id="invoice-portal"></div>' in page.text


def test_the_profile_is_that_of_the_store(north, sandbox):
    profile = north.shop.setup.profile()

    assert (profile.currency, profile.time_zone) == ("USD", "America/Chicago")
    assert {"USD", "EUR"} <= set(profile.transactional_currencies)
    assert profile.storefront_origins == (sandbox.settings.storefront_url(north.hash),)


def test_a_mark_is_written_once(north):
    order = north.control("/orders", {"customer_id": 2, "lines": [{"sku": "NS-TWL-12", "quantity": 1}]})
    fields = {"order_type": "invoice_payment", "payment_number": "PAY-00012"}

    for _ in range(2):
        north.shop.orders.mark(order["id"], fields, "Invoice payment PAY-00012: INV-00001; not a sale.")

    whole = north.control(f"/orders/{order['id']}", method="GET")
    assert {row["key"]: row["value"] for row in whole["metafields"]} == fields
    assert whole["head"]["staff_notes"] == "Invoice payment PAY-00012: INV-00001; not a sale."


@pytest.mark.parametrize("kind", ["http_429", "http_429_bare", "http_500", "error_after", "truncated", "html_200"])
def test_one_fault_while_reading_is_not_noticed(north, kind):
    """F-15"""
    north.control("/faults", {"kind": kind, "path": "/v2/store", "times": 1})

    assert north.shop.setup.profile().name == "Northwind Supply"


def test_a_cart_made_before_a_fault_is_an_orphan_and_only_one(north, product):
    """F-4"""
    north.control("/faults", {"kind": "error_after", "path": "/carts", "method": "POST", "times": 5})

    with pytest.raises(Exception, match="internal problem"):
        north.shop.checkout.make_cart(an_attempt(2, "1.00"), product)

    faults = requests.get(f"{north.base}/_sandbox/faults").json()
    struck = [fault["struck"] for fault in faults if fault["kind"] == "error_after" and fault["path"] == "/carts"]
    requests.delete(f"{north.base}/_sandbox/faults")
    assert struck == [1]


def test_a_missing_scope_and_a_dead_token_are_told_apart(sandbox, install):
    old = install(SOUTH).shop
    scopes = ["store_v2_orders", "store_v2_information_read_only"]
    base = sandbox.settings.main_url
    token = requests.post(f"{base}/_sandbox/{SOUTH}/token", json={"scopes": scopes}).json()["access_token"]
    limited = BigCommerce(base, sandbox.settings.client_id).open(SOUTH, token)

    assert limited.orders.get(100).id == 100
    with pytest.raises(ScopeMissing):
        limited.setup.ensure_page()
    with pytest.raises(StoreDisconnected):
        old.orders.get(100)
