"""Orders that are not, or not only, what their attempt says: who paid, and from which cart (R-17, T-17, T-20)."""

from dataclasses import replace

import pytest

from domain.payment_attempt import CartLine
from domain.review import ReviewKind
from tests.builders import NORTHWIND, a_buyer, usd
from tests.use_cases.trade import BEA, OTTO, a_payment_order, a_tender, an_order_line_of


def test_a_buyer_removed_meanwhile_paid_all_the_same(trade, two):
    """T-20, F-11: the money is booked to the invoices, and a person looks."""
    first, second, order = two
    with trade.work() as work:
        work.companies.remove_buyer(BEA)
        work.commit()

    trade.tell_money(order.id, a_tender("501", 100_00))

    assert trade.balances(first, second) == [0, 0]
    assert "no longer belongs" in trade.reviews()[ReviewKind.CAPTURED_OTHERWISE].found


@pytest.mark.parametrize("customer_id", [OTTO, 999, 0], ids=["of another company", "of no company", "guest"])
def test_a_strangers_order_from_our_cart_pays_no_invoice(trade, two, customer_id):
    """T-17."""
    first, second, order = two
    trade.shop.orders.add(replace(order, customer_id=customer_id))

    trade.tell_money(order.id, a_tender("501", 100_00))

    assert trade.balances(first, second) == [60_00, 40_00]
    assert trade.payment_of(order.id).available == usd(100_00)
    assert ReviewKind.CAPTURED_OTHERWISE in trade.reviews()


def test_a_colleague_may_finish_the_checkout(trade, two):
    first, second, order = two
    trade.shop.orders.add(replace(order, customer_id=102))

    trade.tell_money(order.id, a_tender("501", 100_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.reviews() == {}


def test_an_order_with_our_product_and_no_attempt_is_credit_of_the_company(trade):
    """R-17: a reorder; it names no invoice we would believe."""
    invoice = trade.invoice(60_00, "INV-1")
    reorder = a_payment_order(trade.attempt(trade.start({invoice.id: usd(60_00)}).attempt_id), 7009, cart_id="other")

    trade.sold(reorder, a_tender("501", 60_00))

    assert trade.balances(invoice) == [60_00]
    assert trade.payment_of(7009).available == usd(60_00)
    assert trade.reviews().keys() == {ReviewKind.NO_ATTEMPT}


def test_our_product_bought_by_a_shopper_without_company_is_shown_to_a_person(trade):
    """R-17: nobody to book it to, so nothing is booked, and nothing is lost once the company is known."""
    invoice = trade.invoice(60_00, "INV-1")
    attempt = trade.attempt(trade.start({invoice.id: usd(60_00)}).attempt_id)
    reorder = a_payment_order(attempt, 7009, cart_id="other", customer_id=999, company_id=None)
    trade.sold(reorder, a_tender("501", 60_00))
    assert (trade.payment_of(7009), trade.reviews().keys()) == (None, {ReviewKind.NO_ATTEMPT})

    trade.shop.directory.add(trade.shop.directory.company_of[NORTHWIND], a_buyer(999))
    with trade.work() as work:
        work.companies.put_buyers([a_buyer(999)])
        work.commit()
    trade.hear(7009)

    assert trade.payment_of(7009).available == usd(60_00)


def test_an_order_that_only_names_our_invoice_pays_nothing(trade):
    """T-17: comments and product names are no link."""
    invoice = trade.invoice(60_00, "INV-1")
    line = CartLine("GIFT", "Invoice INV-1", usd(60_00), 1)
    attempt = trade.attempt(trade.start({invoice.id: usd(60_00)}).attempt_id)
    forged = a_payment_order(attempt, 7009, cart_id="other", lines=(an_order_line_of(1, line),))

    trade.sold(forged, a_tender("501", 60_00))

    assert trade.balances(invoice) == [60_00]
    assert trade.payment_of(7009) is None


def test_two_orders_from_one_cart_are_two_payments(trade, two):
    """R-19: a failed try first, then another order from the same cart; each order has at most one payment."""
    first, second, order = two
    failed = replace(order, id=7000, status_id=0)
    trade.shop.orders.add(failed)
    trade.tell_money(7000, a_tender("500", 100_00, ok=False))
    assert trade.payment_of(7000) is None

    trade.tell_money(order.id, a_tender("501", 100_00))
    trade.tell_money(7000, a_tender("500", 100_00, ok=False), a_tender("502", 100_00))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(7000).available == usd(100_00)
    assert len({payment.number for payment in trade.payments()}) == 2
