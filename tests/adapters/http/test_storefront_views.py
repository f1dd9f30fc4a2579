"""What buyers see of an invoice: one badge, whether it can be paid, and never how a balance was given up."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from adapters.http.storefront_views import badge, invoice_item, paid_order, unit_price
from domain.invoice import ClosedBy, Line, Source, Status
from domain.listing import InvoiceRow
from domain.money import Money
from domain.price import UnitPrice
from domain.use_cases.look_at_checkout import PaidLook
from tests.builders import a_payment, usd

TODAY = date(2026, 11, 22)
NOTHING = usd(0)


def a_row(**changes) -> InvoiceRow:
    """Open, due in eight days."""
    usual = InvoiceRow(
        id="01a",
        number="INV-7141",
        source=Source.ORDER,
        company_id=11,
        company_name="Northwind Traders",
        order_id=1142,
        po_number="",
        issued_on=date(2026, 10, 31),
        due_on=date(2026, 11, 30),
        total=usd(2600_00),
        balance=usd(2600_00),
        paid=NOTHING,
        status=Status.OPEN,
    )
    return replace(usual, **changes)


LATE = {"due_on": TODAY - timedelta(days=1)}
PARTLY = {"status": Status.PARTIALLY_PAID, "paid": usd(600_00), "balance": usd(2000_00)}
CLOSED = {"status": Status.CLOSED, "balance": NOTHING}
PENDING = {"pending": usd(1870_00), "pending_since": date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("row", "code", "label"),
    [
        ({}, "open", "Open"),
        ({"due_on": TODAY}, "open", "Open"),
        (LATE, "overdue", "Overdue"),
        (PARTLY, "partially_paid", "Partially paid"),
        (PARTLY | LATE, "overdue", "Overdue"),
        (PARTLY | LATE | PENDING, "pending", "Payment pending"),
        (PENDING, "pending", "Payment pending"),
        (CLOSED | LATE, "paid", "Paid"),
        (CLOSED | PENDING | {"closed_by": ClosedBy.PAID.value}, "paid", "Paid"),
        (CLOSED | {"closed_by": ClosedBy.CREDITED.value}, "closed", "Closed"),
        (CLOSED | {"closed_by": ClosedBy.WRITTEN_OFF.value}, "closed", "Closed"),
        (CLOSED | {"closed_by": ClosedBy.PAID_AND_ADJUSTED.value}, "closed", "Closed"),
        ({"status": Status.VOID, "balance": NOTHING} | LATE, "void", "Void"),
    ],
)
def test_one_badge_is_shown_the_first_that_fits(row, code, label):
    """ui.md 2: void, paid, payment pending, overdue, partially paid, open; R-3 for what buyers never read."""
    assert badge(a_row(**row), TODAY) == {"code": code, "label": label}


def test_overdue_begins_the_day_after_due():
    """R-7, F-19."""
    item = invoice_item(a_row(due_on=TODAY), TODAY, ())
    assert (item["days_late"], item["badge"]["code"]) == (0, "open")

    item = invoice_item(a_row(due_on=TODAY - timedelta(days=70)), TODAY, ())
    assert (item["days_late"], item["badge"]["code"]) == (70, "overdue")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (CLOSED, "Nothing is owed on INV-7141."),
        ({"status": Status.VOID, "balance": NOTHING}, "INV-7141 is void. Nothing is owed."),
        (PENDING, "1870.00 USD is on its way for INV-7141."),
        (
            {name: Money(100, "GBP") for name in ("total", "balance")} | {"paid": Money(0, "GBP")},
            "This store cannot charge GBP online. Contact the store for how to pay.",
        ),
    ],
)
def test_what_cannot_be_paid_online_says_why(row, reason):
    item = invoice_item(a_row(**row), TODAY, ("USD", "EUR"))

    assert (item["payable"], item["not_payable_reason"]) == (False, reason)


def test_an_invoice_that_a_colleague_is_paying_stays_payable():
    """F-5: the reservation is advisory."""
    item = invoice_item(a_row(being_paid=True), TODAY, ("USD",))

    assert (item["being_paid"], item["payable"], item["not_payable_reason"]) == (True, True, None)


def test_a_store_that_names_no_currencies_is_not_held_against_the_buyer():
    assert invoice_item(a_row(), TODAY, ())["payable"]


def test_amounts_are_strings_with_the_currencys_digits_and_empty_texts_null():
    """Ground rule 8."""
    item = invoice_item(a_row(po_number="", order_id=None), TODAY, ())

    assert (item["total"], item["paid"], item["balance"]) == ("2600.00", "0.00", "2600.00")
    assert (item["po_number"], item["order_number"], item["pending"]) == (None, None, None)
    yen = {"total": Money(500, "JPY"), "balance": Money(500, "JPY"), "paid": Money(0, "JPY")}
    assert invoice_item(a_row(**yen), TODAY, ())["total"] == "500"


@pytest.mark.parametrize(
    ("price", "base", "currency", "shown"),
    [
        ("10", 1, "USD", "10.00"),
        ("10.5", 1, "USD", "10.50"),
        ("0.01250000", 1, "USD", "0.0125"),
        ("4.5", 100, "USD", "0.045"),
        ("4500", 1000, "JPY", "4.5"),
        ("500", 1, "JPY", "500"),
        ("1.2", 1, "KWD", "1.200"),
    ],
)
def test_a_unit_price_is_exact_and_for_one_piece(price, base, currency, shown):
    """R-6."""
    line = Line("Bolt", Decimal(1), UnitPrice(Decimal(price), base), Money(1, currency))

    assert unit_price(line) == shown


def test_an_order_we_do_not_know_yet_claims_nothing():
    """T-19: never paid before the ledger says so."""
    answer = paid_order(PaidLook("unknown"))

    assert answer["state"] == "unknown"
    assert (answer["payment_number"], answer["total"], answer["lines"], answer["credit"]) == (None, None, [], None)


def test_what_is_left_of_a_payment_is_shown_as_credit():
    payment = a_payment("PAY-00012")
    payment.receive(usd(10_00), payment.effective_on)

    answer = paid_order(PaidLook("paid", payment))

    assert (answer["payment_number"], answer["total"], answer["credit"]) == ("PAY-00012", "10.00", "10.00")
