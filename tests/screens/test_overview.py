"""The first page: what is owed, how late, what came in, what waits for a person; every figure equals its list."""

from datetime import timedelta

import pytest

from domain.invoice import Invoice
from domain.payment import Method
from tests.builders import NORTHWIND, SOUTHSIDE, a_payment, a_review, an_invoice, eur, store_day, usd
from tests.screens.html import Element
from tests.screens.kit import FIONA, SAM, VERA, Office, Page

TODAY = store_day()


@pytest.fixture
def trade(office: Office) -> Office:
    """Five invoices of every age, one of them in euros, and three payments."""

    def owed(amount: int, number: str, days: int, company: int = NORTHWIND) -> Invoice:
        due = TODAY + timedelta(days=days)
        return office.invoice(an_invoice(usd(amount), number, company_id=company, due_on=due))

    owed(100_00, "INV-SOON", 3)
    owed(200_00, "INV-LATER", 30)
    owed(50_00, "INV-20", -20)
    owed(70_00, "INV-45", -45, SOUTHSIDE)
    owed(30_00, "INV-100", -100, SOUTHSIDE)
    office.invoice(an_invoice(eur(9_00), "INV-EUR", due_on=TODAY - timedelta(days=1)))
    long_ago = TODAY - timedelta(weeks=11)
    office.payment(usd(12_00), payment=a_payment("PAY-1", effective_on=TODAY))
    office.payment(usd(8_00), payment=a_payment("PAY-2", effective_on=TODAY, method=Method.ONLINE))
    office.payment(usd(5_00), payment=a_payment("PAY-3", effective_on=long_ago))
    office.payment(usd(99_00), payment=a_payment("PAY-4", effective_on=TODAY, method=Method.ELSEWHERE))
    return office


def figures(page: Page) -> dict[str, str]:
    return {one.one("dt").text: one.all("dd")[0].text for one in page.root.all("div", class_="figure")}


def rows_of(page: Page, panel: str) -> list[Element]:
    return [row for part in page.root.one("section", id=panel).all("ul", class_="rows") for row in part.all("li")]


def test_figures_are_of_one_currency_and_lead_to_lists_that_agree(trade: Office) -> None:
    """R-2, ui.md 2: a count equals the list behind it; euros never meet dollars."""
    vera = trade.sign_in(VERA)

    page, euros = vera.get("/", currency="USD"), vera.get("/", currency="EUR")

    assert figures(page) == {
        "Open balance": "$450.00",
        "Overdue": "$150.00",
        "Due in 7 days": "$100.00",
        "Received this month": "$20.00",
    }
    assert figures(euros)["Open balance"] == figures(euros)["Overdue"] == "€9.00"
    parts = [part for part in page.root.all("div", class_="figure") if "invoice" in part.text]
    assert len(parts) == 3
    for part in parts:
        behind = vera.get(part.one("a")["href"])
        assert len(behind.rows) == int(part.all("dd")[1].text.split(" ")[0])
        assert "€" not in behind.root.one("tbody").text


def test_ages_add_up_to_the_open_balance_and_lead_to_their_invoices(trade: Office) -> None:
    vera = trade.sign_in(VERA)
    page = vera.get("/", currency="USD")

    ages = page.root.one("ul", id="ages").all("li")

    assert [age.one("b").text for age in ages] == ["$300.00", "$50.00", "$70.00", "$0.00", "$30.00"]
    assert [vera.get(age.one("a")["href"]).text.count("INV-") > 0 for age in ages] == [True, True, True, False, True]


def test_cash_in_is_a_chart_and_a_table_of_the_same_weeks(trade: Office) -> None:
    """Settled elsewhere is not cash that came in here; the table is the chart for who does not see it."""
    page = trade.sign_in(VERA).get("/", currency="USD")

    panel = page.root.one("section", id="cash")
    weeks = [[cell.text for cell in row.all("td")] for row in panel.one("tbody").all("tr")]

    assert len(weeks) == len(panel.one("svg").all("g")) == 12
    assert (weeks[0], weeks[-1]) == (["$8.00", "$12.00"], ["$0.00", "$5.00"])
    assert panel.one("svg")["role"] == "img"


def test_companies_that_owe_most_late_and_newest_payments_are_named(trade: Office) -> None:
    page = trade.sign_in(VERA).get("/", currency="USD")

    debtors = rows_of(page, "debtors")
    assert [row.one("a").text for row in debtors] == ["Southside Fabrication", "Northwind Traders"]
    assert "$100.00" in debtors[0].text
    assert "2 invoices" in debtors[0].text
    assert {row.one("a").text for row in rows_of(page, "payments")} == {"PAY-1", "PAY-2", "PAY-3", "PAY-4"}


def test_what_waits_for_a_person_is_listed_with_its_way_there(trade: Office) -> None:
    with trade.work() as work:
        work.reviews.open(a_review())
    trade.facts(directory={"problem": "B2B Edition did not answer"})

    page = trade.sign_in(FIONA).get("/")

    waiting = [row.text for row in rows_of(page, "attention")]
    assert waiting[0] == "1 item needs review"
    assert "Companies cannot be read from B2B Edition" in waiting
    assert "Available credit of companies $25.00" not in waiting[0]
    assert any(row.startswith("Available credit of companies") and "$124.00" in row for row in waiting)


def test_sales_staff_see_the_figures_of_their_companies(trade: Office) -> None:
    """T-5: assigned companies bound every sum, not only lists."""
    with trade.read() as work:
        mine = work.queries.figures(frozenset({SOUTHSIDE}))
        [usd_only] = mine
    assert (usd_only.open.amount, usd_only.overdue.count) == (usd(100_00), 2)
    assert [one.name for one in usd_only.debtors] == ["Southside Fabrication"]


def test_an_empty_store_says_what_will_be_here(office: Office) -> None:
    page = office.sign_in(SAM).get("/")

    assert "Nothing is owed" in page.text
    assert "Nothing waits for you." in page.text
    assert "No payments yet." in page.text
