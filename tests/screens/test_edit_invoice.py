"""The edit screen and the invoice from nothing: rows by submit buttons, sums by the code that saves."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest

from domain.invoice import CostKind, CostLine, Invoice, Line, Source, Status
from domain.price import UnitPrice
from domain.terms import DueFrom, Terms
from tests.builders import NORTHWIND, a_company, an_address, an_invoice, eur, finance, usd
from tests.fakes import a_shop_profile
from tests.screens.kit import FIONA, SAM, Browser, Office, Page
from tests.screens.test_invoices import panel

NEW = "/invoices/new"


@pytest.fixture
def today(office: Office) -> date:
    """The store keeps UTC here and takes two currencies."""
    with office.work() as work:
        work.notes.put_profile(a_shop_profile(time_zone="UTC", transactional_currencies=("USD", "EUR")))
        return work.now().date()


def path_of(invoice: Invoice) -> str:
    return f"/invoices/{invoice.id}/edit"


def press(browser: Browser, page: Page, path: str, action: str = "save", **changes: Any) -> Page:
    """Sends the form as it stands, with changes; `remove` is a button of its own."""
    fields = {**page.form(path).fields(), **{name.replace("__", "-"): value for name, value in changes.items()}}
    return browser.post(path, fields if "remove" in changes else {**fields, "action": action})


def edited(browser: Browser, invoice: Invoice, **changes: Any) -> Page:
    path = path_of(invoice)
    return press(browser, browser.get(path), path, **changes)


# --- what can be changed --------------------------------------------------------------------------------------------
def test_every_field_of_an_open_invoice_can_be_changed_and_history_keeps_before_and_after(office: Office) -> None:
    """S18, I-13: lines, charges, dates, terms, PO, addresses, note and extra fields; only what changed is kept."""
    invoice = office.invoice(an_invoice(usd(108_25), "INV-1", tax=8_25, notes="Old note"))
    sam = office.sign_in(SAM)

    done = edited(
        sam,
        invoice,
        line__0__quantity="3",
        line__0__price="50",
        line__0__discount="10",
        cost__0__amount="11.55",
        due_on="2026-12-24",
        terms_text="Net 60",
        po_number="PO-9",
        notes="New note",
        bill__city="Salem",
        ship__0__name="Dock 4",
        extra__0__value="4712",
    )

    page, content = sam.follow(done), office.booked(invoice.id).content
    assert page.flash == "INV-1 saved."
    assert office.booked(invoice.id).total == usd(151_55)
    assert content.lines[0].amount == usd(140_00)
    assert (content.due_on, content.due_from, content.terms_text) == (date(2026, 12, 24), DueFrom.TYPED, "Net 60")
    assert (content.po_number, content.notes, content.billing_address.city) == ("PO-9", "New note", "Salem")
    assert (content.shipping_addresses[0].name, dict(content.extra_fields)) == ("Dock 4", {"Cost centre": "4712"})
    assert content.billing_address.phone == an_address().phone
    kept = {
        row.one("dt").text: row.one("dd").text
        for row in panel(page, "history").one("dl", class_="before-after").all("div")
    }
    assert kept["Total"] == "before: $108.25 after: $151.55"
    assert kept["Due"] == "before: 13 Sep 2026 after: 24 Dec 2026"
    assert kept["Lines"] == (
        "before: Hex bolts M8 (HB-8): 1 x 100 = 100.00 after: Hex bolts M8 (HB-8): 3 x 50 - 10.00 = 140.00"
    )
    assert kept["Note"] == "before: Old note after: New note"
    assert kept["Extra fields"] == "before: Cost centre: 4711 after: Cost centre: 4712"
    assert set(kept) == {
        "Total", "Due", "PO number", "Terms", "Lines", "Charges and taxes", "Bill to", "Ship to", "Note",
        "Extra fields",
    }  # fmt: skip


def test_texts_of_a_change_stand_where_they_can_be_erased(office: Office) -> None:
    """Ground rule 9: the audit row itself names nobody."""
    invoice = office.invoice()
    edited(office.sign_in(SAM), invoice, notes="Ask Bea at home", bill__name="Bea Private")

    with office.read() as work:
        (entry, *_rest) = work.queries.history("invoice", invoice.id)

    assert "Bea" not in str(entry.changes)
    assert entry.texts["notes.after"] == "Ask Bea at home"
    assert "Bea Private" in entry.texts["billing_address.after"]


def test_saving_without_a_change_changes_nothing_on_the_paper(office: Office) -> None:
    """Stated amounts, shares of tax, phone numbers and where the due date came from survive the form (R-6, R-7)."""
    odd = Line(
        "Cable", Decimal("2.5"), UnitPrice(Decimal("0.12345678"), 100), usd(1), discount=None, tax=usd(1), sku="C"
    )
    lines = (odd, Line("Gift", Decimal(1), UnitPrice(Decimal(10)), usd(9_00), discount=usd(1_00)))
    costs = (
        CostLine(CostKind.DISCOUNT, "Loyalty", usd(-50)),
        CostLine(CostKind.TAX, "VAT", usd(1_71), Decimal("19")),
        CostLine(CostKind.DIFFERENCE, "Difference to stated total", usd(-1)),
    )
    paper = an_invoice(usd(10_00), "SAP-1", source=Source.ERP, number_space="erp", external_id="S-1")
    content = replace(paper.content, lines=lines, cost_lines=costs, notes="Line one\nLine two")
    invoice = office.invoice(replace(paper, content=content))

    done = edited(office.sign_in(SAM), invoice)

    assert done.status == 303
    assert office.booked(invoice.id).content == content


@pytest.mark.parametrize("action", ["add_line", "add_cost", "add_extra", "add_ship"])
def test_a_row_is_added_by_a_submit_button_and_nothing_else_is_lost(office: Office, action: str) -> None:
    invoice = office.invoice()
    sam, path = office.sign_in(SAM), path_of(invoice)
    page = sam.get(path)
    before = office.digest("session", "staff")

    more = press(sam, page, path, action, notes="Typed already")

    group = {"add_line": "line", "add_cost": "cost", "add_extra": "extra", "add_ship": "ship"}[action]

    def rows(one: Page) -> set[str]:
        return {name.split("-")[1] for name in one.form(path).fields() if name.startswith(f"{group}-")}

    assert len(rows(more)) == len(rows(page)) + 1
    assert more.form(path).fields()["notes"] == "Typed already"
    assert office.digest("session", "staff") == before


def test_lines_are_added_and_removed_and_the_rest_keeps_its_amount(office: Office) -> None:
    invoice = office.invoice(an_invoice(usd(100_00), "INV-1"))
    sam, path = office.sign_in(SAM), path_of(invoice)

    two = press(sam, sam.get(path), path, "add_line")
    filled = press(
        sam, two, path, "check", line__1__description="Washers", line__1__quantity="1.5", line__1__price="20",
        line__1__base="100",
    )  # fmt: skip
    done = press(sam, filled, path, "save")

    assert panel(filled, "sums").one("dl").text == "Total $100.30 Balance $100.30"
    assert done.status == 303
    assert [line.amount for line in office.booked(invoice.id).content.lines] == [usd(100_00), usd(30)]
    without = press(sam, sam.get(path), path, remove="line-0")
    assert press(sam, without, path, "save").status == 303
    assert [line.description for line in office.booked(invoice.id).content.lines] == ["Washers"]
    assert office.booked(invoice.id).total == usd(30)


def test_terms_chosen_set_the_due_date_until_another_is_typed(office: Office) -> None:
    """R-7."""
    invoice = office.invoice(an_invoice(issued_on=date(2026, 11, 1), due_on=date(2026, 12, 1)))
    sam, path = office.sign_in(SAM), path_of(invoice)

    chosen = press(sam, sam.get(path), path, "check", terms="net:60")
    press(sam, chosen, path, "save", due_on="2027-01-05")

    fields = chosen.form(path).fields()
    assert (fields["due_on"], fields["terms_text"]) == ("2026-12-31", "Net 60")
    assert office.booked(invoice.id).content.due_on == date(2027, 1, 5)
    assert office.booked(invoice.id).content.terms_text == "Net 60"


# --- what is refused ------------------------------------------------------------------------------------------------
def test_the_total_is_never_less_than_what_is_settled(office: Office) -> None:
    """R-15: said at *Check* and again under the lock when it is saved."""
    invoice = office.invoice()
    office.payment(usd(40_00), [(invoice, usd(40_00))])
    sam, path = office.sign_in(SAM), path_of(invoice)

    checked = press(sam, sam.get(path), path, "check", line__0__price="39.99")
    refused = press(sam, sam.get(path), path, "save", line__0__price="39.99")
    allowed = press(sam, sam.get(path), path, "save", line__0__price="40")

    assert (checked.status, checked.errors) == (200, {"lines": "less_than_settled"})
    assert (refused.status, refused.errors) == (409, {"lines": "less_than_settled"})
    assert "$40.00 of" in refused.text
    assert "already settled. The total cannot be less." in refused.text
    assert allowed.status == 303
    assert office.booked(invoice.id).status is Status.CLOSED


WRONG = [
    ({"line__0__quantity": "0"}, "line-0-quantity"),
    ({"line__0__quantity": "two"}, "line-0-quantity"),
    ({"line__0__price": "1e3"}, "line-0-price"),
    ({"line__0__price": "1.123456789"}, "line-0-price"),
    ({"line__0__price": "999999999999", "line__0__quantity": "900"}, "line-0-price"),
    ({"line__0__discount": "1.005"}, "line-0-discount"),
    ({"line__0__description": "", "line__0__quantity": "2"}, "line-0-description"),
    ({"due_on": "soon"}, "due_on"),
    ({"extra__0__name": ""}, "extra-0-name"),
    ({"line__0__price": "-5"}, "lines"),
]


def test_each_wrong_entry_is_refused_at_its_field_and_nothing_is_saved(office: Office) -> None:
    """T-15: kept as typed, quoted, never guessed."""
    invoice = office.invoice()
    sam, path = office.sign_in(SAM), path_of(invoice)
    page = sam.get(path)

    found = [(press(sam, page, path, "save", **changes), changes, field) for changes, field in WRONG]

    assert [list(one.errors) for one, _, _ in found] == [[field] for _, _, field in found]
    assert {one.status for one, _, _ in found} <= {400, 409}
    for one, changes, _ in found:
        fields = one.form(path).fields()
        assert all(fields[name.replace("__", "-")] == value for name, value in changes.items())
    assert office.booked(invoice.id).version == 1


def test_an_invoice_without_any_line_is_refused(office: Office) -> None:
    invoice = office.invoice()
    sam, path = office.sign_in(SAM), path_of(invoice)

    bare = press(sam, sam.get(path), path, remove="line-0")
    refused = press(sam, bare, path, "save")

    assert (refused.status, refused.errors) == (409, {"lines": "input_invalid"})
    assert office.booked(invoice.id).total == usd(100_00)


@pytest.mark.parametrize("state", ["paid", "void"])
def test_what_is_only_viewed_has_no_form_and_takes_none(office: Office, state: str) -> None:
    """I-4, R-25."""
    invoice = office.invoice()
    sam, path = office.sign_in(SAM), path_of(invoice)
    form = sam.get(path)
    if state == "paid":
        office.payment(usd(100_00), [(invoice, usd(100_00))])
    else:
        office.portal.void_invoice(finance(office.north.id), invoice.id, "mistake")

    pages = [sam.get(path), press(sam, form, path, "save", notes="later")]

    assert {(page.status, page.code) for page in pages} == {(409, "not_editable")}
    assert "can only be viewed" in pages[0].text


# --- somebody else was faster -----------------------------------------------------------------------------------------
def test_an_edit_that_crosses_another_is_refused_with_what_the_other_changed(office: Office) -> None:
    """F-10: field by field, with who and before and after; what was typed stays, and saving again is a decision."""
    invoice = office.invoice(an_invoice(usd(100_00), "INV-1", notes="Old"))
    sam, fiona, path = office.sign_in(SAM), office.sign_in(FIONA), path_of(invoice)
    stale = sam.get(path)
    press(fiona, fiona.get(path), path, "save", notes="Hers", line__0__price="120", due_on="2026-10-01")

    refused = press(sam, stale, path, "save", notes="Mine", po_number="PO-5")

    assert refused.status == 409
    assert "Someone changed this invoice while you edited it" in refused.text
    told = {row.one("dt").text: row.one("dd").text for row in refused.root.one("dl", class_="before-after").all("div")}
    assert told == {
        "Total": "before: $100.00 after: $120.00",
        "Due": "before: 13 Sep 2026 after: 1 Oct 2026",
        "Lines": "before: Hex bolts M8 (HB-8): 1 x 100 = 100.00 after: Hex bolts M8 (HB-8): 1 x 120 = 120.00",
        "Note": "before: Old after: Hers",
    }
    assert "user3@north1.example edited this invoice" in refused.text
    assert refused.form(path).fields()["notes"] == "Mine"
    assert office.booked(invoice.id).content.notes == "Hers"

    assert press(sam, refused, path, "save").status == 303
    assert office.booked(invoice.id).content.notes == "Mine"


def test_money_that_came_in_while_one_edited_counts(office: Office) -> None:
    """F-10: a payment is no conflict of texts, but the total must still hold what is settled."""
    invoice = office.invoice()
    sam, path = office.sign_in(SAM), path_of(invoice)
    stale = sam.get(path)
    office.payment(usd(70_00), [(invoice, usd(70_00))])

    assert press(sam, stale, path, "save", line__0__price="60").errors == {"lines": "less_than_settled"}
    assert press(sam, stale, path, "save", line__0__price="90").status == 303
    assert office.booked(invoice.id).balance == usd(20_00)


# --- from nothing ----------------------------------------------------------------------------------------------------
def started(browser: Browser, **query: Any) -> Page:
    return browser.get(NEW, company=NORTHWIND, **query)


def test_an_invoice_is_written_from_nothing(office: Office, today: date) -> None:
    """S14: source Manual, the next number of the series, the due date of the company's terms (R-5, R-7)."""
    with office.work() as work:
        work.companies.put([a_company(terms=Terms.net(45))])
    sam = office.sign_in(SAM)
    choice, page = sam.get(NEW), started(sam)

    done = press(
        sam, page, NEW, "create", line__0__description="Consulting", line__0__quantity="1.5", line__0__price="100",
        po_number="PO-3", notes="Thank you",
    )  # fmt: skip

    shown = sam.follow(done)
    assert "Northwind Traders" in choice.root.one("select", id="company").text
    assert page.form(NEW).fields()["due_on"] == (today + timedelta(days=45)).isoformat()
    assert shown.flash == "Invoice INV-00001 created."
    assert "Manual" in panel(shown, "details").text
    assert "wrote this invoice" in panel(shown, "history").text
    with office.read() as work:
        made = work.invoices.find_number("portal", "INV-00001")
    assert (made.source, made.company_id, made.total, made.balance) == (
        Source.MANUAL,
        NORTHWIND,
        usd(150_00),
        usd(150_00),
    )
    assert (made.content.due_on, made.content.due_from) == (today + timedelta(days=45), DueFrom.COMPANY_TERMS)
    assert (made.content.terms_text, made.content.po_number) == ("Net 45", "PO-3")


