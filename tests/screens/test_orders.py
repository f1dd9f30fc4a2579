"""The order dashboard: columns, filters, views, many invoices at once, changed orders and the synchronisation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.ids import new_id
from tests.builders import SOUTHSIDE, a_review, an_order, usd
from tests.screens.kit import ADAM, SAM, VERA, Office

LIST = "/orders"


def work_off(office: Office) -> None:
    for _ in range(10):
        done = sum(office.portal.work_through(office.north.id, box) for box in ("inbox", "outbox"))
        if not done:
            return


def test_the_dashboard_shows_orders_of_companies_with_what_became_of_each(office: Office) -> None:
    """S6, R-8, R-12: every column, every filter, any fragment, historic ones apart, and why there is no invoice."""
    office.order(an_order(1160, po_number="PO-77"))
    office.order(an_order(1170, SOUTHSIDE, po_number="", buyer_name="Sid South", total=usd(999_00)))
    office.order(an_order(1180, status_id=5, status="Cancelled"))
    office.order(an_order(1090, placed_at=datetime(2025, 12, 30, tzinfo=UTC)))
    office.order(an_order(1190, None))
    sam = office.sign_in(SAM)
    made = sam.post("/orders/1160/invoice", {"action": "create"})

    waiting = sam.get(LIST)
    everything = " ".join(sam.get(LIST, state="all").rows)

    assert made.status == 303
    assert len(waiting.rows) == 2
    assert "Cannot be invoiced: it is cancelled." in " ".join(waiting.rows)
    for shown in ("1160", "Northwind Traders Bea Buyer", "PO-77", "$122.50", "Open INV-00001", "Sid South", "$999.00"):
        assert shown in everything
    assert "1090" not in everything
    assert "1190" not in everything
    [old] = sam.get(LIST, state="historic").rows
    assert "1090" in old
    assert "it was placed before the cut-over date 2026-01-01" in old
    for query, found in (
        ({"q": "sid"}, ["1170"]),
        ({"q": "o-7"}, ["1160", "1180"]),
        ({"number": "118"}, ["1180"]),
        ({"company": SOUTHSIDE}, ["1170"]),
        ({"status": "5"}, ["1180"]),
        ({"placed_from": "2030-01-01"}, []),
    ):
        rows = sam.get(LIST, state="all", sort="order", **query).rows
        assert [next(word for word in row.split() if word.isdigit()) for row in rows] == found, query


def test_an_order_leads_to_its_page_in_bigcommerce_in_a_new_tab(office: Office) -> None:
    """S7."""
    office.order(an_order(1160))

    [link] = [a for a in office.sign_in(VERA).get(LIST).root.all("a") if "/manage/orders/1160" in (a.get("href") or "")]

    assert link["href"] == "https://store-north1.mybigcommerce.com/manage/orders/1160"
    assert (link["target"], link["rel"]) == ("_blank", "noopener")


def test_selected_orders_become_invoices_in_the_background(office: Office) -> None:
    """S8: a result per order with its link or why it was skipped; pressed twice it is one run."""
    office.order(an_order(1160))
    office.order(an_order(1161))
    office.order(an_order(1162))
    office.shop().orders.add(an_order(1162, status_id=5, status="Cancelled"))
    sam = office.sign_in(SAM)
    form = sam.get(LIST).form("/orders/create-invoices?").fields()
    sent = {"key": form["key"], "choose": "ticked", "order": ["1160", "1162"]}

    started = sam.post("/orders/create-invoices", sent)
    again = sam.post("/orders/create-invoices", sent)
    running = sam.follow(started)
    listed = sam.get(LIST)
    work_off(office)
    done = sam.follow(again)

    assert started.location == again.location
    assert "0 of 2" in running.text
    assert 'http-equiv="refresh"' in running.source
    assert "data-poll" in running.source
    assert "0 of 2 orders are done." in listed.text
    assert started.location in listed.source
    assert "1 invoice created, 1 order skipped." in done.text
    assert 'http-equiv="refresh"' not in done.source
    created, skipped = done.rows
    assert "Created INV-00001" in created
    assert "Skipped Order 1162 cannot be invoiced: it is cancelled." in skipped
    with office.read() as work:
        assert [bool(work.invoices.live_for_order(one)) for one in (1160, 1161, 1162)] == [True, False, False]

    address = "/orders/create-invoices?q=1161&state=not_invoiced"
    asked = sam.post(address, {"key": new_id(), "choose": "all"})
    assert "Create an invoice for 1 order?" in asked.text
    matching = sam.post(address, asked.form(address).fields())
    work_off(office)
    assert "1161" in " ".join(sam.follow(matching).rows)
    nothing = sam.follow(sam.post("/orders/create-invoices", {"key": new_id(), "choose": "ticked"}))
    assert nothing.flash == "Select at least one order."


def test_terms_are_chosen_on_the_review_and_give_the_due_date(office: Office) -> None:
    """S12, R-7: the due date follows the terms, at once and when the invoice is issued."""
    office.order(an_order(1160))
    sam = office.sign_in(SAM)
    review = sam.get("/orders/1160/invoice")
    fields = {**review.form("/orders/1160/invoice").fields(), "terms": "net:7"}

    checked = sam.post("/orders/1160/invoice", {**fields, "action": "check"})
    made = sam.post("/orders/1160/invoice", {**fields, "action": "create"})

    with office.read() as work:
        [invoice] = work.invoices.live_for_order(1160)
    due = invoice.content.issued_on + timedelta(days=7)
    assert made.status == 303
    assert checked.form("/orders/1160/invoice").fields()["due_on"] == due.isoformat()
    assert (invoice.content.due_on, invoice.content.terms_text) == (due, "Net 7")


def test_lines_that_are_unticked_stay_off_the_invoice(office: Office) -> None:
    """S10, R-9: while nothing is captured; the server adds up anew."""
    order = office.order(an_order(1160))
    sam = office.sign_in(SAM)
    fields = sam.get("/orders/1160/invoice").form("/orders/1160/invoice").fields()

    sam.post("/orders/1160/invoice", {**fields, "line": [str(order.lines[0].id)], "action": "create"})

    with office.read() as work:
        [invoice] = work.invoices.live_for_order(1160)
    assert [line.sku for line in invoice.content.lines] == ["SKU-1"]


def test_the_switch_in_the_settings_invoices_new_orders_on_terms(office: Office) -> None:
    """S11, R-12: off at first; on, it acts on orders placed after."""
    adam = office.sign_in(ADAM)
    fields = adam.get("/settings/invoices").form("/settings/invoices").fields()
    assert "automatic_invoices" not in fields

    adam.post("/settings/invoices", {**fields, "automatic_invoices": "yes"})
    with office.work() as work:
        placed = work.now() + timedelta(seconds=1)
        for order_id, at in ((1160, placed), (1161, placed - timedelta(hours=1))):
            shown = an_order(order_id, payment_method="Purchase Order", placed_at=at, modified_at=at)
            office.shop().orders.add(shown)
            work.inbox.put("order", str(order_id))
            work.orders.put([replace(shown, modified_at=at - timedelta(minutes=1))])
    work_off(office)

    with office.read() as work:
        assert [bool(work.invoices.live_for_order(one)) for one in (1160, 1161)] == [True, False]


def test_a_changed_order_is_said_on_both_and_its_invoice_can_follow(office: Office) -> None:
    """R-11: shown with the difference and the act proposed; *Update invoice* does it while the invoice is open."""
    order = office.order(an_order(1160))
    sam = office.sign_in(SAM)
    sam.post("/orders/1160/invoice", {"action": "create"})
    with office.work() as work:
        [invoice] = work.invoices.live_for_order(1160)
        facts = {"invoice_id": invoice.id, "change": "larger"}
        work.reviews.open(a_review(subject_id="1160", facts=facts))
    office.shop().orders.add(replace(order, total=usd(150_00)))

    row = " ".join(sam.get(LIST, state="all").rows)
    detail = sam.get(f"/invoices/{invoice.id}")
    compared = sam.get("/orders/1160/changes")
    done = sam.post("/orders/1160/changes", compared.form("/orders/1160/changes").fields())

    assert "The order changed: update the invoice" in row
    assert "The order changed: update the invoice" in detail.text
    assert "/orders/1160/changes" in detail.source
    assert compared.totals == {"INV-00001": "$122.50", "Order now": "$150.00", "Difference": "$27.50"}
    assert sam.follow(done).flash == "INV-00001 now says what order 1160 says."
    assert office.booked(invoice.id).total == usd(150_00)
    assert sam.post("/orders/1160/changes", {"version": "1"}).status == 409
    assert "There is nothing to do." in sam.get("/orders/1160/changes").text


def test_what_failed_in_the_synchronisation_is_tried_again_from_its_screen(office: Office) -> None:
    """S6, F-23: last order seen, how many wait, what failed and why; *Sync now* shows how far it is."""
    office.order(an_order(1160))
    with office.work() as work:
        work.inbox.put("order", "1171")
        item = work.inbox.claim()
        assert item is not None
        work.inbox.fail(item, "StoreUnreachable: BigCommerce did not answer")
    sam = office.sign_in(SAM)

    page = sam.get("/orders/sync")
    [row] = page.rows
    warned = sam.get(LIST)
    form = page.form(f"/orders/sync/{item.id}/try-again")
    tried = sam.follow(sam.post(f"/orders/sync/{item.id}/try-again", form.fields()))
    started = sam.follow(sam.post("/orders/sync"))

    assert "Order 1171 StoreUnreachable: BigCommerce did not answer tried once" in row
    assert "1160" in page.text
    assert "Orders waiting" in page.text
    assert "1 order could not be read" in warned.text
    assert tried.rows == []
    assert "Nothing failed." in tried.text
    assert "Reading all orders of the last year" in started.text
    assert "data-poll" in started.source
    work_off(office)
    assert "Reading all orders" not in sam.get("/orders/sync").text
