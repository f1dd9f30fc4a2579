"""*Record payment*: a check, cash or transfer, applied to open invoices (R-21), with a preview that tells the truth."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest

from domain.invoice import Invoice, Status
from domain.listing import PaymentFilter
from domain.money import Money
from domain.payment import Method, Payment
from tests.builders import NORTHWIND, SOUTHSIDE, a_payment, an_invoice, eur, store_day, usd
from tests.screens.html import Element
from tests.screens.kit import FIONA, Browser, Office, Page

RECORD = "/payments/record"
TODAY = store_day()


@pytest.fixture
def fiona(office: Office) -> Browser:
    return office.sign_in(FIONA)


@pytest.fixture
def owed(office: Office) -> list[Invoice]:
    """Three invoices of 100, 200 and 300 dollars, the first due first."""
    return [
        office.invoice(an_invoice(usd(amount), number, due_on=TODAY + timedelta(days=days)))
        for amount, number, days in ((100_00, "INV-1", -9), (200_00, "INV-2", 3), (300_00, "INV-3", 20))
    ]


def opened(browser: Browser, **query: object) -> Page:
    return browser.get(RECORD, company=NORTHWIND, currency="USD", **query)


def press(browser: Browser, page: Page, action: str, **changes: object) -> Page:
    """The form as it stands, with what the person typed and the button pressed."""
    button = {"fill": changes.pop("fill")} if "fill" in changes else {"action": action}
    return browser.post(RECORD, {**page.form(RECORD).fields(), **changes, **button})


def apply(*parts: tuple[Invoice, str]) -> dict[str, str]:
    return {f"apply-{invoice.id}": amount for invoice, amount in parts}


def a_check(amount: str, memo: str = "Check 10442") -> dict[str, str]:
    return {"amount": amount, "memo": memo, "method": "check", "received_on": TODAY.isoformat()}


def applied(page: Page) -> dict[str, str]:
    """Number to amount as it stands in the fields."""
    fields = page.form(RECORD).fields()
    rows = [row for row in page.root.one("table").all("tr") if row.all("input")]
    return {number(row): str(fields[row.one("input")["name"]]) for row in rows}


def then(page: Page) -> dict[str, str]:
    """Number to what would be owed after it."""
    return {
        number(row): row.one("td", class_="at-then").text
        for row in page.root.one("table").all("tr")
        if row.all("input")
    }


def number(row: Element) -> str:
    return row.one("th").one("a").text.split(" ")[0]


def balances(office: Office, *invoices: Invoice) -> list[Money]:
    return [office.booked(one.id).balance for one in invoices]


def payments_of(office: Office) -> list[Payment]:
    with office.read() as work:
        rows = work.queries.payments(PaymentFilter(sort="number"), 100, None).rows
        return [work.payments.get(row.id) for row in rows]


# --- choosing ----------------------------------------------------------------------------------------------------
def test_first_the_company_is_chosen(fiona: Browser) -> None:
    page = fiona.get(RECORD)

    assert [one.text for one in page.root.one("select", id="company").all("option")] == [
        "Choose a company",
        "Northwind Traders",
        "Southside Fabrication",
    ]
    assert page.root.all("form", method="post") == []


def test_open_invoices_of_company_and_currency_are_offered_oldest_due_first(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    office.invoice(an_invoice(eur(50_00), "INV-EUR"))
    office.invoice(an_invoice(usd(50_00), "INV-SOUTH", company_id=SOUTHSIDE, company_name="Southside Fabrication"))
    office.payment(usd(300_00), [(owed[2], usd(300_00))])

    dollars, euros = opened(fiona), fiona.get(RECORD, company=NORTHWIND, currency="EUR")

    assert list(applied(dollars)) == ["INV-1", "INV-2"]
    assert list(applied(euros)) == ["INV-EUR"]
    assert [one["value"] for one in dollars.root.one("select", id="currency").all("option")] == ["EUR", "USD"]


def test_an_invoice_brings_its_company_and_its_whole_balance_along(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    page = fiona.get(RECORD, invoice=owed[1].id)

    assert applied(page) == {"INV-1": "", "INV-2": "200.00", "INV-3": ""}
    assert then(page) == {"INV-1": "not applied", "INV-2": "Paid", "INV-3": "not applied"}


def test_invoices_of_another_company_are_left_out_and_said_so(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    theirs = office.invoice(an_invoice(usd(50_00), "INV-SOUTH", company_id=SOUTHSIDE))

    page = fiona.open("GET", f"{RECORD}?invoice={owed[0].id}&invoice={theirs.id}&invoice={owed[2].id}")

    assert applied(page) == {"INV-1": "100.00", "INV-2": "", "INV-3": "300.00"}
    assert "left out" in page.flash


def test_a_company_that_owes_nothing_can_still_pay(office: Office, fiona: Browser) -> None:
    """D3: money is never refused."""
    page = opened(fiona)
    assert "Northwind Traders owes nothing in USD" in page.text

    done = press(fiona, page, "record", **a_check("25.00"))

    assert done.status == 303
    [payment] = payments_of(office)
    assert payment.available == usd(25_00)


# --- previewing --------------------------------------------------------------------------------------------------
def test_oldest_first_fills_the_oldest_due_and_shows_what_is_left(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "oldest_first", **a_check("250.00"))

    assert applied(page) == {"INV-1": "100.00", "INV-2": "150.00", "INV-3": ""}
    assert then(page) == {"INV-1": "Paid", "INV-2": "$50.00 left", "INV-3": "not applied"}
    assert page.totals == {"Amount": "$250.00", "Applied": "−$250.00", "Available": "$0.00"}
    assert "Record payment of $250.00" in page.text


def test_clear_empties_every_field_and_keeps_the_rest(fiona: Browser, owed: list[Invoice]) -> None:
    filled = press(fiona, opened(fiona), "oldest_first", **a_check("250.00"))

    page = press(fiona, filled, "clear")

    assert set(applied(page).values()) == {""}
    assert page.totals["Available"] == "$250.00"
    fields = page.form(RECORD).fields()
    assert (fields["amount"], fields["memo"], fields["method"]) == ("250.00", "Check 10442", "check")


def test_the_full_balance_of_one_invoice_keeps_the_others(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "", **a_check("260.00"), **apply((owed[0], "60.00")), fill=owed[1].id)

    assert applied(page) == {"INV-1": "60.00", "INV-2": "200.00", "INV-3": ""}
    assert then(page) == {"INV-1": "$40.00 left", "INV-2": "Paid", "INV-3": "not applied"}
    assert page.totals["Available"] == "$0.00"


def test_what_is_not_applied_is_shown_as_credit_before_it_is_booked(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "check", **a_check("110.00"), **apply((owed[0], "100.00")))

    assert page.totals["Available"] == "$10.00"
    assert "stays as credit of Northwind Traders" in page.text


def test_a_preview_needs_no_memo_yet(fiona: Browser, owed: list[Invoice]) -> None:
    """The check number may be typed last; until then the sums are true all the same."""
    page = press(fiona, opened(fiona), "oldest_first", **a_check("250.00", memo=""))

    assert page.errors == {}
    assert then(page)["INV-1"] == "Paid"
    assert page.totals["Applied"] == "−$250.00"


def test_invoices_may_be_filled_in_before_the_amount(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "", **a_check(""), fill=owed[0].id)

    assert (page.status, page.errors, applied(page)["INV-1"], then(page)["INV-1"]) == (200, {}, "100.00", "Paid")
    assert page.totals == {"Amount": "not entered"}


def test_oldest_first_needs_an_amount(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "oldest_first", **a_check(""))

    assert page.errors == {"amount": "amount_invalid"}


def test_a_preview_says_what_is_no_day(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "check", **{**a_check("50.00"), "received_on": "soon"})

    assert page.errors == {"received_on": "input_invalid"}
    assert page.totals["Amount"] == "$50.00"


def test_a_preview_of_too_much_shows_by_how_much_and_where(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "check", **a_check("50.00"), **apply((owed[0], "100.00"), (owed[1], "250.00")))

    assert page.errors == {"amount": "more_than_received"}
    assert page.totals == {"Amount": "$50.00", "Applied": "−$350.00", "Available": "−$300.00"}


def test_a_preview_says_at_the_line_what_it_cannot_take(fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "check", **a_check("500.00"), **apply((owed[0], "100.01"), (owed[1], "20.00")))

    assert page.errors == {f"apply-{owed[0].id}": "more_than_owed"}
    assert "INV-1 is only owed $100.00." in page.text
    assert then(page)["INV-2"] == "$180.00 left"


def test_a_preview_books_nothing_and_takes_no_number(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    before = office.digest("session")

    for action in ("check", "oldest_first", "clear"):
        press(fiona, opened(fiona), action, **a_check("250.00"), **apply((owed[0], "100.00")))

    assert office.digest("session") == before


def test_credit_the_company_already_has_is_shown(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    office.payment(usd(40_00))

    page = opened(fiona)

    assert page.totals["Credit Northwind Traders already has"] == "$40.00"


# --- recording ---------------------------------------------------------------------------------------------------
def test_recording_books_what_the_preview_showed(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    parts = apply((owed[0], "100.00"), (owed[1], "50.00"))
    page = press(fiona, opened(fiona), "check", **a_check("160.00"), **parts)

    done = fiona.follow(press(fiona, page, "record"))

    [payment] = payments_of(office)
    assert (payment.amount, payment.applied, payment.available) == (usd(160_00), usd(150_00), usd(10_00))
    assert (payment.method, payment.memo, payment.recorded_by) == (Method.CHECK, "Check 10442", "user3@north1.example")
    assert balances(office, *owed) == [usd(0), usd(150_00), usd(300_00)]
    assert office.booked(owed[0].id).status is Status.CLOSED
    assert done.flash == f"Payment {payment.number} recorded."
    assert done.totals == {"Received": "$160.00", "Applied": "−$150.00", "Available": "$10.00"}
    assert "Record another" in done.text
    applied_to = done.root.one(id="applied").one("tbody").all("tr")
    assert [row.text.split(" ")[0] for row in applied_to] == ["INV-1", "INV-2"]


def test_amounts_may_be_typed_as_people_write_them(office: Office, fiona: Browser) -> None:
    big = office.invoice(an_invoice(usd(12_345_67), "INV-BIG"))

    press(fiona, opened(fiona), "record", **a_check("12,345.67"), **apply((big, " 12,345.67 ")))

    assert balances(office, big) == [usd(0)]


def test_sending_the_form_twice_books_once(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    """I-8: a double click, a reload, the back button."""
    page = press(fiona, opened(fiona), "check", **a_check("100.00"), **apply((owed[0], "100.00")))

    answers = [press(fiona, page, "record") for _ in range(3)]

    [payment] = payments_of(office)
    assert {one.location for one in answers} == {f"/payments/{payment.id}?recorded=1"}
    assert balances(office, owed[0]) == [usd(0)]


def test_sending_the_form_twice_at_once_books_once(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    page = press(fiona, opened(fiona), "check", **a_check("100.00"), **apply((owed[0], "100.00")))
    same_session = [office.visitor() for _ in range(4)]
    for browser in same_session:
        browser.client.set_cookie("__Host-portal", fiona.token, domain="portal.example", secure=True)
    together = Barrier(len(same_session))

    def go(browser: Browser) -> Page:
        together.wait(10)
        return press(browser, page, "record")

    with ThreadPoolExecutor(len(same_session)) as threads:
        answers = list(threads.map(go, same_session))

    [payment] = payments_of(office)
    assert {(one.status, one.location) for one in answers} == {(303, f"/payments/{payment.id}?recorded=1")}


def test_a_sent_form_changed_and_sent_again_is_asked_about(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    """Back, another amount, record: whether that is a correction or a second payment only the person knows."""
    page = opened(fiona)
    press(fiona, page, "record", **a_check("100.00"))

    asked = press(fiona, page, "record", **a_check("70.00", "Check 10443"))

    assert (asked.status, len(payments_of(office))) == (409, 1)
    assert "already recorded a payment" in asked.text
    assert asked.form(RECORD).fields()["amount"] == "70.00"
    assert press(fiona, asked, "record").status == 303
    assert [one.amount for one in payments_of(office)] == [usd(100_00), usd(70_00)]


def test_a_payment_just_like_another_is_asked_about_once(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    """R-21: same company, method, memo and amount."""
    press(fiona, opened(fiona), "record", **a_check("100.00"))
    [first] = payments_of(office)

    asked = press(fiona, opened(fiona), "record", **a_check("100.00"))

    assert (asked.status, len(payments_of(office))) == (409, 1)
    assert "You may have recorded this before" in asked.text
    assert asked.root.one("a", href=f"/payments/{first.id}").text == first.number
    assert press(fiona, asked, "record", confirm_duplicate="yes").status == 303
    assert len(payments_of(office)) == 2


# --- refusals ----------------------------------------------------------------------------------------------------
def refused(office: Office, page: Page, **errors: str) -> None:
    assert page.status in (400, 409)
    assert page.errors == {name.replace("__", "-"): code for name, code in errors.items()}
    assert payments_of(office) == []


def test_more_than_an_invoice_is_owed_is_refused_at_its_field(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    parts = apply((owed[0], "100.01"), (owed[1], "200.00"), (owed[2], "300.01"))

    page = press(fiona, opened(fiona), "record", **a_check("1000.00"), **parts)

    refused(office, page, **{f"apply-{owed[0].id}": "more_than_owed", f"apply-{owed[2].id}": "more_than_owed"})
    assert applied(page) == {"INV-1": "100.01", "INV-2": "200.00", "INV-3": "300.01"}
    assert balances(office, *owed) == [usd(100_00), usd(200_00), usd(300_00)]


def test_more_applied_than_received_is_refused_at_the_amount(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    page = press(fiona, opened(fiona), "record", **a_check("99.99"), **apply((owed[0], "100.00")))

    refused(office, page, amount="more_than_received")


def test_a_check_needs_its_number(office: Office, fiona: Browser) -> None:
    page = press(fiona, opened(fiona), "record", **a_check("10.00", memo="  "))

    refused(office, page, memo="memo_required")


def test_cash_needs_no_memo(office: Office, fiona: Browser) -> None:
    done = press(fiona, opened(fiona), "record", **{**a_check("10.00", memo=""), "method": "cash"})

    assert done.status == 303


NO_AMOUNTS = ["", "0", "0.00", "-5", "1.005", "1e3", "NaN", "1_000", "１０", "ten", "1,00", "9" * 16, "$5"]


def test_what_is_no_amount_is_refused_at_its_field(office: Office, fiona: Browser) -> None:
    """T-15."""
    page = opened(fiona)

    for amount in NO_AMOUNTS:
        answer = press(fiona, page, "record", **a_check(amount))
        refused(office, answer, amount="amount_invalid")
        assert answer.form(RECORD).fields()["amount"] == amount


def test_what_is_no_amount_is_refused_at_its_line(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    page = opened(fiona)

    for amount in ("-5", "1.005", "1e3", "ten", "１０"):
        answer = press(fiona, page, "record", **a_check("10.00"), **apply((owed[1], amount)))
        refused(office, answer, **{f"apply-{owed[1].id}": "input_invalid"})
        assert applied(answer)["INV-2"] == amount


def test_a_day_that_is_none_is_refused_at_its_field(office: Office, fiona: Browser) -> None:
    page = opened(fiona)

    for received_on in ("", "yesterday", "2026-02-30", "31/12/2026"):
        answer = press(fiona, page, "record", **{**a_check("10.00"), "received_on": received_on})
        refused(office, answer, received_on="input_invalid")


def test_a_day_in_the_future_is_refused_at_its_field(office: Office, fiona: Browser) -> None:
    later = date.today() + timedelta(days=2)  # noqa: DTZ011 - two days ahead in any zone

    page = press(fiona, opened(fiona), "record", **{**a_check("10.00"), "received_on": later.isoformat()})

    refused(office, page, received_on="received_in_future")


def test_a_method_a_person_cannot_record_is_refused(office: Office, fiona: Browser) -> None:
    """What is mistyped never turns into “Other”."""
    page = opened(fiona)

    for method in ("", "online", "order", "bitcoin"):
        answer = press(fiona, page, "record", **{**a_check("10.00"), "method": method})
        refused(office, answer, method="input_invalid")


def test_an_invoice_paid_meanwhile_is_refused_and_nothing_is_booked(
    office: Office, fiona: Browser, owed: list[Invoice]
) -> None:
    """F-10: somebody else was faster; the form still holds the line."""
    page = press(fiona, opened(fiona), "check", **a_check("100.00"), **apply((owed[0], "100.00")))
    office.payment(usd(100_00), [(owed[0], usd(100_00))], a_payment("PAY-FAST", memo="Wire"))

    late = press(fiona, page, "record")

    assert late.status == 409
    assert "INV-1" in late.root.one(id="errors").text
    assert [one.number for one in payments_of(office)] == ["PAY-FAST"]


def test_an_invoice_of_another_company_is_refused(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    theirs = office.invoice(an_invoice(usd(50_00), "INV-SOUTH", company_id=SOUTHSIDE))

    page = press(fiona, opened(fiona), "record", **a_check("50.00"), **apply((theirs, "50.00")))

    assert page.status == 409
    assert "INV-SOUTH belongs to another company." in page.text
    assert payments_of(office) == []


def test_everything_wrong_at_once_keeps_everything_typed(office: Office, fiona: Browser, owed: list[Invoice]) -> None:
    typed = {
        "amount": "abc",
        "memo": "Check 9",
        "method": "bank_transfer",
        "received_on": "soon",
        **apply((owed[0], "x")),
    }

    page = press(fiona, opened(fiona), "record", **typed)

    fields = page.form(RECORD).fields()
    assert {name: fields[name] for name in typed} == typed
    assert page.root.one("title").text.startswith("Error: ")
