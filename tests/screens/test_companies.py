"""Companies on screen: the list, the account with its statement, terms and contacts (R-2, R-7, R-16, R-27)."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.company import CompanyStatus
from domain.events import Act
from domain.roles import BuyerRight
from domain.terms import DueFrom, Terms
from domain.use_cases.issue_credit_memo import ApplyTo, FromInvoice, Wanted
from domain.use_cases.write_off import GivenUp
from domain.write_off import WriteOffReason
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_buyer,
    a_company,
    a_payment,
    an_invoice,
    an_order,
    eur,
    finance,
    store_day,
    usd,
)
from tests.screens.kit import FIONA, PUBLIC, SAM, VERA, Office, Page

PAGE = f"/companies/{NORTHWIND}"


@pytest.fixture
def year(office: Office) -> None:
    """An invoice of January, half paid in February, a credit memo and a write-off today; and 90 euros."""
    with office.work() as work:
        work.companies.put_buyers([a_buyer(1, NORTHWIND)])
    first = office.invoice(an_invoice(usd(200_00), "INV-1", issued_on=date(2026, 1, 5), due_on=date(2026, 2, 4)))
    check = a_payment("PAY-1", effective_on=date(2026, 2, 10), memo="Check 7")
    office.payment(usd(120_00), [(first, usd(100_00))], check)
    wanted = Wanted(FromInvoice(first.id, {0: Decimal("0.1")}), ApplyTo.INVOICE, "Damaged")
    office.portal.issue_credit_memo(finance(office.north.id), wanted)
    given_up = GivenUp(usd(30_00), WriteOffReason.DISPUTE)
    office.portal.write_off(finance(office.north.id), first.id, given_up)
    office.invoice(an_invoice(eur(90_00), "INV-2", issued_on=date(2026, 1, 7), due_on=date(2026, 1, 7)))


def names(page: Page) -> list[str]:
    return [head.all("a")[0].text for head in page.root.all("th", class_="at-title")]


def test_the_list_says_what_is_owed_and_who_cannot_see_or_pay(office: Office, year: None) -> None:
    """R-16, R-27: per currency, never across; each flag with its reason."""
    view_only = frozenset({BuyerRight.VIEW, BuyerRight.DETAIL})
    with office.work() as work:
        work.companies.put([a_company(13, "Eastgate", status=CompanyStatus.INACTIVE)])
        work.companies.put_buyers([a_buyer(2, SOUTHSIDE, rights=view_only)])
    vera = office.sign_in(VERA)

    page = vera.get("/companies", sort="-open")
    rows = dict(zip(names(page), page.rows, strict=True))

    assert names(page)[0] == "Northwind Traders"
    northwind = rows["Northwind Traders"]
    assert "€90.00" in northwind
    assert "$50.00" in northwind
    assert "$20.00" in northwind
    assert "10 Feb" in northwind
    assert "Cannot pay online" not in northwind
    assert "No buyer of it may pay invoices" in rows["Southside Fabrication"]
    assert "Nobody can open invoices" not in rows["Southside Fabrication"]
    assert "Nobody can open invoices" in rows["Eastgate"]
    assert names(vera.get("/companies", view="nobody_can_open")) == ["Eastgate"]
    assert names(vera.get("/companies", q="SOUTH")) == ["Southside Fabrication"]
    assert "No companies match" in vera.get("/companies", q="zzz").text


def test_a_statement_adds_up_on_screen_and_in_csv(office: Office, year: None) -> None:
    """R-2: opening + groups = closing, which is what is owed less available credit; R-3: no word of a write-off."""
    fiona = office.sign_in(FIONA)
    today = store_day()

    page = fiona.get(PAGE, currency="USD", **{"from": "2026-02-01"})

    assert {label: amount for label, amount in page.totals.items() if not label.startswith(("Opening", "Closing"))} == {
        "Credits": "−$20.00",
        "Receipts": "−$120.00",
        "Adjustments": "−$30.00",
    }
    assert page.totals["Opening balance on 1 Feb 2026"] == "$200.00"
    assert [amount for label, amount in page.totals.items() if label.startswith("Closing")] == ["$30.00"]
    assert "written" not in page.root.one(id="account").text.lower()
    assert "Adjustment of INV-1" in page.text
    address = page.root.one("a", href=_csv_link(page))["href"]
    sheet = list(csv.DictReader(io.StringIO(fiona.get(address).source.removeprefix("\ufeff"))))
    assert [(row["charge"], row["payment"], row["balance"]) for row in sheet] == [
        ("", "", "200.00"),
        ("", "120.00", "80.00"),
        ("", "20.00", "60.00"),
        ("", "30.00", "30.00"),
        ("", "", "30.00"),
    ]
    assert (sheet[1]["date"], sheet[1]["reference"], sheet[-1]["date"]) == ("2026-02-10", "Check 7", today.isoformat())


def _csv_link(page: Page) -> str:
    return next(link["href"] for link in page.root.all("a") if "statement.csv" in link.get("href"))


def test_a_statement_can_be_printed_and_is_a_pdf(office: Office, year: None) -> None:
    """The same lines and sums as on screen; a range that ends before it begins is refused in words."""
    fiona = office.sign_in(FIONA)
    days = {"from": "2026-02-01", "to": "2026-03-01", "currency": "USD"}

    printed = fiona.get(PAGE + "/statement/print", **days)
    pdf = fiona.client.get(PAGE + "/statement/pdf", base_url=PUBLIC, query_string=days)

    for words in ("Statement of account", "Payment PAY-1 · Check 7", "$80.00", "Opening balance on 1 Feb 2026"):
        assert words in printed.text
    assert (pdf.status_code, pdf.mimetype, pdf.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert "ends before it begins" in fiona.get(PAGE + "/statement/print", **{**days, "from": "2026-04-01"}).text


def test_the_statement_on_screen_is_sent_to_the_company(office: Office, year: None) -> None:
    fiona = office.sign_in(FIONA)
    page = fiona.get(PAGE, currency="USD", **{"from": "2026-02-01", "to": "2026-03-01"})
    action = page.root.one("form", class_="send")["action"]

    done = fiona.follow(fiona.post(action))

    assert "Statement sent to 1 address." in done.flash
    assert "Opening balance on 1 Feb 2026" in done.text
    assert office.sign_in(VERA).get(PAGE).root.all("form", class_="send") == []


def test_no_text_of_a_statement_is_a_formula(office: Office) -> None:
    """T-24."""
    office.payment(usd(5_00), payment=a_payment(memo="=HYPERLINK(1)", effective_on=date(2026, 3, 3)))
    found = office.sign_in(FIONA).get(PAGE + "/statement.csv", **{"from": "2026-03-01", "to": "2026-03-31"})

    assert "'=HYPERLINK(1)" in found.source


def test_aging_is_by_due_date_as_of_any_day(office: Office, year: None) -> None:
    """R-2: credit is a negative column of its own."""
    fiona = office.sign_in(FIONA)

    def row(as_of: str) -> str:
        page = fiona.get(PAGE, as_of=as_of)
        return next(line.text for line in page.root.one(id="ages").all("tr") if line.text.startswith("USD"))

    assert row("2026-01-20") == "USD $200.00 none none none none none $200.00"
    assert row("2026-03-01") == "USD none $100.00 none none none −$20.00 $80.00"
    assert row(store_day().isoformat()) == "USD none none none none $50.00 −$20.00 $30.00"


def test_what_the_list_shows_can_be_exported(office: Office, year: None) -> None:
    fiona = office.sign_in(FIONA)

    form = fiona.get("/companies", view="owing").form("/companies/export?view=owing")
    sheet = fiona.post(form["action"], {**form.fields(), "form": "csv"}).source

    assert "Northwind Traders" in sheet
    assert "Southside" not in sheet


def test_the_tabs_show_invoices_payments_and_buyers_with_their_rights(office: Office, year: None) -> None:
    fiona = office.sign_in(FIONA)

    assert "INV-1" in fiona.get(PAGE, tab="invoices").text
    paid = fiona.get(PAGE, tab="payments").text
    assert "PAY-1" in paid
    assert "CM-00001" in paid
    assert "see invoices, open invoices, see the payment history" in fiona.get(PAGE, tab="buyers").text
    wrong = fiona.get(PAGE, **{"from": "2026-03-02", "to": "2026-03-01"})
    assert "The statement ends before it begins" in wrong.text


def test_new_terms_count_for_new_invoices_only(office: Office, year: None) -> None:
    """R-7, S36: the screen shows whose terms count; existing invoices keep their due date."""
    fiona = office.sign_in(FIONA)
    before = office.sign_in(SAM).get("/invoices", status="all").rows
    form = fiona.get(PAGE + "/edit").form(PAGE + "/terms").fields()

    done = fiona.follow(fiona.post(PAGE + "/terms", {**form, "terms": "day", "day": "15", "months": "1"}))
    office.order(an_order(1160))
    made = office.booked(office.portal.create_invoice(finance(office.north.id), 1160).invoice_id)

    assert "Terms of Northwind Traders saved" in done.flash
    assert "Agreed with this company" in done.text
    assert (made.content.due_from, made.content.due_on.day) == (DueFrom.COMPANY_TERMS, 15)
    assert office.sign_in(SAM).get("/invoices", status="all", q="INV-1").rows == [
        one for one in before if "INV-1" in one
    ]
    fiona.post(PAGE + "/terms", {"terms": ""})
    with office.read() as work:
        assert work.companies.get(NORTHWIND).terms is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"terms": "net", "days": "999"}, "days"),
        ({"terms": "net", "days": "a"}, "days"),
        ({"terms": "day", "day": "32", "months": "1"}, "day"),
        ({"terms": "never"}, "terms"),
    ],
)
def test_terms_that_are_none_are_refused_at_their_field(office: Office, typed: dict[str, str], field: str) -> None:
    page = office.sign_in(FIONA).post(PAGE + "/terms", typed)

    assert (page.status, list(page.errors)) == (400, [field])
    with office.read() as work:
        assert work.companies.get(NORTHWIND).terms == Terms.net(30)


def test_billing_contacts_are_edited_as_a_list(office: Office) -> None:
    """R-27."""
    fiona = office.sign_in(FIONA)

    wrong = fiona.post(PAGE + "/contacts", {"contacts": "ap@n.example\nnobody"})
    done = fiona.follow(fiona.post(PAGE + "/contacts", {"contacts": "ap@n.example; cfo@n.example"}))

    assert (wrong.status, wrong.errors) == (400, {"contacts": "input_invalid"})
    assert "nobody" in wrong.root.one("textarea").text
    assert "2 billing contacts saved." in done.flash
    assert "cfo@n.example" in done.root.one(id="details").text


def test_a_closed_period_is_said_and_late_documents_too(office: Office) -> None:
    """R-2: an invoice of January in a store closed through February posts on 1 March and says so."""
    closed = date(2026, 2, 28)
    with office.work() as work:
        work.notes.put_settings(replace(work.notes.settings(), closed_through=closed))
        late = an_invoice(usd(10_00), "INV-9", issued_on=date(2026, 1, 5))
        work.invoices.add(late)
        work.book(
            finance(work.store.id),
            Act("invoice.created", "invoice", late.id),
            late.issue(on=closed + timedelta(days=1)),
        )
    fiona = office.sign_in(FIONA)

    march = fiona.get(PAGE, **{"from": "2026-01-01", "to": "2026-03-31"})
    february = fiona.get(PAGE, **{"from": "2026-01-01", "to": "2026-02-28"})

    assert "Dated 5 Jan 2026, posted on the first open day" in march.text
    assert "The books are closed through 28 Feb 2026" in march.text
    assert "Final: the books are closed through 28 Feb 2026" in february.text
    assert "Nothing happened" in february.text
