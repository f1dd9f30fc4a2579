"""What happened while the app was removed or its hints were lost is booked when it is back (I-7, F-1, F-16)."""

from datetime import date
from decimal import Decimal

from domain.order import Refund, RefundItem
from domain.store import Connection
from tests.builders import an_instant, an_order, usd
from tests.use_cases.trade import Trade, a_tender, sync


def removed(trade: Trade) -> None:
    trade.database.stores.put("north1", Connection.UNINSTALLED)


def installed_again(trade: Trade) -> None:
    trade.database.stores.put("north1", Connection.CONNECTED)
    sync(trade)


def test_a_refund_of_an_invoiced_order_made_while_the_app_was_removed_is_booked(trade: Trade) -> None:
    """F-16, R-9: the walk reads the order anew, and its money too."""
    order = trade.sold(an_order(), a_tender("501", 122_50))
    invoice = trade.create()
    removed(trade)
    item = RefundItem("ORDER", order.id, Decimal(1), usd(30_00))
    refund = Refund(1, an_instant(21), usd(30_00), usd(0), (item,), (("1", usd(30_00)),))
    trade.place(an_order(modified_at=an_instant(21)), a_tender("501", 122_50), refunds=(refund,))

    installed_again(trade)

    assert trade.payment_of(order.id).account.refunded == 30_00
    assert trade.balances(invoice) == [30_00]


def test_a_capture_of_an_invoiced_order_made_while_the_app_was_removed_is_booked(trade: Trade) -> None:
    """F-16, R-9."""
    hold = a_tender("501", 122_50, "authorization")
    order = trade.sold(an_order(), hold)
    invoice = trade.create()
    removed(trade)
    taken = a_tender("502", 122_50, "capture", reference_id="501", at=an_instant(21))
    trade.place(an_order(modified_at=an_instant(21)), hold, taken)

    installed_again(trade)

    assert trade.payment_of(order.id).account.inflow == 122_50
    assert trade.balances(invoice) == [0]


def test_an_order_of_years_ago_that_changed_while_the_app_was_removed_is_booked(trade: Trade) -> None:
    """F-16: the walk looks back a year, so the sweep goes on from where it stopped before the removal."""
    trade.set(cut_over=date(2024, 1, 1))
    old = {"placed_at": an_instant(1).replace(year=2024), "modified_at": an_instant(1).replace(year=2024)}
    order = trade.sold(an_order(**old), a_tender("501", 122_50))
    invoice = trade.create()
    with trade.work() as work:
        work.notes.put_fact("orders.watermark", {"at": trade.clock.now.isoformat()})
        work.commit()
    removed(trade)
    trade.clock.forward(days=3)
    item = RefundItem("ORDER", order.id, Decimal(1), usd(30_00))
    refund = Refund(1, trade.clock.now, usd(30_00), usd(0), (item,), (("1", usd(30_00)),))
    trade.place(an_order(**{**old, "modified_at": trade.clock.now}), a_tender("501", 122_50), refunds=(refund,))
    trade.clock.forward(days=3)

    installed_again(trade)
    trade.portal.sweep(trade.store.id)
    trade.work_off()

    assert trade.balances(invoice) == [30_00]
