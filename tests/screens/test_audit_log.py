"""The audit log on screen and as a file: who, when, what, before and after, from where (I-13, ui.md 4.12)."""

import csv
import io
from dataclasses import replace

from domain.events import Act
from domain.staff import SalesPerson
from tests.builders import SOUTHSIDE, an_invoice, finance, usd
from tests.screens.kit import ADAM, FIONA, NED, OLIVIA, SAM, VERA, Office


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_an_act_says_who_did_what_to_which_thing_and_from_where(office: Office) -> None:
    adam = office.sign_in(ADAM)
    invoice = office.invoice(an_invoice(usd(100_00), "INV-7"))

    adam.post(f"/users/{VERA}/role", {"role": "IP-Finance"})
    page = adam.get("/audit")

    newest, before = page.rows[0], page.rows[1]
    assert "user5@north1.example IP-Admin Changed the role of user4@north1.example" in newest
    assert "Role Viewer → became IP-Finance" in newest
    assert newest.endswith("127.0.0.1")
    assert "fiona@example.com IP-Finance" in before
    assert page.root.one("a", href=f"/invoices/{invoice.id}").text == "INV-7"
    assert [form["action"] for form in page.root.all("form", method="post")] == ["/audit/export?"]


def test_filters_find_by_person_area_thing_and_day(office: Office) -> None:
    office.invoice(an_invoice(usd(100_00), "INV-7"))
    adam, olivia = office.sign_in(ADAM), office.sign_in(OLIVIA)
    adam.post(f"/users/{VERA}/role", {"role": "IP-Finance"})
    olivia.post("/settings/keys", {"name": "ERP", "scopes": ["invoices:read"]})

    def found(**query: str) -> int:
        page = adam.get("/audit", **query)
        assert page.status == 200
        return len(page.rows)

    assert found() == 3
    assert (found(who=f"staff:{ADAM}"), found(who=f"staff:{NED}"), found(who="staff"), found(who="erp")) == (1, 0, 3, 0)
    assert (found(area="people"), found(area="invoices"), found(area="payments")) == (2, 1, 0)
    assert (found(q="inv-7"), found(q="INV-8")) == (1, 0)
    assert (found(from_day="2020-01-01"), found(to_day="2020-01-01"), found(from_day="2900-01-01")) == (3, 0, 0)
    # What makes no sense is no filter.
    assert found(who="boss", area="weather", from_day="soon", limit="7", cursor="zzz") == 3
    nothing = adam.get("/audit", q="INV-8")
    assert "Nobody did anything that fits all of these filters." in nothing.text
    assert "“INV-8”" in nothing.root.one("ul", class_="chips").text


def test_the_log_is_read_page_by_page(office: Office) -> None:
    with office.work() as work:
        for number in range(60):
            work.book(finance(), Act("settings.changed", "store", "1", {"n": number}))
    adam = office.sign_in(ADAM)

    first = adam.get("/audit")
    second = adam.get("/audit" + first.root.all("a", rel="next")[0]["href"])
    third = adam.get("/audit" + second.root.all("a", rel="next")[0]["href"])

    assert [len(page.rows) for page in (first, second, third)] == [25, 25, 10]
    assert len({*first.rows, *second.rows, *third.rows}) == 60
    assert third.root.all("a", rel="next") == []


def test_the_file_holds_what_is_filtered_safe_for_a_spreadsheet(office: Office) -> None:
    """T-24: no text of a stranger becomes a formula."""
    evil = '=HYPERLINK("http://evil.example")'
    with office.work() as work:
        act = Act("payment.reversed", "payment", "x", {"number": "PAY-1"}, {"reason": evil})
        work.book(replace(finance(), name="+cmd|' /C calc'!A0"), act)
        for number in range(600):
            work.book(finance(), Act("settings.changed", "store", "1", {"n": [number, number + 1]}))
    fiona = office.sign_in(FIONA)

    whole = fiona.post("/audit/export", {"form": "csv"})
    some = lines(fiona.post("/audit/export?area=payments", {"form": "csv"}).source)

    assert whole.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in whole.headers["Content-Disposition"]
    rows = lines(whole.source)
    assert len(rows) == 1 + 601
    assert "n: 599 → 600" in rows[1]
    assert len(some) == 2
    who = some[0].index("Who")
    assert some[1][who] == "'+cmd|' /C calc'!A0"
    assert f"reason: {evil}" in some[1]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_only_who_may_see_the_log_sees_it(office: Office) -> None:
    for user_id, status in ((SAM, 403), (VERA, 403), (FIONA, 200), (ADAM, 200)):
        browser = office.sign_in(user_id)
        assert (browser.get("/audit").status, browser.post("/audit/export", {"form": "csv"}).status) == (status, status)


def test_a_sales_person_with_the_right_sees_acts_on_the_own_companies_only(office: Office) -> None:
    office.facts(role_rights={"IP-Sales": {"view the audit log": True}})
    with office.work() as work:
        work.staff.put_sales([SalesPerson(301, "user2@north1.example", "Sam", "Sales Rep", frozenset({SOUTHSIDE}))])
    office.invoice(an_invoice(usd(100_00), "INV-7"))
    office.invoice(an_invoice(usd(100_00), "INV-8", company_id=SOUTHSIDE))
    office.sign_in(ADAM).post(f"/users/{VERA}/role", {"role": "IP-Finance"})

    page = office.sign_in(SAM).get("/audit")

    assert len(page.rows) == 1
    assert "INV-8" in page.rows[0]
    assert len(lines(office.sign_in(SAM).post("/audit/export", {"form": "csv"}).source)) == 2
