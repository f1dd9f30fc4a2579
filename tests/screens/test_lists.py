"""The dashboards: what they list, and their state in the address, which never makes them fail."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.review import ReviewKind
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_company,
    a_payment,
    a_review,
    an_instant,
    an_invoice,
    an_order,
    eur,
    given_invoice,
    store_day,
    usd,
)
from tests.screens.html import Element
from tests.screens.kit import FIONA, OLIVIA, SAM, VERA, Browser, Office, Page

TODAY = store_day()


def numbers(page: Page) -> list[str]:
    """What the rows are called, in order."""
    return [head.all("a")[0].text.split(" ")[0] for head in page.root.all("th", class_="at-title")]


def views(page: Page) -> dict[str, str]:
    """Label to count of the pills; the current one is in capitals."""
    found = {}
    for link in page.root.one("ul", class_="views").all("a"):
        label = str(link.children[0]).strip()
        counts = [one.text for one in link.all("b")]
        found[label.upper() if link.get("aria-current") else label] = counts[0] if counts else ""
    return found


def chips(page: Page) -> list[str]:
    return [chip.text.removeprefix("Remove filter: ") for chip in page.root.all("a", class_="chip")]


def link(page: Page, label: str) -> Element:
    return next(one for one in page.root.all("a") if one.get("aria-label") == label or one.text == label)


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


# --- orders -----------------------------------------------------------------------------------------------------
def test_orders_are_listed_newest_first_with_what_can_be_done(office: Office) -> None:
    """R-8: cancelled orders stay visible, but without a button; those of nobody's company are not listed."""
    office.order(an_order(1001, placed_at=an_instant(1)))
    office.order(an_order(1002, placed_at=an_instant(3), status_id=5, status="Cancelled"))
    office.order(an_order(1003, placed_at=an_instant(2), company_id=SOUTHSIDE, po_number=""))
    office.order(an_order(1004, company_id=None))
    office.order(an_order(1005, is_invoice_payment=True))

    page = office.sign_in(SAM).get("/orders")

    assert numbers(page) == ["1002", "1003", "1001"]
    assert views(page) == {"NOT INVOICED": "3", "Invoiced": "0", "All": "3"}
    assert "3 orders" in page.text
    assert "Cancelled" in page.rows[0]
    assert "Create invoice for order" not in page.rows[0]
    assert "Cannot be invoiced" in page.rows[0]
    assert "Southside Fabrication" in page.rows[1]
    assert [one["href"] for one in page.root.all("a", class_="button") if "Create invoice" in one.text] == [
        "/orders/1003/invoice",
        "/orders/1001/invoice",
    ]


def test_a_viewer_sees_orders_but_no_button(office: Office) -> None:
    office.order(an_order(1001))

    page = office.sign_in(VERA).get("/orders")

    assert numbers(page) == ["1001"]
    assert "Create invoice" not in page.text


def test_an_invoiced_order_leads_to_its_invoice(office: Office) -> None:
    office.order(an_order(1001))
    invoice = office.invoice(an_invoice(order_id=1001))
    sam = office.sign_in(SAM)

    assert numbers(sam.get("/orders")) == []
    page = sam.get("/orders", state="invoiced")

    assert views(page) == {"Not invoiced": "0", "INVOICED": "1", "All": "1"}
    assert link(page, invoice.number)["href"] == f"/invoices/{invoice.id}"
    assert "Create invoice" not in page.text


def test_an_order_opens_in_the_control_panel_in_a_tab_of_its_own(office: Office) -> None:
    office.order(an_order(1001))

    order = office.sign_in(SAM).get("/orders").root.one("th", class_="at-title").one("a")

    assert order["href"] == "https://store-north1.mybigcommerce.com/manage/orders/1001"
    assert (order["target"], order["rel"]) == ("_blank", "noopener")


def test_orders_link_nowhere_while_the_store_is_not_known_yet(office: Office) -> None:
    fresh = office.database.stores.put("fresh1", office.north.connection)
    with office.work(fresh) as work:
        work.companies.put([a_company()])
    office.order(an_order(1001), store=fresh)

    page = office.sign_in(1, fresh).get("/orders")

    assert "1001" in page.rows[0]
    assert [one["href"] for one in page.root.all("a") if one["href"] in ("", "None")] == []


