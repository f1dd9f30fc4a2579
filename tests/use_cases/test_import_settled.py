"""What an ERP says about an invoice that is already settled, wholly or in part (R-14, R-15, F-12)."""

import pytest

from domain.events import Act
from domain.invoice import Status
from domain.payment import Method
from domain.review import ReviewKind
from domain.use_cases.record_offline_payment import Received
from tests.builders import NORTHWIND, RECEIVED, finance, given_credit_memo, usd
from tests.use_cases.importing import push


def pay(trade, invoice_id: str, minor: int, memo: str) -> str:
    received = Received(NORTHWIND, usd(minor), Method.CHECK, RECEIVED, memo)
    return trade.portal.record_offline_payment(finance(), received, {invoice_id: usd(minor)}).id


def write_off(trade, invoice_id: str, minor: int) -> None:

    with trade.work() as work:
        invoice = work.invoices.locked([invoice_id])[invoice_id]
        movement = invoice.write_off(usd(minor), work.today())
        work.book(finance(), Act("invoice.written_off", "invoice", invoice_id), [movement])
        work.commit()


def test_a_total_below_what_is_settled_frees_the_excess_newest_first(trade):
    """R-15, F-12: the money stays as available credit, and a person looks."""
    imported = push(trade)
    first = pay(trade, imported.invoice_id, 50_00, "1")
    second = pay(trade, imported.invoice_id, 30_00, "2")

    push(trade, usd(40_00))

    invoice = trade.read(imported.invoice_id)
    available = {one.id: one.available.minor for one in trade.payments()}
    assert (invoice.total, invoice.status) == (usd(40_00), Status.CLOSED)
    assert available == {first: 10_00, second: 30_00}
    assert trade.reviews().keys() == {ReviewKind.BELOW_SETTLED}


def test_write_offs_are_reversed_before_money_is_freed(trade):
    """R-15."""
    imported = push(trade)
    payment = pay(trade, imported.invoice_id, 50_00, "1")
    write_off(trade, imported.invoice_id, 20_00)

    push(trade, usd(45_00))

    assert trade.read(imported.invoice_id).balance == usd(0)
    assert trade.movements()[-3:] == [("write_off_reversed", 20_00), ("deallocated", 5_00), ("adjusted", -55_00)]
    assert [one.available.minor for one in trade.payments() if one.id == payment] == [5_00]


def test_credit_memos_are_freed_like_payments(trade):
    """R-15: whatever was allocated last."""
    imported = push(trade)
    pay(trade, imported.invoice_id, 50_00, "1")
    with trade.work() as work:
        invoice = work.invoices.locked([imported.invoice_id])[imported.invoice_id]
        memo = given_credit_memo(work, usd(30_00), [(invoice, usd(30_00))])
        work.commit()

    push(trade, usd(60_00))

    with trade.work() as work:
        assert work.credit_memos.get(memo.id).available == usd(20_00)


def test_a_total_above_what_is_settled_frees_nothing(trade):
    """F-12."""
    imported = push(trade)
    pay(trade, imported.invoice_id, 50_00, "1")

    push(trade, usd(70_00))

    assert trade.read(imported.invoice_id).balance == usd(20_00)
    assert trade.reviews() == {}


# --- what is still due --------------------------------------------------------------------------------
def test_paid_further_elsewhere_lowers_the_balance(trade):
    """R-14: nothing of ours is on it, so the ERP is followed."""
    imported = push(trade, amount_due=usd(80_00))

    again = push(trade, amount_due=usd(30_00))

    assert (again.outcome, trade.read(imported.invoice_id).balance) == ("changed", usd(30_00))
    assert [one.amount.minor for one in trade.payments()] == [20_00, 50_00]
    assert push(trade, amount_due=usd(30_00)).outcome == "same"


@pytest.mark.parametrize("due", [100_00, 60_00], ids=["not posted yet", "posted"])
def test_an_erp_that_knows_our_payment_or_does_not_changes_nothing(trade, due):
    """R-14: pushed equal to what it can know, or to what we know."""
    imported = push(trade)
    pay(trade, imported.invoice_id, 40_00, "1")

    again = push(trade, amount_due=usd(due))

    assert (again.outcome, trade.read(imported.invoice_id).balance) == ("same", usd(60_00))
    assert trade.reviews() == {}


@pytest.mark.parametrize("due", [80_00, 20_00, 0])
def test_an_erp_balance_that_cannot_be_told_apart_is_for_a_person(trade, due):
    """R-14: something of ours is unacknowledged there."""
    imported = push(trade)
    pay(trade, imported.invoice_id, 40_00, "1")

    again = push(trade, amount_due=usd(due))

    assert (again.outcome, trade.read(imported.invoice_id).balance) == ("same", usd(60_00))
    assert trade.reviews().keys() == {ReviewKind.ERP_BALANCE}
    assert again.findings


def test_a_higher_balance_at_the_erp_is_for_a_person(trade):
    """R-14."""
    imported = push(trade, amount_due=usd(30_00))

    push(trade, amount_due=usd(50_00))

    assert trade.read(imported.invoice_id).balance == usd(30_00)
    assert trade.reviews().keys() == {ReviewKind.ERP_BALANCE}
