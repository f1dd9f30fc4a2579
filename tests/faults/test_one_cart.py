"""One attempt has one cart that costs what it says, also when the same call comes twice at once (I-8, F-4, R-18)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.errors import NotPayable, StoreChangesPrice, StoreUnreachable
from domain.payment_attempt import AttemptState
from domain.review import ReviewKind
from tests.builders import usd
from tests.use_cases.trade import Trade, a_tender, attempts


def while_making_the_cart(trade: Trade, act: Callable[[], object]) -> None:
    """`act` happens once, after the store made our cart and before its answer has arrived."""
    make = trade.shop.checkout.make_cart

    def slowly(*given):
        trade.shop.checkout.make_cart = make
        cart_id = make(*given)
        act()
        return cart_id

    trade.shop.checkout.make_cart = slowly


def test_the_same_key_twice_at_once_leaves_one_cart(trade: Trade) -> None:
    """I-8: money from a cart no attempt knows would pay no invoice."""
    invoice = trade.invoice(60_00)
    seen = []
    while_making_the_cart(trade, lambda: seen.append(trade.start({invoice.id: usd(60_00)}, key="k1")))

    slow = trade.start({invoice.id: usd(60_00)}, key="k1")

    assert slow.checkout_url == seen[0].checkout_url
    (attempt,) = attempts(trade)
    assert list(trade.shop.checkout.carts) == [attempt.cart_id]


def test_a_cart_too_many_goes_later_when_the_store_does_not_answer(trade: Trade) -> None:
    """R-18."""
    invoice = trade.invoice(60_00)
    delete = trade.shop.checkout.delete_cart
    trade.shop.checkout.delete_cart = lambda cart_id: (_ for _ in ()).throw(StoreUnreachable())
    while_making_the_cart(trade, lambda: trade.start({invoice.id: usd(60_00)}, key="k1"))
    trade.start({invoice.id: usd(60_00)}, key="k1")
    trade.shop.checkout.delete_cart = delete

    trade.work_off()

    (attempt,) = attempts(trade)
    assert list(trade.shop.checkout.carts) == [attempt.cart_id]


def test_a_call_overtaken_by_the_payment_makes_nothing_to_pay_again(trade: Trade) -> None:
    """I-8: the other call was quick, and its buyer too."""
    invoice = trade.invoice(60_00)

    def paid_meanwhile() -> None:
        started = trade.start({invoice.id: usd(60_00)}, key="k1")
        trade.order_of(trade.attempt(started.attempt_id))
        trade.tell_money(7001, a_tender("501", 60_00))

    while_making_the_cart(trade, paid_meanwhile)

    with pytest.raises(NotPayable):
        trade.start({invoice.id: usd(60_00)}, key="k1")

    (attempt,) = attempts(trade)
    assert attempt.state is AttemptState.SETTLED
    assert list(trade.shop.checkout.carts) == [attempt.cart_id]
    assert trade.balances(invoice) == [0]


def test_tax_that_shows_only_with_an_address_is_seen_before_the_buyer_pays_it(trade: Trade) -> None:
    """R-18: stores tax by address, so a cart without one costs what it should."""
    invoice = trade.invoice(60_00)
    checkout = trade.shop.checkout
    taxed = {"tax": usd(5_00), "total": usd(65_00)}
    checkout.twist = lambda reading: replace(reading, **taxed) if checkout.billing else reading

    with pytest.raises(StoreChangesPrice):
        trade.start({invoice.id: usd(60_00)})

    assert checkout.carts == {}
    assert set(trade.reviews()) == {ReviewKind.STORE_CHANGES_PRICE}
