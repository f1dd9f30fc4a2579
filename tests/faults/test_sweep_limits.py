"""The sweep misses no money, whatever second it moved in, and leaves the quota to others (F-1, I-7, I-17)."""

from collections import Counter
from datetime import timedelta

from domain.ports import OrderRecord
from tests.builders import NORTHWIND, an_order
from tests.use_cases.trade import Trade, a_tender, stored, sync

HOLD = a_tender("501", 60_00, "authorization")
CAPTURE = a_tender("502", 60_00, "capture", reference_id="501")


def swept(trade: Trade, minutes: int = 5) -> None:
    trade.clock.forward(minutes=minutes)
    trade.portal.sweep(trade.store.id)
    trade.work_off()


def test_a_capture_within_the_second_of_the_last_reading_is_found(trade: Trade) -> None:
    """I-7: BigCommerce tells in whole seconds when an order changed, and the hint of the capture was lost."""
    sync(trade)
    invoice = trade.invoice(60_00)
    trade.clock.forward(hours=1)
    order = trade.pay((invoice, 60_00))
    trade.place(order, HOLD)
    trade.hear(order.id)
    trade.place(order, HOLD, CAPTURE)

    swept(trade)

    assert trade.balances(invoice) == [0]


def test_the_payment_of_an_order_read_while_it_was_incomplete_is_found(trade: Trade) -> None:
    """I-7: nothing of it was money when it was read."""
    sync(trade)
    invoice = trade.invoice(60_00)
    trade.clock.forward(hours=1)
    order = trade.pay((invoice, 60_00))
    trade.hear(order.id)
    trade.place(order, a_tender("501", 60_00))

    swept(trade)

    assert trade.balances(invoice) == [0]


def test_a_quiet_order_is_not_read_at_every_sweep(trade: Trade) -> None:
    """I-17: once after it changed, not again."""
    sync(trade)
    invoice = trade.invoice(60_00)
    order = trade.pay((invoice, 60_00))
    trade.tell_money(order.id, a_tender("501", 60_00))
    trade.shop.orders.asked.clear()

    for _ in range(6):
        swept(trade)

    assert trade.shop.orders.asked == [order.id]


def test_orders_of_shoppers_without_company_are_asked_for_ever_less_often(trade: Trade) -> None:
    """R-8, I-17: a day of sweeps reads each of them a few times, not three hundred."""
    sync(trade)
    for order_id in range(1, 21):
        placed = trade.clock.now + timedelta(seconds=order_id)
        trade.sold(an_order(order_id, None, customer_id=999, placed_at=placed, modified_at=placed))
    trade.shop.orders.asked.clear()

    for _ in range(24 * 12 + 1):
        swept(trade)

    assert max(Counter(trade.shop.orders.asked).values()) <= 9
    assert len(set(trade.shop.orders.asked)) == 20


def test_an_order_whose_company_is_known_late_is_found_within_the_day(trade: Trade) -> None:
    """R-8."""
    sync(trade)
    placed = trade.clock.now
    trade.sold(an_order(1, None, customer_id=999, placed_at=placed, modified_at=placed))
    for _ in range(100):
        swept(trade)
    assert stored(trade, 1).company_id is None
    trade.shop.directory.records[1] = OrderRecord(1, NORTHWIND)

    for _ in range(24 * 12 - 99):
        swept(trade)

    assert stored(trade, 1).company_id == NORTHWIND


def test_a_pause_of_the_clock_forgets_no_order(trade: Trade) -> None:
    """R-8, F-14: no sweep ran for twelve hours."""
    sync(trade)
    placed = trade.clock.now
    trade.sold(an_order(1, None, customer_id=999, placed_at=placed, modified_at=placed))
    trade.shop.directory.records[1] = OrderRecord(1, NORTHWIND)

    swept(trade, minutes=12 * 60)

    assert stored(trade, 1).company_id == NORTHWIND
