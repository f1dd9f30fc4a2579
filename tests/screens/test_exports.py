"""Exports from the lists: what the address chooses, whole, at once or by way of a worker."""

import csv
import io
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from tests.builders import SOUTHSIDE, a_payment, an_invoice, an_order, eur, usd
from tests.screens.kit import FIONA, OWN_FORM, SAM, VERA, Browser, Office, Page


def export(browser: Browser, page: Page, form: str = "csv") -> Page:
    """Presses the button of a list."""
    (found,) = [one for one in page.root.all("form", method="post") if "/export" in one["action"]]
    assert found.one("button", value=form)["name"] == "form"
    return browser.open("POST", found["action"], {"csrf": browser.csrf, "form": form}, OWN_FORM)


def rows_of(page: Page) -> list[dict[str, str]]:
    assert (page.status, page.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    return list(csv.DictReader(io.StringIO(page.bytes.decode(), newline="")))


def test_the_invoices_of_the_filter_are_exported_as_csv(office: Office) -> None:
    """S16: the rows of the list's address, on all of its pages; numbers plain, days in ISO 8601, nothing a formula."""
    for number in range(27):
        office.invoice(an_invoice(usd(1234_50 + number), f"INV-{number:05d}", po_number="=cmd|' /C calc'!A0"))
    office.invoice(an_invoice(usd(1), "OTHER-1", company_id=SOUTHSIDE, company_name="Southside Fabrication"))
    paid = office.invoice(an_invoice(usd(50_00), "INV-99999"))
    office.payment(usd(50_00), [(paid, usd(50_00))])
    browser = office.sign_in(VERA)

    page = browser.get("/invoices?status=unpaid&company=11&sort=number")
    made = export(browser, page)

    rows = rows_of(made)
    assert "Export 27 rows" in page.text
    assert made.headers["Content-Disposition"].startswith('attachment; filename="invoices-20')
    assert [row["Number"] for row in rows] == [f"INV-{number:05d}" for number in range(27)]
    assert rows[1] | {"Days late": ""} == {
        "Number": "INV-00001", "Source": "Manual", "Company": "Northwind Traders", "Company ID": "11", "Order": "",
        "PO number": "'=cmd|' /C calc'!A0", "Issued": "2026-08-14", "Due": "2026-09-13", "Days late": "",
        "Currency": "USD", "Total": "1234.51", "Paid": "0.00", "Balance": "1234.51", "Status": "Open", "Closed by": "",
    }  # fmt: skip
    assert int(rows[1]["Days late"]) > 0


@pytest.mark.parametrize("form", ["csv_bom", "xlsx"])
def test_excel_gets_its_mark_or_a_workbook(office: Office, form: str) -> None:
    office.invoice(an_invoice(usd(100_00), "INV-00001", po_number="+1"))
    browser = office.sign_in(VERA)

    made = export(browser, browser.get("/invoices"), form)

    if form == "csv_bom":
        assert made.bytes.startswith(b"\xef\xbb\xbfNumber,")
        return
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(made.bytes)).get_sheet_by_index(0).to_python()
    assert dict(zip(head, row, strict=True)) | {"Days late": 0} == {
        "Number": "INV-00001", "Source": "Manual", "Company": "Northwind Traders", "Company ID": 11, "Order": "",
        "PO number": "+1", "Issued": row[6], "Due": row[7], "Days late": 0, "Currency": "USD", "Total": 100,
        "Paid": 0, "Balance": 100, "Status": "Open", "Closed by": "",
    }  # fmt: skip
    assert str(row[6]) == "2026-08-14"


def test_payments_and_orders_are_exported_by_their_own_filters(office: Office) -> None:
    invoice = office.invoice(an_invoice(usd(100_00), "INV-00007"))
    office.payment(usd(60_00), [(invoice, usd(50_00))], a_payment("PAY-00001", memo="@SUM(A1)"))
    office.payment(usd(10_00), [], a_payment("PAY-00002", memo="Check 7"))
    office.order(an_order(1160))
    office.order(an_order(1161, company_id=SOUTHSIDE))
    office.order(an_order(11610, placed_at=an_order().placed_at.replace(year=2025)))
    browser = office.sign_in(VERA)

    (payment,) = rows_of(export(browser, browser.get("/payments?q=PAY-00001")))
    (order,) = rows_of(export(browser, browser.get("/orders?state=all&q=1161")))

    assert payment["Memo"] == "'@SUM(A1)"
    assert (payment["Amount"], payment["Applied"], payment["Available"]) == ("60.00", "50.00", "10.00")
    assert (payment["Received"], payment["Status"], payment["Invoices"]) == ("2026-11-20", "Completed", "INV-00007")
    assert (order["Order"], order["Total"], order["Currency"]) == ("1161", "122.50", "USD")
    assert order["Placed"].startswith("2026-11-01T0")


def test_a_large_list_goes_through_a_worker_to_a_page_with_its_file(office: Office) -> None:
    for number in range(3):
        office.invoice(an_invoice(usd(100_00), f"INV-{number:05d}"))
    portal = replace(office.portal, export_list=replace(office.portal.export_list, at_once=2))
    office.app.extensions["portal"] = portal
    browser = office.sign_in(FIONA)

    waiting = browser.follow(export(browser, browser.get("/invoices?sort=number")))
    assert "Waiting for a worker" in waiting.text
    office.portal.work_through(office.north.id, "outbox")

    (link,) = [one for one in browser.get("/exports").root.all("a") if "Download" in one.text]
    fetched = browser.get(link["href"])
    assert [row["Number"] for row in rows_of(fetched)] == ["INV-00000", "INV-00001", "INV-00002"]
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert "3 rows" in browser.get(link["href"].removesuffix("/file")).text
    assert [one for mail in office.world.mailer.sent for one in mail.to if "export" in mail.subject] == [
        "user3@north1.example"
    ]


def test_exports_are_empty_at_first_and_say_what_comes_here(office: Office) -> None:
    assert "No exports yet" in office.sign_in(SAM).get("/exports").text


def test_a_form_nobody_offered_is_refused(office: Office) -> None:
    browser = office.sign_in(SAM)

    assert browser.post("/invoices/export", {"form": "exe"}).status == 400


def test_companies_are_exported_a_line_per_currency(office: Office) -> None:
    office.invoice(an_invoice(usd(100_00)))
    office.invoice(an_invoice(eur(40_00)))
    browser = office.sign_in(VERA)

    rows = rows_of(export(browser, browser.get("/companies?sort=name")))

    assert [(row["Company"], row["Currency"], row["Open balance"]) for row in rows] == [
        ("Northwind Traders", "EUR", "40.00"),
        ("Northwind Traders", "USD", "100.00"),
        ("Southside Fabrication", "", ""),
    ]


def test_the_audit_log_is_exported_to_those_who_may_see_it(office: Office) -> None:
    office.invoice(an_invoice(usd(100_00), "INV-00001"))
    browser = office.sign_in(FIONA)

    made = export(browser, browser.get("/audit?area=invoices"), "xlsx")

    head, row = CalamineWorkbook.from_filelike(io.BytesIO(made.bytes)).get_sheet_by_index(0).to_python()
    act = dict(zip(head, row, strict=True))
    assert (act["Act"], act["Thing"], act["Who"]) == ("invoice.created", "INV-00001", "fiona@example.com")
    assert office.sign_in(SAM).post("/audit/export", {"form": "csv"}).code == "not_allowed"
