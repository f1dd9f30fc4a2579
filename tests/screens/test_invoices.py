"""One invoice on screen: what it shows, what may be done with it, and the dashboard's filters and sums."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest

from domain.events import Act
from domain.invoice import Source, Status
from domain.listing import InvoiceFilter
from tests.builders import SOUTHSIDE, an_invoice, an_order, eur, finance, usd
from tests.fakes import a_shop_profile
from tests.screens.html import Element
from tests.screens.kit import FIONA, SAM, VERA, Browser, Office, Page
from tests.screens.test_lists import chips, link, numbers, views

TODAY = datetime.now(UTC).date()


def panel(page: Page, name: str) -> Element:
    return page.root.one("section", id=name)


def offered(page: Page) -> set[str]:
    """Acts in the header of a detail page."""
    return {one.text for one in page.root.one("div", class_="actions").walk() if one.tag in ("a", "button")}


# --- the dashboard ----------------------------------------------------------------------------------------------
def shelf(office: Office) -> None:
    """Invoices of each source, on two storefronts, in two currencies."""
    with office.work() as work:
        work.notes.put_profile(
            a_shop_profile(channel_ids=(1, 2), currency="USD", transactional_currencies=("USD", "EUR"))
        )
    south = {"company_id": SOUTHSIDE, "company_name": "Southside Fabrication"}
    office.invoice(an_invoice(usd(100_00), "INV-1", order_id=1160, channel_id=1, due_on=TODAY - timedelta(days=3)))
    office.invoice(an_invoice(usd(250_00), "INV-2", channel_id=2, due_on=TODAY + timedelta(days=5), **south))
    paid = office.invoice(
        an_invoice(usd(40_00), "SAP-3", source=Source.ERP, number_space="erp", due_on=TODAY - timedelta(days=9))
    )
    office.invoice(an_invoice(eur(90_00), "INV-4", due_on=TODAY + timedelta(days=20)))
    office.payment(usd(15_00), [(paid, usd(15_00))])


FILTERS = [
    ({"source": "erp"}, ["SAP-3"]),
    ({"source": "order"}, ["INV-1"]),
    ({"source": "manual"}, ["INV-2", "INV-4"]),
    ({"number": "sap"}, ["SAP-3"]),
    ({"number": "south"}, []),
    ({"order": "1160"}, ["INV-1"]),
    ({"order": "116"}, []),
    ({"channel": "2"}, ["INV-2"]),
    ({"currency": "EUR"}, ["INV-4"]),
    ({"total_from": "90"}, ["INV-1", "INV-2"]),
    ({"total_from": "90", "total_to": "100.00"}, ["INV-1"]),
    ({"total_from": "90", "currency": "EUR"}, ["INV-4"]),
    ({"status": "overdue"}, ["SAP-3", "INV-1"]),
    ({"status": "partially_paid"}, ["SAP-3"]),
    ({"status": "overdue", "source": "erp", "total_to": "50"}, ["SAP-3"]),
]


def test_invoices_are_found_by_number_source_order_channel_currency_and_amount(office: Office) -> None:
    """R-25; a late partly paid invoice is in both views. An amount is of the chosen currency, else the store's own."""
    shelf(office)
    sam = office.sign_in(SAM)

    found = [numbers(sam.get("/invoices", **query)) for query, _ in FILTERS]

    assert found == [wanted for _, wanted in FILTERS]


def test_each_row_says_where_the_invoice_came_from(office: Office) -> None:
    shelf(office)

    rows = office.sign_in(SAM).get("/invoices", sort="number").rows

    assert [next(word for word in ("Order ", "ERP", "Manual") if f" {word}" in row) for row in rows] == [
        "Order ",
        "Manual",
        "Manual",
        "ERP",
    ]


def test_a_store_with_two_storefronts_offers_them_and_the_invoice_names_its_own(office: Office) -> None:
    shelf(office)
    sam = office.sign_in(SAM)
    page = sam.get("/invoices", channel="2")

    assert [one.text for one in page.root.one("select", id="channel").all("option")] == [
        "Any channel",
        "Channel 1",
        "Channel 2",
    ]
    assert (
        "Channel Channel 2" in panel(sam.get(page.root.one("th", class_="at-title").one("a")["href"]), "details").text
    )


def test_an_invoice_from_an_order_keeps_the_storefront_of_the_order(office: Office) -> None:
    office.order(an_order(1160, channel_id=2))
    sam = office.sign_in(SAM)
    form = sam.get("/orders/1160/invoice").form("/orders/1160/invoice").fields()

    sam.post("/orders/1160/invoice", {**form, "action": "create"})

    with office.read() as work:
        assert work.queries.invoices(InvoiceFilter(channel_id=2), 5, None).rows[0].order_id == 1160


