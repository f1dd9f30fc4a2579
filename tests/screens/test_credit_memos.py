"""*Issue credit memo* and *Write off*: from the invoice, once, with tax by rate; taken back again (R-3, R-4)."""

from dataclasses import replace

import pytest

from domain.company_accounts import CreditMemoFilter
from domain.invoice import ClosedBy, Invoice, Status
from tests.builders import NORTHWIND, a_line, a_payment, an_invoice, usd
from tests.screens.kit import FIONA, SAM, Browser, Office, Page


@pytest.fixture
def sold(office: Office) -> Invoice:
    """Four bolts and a box, 100.00 net and 10.00 tax."""
    invoice = an_invoice(usd(110_00), "INV-1", tax=10_00)
    lines = (a_line(usd(80_00), "Bolts", 4), a_line(usd(20_00), "Box"))
    return office.invoice(replace(invoice, content=replace(invoice.content, lines=lines)))


def form_of(browser: Browser, **query: str) -> dict[str, str]:
    return browser.get("/credit-memos/new", **query).form("/credit-memos/new").fields()


def memos(office: Office) -> list[str]:
    with office.read() as work:
        return [row.number for row in work.accounts.credit_memos(CreditMemoFilter(), 10, None).rows]


def errors(page: Page) -> set[str]:
    return {item["data-code"] for box in page.root.all(id="errors") for item in box.all("li")}


def test_some_lines_of_an_invoice_are_credited_with_their_tax(office: Office, sold: Invoice) -> None:
    """S23, R-4: previewed, issued once however often it is sent, applied to the invoice, its own number series."""
    fiona = office.sign_in(FIONA)
    assert fiona.get(f"/invoices/{sold.id}").root.all("a", href=f"/credit-memos/new?invoice={sold.id}")
    form = {**form_of(fiona, invoice=sold.id), "quantity-0": "2", "reason": "Two came back"}

    preview = fiona.post("/credit-memos/new", {**form, "action": "check"})
    first, again = (fiona.post("/credit-memos/new", {**form, "action": "issue"}) for _ in range(2))
    done = fiona.follow(first)

    assert preview.totals == {"Lines": "$40.00", "Sales tax": "$4.00", "Credit": "$44.00", "Applied": "−$44.00",
                              "Stays available": "$0.00"}  # fmt: skip
    assert "Credit memo CM-00001 issued." in done.flash
    assert again.location == first.location
    assert memos(office) == ["CM-00001"]
    assert "Two came back" in done.text
    assert "INV-1" in done.rows[1]
    assert office.booked(sold.id).balance == usd(66_00)
    assert fiona.get(f"/invoices/{sold.id}").totals["Credited"] == "−$44.00"
    left = fiona.get("/credit-memos/new", invoice=sold.id)
    assert "2 of 4" in left.text


def test_more_than_is_left_is_refused_at_the_lines(office: Office, sold: Invoice) -> None:
    fiona = office.sign_in(FIONA)
    form = {**form_of(fiona, invoice=sold.id), "reason": "Back"}

    too_many = fiona.post("/credit-memos/new", {**form, "quantity-0": "5", "action": "issue"})
    nothing = fiona.post("/credit-memos/new", {**form, "action": "issue"})
    unsaid = fiona.post("/credit-memos/new", {**form, "quantity-0": "1", "reason": "", "action": "issue"})
    wrong = fiona.post("/credit-memos/new", {**form, "quantity-1": "one", "action": "issue"})

    assert (too_many.status, errors(too_many)) == (400, {"more_than_invoiced"})
    assert errors(nothing) == {"input_invalid"}
    assert unsaid.errors == {"reason": "reason_required"}
    assert wrong.errors == {"quantity-1": "input_invalid"}
    assert memos(office) == []


