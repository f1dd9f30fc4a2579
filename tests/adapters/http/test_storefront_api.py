"""`/storefront/v1`: what a buyer's page may ask, as the contract with the script has it."""

from datetime import date, timedelta
from urllib.parse import urlencode

import pytest

from domain.company import CompanyStatus
from domain.money import Money
from domain.roles import BuyerRight
from tests.adapters.http.buyers import NOBODY, exchange, get, pay, remember, settle
from tests.adapters.http.conftest import BEA, OTTO
from tests.builders import (
    SOUTHSIDE,
    a_buyer,
    a_company,
    an_invoice,
    given_payment,
    usd,
)


# --- session ----------------------------------------------------------------------------------------------
def test_one_exchange_brings_all_the_page_needs(edges):
    edges.invoice(invoice=an_invoice(usd(100_00), "INV-1", due_on=date(2026, 12, 1)))
    edges.invoice(invoice=an_invoice(Money(50_00, "EUR"), "INV-2", due_on=date(2026, 10, 1)))

    response = exchange(edges, query=urlencode({"status": "overdue", "sort": "due"}))

    assert response.status_code == 200
    answer = response.get_json()
    assert (answer["expires_in"], answer["buyer"], answer["company"]) == (
        900,
        {"name": "Bea Buyer"},
        {"id": "11", "name": "Northwind Traders"},
    )
    assert answer["rights"] == ["view", "detail", "history", "export", "pdf", "pay"]
    assert answer["texts"] == {"language": "en"}
    assert answer["currencies"]["USD"] == {"digits": 2, "prefix": "$", "suffix": "", "decimal": ".", "group": ","}
    assert set(answer["currencies"]) == {"USD", "EUR"}
    assert [item["number"] for item in answer["list"]["items"]] == ["INV-2"]
    assert answer["list"]["totals"] == [
        {"currency": "EUR", "open": "50.00", "overdue": "50.00", "available_credit": "0.00"},
        {"currency": "USD", "open": "100.00", "overdue": "0.00", "available_credit": "0.00"},
    ]
    listed = get(edges, "/invoices", {"Authorization": f"Bearer {answer['token']}"})
    assert [item["number"] for item in listed.get_json()["items"]] == ["INV-2", "INV-1"]


def test_currencies_are_written_for_the_locale(edges):
    edges.invoice()

    assert exchange(edges, locale="de").get_json()["currencies"]["EUR"]["decimal"] == ","


@pytest.mark.parametrize("jwt", ["forged.to.ken", "x"])
def test_a_token_the_store_did_not_sign_is_not_signed_in(edges, jwt):
    """T-1: the page shows its sign-in link for this code."""
    response = edges.client().post("/storefront/v1/session", json={"jwt": jwt})

    assert (response.status_code, response.get_json()["code"]) == (401, "not_signed_in")


def test_a_shopper_without_a_company_is_told_so(edges):
    response = exchange(edges, 999)

    assert (response.status_code, response.get_json()["code"]) == (403, "no_company")


def test_an_inactive_company_is_told_so(edges):
    remember(edges, company=a_company(status=CompanyStatus.INACTIVE))

    response = exchange(edges)

    assert (response.status_code, response.get_json()["code"]) == (403, "company_inactive")


def test_a_buyer_who_may_not_see_invoices_gets_no_session(edges):
    remember(edges, a_buyer(BEA, rights=frozenset()))

    response = exchange(edges)

    assert (response.status_code, response.get_json()["code"]) == (403, "no_right")


def test_company_data_that_cannot_be_checked_is_said_with_when_to_try_again(edges):
    """R-26."""
    edges.clock.now += timedelta(hours=2)
    edges.shop(edges.north).directory.is_away = True

    response = exchange(edges)

    assert (response.status_code, response.get_json()["code"]) == (503, "directory_unreachable")
    assert response.headers["Retry-After"] == "60"


def test_a_store_that_is_not_connected_says_so_in_a_buyers_words(edges):
    jwt = edges.world.login.vouch_for("stranger", BEA)

    response = edges.client().post("/storefront/v1/session", json={"jwt": jwt})

    assert (response.status_code, response.get_json()["code"]) == (503, "store_unreachable")
    assert "control panel" not in response.get_json()["detail"]


