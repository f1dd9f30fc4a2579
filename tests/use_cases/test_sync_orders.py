"""Orders of companies come in: the first walk (R-8, F-1, I-7)."""

from dataclasses import replace

import pytest

from domain.errors import DirectoryUnreachable, StoreUnreachable
from domain.payment_attempt import SKU
from domain.ports import OrderPage, OrderRecord
from domain.review import ReviewKind
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    an_order,
    an_order_line,
    usd,
)
from tests.use_cases.trade import BEA, OTTO, Trade, a_tender, days_ago, fact, stored, sync


def test_orders_of_companies_are_kept_and_others_left_out(trade):
    """R-8: B2C and guest orders of more than a day ago are nobody's business here."""
    trade.place(an_order(1, **days_ago(trade, 2)))
    trade.place(an_order(2, None, customer_id=BEA, **days_ago(trade, 2)))
    trade.place(an_order(3, None, customer_id=999, **days_ago(trade, 2)))
    trade.place(an_order(4, None, customer_id=0, **days_ago(trade, 0)))
    trade.place(an_order(5, None, customer_id=999, **days_ago(trade, 0)))

    sync(trade)

    assert {order_id: stored(trade, order_id) is not None for order_id in range(1, 6)} == {
        **{1: True, 2: True, 3: False, 4: False, 5: True}
    }
    assert stored(trade, 2).company_id == NORTHWIND
    assert stored(trade, 5).company_id is None


def test_orders_of_more_than_a_year_ago_are_left_out(trade):
    trade.place(an_order(1, **days_ago(trade, 367)))
    trade.place(an_order(2, **days_ago(trade, 360)))

    sync(trade)

    assert (stored(trade, 1), stored(trade, 2) is None) == (None, False)


def test_the_record_of_b2b_edition_wins_over_the_shopper(trade):
    """R-8: also for a sales rep who ordered while masquerading, and with the PO number."""
    trade.place(an_order(1, None, customer_id=OTTO, po_number="", **days_ago(trade, 2)))
    trade.shop.directory.records[1] = OrderRecord(1, NORTHWIND, "PO-9")
    trade.place(an_order(2, None, customer_id=999, **days_ago(trade, 2)))
    trade.shop.directory.records[2] = OrderRecord(2, SOUTHSIDE)

    sync(trade)

    assert (stored(trade, 1).company_id, stored(trade, 1).po_number) == (NORTHWIND, "PO-9")
    assert stored(trade, 2).company_id == SOUTHSIDE


@pytest.mark.parametrize("how", ["our product", "our cart", "B2B Edition's record", "its metafield"])
def test_payments_of_invoices_are_recognised(trade, how):
    """R-8, R-17."""
    invoice = trade.invoice(60_00)
    cart_id = trade.attempt(trade.start({invoice.id: usd(60_00)}).attempt_id).cart_id
    changes = {
        "our product": {"lines": (replace(an_order_line(1, usd(60_00)), sku=SKU),)},
        "our cart": {"cart_id": cart_id},
    }
    trade.place(an_order(1, **days_ago(trade, 2), **changes.get(how, {})))
    if how == "B2B Edition's record":
        trade.shop.directory.records[1] = OrderRecord(1, NORTHWIND, is_invoice_order=True)
    if how == "its metafield":
        trade.shop.orders.b2b_payments.add(1)

    sync(trade)

    assert stored(trade, 1).is_invoice_payment


def test_the_counts_grow_page_by_page(trade):
    seen = []
    for order_id in range(1, 503):
        trade.place(an_order(order_id, **days_ago(trade, 2)))
    page = trade.shop.orders.page

    def watched(**query):
        seen.append(fact(trade, "sync.orders").get("kept"))
        return page(**query)

    trade.shop.orders.page = watched

    sync(trade)

    assert seen == [0, 250, 500]
    progress = fact(trade, "sync.orders")
    assert (progress["state"], progress["total"], progress["kept"]) == ("done", 502, 502)


def interrupted(trade: Trade) -> None:
    """A walk of 300 orders that stops after the first page."""
    for order_id in range(1, 301):
        trade.place(an_order(order_id, **days_ago(trade, 2)))
    page = trade.shop.orders.page

    def once(**query) -> OrderPage:
        if query["after_id"]:
            raise StoreUnreachable
        return page(**query)

    trade.shop.orders.page = once
    sync(trade)
    trade.shop.orders.page = page
    assert [type(failure) for _, _, failure in trade.world.failures] == [StoreUnreachable]
    trade.world.failures.clear()


def test_an_interrupted_walk_goes_on_where_it_stopped(trade):
    interrupted(trade)
    asked = []
    page = trade.shop.orders.page
    trade.shop.orders.page = lambda **query: asked.append(query["after_id"]) or page(**query)
    trade.clock.forward(minutes=10)

    sync(trade)

    assert asked == [250]
    assert fact(trade, "sync.orders")["kept"] == 300


def test_what_changed_before_an_interrupted_walk_ended_is_not_forgotten(trade):
    """F-1: the sweep goes on from when the walk began, two days ago."""
    interrupted(trade)
    trade.clock.forward(hours=24)
    trade.place(an_order(7, **days_ago(trade, 3, modified_at=trade.clock.now), status_id=10))
    trade.clock.forward(hours=24)
    sync(trade)

    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert stored(trade, 7).status_id == 10


def test_without_b2b_edition_the_walk_waits_instead_of_leaving_everybody_out(trade):
    """F-1: orders by masquerading reps are known only there."""
    trade.place(an_order(1, None, customer_id=999, **days_ago(trade, 2)))
    trade.shop.directory.records[1] = OrderRecord(1, NORTHWIND)
    trade.shop.directory.is_away = True
    sync(trade)
    assert {type(failure) for _, _, failure in trade.world.failures} == {DirectoryUnreachable}
    trade.world.failures.clear()
    assert fact(trade, "orders.watermark") == {}

    trade.shop.directory.is_away = False
    trade.clock.forward(hours=12)
    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert stored(trade, 1).company_id == NORTHWIND


def test_an_order_that_could_not_be_read_holds_back_no_others(trade):
    """F-23: it is asked for by itself."""
    trade.place(an_order(1, **days_ago(trade, 2)))
    trade.place(an_order(2, **days_ago(trade, 2)))
    page = trade.shop.orders.page

    def without_first(**query) -> OrderPage:
        found = page(**query)
        return replace(found, orders=found.orders[1:], unreadable=(1,))

    trade.shop.orders.page = without_first

    sync(trade)

    assert stored(trade, 1)
    assert stored(trade, 2)


def test_payments_found_on_the_walk_are_settled(trade):
    """I-7."""
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 60_00))
    trade.place(order, a_tender("501", 60_00))

    sync(trade)

    assert trade.balances(invoice) == [0]


def test_a_walk_over_known_orders_sees_what_changed(trade):
    """R-11, F-16: after a reinstall, an invoiced order turns out to be cancelled."""
    order = trade.sold(an_order(**days_ago(trade, 2)))
    trade.create()
    trade.place(replace(order, status_id=5, modified_at=trade.clock.now))

    sync(trade)

    assert stored(trade).status_id == 5
    assert trade.reviews().keys() == {ReviewKind.ORDER_CHANGED}