def test_sums_follow_the_filter_per_currency(office: Office) -> None:
    """I-14: what stands in the count line is what the rows come to; void ones charge nothing."""
    shelf(office)
    with office.work() as work:
        gone = work.invoices.locked(
            [one.id for one in work.queries.invoices(InvoiceFilter(number="INV-2"), 1, None).rows]
        )
        (void,) = gone.values()
    fiona = office.sign_in(FIONA)
    fiona.post(f"/invoices/{void.id}/void", {"reason": "wrong company"})

    page, whole = fiona.get("/invoices", currency="USD"), fiona.get("/invoices", status="all")

    assert "2 invoices · total $140.00 · open balance $125.00" in page.text
    assert "USD: 3 invoices · total $140.00 · open balance $125.00" in whole.text
    assert "EUR: 1 invoice · total €90.00 · open balance €90.00" in whole.text


def test_ticked_invoices_are_added_up_per_currency_and_exported_alone(office: Office) -> None:
    """ui.md 4.3: what is shown of a selection is what its export holds."""
    shelf(office)
    sam = office.sign_in(SAM)
    boxes = {box["aria-label"]: box["value"] for box in sam.get("/invoices").root.all("input", name="invoice")}

    page = sam.get("/invoices", invoice=[boxes["Select INV-1"], boxes["Select INV-4"], "no id"])
    export = page.root.one("form", class_="export")["action"]
    saved = sam.post(export, {"form": "csv"}).source

    assert (numbers(page), chips(page)) == (["INV-1", "INV-4"], ["2 selected"])
    assert "USD: 1 invoice · total $100.00 · open balance $100.00" in page.text
    assert "EUR: 1 invoice · total €90.00 · open balance €90.00" in page.text
    assert [number in saved for number in ("INV-1", "INV-2", "SAP-3", "INV-4")] == [True, False, False, True]


@pytest.mark.parametrize("typed", ["abc", "1e5", "12.345", "-"])
def test_an_amount_that_is_none_counts_as_not_given(office: Office, typed: str) -> None:
    shelf(office)

    page = office.sign_in(SAM).get("/invoices", total_from=typed)

    assert (chips(page), len(numbers(page))) == ([], 4)


def test_the_menu_of_a_row_offers_what_state_and_rights_allow(office: Office) -> None:
    shelf(office)
    menus = {
        user: {
            row.one("th").one("a").text: [one.text for one in row.one("details").all("a")]
            for row in office.sign_in(user).get("/invoices").root.one("tbody").all("tr")
        }
        for user in (FIONA, SAM, VERA)
    }

    assert menus[FIONA]["INV-2"] == ["View", "Edit", "Record payment", "Download PDF", "Void", "Delete"]
    assert menus[FIONA]["SAP-3"] == ["View", "Edit", "Record payment", "Download PDF"]
    assert menus[SAM]["INV-2"] == ["View", "Edit", "Download PDF", "Delete"]
    assert menus[VERA]["INV-2"] == ["View", "Download PDF"]


# --- the detail ---------------------------------------------------------------------------------------------------
def test_the_detail_shows_lines_charges_taxes_and_everything_that_moved_the_balance(office: Office) -> None:
    """R-1: each movement with who booked it; the balance after the last one is the balance."""
    paper = an_invoice(usd(108_25), "INV-1", tax=8_25)
    invoice = office.invoice(paper)
    office.payment(usd(30_00), [(invoice, usd(30_00))])

    page = office.sign_in(VERA).get(f"/invoices/{invoice.id}")

    assert panel(page, "lines").all("tbody")[0].one("tr").text == "Hex bolts M8 HB-8 1 $100.00 $100.00"
    taxes = panel(page, "lines").one("table", class_="taxes")
    assert taxes.one("tbody").text == "Sales tax 8.25 % $8.25"
    moved = [row.text for row in panel(page, "movements").one("tbody").all("tr")]
    assert moved[0].startswith("Invoiced 14 Aug fiona@example.com")
    assert moved[0].endswith("+$108.25 $108.25")
    assert moved[1].startswith("Applied PAY-")
    assert moved[1].endswith("−$30.00 $78.25")
    assert page.totals["Balance"] == "$78.25"


STATES = {
    "open": (Status.OPEN, {"Edit", "Delete", "Void", "Record payment"}, []),
    "partly paid": (Status.PARTIALLY_PAID, {"Edit", "Record payment"}, ["delete", "void"]),
    "paid": (Status.CLOSED, set(), ["edit", "delete", "void"]),
    "void": (Status.VOID, set(), ["edit", "delete", "void"]),
    "deleted": (Status.DELETED, {"Restore invoice"}, []),
}


