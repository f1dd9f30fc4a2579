"""Credit memos and write-offs: issued once, set off, taken back; every act leaves the books right (R-1, R-4)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.company_accounts import CompanyFilter
from domain.crediting import FreeLine
from domain.errors import (
    InputInvalid,
    KeyReused,
    LinesRefused,
    MoreThanAvailable,
    MoreThanInvoiced,
    MoreThanOwed,
    MoreThanWrittenOff,
    NotAllowed,
    NotCreditable,
    NotFound,
    PaymentPending,
    ReasonRequired,
)
from domain.invoice import ClosedBy, Status
from domain.ledger import Kind
from domain.use_cases.issue_credit_memo import ApplyTo, Free, FromInvoice, Wanted
from domain.use_cases.write_off import GivenUp
from domain.write_off import WriteOffReason
from tests.builders import NORTHWIND, SOUTHSIDE, a_payment, finance, given_payment, sales, usd, viewer

GOODWILL = usd(30_00)


def whole(invoice, apply_to=ApplyTo.INVOICE, key="k1"):
    return Wanted(FromInvoice(invoice.id, {0: Decimal(1)}), apply_to, "Returned", key)


def free(amount=GOODWILL, company_id=NORTHWIND, apply_to=ApplyTo.NOTHING, key="k1", rate=None):
    line = FreeLine("Goodwill", amount, Decimal(rate) if rate else None)
    return Wanted(Free(company_id, "USD", [line]), apply_to, "Complaint", key)


def told(trade):
    with trade.work() as work:
        return [str(one["kind"]) for one in work.queries.events_after(0, 100)]


def test_a_memo_for_a_whole_invoice_closes_it_as_credited(trade):
    """R-3, R-4: allocated like a payment; the paper keeps its total."""
    invoice = trade.invoice(60_00, "INV-1")

    memo = trade.portal.issue_credit_memo(finance(), whole(invoice))

    after = trade.read(invoice.id)
    assert (after.status, after.closed_by, after.total) == (Status.CLOSED, ClosedBy.CREDITED, usd(60_00))
    assert (memo.number, memo.invoice_id, memo.available) == ("CM-00001", invoice.id, usd(0))
    assert "credit_memo.issued" in told(trade)


def test_a_double_submit_issues_one(trade):
    invoice = trade.invoice(60_00, "INV-1")

    first, again = (trade.portal.issue_credit_memo(finance(), whole(invoice)) for _ in range(2))

    assert first.id == again.id
    with pytest.raises(KeyReused):
        trade.portal.issue_credit_memo(finance(), replace(whole(invoice), reason="Other"))
    with pytest.raises(MoreThanInvoiced):
        trade.portal.issue_credit_memo(finance(), whole(invoice, key="k2"))


def test_what_the_invoice_is_not_owed_any_more_is_available_credit(trade):
    """The rest is company credit (R-4): 50.00 of 60.00 was paid already."""
    invoice = trade.invoice(60_00, "INV-1")
    with trade.work() as work:
        given_payment(work, usd(50_00), [(work.invoices.get(invoice.id), usd(50_00))])
        work.commit()

    memo = trade.portal.issue_credit_memo(finance(), whole(invoice))

    assert (memo.applied, memo.available) == (usd(10_00), usd(50_00))
    assert trade.read(invoice.id).closed_by is ClosedBy.PAID_AND_ADJUSTED


def test_a_free_memo_goes_to_what_is_due_first_or_stays(trade):
    late = trade.invoice(20_00, "INV-1", due_on=date(2026, 9, 1))
    later = trade.invoice(20_00, "INV-2", due_on=date(2026, 10, 1))

    spread = trade.portal.issue_credit_memo(finance(), free(apply_to=ApplyTo.OLDEST))
    kept = trade.portal.issue_credit_memo(finance(), free(usd(5_00), key="k2", rate="10"))

    assert spread.allocations == {late.id: 20_00, later.id: 10_00}
    assert (kept.available, kept.content.cost_lines[0].amount) == (usd(5_50), usd(50))


def test_money_on_its_way_does_not_meet_a_credit(trade):
    """R-19: INV-1 and INV-2 are being paid by a bank debit that is not settled yet."""
    first, second, third = (trade.invoice(10_00, number) for number in ("INV-1", "INV-2", "INV-3"))
    with trade.work() as work:
        work.payments.add(a_payment(pending={first.id: 10_00, second.id: 10_00}))
        work.commit()

    with pytest.raises(PaymentPending):
        trade.portal.issue_credit_memo(finance(), whole(first))
    with pytest.raises(PaymentPending):
        trade.portal.write_off(finance(), second.id, GivenUp(usd(1_00), WriteOffReason.GOODWILL))
    memo = trade.portal.issue_credit_memo(finance(), free(apply_to=ApplyTo.OLDEST))

    assert memo.allocations == {third.id: 10_00}


def test_a_closed_period_takes_no_credit(trade):
    """R-2: the memo keeps its date and is effective on the first open day."""
    invoice = trade.invoice(60_00, "INV-1")
    trade.set(closed_through=date(2026, 12, 31))

    memo = trade.portal.issue_credit_memo(finance(), whole(invoice))
    trade.portal.take_back_credit(finance(), memo.id, invoice.id, usd(60_00), "Wrong invoice")
    trade.portal.write_off(finance(), invoice.id, GivenUp(usd(60_00), WriteOffReason.INSOLVENT))

    with trade.work() as work:
        moved = {one.kind: one.effective_on for one in work._data.movements}
        found = work.accounts.statement(NORTHWIND, "USD", date(2027, 1, 1), date(2027, 1, 1))
    assert memo.effective_on == date(2026, 11, 22)
    assert {moved[kind] for kind in (Kind.CREDITED, Kind.ALLOCATED, Kind.DEALLOCATED, Kind.WRITTEN_OFF)} == {
        date(2027, 1, 1)
    }
    assert [line.is_late for line in found.lines if line.kind is Kind.CREDITED] == [True]


def test_a_credit_can_be_applied_later_and_taken_back(trade):
    memo = trade.portal.issue_credit_memo(finance(), free())
    one, other = trade.invoice(20_00, "INV-1"), trade.invoice(20_00, "INV-2")

    for _ in range(2):
        trade.portal.apply_credit_memo(finance(), memo.id, {one.id: usd(20_00), other.id: usd(4_00)}, "form")
    taken = trade.portal.take_back_credit(finance(), memo.id, one.id, usd(20_00), "Meant for another")

    assert (taken.available, taken.allocations) == (usd(26_00), {other.id: 4_00})
    assert (trade.read(one.id).status, trade.read(other.id).balance) == (Status.OPEN, usd(16_00))
    assert told(trade).count("credit.applied") == 1


def test_a_credit_goes_only_where_it_fits(trade):
    memo = trade.portal.issue_credit_memo(finance(), free())
    mine = trade.invoice(20_00, "INV-1")
    foreign = trade.invoice(90_00, "INV-2", company_id=SOUTHSIDE, company_name="Southside")
    large = trade.invoice(90_00, "INV-3")

    with pytest.raises(LinesRefused) as refused:
        trade.portal.apply_credit_memo(finance(), memo.id, {mine.id: usd(21_00), foreign.id: usd(1_00)})
    assert {key: one.code for key, one in refused.value.lines.items()} == {
        mine.id: "more_than_owed",
        foreign.id: "other_company",
    }
    with pytest.raises(MoreThanAvailable):
        trade.portal.apply_credit_memo(finance(), memo.id, {large.id: usd(30_01)})
    for nothing in ({}, {mine.id: usd(0)}):
        with pytest.raises(InputInvalid):
            trade.portal.apply_credit_memo(finance(), memo.id, nothing)


def test_a_memo_needs_a_reason_lines_and_a_live_invoice(trade):
    invoice = trade.invoice(60_00, "INV-1")
    issue = trade.portal.issue_credit_memo
    with pytest.raises(ReasonRequired):
        issue(finance(), replace(whole(invoice), reason=" "))
    with pytest.raises(InputInvalid):
        issue(finance(), Wanted(FromInvoice(invoice.id), ApplyTo.INVOICE, "Why"))
    with pytest.raises(InputInvalid):
        issue(finance(), Wanted(Free(NORTHWIND, "USD", []), ApplyTo.NOTHING, "Why"))
    with pytest.raises(InputInvalid):
        issue(finance(), free(apply_to=ApplyTo.INVOICE))
    trade.portal.void_invoice(finance(), invoice.id, "mistake")
    with pytest.raises(NotCreditable):
        issue(finance(), whole(invoice))
    with trade.work() as work:
        assert work._data.memos == {}


def test_a_write_off_closes_and_its_reversal_opens_again(trade):
    """R-4: no tax effect, the paper stays; R-3: shown as written off to sellers."""
    invoice = trade.invoice(60_00, "INV-1")
    given_up = GivenUp(usd(60_00), WriteOffReason.UNCOLLECTIBLE, "Three reminders", "form")

    for _ in range(2):
        trade.portal.write_off(finance(), invoice.id, given_up)
    closed = trade.read(invoice.id)
    trade.portal.reverse_write_off(finance(), invoice.id, usd(60_00), "They paid after all")

    opened = trade.read(invoice.id)
    assert (closed.closed_by, closed.content) == (ClosedBy.WRITTEN_OFF, invoice.content)
    assert (opened.status, opened.balance, opened.content.due_on) == (Status.OPEN, usd(60_00), invoice.content.due_on)
    assert {"write_off.created", "write_off.reversed"} <= set(told(trade))


def test_a_write_off_is_never_more_than_is_owed_or_was_given_up(trade):
    invoice = trade.invoice(60_00, "INV-1")
    with pytest.raises(MoreThanOwed):
        trade.portal.write_off(finance(), invoice.id, GivenUp(usd(60_01), WriteOffReason.GOODWILL))
    with pytest.raises(ReasonRequired):
        trade.portal.write_off(finance(), invoice.id, GivenUp(usd(1), WriteOffReason.OTHER))
    trade.portal.write_off(finance(), invoice.id, GivenUp(usd(5_00), WriteOffReason.BANK_FEES))
    with pytest.raises(MoreThanWrittenOff):
        trade.portal.reverse_write_off(finance(), invoice.id, usd(5_01), "why")
    with pytest.raises(ReasonRequired):
        trade.portal.reverse_write_off(finance(), invoice.id, usd(5_00), "")


def test_only_those_with_the_right_and_the_company_may(trade):
    invoice = trade.invoice(60_00, "INV-1")
    memo = trade.portal.issue_credit_memo(finance(), free())
    elsewhere = replace(finance(), companies=frozenset({SOUTHSIDE}))
    acts = (
        lambda actor: trade.portal.prepare_credit_memo(actor, invoice.id),
        lambda actor: trade.portal.issue_credit_memo(actor, whole(invoice, key="x")),
        lambda actor: trade.portal.issue_credit_memo(actor, free(key="y")),
        lambda actor: trade.portal.apply_credit_memo(actor, memo.id, {invoice.id: usd(1_00)}),
        lambda actor: trade.portal.take_back_credit(actor, memo.id, invoice.id, usd(1_00), "why"),
        lambda actor: trade.portal.write_off(actor, invoice.id, GivenUp(usd(1_00), WriteOffReason.GOODWILL)),
        lambda actor: trade.portal.reverse_write_off(actor, invoice.id, usd(1_00), "why"),
        lambda actor: trade.portal.change_terms(actor, NORTHWIND, None),
        lambda actor: trade.portal.change_contacts(actor, NORTHWIND, []),
    )
    for act in acts:
        for actor in (sales(), viewer()):
            with pytest.raises(NotAllowed):
                act(actor)
        with pytest.raises(NotFound):
            act(elsewhere)
    for look in (
        lambda: trade.portal.show_credit_memo(elsewhere, memo.id),
        lambda: trade.portal.show_company(elsewhere, NORTHWIND),
        lambda: trade.portal.show_statement(elsewhere, NORTHWIND, "USD", date(2026, 1, 1), date(2026, 2, 1)),
    ):
        with pytest.raises(NotFound):
            look()
    assert [row.id for row in trade.portal.list_accounts(elsewhere, CompanyFilter()).page.rows] == [SOUTHSIDE]
