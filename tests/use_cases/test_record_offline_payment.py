"""IP-Finance books checks, cash and transfers, and takes back what bounced (R-2, R-20, R-21, I-8)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import (
    InputInvalid,
    KeyReused,
    LinesRefused,
    MemoRequired,
    MixedCurrencies,
    MoreThanOwed,
    MoreThanReceived,
    NotAllowed,
    NotFound,
    NotReversible,
    OtherCompany,
    PaymentPending,
    PossibleDuplicate,
    ReasonRequired,
    ReceivedInFuture,
)
from domain.invoice import Status
from domain.payment import Method, PaymentStatus
from domain.use_cases.record_offline_payment import Received
from tests.builders import NORTHWIND, SOUTHSIDE, admin, an_invoice, eur, finance, given_invoice, sales, usd, viewer
from tests.use_cases.trade import a_tender

TODAY = date(2026, 11, 22)


def a_check(minor: int = 110_00, **changes) -> Received:
    values = {"company_id": NORTHWIND, "amount": usd(minor), "method": Method.CHECK}
    return Received(**{**values, "received_on": date(2026, 11, 20), "memo": "10442", **changes})


@pytest.fixture
def pair(trade):
    """INV-1 of 60.00, due first, and INV-2 of 40.00."""
    first = trade.invoice(60_00, "INV-1", due_on=date(2026, 9, 1))
    return first, trade.invoice(40_00, "INV-2", due_on=date(2026, 10, 1))


def over(*parts) -> dict:
    return {invoice.id: usd(minor) for invoice, minor in parts}


def record(trade, received: Received, split: dict, actor=None):
    return trade.portal.record_offline_payment(actor or finance(), received, split)


# --- recording ----------------------------------------------------------------------------------------
def test_a_check_over_two_invoices_with_ten_too_much(trade, pair):
    """R-21: the rest is available credit; the buyer sees the memo."""
    first, second = pair

    payment = record(trade, a_check(memo=" 10442 "), over((first, 60_00), (second, 40_00)))

    assert trade.balances(first, second) == [0, 0]
    assert (payment.number, payment.amount, payment.available) == ("PAY-00001", usd(110_00), usd(10_00))
    assert (payment.memo, payment.method_label, payment.recorded_by) == ("10442", "Check", "fiona@example.com")
    assert trade.told()[-1][0] == "payment.received"


def test_the_preview_is_what_saving_does_and_books_nothing(trade, pair):
    """R-21: by the same code."""
    first, second = pair
    split = over((first, 60_00), (second, 25_00))

    preview = trade.portal.record_offline_payment.preview(finance(), a_check(), split)
    assert trade.payments() == []
    payment = record(trade, a_check(), split)

    assert [(line.invoice.number, line.applied.minor, line.balance_after.minor) for line in preview.lines] == [
        *(("INV-1", 60_00, 0), ("INV-2", 25_00, 15_00))
    ]
    assert (preview.applied, preview.available) == (payment.applied, payment.available)
    assert [line.balance_after.minor for line in preview.lines] == trade.balances(first, second)
    assert payment.number == "PAY-00001"


def test_a_payment_may_be_applied_to_nothing(trade):
    """R-21: any positive amount of any company."""
    assert record(trade, a_check(), {}).available == usd(110_00)


@pytest.mark.parametrize("method", [Method.CASH, Method.BANK_TRANSFER, Method.OTHER])
def test_only_a_check_needs_a_memo(trade, method):
    assert record(trade, a_check(method=method, memo=""), {}).memo == ""


def test_money_is_effective_on_the_day_it_was_received(trade, pair):
    """R-2: an allocation on the later of both dates."""
    record(trade, a_check(received_on=date(2026, 8, 1)), over((pair[0], 60_00)))

    with trade.work() as work:
        days = {one.kind.value: one.effective_on for one in work._data.movements if one.kind != "invoiced"}
    assert days == {"received": date(2026, 8, 1), "allocated": date(2026, 8, 14)}


def test_money_received_in_a_closed_period_posts_on_the_first_open_day(trade, pair):
    """R-2: its own date stays on it."""
    trade.set(closed_through=date(2026, 10, 31))

    payment = record(trade, a_check(received_on=date(2026, 10, 5)), over((pair[0], 60_00)))

    with trade.work() as work:
        assert {one.effective_on for one in work._data.movements[2:]} == {date(2026, 11, 1)}
    assert payment.effective_on == date(2026, 10, 5)


def test_in_opening_mode_nobody_hears_of_it(trade):
    """R-12."""
    trade.set(cut_over=None)

    record(trade, a_check(), {})
    trade.work_off()

    assert (trade.told(), trade.world.mailer.sent) == ([], [])


# --- refused ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": usd(0)}, InputInvalid),
        ({"amount": usd(-1)}, InputInvalid),
        ({"method": Method.ONLINE}, InputInvalid),
        ({"method": Method.ORDER}, InputInvalid),
        ({"method": Method.ELSEWHERE}, InputInvalid),
        ({"memo": "  "}, MemoRequired),
        ({"received_on": TODAY + timedelta(days=1)}, ReceivedInFuture),
        ({"company_id": 999}, NotFound),
    ],
)
def test_what_cannot_have_been_received_is_refused(trade, changes, refusal):
    with pytest.raises(refusal):
        record(trade, a_check(**changes), {})

    assert trade.payments() == []


def test_today_is_the_stores_day(trade):
    """F-19: noon UTC, four in the morning in Los Angeles; at 7 UTC it was still yesterday there."""
    trade.clock.forward(hours=-5)

    with pytest.raises(ReceivedInFuture):
        record(trade, a_check(received_on=TODAY), {})


def test_no_more_is_applied_than_was_received(trade, pair):
    with pytest.raises(MoreThanReceived):
        record(trade, a_check(99_99), over((pair[0], 60_00), (pair[1], 40_00)))


@pytest.mark.parametrize("minor", [0, -1])
def test_an_applied_amount_is_above_zero(trade, pair, minor):
    with pytest.raises(InputInvalid):
        record(trade, a_check(), over((pair[0], minor)))


def test_each_invoice_is_refused_for_its_own_reason_and_none_is_paid(trade, pair):
    """All or nothing."""
    first, second = pair
    theirs = trade.invoice(60_00, company_id=SOUTHSIDE)
    gone = trade.invoice(60_00)
    trade.portal.delete_invoice(sales(), gone.id)
    waiting = trade.invoice(60_00)
    trade.tell_money(trade.pay((waiting, 60_00)).id, a_tender("501", 60_00, "pending", method="token"))

    with pytest.raises(LinesRefused) as refused:
        record(trade, a_check(), over((first, 60_01), (second, 1), (theirs, 1), (gone, 1), (waiting, 1)))

    assert {key: type(one) for key, one in refused.value.lines.items()} == {
        **{first.id: MoreThanOwed, theirs.id: OtherCompany, gone.id: MoreThanOwed, waiting.id: PaymentPending}
    }
    assert trade.balances(first, second) == [60_00, 40_00]


def test_one_payment_has_one_currency(trade, pair):
    """I-14."""
    with trade.work() as work:
        euro = given_invoice(work, an_invoice(eur(60_00)))
        work.commit()

    with pytest.raises(MixedCurrencies):
        record(trade, a_check(), {pair[0].id: usd(1), euro.id: eur(1)})
    with pytest.raises(LinesRefused) as refused:
        record(trade, a_check(), {euro.id: usd(1)})
    assert isinstance(refused.value.lines[euro.id], MixedCurrencies)


def test_an_invoice_that_is_not_there_is_not_found(trade):
    with pytest.raises(NotFound):
        record(trade, a_check(), {"00000000-0000-7000-8000-000000000000": usd(1)})


@pytest.mark.parametrize("actor", [sales(), viewer()], ids=["sales", "viewer"])
def test_only_finance_books_money(trade, actor):
    """T-5."""
    with pytest.raises(NotAllowed):
        record(trade, a_check(), {}, actor)
    with pytest.raises(NotAllowed):
        trade.portal.record_offline_payment.preview(actor, a_check(), {})


# --- twice --------------------------------------------------------------------------------------------
def test_a_form_sent_twice_books_once(trade, pair):
    """I-8."""
    split = over((pair[0], 60_00))

    first = record(trade, a_check(key="form-1"), split)
    again = record(trade, a_check(key="form-1"), split)

    assert (first.id, len(trade.payments())) == (again.id, 1)
    assert again.available == first.available


def test_the_same_key_for_something_else_is_refused(trade, pair):
    """I-8."""
    record(trade, a_check(key="form-1"), over((pair[0], 60_00)))

    with pytest.raises(KeyReused):
        record(trade, a_check(key="form-1"), over((pair[0], 59_99)))


def test_a_refused_form_leaves_its_key_free(trade, pair):
    """I-8: nothing happened, so it can be corrected and sent again."""
    with pytest.raises(LinesRefused):
        record(trade, a_check(key="form-1"), over((pair[0], 60_01)))

    assert record(trade, a_check(key="form-1"), over((pair[0], 60_00)))


@pytest.mark.parametrize(
    ("changes", "is_asked"),
    [
        ({}, True),
        ({"received_on": date(2026, 11, 22)}, True),
        ({"memo": "10443"}, False),
        ({"amount": usd(110_01)}, False),
        ({"method": Method.BANK_TRANSFER}, False),
        ({"company_id": SOUTHSIDE}, False),
        ({"confirmed": True}, False),
    ],
)
def test_a_possible_duplicate_is_asked_once(trade, changes, is_asked):
    """R-21: same company, method, reference and amount within 180 days."""
    first = record(trade, a_check(), {})

    if is_asked:
        with pytest.raises(PossibleDuplicate) as asked:
            record(trade, a_check(**changes), {})
        assert first.number in asked.value.sentence
    else:
        record(trade, a_check(**changes), {})


@pytest.mark.parametrize(("days", "is_asked"), [(180, True), (181, False)])
def test_after_180_days_nobody_asks(trade, days, is_asked):
    """R-21."""
    record(trade, a_check(received_on=TODAY - timedelta(days=days)), {})

    if is_asked:
        with pytest.raises(PossibleDuplicate):
            record(trade, a_check(received_on=TODAY), {})
    else:
        record(trade, a_check(received_on=TODAY), {})


# --- bounced ------------------------------------------------------------------------------------------
def test_a_bounced_check_opens_its_invoices_again(trade, pair):
    """R-20: with their due dates; its unapplied rest leaves too."""
    first, second = pair
    payment = record(trade, a_check(), over((first, 60_00), (second, 40_00)))

    trade.portal.reverse_payment(finance(), payment.id, "bounced")

    assert trade.balances(first, second) == [60_00, 40_00]
    assert [trade.read(one).status for one in pair] == [Status.OPEN, Status.OPEN]
    (reversed_one,) = trade.payments()
    assert (reversed_one.status, reversed_one.available) == (PaymentStatus.REVERSED, usd(0))
    kind, facts = trade.told()[-1]
    assert (kind, facts["reopened"]) == ("payment.reversed", ["INV-1", "INV-2"])


def test_a_reversal_is_a_counter_entry(trade, pair):
    """R-1: nothing is deleted."""
    payment = record(trade, a_check(), over((pair[0], 60_00)))
    before = trade.movements()

    trade.portal.reverse_payment(finance(), payment.id, "bounced")

    assert trade.movements()[: len(before)] == before
    assert trade.movements()[len(before) :] == [("deallocated", 60_00), ("reversed", 110_00)]


def test_a_payment_is_reversed_once_and_with_a_reason(trade):
    payment = record(trade, a_check(), {})
    with pytest.raises(ReasonRequired):
        trade.portal.reverse_payment(finance(), payment.id, " ")
    trade.portal.reverse_payment(finance(), payment.id, "bounced")

    with pytest.raises(NotReversible):
        trade.portal.reverse_payment(finance(), payment.id, "bounced")


def test_money_paid_online_is_not_reversed_here(trade, two):
    """R-20."""
    order = two[2]
    trade.tell_money(order.id, a_tender("501", 100_00))

    with pytest.raises(NotReversible):
        trade.portal.reverse_payment(finance(), trade.payment_of(order.id).id, "why not")


@pytest.mark.parametrize("actor", [sales(), viewer()], ids=["sales", "viewer"])
def test_only_finance_reverses(trade, actor):
    payment = record(trade, a_check(), {})

    with pytest.raises(NotAllowed):
        trade.portal.reverse_payment(actor, payment.id, "bounced")


def test_an_admin_may_do_what_finance_may(trade):
    payment = record(trade, replace(a_check(), key="k"), {}, admin())

    assert trade.portal.reverse_payment(admin(), payment.id, "bounced").status is PaymentStatus.REVERSED