def in_state(office: Office, state: str) -> str:
    invoice = office.invoice()
    if state in ("partly paid", "paid"):
        office.payment(usd(100_00), [(invoice, usd(40_00 if state == "partly paid" else 100_00))])
    if state in ("void", "deleted"):
        with office.work() as work:
            mine = work.invoices.locked([invoice.id])[invoice.id]
            moved = mine.void(TODAY) if state == "void" else mine.delete(TODAY)
            work.invoices.save(mine)
            work.book(finance(work.store.id), Act(f"invoice.{state}", "invoice", mine.id), moved)
    return invoice.id


@pytest.mark.parametrize("state", STATES)
def test_the_detail_offers_what_may_be_done_and_says_why_not(office: Office, state: str) -> None:
    """I-4, DESIGN 5: state for state, for a person who holds every right."""
    status, wanted, refused = STATES[state]
    invoice_id = in_state(office, state)

    page = office.sign_in(FIONA).get(f"/invoices/{invoice_id}")

    assert office.booked(invoice_id).status is status
    assert offered(page) & {"Edit", "Delete", "Void", "Restore invoice", "Record payment"} == wanted
    assert [one["data-act"] for one in page.root.all("li") if one.get("data-act")] == refused


def test_a_role_without_a_right_is_told_so(office: Office) -> None:
    invoice = office.invoice()

    page = office.sign_in(SAM).get(f"/invoices/{invoice.id}")

    assert offered(page) >= {"Edit", "Delete"}
    assert "Void" not in offered(page)
    assert "IP-Sales" in panel(page, "why-not").text
    assert "void invoices" in panel(page, "why-not").text


def test_the_preview_shows_the_invoice_as_its_buyers_see_it(office: Office) -> None:
    """R-3: buyers never read “written off”, nor who did what."""
    invoice = office.invoice(an_invoice(usd(100_00), "INV-1", notes="Deliver to dock 4"))
    office.payment(usd(60_00), [(invoice, usd(60_00))])
    with office.work() as work:
        mine = work.invoices.locked([invoice.id])[invoice.id]
        work.book(finance(work.store.id), Act("write_off", "invoice", mine.id), [mine.write_off(usd(40_00), TODAY)])

    page = office.sign_in(VERA).get(f"/invoices/{invoice.id}/as-buyer")

    assert "Closed" in page.root.one("h1").text + page.root.one("div", class_="head-title").text
    assert "Deliver to dock 4" in page.text
    assert page.totals["Paid"] == "$60.00"
    assert "Check 10442" in page.text
    assert "ritten off" not in page.text
    assert "fiona@example.com" not in page.text


# --- delete, restore, void --------------------------------------------------------------------------------------
def test_an_open_invoice_is_deleted_listed_as_deleted_and_restored(office: Office) -> None:
    """R-5: asked once, and it can be taken back."""
    invoice = office.invoice(an_invoice(usd(100_00), "INV-1"))
    sam = office.sign_in(SAM)
    path = f"/invoices/{invoice.id}/delete"

    asked = sam.get(path)
    gone = sam.follow(sam.post(path, asked.form(path).fields()))
    listed = sam.get("/invoices", status="deleted")
    back = sam.follow(sam.post(f"/invoices/{invoice.id}/restore"))

    assert "Its number will not be used again." in asked.text
    assert gone.flash == "INV-1 deleted. You find it under Deleted."
    assert (numbers(listed), views(listed)["All"]) == (["INV-1"], "0")
    assert back.flash == "INV-1 restored."
    assert office.booked(invoice.id).balance == usd(100_00)


def test_what_cannot_be_deleted_says_why_and_stays(office: Office) -> None:
    invoice_id = in_state(office, "partly paid")
    sam = office.sign_in(SAM)
    before = office.digest("session")

    page = sam.post(f"/invoices/{invoice_id}/delete")

    assert page.status == 409
    assert "money is applied to it; reverse the payment first" in page.text
    assert office.digest("session") == before


def test_a_deleted_invoice_does_not_come_back_onto_an_order_invoiced_since(office: Office) -> None:
    """R-5, I-5."""
    first = office.invoice(an_invoice(usd(10_00), "INV-1", order_id=1160))
    sam = office.sign_in(SAM)
    sam.post(f"/invoices/{first.id}/delete")
    office.invoice(an_invoice(usd(10_00), "INV-2", order_id=1160))

    page = sam.follow(sam.post(f"/invoices/{first.id}/restore"))

    assert page.flash.endswith("Order 1160 already has invoice INV-2.")
    assert office.booked(first.id).status is Status.DELETED


