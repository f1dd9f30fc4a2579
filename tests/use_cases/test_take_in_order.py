"""A hint says that an order changed: what was read decides (R-8, R-9, R-11, F-2, ground rule 5)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.invoice import Status
from domain.order import Refund, RefundItem
from domain.ports import OrderRecord
from domain.review import ReviewKind
from domain.use_cases.edit_invoice import Edit
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_buyer,
    a_company,
    a_line,
    an_instant,
    an_order,
    finance,
    sales,
    usd,
)
from tests.use_cases.trade import BEA, OTTO, a_tender, days_ago, stored, sync


def test_old_news_after_newer_news_changes_nothing(trade):
    """F-2: BigCommerce promises no order."""
    newer = trade.sold(an_order(status_id=10, status="Completed", modified_at=trade.clock.now))
    trade.create()
    trade.place(replace(newer, status_id=5, status="Cancelled", modified_at=trade.clock.now - timedelta(hours=1)))

    trade.hear()

    assert stored(trade).status_id == 10
    assert trade.reviews() == {}


def test_an_edit_and_a_status_change_follow(trade):
    trade.sold(an_order())
    trade.place(an_order(total=usd(200_00), status_id=2, status="Shipped", modified_at=trade.clock.now))

    trade.hear()

    assert (stored(trade).total, stored(trade).status) == (usd(200_00), "Shipped")


def test_a_deleted_order_is_no_error(trade):
    trade.hear(4711)

    assert stored(trade, 4711) is None


def test_while_b2b_edition_is_away_an_order_keeps_its_company(trade):
    """R-8: it was ordered by a rep; the shopper belongs to another company."""
    order = trade.place(an_order(customer_id=OTTO, po_number=""))
    trade.shop.directory.records[1160] = OrderRecord(1160, NORTHWIND, "PO-9")
    trade.hear()
    trade.shop.directory.is_away = True
    trade.shop.orders.add(replace(order, company_id=None, status_id=2, modified_at=trade.clock.now))

    trade.hear()

    assert (stored(trade).company_id, stored(trade).po_number) == (NORTHWIND, "PO-9")
    assert stored(trade).status_id == 2


def test_a_shopper_who_moved_takes_no_old_orders_along(trade):
    """R-8."""
    order = trade.place(an_order(customer_id=BEA))
    del trade.shop.directory.records[1160]
    trade.hear()
    with trade.work() as work:
        work.companies.put_buyers([a_buyer(BEA, SOUTHSIDE)])
        work.commit()
    trade.shop.orders.add(replace(order, company_id=None, modified_at=trade.clock.now))

    trade.hear()

    assert stored(trade).company_id == NORTHWIND


def test_a_new_shoppers_order_waits_a_day_for_its_company(trade):
    """R-8: unknown is re-checked for 24 h."""
    trade.place(an_order(1, None, customer_id=999, **days_ago(trade, 0)))
    sync(trade)
    assert stored(trade, 1).company_id is None

    trade.shop.directory.records[1] = OrderRecord(1, NORTHWIND)
    trade.clock.forward(hours=23)
    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert stored(trade, 1).company_id == NORTHWIND


def test_a_company_younger_than_the_directory_is_asked_for(trade):
    trade.shop.directory.add(a_company(13, "Young & Co"))

    trade.sold(an_order(1, 13))

    with trade.work() as work:
        assert work.companies.get(13).name == "Young & Co"


# --- money of invoiced orders ---------------------------------------------------------------------------
def test_a_later_capture_pays_the_orders_invoice(trade):
    """R-9: by order id."""
    trade.sold(an_order())
    invoice = trade.create()

    trade.tell_money(1160, a_tender("501", 122_50))

    assert trade.read(invoice).status is Status.CLOSED
    assert trade.told()[-1][0] == "payment.received"


def test_a_capture_is_booked_once_however_often_it_is_told(trade):
    """I-6."""
    trade.sold(an_order())
    invoice = trade.create()
    for _ in range(3):
        trade.tell_money(1160, a_tender("501", 100_00))

    assert trade.balances(invoice) == [22_50]


def test_what_was_paid_otherwise_meanwhile_leaves_credit(trade):
    """Ground rule 3."""
    trade.sold(an_order())
    invoice = trade.create()
    trade.tell_money(trade.pay((invoice, 122_50)).id, a_tender("500", 122_50))

    trade.tell_money(1160, a_tender("501", 122_50))

    assert trade.balances(invoice) == [0]
    assert trade.payment_of(1160).available == usd(122_50)


def test_a_later_refund_reopens_the_orders_invoice(trade):
    """R-9, R-20: and a credit memo is proposed for what came back (R-11)."""
    trade.sold(an_order(), a_tender("501", 122_50))
    invoice = trade.create()
    items = (RefundItem("PRODUCT", 1, Decimal(2), usd(0)),)
    refund = Refund(1, an_instant(21), usd(60_00), usd(0), items, (("1", usd(60_00)),))

    trade.tell_money(1160, a_tender("501", 122_50), refunds=(refund,))

    assert trade.balances(invoice) == [60_00]
    assert "62.50" in trade.reviews()[ReviewKind.ORDER_CHANGED].found
    assert trade.told()[-1][0] == "payment.refunded"


def test_money_of_an_order_nobody_invoiced_is_not_booked(trade):
    """R-9: *Create invoice* reads it."""
    trade.sold(an_order(), a_tender("501", 122_50))

    assert trade.payments() == []


def test_an_orders_money_in_opening_mode_is_silent(trade):
    """R-12."""
    trade.set(cut_over=None)
    trade.sold(an_order())
    trade.create()

    trade.tell_money(1160, a_tender("501", 122_50))

    assert trade.told() == []


def test_a_disputed_order_is_shown_to_a_person(trade):
    """R-20."""
    order = trade.sold(an_order(), a_tender("501", 122_50))
    invoice = trade.create()
    trade.shop.orders.orders[1160] = replace(order, status_id=13, status="Disputed", modified_at=trade.clock.now)

    trade.hear()

    assert ReviewKind.DISPUTED in trade.reviews()
    assert trade.balances(invoice) == [0]


# --- orders that change later ---------------------------------------------------------------------------
def changed(trade, **changes) -> None:
    """The order changes in the store, and a hint of it is worked through."""
    trade.clock.forward(minutes=1)
    order = trade.shop.orders.orders[1160]
    trade.shop.orders.orders[1160] = replace(order, modified_at=trade.clock.now, **changes)
    trade.hear()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"status_id": 5}, "gone"),
        ({"is_archived": True}, "gone"),
        ({"total": usd(200_00)}, "larger"),
        ({"total": usd(50_00)}, "smaller"),
    ],
    ids=["cancelled", "archived", "larger", "smaller"],
)
def test_a_changed_order_is_shown_and_its_invoice_stays(trade, changes, kind):
    """R-11: nothing by itself."""
    trade.sold(an_order())
    invoice = trade.create()

    changed(trade, **changes)

    review = trade.reviews()[ReviewKind.ORDER_CHANGED]
    assert (review.facts, review.expected) == (
        {"invoice_id": invoice.id, "change": kind},
        "INV-00001 of 122.50 USD",
    )
    assert trade.balances(invoice) == [122_50]


def test_an_order_that_comes_back_to_its_invoice_needs_nobody_any_more(trade):
    trade.sold(an_order())
    trade.create()
    changed(trade, total=usd(200_00))

    changed(trade, total=usd(122_50))

    assert trade.reviews() == {}


@pytest.mark.parametrize("how", ["left out", "edited"])
def test_an_invoice_that_differs_on_purpose_is_shown_only_when_its_order_changes(trade, how):
    """R-11: a shipped order is no news to an invoice that leaves a line out."""
    trade.sold(an_order())
    invoice = trade.create(keep=(1,) if how == "left out" else None)
    if how == "edited":
        trade.portal.edit_invoice(sales(), invoice.id, Edit(1, lines=(a_line(usd(50_00)),)))

    changed(trade, status_id=2, status="Shipped")
    assert trade.reviews() == {}
    changed(trade, total=usd(200_00))

    assert trade.reviews().keys() == {ReviewKind.ORDER_CHANGED}


def test_a_void_invoice_is_no_longer_compared(trade):
    trade.sold(an_order())
    trade.portal.void_invoice(finance(), trade.create().id, "mistake")

    changed(trade, status_id=5)

    assert trade.reviews() == {}