@pytest.mark.parametrize(
    "body",
    [{}, {"jwt": ""}, {"jwt": 5}, {"jwt": "a b"}, {"jwt": "x", "channel_id": 0}, {"jwt": "x", "admin": True}],
)
def test_a_wrong_session_body_is_refused(edges, body):
    response = edges.client().post("/storefront/v1/session", json=body)

    assert (response.status_code, response.get_json()["code"]) == (422, "input_invalid")


def test_a_token_ends_after_a_quarter_of_an_hour(edges):
    headers = edges.token()

    edges.clock.now += timedelta(seconds=901)

    response = get(edges, "/invoices", headers)
    assert (response.status_code, response.get_json()["code"]) == (401, "not_signed_in")


def test_a_buyer_who_left_the_company_sees_nothing_more(edges):
    """T-20."""
    headers = edges.token()

    remember(edges, a_buyer(BEA, SOUTHSIDE))

    assert get(edges, "/invoices", headers).status_code == 401


def test_rights_are_read_anew_at_every_request(edges):
    headers, invoice = edges.token(), edges.invoice()

    remember(edges, a_buyer(BEA, rights=frozenset({BuyerRight.VIEW, BuyerRight.DETAIL})))

    assert get(edges, "/invoices", headers).status_code == 200
    assert pay(edges, (invoice.id, "1.00"), headers=headers).get_json()["code"] == "no_right"


# --- list -------------------------------------------------------------------------------------------------
def numbers(edges, **query) -> list[str]:
    response = get(edges, f"/invoices?{urlencode(query)}")
    assert response.status_code == 200, response.get_json()
    return [item["number"] for item in response.get_json()["items"]]


def test_a_list_item_has_the_shape_of_the_contract(edges):
    invoice = edges.invoice(invoice=an_invoice(usd(6400_00), "INV-7141", order_id=1160, po_number="88-4107"))

    (item,) = get(edges, "/invoices").get_json()["items"]

    assert item == {
        "id": invoice.id,
        "number": "INV-7141",
        "order_number": "1160",
        "po_number": "88-4107",
        "issued_on": "2026-08-14",
        "due_on": "2026-09-13",
        "days_late": 70,
        "currency": "USD",
        "total": "6400.00",
        "paid": "0.00",
        "balance": "6400.00",
        "status": "open",
        "badge": {"code": "overdue", "label": "Overdue"},
        "pending": None,
        "pending_since": None,
        "being_paid": False,
        "payable": True,
        "not_payable_reason": None,
    }


def test_the_list_shows_what_is_unpaid_first_due_first(edges):
    edges.invoice(invoice=an_invoice(usd(1_00), "INV-1", due_on=date(2026, 12, 3)))
    edges.invoice(invoice=an_invoice(usd(2_00), "INV-2", due_on=date(2026, 12, 1)))
    edges.invoice(invoice=an_invoice(usd(0), "INV-3"))

    assert numbers(edges) == ["INV-2", "INV-1"]
    assert numbers(edges, sort="-total", status="all") == ["INV-2", "INV-1", "INV-3"]
    assert numbers(edges, status="closed") == ["INV-3"]
    assert numbers(edges, q="inv-1") == ["INV-1"]
    assert numbers(edges, due_from="2026-12-02", q="", cursor="") == ["INV-1"]


def test_the_list_goes_on_and_back_by_cursor(edges):
    for day in range(1, 8):
        edges.invoice(invoice=an_invoice(usd(1_00), f"INV-{day}", due_on=date(2026, 12, day)))
    headers = edges.token()

    first = get(edges, "/invoices?limit=3", headers).get_json()
    second = get(edges, f"/invoices?limit=3&cursor={first['next_cursor']}", headers).get_json()
    back = get(edges, f"/invoices?limit=3&cursor={second['previous_cursor']}", headers).get_json()

    assert [item["number"] for item in second["items"]] == ["INV-4", "INV-5", "INV-6"]
    assert back["items"] == first["items"]
    assert back["previous_cursor"] is None


