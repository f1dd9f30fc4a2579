"""*Create invoice*: the review says what will be issued, and however often it is pressed, one invoice is (I-5)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier

import pytest

from domain.company import Company
from domain.invoice import Invoice, Source, Status
from domain.order import Order, OrderMoney, Refund, RefundItem, Transaction
from domain.terms import Terms
from tests.builders import a_company, an_instant, an_invoice, an_order, usd
from tests.fakes import a_shop_profile
from tests.screens.kit import FIONA, SAM, Browser, Office, Page

REVIEW = "/orders/1160/invoice"


@pytest.fixture
def today(office: Office) -> date:
    """The store keeps UTC here, so that the day is that of the test."""
    with office.work() as work:
        work.notes.put_profile(
            a_shop_profile(time_zone="UTC", control_panel_url="https://store-north1.mybigcommerce.com")
        )
        return work.now().date()


def press(browser: Browser, page: Page, **changes: object) -> Page:
    """Sends the form of the review as it stands, with changes."""
    return browser.post(REVIEW, {**page.form(REVIEW).fields(), "action": "create", **changes})


def invoices_of(office: Office, order_id: int = 1160) -> list[Invoice]:
    with office.read() as work:
        return work.invoices.live_for_order(order_id)


def a_card_payment(amount: int = 122_50) -> Transaction:
    return Transaction("77", "purchase", "credit_card", usd(amount), an_instant(1), gateway="stripe")


def line_ticks(page: Page) -> dict[str, bool]:
    return {tick["value"]: "checked" in tick.attributes for tick in page.root.all("input", name="line")}


# --- the review ---------------------------------------------------------------------------------------------------
def test_the_review_shows_everything_that_will_be_issued(office: Office, today: date) -> None:
    """R-6, R-7: lines, one line per charge and tax, PO number, terms of the company and the day they lead to."""
    office.order(an_order())

    page = office.sign_in(SAM).get(REVIEW)

    assert page.rows == ["Product 1 SKU-1 2 $30.00 $60.00", "Product 2 SKU-2 2 $20.00 $40.00"]
    assert page.totals == {
        "Lines": "$100.00",
        "Shipping": "$12.50",
        "Sales tax": "$10.00",
        "Total": "$122.50",
        "Balance": "$122.50",
    }
    fields = page.form(REVIEW).fields()
    assert fields["issued_on"] == today.isoformat()
    assert fields["due_on"] == (today + timedelta(days=30)).isoformat()
    assert "Net 30 · Payment terms of the company" in page.text
    assert "PO-77" in page.text
    assert "Northwind Traders · ordered by Bea Buyer" in page.text


def test_the_review_reads_the_order_anew(office: Office) -> None:
    """Ground rule 5: what was synced an hour ago is not what is billed now."""
    office.order(an_order())
    office.shop().orders.add(an_order(total=usd(82_50), total_tax=usd(10_00), lines=an_order().lines[:1]))

    page = office.sign_in(SAM).get(REVIEW)

    assert page.totals["Total"] == "$82.50"


def test_an_order_that_cannot_be_invoiced_says_why(office: Office) -> None:
    office.order(an_order(status_id=5, status="Cancelled"))
    sam = office.sign_in(SAM)

    for page in (sam.get(REVIEW), sam.post(REVIEW, {"action": "create"})):
        assert (page.status, page.code) == (409, "not_invoiceable")
        assert "Order 1160 cannot be invoiced: it is cancelled." in page.text

    assert invoices_of(office) == []


def test_opening_mode_is_said_on_the_review_and_kept_on_the_invoice(office: Office) -> None:
    """R-12: while it lasts the buyer is not told."""
    with office.work() as work:
        work.notes.put_settings(replace(work.notes.settings(), cut_over=None))
    office.order(an_order())
    sam = office.sign_in(SAM)

    page = sam.get(REVIEW)
    made = sam.follow(press(sam, page))

    assert "The buyer is not told about this invoice." in page.text
    assert "Not told: created in opening mode" in made.text


# --- pressing -----------------------------------------------------------------------------------------------------
def test_pressing_issues_what_the_review_showed(office: Office, today: date) -> None:
    office.order(an_order())
    sam = office.sign_in(SAM)

    done = press(sam, sam.get(REVIEW), notes="Deliver to dock 4")

    page = sam.follow(done)
    [invoice] = invoices_of(office)
    assert (invoice.number, invoice.total, invoice.balance) == ("INV-00001", usd(122_50), usd(122_50))
    assert (invoice.content.issued_on, invoice.content.due_on) == (today, today + timedelta(days=30))
    assert [line.amount for line in invoice.content.lines] == [usd(60_00), usd(40_00)]
    assert page.flash == "Order 1160 is now invoice INV-00001."
    assert "Deliver to dock 4" in page.text
    assert "user2@north1.example created this invoice from the order" in page.text


def test_two_sessions_pressing_at_once_make_one_invoice(office: Office) -> None:
    """I-5: both are shown the same one, and no number is lost to either."""
    office.order(an_order())
    people = [office.sign_in(SAM), office.sign_in(FIONA), office.sign_in(SAM)]
    forms = [browser.get(REVIEW) for browser in people]
    together = Barrier(len(people))

    def go(browser: Browser, form: Page) -> Page:
        together.wait(10)
        return press(browser, form)

    with ThreadPoolExecutor(len(people)) as threads:
        answers = list(threads.map(go, people, forms))

    [invoice] = invoices_of(office)
    assert [page.status for page in answers] == [303, 303, 303]
    assert {page.location for page in answers} == {f"/invoices/{invoice.id}"}
    flashes = sorted(browser.follow(page).flash for browser, page in zip(people, answers, strict=True))
    assert flashes == [
        "Order 1160 already has invoice INV-00001.",
        "Order 1160 already has invoice INV-00001.",
        "Order 1160 is now invoice INV-00001.",
    ]


def test_pressing_again_later_shows_the_invoice_of_before(office: Office) -> None:
    office.order(an_order())
    sam, fiona = office.sign_in(SAM), office.sign_in(FIONA)
    stale = fiona.get(REVIEW)
    first = press(sam, sam.get(REVIEW))

    again, review = press(fiona, stale), fiona.get(REVIEW)

    assert again.location == review.location == first.location
    assert len(invoices_of(office)) == 1


def test_an_order_the_erp_invoiced_is_not_invoiced_again(office: Office) -> None:
    """R-11."""
    office.order(an_order())
    sam = office.sign_in(SAM)
    stale = sam.get(REVIEW)
    theirs = office.invoice(an_invoice(order_id=1160, source=Source.ERP, external_id="E-1"))

    refused, review = press(sam, stale), sam.get(REVIEW)

    assert refused.status == 409
    assert f"Order 1160 already has invoice {theirs.number}." in refused.text
    assert review.location == f"/invoices/{theirs.id}"
    assert [one.id for one in invoices_of(office)] == [theirs.id]


# --- leaving lines out ----------------------------------------------------------------------------------------------
def test_totals_follow_the_lines_left_out(office: Office) -> None:
    """Asked for by script at every tick, by a button without it; nothing is issued."""
    office.order(an_order())
    sam = office.sign_in(SAM)
    page = sam.get(REVIEW)
    assert line_ticks(page) == {"1": True, "2": True}

    checked = press(sam, page, line=["2"], action="check", notes="As agreed")

    assert checked.status == 200
    assert line_ticks(checked) == {"1": False, "2": True}
    assert checked.totals["Lines"] == "$40.00"
    assert checked.totals["Total"] == "$62.50"
    assert checked.form(REVIEW).fields()["notes"] == "As agreed"
    assert invoices_of(office) == []


def test_only_ticked_lines_are_billed(office: Office) -> None:
    office.order(an_order())
    sam = office.sign_in(SAM)

    press(sam, sam.get(REVIEW), line=["2"])

    [invoice] = invoices_of(office)
    assert [line.sku for line in invoice.content.lines] == ["SKU-2"]
    assert invoice.total == usd(62_50)


@pytest.mark.parametrize("line", [[], ["99"], ["2", "99"], ["x"]], ids=["none", "unknown", "one unknown", "no number"])
def test_lines_that_are_none_of_the_orders_are_refused_at_their_place(office: Office, line: list[str]) -> None:
    office.order(an_order())
    sam = office.sign_in(SAM)

    refused = press(sam, sam.get(REVIEW), line=line)

    assert (refused.status, refused.errors) == (409, {"line": "input_invalid"})
    assert "Choose at least one line of this order." in refused.text
    assert invoices_of(office) == []


def test_an_order_with_money_on_it_is_billed_whole(office: Office) -> None:
    """No ticks are offered, and forged ones are refused."""
    office.order(an_order(), OrderMoney((a_card_payment(60_00),)))
    sam = office.sign_in(SAM)
    page = sam.get(REVIEW)

    forged = press(sam, page, may_untick="1", line=["2"])

    assert line_ticks(page) == {}
    assert "All lines are billed, because this order already received money." in page.text
    assert (forged.status, invoices_of(office)) == (409, [])
    assert "lines can only be left out while nothing is paid on the order" in forged.text


# --- money of the order -----------------------------------------------------------------------------------------------
def test_an_order_paid_by_card_is_born_paid(office: Office) -> None:
    """R-9."""
    office.order(an_order(payment_method="Visa ending in 4242"), OrderMoney((a_card_payment(),)))
    sam = office.sign_in(SAM)
    page = sam.get(REVIEW)

    made = sam.follow(press(sam, page))

    assert page.totals["Visa ending in 4242"] == "−$122.50"
    assert page.totals["Balance"] == "$0.00"
    assert "the invoice is born Paid" in page.text
    [invoice] = invoices_of(office)
    assert (invoice.status, invoice.balance) == (Status.CLOSED, usd(0))
    assert "This invoice is closed" in made.text
    assert any("PAY-00001" in row and "$122.50" in row for row in made.rows)


def refunded(lagging: bool) -> tuple[Order, OrderMoney]:
    """The first line was sent back; the order may say so a moment later than its refunds."""
    back = Refund(
        5,
        an_instant(2),
        usd(65_00),
        usd(5_00),
        (RefundItem("PRODUCT", 1, Decimal(2), usd(65_00)),),
        (("9", usd(65_00)),),
    )
    order = an_order()
    gone = replace(order.lines[0], quantity_refunded=Decimal(0 if lagging else 2))
    return replace(order, lines=(gone, order.lines[1])), OrderMoney((a_card_payment(),), (back,))


@pytest.mark.parametrize("lagging", [False, True], ids=["order knows", "order lags behind"])
def test_a_partly_refunded_order_is_invoiced_net(office: Office, lagging: bool) -> None:
    """R-10."""
    office.order(*refunded(lagging))
    sam = office.sign_in(SAM)

    page = sam.get(REVIEW)

    assert page.status == 200
    assert [row.split(" ")[1] for row in page.rows] == ["2"]
    assert page.totals["Total"] == "$57.50"
    press(sam, page)
    assert [one.total for one in invoices_of(office)] == [usd(57_50)]


# --- dates ----------------------------------------------------------------------------------------------------------
def test_typed_dates_win_over_the_terms(office: Office, today: date) -> None:
    """R-7; the terms no longer explain the date then."""
    office.order(an_order())
    sam = office.sign_in(SAM)
    issued, due = today - timedelta(days=3), today + timedelta(days=60)

    made = sam.follow(press(sam, sam.get(REVIEW), issued_on=issued.isoformat(), due_on=due.isoformat()))

    [invoice] = invoices_of(office)
    assert (invoice.content.issued_on, invoice.content.due_on) == (issued, due)
    assert "Net 30" not in made.text


def test_an_earlier_issue_date_alone_moves_the_due_date(office: Office, today: date) -> None:
    """The due date shown was only proposed; terms count from the day of issue."""
    office.order(an_order())
    sam = office.sign_in(SAM)

    press(sam, sam.get(REVIEW), issued_on=(today - timedelta(days=3)).isoformat())

    assert invoices_of(office)[0].content.due_on == today + timedelta(days=27)


def test_an_issue_date_in_the_future_is_refused_at_its_field(office: Office, today: date) -> None:
    office.order(an_order())
    sam = office.sign_in(SAM)

    refused = press(sam, sam.get(REVIEW), issued_on=(today + timedelta(days=1)).isoformat(), notes="Kept")

    assert (refused.status, refused.errors) == (409, {"issued_on": "input_invalid"})
    assert refused.form(REVIEW).fields()["notes"] == "Kept"
    assert invoices_of(office) == []


@pytest.mark.parametrize("field", ["issued_on", "due_on"])
@pytest.mark.parametrize("typed", ["31.12.2026", "2026-02-30", "tomorrow"])
def test_a_mistyped_date_is_refused_and_never_replaced_by_another(office: Office, field: str, typed: str) -> None:
    office.order(an_order())
    sam = office.sign_in(SAM)

    refused = press(sam, sam.get(REVIEW), **{field: typed})

    assert refused.errors == {field: "input_invalid"}
    assert refused.form(REVIEW).fields()[field] == typed
    assert invoices_of(office) == []


def test_the_companys_own_terms_are_proposed(office: Office, today: date) -> None:
    company: Company = a_company(terms=None, b2b_terms=Terms.net(14))
    with office.work() as work:
        work.companies.put([company])
    office.order(an_order())

    page = office.sign_in(SAM).get(REVIEW)

    assert page.form(REVIEW).fields()["due_on"] == (today + timedelta(days=14)).isoformat()
    assert "Net 14 · Payment terms of the company in B2B Edition" in page.text


def test_an_order_of_yesterday_counts_days_in_the_stores_zone(office: Office) -> None:
    """F-19: today is the store's day, not the server's."""
    with office.work() as work:
        work.notes.put_profile(a_shop_profile(time_zone="Pacific/Kiritimati"))
    office.order(an_order())

    page = office.sign_in(SAM).get(REVIEW)

    ahead = (datetime.now(UTC) + timedelta(hours=14)).date()
    assert page.form(REVIEW).fields()["issued_on"] == ahead.isoformat()
