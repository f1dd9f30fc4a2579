"""Documents as PDF and as a page to print, read back as a reader would."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader

from domain.events import Act
from domain.file import PNG, FileHead, Purpose
from domain.ids import new_id
from domain.invoice import CostKind, CostLine, Invoice, Line
from domain.money import Money
from domain.price import UnitPrice
from domain.store import Letterhead
from tests.builders import (
    A_PNG,
    a_content,
    a_credit_memo,
    a_payment,
    an_invoice,
    finance,
    given_credit_memo,
    given_logo,
    usd,
)
from tests.screens.kit import FIONA, VERA, Office, Page

LETTERHEAD = Letterhead(
    accent="#0B6E4F",
    tax_ids=("VAT ID US-77",),
    remit_to=("North Supplies", "PO Box 12"),
    bank_details={"USD": ("First Bank of Oregon", "Routing 123456789"), "EUR": ("Sparkasse Nord",)},
    payment_reference="Quote the invoice number.",
    terms_text="Goods stay ours until paid.\nInterest 1.5% a month.",
)
HOSTILE = '#panic("x") $x$ *b* \\ @ref <label> // `raw` {[()]} <script>alert(1)</script>'


def with_letterhead(office: Office, letterhead: Letterhead = LETTERHEAD, **changes: object) -> None:
    with office.work() as work:
        settings = replace(work.notes.settings(), letterhead=letterhead, seller_address=("1 Harbour Road",), **changes)
        work.notes.put_settings(settings)


def words(page: Page) -> str:
    """The text of a PDF, its white space as single blanks."""
    assert (page.status, page.headers["Content-Type"]) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(page.bytes))
    return " ".join(" ".join(one.extract_text() for one in reader.pages).split())


def a_long_invoice(lines: int) -> Invoice:
    content = a_content(usd(100_00), po_number="PO-77", notes="Call before delivery.")
    line = Line("Hex bolts", Decimal(2), UnitPrice(Decimal("12.345")), usd(24_69), sku="HB")
    many = tuple(replace(line, description=f"Hex bolts {number}") for number in range(lines))
    tax = CostLine(CostKind.TAX, "Sales tax", usd(2_04), Decimal("8.25"))
    return an_invoice(number="INV-77777", content=replace(content, lines=many, cost_lines=(tax,)), order_id=1160)


def test_an_invoice_says_on_paper_what_is_owed_and_how_to_pay(office: Office) -> None:
    """R-27: tax ids, remit-to, bank details of the invoice's currency, reference, tax per rate, terms."""
    with_letterhead(office)
    invoice = office.invoice(a_long_invoice(1))
    page = office.sign_in(VERA).get(f"/invoices/{invoice.id}/pdf")

    text = words(page)
    assert (
        page.headers["Content-Disposition"] == "attachment; filename=\"INV-77777.pdf\"; filename*=UTF-8''INV-77777.pdf"
    )
    for said in (
        "Invoice INV-77777", "Supplies north1", "1 Harbour Road", "VAT ID US-77", "Bill to", "Northwind Traders",
        "Issued 14 Aug 2026", "Due 13 Sep 2026", "Net 30", "PO-77", "1160", "Cost centre", "4711",
        "HB Hex bolts 0 2 $12.345 $24.69", "Sales tax 8.25% $24.69 $2.04", "Total $26.73", "Balance $26.73",
        "Send checks to", "PO Box 12", "First Bank of Oregon", "Quote the invoice number.", "Call before delivery.",
        "Goods stay ours until paid.", "Interest 1.5% a month.", "Page 1 of 1",
    ):  # fmt: skip
        assert said in text, said
    assert "Sparkasse" not in text
    assert "Copy, not a tax document" not in text


def test_terms_and_conditions_of_the_settings_stand_on_the_pdf(office: Office) -> None:
    invoice = office.invoice()
    browser = office.sign_in(FIONA)
    assert "Terms and conditions" not in words(browser.get(f"/invoices/{invoice.id}/pdf"))

    with_letterhead(office)

    assert "Terms and conditions Goods stay ours until paid." in words(browser.get(f"/invoices/{invoice.id}/pdf"))


