"""A buyer who asks about orders that are not the own: nothing is read for the asking (T-6, T-19, T-29)."""

import pytest

from domain.errors import NotFound
from tests.builders import an_invoice, an_order, buyer_of, given_invoice, usd
from tests.faults.real import Real
from tests.use_cases.trade import Trade, a_tender, attempts


def waiting(trade: Trade) -> int:
    with trade.work() as work:
        return work.inbox.waiting()


def test_asking_for_any_number_makes_no_work(trade: Trade) -> None:
    """T-29: a thousand rows and seven thousand calls to BigCommerce for a thousand numbers."""
    for order_id in range(8000, 8050):
        trade.portal.look_at_paid_order(buyer_of(), order_id)

    assert waiting(trade) == 0


def test_asking_again_and_again_makes_one_row_a_cart(trade: Trade) -> None:
    """T-29: also for a buyer who is in checkout."""
    invoice = trade.invoice(60_00)
    trade.pay((invoice, 60_00))

    for order_id in range(8000, 8050):
        trade.portal.look_at_paid_order(buyer_of(), order_id)

    assert waiting(trade) == 1


def test_carts_of_others_are_not_looked_up(trade: Trade) -> None:
    invoice = trade.invoice(60_00)
    trade.pay((invoice, 60_00))

    trade.portal.look_at_paid_order(buyer_of(customer_id=102), 7001)

    assert waiting(trade) == 0


def test_asking_after_paying_makes_it_quick(trade: Trade) -> None:
    """T-19: a declined try before it, and its hook lost."""
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 60_00))
    trade.place(order, a_tender("501", 60_00, ok=False))
    (attempt,) = attempts(trade)
    trade.place(trade.order_of(attempt, 7002), a_tender("502", 60_00))

    assert trade.portal.look_at_paid_order(buyer_of(), 7002).state == "unknown"
    trade.work_off()

    assert trade.portal.look_at_paid_order(buyer_of(), 7002).state == "paid"
    assert trade.balances(invoice) == [0]


def test_the_fresh_order_of_another_shopper_is_not_found(trade: Trade) -> None:
    """T-6: also while B2B Edition has not told its company yet."""
    trade.sold(an_order(1, None, customer_id=999, placed_at=trade.clock.now, modified_at=trade.clock.now, status_id=7))

    with pytest.raises(NotFound):
        trade.portal.look_at_paid_order(buyer_of(), 1)


def test_the_database_gives_the_newest_unpaid_carts_of_the_shopper(real: Real) -> None:
    with real.work() as work:
        invoice = given_invoice(work, an_invoice(usd(60_00)))
        work.commit()
    carts = []
    for key in ("a", "b", "c"):
        started = real.portal.start_checkout(buyer_of(store_id=real.store.id), "USD", {invoice.id: usd(1_00)}, 1, key)
        with real.work() as work:
            carts.append(work.attempts.get(started.attempt_id).cart_id)

    with real.work() as work:
        assert work.attempts.unpaid_carts(101, 2) == [carts[2], carts[1]]
        assert work.attempts.unpaid_carts(102, 2) == []