def test_a_free_credit_stays_until_it_is_applied_and_can_be_taken_back(office: Office, sold: Invoice) -> None:
    """R-4: company credit, then set off against invoices, then available again."""
    fiona = office.sign_in(FIONA)
    form = {**form_of(fiona, company=str(NORTHWIND)), "description-0": "Goodwill", "amount-0": "30.00"}
    form |= {"rate-0": "10", "reason": "Late", "action": "issue"}

    issued = fiona.follow(fiona.post("/credit-memos/new", form))
    page = issued.form(issued.root.one("form", method="post")["action"])
    apply = page["action"]
    refused = fiona.post(apply, {**page.fields(), f"apply-{sold.id}": "33.01", "action": "typed"})
    applied = fiona.follow(fiona.post(apply, {**page.fields(), "action": "oldest"}))
    balance = office.booked(sold.id).balance
    back = next(link["href"] for link in applied.root.all("a") if "take-back" in link.get("href"))
    taken = fiona.follow(fiona.post(back, {"reason": "Meant for another"}))
    twice = fiona.post(back, {"reason": "Again"})

    assert issued.totals["Available"] == "$33.00"
    assert errors(refused) == {"more_than_available"}
    assert (applied.totals["Available"], balance) == ("$0.00", usd(77_00))
    assert taken.totals["Available"] == "$33.00"
    assert office.booked(sold.id).balance == usd(110_00)
    assert twice.status == 409
    assert "took it back from an invoice" in taken.text


def test_credit_is_not_applied_where_money_is_on_its_way(office: Office, sold: Invoice) -> None:
    """R-19: the sentence stands on the page, nothing is issued."""
    with office.work() as work:
        work.payments.add(a_payment(pending={sold.id: 110_00}))
    fiona = office.sign_in(FIONA)

    page = fiona.post("/credit-memos/new", {**form_of(fiona, invoice=sold.id), "quantity-0": "1", "reason": "Back",
                                            "action": "issue"})  # fmt: skip

    assert page.errors == {"apply_to": "payment_pending"}
    assert memos(office) == []


def test_the_list_finds_credit_memos(office: Office, sold: Invoice) -> None:
    fiona = office.sign_in(FIONA)
    assert "No credit memos yet" in fiona.get("/credit-memos").text
    form = {**form_of(fiona, invoice=sold.id), "quantity-0": "2", "reason": "Back", "action": "issue"}
    fiona.post("/credit-memos/new", form)

    assert len(fiona.get("/credit-memos").rows) == 1
    assert len(fiona.get("/credit-memos", q="cm-00001").rows) == 1
    assert "No credit memos match" in fiona.get("/credit-memos", view="available").text


def test_a_balance_is_written_off_with_a_reason_and_taken_back(office: Office, sold: Invoice) -> None:
    """R-4: S23; the seller reads who, why and how much, tax and paper stay."""
    fiona, address = office.sign_in(FIONA), f"/invoices/{sold.id}/write-off"
    form = fiona.get(address).form(address).fields()

    done = fiona.follow(fiona.post(address, {**form, "reason": "insolvent", "note": "Court letter"}))
    closed = office.booked(sold.id)
    reverse = f"{address}/reverse"
    back = fiona.get(reverse).form(reverse).fields()
    opened = fiona.follow(fiona.post(reverse, {**back, "note": "They paid after all"}))

    assert "Written off. INV-1 is closed." in done.flash
    assert "The company is insolvent. Court letter" in done.text
    assert (closed.closed_by, closed.total) == (ClosedBy.WRITTEN_OFF, usd(110_00))
    assert "INV-1 is owed $110.00" in opened.flash
    assert office.booked(sold.id).status is Status.OPEN


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"amount": "110.01"}, "amount", "more_than_owed"),
        ({"amount": "0"}, "amount", "input_invalid"),
        ({"amount": "ten"}, "amount", "input_invalid"),
        ({"reason": "fun"}, "reason", "input_invalid"),
        ({"reason": "other"}, "note", "reason_required"),
    ],
)
def test_a_write_off_that_does_not_fit_is_refused_at_its_field(
    office: Office, sold: Invoice, typed: dict[str, str], field: str, code: str
) -> None:
    fiona, address = office.sign_in(FIONA), f"/invoices/{sold.id}/write-off"

    page = fiona.post(address, {**fiona.get(address).form(address).fields(), **typed})

    assert (page.status, page.errors) == (400, {field: code})
    assert office.booked(sold.id).balance == usd(110_00)


def test_only_those_who_may_are_offered_them(office: Office, sold: Invoice) -> None:
    def offered(user_id: int) -> bool:
        page = office.sign_in(user_id).get(f"/invoices/{sold.id}")
        return any("write-off" in link.get("href") or "credit-memos" in link.get("href") for link in page.root.all("a"))

    assert (offered(FIONA), offered(SAM)) == (True, False)