ORDER_FILTERS = [
    ({"q": "po-2"}, ["1002"]),
    ({"q": "1001"}, ["1001"]),
    ({"q": "southside"}, ["1003"]),
    ({"q": "nobody"}, []),
    ({"company": str(SOUTHSIDE)}, ["1003"]),
    ({"status": "11"}, ["1003", "1001"]),
    ({"placed_from": "2026-11-02"}, ["1003", "1002"]),
    ({"placed_to": "2026-11-02"}, ["1002", "1001"]),
    ({"sort": "placed"}, ["1001", "1002", "1003"]),
    ({"sort": "order"}, ["1001", "1002", "1003"]),
    ({"sort": "-order"}, ["1003", "1002", "1001"]),
    ({"sort": "total"}, ["1003", "1001", "1002"]),
]


def test_orders_are_filtered_and_sorted_by_the_address(office: Office) -> None:
    office.order(an_order(1001, placed_at=an_instant(1), po_number="PO-1", total=usd(50_00)))
    office.order(an_order(1002, placed_at=an_instant(2), po_number="PO-2", total=usd(90_00), status_id=2))
    office.order(an_order(1003, placed_at=an_instant(3), po_number="", total=usd(10_00), company_id=SOUTHSIDE))

    sam = office.sign_in(SAM)

    found = [numbers(sam.get("/orders", **query)) for query, _ in ORDER_FILTERS]

    assert found == [wanted for _, wanted in ORDER_FILTERS]


# --- invoices -----------------------------------------------------------------------------------------------------
def books(office: Office) -> dict[str, str]:
    """One invoice of each kind, by what is special about it."""
    made = {
        "overdue": office.invoice(an_invoice(usd(100_00), "INV-1", due_on=TODAY - timedelta(days=3), po_number="PO-1")),
        "due": office.invoice(
            an_invoice(
                usd(200_00),
                "INV-2",
                due_on=TODAY + timedelta(days=5),
                company_id=SOUTHSIDE,
                company_name="Southside Fabrication",
            )
        ),
        "part": office.invoice(an_invoice(usd(300_00), "INV-3", due_on=TODAY + timedelta(days=9))),
        "paid": office.invoice(an_invoice(usd(400_00), "INV-4", due_on=TODAY - timedelta(days=9))),
        "euro": office.invoice(an_invoice(eur(50_00), "INV-5", due_on=TODAY + timedelta(days=20))),
    }
    office.payment(usd(50_00), [(made["part"], usd(50_00))])
    office.payment(usd(400_00), [(made["paid"], usd(400_00))])
    return {key: invoice.id for key, invoice in made.items()}


def test_the_dashboard_opens_with_what_is_owed_oldest_first(office: Office) -> None:
    books(office)

    page = office.sign_in(SAM).get("/invoices")

    assert numbers(page) == ["INV-1", "INV-2", "INV-3", "INV-5"]
    assert views(page) == {
        "All": "5", "UNPAID": "4", "Overdue": "1", "Partially paid": "1", "Paid": "1", "Void": "0", "Deleted": "0",
    }  # fmt: skip
    assert "4 invoices" in page.text
    assert "3 days late" in page.rows[0]
    assert "Overdue" in page.rows[0]
    assert "in 5 days" in page.rows[1]


def test_open_balances_are_shown_per_currency_and_never_added(office: Office) -> None:
    """I-14."""
    books(office)

    page = office.sign_in(SAM).get("/invoices")

    assert "EUR: 1 invoice · total €50.00 · open balance €50.00" in page.text
    assert "USD: 3 invoices · total $600.00 · open balance $550.00" in page.text
    assert "650.00" not in page.text


INVOICE_FILTERS = [
    ({"status": "all"}, ["INV-4", "INV-1", "INV-2", "INV-3", "INV-5"]),
    ({"status": "overdue"}, ["INV-1"]),
    ({"status": "partially_paid"}, ["INV-3"]),
    ({"status": "closed"}, ["INV-4"]),
    ({"q": "inv-3"}, ["INV-3"]),
    ({"q": "po-1"}, ["INV-1"]),
    ({"q": "southside"}, ["INV-2"]),
    ({"company": str(SOUTHSIDE)}, ["INV-2"]),
    ({"source": "erp"}, []),
    ({"due_to": (TODAY + timedelta(days=5)).isoformat()}, ["INV-1", "INV-2"]),
    ({"due_from": (TODAY + timedelta(days=6)).isoformat()}, ["INV-3", "INV-5"]),
    ({"sort": "-balance"}, ["INV-3", "INV-2", "INV-1", "INV-5"]),
    ({"sort": "-number", "status": "all"}, ["INV-5", "INV-4", "INV-3", "INV-2", "INV-1"]),
]


