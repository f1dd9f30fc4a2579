"""“I have sent a check or transfer”: seen by both sides, changes no balance, recorded with one act (R-28)."""

from dataclasses import replace
from datetime import date

import pytest

from domain.errors import InputInvalid, KeyReused, MemoRequired, NoRight, NotAnnounced, OtherCompany, ReasonRequired
from domain.listing import PaymentFilter
from domain.payment import Method, PaymentStatus
from domain.use_cases.announce_payment import Announced
from tests.builders import SOUTHSIDE, buyer_of, finance, usd
from tests.use_cases.test_record_offline_payment import a_check, over, record

SENT = date(2026, 11, 18)


def a_notice(minor: int = 60_00, **changes) -> Announced:
    values = {"amount": usd(minor), "method": Method.CHECK, "sent_on": SENT, "reference": "10442"}
    return Announced(**{**values, **changes})


def announce(trade, notice: Announced | None = None, key: str = "k1", **who):
    return trade.portal.announce_payment(buyer_of(store_id=trade.store.id, **who), notice or a_notice(), key)


def test_an_announced_payment_is_listed_and_changes_no_balance(trade):
    invoice = trade.invoice(60_00, "INV-1")

    for _ in range(2):
        announce(trade)

    chosen = PaymentFilter(status=PaymentStatus.ANNOUNCED)
    [row] = trade.portal.list_payments(finance(), chosen).rows
    assert (row.number, row.amount, row.applied, row.available, row.memo) == (
        "PAY-00001",
        usd(60_00),
        usd(0),
        usd(0),
        "10442",
    )
    assert trade.balances(invoice) == [60_00]
    assert trade.told()[-1][0] == "payment.announced"
    with pytest.raises(KeyReused):
        announce(trade, a_notice(61_00))


def test_recording_it_keeps_its_number_and_says_what_really_came(trade):
    """R-28: one act turns it into a recorded payment, of another amount where the check says so."""
    invoice = trade.invoice(60_00, "INV-1")
    announced = announce(trade)

    record(trade, a_check(55_00, memo="10443", announced_id=announced.id), over((invoice, 55_00)))

    [payment] = trade.payments()
    assert (payment.id, payment.number, payment.status) == (announced.id, "PAY-00001", PaymentStatus.COMPLETED)
    assert (payment.amount, payment.memo, payment.recorded_by) == (usd(55_00), "10443", "fiona@example.com")
    assert payment.effective_on == date(2026, 11, 20)
    assert trade.balances(invoice) == [5_00]
    with pytest.raises(NotAnnounced):
        record(trade, a_check(1_00, memo="x", announced_id=announced.id), {})


def test_it_is_recorded_for_its_own_company_only(trade):
    announced = announce(trade)
    with pytest.raises(OtherCompany):
        record(trade, a_check(60_00, company_id=SOUTHSIDE, announced_id=announced.id), {})
    assert trade.payments()[0].status is PaymentStatus.ANNOUNCED


def test_one_that_never_arrived_is_dismissed_with_a_reason(trade):
    announced = announce(trade)
    with pytest.raises(ReasonRequired):
        trade.portal.dismiss_announcement(finance(), announced.id, "")

    trade.portal.dismiss_announcement(finance(), announced.id, "never arrived")

    assert trade.payments()[0].status is PaymentStatus.FAILED
    with pytest.raises(NotAnnounced):
        trade.portal.dismiss_announcement(finance(), announced.id, "again")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": usd(0)}, InputInvalid),
        ({"method": Method.ONLINE}, InputInvalid),
        ({"sent_on": date(2026, 11, 23)}, InputInvalid),
        ({"reference": " "}, MemoRequired),
    ],
)
def test_what_cannot_be_announced(trade, changes, refusal):
    with pytest.raises(refusal):
        announce(trade, a_notice(**changes))
    assert trade.payments() == []


def test_only_who_may_pay_announces(trade):
    with pytest.raises(NoRight):
        trade.portal.announce_payment(replace(buyer_of(), buyer_rights=frozenset()), a_notice(), "k")
