"""The ERP pushes invoices: as stated, once, with what was paid elsewhere (R-5 to R-7, R-11 to R-13, I-9)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.errors import (
    AlreadyInvoiced,
    CompanyUnknown,
    DoesNotAddUp,
    InputInvalid,
    MixedCurrencies,
    NotAllowed,
    NotEditable,
    NumberTaken,
    SkippedDeleted,
)
from domain.invoice import CostKind, CostLine, Line, Source, Status
from domain.money import Money
from domain.payment import Method, PaymentStatus
from domain.price import UnitPrice
from domain.terms import DueFrom, Terms
from domain.use_cases.edit_invoice import Edit
from tests.builders import ISSUED, NORTHWIND, SOUTHSIDE, a_company, a_line, an_order, eur, finance, jpy, sales, usd
from tests.use_cases.importing import a_document, erp, push


def of(trade, imported):
    return trade.read(imported.invoice_id)


# --- new ----------------------------------------------------------------------------------------------
def test_a_pushed_invoice_stands_as_the_erp_stated_it(trade):
    imported = push(trade, po_number="4500017", extra_fields={"Plant": "0001"})

    invoice = of(trade, imported)
    assert (imported.outcome, imported.findings) == ("created", ())
    assert (invoice.source, invoice.number, invoice.external_id) == (Source.ERP, "ERP-9", "SAP-9")
    assert (invoice.total, invoice.status, invoice.content.issued_on) == (usd(100_00), Status.OPEN, ISSUED)
    assert (invoice.content.po_number, invoice.content.extra_fields) == ("4500017", {"Plant": "0001"})


@pytest.mark.parametrize("reference", [str(NORTHWIND), f" {NORTHWIND} ", "C-11"])
def test_a_company_is_named_by_its_id_or_the_erps(trade, reference):
    assert of(trade, push(trade, company_ref=reference)).company_id == NORTHWIND


@pytest.mark.parametrize("reference", ["", "999", "C-99", "１１", "11.0", "9" * 30])
def test_an_unknown_company_is_refused(trade, reference):
    """R-15."""
    with pytest.raises(CompanyUnknown):
        push(trade, company_ref=reference)


def test_an_erp_id_of_two_companies_names_none(trade):
    with trade.work() as work:
        work.companies.put([a_company(SOUTHSIDE, "Southside Fabrication", external_id="C-11")])
        work.commit()

    with pytest.raises(CompanyUnknown):
        push(trade, company_ref="C-11")


def test_a_number_is_given_once_in_its_space(trade):
    """R-5: our own INV-00001 and another legal entity's are other spaces."""
    trade.invoice(number="INV-00001")
    push(trade, number="INV-00001")
    push(trade, number="INV-00001", number_space="de01", external_id="DE-1")

    with pytest.raises(NumberTaken):
        push(trade, number="INV-00001", external_id="SAP-10")


@pytest.mark.parametrize(
    ("stated", "due", "due_from"),
    [(date(2026, 9, 1), date(2026, 9, 1), DueFrom.STATED), (None, date(2026, 9, 13), DueFrom.COMPANY_TERMS)],
)
def test_a_stated_due_date_wins_over_terms(trade, stated, due, due_from):
    """R-7."""
    content = of(trade, push(trade, due_on=stated)).content

    assert (content.due_on, content.due_from) == (due, due_from)


def test_only_who_may_import_does(trade):
    with pytest.raises(NotAllowed):
        trade.portal.import_invoice(replace(erp(), rights=frozenset()), a_document())


# --- amounts ------------------------------------------------------------------------------------------
def test_a_body_without_lines_gets_one(trade):
    """R-6."""
    tax = CostLine(CostKind.TAX, "Sales tax", usd(8_25))

    (line,) = of(trade, push(trade, lines=(), cost_lines=(tax,))).content.lines

    assert (line.description, line.amount) == ("As per document", usd(91_75))


@pytest.mark.parametrize("off", [1, -1, 2])
def test_a_small_difference_is_a_visible_line_and_a_finding(trade, off):
    """R-6: up to one unit per line."""
    lines = (a_line(usd(60_00)), a_line(usd(40_00), "Nuts"))

    imported = push(trade, usd(100_00 + off), lines=lines)

    (cost,) = of(trade, imported).content.cost_lines
    assert (cost.kind, cost.description, cost.amount) == (CostKind.DIFFERENCE, "Difference to stated total", usd(off))
    assert len(imported.findings) == 1