def test_invoices_are_filtered_and_sorted_by_the_address(office: Office) -> None:
    books(office)
    sam = office.sign_in(SAM)

    found = [numbers(sam.get("/invoices", **query)) for query, _ in INVOICE_FILTERS]

    assert found == [wanted for _, wanted in INVOICE_FILTERS]


def test_nothing_found_offers_the_way_back(office: Office) -> None:
    books(office)
    sam = office.sign_in(SAM)

    page = sam.get("/invoices", q="nothing like it", status="overdue")

    assert "No invoices match" in page.text
    assert "“nothing like it”" in page.text
    assert len(numbers(sam.get("/invoices" + link(page, "Clear all filters")["href"]))) >= 4


def test_the_first_invoice_is_invited_when_there_is_none(office: Office) -> None:
    page = office.sign_in(SAM).get("/invoices")

    assert "No invoices yet" in page.text
    assert page.root.all("form") == []


# --- payments and reviews -------------------------------------------------------------------------------------------
def test_payments_are_filtered_and_sorted_by_the_address(office: Office) -> None:
    books(office)
    office.payment(
        usd(70_00), [], a_payment("PAY-X", company_id=SOUTHSIDE, memo="Wire 77", effective_on=date(2026, 1, 5))
    )
    fiona = office.sign_in(FIONA)
    whole = numbers(fiona.get("/payments"))

    assert len(whole) == 3
    assert whole[-1] == "PAY-X"
    assert numbers(fiona.get("/payments", q="wire")) == ["PAY-X"]
    assert numbers(fiona.get("/payments", company=SOUTHSIDE)) == ["PAY-X"]
    assert numbers(fiona.get("/payments", view="available")) == ["PAY-X"]
    assert numbers(fiona.get("/payments", received_to="2026-02-01")) == ["PAY-X"]
    assert numbers(fiona.get("/payments", method="cash")) == []
    assert numbers(fiona.get("/payments", sort="amount"))[1] == "PAY-X"


def test_reviews_say_what_was_expected_and_what_to_do(office: Office) -> None:
    invoice = office.invoice()
    with office.work() as work:
        work.reviews.open(a_review(ReviewKind.ORDER_CHANGED, facts={"invoice_id": invoice.id}))

    page = office.sign_in(SAM).get("/reviews")

    assert "An order changed after its invoice was made" in page.text
    assert "INV-00001 of 100.00 USD" in page.text
    assert "the order comes to 90.00 USD" in page.text
    assert "What to do:" in page.text
    assert link(page, "Invoice")["href"] == f"/invoices/{invoice.id}"


def test_every_kind_of_review_has_its_words(office: Office) -> None:
    with office.work() as work:
        for kind in ReviewKind:
            work.reviews.open(a_review(kind))

    page = office.sign_in(VERA).get("/reviews")

    items = page.root.one("ol", class_="reviews").all("div", class_="review-head")
    assert len({item.one("h2").text for item in items}) == len(ReviewKind)
    assert page.text.count("What to do:") == len(ReviewKind)


# --- state in the address ---------------------------------------------------------------------------------------------
MISTYPED = {
    "/orders": {
        "company": "x1",
        "status": "99999",
        "placed_from": "2026-13-45",
        "state": "no",
        "sort": "shoe",
        "limit": "7",
    },
    "/invoices": {
        "company": "-1",
        "source": "fax",
        "due_from": "soon",
        "status": "no",
        "sort": "-shoe",
        "limit": "ten",
    },
    "/payments": {
        "company": "１２",
        "method": "gold",
        "status": "no",
        "received_to": "0",
        "view": "x",
        "sort": "--",
        "limit": "0",
    },
}


@pytest.mark.parametrize("path", MISTYPED)
def test_a_mistyped_filter_counts_as_not_given(office: Office, path: str) -> None:
    """Neither an error nor a filter that is shown but not applied."""
    books(office)
    office.order(an_order(1001))
    sam = office.sign_in(SAM)

    plain, mistyped = sam.get(path), sam.get(path, cursor="bm8", **MISTYPED[path])

    assert numbers(mistyped) == numbers(plain) != []
    assert chips(mistyped) == []
    assert views(mistyped) == views(plain)


