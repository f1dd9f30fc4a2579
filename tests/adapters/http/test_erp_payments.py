"""`/api/v1/payments` and `/api/v1/orders`: receipts recorded and reversed, orders invoiced, by an ERP."""

import pytest

from domain.order import OrderMoney, Transaction
from tests.builders import NORTHWIND, SOUTHSIDE, an_instant, an_invoice, an_order, usd


def a_receipt(*parts: tuple[str, str], **changes) -> dict:
    """A check of 100.00 from Northwind over the given invoices."""
    return {
        "company": "11",
        "currency": "USD",
        "amount": "100.00",
        "method": "check",
        "received_on": "2026-11-20",
        "memo": "Check 10442",
        "invoices": [{"invoice_id": invoice_id, "amount": amount} for invoice_id, amount in parts],
        **changes,
    }


def record(edges, body, headers=None, key: str = "receipt-0001"):
    headers = (headers or edges.key()) | {"Idempotency-Key": key}
    return edges.client().post("/api/v1/payments", json=body, headers=headers)


# --- recording --------------------------------------------------------------------------------------------
def test_a_check_over_two_invoices_leaves_the_rest_as_credit(edges):
    """R-21; the company may be named by the ERP's id."""
    one, other = edges.invoice(invoice=an_invoice(usd(60_00))), edges.invoice(invoice=an_invoice(usd(30_00)))
    headers = edges.key()

    response = record(edges, a_receipt((one.id, "60.00"), (other.id, "30.00"), company="C-11"), headers)

    assert response.status_code == 201
    payment = response.get_json()
    assert (payment["amount"], payment["applied"], payment["available"]) == ("100.00", "90.00", "10.00")
    assert payment["status"] == "completed"
    assert edges.booked(edges.north, one.id).balance == usd(0)
    read = edges.client().get(response.headers["Location"], headers=headers).get_json()
    assert {part["invoice_id"]: part["amount"] for part in read["invoices"]} == {one.id: "60.00", other.id: "30.00"}
    assert (read["memo"], read["company"]["name"]) == ("Check 10442", "Northwind Traders")


def test_a_receipt_needs_a_key_because_money_must_not_be_booked_twice(edges):
    response = edges.client().post("/api/v1/payments", json=a_receipt(), headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (400, "idempotency_key_needed")


def test_a_repeated_receipt_is_booked_once_and_answered_as_the_first_time(edges):
    """I-8: even after the payment was reversed meanwhile, the answer is the first one."""
    invoice, headers = edges.invoice(), edges.key()
    first = record(edges, a_receipt((invoice.id, "100.00")), headers)
    edges.client().post(
        f"/api/v1/payments/{first.get_json()['id']}/reverse", json={"reason": "Bounced"}, headers=headers
    )

    second = record(edges, a_receipt((invoice.id, "100.00")), headers)

    assert second.status_code == 201
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.get_json() == first.get_json()
    listed = edges.client().get("/api/v1/payments", headers=headers).get_json()["items"]
    assert [one["status"] for one in listed] == ["reversed"]


def test_the_same_receipt_under_another_key_is_asked_about_once(edges):
    """R-21: possible duplicate."""
    headers = edges.key()
    record(edges, a_receipt(), headers, "receipt-0001")

    asked = record(edges, a_receipt(), headers, "receipt-0002")
    confirmed = record(edges, a_receipt(confirm_duplicate=True), headers, "receipt-0003")

    assert (asked.status_code, asked.get_json()["code"]) == (409, "possible_duplicate")
    assert confirmed.status_code == 201


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"amount": "0"}, 422, "input_invalid"),
        ({"amount": "-5.00"}, 422, "input_invalid"),
        ({"amount": "5.005"}, 422, "amount_invalid"),
        ({"amount": 5}, 422, "input_invalid"),
        ({"amount": "1e3"}, 422, "input_invalid"),
        ({"method": "online"}, 422, "input_invalid"),
        ({"method": "barter"}, 422, "input_invalid"),
        ({"memo": " "}, 422, "memo_required"),
        ({"received_on": "2026-11-23"}, 422, "received_in_future"),
        ({"company": "404"}, 422, "company_unknown"),
        ({"confirm_duplicate": "yes"}, 422, "input_invalid"),
    ],
)
def test_a_wrong_receipt_is_refused_and_books_nothing(edges, change, status, code):
    headers = edges.key()

    response = record(edges, a_receipt(**change), headers)

    assert (response.status_code, response.get_json()["code"]) == (status, code), response.get_json()
    assert edges.client().get("/api/v1/payments", headers=headers).get_json()["items"] == []