WRONG = ["status=void", "status=x", "sort=company", "limit=51", "cursor=%27", "due_to=soon", "company_id=12", "q=%00"]


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_query_is_refused(edges, query):
    """T-36; a company cannot be chosen."""
    response = get(edges, f"/invoices?{query}")

    assert (response.status_code, response.get_json()["code"]) == (422, "input_invalid")


# --- detail -----------------------------------------------------------------------------------------------
def test_the_detail_has_the_paper_and_the_payment_history(edges):
    invoice = edges.invoice(invoice=an_invoice(usd(100_00), "INV-1", tax=7_50, notes="Leave at the gate"))
    with edges.work(edges.north) as work:
        locked = work.invoices.locked([invoice.id])[invoice.id]
        given_payment(work, usd(40_00), [(locked, usd(40_00))])
        work.commit()

    detail = get(edges, f"/invoices/{invoice.id}").get_json()

    assert (detail["balance"], detail["badge"]["code"], detail["notes"]) == ("60.00", "overdue", "Leave at the gate")
    assert detail["seller"] == {"name": "North Supplies", "address_lines": ["12 Mill Lane", "Portland, OR 97201"]}
    assert detail["lines"] == [
        {"sku": "HB-8", "description": "Hex bolts M8", "quantity": "1", "unit_price": "92.50", "amount": "92.50"}
    ]
    assert detail["cost_lines"] == [{"kind": "tax", "description": "Sales tax", "amount": "7.50"}]
    assert "1 Harbour Road" in detail["billing_address"]["lines"]
    (payment,) = detail["payments"]
    assert (payment["memo"], payment["amount"]) == ("Check 10442", "40.00")
    assert payment["status"] == {"code": "completed", "label": "Completed"}


def test_the_history_needs_its_right(edges):
    invoice = edges.invoice()
    with edges.work(edges.north) as work:
        locked = work.invoices.locked([invoice.id])[invoice.id]
        given_payment(work, usd(40_00), [(locked, usd(40_00))])
        work.commit()
    remember(edges, a_buyer(BEA, rights=frozenset({BuyerRight.VIEW, BuyerRight.DETAIL})))

    assert get(edges, f"/invoices/{invoice.id}").get_json()["payments"] == []


def test_a_deleted_invoice_is_gone_for_buyers(edges):
    invoice = edges.invoice()
    edges.client().delete(f"/api/v1/invoices/{invoice.id}", headers=edges.key())

    assert get(edges, f"/invoices/{invoice.id}").status_code == 404


# --- the company next door --------------------------------------------------------------------------------
def test_not_yours_and_not_there_are_answered_alike(edges):
    """T-6, I-11: every address with an id, asked with another company's and with nobody's."""
    theirs = edges.invoice(invoice=an_invoice(usd(100_00), company_id=SOUTHSIDE, company_name="Southside Fabrication"))
    otto = edges.token(customer_id=OTTO)
    attempt = pay(edges, (theirs.id, "60.00"), headers=otto).get_json()["attempt"]
    settle(edges, attempt)
    (cart_id,) = edges.shop(edges.north).checkout.carts

    def seen(response) -> tuple:
        body = response.get_json()
        return response.status_code, {name: body[name] for name in ("type", "title", "status", "code", "detail")}

    assert seen(get(edges, f"/invoices/{theirs.id}")) == seen(get(edges, f"/invoices/{NOBODY}"))
    assert seen(pay(edges, (theirs.id, "1.00"))) == seen(pay(edges, (NOBODY, "1.00"), key="press-0002"))
    assert seen(get(edges, f"/carts/{cart_id}")) == seen(get(edges, "/carts/cart-99"))
    assert get(edges, "/orders/2001").status_code == 404
    assert get(edges, f"/invoices/{theirs.id}", otto).status_code == 200
    assert numbers(edges, status="all") == []


def test_a_token_of_one_store_opens_nothing_in_another(edges):
    """I-10: the same shopper and company ids exist there."""
    invoice = edges.invoice(edges.south)
    at_south, at_north = edges.token(edges.south), edges.token(edges.north)

    assert get(edges, f"/invoices/{invoice.id}", at_south).status_code == 200
    assert get(edges, f"/invoices/{invoice.id}", at_north).status_code == 404
