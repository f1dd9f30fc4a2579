"""The same client against the stand-in store, over real sockets: install, the walk over all orders, money."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from adapters.sandbox.settings import SOUTH
from domain.draft import draft_of
from domain.errors import NotFound, TokenRefused
from domain.money import Money
from domain.order import NEVER_INVOICED
from domain.order_money import read_money
from domain.store import missing_scopes

YEAR = timedelta(days=366)


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
