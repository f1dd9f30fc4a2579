"""What no hint told is found by looking (F-1, F-3, F-6, I-7, R-18)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import StoreUnreachable
from domain.payment_attempt import AttemptState
from tests.builders import (
    an_order,
    usd,
)
from tests.use_cases.trade import a_tender, attempts, days_ago, fact, stored, sync


def test_the_sweep_finds_what_no_hint_told(trade):
    """F-1, I-7: every webhook was lost for three days."""
    sync(trade)
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 60_00))
    trade.clock.forward(hours=72)
    trade.place(replace(order, placed_at=trade.clock.now, modified_at=trade.clock.now), a_tender("501", 60_00))
    trade.place(an_order(1170, **days_ago(trade, 1)))

    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert trade.balances(invoice) == [0]
    assert stored(trade, 1170)


def test_the_sweep_looks_back_a_little(trade):
    """F-1: BigCommerce shows some orders late."""
    sync(trade)
    trade.place(an_order(1, placed_at=trade.clock.now, modified_at=trade.clock.now - timedelta(minutes=14)))

    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert stored(trade, 1)


def test_a_sweep_that_could_not_ask_looks_from_the_same_moment_again(trade):
    sync(trade)
    before = fact(trade, "orders.watermark")
    trade.clock.forward(hours=1)
    trade.shop.goes_down()

    with pytest.raises(StoreUnreachable):
        trade.portal.sweep(trade.store.id)

    assert fact(trade, "orders.watermark") == before


@pytest.mark.parametrize(("minutes", "state"), [(44, AttemptState.CART_MADE), (46, AttemptState.EXPIRED)])
def test_an_unpaid_cart_is_deleted_after_45_minutes(trade, minutes, state):
    """R-18: or the store would send abandoned-cart mails."""
    sync(trade)
    invoice = trade.invoice(60_00)
    trade.start({invoice.id: usd(60_00)})
    trade.clock.forward(minutes=minutes)

    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert [one.state for one in attempts(trade)] == [state]
    assert (trade.shop.checkout.carts == {}) is (state is AttemptState.EXPIRED)


def test_money_from_an_expired_cart_is_booked_all_the_same(trade):
    """F-6: ten days later."""
    sync(trade)
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 60_00))
    trade.clock.forward(minutes=46)
    trade.portal.sweep(trade.store.id)
    trade.clock.forward(hours=240)

    trade.tell_money(order.id, a_tender("501", 60_00))

    assert trade.balances(invoice) == [0]


def test_the_order_of_an_expiring_cart_is_looked_for(trade):
    """F-3: its hint and its date were both missed."""
    sync(trade)
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 60_00))
    trade.place(replace(order, modified_at=trade.clock.now - timedelta(days=9)), a_tender("501", 60_00))
    trade.clock.forward(minutes=46)

    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert trade.balances(invoice) == [0]
    assert [one.state for one in attempts(trade)] == [AttemptState.SETTLED]


def test_once_a_day_the_store_is_set_up_again(trade):
    """F-1: hooks are deactivated by BigCommerce, scripts deleted by merchants."""
    sync(trade)
    trade.portal.sweep(trade.store.id)
    trade.work_off()
    trade.shop.setup.hooks = None
    trade.clock.forward(hours=23)
    trade.portal.sweep(trade.store.id)
    trade.work_off()
    assert trade.shop.setup.hooks is None

    trade.clock.forward(hours=2)
    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert trade.shop.setup.hooks is not None
