"""Money that has not arrived: declined, authorised, on its way (R-19, R-25, F-7, F-8, T-18)."""

import pytest

from domain.payment import PaymentStatus
from domain.review import ReviewKind
from tests.builders import an_instant, usd
from tests.use_cases.trade import a_tender


def test_a_declined_card_changes_nothing(trade, two):
    """F-8."""
    first, second, order = two

    trade.tell_money(order.id, a_tender("501", 100_00, ok=False))

    assert trade.balances(first, second) == [60_00, 40_00]
    assert (trade.payment_of(order.id), trade.reviews()) == (None, {})


def test_a_card_declined_then_accepted_pays(trade, two):
    """F-8."""
    first, second, order = two
    trade.tell_money(order.id, a_tender("501", 100_00, ok=False))

    trade.tell_money(order.id, a_tender("501", 100_00, ok=False), a_tender("502", 100_00))

    assert trade.balances(first, second) == [0, 0]


def test_money_is_booked_when_it_is_captured_not_when_it_is_authorised(trade, two):
    """R-19: Finance is told at once."""
    first, second, order = two
    hold = a_tender("501", 100_00, "authorization")

    trade.tell_money(order.id, hold)

    payment = trade.payment_of(order.id)
    assert trade.balances(first, second) == [60_00, 40_00]
    assert (payment.status, payment.pending) == (PaymentStatus.PENDING, {first.id: 60_00, second.id: 40_00})
    assert trade.reviews().keys() == {ReviewKind.AUTHORIZED_ONLY}
    assert trade.told()[-1][0] == "payment.pending"

    trade.tell_money(order.id, hold, a_tender("502", 100_00, "capture", reference_id="501", at=an_instant(21)))

    payment = trade.payment_of(order.id)
    assert trade.balances(first, second) == [0, 0]
    assert (payment.status, payment.pending) == (PaymentStatus.COMPLETED, {})
    assert trade.reviews() == {}


def test_partial_captures_fill_on_and_the_rest_stays_promised(trade, two):
    """R-19: further captures continue; the authorised rest is shown."""
    first, second, order = two
    hold = a_tender("501", 100_00, "authorization")
    early = a_tender("502", 70_00, "capture", reference_id="501")

    trade.tell_money(order.id, hold, early)
    assert trade.balances(first, second) == [0, 30_00]
    assert trade.payment_of(order.id).pending == {second.id: 30_00}
    assert trade.reviews().keys() == {ReviewKind.AUTHORIZED_ONLY}
    trade.tell_money(order.id, hold, early, a_tender("503", 30_00, "capture", reference_id="501"))

    assert trade.balances(first, second) == [0, 0]
    assert trade.reviews() == {}


def test_a_voided_authorisation_has_failed(trade, two):
    """R-25: and may be paid anew."""
    first, _, order = two
    hold = a_tender("501", 100_00, "authorization")
    trade.tell_money(order.id, hold)

    trade.tell_money(order.id, hold, a_tender("502", 100_00, "void", reference_id="501"))

    assert trade.payment_of(order.id).status is PaymentStatus.FAILED
    assert trade.told()[-1][0] == "payment.failed"
    assert trade.reviews() == {}
    trade.start({first.id: usd(60_00)})


def test_a_bank_debit_on_its_way_reserves_until_it_settles(trade, two):
    """R-19."""
    first, second, order = two
    waiting = a_tender("501", 100_00, "pending", method="token")
    trade.tell_money(order.id, waiting)
    with trade.work() as work:
        assert work.payments.pending_on([first.id, second.id]) == {first.id: usd(60_00), second.id: usd(40_00)}

    trade.tell_money(order.id, waiting, a_tender("502", 100_00, "settled", method="token", reference_id="501"))

    assert trade.balances(first, second) == [0, 0]
    with trade.work() as work:
        assert work.payments.pending_on([first.id, second.id]) == {}


@pytest.mark.parametrize("changes", [{"method": "offline"}, {"method": "custom"}, {"test": True}])
def test_promises_and_test_money_pay_nothing(trade, two, changes):
    """T-18."""
    first, second, order = two

    trade.tell_money(order.id, a_tender("501", 100_00, **changes))

    assert trade.balances(first, second) == [60_00, 40_00]
    assert trade.payment_of(order.id) is None


def test_test_money_pays_where_a_store_allows_it(trade, two):
    first, second, order = two
    trade.set(allow_test_money=True)

    trade.tell_money(order.id, a_tender("501", 100_00, test=True))

    assert trade.balances(first, second) == [0, 0]
