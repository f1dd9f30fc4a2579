"""The same client against the stand-in store, over real sockets: install, walk, money, cart to checkout, set-up."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from adapters.bigcommerce.shop import BigCommerce
from adapters.sandbox.settings import SOUTH
from domain.address import Address
from domain.errors import NotFound, ScopeMissing, StoreDisconnected, TokenRefused
from domain.ids import new_id
from domain.money import Money
from domain.order import NEVER_INVOICED, draft_of
from domain.order_money import read_money
from domain.payment_attempt import AttemptLine, PaymentAttempt
from domain.ports import ScriptFile
from domain.store import missing_scopes

YEAR = timedelta(days=366)


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def an_attempt(customer_id: int, *amounts: str) -> PaymentAttempt:
    lines = tuple(
        AttemptLine(new_id(), f"INV-{index:05d}", "2026-12-31", usd(amount)) for index, amount in enumerate(amounts, 1)
    )
    return PaymentAttempt(new_id(), 1, customer_id, "USD", lines, "PAY-00001", datetime.now(UTC))


@pytest.fixture(scope="module")
def walked(north):
    """Every order of the seed as the first synchronisation sees it."""
    found, after = [], 0
    while True:
        page = north.shop.orders.page(placed_since=datetime.now(UTC) - YEAR, after_id=after)
        assert page.unreadable == ()
        found += page.orders
        after = page.last_id
        if not page.more:
            return found


# --- login --------------------------------------------------------------------------------------------------
def test_an_install_grants_every_scope_we_need(north):
    assert missing_scopes(north.scopes) == {}


def test_a_code_is_good_once(sandbox, install):
    url = requests.get(f"{sandbox.settings.main_url}/_sandbox/{SOUTH}/auth-url?user=1").json()["url"]

    install(SOUTH, url)

    with pytest.raises(TokenRefused):
        install(SOUTH, url)


def test_load_and_shopper_tokens_of_the_store_are_verified(north):
    load = north.control("/load-url?user=2", method="GET")["url"].split("signed_payload_jwt=")[1]
    shopper = north.control("/current-jwt?customer_id=2", method="GET")["jwt"]

    caller = north.login.caller(load)
    buyer = north.login.shopper(shopper)

    assert (caller.store_hash, caller.user_id, caller.owner_id) == (north.hash, 2, 1)
    assert (buyer.store_hash, buyer.customer_id) == (north.hash, 2)
    with pytest.raises(TokenRefused):
        north.login.caller(shopper)
    with pytest.raises(TokenRefused):
        north.login.shopper(load)


# --- orders -------------------------------------------------------------------------------------------------
def test_the_walk_sees_every_order_once_and_counts_them(north, walked):
    ids = [order.id for order in walked]

    assert ids == sorted(set(ids))
    assert len(ids) >= 119
    assert north.shop.orders.count(datetime.now(UTC) - YEAR) == len(ids)


def test_a_page_and_a_single_reading_tell_the_same_order(north, walked):
    """Only names of coupons and taxes are not embedded; every amount is the same."""
    for order in walked[::9]:
        single = north.shop.orders.get(order.id)

        assert single.lines == order.lines
        assert (single.total, single.total_tax, single.charges) == (order.total, order.total_tax, order.charges)
        assert sum(amount.minor for _, amount in single.discounts) == sum(amount.minor for _, amount in order.discounts)
        assert single.shipping_addresses == order.shipping_addresses


def test_the_seed_has_every_kind_of_order(north, walked):
    assert max(len(order.lines) for order in walked) > 50
    assert len({order.currency for order in walked}) >= 2
    assert any(line.is_digital for order in walked for line in order.lines)
    assert any(line.product_id == 0 for order in walked for line in order.lines)
    assert any(order.discounts for order in walked)
    assert any(order.customer_id == 0 for order in walked)


def test_every_order_adds_up_to_its_total_when_it_is_drafted(north, walked):
    """R-10: nothing but rounding is left over, refunds included."""
    for order in (order for order in walked if order.status_id not in NEVER_INVOICED):
        single = north.shop.orders.get(order.id)
        money = north.shop.orders.money(order.id, order.currency)

        draft = draft_of(single, money.refunds)

        assert not draft.needs_review, f"order {order.id}: {draft.difference}"


def test_a_changed_order_is_found_by_its_date(north, walked):
    since = datetime.now(UTC)
    order_id = walked[3].id
    north.control(f"/orders/{order_id}/edit", {"staff_notes": "call first", "lines": []})

    page = north.shop.orders.page(modified_since=since - timedelta(seconds=1))

    assert [order.id for order in page.orders] == [order_id]
    assert page.orders[0].staff_notes == "call first"


def test_lines_cut_off_in_a_page_are_read(north, walked):
    long = max(walked, key=lambda order: len(order.lines))
    north.control("/modes", {"embedded_lines_limit": 50})
    try:
        page = north.shop.orders.page(after_id=long.id - 1)
    finally:
        north.control("/modes", {"embedded_lines_limit": None})

    assert page.orders[0].lines == long.lines


def test_an_archived_order_is_told_by_its_number(north):
    order = north.control("/orders", {"customer_id": 2, "lines": [{"sku": "NS-TWL-12", "quantity": 1}]})
    north.control(f"/orders/{order['id']}/archive")

    assert north.shop.orders.get(order["id"]).is_archived


def test_an_unknown_order_is_not_found(north):
    with pytest.raises(NotFound):
        north.shop.orders.get(999_999)


# --- money --------------------------------------------------------------------------------------------------
def test_captured_authorised_pending_declined_and_refunded_money(north):
    def placed(paid):
        lines = [{"sku": "NS-TWL-12", "quantity": 2}]
        return north.control("/orders", {"customer_id": 2, "lines": lines, "paid": paid})

    def reading(order):
        fresh = north.shop.orders.get(order["id"])
        return fresh, read_money(north.shop.orders.money(order["id"], fresh.currency), fresh.currency)

    card, money = reading(placed("card"))
    assert money.captured == card.total

    held_order = placed("authorised")
    held, money = reading(held_order)
    assert (money.captured, money.authorized) == (Money.zero(held.currency), held.total)
    north.control(f"/orders/{held_order['id']}/capture", {"amount": "10.00"})
    _, money = reading(held_order)
    assert money.captured.text == "10.00"
    assert money.authorized == held.total - money.captured

    debit, money = reading(placed("bank_debit"))
    assert (money.captured, money.on_its_way) == (Money.zero(debit.currency), debit.total)

    _, money = reading(placed("declined"))
    assert not money.captured
    assert not money.promised

    check, money = reading(placed("check"))
    assert (money.captured, money.on_its_way) == (Money.zero(check.currency), Money.zero(check.currency))


def test_refunds_by_line_by_amount_and_declined(north):
    lines = [{"sku": "NS-TWL-12", "quantity": 2}, {"sku": "NS-LED-60", "quantity": 1}]
    order = north.control("/orders", {"customer_id": 2, "lines": lines, "paid": "card"})
    where = f"/orders/{order['id']}/refund"
    north.control(where, {"lines": [{"sku": "NS-TWL-12", "quantity": 1}]})
    north.control(where, {"amount": "1.99", "to": "storecredit"})
    north.control(where, {"amount": "5.00", "declined": True})
    fresh = north.shop.orders.get(order["id"])

    refunds = north.shop.orders.money(order["id"], fresh.currency).refunds

    assert [refund.to_store_credit for refund in refunds] == [False, True]
    assert refunds[0].items[0].item_id == fresh.lines[0].id
    assert refunds[1].paid.text == "1.99"
    assert not draft_of(fresh, refunds).needs_review


# --- from cart to checkout ----------------------------------------------------------------------------------
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


# --- set-up and marks ---------------------------------------------------------------------------------------
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


# --- faults over the wire -----------------------------------------------------------------------------------
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
