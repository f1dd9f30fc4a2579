"""Two stores with the same numbers, ids and people: nobody sees, counts or changes the other's (T-6, I-10)."""

from datetime import date

import pytest

from domain.review import ReviewKind
from tests.builders import NORTHWIND, a_company, a_payment, a_review, an_invoice, an_order, usd
from tests.screens.kit import ADAM, FIONA, OLIVIA, SAM, Browser, Office, Page
from tests.screens.routes import Stop, documents_of, screen_rules, stops

NOWHERE = "00000000-0000-4000-8000-000000000000"


def reach(browser: Browser, stop: Stop) -> Page:
    """As a person would who has everything but the right store."""
    fields = {"reason": "returned", "role": "Viewer", "action": "create"}
    return browser.post(stop.path, fields) if stop.is_unsafe else browser.get(stop.path)


def with_ids(office: Office, documents: dict[str, object]) -> list[Stop]:
    named = {rule.endpoint for rule in screen_rules(office.app) if rule.arguments}
    return [stop for stop in stops(office, documents) if stop.endpoint in named]


def test_an_id_of_the_other_store_is_not_there_on_any_screen(office: Office) -> None:
    """The same 404 as for what exists nowhere, and nothing changes in either store."""
    theirs = documents_of(office, office.south)
    theirs["order_id"] = office.order(an_order(2222), store=office.south).id
    theirs["user_id"] = 77
    theirs["company_id"] = 2222
    with office.work(office.south) as work:
        work.companies.put([a_company(2222, "Only here")])
        work.staff.put(type(work.staff.find(SAM))(77, "only@south1.example", None))
    nowhere = {name: NOWHERE if isinstance(one, str) else 3333 for name, one in theirs.items()}
    olivia = office.sign_in(OLIVIA)
    before = office.digest("session")

    met = [
        (reach(olivia, one), reach(olivia, other))
        for one, other in zip(with_ids(office, theirs), with_ids(office, nowhere), strict=True)
    ]

    assert len(met) >= 7
    assert {page.status for pair in met for page in pair} == {404}
    assert {page.code for pair in met for page in pair} == {"not_found"}
    assert all(one.text == other.text for one, other in met)
    assert office.digest("session") == before


def test_the_owner_of_those_ids_reaches_every_one_of_them(office: Office) -> None:
    """The test above would pass for any broken address; here the same addresses work, or say what is missing."""
    theirs = documents_of(office, office.south)

    met = [reach(office.sign_in(OLIVIA, office.south), stop) for stop in with_ids(office, theirs)]

    assert {200, 303} <= {page.status for page in met} <= {200, 303, 400, 409}


def fill(office: Office, south: bool) -> None:
    """The same numbers in both stores; names and amounts tell them apart."""
    store = office.south if south else office.north
    mark, amount = ("Zulu", usd(222_00)) if south else ("Alfa", usd(111_00))
    with office.work(store) as work:
        work.companies.put([a_company(name=f"{mark} Company")])
    invoice = office.invoice(
        an_invoice(
            amount, "INV-00001", company_name=f"{mark} Company", po_number=f"{mark}-PO", due_on=date(2027, 1, 1)
        ),
        store,
    )
    paper = a_payment("PAY-00001", memo=f"{mark} memo")
    office.payment(amount, [(invoice, usd(1_00))], paper, store)
    office.order(an_order(1160, buyer_name=f"{mark} Buyer"), store=store)
    with office.work(store) as work:
        work.reviews.open(a_review(ReviewKind.ORDER_CHANGED, found=f"{mark} finding"))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/orders",
        "/orders?state=all",
        "/invoices",
        "/invoices?status=all&q=00001",
        "/payments",
        "/payments?q=00001",
        "/payments/record?company=11",
        "/reviews",
        "/users",
        "/settings/health",
    ],
)
def test_no_list_shows_or_counts_what_belongs_to_the_other_store(office: Office, path: str) -> None:
    fill(office, south=False)
    fill(office, south=True)

    page = office.sign_in(OLIVIA).get(path)

    assert page.status == 200
    assert not any(word in page.source for word in ("Zulu", "south1", "222.00", "221.00"))
    assert "north1" in page.text


def test_the_same_number_opens_the_own_document(office: Office) -> None:
    fill(office, south=False)
    fill(office, south=True)
    fiona, fiona_of_south = office.sign_in(FIONA), office.sign_in(FIONA, office.south)

    north = fiona.get(fiona.get("/invoices").root.all("th", class_="at-title")[0].one("a")["href"])
    south = fiona_of_south.get(fiona_of_south.get("/invoices").root.all("th", class_="at-title")[0].one("a")["href"])

    assert ("$111.00" in north.text, "$222.00" in north.text) == (True, False)
    assert ("$111.00" in south.text, "$222.00" in south.text) == (False, True)


def test_a_payment_cannot_be_applied_to_the_other_stores_invoice(office: Office) -> None:
    """Ids in forms are as little believed as ids in addresses."""
    theirs = office.invoice(an_invoice(usd(50_00)), office.south)
    fiona = office.sign_in(FIONA)
    form = {"company": NORTHWIND, "currency": "USD", "received_on": "2026-11-01", "method": "cash", "amount": "50.00"}
    before = office.digest("session")

    answers = [
        fiona.post("/payments/record", {**form, "action": "record", f"apply-{one}": "50.00"})
        for one in (theirs.id, NOWHERE)
    ]

    assert answers[0].status == 409
    assert len({(page.status, page.text.replace(theirs.id, "")) for page in answers}) == 1
    assert theirs.number not in answers[0].text
    assert office.digest("session") == before


def test_a_form_for_a_company_of_the_other_store_is_not_there(office: Office) -> None:
    with office.work(office.south) as work:
        work.companies.put([a_company(99, "Only in the south")])
    fiona = office.sign_in(FIONA)

    pages = [fiona.get("/payments/record", company=company) for company in (99, 98)]

    assert [page.status for page in pages] == [404, 404]
    assert pages[0].text == pages[1].text


def test_a_session_of_one_store_is_none_of_the_other(office: Office) -> None:
    """The same user id works in both stores, with the role of each."""
    office.sign_in(OLIVIA, office.south).post(f"/users/{SAM}/role", {"role": "IP-Admin"})

    assert office.sign_in(SAM).get("/users").status == 403
    assert office.sign_in(SAM, office.south).get("/users").status == 200


def test_a_role_is_changed_in_the_own_store_only(office: Office) -> None:
    office.sign_in(ADAM).post(f"/users/{SAM}/role", {"role": "IP-Finance"})

    with office.read() as north, office.read(office.south) as south:
        assert (north.staff.find(SAM).role, south.staff.find(SAM).role) == ("IP-Finance", "IP-Sales")
