"""What may be done with an invoice in which state, and what its status is (R-3 to R-5, I-3, I-4)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    InputInvalid,
    LessThanSettled,
    MixedCurrencies,
    MoreThanOwed,
    NotDeletable,
    NotEditable,
    NotRestorable,
    NotVoidable,
)
from domain.invoice import ClosedBy, Invoice, Removed, Status, closed_by, oldest_due_first, status_of
from domain.ledger import InvoiceAccount, Kind
from tests.builders import a_content, eur, jpy, usd
from tests.domain.given import TODAY, credited, owed, received

TOTAL = usd(100_00)


def paid(invoice: Invoice, minor: int) -> Invoice:
    received(usd(minor)).allocate(invoice, usd(minor))
    return invoice


def without(invoice: Invoice, act: str) -> Invoice:
    getattr(invoice, act)(TODAY)
    return invoice


def written_off(invoice: Invoice, minor: int) -> Invoice:
    invoice.write_off(usd(minor), TODAY)
    return invoice


STATES = {
    "open": lambda: owed(TOTAL),
    "partly paid": lambda: paid(owed(TOTAL), 40_00),
    "partly written off": lambda: written_off(owed(TOTAL), 40_00),
    "paid": lambda: paid(owed(TOTAL), 100_00),
    "written off": lambda: written_off(owed(TOTAL), 100_00),
    "of nothing": lambda: owed(usd(0)),
    "void": lambda: without(owed(TOTAL), "void"),
    "deleted": lambda: without(owed(TOTAL), "delete"),
}

ACTS = {
    "edit": lambda invoice: invoice.edit(a_content(usd(120_00)), TODAY),
    "delete": lambda invoice: invoice.delete(TODAY),
    "void": lambda invoice: invoice.void(TODAY),
    "restore": lambda invoice: invoice.restore(TODAY),
    "pay": lambda invoice: paid(invoice, 1),
    "write off": lambda invoice: written_off(invoice, 1),
}

# I-4, R-4, R-5 and DESIGN 5. None: it may be done.
ALLOWED = {
    "open": {"edit": None, "delete": None, "void": None, "restore": NotRestorable, "pay": None, "write off": None},
    "partly paid": {
        **{"edit": None, "delete": NotDeletable, "void": NotVoidable, "restore": NotRestorable},
        **{"pay": None, "write off": None},
    },
    "partly written off": {
        **{"edit": None, "delete": NotDeletable, "void": NotVoidable, "restore": NotRestorable},
        **{"pay": None, "write off": None},
    },
    "paid": {
        **{"edit": NotEditable, "delete": NotDeletable, "void": NotVoidable, "restore": NotRestorable},
        **{"pay": MoreThanOwed, "write off": MoreThanOwed},
    },
    "written off": {
        **{"edit": NotEditable, "delete": NotDeletable, "void": NotVoidable, "restore": NotRestorable},
        **{"pay": MoreThanOwed, "write off": MoreThanOwed},
    },
    "of nothing": {
        **{"edit": NotEditable, "delete": NotDeletable, "void": None, "restore": NotRestorable},
        **{"pay": MoreThanOwed, "write off": MoreThanOwed},
    },
    "void": {
        **{"edit": NotEditable, "delete": NotDeletable, "void": NotVoidable, "restore": NotRestorable},
        **{"pay": MoreThanOwed, "write off": MoreThanOwed},
    },
    "deleted": {
        **{"edit": NotEditable, "delete": NotDeletable, "void": NotVoidable, "restore": None},
        **{"pay": MoreThanOwed, "write off": MoreThanOwed},
    },
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_what_may_be_done_in_which_state(state, act):
    """I-4, every cell: a refused act changes nothing."""
    invoice = STATES[state]()
    before = (invoice.account, invoice.removed, invoice.content)
    refusal = ALLOWED[state][act]

    if refusal is None:
        ACTS[act](invoice)
        assert (invoice.account, invoice.removed, invoice.content) != before
    else:
        with pytest.raises(refusal):
            ACTS[act](invoice)
        assert (invoice.account, invoice.removed, invoice.content) == before


STATUS = {
    "open": Status.OPEN,
    "partly paid": Status.PARTIALLY_PAID,
    "partly written off": Status.PARTIALLY_PAID,
    "paid": Status.CLOSED,
    "written off": Status.CLOSED,
    "of nothing": Status.CLOSED,
    "void": Status.VOID,
    "deleted": Status.DELETED,
}


@pytest.mark.parametrize("state", STATES)
def test_status_follows_the_account(state):
    """R-3: a zero-total invoice is closed."""
    assert STATES[state]().status is STATUS[state]


accounts = st.builds(
    lambda paid_, memo, off, open_: InvoiceAccount(paid_ + memo + off + open_, paid_, memo, off),
    *[st.integers(0, 3)] * 4,
)


@given(accounts, st.sampled_from([None, *Removed]))
def test_status_is_a_function_of_account_and_removal(account, removed):
    """I-3: void and deleted are decided first."""
    expected = {Removed.VOID: Status.VOID, Removed.DELETED: Status.DELETED}.get(removed)
    if expected is None and account.balance == 0:
        expected = Status.CLOSED
    if expected is None:
        expected = Status.OPEN if account.balance == account.live_total else Status.PARTIALLY_PAID

    assert status_of(account, removed) is expected


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (InvoiceAccount(10, paid=10), ClosedBy.PAID),
        (InvoiceAccount(10, credited=10), ClosedBy.CREDITED),
        (InvoiceAccount(10, written_off=10), ClosedBy.WRITTEN_OFF),
        (InvoiceAccount(10, paid=9, written_off=1), ClosedBy.PAID_AND_ADJUSTED),
        (InvoiceAccount(10, paid=9, credited=1), ClosedBy.PAID_AND_ADJUSTED),
        (InvoiceAccount(10, credited=9, written_off=1), ClosedBy.PAID_AND_ADJUSTED),
        (InvoiceAccount(10, paid=8, credited=1, written_off=1), ClosedBy.PAID_AND_ADJUSTED),
        (InvoiceAccount(0), ClosedBy.PAID),
    ],
)
def test_closed_is_shown_by_what_closed_it(account, words):
    """R-3."""
    assert closed_by(account) is words


def test_only_a_closed_invoice_was_closed_by_something():
    assert STATES["partly paid"]().closed_by is None
    assert STATES["void"]().closed_by is None
    assert STATES["written off"]().closed_by is ClosedBy.WRITTEN_OFF


def test_a_credit_memo_closes_an_invoice_as_credited():
    """R-4: its amount is allocated like a payment."""
    invoice, memo = owed(TOTAL), credited(usd(150_00))

    memo.allocate(invoice, TOTAL)

    assert invoice.closed_by is ClosedBy.CREDITED
    assert (invoice.paid, memo.available) == (TOTAL, usd(50_00))


# --- issuing ------------------------------------------------------------------------------------------
def test_issuing_books_the_total_on_the_issue_date():
    """R-2: `invoiced` is effective on the issue date."""
    invoice = owed(usd(0))
    invoice.content = a_content(TOTAL, tax=8_25)

    (movement,) = invoice.issue()

    assert (movement.kind, movement.amount, movement.effective_on) == (Kind.INVOICED, TOTAL, invoice.content.issued_on)


def test_a_late_document_keeps_its_date_and_posts_on_the_first_open_day():
    """R-2."""
    invoice = owed(usd(0))
    invoice.content = a_content(TOTAL, issued_on=date(2026, 3, 30))

    (movement,) = invoice.issue(on=date(2026, 4, 1))

    assert movement.effective_on == date(2026, 4, 1)
    assert invoice.content.issued_on == date(2026, 3, 30)


def test_an_invoice_of_nothing_books_nothing():
    assert owed(usd(0)).issue() == []


def test_a_negative_invoice_is_a_credit_memo():
    """R-4."""
    invoice = owed(usd(0))
    invoice.content = a_content(usd(-1))

    with pytest.raises(InputInvalid):
        invoice.issue()


@pytest.mark.parametrize("minor", [0, -1])
def test_a_credit_memo_is_above_zero(minor):
    with pytest.raises(InputInvalid):
        credited(usd(minor))


# --- editing ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("total", "booked"), [(120_00, 20_00), (70_00, -30_00), (40_00, -60_00)])
def test_an_edit_books_the_change_of_the_total(total, booked):
    """R-1: stored gross, with its sign; down to exactly what is settled."""
    invoice = paid(owed(TOTAL), 40_00)

    (movement,) = invoice.edit(a_content(usd(total)), TODAY)

    assert (movement.kind, movement.amount, movement.effective_on) == (Kind.ADJUSTED, usd(booked), TODAY)
    assert (invoice.total, invoice.balance) == (usd(total), usd(total - 40_00))


def test_an_edit_that_keeps_the_total_books_nothing():
    invoice = owed(TOTAL)

    assert invoice.edit(a_content(TOTAL, po_number="PO-9"), TODAY) == []
    assert invoice.content.po_number == "PO-9"


def test_the_total_cannot_go_below_what_is_settled():
    """I-4: settled is allocated and written off."""
    invoice = written_off(paid(owed(TOTAL), 40_00), 10_00)

    with pytest.raises(LessThanSettled):
        invoice.edit(a_content(usd(49_99)), TODAY)

    assert invoice.total == TOTAL


def test_an_edit_cannot_make_the_total_negative():
    with pytest.raises(InputInvalid):
        owed(TOTAL).edit(a_content(usd(-1)), TODAY)


def test_an_edit_cannot_change_the_currency():
    """I-14."""
    invoice = owed(TOTAL)

    with pytest.raises(MixedCurrencies):
        invoice.edit(a_content(eur(100_00)), TODAY)

    assert invoice.total == TOTAL


# --- taking away and bringing back ----------------------------------------------------------------------
@pytest.mark.parametrize(("act", "kind"), [("delete", Kind.DELETED), ("void", Kind.VOIDED)])
def test_taking_an_invoice_away_takes_its_whole_live_total_back(act, kind):
    """R-1, R-5: also what an edit added; the face total stays on paper."""
    invoice = owed(TOTAL)
    invoice.edit(a_content(usd(120_00)), TODAY)

    (movement,) = getattr(invoice, act)(TODAY)

    assert (movement.kind, movement.amount) == (kind, usd(120_00))
    assert (invoice.total, invoice.balance) == (usd(120_00), usd(0))


def test_a_restored_invoice_is_owed_as_before():
    """R-5."""
    invoice = owed(TOTAL)
    invoice.edit(a_content(usd(120_00)), TODAY)
    invoice.delete(TODAY)

    (movement,) = invoice.restore(TODAY)

    assert (movement.kind, movement.amount) == (Kind.RESTORED, usd(120_00))
    assert (invoice.status, invoice.balance) == (Status.OPEN, usd(120_00))


def test_a_written_off_balance_can_be_brought_back():
    invoice = written_off(owed(TOTAL), 100_00)

    movement = invoice.reverse_write_off(usd(30_00), TODAY)

    assert movement.kind is Kind.WRITE_OFF_REVERSED
    assert (invoice.status, invoice.balance) == (Status.PARTIALLY_PAID, usd(30_00))


def test_write_offs_are_in_the_invoices_currency():
    """I-14."""
    invoice = written_off(owed(TOTAL), 50_00)

    with pytest.raises(MixedCurrencies):
        invoice.write_off(eur(1), TODAY)
    with pytest.raises(MixedCurrencies):
        invoice.reverse_write_off(eur(1), TODAY)


def test_amounts_have_the_places_of_their_currency():
    """I-14: a yen has no cents."""
    invoice = owed(jpy(1500))

    received(jpy(1000)).allocate(invoice, jpy(1000))

    assert (invoice.balance.text, invoice.paid.text) == ("500", "1000")


def test_money_fills_the_oldest_due_date_first_then_the_lower_number():
    """R-19, I-15."""
    late = owed(TOTAL, "INV-00003", due_on=date(2026, 9, 1))
    tied = owed(TOTAL, "INV-00002", due_on=date(2026, 10, 1))
    first_of_tied = owed(TOTAL, "INV-00001", due_on=date(2026, 10, 1))

    assert [one.number for one in oldest_due_first([tied, late, first_of_tied])] == [
        *("INV-00003", "INV-00001", "INV-00002")
    ]


def test_a_line_without_a_total_of_its_own_adds_to_the_document():
    """R-6: total = net lines + cost lines; a line's own tax is a share of them, not added again."""
    content = a_content(usd(108_25), tax=8_25)
    taxed = replace(content, lines=(replace(content.lines[0], tax=usd(8_25)),))

    assert taxed.total("USD") == usd(108_25)
