"""Sales Staff of BundleB2B see only the companies assigned to them: on every list, figure, detail and act (T-6)."""

import pytest

from domain.review import ReviewKind
from domain.roles import Right
from domain.staff import SalesPerson
from tests.builders import SOUTHSIDE, a_credit_memo, a_payment, a_review, an_invoice, an_order, given_credit_memo, usd
from tests.screens.kit import ADAM, FIONA, SAM, VERA, Office
from tests.screens.routes import documents_of, stops

OF_A_COMPANY = ("invoice_id", "payment_id", "order_id", "memo_id", "company_id", "review_id", "file_id")
LISTS = [
    "/",
    "/orders?state=all",
    "/invoices?status=all",
    "/payments",
    "/reviews",
    "/payments/record",
    "/companies",
    "/credit-memos",
]


def trade(office: Office) -> dict[str, str]:
    """The same trade with Northwind and with Southside; answers addresses of Northwind's."""
    found = {}
    for company_id, mark in ((SOUTHSIDE, "8"), (11, "7")):
        name = "Southside Fabrication" if company_id == SOUTHSIDE else "Northwind Traders"
        paper = an_invoice(usd(100_00), f"INV-{mark}", company_id=company_id, company_name=name)
        invoice = office.invoice(paper)
        money = a_payment(f"PAY-{mark}", company_id=company_id)
        payment = office.payment(usd(60_00), [(invoice, usd(50_00))], money)
        order = office.order(an_order(1160 + int(mark), company_id=company_id, buyer_name=f"Buyer {mark}"))
        with office.work() as work:
            given_credit_memo(work, usd(5_00), [], a_credit_memo(f"CM-{mark}", company_id=company_id))
            work.reviews.open(
                a_review(
                    ReviewKind.NOT_APPLIED, payment.id, subject_kind="payment", company_id=company_id, found=f"F-{mark}"
                )
            )
        found = {"invoice": invoice.id, "payment": payment.id, "order": str(order.id)}
    return found


def assign(office: Office, *user_ids: int) -> None:
    with office.work() as work:
        work.staff.put_sales(
            [SalesPerson(one, f"user{one}@north1.example", "", "Sales Rep", frozenset({SOUTHSIDE})) for one in user_ids]
        )


@pytest.mark.parametrize("path", LISTS)
def test_no_list_shows_or_counts_what_is_of_other_companies(office: Office, path: str) -> None:
    trade(office)
    assign(office, FIONA)
    theirs = ("Northwind", "INV-7", "PAY-7", "1167", "Buyer 7", "F-7", "CM-7", "$150.00")
    everything = office.sign_in(ADAM).get(path).source
    assert any(word in everything for word in theirs) or path == "/"

    page = office.sign_in(FIONA).get(path)

    assert page.status == 200
    assert not [word for word in theirs if word in page.source]


def test_lists_say_that_they_show_the_own_companies(office: Office) -> None:
    trade(office)
    assign(office, SAM)
    sam, vera = office.sign_in(SAM), office.sign_in(VERA)

    for path in ("/orders?state=all", "/invoices?status=all", "/payments"):
        assert "Your 1 company" in sam.get(path).text
        assert "Your 1 company" not in vera.get(path).text


def test_nothing_of_another_company_is_there_whatever_the_right(office: Office) -> None:
    """Every screen that names a document, by every method: the same 404 as for what exists nowhere, and no change."""
    office.facts(role_rights={"IP-Finance": {right.value: True for right in Right}})
    assign(office, FIONA)
    documents = documents_of(office, office.north)
    named = {str(documents[name]) for name in OF_A_COMPANY}
    fiona = office.sign_in(FIONA)
    before = office.digest("session")

    met = {}
    for stop in stops(office, documents):
        if named & set(stop.path.split("/")):
            fields = {"reason": "returned", "action": "create"}
            page = fiona.post(stop.path, fields) if stop.is_unsafe else fiona.get(stop.path)
            met[stop.route, stop.method] = (page.status, page.code)

    assert len(met) >= 10
    assert {stop: found for stop, found in met.items() if found != (404, "not_found")} == {}
    assert office.digest("session") == before


def test_a_company_assigned_meanwhile_is_seen_at_the_next_request_and_all_where_the_rule_is_off(office: Office) -> None:
    found = trade(office)
    assign(office, SAM)
    sam, adam = office.sign_in(SAM), office.sign_in(ADAM)
    address = f"/invoices/{found['invoice']}"
    assert sam.get(address).status == 404

    with office.work() as work:
        work.staff.put_sales([SalesPerson(1, "user2@north1.example", companies=frozenset({11}))])
    assert sam.get(address).status == 200

    assign(office, SAM, ADAM)
    assert (sam.get(address).status, adam.get(address).status) == (404, 200)
    form = adam.get("/users").form("/users/rules").fields()
    form.pop("assigned_only")
    adam.post("/users/rules", form)
    assert sam.get(address).status == 200