def test_refusals_stand_beside_their_invoices(edges):
    mine = edges.invoice(invoice=an_invoice(usd(10_00), "INV-1"))
    theirs = edges.invoice(invoice=an_invoice(usd(10_00), "INV-2", company_id=SOUTHSIDE))

    problem = record(edges, a_receipt((mine.id, "10.01"), (theirs.id, "10.00"))).get_json()

    assert problem["code"] == "lines_refused"
    assert {line["invoice_id"]: line["code"] for line in problem["lines"]} == {
        mine.id: "more_than_owed",
        theirs.id: "other_company",
    }


def test_more_applied_than_received_is_refused(edges):
    one, other = edges.invoice(), edges.invoice()

    response = record(edges, a_receipt((one.id, "60.00"), (other.id, "60.00")))

    assert (response.status_code, response.get_json()["code"]) == (422, "more_than_received")


def test_an_invoice_named_twice_is_refused(edges):
    invoice = edges.invoice()

    response = record(edges, a_receipt((invoice.id, "10.00"), (invoice.id, "20.00")))

    assert (response.status_code, response.get_json()["code"]) == (422, "input_invalid")


# --- reversing and listing --------------------------------------------------------------------------------
def test_a_bounced_check_opens_its_invoices_again(edges):
    """R-20."""
    invoice, headers = edges.invoice(), edges.key()
    payment = record(edges, a_receipt((invoice.id, "100.00")), headers).get_json()
    at = f"/api/v1/payments/{payment['id']}/reverse"

    silent = edges.client().post(at, json={"reason": ""}, headers=headers)
    bounced = edges.client().post(at, json={"reason": "Returned by the bank"}, headers=headers)
    again = edges.client().post(at, json={"reason": "Returned by the bank"}, headers=headers)

    assert (silent.status_code, silent.get_json()["code"]) == (422, "reason_required")
    assert (bounced.status_code, bounced.get_json()["status"]) == (200, "reversed")
    assert (again.status_code, again.get_json()["code"]) == (409, "not_reversible")
    assert edges.booked(edges.north, invoice.id).balance == usd(100_00)


def test_payments_are_filtered_by_status_code_method_and_what_is_left(edges):
    invoice, headers = edges.invoice(), edges.key()
    record(edges, a_receipt((invoice.id, "100.00")), headers, "receipt-0001")
    record(edges, a_receipt(method="cash", memo="Till 3", amount="20.00"), headers, "receipt-0002")

    def memos(query: str) -> list[str]:
        return [
            one["memo"] for one in edges.client().get(f"/api/v1/payments?{query}", headers=headers).get_json()["items"]
        ]

    assert memos("method=cash") == ["Till 3"]
    assert memos("unapplied_only=true") == ["Till 3"]
    assert memos("status=reversed") == []
    assert len(memos("status=completed&sort=amount")) == 2