def test_what_is_settled_stands_on_the_paper_and_a_paid_invoice_asks_for_nothing(office: Office) -> None:
    """Nobody is told how to pay what is paid."""
    with_letterhead(office)
    invoice = office.invoice(an_invoice(usd(100_00)))
    office.payment(usd(100_00), [(invoice, usd(100_00))])

    text = words(office.sign_in(VERA).get(f"/invoices/{invoice.id}/pdf"))

    assert "Paid −$100.00 Balance $0.00" in text
    assert "Send checks to" not in text


def test_many_lines_run_over_pages_with_the_head_repeated(office: Office) -> None:
    invoice = office.invoice(a_long_invoice(90))

    page = office.sign_in(VERA).get(f"/invoices/{invoice.id}/pdf")

    pages = [" ".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(page.bytes)).pages]
    assert len(pages) >= 3
    for number, text in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in text
        assert "INV-77777" in text
        assert ("Description" in text) == ("Hex bolts" in text)
    assert all(f"Hex bolts {number} " in " ".join(pages) for number in range(90))


def test_nothing_a_person_wrote_is_read_as_markup(office: Office) -> None:
    """T-33, for PDF and print: what looks like code is text."""
    with_letterhead(office, Letterhead(terms_text=HOSTILE, tax_ids=(HOSTILE,), payment_reference=HOSTILE))
    content = replace(a_content(usd(100_00), notes=HOSTILE, po_number=HOSTILE), extra_fields={HOSTILE: HOSTILE})
    content = replace(content, lines=(replace(content.lines[0], description=HOSTILE, sku=HOSTILE),), terms_text=HOSTILE)
    invoice = office.invoice(an_invoice(content=content))
    browser = office.sign_in(VERA)

    text = words(browser.get(f"/invoices/{invoice.id}/pdf")).replace("\u200b", "")
    printed = browser.get(f"/invoices/{invoice.id}/print")

    assert text.count('#panic("x")') >= 7
    assert "<script>alert(1)</script>" in "".join(text.split())
    assert "<script>alert" not in printed.source
    assert printed.text.count('#panic("x")') >= 7


def test_the_erp_s_own_pdf_is_served_and_ours_says_it_is_a_copy(office: Office) -> None:
    """R-27."""
    with_letterhead(office)
    invoice = office.invoice()
    with office.work() as work:
        head = FileHead(new_id(), "invoice", invoice.id, Purpose.OFFICIAL, "RE 4711.pdf", "application/pdf")
        work.files.put(head, [b"%PDF-1.7 of the ERP"])
    browser = office.sign_in(VERA)

    official = browser.get(f"/invoices/{invoice.id}/pdf")
    ours = browser.get(f"/invoices/{invoice.id}/pdf", copy="ours")

    assert official.bytes == b"%PDF-1.7 of the ERP"
    assert "RE 4711.pdf" in official.headers["Content-Disposition"]
    assert official.headers["X-Content-Type-Options"] == "nosniff"
    assert "Copy, not a tax document" in words(ours)
    assert "Copy, not a tax document" in browser.get(f"/invoices/{invoice.id}/print").text


def test_void_is_the_first_thing_a_void_invoice_says_and_a_deleted_one_is_no_document(office: Office) -> None:
    void, deleted = office.invoice(), office.invoice()
    with office.work() as work:
        locked = work.invoices.locked([void.id, deleted.id])
        movements = [*locked[void.id].void(work.today()), *locked[deleted.id].delete(work.today())]
        for one in locked.values():
            work.invoices.save(one)
        work.book(finance(office.north.id), Act("invoice.voided", "invoice", void.id), movements)
    browser = office.sign_in(VERA)

    assert "Void" in words(browser.get(f"/invoices/{void.id}/pdf"))
    assert browser.get(f"/invoices/{deleted.id}/pdf").status == 404


def test_the_logo_is_on_the_paper_and_a_broken_one_keeps_nobody_waiting(office: Office) -> None:
    invoice = office.invoice()
    browser = office.sign_in(VERA)
    for content, has_picture in ((A_PNG, True), (A_PNG[:20] + b"broken", False)):
        with office.work() as work:
            given_logo(work, content)

        page = browser.get(f"/invoices/{invoice.id}/pdf")

        assert "Balance" in words(page)
        assert bool(PdfReader(io.BytesIO(page.bytes)).pages[0].images) is has_picture
        assert browser.get("/logo").headers["Content-Type"] == PNG

    with_letterhead(office, replace(LETTERHEAD, logo_id=new_id()))
    assert browser.get("/logo").status == 404
    assert browser.get(f"/invoices/{invoice.id}/pdf").status == 200


