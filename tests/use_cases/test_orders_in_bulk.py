"""Many orders at once, orders invoiced by themselves, and invoices that follow their orders (R-9, R-11, R-12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import (
    ChangedMeanwhile,
    InputInvalid,
    LinesRefused,
    NotAllowed,
    NotEditable,
    NotFound,
    StoreUnreachable,
)
from domain.ids import new_id
from domain.invoice import Status
from domain.review import ReviewKind
from domain.roles import Role
from tests.builders import a_staff_member, an_order, finance, sales, usd, viewer
from tests.use_cases.trade import a_tender


@pytest.fixture
def orders(trade):
    """Three orders that can be invoiced and one that was cancelled."""
    for order_id in (1161, 1162, 1163):
        trade.sold(an_order(order_id))
    trade.sold(an_order(1164, status_id=5, status="Cancelled"))
    with trade.work() as work:
        work.staff.put(a_staff_member(int(sales().id), Role.SALES))
        work.commit()
    return (1161, 1162, 1163, 1164)


def test_each_order_of_a_run_has_its_result_and_pressed_twice_it_is_one(trade, orders):
    key = new_id()
    for _ in range(2):
        assert trade.portal.start_run(sales(), orders, key) == key
    trade.work_off()

    run = trade.portal.show_run(sales(), key)

    assert run.is_done
    assert run.finished_at is not None
    assert [(one.order_id, one.is_created) for one in run.results] == [
        *((order_id, True) for order_id in (1161, 1162, 1163)),
        (1164, False),
    ]
    assert str(run.results[-1].sentence) == "Order 1164 cannot be invoiced: it is cancelled."
    assert trade.acts().count("invoice.created") == 3


def test_a_run_is_done_by_who_pressed_with_the_rights_of_now(trade, orders):
    """T-5: who lost the right meanwhile creates nothing."""
    key = trade.portal.start_run(sales(), orders[:1], new_id())
    with trade.work() as work:
        work.staff.put(a_staff_member(int(sales().id), Role.VIEWER))
        work.commit()
    trade.work_off()

    [result] = trade.portal.show_run(finance(), key).results

    assert "cannot create invoices" in str(result.sentence)
    assert "invoice.created" not in trade.acts()


def test_a_run_goes_on_after_the_store_was_away(trade, orders):
    """What has its result keeps it; the rest is tried again by the outbox."""
    key = trade.portal.start_run(sales(), orders, new_id())
    trade.shop.orders.down = StoreUnreachable()
    trade.work_off()
    assert trade.portal.show_run(sales(), key).results == ()

    trade.shop.orders.down = None
    trade.clock.forward(minutes=1)
    trade.work_off()

    assert trade.portal.show_run(sales(), key).is_done
    trade.world.failures.clear()


def test_a_run_is_refused_without_orders_with_too_many_or_without_the_right(trade):
    for wanted in ((), range(1, 202)):
        with pytest.raises(InputInvalid):
            trade.portal.start_run(sales(), tuple(wanted), new_id())
    with pytest.raises(NotAllowed):
        trade.portal.start_run(viewer(), (1161,), new_id())
    with pytest.raises(NotFound):
        trade.portal.show_run(viewer(), new_id())


# --- by themselves ----------------------------------------------------------------------------------------------
def switched_on(trade) -> None:
    trade.clock.forward(minutes=1)
    trade.set(automatic_invoices=True, automatic_since=trade.clock.now)
    trade.clock.forward(minutes=1)


def test_orders_on_terms_are_invoiced_by_themselves_once_that_is_switched_on(trade):
    """R-12: off by default, and only for orders placed after."""
    trade.sold(an_order(1161, payment_method="Purchase Order", placed_at=trade.clock.now))
    switched_on(trade)
    trade.sold(an_order(1162, payment_method="Purchase Order", placed_at=trade.clock.now))
    trade.sold(an_order(1163, payment_method="Visa", placed_at=trade.clock.now), a_tender("9", 122_50))
    trade.sold(an_order(1164, payment_method="Check", placed_at=trade.clock.now, status_id=5))

    trade.hear(1161)

    with trade.work() as work:
        assert [bool(work.invoices.live_for_order(one)) for one in (1161, 1162, 1163, 1164)] == [
            *(False, True, False, False),
        ]


def test_what_a_person_voided_does_not_come_back_by_itself(trade):
    switched_on(trade)
    order = trade.sold(an_order(payment_method="Check", placed_at=trade.clock.now, modified_at=trade.clock.now))
    with trade.work() as work:
        [made] = work.invoices.live_for_order(1160)
    trade.portal.void_invoice(finance(), made.id, "not wanted")
    trade.place(replace(order, status_id=2, modified_at=trade.clock.now + timedelta(minutes=1)))

    trade.hear()

    with trade.work() as work:
        assert work.invoices.live_for_order(1160) == []


# --- invoices follow their orders --------------------------------------------------------------------------------
def grown(trade, **changes) -> None:
    trade.clock.forward(minutes=1)
    order = trade.shop.orders.orders[1160]
    trade.shop.orders.orders[1160] = replace(order, modified_at=trade.clock.now, **changes)
    trade.hear()


def test_an_open_invoice_takes_what_the_order_has_now(trade):
    """R-11: *Update invoice*; afterwards nobody has to look any more."""
    trade.sold(an_order())
    invoice = trade.create()
    grown(trade, total=usd(200_00))
    assert ReviewKind.ORDER_CHANGED in trade.reviews()

    with pytest.raises(ChangedMeanwhile):
        trade.portal.update_from_order(sales(), 1160, invoice.version + 1)
    trade.portal.update_from_order(sales(), 1160, trade.read(invoice).version)

    assert (trade.read(invoice).total, trade.read(invoice).balance) == (usd(200_00), usd(200_00))
    assert trade.reviews().keys() <= {ReviewKind.ORDER_DOES_NOT_ADD_UP}
    assert trade.portal.compare_order(sales(), 1160).change is None


def test_an_invoice_with_money_on_it_is_not_updated(trade):
    trade.sold(an_order(), a_tender("501", 20_00))
    invoice = trade.create()
    grown(trade, total=usd(200_00))

    with pytest.raises(NotEditable):
        trade.portal.update_from_order(sales(), 1160, trade.read(invoice).version)

    assert trade.read(invoice).status is Status.PARTIALLY_PAID


def test_nobody_pays_for_a_cancelled_order_online(trade):
    """R-11: its invoice pauses until the seller voids it; voided, nobody has to look any more."""
    trade.sold(an_order())
    invoice = trade.create()
    grown(trade, status_id=5, status="Cancelled")

    with pytest.raises(LinesRefused) as refused:
        trade.start({invoice.id: usd(122_50)})
    assert "was cancelled" in str(refused.value.lines[invoice.id])

    trade.portal.void_invoice(finance(), invoice.id, "order cancelled")
    assert trade.reviews() == {}


# --- the synchronisation ------------------------------------------------------------------------------------------
def test_what_failed_is_said_with_its_reason_and_tried_again(trade):
    """F-23."""
    trade.place(an_order())
    trade.shop.orders.down = StoreUnreachable()
    with trade.work() as work:
        work.inbox.put("order", "1160")
        work.commit()
    trade.work_off()
    trade.world.failures.clear()

    [(box, failed)] = trade.portal.look_at_sync(viewer()).failed
    assert (box, failed.key) == ("inbox", "1160")
    assert failed.error

    trade.shop.orders.down = None
    trade.portal.try_again(sales(), box, failed.id)
    trade.work_off()

    state = trade.portal.look_at_sync(viewer())
    assert (state.failed, state.waiting) == ((), 0)
    assert state.newest is not None
    assert state.newest[0] == 1160
    with pytest.raises(NotFound):
        trade.portal.try_again(sales(), box, failed.id)


def test_sync_now_reads_all_orders_again_and_counts_along(trade):
    trade.place(an_order(placed_at=trade.clock.now - timedelta(days=30)))

    trade.portal.sync_now(sales())
    begun = trade.portal.look_at_sync(viewer()).progress
    trade.work_off()

    assert (begun["state"], begun["seen"]) == ("running", 0)
    done = trade.portal.look_at_sync(viewer()).progress
    assert (done["state"], done["seen"], done["kept"]) == ("done", 1, 1)