def test_other_terms_and_another_currency_can_be_chosen(office: Office, today: date) -> None:
    sam = office.sign_in(SAM)
    page = started(sam, currency="EUR")

    chosen = press(sam, page, NEW, "check", terms="net:7", issued_on=(today - timedelta(days=2)).isoformat())
    done = press(sam, chosen, NEW, "create", line__0__description="Work", line__0__price="20")

    assert done.status == 303
    with office.read() as work:
        made = work.invoices.find_number("portal", "INV-00001")
    assert (made.total, made.content.terms_text) == (eur(20_00), "Net 7")
    assert made.content.due_on == today + timedelta(days=5)
    assert made.content.due_from is DueFrom.TYPED


def test_sending_the_form_twice_makes_one_invoice(office: Office, today: date) -> None:
    """I-8: also from two tabs at once; another form makes another one."""
    sam = office.sign_in(SAM)
    page, entered = started(sam), {"line__0__description": "Work", "line__0__price": "20"}
    together = Barrier(3)

    def go(_place: int) -> Page:
        together.wait(10)
        return press(sam, page, NEW, "create", **entered)

    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(go, range(3)))
    other = press(sam, started(sam), NEW, "create", **entered)

    assert {one.status for one in answers} == {303}
    assert len({one.location for one in answers}) == 1
    assert other.location != answers[0].location
    with office.read() as work:
        assert work.queries.numbers("invoice", only_gaps=False, before=None, limit=9).last == 2