@pytest.mark.parametrize("kind", ["pdf", "print"])
def test_a_receipt_says_what_was_received_and_what_it_was_applied_to(office: Office, kind: str) -> None:
    invoice = office.invoice(an_invoice(usd(100_00), "INV-00041"))
    payment = office.payment(usd(60_00), [(invoice, usd(50_00))], a_payment("PAY-00009"))

    page = office.sign_in(VERA).get(f"/payments/{payment.id}/{kind}")

    text = " ".join((words(page) if kind == "pdf" else page.text).split())
    for said in (
        "Receipt", "PAY-00009", "Received from", "Northwind Traders", "20 Nov 2026", "Check 10442", "INV-00041",
        "$50.00", "Amount received $60.00", "Applied to invoices $50.00", "Available credit $10.00",
    ):  # fmt: skip
        assert said in text, said


@pytest.mark.parametrize("kind", ["pdf", "print"])
def test_a_credit_memo_names_what_it_corrects(office: Office, kind: str) -> None:
    invoice = office.invoice(an_invoice(usd(100_00), "INV-00042"))
    with office.work() as work:
        memo = a_credit_memo("CM-00003", invoice_id=invoice.id, content=a_content(usd(30_00)))
        given_credit_memo(work, usd(30_00), [(work.invoices.locked([invoice.id])[invoice.id], usd(20_00))], memo)

    page = office.sign_in(VERA).get(f"/credit-memos/{memo.id}/{kind}")

    text = " ".join((words(page) if kind == "pdf" else page.text).split())
    for said in ("Credit memo", "CM-00003", "INV-00042", "Hex bolts M8", "Credit $30.00", "Available credit $10.00"):
        assert said in text, said


def test_papers_are_written_in_the_language_and_date_format_of_the_settings(office: Office) -> None:
    with_letterhead(office, language="de", date_format="iso")
    invoice = office.invoice(an_invoice(Money(1234_50, "EUR")))

    text = words(office.sign_in(VERA).get(f"/invoices/{invoice.id}/pdf"))

    assert "2026-08-14" in text
    assert "1.234,50" in text
    assert "Sparkasse Nord" in text


def test_the_same_document_gives_the_same_bytes(office: Office) -> None:
    invoice = office.invoice()
    browser = office.sign_in(VERA)

    assert browser.get(f"/invoices/{invoice.id}/pdf").bytes == browser.get(f"/invoices/{invoice.id}/pdf").bytes


@pytest.mark.parametrize("kind", ["pdf", "print"])
def test_a_statement_adds_up_on_paper(office: Office, kind: str) -> None:
    """R-2: opening + lines = closing, in the currency and range asked for."""
    with_letterhead(office)
    invoice = office.invoice(an_invoice(usd(100_00), "INV-00041"))
    office.payment(usd(60_00), [(invoice, usd(60_00))], a_payment("PAY-00009"))
    place = f"/companies/{invoice.company_id}/statement/{kind}"
    query = {"currency": "USD", "from": "2026-09-01", "to": "2026-11-30"}

    page = office.sign_in(VERA).get(place, **query)

    text = " ".join((words(page) if kind == "pdf" else page.text).split())
    for said in (
        "Statement of account", "Northwind Traders", "1 Sep 2026", "30 Nov 2026",
        "Opening balance on 1 Sep 2026 $100.00", "20 Nov 2026 Payment PAY-00009", "Receipts −$60.00",
        "Closing balance on 30 Nov 2026 $40.00", "First Bank of Oregon",
    ):  # fmt: skip
        assert said in text, said
    assert "INV-00041" not in text
    for hostile in ({"to": "0001-01-01"}, {"from": "x", "to": "9999-12-31"}, {"currency": "XXX"}):
        assert office.sign_in(VERA).get(place, **hostile).status == 200