def test_voiding_asks_for_a_reason_and_keeps_it(office: Office) -> None:
    """R-4: the invoice stays to be seen, is owed nothing, and the register knows why."""
    invoice = office.invoice(an_invoice(usd(100_00), "INV-00001"))
    with office.work() as work:
        work.numbers.take("invoice")
    fiona = office.sign_in(FIONA)
    path = f"/invoices/{invoice.id}/void"

    refused = fiona.post(path, {"reason": "  "})
    done = fiona.follow(fiona.post(path, {"reason": "Wrong company"}))
    register = fiona.get("/invoices/numbers", show="gaps")

    assert (refused.status, refused.errors) == (409, {"reason": "reason_required"})
    assert done.flash == "INV-00001 is void."
    assert "Reason: Wrong company" in panel(done, "history").text
    assert office.booked(invoice.id).balance == usd(0)
    assert len(register.rows) == 1
    assert "Void: issued by mistake, still to be seen Reason: Wrong company" in register.rows[0]


def test_the_register_explains_every_number(office: Office) -> None:
    """R-5."""
    for number in (1, 2, 4):
        office.invoice(an_invoice(usd(10_00), f"INV-{number:05d}"))
    with office.work() as work:
        for _ in range(4):
            work.numbers.take("invoice")
    sam = office.sign_in(SAM)
    second = link(sam.get("/invoices/numbers"), "INV-00002")["href"]
    sam.post(f"{second}/delete")

    page, gaps = sam.get("/invoices/numbers"), sam.get("/invoices/numbers", show="gaps")
    payments = sam.get("/invoices/numbers", series="payment")

    assert [row.split(" ")[0] for row in page.rows] == ["INV-00004", "3", "INV-00002", "INV-00001"]
    assert "The last number taken is 4." in page.text
    assert [row.split(" ")[0] for row in gaps.rows] == ["3", "INV-00002"]
    assert "the series was moved past this number" in gaps.rows[0]
    assert "user2@north1.example" in gaps.rows[1]
    assert "No number of this series was taken yet." in payments.text


# --- files --------------------------------------------------------------------------------------------------------
def attach(browser: Browser, invoice_id: str, content: bytes, name: str, **fields: str) -> Page:
    sent = {"file": (BytesIO(content), name), **fields}
    return browser.follow(browser.post(f"/invoices/{invoice_id}/files", sent))


def test_a_file_is_attached_read_and_removed(office: Office) -> None:
    """R-25: also on a paid invoice; people who only view may read it."""
    invoice_id = in_state(office, "paid")
    sam, vera = office.sign_in(SAM), office.sign_in(VERA)

    page = attach(sam, invoice_id, b"%PDF-1.7 delivery note", "../Delivery note.pdf")
    seen = panel(vera.get(f"/invoices/{invoice_id}"), "documents")
    read = vera.client.get(seen.one("a")["href"], base_url="https://portal.example", buffered=True)
    removed = sam.follow(sam.post(panel(page, "documents").all("form")[0]["action"]))

    assert page.flash == "Delivery note.pdf attached."
    assert (read.status_code, read.data) == (200, b"%PDF-1.7 delivery note")
    assert read.headers["Content-Disposition"].startswith("attachment;")
    assert seen.all("form") == []
    assert removed.flash == "Delivery note.pdf removed."
    assert "No files are attached." in removed.text
    assert vera.get(seen.one("a")["href"]).status == 404
    assert "attached a file" in panel(removed, "history").text


def test_the_sellers_own_pdf_is_served_in_place_of_ours(office: Office) -> None:
    """R-27."""
    invoice = office.invoice()
    sam = office.sign_in(SAM)

    page = attach(sam, invoice.id, b"%PDF-1.7 official", "SAP-4711.pdf", official="yes")
    served = sam.client.get(f"/invoices/{invoice.id}/pdf", base_url="https://portal.example", buffered=True)

    assert "served in place of our PDF" in page.text
    assert served.data == b"%PDF-1.7 official"


@pytest.mark.parametrize(
    ("content", "fields", "said"),
    [
        (b"<script>alert(1)</script>", {}, "not of a kind that is accepted"),
        (b"", {}, "It is empty"),
        (b"\x89PNG\r\n\x1a\n", {"official": "yes"}, "Only a PDF can be served in place of ours."),
    ],
)
def test_a_file_that_is_not_kept_is_refused_in_words(
    office: Office, content: bytes, fields: dict[str, str], said: str
) -> None:
    invoice = office.invoice()

    page = attach(office.sign_in(SAM), invoice.id, content, "invoice.pdf", **fields)

    assert said in page.flash
    assert "No files are attached." in page.text
