"""What the checkout and confirmation panels show: our books, never the browser's word (T-19)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.errors import NotFound, StoreUnreachable
from domain.order import Refund, RefundItem
from tests.builders import SOUTHSIDE, an_instant, buyer_of, usd
from tests.fakes import CARD, CHECK
from tests.use_cases.trade import a_tender

OTTO_ACTOR = buyer_of(SOUTHSIDE, customer_id=201)


# --- the cart -----------------------------------------------------------------------------------------
def test_the_panel_shows_the_attempt_with_todays_balances(trade, two):
    first, second, _ = two

    look = trade.portal.look_at_cart(buyer_of(), "cart-1")

    assert (look.company_name, look.attempt.total, look.matches) == ("Northwind Traders", usd(100_00), True)
    assert {key: one.balance.minor for key, one in look.invoices.items()} == {first.id: 60_00, second.id: 40_00}
    assert look.allowed_methods == (CARD.id,)


def test_only_methods_that_may_pay_invoices_are_named(trade, two):
    """R-16."""
    trade.shop.checkout.offered = [CHECK, CARD]

    assert trade.portal.look_at_cart(buyer_of(), "cart-1").allowed_methods == (CARD.id,)


def test_a_changed_cart_no_longer_matches(trade, two):
    trade.shop.checkout.twist = lambda reading: replace(reading, total=usd(90_00), discounts=usd(10_00))

    assert not trade.portal.look_at_cart(buyer_of(), "cart-1").matches


def test_a_cart_whose_invoice_was_paid_meanwhile_no_longer_matches(trade, two):
    first = two[0]
    other = trade.pay((first, 60_00), order_id=7002)
    trade.tell_money(other.id, a_tender("501", 60_00))

    assert not trade.portal.look_at_cart(buyer_of(), "cart-1").matches


def test_while_the_store_does_not_answer_the_panel_says_so(trade, two):
    trade.shop.checkout.down = StoreUnreachable()

    with pytest.raises(StoreUnreachable):
        trade.portal.look_at_cart(buyer_of(), "cart-1")


@pytest.mark.parametrize(
    ("actor", "cart_id"), [(buyer_of(), "cart-99"), (OTTO_ACTOR, "cart-1")], ids=["not ours", "another company's"]
)
def test_a_cart_that_is_not_ours_is_not_found(trade, two, actor, cart_id):
    """T-6."""
    with pytest.raises(NotFound):
        trade.portal.look_at_cart(actor, cart_id)


# --- the order ----------------------------------------------------------------------------------------
def state(trade, order_id: int = 7001) -> str:
    return trade.portal.look_at_paid_order(buyer_of(), order_id).state


def test_an_order_nobody_heard_of_is_unknown_and_asking_makes_it_quick(trade, two):
    """T-19: the browser's word only triggers a reading."""
    first, second, order = two
    trade.shop.orders.money_of[order.id] = replace(
        trade.shop.orders.money_of[order.id], transactions=(a_tender("501", 100_00),)
    )
    trade.world.doorbell.rung.clear()

    assert state(trade) == "unknown"
    assert trade.balances(first, second) == [60_00, 40_00]
    assert trade.world.doorbell.rung == [(trade.store.id, "inbox")]
    trade.work_off()

    assert state(trade) == "paid"


def test_it_says_paid_only_when_the_ledger_does(trade, two):
    order = two[2]
    hold = a_tender("501", 100_00, "authorization")
    trade.tell_money(order.id, hold)
    assert state(trade) == "pending"

    trade.tell_money(order.id, hold, a_tender("502", 100_00, "capture", reference_id="501"))

    look = trade.portal.look_at_paid_order(buyer_of(), order.id)
    assert (look.state, look.payment.number) == ("paid", "PAY-00001")
    assert [(line.number, line.amount, line.new_balance) for line in look.lines] == [
        *(("INV-1", usd(60_00), usd(0)), ("INV-2", usd(40_00), usd(0)))
    ]


def test_an_order_awaiting_payment_says_so(trade, two):
    order = two[2]
    trade.shop.orders.add(replace(order, status_id=7))
    trade.tell_money(order.id, a_tender("501", 100_00, method="offline"))

    assert state(trade) == "awaiting_payment"


def test_a_payment_that_failed_was_not_paid(trade, two):
    order = two[2]
    hold = a_tender("501", 100_00, "authorization")
    trade.tell_money(order.id, hold)
    trade.tell_money(order.id, hold, a_tender("502", 100_00, "void", reference_id="501"))

    assert state(trade) == "awaiting_payment"


def test_what_a_person_must_look_at_says_so(trade, two):
    trade.tell_money(two[2].id, a_tender("501", 110_00))

    look = trade.portal.look_at_paid_order(buyer_of(), 7001)

    assert (look.state, look.payment.available) == ("needs_review", usd(10_00))


@pytest.mark.parametrize(("back", "expected"), [(40_00, "paid"), (100_00, "needs_review")])
def test_what_was_sent_back_is_not_paid_any_more(trade, two, back, expected):
    order = two[2]
    items = (RefundItem("ORDER", order.id, Decimal(1), usd(back)),)
    refund = Refund(1, an_instant(21), usd(back), usd(0), items, (("1", usd(back)),))
    trade.tell_money(order.id, a_tender("501", 100_00), refunds=(refund,))

    assert state(trade) == expected


def test_another_companys_order_is_not_found(trade, two):
    """T-6: neither its payment nor the order itself."""
    order = two[2]
    trade.hear(order.id)
    for _ in range(2):
        with pytest.raises(NotFound):
            trade.portal.look_at_paid_order(OTTO_ACTOR, order.id)
        trade.tell_money(order.id, a_tender("501", 100_00))


def test_only_colleagues_see_that_an_invoice_is_being_paid(trade, two):
    """F-5: a buyer who went back from checkout may simply try again."""
    first, _, _ = two
    own = trade.portal.show_company_invoice(buyer_of(), first.id).row
    others = trade.portal.show_company_invoice(buyer_of(customer_id=102), first.id).row

    assert (own.being_paid, others.being_paid) == (False, True)