def test_a_large_difference_is_held_unless_forgiven(trade):
    """R-6: `/ip` accepts and flags."""
    with pytest.raises(DoesNotAddUp):
        push(trade, lines=(a_line(usd(90_00)),))

    imported = push(trade, lines=(a_line(usd(90_00)),), forgive=True)

    assert of(trade, imported).total == usd(100_00)
    assert len(imported.findings) == 1


def test_a_line_is_taken_as_stated_and_found(trade):
    """R-6."""
    line = Line("Bolts", Decimal(3), UnitPrice(Decimal("33.00")), usd(100_00))

    assert "Bolts" in push(trade, lines=(line,)).findings[0]


def test_due_before_issue_is_found(trade):
    """R-7."""
    assert push(trade, due_on=date(2026, 8, 1)).findings == ("The due date lies before the issue date.",)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"total": usd(-1), "lines": (a_line(usd(-1)),)}, InputInvalid),
        ({"lines": (a_line(eur(100_00)),)}, MixedCurrencies),
        ({"currency": "EUR"}, MixedCurrencies),
        ({"cost_lines": (CostLine(CostKind.TAX, "Tax", eur(0)),)}, MixedCurrencies),
    ],
    ids=["negative", "line in euro", "total in dollars", "tax in euro"],
)
def test_amounts_that_cannot_be_booked_are_refused(trade, changes, refusal):
    """R-4, I-14."""
    total = changes.pop("total", usd(100_00))

    with pytest.raises(refusal):
        push(trade, total, **changes)


def test_an_invoice_of_nothing_is_closed(trade):
    """R-3."""
    assert of(trade, push(trade, usd(0))).status is Status.CLOSED


def test_a_late_document_keeps_its_date_and_says_where_it_was_posted(trade):
    """R-2."""
    trade.set(closed_through=date(2026, 8, 31))

    imported = push(trade, amount_due=usd(25_00))

    assert of(trade, imported).content.issued_on == ISSUED
    assert "2026-09-01" in imported.findings[0]
    with trade.work() as work:
        assert {one.effective_on for one in work._data.movements} == {date(2026, 9, 1)}


# --- paid elsewhere -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("due", "status"), [(100_00, Status.OPEN), (25_00, Status.PARTIALLY_PAID), (0, Status.CLOSED)])
def test_what_was_paid_elsewhere_is_settled_at_once(trade, due, status):
    """R-13: outside cash, on the stated payment date."""
    invoice = of(trade, push(trade, amount_due=usd(due), paid_on=date(2026, 8, 20)))

    assert (invoice.balance, invoice.status) == (usd(due), status)
    paid = trade.payments()
    assert [(one.method, one.amount.minor, one.effective_on) for one in paid] == (
        [(Method.ELSEWHERE, 100_00 - due, date(2026, 8, 20))] if due < 100_00 else []
    )
    assert "received" not in [kind for kind, _ in trade.movements()]
    assert [kind for kind, _ in trade.told()] == ["invoice.created"]


def test_more_paid_than_the_total_is_a_paid_invoice_and_a_credit(trade):
    """R-13."""
    imported = push(trade, amount_due=usd(-30_00))

    (payment,) = trade.payments()
    assert of(trade, imported).status is Status.CLOSED
    assert (payment.available, payment.status) == (usd(30_00), PaymentStatus.COMPLETED)
    assert "30.00 USD is available credit" in imported.findings[0]


@pytest.mark.parametrize(
    ("total", "due", "refusal"),
    [(100_00, usd(100_01), InputInvalid), (0, usd(-1), InputInvalid), (100_00, eur(1), MixedCurrencies)],
)
def test_an_amount_due_that_cannot_be_is_refused(trade, total, due, refusal):
    with pytest.raises(refusal):
        push(trade, usd(total), amount_due=due)


def test_yen_are_whole(trade):
    """F-20."""
    assert of(trade, push(trade, jpy(1500), amount_due=jpy(500))).balance == Money(500, "JPY")


# --- orders -------------------------------------------------------------------------------------------
def test_an_order_with_a_portal_invoice_takes_no_second_claim(trade):
    """R-11."""
    trade.sold(an_order())
    mine = trade.create()

    with pytest.raises(AlreadyInvoiced) as refused:
        push(trade, order_id=1160)

    assert refused.value.invoice_id == mine.id


def test_an_erp_may_cite_one_order_many_times(trade):
    """R-11: uniqueness binds portal-made invoices only."""
    push(trade, order_id=1160)

    assert push(trade, order_id=1160, external_id="SAP-10", number="ERP-10").outcome == "created"


