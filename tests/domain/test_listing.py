"""What each list means: views, filters, search (R-25)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.invoice import Source, Status
from domain.listing import InvoiceFilter, InvoiceRow, OrderFilter, OrderRow, PaymentFilter, PaymentRow, View
from domain.payment import Method, PaymentStatus
from tests.builders import usd

TODAY = date(2026, 11, 22)
LATE, DUE_TODAY = date(2026, 11, 21), TODAY


def a_row(**changes) -> InvoiceRow:
    values = {
        **{"id": "1", "number": "INV-00412", "source": Source.ORDER, "company_id": 11},
        **{"company_name": "Nörthwind Traders", "order_id": 1160, "po_number": "PO-77"},
        **{"issued_on": date(2026, 8, 14), "due_on": LATE, "status": Status.OPEN},
        **{"total": usd(100_00), "balance": usd(100_00), "paid": usd(0)},
    }
    return InvoiceRow(**{**values, **changes})


# Which views show an invoice of a status, late and not yet late.
VIEWS = {
    Status.OPEN: {View.ALL, View.UNPAID},
    Status.PARTIALLY_PAID: {View.ALL, View.UNPAID, View.PARTIALLY_PAID},
    Status.CLOSED: {View.ALL, View.CLOSED},
    Status.VOID: {View.ALL, View.VOID},
    Status.DELETED: {View.DELETED},
}


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("due", [LATE, DUE_TODAY])
@pytest.mark.parametrize("status", Status)
def test_each_view_shows_its_statuses(status, due, view):
    """Overdue begins the day after due, and only while something is owed (R-7)."""
    is_late = due is LATE and status in (Status.OPEN, Status.PARTIALLY_PAID)
    expected = view in VIEWS[status] or (view is View.OVERDUE and is_late)

    assert InvoiceFilter(view).matches(a_row(status=status, due_on=due), TODAY) is expected


@given(st.sampled_from(Status), st.sampled_from([LATE, DUE_TODAY]))
def test_the_pills_add_up(status, due):
    """All = unpaid + closed + void; the others are part of unpaid."""
    row = a_row(status=status, due_on=due)
    shown = {view for view in View if InvoiceFilter(view).matches(row, TODAY)}

    assert (View.ALL in shown) == (len(shown & {View.UNPAID, View.CLOSED, View.VOID}) == 1)
    assert not shown & {View.OVERDUE, View.PARTIALLY_PAID} or View.UNPAID in shown


@pytest.mark.parametrize(
    ("search", "found"),
    [
        *((text, True) for text in ("", "  ", "INV-00412", "412", "nv-004", " 412 ", "po-77", "7", "1160", "16")),
        *((text, True) for text in ("nörth", "NÖRTHWIND", "traders")),
        *((text, False) for text in ("INV-00413", "southside", "1161", "None")),
    ],
)
def test_any_fragment_of_number_order_po_number_or_company_is_found(search, found):
    """R-25."""
    assert InvoiceFilter(search=search).matches(a_row(), TODAY) is found


def test_an_invoice_without_an_order_is_not_found_by_nothing():
    assert not InvoiceFilter(search="none").matches(a_row(order_id=None), TODAY)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({"company_id": 11}, True),
        ({"company_id": 12}, False),
        ({"source": Source.ORDER}, True),
        ({"source": Source.ERP}, False),
        ({"order_id": 1160}, True),
        ({"order_id": 116}, False),
        ({"issued_from": date(2026, 8, 14)}, True),
        ({"issued_from": date(2026, 8, 15)}, False),
        ({"issued_to": date(2026, 8, 14)}, True),
        ({"issued_to": date(2026, 8, 13)}, False),
        ({"due_from": LATE, "due_to": LATE}, True),
        ({"due_to": date(2026, 11, 20)}, False),
        ({"company_id": 11, "source": Source.ERP}, False),
    ],
)
def test_all_that_was_chosen_must_hold(chosen, shown):
    assert InvoiceFilter(**chosen).matches(a_row(), TODAY) is shown


# --- orders -------------------------------------------------------------------------------------------
ORDER = OrderRow(
    *(1160, datetime(2026, 11, 20, 12, tzinfo=UTC), 11, "Northwind Traders", "Bea Buyer", "PO-77", usd(100_00)),
    *(11, "Awaiting Fulfillment", False),
)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({}, True),
        *(({"search": text}, True) for text in ("1160", "11", "bea", "po-7", "NORTH")),
        ({"search": "1161"}, False),
        ({"company_id": 12}, False),
        ({"invoiced": False}, True),
        ({"invoiced": True}, False),
        ({"status_id": 11}, True),
        ({"status_id": 10}, False),
        ({"placed_from": date(2026, 11, 20), "placed_to": date(2026, 11, 20)}, True),
        ({"placed_from": date(2026, 11, 21)}, False),
        ({"placed_to": date(2026, 11, 19)}, False),
    ],
)
def test_orders_are_chosen_by_all_that_was_asked(chosen, shown):
    assert OrderFilter(**chosen).matches(ORDER) is shown


def test_an_invoiced_order_is_one_with_an_invoice():
    invoiced = replace(ORDER, invoice_id="1")

    assert OrderFilter(invoiced=True).matches(invoiced)
    assert not OrderFilter(invoiced=False).matches(invoiced)


# --- payments -----------------------------------------------------------------------------------------
PAYMENT = PaymentRow(
    *("1", "PAY-00012", date(2026, 11, 20), 11, "Northwind Traders", Method.CHECK, "Check", "10442"),
    *(usd(110_00), usd(100_00), usd(10_00), PaymentStatus.COMPLETED, False),
    bc_order_id=1875,
)


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({}, True),
        *(({"search": text}, True) for text in ("PAY-00012", "012", "10442", "north", "1875")),
        ({"search": "10443"}, False),
        ({"company_id": 12}, False),
        ({"status": PaymentStatus.COMPLETED}, True),
        ({"status": PaymentStatus.PENDING}, False),
        ({"method": Method.CHECK}, True),
        ({"method": Method.CASH}, False),
        ({"unapplied_only": True}, True),
        ({"received_from": date(2026, 11, 20), "received_to": date(2026, 11, 20)}, True),
        ({"received_from": date(2026, 11, 21)}, False),
    ],
)
def test_payments_are_chosen_by_all_that_was_asked(chosen, shown):
    """R-25: number, order id, memo."""
    assert PaymentFilter(**chosen).matches(PAYMENT) is shown


def test_what_is_wholly_applied_is_not_unapplied():
    assert not PaymentFilter(unapplied_only=True).matches(replace(PAYMENT, available=usd(0)))