def test_a_new_invoice_that_cannot_be_is_refused_at_its_field(office: Office, today: date) -> None:
    sam = office.sign_in(SAM)
    page, entered = started(sam), {"line__0__description": "Work", "line__0__price": "20"}

    found = [
        press(sam, page, NEW, "create").errors,
        press(sam, page, NEW, "create", **entered, issued_on=(today + timedelta(days=1)).isoformat()).errors,
        press(sam, page, NEW, "create", **{**entered, "line__0__price": "-20"}).errors,
        press(sam, page, NEW, "create", **entered, due_on="never").errors,
    ]

    assert [list(one) for one in found] == [["lines"], ["issued_on"], ["lines"], ["due_on"]]
    with office.read() as work:
        assert work.queries.numbers("invoice", only_gaps=False, before=None, limit=9).last == 0


def test_a_due_date_before_the_issue_date_is_a_finding_and_no_refusal(office: Office, today: date) -> None:
    """R-7."""
    sam = office.sign_in(SAM)
    entered = {
        "line__0__description": "Work",
        "line__0__price": "20",
        "due_on": (today - timedelta(days=1)).isoformat(),
    }

    checked = press(sam, started(sam), NEW, "check", **entered)

    assert "The due date lies before the issue date." in checked.text
    assert press(sam, checked, NEW, "create").status == 303


def test_the_form_begins_with_the_addresses_of_the_newest_invoice(office: Office, today: date) -> None:
    office.invoice(an_invoice(usd(1_00), "INV-9"))

    fields = started(office.sign_in(SAM)).form(NEW).fields()

    assert (fields["bill-street_1"], fields["ship-0-name"]) == ("1 Harbour Road", "Warehouse 2")