def test_a_filter_in_use_is_a_chip_that_takes_only_itself_away(office: Office) -> None:
    books(office)
    sam = office.sign_in(SAM)

    page = sam.get("/invoices", q="inv", company=NORTHWIND, due_from="2026-01-01", status="all", sort="-total")

    assert chips(page) == ["“inv”", "Northwind Traders", "Due from 2026-01-01"]
    without = page.root.all("a", class_="chip")[1]["href"]
    assert query_of(without) == {"q": "inv", "due_from": "2026-01-01", "status": "all", "sort": "-total"}
    assert len(numbers(sam.get("/invoices" + without))) == 5


def test_the_filter_form_keeps_view_order_and_page_size(office: Office) -> None:
    books(office)

    page = office.sign_in(SAM).get("/invoices", status="overdue", sort="-total", limit="50", q="inv")

    fields = page.root.one("form", role="search").fields()
    assert {name: fields[name] for name in ("status", "sort", "limit", "q")} == {
        "status": "overdue", "sort": "-total", "limit": "50", "q": "inv",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/orders", "/invoices", "/payments"])
def test_every_sort_a_head_offers_sorts(office: Office, path: str) -> None:
    """A link in a table head that sorts by nothing would be a lie."""
    books(office)
    office.order(an_order(1001))
    sam = office.sign_in(SAM)
    heads = [one["href"] for head in sam.get(path).root.all("th", role="columnheader") for one in head.all("a")]

    assert len(heads) >= 3
    for head in heads:
        page = sam.get(path + head)
        sorted_by = [one for one in page.root.all("th", role="columnheader") if one.get("aria-sort")]
        assert len(sorted_by) == 1
        again = sorted_by[0].one("a")["href"]
        assert query_of(again)["sort"].lstrip("-") == query_of(head)["sort"].lstrip("-")
        assert query_of(again)["sort"] != query_of(head)["sort"]
        assert sam.get(path + again).status == 200


def walked(browser: Browser, path: str, **query: object) -> list[list[str]]:
    """The rows of every page, forwards; fails when going back shows others."""
    page = browser.get(path, **query)
    pages = [numbers(page)]
    while page.root.all("a", rel="next"):
        page = browser.get(path + page.root.all("a", rel="next")[0]["href"])
        pages.append(numbers(page))
        back = browser.get(path + page.root.all("a", rel="prev")[0]["href"])
        assert numbers(back) == pages[-2]
    return pages


@pytest.mark.parametrize("sort", ["due", "-balance"])
def test_the_pager_shows_every_row_once_and_finds_back(office: Office, sort: str) -> None:
    with office.work() as work:
        for number in range(60):
            given_invoice(
                work, an_invoice(usd(100_00 + number % 7), f"INV-{number:03}", due_on=TODAY + timedelta(number % 5))
            )

    pages = walked(office.sign_in(SAM), "/invoices", sort=sort, status="all")

    assert [len(page) for page in pages] == [25, 25, 10]
    assert sorted(number for page in pages for number in page) == [f"INV-{number:03}" for number in range(60)]


def test_rows_per_page_can_be_chosen_and_a_wrong_number_is_the_smallest(office: Office) -> None:
    with office.work() as work:
        for number in range(30):
            given_invoice(work, an_invoice(usd(100_00), f"INV-{number:03}"))
    sam = office.sign_in(SAM)

    assert [len(numbers(sam.get("/invoices", limit=limit))) for limit in (50, 25, 26, 100000)] == [30, 25, 25, 25]


# --- how fresh it is ------------------------------------------------------------------------------------------------
def test_the_order_list_says_when_bigcommerce_was_last_asked(office: Office) -> None:
    office.order(an_order(1001))
    sam = office.sign_in(SAM)

    def freshness(at: datetime) -> Page:
        office.facts(orders__watermark={"at": at.isoformat()})
        return sam.get("/orders")

    now = datetime.now(UTC)
    fresh, late = freshness(now - timedelta(minutes=4)), freshness(now - timedelta(minutes=20))

    assert "Orders synced 4 minutes ago" in fresh.text
    assert "Orders are not syncing" not in fresh.text
    assert "Orders are not syncing" in late.text


def test_a_running_synchronisation_shows_growing_counts(office: Office) -> None:
    office.facts(sync__orders={"state": "running", "seen": 250, "total": 1100, "kept": 90})

    page = office.sign_in(OLIVIA).get("/orders")

    assert "Syncing orders: 250 of 1,100" in page.text
