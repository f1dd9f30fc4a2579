"""What happens to money received earlier: applied, taken back, paid out, charged back, won back (R-1, R-20, R-21)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.errors import (
    ChangedMeanwhile,
    InputInvalid,
    KeyReused,
    LinesRefused,
    MemoRequired,
    MoreThanAvailable,
    NotAllowed,
    NotChargedBack,
    NotReversible,
    NotWonBack,
    ReasonRequired,
)
from domain.invoice import Source, Status
from domain.payment import Method, PaymentStatus
from domain.review import Outcome, ReviewKind
from domain.use_cases.record_offline_payment import Received
from tests.builders import NORTHWIND, SOUTHSIDE, finance, sales, usd
from tests.use_cases.test_record_offline_payment import a_check, over, record
from tests.use_cases.trade import Trade, a_tender


def again(trade: Trade, payment):
    with trade.work() as work:
        return work.payments.get(payment.id)


def recovery_of(trade: Trade, payment):
    return trade.read(again(trade, payment).recovery_id)


# --- applying and taking back ------------------------------------------------------------------------------
def test_available_credit_is_applied_later_once_however_often_it_is_pressed(trade):
    """R-21, I-8: 110.00 received for nothing in particular, then set off against two invoices."""
    payment = record(trade, a_check(), {})
    first, second = trade.invoice(60_00, "INV-1", due_on=date(2026, 9, 1)), trade.invoice(100_00, "INV-2")
    split = over((first, 60_00), (second, 30_00))

    preview = trade.portal.apply_credit.preview(finance(), payment.id, split)
    for _ in range(3):
        trade.portal.apply_credit(finance(), payment.id, split, key="press-1")

    assert [(line.invoice.number, line.balance_after.minor) for line in preview.lines] == [
        ("INV-1", 0),
        ("INV-2", 70_00),
    ]
    assert (preview.applied, preview.available) == (usd(90_00), usd(20_00))
    assert trade.balances(first, second) == [0, 70_00]
    assert again(trade, payment).available == usd(20_00)
    assert [kind for kind, _ in trade.told()][-2:] == ["credit.applied", "invoice.closed"]
    with pytest.raises(KeyReused):
        trade.portal.apply_credit(finance(), payment.id, over((second, 1_00)), key="press-1")


def test_credit_goes_only_where_it_may(trade):
    """I-2: not beyond what is available or owed, not to another company, and nothing moves when one line is refused."""
    payment = record(trade, a_check(50_00), {})
    mine = trade.invoice(40_00, "INV-1")
    theirs = trade.invoice(40_00, "INV-2", company_id=SOUTHSIDE, company_name="Southside Fabrication")
    apply = trade.portal.apply_credit

    with pytest.raises(LinesRefused) as refused:
        apply(finance(), payment.id, over((mine, 40_01), (theirs, 1_00)))
    assert {one.code for one in refused.value.lines.values()} == {"more_than_owed", "other_company"}
    big = trade.invoice(500_00, "INV-3")
    with pytest.raises(MoreThanAvailable):
        apply(finance(), payment.id, over((mine, 10_00), (big, 40_01)))
    with pytest.raises(InputInvalid):
        apply(finance(), payment.id, {})
    with pytest.raises(NotAllowed):
        apply(sales(), payment.id, over((mine, 1_00)))

    assert trade.balances(mine, theirs, big) == [40_00, 40_00, 500_00]
    assert again(trade, payment).available == usd(50_00)


def test_an_allocation_is_taken_back_in_part_or_whole(trade):
    """The invoice is owed again and the money is credit; the reason is kept."""
    invoice = trade.invoice(60_00, "INV-1")
    payment = record(trade, a_check(60_00), over((invoice, 60_00)))
    take_back = trade.portal.take_back_allocation

    take_back(finance(), payment.id, invoice.id, usd(25_00), "meant for INV-9", key="k")
    take_back(finance(), payment.id, invoice.id, usd(25_00), "meant for INV-9", key="k")

    assert (trade.balances(invoice), again(trade, payment).available) == ([25_00], usd(25_00))
    assert trade.told()[-1][0] == "invoice.reopened"
    with pytest.raises(MoreThanAvailable):
        take_back(finance(), payment.id, invoice.id, usd(35_01))
    take_back(finance(), payment.id, invoice.id, usd(35_00))
    assert trade.read(invoice).status is Status.OPEN
    assert trade.movements()[-2:] == [("deallocated", 25_00), ("deallocated", 35_00)]


# --- paying out, and bouncing after that ----------------------------------------------------------------------
def test_credit_is_paid_out_up_to_what_is_available(trade):
    payment = record(trade, a_check(50_00), {})
    pay_out = trade.portal.pay_out_credit

    with pytest.raises(MoreThanAvailable):
        pay_out(finance(), payment.id, usd(50_01), "Check 9")
    with pytest.raises(ReasonRequired):
        pay_out(finance(), payment.id, usd(20_00), " ")
    for _ in range(2):
        pay_out(finance(), payment.id, usd(20_00), "Check 9", key="k")

    after = again(trade, payment)
    assert (after.available, after.account.paid_out, after.status) == (usd(30_00), 20_00, PaymentStatus.COMPLETED)
    assert trade.told()[-1][0] == "payment.paid_out"


def test_what_bounced_after_it_was_paid_out_becomes_an_invoice(trade):
    """R-1: 110.00 came, 60.00 applied, 50.00 paid out; the check bounces: 60.00 reversed, 50.00 to recover."""
    invoice = trade.invoice(60_00, "INV-1")
    payment = record(trade, a_check(), over((invoice, 60_00)))
    trade.portal.pay_out_credit(finance(), payment.id, usd(50_00), "Check 9")

    trade.portal.reverse_payment(finance(), payment.id, "bounced")

    recovery = recovery_of(trade, payment)
    assert again(trade, payment).status is PaymentStatus.REVERSED
    assert trade.balances(invoice, recovery) == [60_00, 50_00]
    assert (recovery.source, recovery.content.lines[0].description) == (Source.MANUAL, f"Recovery of {payment.number}")
    assert recovery.company_id == NORTHWIND
    with pytest.raises(NotReversible):
        trade.portal.reverse_payment(finance(), payment.id, "bounced")


def test_a_check_that_bounces_with_nothing_left_is_recovered_whole(trade):
    """R-1: no movement can take what is not held, yet the payment reads Reversed and cannot be reversed again."""
    payment = record(trade, a_check(50_00), {})
    trade.portal.pay_out_credit(finance(), payment.id, usd(50_00), "Check 9")

    trade.portal.reverse_payment(finance(), payment.id, "bounced")

    assert again(trade, payment).status is PaymentStatus.REVERSED
    assert trade.balances(recovery_of(trade, payment)) == [50_00]
    with pytest.raises(NotReversible):
        trade.portal.reverse_payment(finance(), payment.id, "bounced")


# --- chargebacks ----------------------------------------------------------------------------------------------
def test_a_chargeback_opens_the_invoices_and_a_won_one_closes_them_again(trade, two):
    """R-20: re-allocated to the same invoices as far as open; the payment is Completed again."""
    first, second, order = two
    trade.tell_money(order.id, a_tender("501", 100_00))
    payment = trade.payment_of(order.id)

    for _ in range(2):
        trade.portal.charge_back(finance(), payment.id, usd(100_00), "Dispute 77", key="k")
    assert trade.balances(first, second) == [60_00, 40_00]
    assert again(trade, payment).status is PaymentStatus.CHARGED_BACK
    with pytest.raises(NotChargedBack):
        trade.portal.charge_back(finance(), payment.id, usd(1), "again")
    record(trade, a_check(25_00), over((second, 25_00)))

    for _ in range(2):
        trade.portal.win_chargeback(finance(), payment.id, key="w")

    after = again(trade, payment)
    assert trade.balances(first, second) == [0, 0]
    assert (after.status, after.available) == (PaymentStatus.COMPLETED, usd(25_00))
    kinds = [kind for kind, _ in trade.told()]
    assert kinds.count("payment.charged_back") == kinds.count("payment.chargeback_won") == 1
    with pytest.raises(NotWonBack):
        trade.portal.win_chargeback(finance(), payment.id)


def test_a_partial_chargeback_takes_credit_first_then_the_latest_due(trade, two):
    first, second, order = two
    trade.tell_money(order.id, a_tender("501", 110_00))
    payment = trade.payment_of(order.id)

    trade.portal.charge_back(finance(), payment.id, usd(30_00), "Dispute 77")

    assert trade.balances(first, second) == [0, 20_00]
    assert again(trade, payment).available == usd(0)
    trade.portal.win_chargeback(finance(), payment.id)
    assert trade.balances(first, second) == [0, 0]
    assert again(trade, payment).available == usd(10_00)


def test_a_chargeback_after_a_pay_out_is_recovered_and_the_recovery_withdrawn_when_it_is_won(trade, two):
    """R-1, R-20: what the company paid on the recovery meanwhile is its credit again."""
    first, second, order = two
    trade.tell_money(order.id, a_tender("501", 130_00))
    payment = trade.payment_of(order.id)
    trade.portal.pay_out_credit(finance(), payment.id, usd(30_00), "Transfer 4")

    trade.portal.charge_back(finance(), payment.id, usd(130_00), "Dispute 77")
    recovery = recovery_of(trade, payment)
    assert trade.balances(first, second, recovery) == [60_00, 40_00, 30_00]
    paid = record(trade, a_check(20_00), over((recovery, 20_00)))

    trade.portal.win_chargeback(finance(), payment.id, "Bank letter")

    assert trade.balances(first, second, recovery) == [0, 0, 0]
    assert trade.read(recovery).status is Status.VOID
    assert (again(trade, paid).available, again(trade, payment).available) == (usd(20_00), usd(0))
    assert again(trade, payment).status is PaymentStatus.COMPLETED


def test_a_chargeback_settles_the_dispute_that_told_of_it(trade, two):
    *_, order = two
    trade.tell_money(order.id, a_tender("501", 100_00))
    payment = trade.payment_of(order.id)
    disputed = replace(order, status_id=13, status="Disputed", modified_at=trade.clock.now)
    trade.shop.orders.add(disputed)
    trade.tell_money(order.id, a_tender("501", 100_00))
    assert ReviewKind.DISPUTED in trade.reviews()

    trade.portal.charge_back(finance(), payment.id, usd(100_00), "Dispute 77")
    trade.hear(order.id)

    assert ReviewKind.DISPUTED not in trade.reviews()
    [item] = trade.portal.list_review_items(finance(), settled=True).rows
    assert (item.review.settlement.outcome, item.review.settlement.by) == (Outcome.CHARGED_BACK, "fiona@example.com")


@pytest.mark.parametrize("minor", [0, 100_01])
def test_a_chargeback_is_of_what_was_paid(trade, two, minor):
    *_, order = two
    trade.tell_money(order.id, a_tender("501", 100_00))
    with pytest.raises(InputInvalid):
        trade.portal.charge_back(finance(), trade.payment_of(order.id).id, usd(minor), "Dispute 77")


def test_only_money_of_a_gateway_is_charged_back(trade):
    payment = record(trade, a_check(), {})
    with pytest.raises(NotChargedBack):
        trade.portal.charge_back(finance(), payment.id, usd(10_00), "?")
    with pytest.raises(ReasonRequired):
        trade.portal.charge_back(finance(), payment.id, usd(10_00), " ")


# --- the memo -------------------------------------------------------------------------------------------------
def test_only_the_memo_can_be_edited_and_both_are_kept(trade):
    """R-21: with audit; a check keeps needing its number."""
    payment = record(trade, a_check(memo="10442"), {})

    trade.portal.edit_memo(finance(), payment.id, " 10443 ")

    assert again(trade, payment).memo == "10443"
    with trade.work() as work:
        newest = work.queries.history("payment", payment.id)[0]
    assert (newest.what, newest.texts) == ("payment.memo_changed", {"before": "10442", "after": "10443"})
    with pytest.raises(MemoRequired):
        trade.portal.edit_memo(finance(), payment.id, "")
    with pytest.raises(NotAllowed):
        trade.portal.edit_memo(sales(), payment.id, "1")


# --- closing the rest -----------------------------------------------------------------------------------------
def test_a_small_rest_is_closed_with_the_payment(trade):
    """R-21: 59.60 for 60.00, within the tolerance of 0.50: 0.40 is written off, with a reason, in the same commit."""
    invoice = trade.invoice(60_00, "INV-1")
    received = a_check(59_60, close_rest=frozenset({invoice.id}))
    split = over((invoice, 59_60))

    [line] = trade.portal.record_offline_payment.preview(finance(), received, split).lines
    record(trade, received, split)

    assert (line.written_off, line.balance_after) == (usd(40), usd(0))
    closed = trade.read(invoice)
    assert (closed.status, closed.account.written_off, closed.closed_by) == (Status.CLOSED, 40, "Paid and adjusted")
    assert trade.told()[-1] == (
        "write_off.created",
        {
            "number": "INV-1",
            "amount": "0.40",
            "currency": "USD",
            "reason_code": "small_difference",
            "payment": "PAY-00001",
        },
    )


@pytest.mark.parametrize(("paid", "tolerance"), [(59_49, "0.50"), (59_99, "0"), (58_99, "1.00")])
def test_a_rest_beyond_the_tolerance_is_not_closed(trade, paid, tolerance):
    """R-21: the setting decides; nothing is recorded."""
    trade.set(tolerance=Decimal(tolerance))
    invoice = trade.invoice(60_00, "INV-1")
    received = a_check(paid, close_rest=frozenset({invoice.id}))

    with pytest.raises(LinesRefused) as refused:
        record(trade, received, over((invoice, paid)))

    assert [one.code for one in refused.value.lines.values()] == ["more_than_tolerance"]
    assert trade.payments() == []


def test_what_is_paid_whole_has_no_rest_to_close(trade):
    invoice = trade.invoice(60_00, "INV-1")
    record(trade, a_check(60_00, close_rest=frozenset({invoice.id})), over((invoice, 60_00)))
    assert trade.read(invoice).account.written_off == 0


def test_a_rest_is_closed_only_where_something_is_applied(trade):
    invoice = trade.invoice(40, "INV-1")
    with pytest.raises(InputInvalid):
        record(trade, a_check(60_00, close_rest=frozenset({invoice.id})), {})


def test_transfers_need_no_memo(trade):
    received = Received(NORTHWIND, usd(5_00), Method.BANK_TRANSFER, date(2026, 11, 20))
    assert record(trade, received, {}).available == usd(5_00)


# --- settling reviews -----------------------------------------------------------------------------------------
@pytest.fixture
def short(trade, two):
    """The invoice was paid by check meanwhile, so 60.00 of the online payment stayed credit; the check then bounced."""
    first, second, order = two
    check = record(trade, a_check(60_00), over((first, 60_00)))
    trade.tell_money(order.id, a_tender("501", 100_00))
    trade.portal.reverse_payment(finance(), check.id, "bounced")
    return first, second, trade.payment_of(order.id), trade.reviews()[ReviewKind.CAPTURED_OTHERWISE]


def test_a_review_is_settled_by_applying_as_expected(trade, short):
    first, second, payment, review = short
    assert payment.needs_review

    trade.portal.apply_as_expected(finance(), review.id)

    assert trade.balances(first, second) == [0, 0]
    assert not again(trade, payment).needs_review
    [item] = trade.portal.list_review_items(finance(), settled=True).rows
    assert (item.review.settlement.outcome, item.payment.id) == (Outcome.APPLIED_AS_EXPECTED, payment.id)
    assert trade.reviews() == {}


def test_a_review_is_settled_by_applying_otherwise_in_the_same_commit(trade, short):
    _, _, payment, review = short
    other = trade.invoice(80_00, "INV-9")

    trade.portal.apply_credit(finance(), payment.id, over((other, 60_00)), review_id=review.id)

    assert trade.balances(other) == [20_00]
    assert trade.reviews() == {}


@pytest.mark.parametrize("outcome", [Outcome.LEFT_AS_CREDIT, Outcome.DISMISSED])
def test_a_review_is_settled_without_money_and_does_not_come_back(trade, short, outcome):
    """The same reading again opens nothing a person decided already."""
    _, _, payment, review = short
    trade.portal.settle_review(finance(), review.id, outcome, "agreed by phone")
    assert again(trade, payment).available == usd(60_00)

    trade.hear(7001)

    assert trade.reviews() == {}
    with pytest.raises(ChangedMeanwhile):
        trade.portal.settle_review(finance(), review.id, outcome, "again")


def test_dismissing_needs_a_reason_and_the_right(trade, short):
    *_, review = short
    settle = trade.portal.settle_review
    with pytest.raises(ReasonRequired):
        settle(finance(), review.id, Outcome.DISMISSED, "")
    with pytest.raises(NotAllowed):
        settle(sales(), review.id, Outcome.LEFT_AS_CREDIT)
    for unfit in (Outcome.APPLIED_AS_EXPECTED, Outcome.CHARGED_BACK, Outcome.BY_ITSELF):
        with pytest.raises(InputInvalid):
            settle(finance(), review.id, unfit)