# --- again --------------------------------------------------------------------------------------------
def test_pushed_again_unchanged_nothing_happens(trade):
    """I-9."""
    first = push(trade, amount_due=usd(25_00))
    before = (trade.movements(), trade.acts(), trade.read(first.invoice_id).version)

    again = push(trade, amount_due=usd(25_00))

    assert (again.outcome, again.invoice_id) == ("same", first.invoice_id)
    assert (trade.movements(), trade.acts(), trade.read(first.invoice_id).version) == before


def test_quantities_written_otherwise_are_the_same(trade):
    """I-9."""
    push(trade)
    line = replace(a_line(usd(100_00)), quantity=Decimal("1.000"))

    assert push(trade, lines=(line,)).outcome == "same"


def test_changed_terms_move_no_pushed_invoice(trade):
    """R-7."""
    push(trade, due_on=None)
    with trade.work() as work:
        work.companies.put([a_company(terms=Terms.net(60))])
        work.commit()

    again = push(trade, due_on=None)
    changed = push(trade, due_on=None, po_number="4500018")

    assert (again.outcome, changed.outcome) == ("same", "changed")
    content = of(trade, changed).content
    assert (content.due_on, content.terms_text) == (date(2026, 9, 13), "Net 30")


def test_a_changed_push_follows_and_books_the_difference(trade):
    push(trade)

    changed = push(trade, usd(120_00), po_number="4500018")

    invoice = of(trade, changed)
    assert (changed.outcome, invoice.total, invoice.content.po_number) == ("changed", usd(120_00), "4500018")
    assert trade.movements() == [("invoiced", 100_00), ("adjusted", 20_00)]
    assert trade.told()[-1][0] == "invoice.updated"


def test_an_unchanged_push_keeps_an_edit_made_here(trade):
    """R-14: and says so; a changed one overwrites it with audit."""
    imported = push(trade)
    trade.portal.edit_invoice(sales(), imported.invoice_id, Edit(1, po_number="ours"))

    again = push(trade)
    assert (again.outcome, of(trade, again).content.po_number) == ("same", "ours")
    assert "edited" in again.findings[0]
    push(trade, po_number="theirs")

    assert of(trade, again).content.po_number == "theirs"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"company_ref": str(SOUTHSIDE)}, InputInvalid),
        ({"number": "ERP-10"}, InputInvalid),
        ({"total": eur(100_00)}, MixedCurrencies),
        ({"total": usd(-1), "lines": (a_line(usd(-1)),)}, InputInvalid),
    ],
    ids=["company", "number", "currency", "negative"],
)
def test_a_push_cannot_make_it_another_document(trade, changes, refusal):
    """R-15, F-12."""
    imported = push(trade)

    with pytest.raises(refusal):
        push(trade, changes.pop("total", None), **changes)

    assert of(trade, imported).total == usd(100_00)


# --- deleted and void ---------------------------------------------------------------------------------
def test_a_deleted_document_is_skipped_until_it_is_asked_back(trade):
    """R-5."""
    imported = push(trade)
    trade.portal.delete_invoice(sales(), imported.invoice_id)
    with pytest.raises(SkippedDeleted):
        push(trade)

    restored = push(trade, restore=True)

    assert (restored.outcome, of(trade, restored).balance) == ("restored", usd(100_00))


def test_asked_back_it_is_what_the_erp_says_now(trade):
    imported = push(trade)
    trade.portal.delete_invoice(sales(), imported.invoice_id)

    restored = push(trade, usd(80_00), restore=True)

    assert (restored.outcome, of(trade, restored).total) == ("restored", usd(80_00))


def test_a_void_document_stays_void(trade):
    """R-4: asking it back does not help, so nobody is told to."""
    imported = push(trade)
    trade.portal.void_invoice(finance(), imported.invoice_id, "wrong company")

    for restore in (False, True):
        with pytest.raises(NotEditable):
            push(trade, restore=restore)


def test_a_document_is_not_asked_back_onto_an_order_invoiced_since(trade):
    """R-5, R-11."""
    trade.sold(an_order())
    imported = push(trade, order_id=1160)
    trade.portal.delete_invoice(sales(), imported.invoice_id)
    trade.create()

    with pytest.raises(AlreadyInvoiced):
        push(trade, order_id=1160, restore=True)
    with pytest.raises(AlreadyInvoiced):
        trade.portal.restore_invoice(sales(), imported.invoice_id)


# --- silence ------------------------------------------------------------------------------------------
def test_in_opening_mode_imports_are_silent(trade):
    """R-12."""
    trade.set(cut_over=None)

    push(trade)
    push(trade, usd(120_00))
    trade.work_off()

    assert (trade.told(), trade.world.mailer.sent) == ([], [])
