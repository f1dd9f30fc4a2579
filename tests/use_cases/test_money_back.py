"""Money sent back: refunds by line and by order, voids, disputes (R-20, F-9)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from domain.invoice import Status
from domain.order import Order, Refund, RefundItem, Transaction
from domain.payment import PaymentStatus
from domain.review import ReviewKind
from tests.builders import an_instant, usd
from tests.use_cases.trade import Trade, a_tender


def a_refund(*items: RefundItem, paid: int, key: int = 1, to_store_credit: bool = False) -> Refund:
    return Refund(key, an_instant(21), usd(paid), usd(0), items, (("1", usd(paid)),), to_store_credit)


def a_product(line_id: int, amount: int = 0) -> RefundItem:
    return RefundItem("PRODUCT", line_id, Decimal(1), usd(amount))


def over_the_order(order: Order, amount: int) -> RefundItem:
    return RefundItem("ORDER", order.id, Decimal(1), usd(amount))


def paid(trade: Trade, two) -> Transaction:
    tender = a_tender("501", 100_00)
    trade.tell_money(two[2].id, tender)
    return tender


def test_a_refund_that_names_a_line_reopens_its_invoice(trade, two):
    """R-20: by quantity it states no amount, the price of the line tells."""
    first, second, order = two
    tender = paid(trade, two)

    trade.tell_money(order.id, tender, refunds=(a_refund(a_product(order.lines[0].id), paid=60_00),))

    assert trade.balances(first, second) == [60_00, 0]
    assert trade.read(first).content.due_on == date(2026, 9, 1)
    assert trade.payment_of(order.id).status is PaymentStatus.PARTLY_REFUNDED
    kind, facts = trade.told()[-1]
    assert (kind, facts["refunded"], facts["taken_back"]) == ("payment.refunded", "60.00", {first.id: "60.00"})


def test_a_partial_refund_reopens_the_line_it_names_for_that_much(trade, two):
    first, second, order = two
    tender = paid(trade, two)

    trade.tell_money(order.id, tender, refunds=(a_refund(a_product(order.lines[0].id, 15_00), paid=15_00),))

    assert trade.balances(first, second) == [15_00, 0]
    assert trade.read(first).status is Status.PARTIALLY_PAID


def test_a_refund_of_two_lines_hits_each_for_its_own_amount(trade, two):
    """R-20."""
    first, second, order = two
    tender = paid(trade, two)
    items = (a_product(order.lines[0].id, 10_00), a_product(order.lines[1].id, 25_00))

    trade.tell_money(order.id, tender, refunds=(a_refund(*items, paid=35_00),))

    assert trade.balances(first, second) == [10_00, 25_00]


def test_an_order_level_refund_takes_credit_first_then_the_latest_due(trade, two):
    """R-20: 10.00 were too much."""
    first, second, order = two
    tender = a_tender("501", 110_00)
    trade.tell_money(order.id, tender)

    trade.tell_money(order.id, tender, refunds=(a_refund(over_the_order(order, 30_00), paid=30_00),))

    assert trade.balances(first, second) == [0, 20_00]
    assert trade.payment_of(order.id).available == usd(0)


def test_a_refund_is_booked_once_however_it_is_told(trade, two):
    """F-9: first seen as a transaction, then as a refund, then with the next refund beside it."""
    first, second, order = two
    tender = paid(trade, two)
    row = a_tender("601", 15_00, "refund", at=an_instant(21))
    named = a_refund(a_product(order.lines[1].id, 15_00), paid=15_00)
    trade.tell_money(order.id, tender, row)
    trade.tell_money(order.id, tender, row, refunds=(named,))
    assert trade.payment_of(order.id).account.refunded == 15_00

    later = replace(a_refund(a_product(order.lines[0].id, 20_00), paid=20_00, key=2), at=an_instant(22))
    trade.tell_money(order.id, tender, row, refunds=(named, later))

    assert trade.payment_of(order.id).account.refunded == 35_00
    assert trade.balances(first, second) == [20_00, 15_00]
    assert ReviewKind.MONEY_BACK not in trade.reviews()


def test_a_refund_paid_out_in_parts_is_booked_in_parts(trade, two):
    """F-9: its second payment went through later."""
    first, second, order = two
    tender = paid(trade, two)
    items = (a_product(order.lines[1].id, 30_00), a_product(order.lines[0].id, 20_00))
    part = replace(a_refund(*items, paid=30_00), total=usd(50_00))

    trade.tell_money(order.id, tender, refunds=(part,))
    assert trade.balances(first, second) == [0, 30_00]
    trade.tell_money(order.id, tender, refunds=(replace(part, payments=(("1", usd(30_00)), ("2", usd(20_00)))),))

    assert trade.balances(first, second) == [20_00, 30_00]


def test_a_refund_between_two_captures_is_not_paid_anew(trade, two):
    """R-19, R-20: the second capture is for what is still to be paid, in whatever order both are read."""
    first, second, order = two
    hold = a_tender("501", 100_00, "authorization")
    early = a_tender("502", 60_00, "capture", reference_id="501")
    back = a_refund(a_product(order.lines[0].id, 20_00), paid=20_00)
    trade.tell_money(order.id, hold, early)
    trade.tell_money(order.id, hold, early, refunds=(back,))

    trade.tell_money(order.id, hold, early, a_tender("503", 40_00, "capture", reference_id="501"), refunds=(back,))

    assert trade.balances(first, second) == [20_00, 0]


def test_a_declined_refund_counts_nothing(trade, two):
    """R-20."""
    first, second, order = two
    tender = paid(trade, two)

    trade.tell_money(order.id, tender, refunds=(replace(a_refund(paid=30_00), payments=()),))

    assert trade.balances(first, second) == [0, 0]
    assert trade.payment_of(order.id).status is PaymentStatus.COMPLETED


def test_a_refund_taken_back_by_the_gateway_is_shown_to_a_person(trade, two):
    """R-20: the ledger has no word for it, so nothing is guessed."""
    order = two[2]
    tender = paid(trade, two)
    back = a_refund(over_the_order(order, 30_00), paid=30_00)
    trade.tell_money(order.id, tender, refunds=(back,))

    trade.tell_money(order.id, tender, refunds=(replace(back, payments=()),))

    assert ReviewKind.MONEY_BACK in trade.reviews()


def test_a_refund_to_store_credit_reopens_the_invoice_and_says_so(trade, two):
    """R-20."""
    first, second, order = two
    tender = paid(trade, two)

    back = a_refund(a_product(order.lines[0].id), paid=60_00, to_store_credit=True)
    trade.tell_money(order.id, tender, refunds=(back,))

    assert trade.balances(first, second) == [60_00, 0]
    assert trade.told()[-1][1]["to_store_credit"] is True


def test_money_captured_and_refunded_before_we_heard_is_booked_both_ways(trade, two):
    """R-1: gross, never netted."""
    first, second, order = two

    back = a_refund(a_product(order.lines[0].id), paid=60_00)
    trade.tell_money(order.id, a_tender("501", 100_00), refunds=(back,))

    assert trade.balances(first, second) == [60_00, 0]
    assert [kind for kind, _ in trade.movements()][2:] == [
        *("received", "allocated", "allocated", "deallocated", "refunded")
    ]
    assert [kind for kind, _ in trade.told()][-2:] == ["payment.received", "payment.refunded"]


def test_a_dispute_moves_no_money_by_itself(trade, two):
    """R-20: status 13 only asks a person to look."""
    first, second, order = two
    tender = paid(trade, two)
    trade.shop.orders.orders[order.id] = replace(
        order, status_id=13, status="Disputed", modified_at=order.modified_at + timedelta(minutes=5)
    )

    trade.tell_money(order.id, tender)

    assert trade.balances(first, second) == [0, 0]
    assert trade.reviews().keys() == {ReviewKind.DISPUTED}