@pytest.mark.parametrize("query", ["status=Completed", "status=x", "method=x", "sort=memo", "unapplied_only=maybe"])
def test_a_wrong_query_for_payments_is_refused(edges, query):
    response = edges.client().get(f"/api/v1/payments?{query}", headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (422, "input_invalid")


# --- orders -----------------------------------------------------------------------------------------------
def a_synced_order(edges, order_id: int = 1160, money: OrderMoney | None = None, **changes):
    order = edges.shop(edges.north).orders.add(an_order(order_id, **changes), money)
    with edges.work(edges.north) as work:
        work.orders.put([order])
        work.commit()
    return order


def test_orders_are_listed_with_their_invoices(edges):
    a_synced_order(edges, 1160)
    a_synced_order(edges, 1161, status_id=5, status="Cancelled")
    headers = edges.key()
    edges.client().post("/api/v1/orders/1160/invoice", headers=headers)

    orders = edges.client().get("/api/v1/orders?sort=order", headers=headers).get_json()["items"]

    assert [(one["id"], one["total"], one["po_number"]) for one in orders] == [
        (1160, "122.50", "PO-77"),
        (1161, "122.50", "PO-77"),
    ]
    assert orders[0]["invoice"]["status"] == "open"
    assert (orders[1]["invoice"], bool(orders[1]["why_not_invoiceable"])) == (None, True)
    listed = edges.client().get("/api/v1/orders?invoiced=false", headers=headers).get_json()["items"]
    assert [one["id"] for one in listed] == [1161]


def test_an_order_is_invoiced_once_however_often_it_is_asked_for(edges):
    """I-5: 201, then 200 with the same invoice."""
    a_synced_order(edges)
    headers = edges.key()

    first = edges.client().post("/api/v1/orders/1160/invoice", headers=headers)
    second = edges.client().post("/api/v1/orders/1160/invoice", json={}, headers=headers)

    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.get_json()["existed"], second.get_json()["existed"]) == (False, True)
    assert first.get_json()["id"] == second.get_json()["id"]


def test_an_order_paid_by_card_is_born_paid(edges):
    """R-9."""
    captured = Transaction("t-1", "purchase", "credit_card", usd(122_50), an_instant(1, 13))
    a_synced_order(edges, money=OrderMoney((captured,)))
    headers = edges.key()

    made = edges.client().post("/api/v1/orders/1160/invoice", headers=headers)

    read = edges.client().get(made.headers["Location"], headers=headers).get_json()
    assert (read["status"], read["closed_by"], read["balance"]) == ("closed", "Paid", "0.00")


def test_chosen_lines_and_dates_are_taken_from_the_body(edges):
    a_synced_order(edges)
    headers = edges.key()
    body = {"lines": [1], "due_on": "2027-01-31", "notes": "First half"}

    made = edges.client().post("/api/v1/orders/1160/invoice", json=body, headers=headers)

    read = edges.client().get(made.headers["Location"], headers=headers).get_json()
    assert [line["sku"] for line in read["lines"]] == ["SKU-1"]
    assert (read["due_on"], read["notes"]) == ("2027-01-31", "First half")


@pytest.mark.parametrize(
    ("order", "status", "code"),
    [({"status_id": 5}, 409, "not_invoiceable"), ({"is_archived": True}, 409, "not_invoiceable")],
)
def test_what_must_not_be_invoiced_is_refused(edges, order, status, code):
    """R-8."""
    a_synced_order(edges, **order)

    response = edges.client().post("/api/v1/orders/1160/invoice", headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (status, code)


def test_a_shop_that_does_not_answer_is_said_with_when_to_try_again(edges):
    """F-2."""
    a_synced_order(edges)
    edges.shop(edges.north).goes_down()

    response = edges.client().post("/api/v1/orders/1160/invoice", headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (503, "store_unreachable")
    assert response.headers["Retry-After"] == "60"


def test_an_erp_invoice_for_an_order_that_has_one_is_refused_and_names_it(edges):
    """R-11."""
    a_synced_order(edges)
    headers = edges.key()
    made = edges.client().post("/api/v1/orders/1160/invoice", headers=headers).get_json()
    body = {
        "external_id": "doc-1", "number": "SAP-1", "company": str(NORTHWIND), "currency": "USD", "total": "122.50",
        "issued_on": "2026-11-01", "order_id": 1160,
    }  # fmt: skip

    response = edges.client().post("/api/v1/invoices", json=body, headers=headers)

    assert (response.status_code, response.get_json()["code"]) == (409, "already_invoiced")
    assert response.get_json()["invoice_id"] == made["id"]
