"""`/api/v1/invoices`: pushed, listed, read, changed and taken back by an ERP."""

import pytest

from domain.invoice import Status
from tests.builders import SOUTHSIDE, an_invoice, given_payment, usd


def a_push(number: str = "SAP-900141", **changes) -> dict:
    """Two lines, freight and tax: 113.50."""
    return {
        "external_id": f"doc-{number}",
        "number": number,
        "company": "C-11",
        "currency": "USD",
        "total": "113.50",
        "issued_on": "2026-11-01",
        "due_on": "2026-12-01",
        "po_number": "PO-77",
        "lines": [
            {"description": "Hex bolts M8", "sku": "HB-8", "quantity": "2", "unit_price": "38.00", "amount": "76.00"},
            {"description": "Washers", "quantity": "200", "unit_price": "10", "price_base": 100, "amount": "20.00"},
        ],
        "cost_lines": [
            {"kind": "shipping", "description": "Freight", "amount": "10.00"},
            {"kind": "tax", "description": "Sales tax", "rate": "7.8125", "amount": "7.50"},
        ],
        "billing_address": {"company": "Northwind Traders", "street_1": "1 Harbour Road", "city": "Portland"},
        **changes,
    }


def push(edges, body=None, headers=None, **more):
    return edges.client().post("/api/v1/invoices", json=body or a_push(), headers=headers or edges.key(), **more)


A_LINE = {"description": "x", "quantity": "1", "unit_price": "1", "amount": "1"}


# --- pushing ----------------------------------------------------------------------------------------------
def test_a_pushed_invoice_is_created_and_can_be_read_back(edges):
    headers = edges.key()

    response = push(edges, headers=headers)

    assert response.status_code == 201
    answer = response.get_json()
    assert (answer["outcome"], answer["number"], answer["findings"]) == ("created", "SAP-900141", [])
    read = edges.client().get(response.headers["Location"], headers=headers).get_json()
    assert (read["source"], read["total"], read["balance"], read["status"]) == ("erp", "113.50", "113.50", "open")
    assert (read["external_id"], read["due_on"], read["due_from"]) == ("doc-SAP-900141", "2026-12-01", "stated")
    assert read["lines"][1] == {
        "description": "Washers",
        "sku": "",
        "quantity": "200",
        "unit_price": "10",
        "price_base": 100,
        "discount": None,
        "tax": None,
        "amount": "20.00",
    }
    assert read["cost_lines"][1]["rate"] == "7.8125"


def test_pushed_again_it_is_the_same_and_changed_it_changes(edges):
    """Upsert by external id: 201, then 200."""
    headers = edges.key()
    first = push(edges, headers=headers).get_json()

    again = push(edges, headers=headers)
    changed = push(edges, a_push(po_number="PO-78"), headers)

    assert (again.status_code, again.get_json()["outcome"]) == (200, "same")
    assert (changed.status_code, changed.get_json()["outcome"]) == (200, "changed")
    assert again.get_json()["id"] == changed.get_json()["id"] == first["id"]


@pytest.mark.parametrize(("change", "field"), [({"company": "C-12"}, "company"), ({"number": "SAP-2"}, "number")])
def test_pushed_again_for_another_company_or_number_it_is_refused_and_stays(edges, change, field):
    """An external id is one document: what it says of whom is never quietly ignored."""
    headers = edges.key()
    push(edges, headers=headers)

    response = push(edges, a_push() | change | {"po_number": "PO-78"}, headers)

    assert (response.status_code, response.get_json()["field"]) == (422, field)
    (item,) = edges.client().get("/api/v1/invoices", headers=headers).get_json()["items"]
    assert (item["company"]["id"], item["po_number"]) == (11, "PO-77")


def test_what_was_paid_elsewhere_leaves_only_the_amount_due(edges):
    """R-13."""
    headers = edges.key()

    made = push(edges, a_push(amount_due="13.50", paid_on="2026-11-10"), headers).get_json()

    read = edges.client().get(f"/api/v1/invoices/{made['id']}", headers=headers).get_json()
    assert (read["paid"], read["balance"], read["status"]) == ("100.00", "13.50", "partially_paid")
    assert [payment["amount"] for payment in read["payments"]] == ["100.00"]


def test_findings_are_told(edges):
    """R-6, R-7: one cent per line is a visible difference; due before issue is said."""
    answer = push(edges, a_push(total="113.51", due_on="2026-10-01")).get_json()

    assert len(answer["findings"]) == 2
    assert "0.01 USD" in " ".join(answer["findings"])


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"company": "C-404"}, 422, "company_unknown"),
        ({"company": "999999999999999"}, 422, "company_unknown"),
        ({"total": "120.00"}, 422, "does_not_add_up"),
        ({"total": "-113.50", "lines": [], "cost_lines": []}, 422, "input_invalid"),
        ({"currency": "XXX"}, 422, "input_invalid"),
        ({"currency": "JPY"}, 422, "amount_invalid"),
        ({"total": "113.505"}, 422, "amount_invalid"),
        ({"total": 113.5}, 422, "input_invalid"),
        ({"total": "1e2"}, 422, "input_invalid"),
        ({"amount_due": "113.51"}, 422, "input_invalid"),
        ({"colour": "red"}, 422, "input_invalid"),
        ({"number": "nul\x00"}, 422, "input_invalid"),
        ({"issued_on": "11/22/2026"}, 422, "input_invalid"),
        ({"order_id": 2**40}, 422, "input_invalid"),
        ({"lines": [A_LINE | {"price_base": 7}]}, 422, "input_invalid"),
    ],
)  # fmt: skip
def test_a_wrong_push_is_refused_with_a_code_and_changes_nothing(edges, change, status, code):
    headers = edges.key()

    response = push(edges, a_push(**change), headers)

    assert (response.status_code, response.get_json()["code"]) == (status, code), response.get_json()
    assert edges.client().get("/api/v1/invoices", headers=headers).get_json()["items"] == []


def test_every_wrong_field_is_named(edges):
    body = a_push(total=5, lines=[{"description": "x", "quantity": "1", "unit_price": "1", "amount": "NaN"}])

    problem = push(edges, body).get_json()

    assert [one["field"] for one in problem["errors"]] == ["total", "lines.0.amount"]
    assert problem["field"] == "total"


def test_an_amount_with_too_many_places_names_its_line(edges):
    line = {"description": "x", "quantity": "1", "unit_price": "1", "amount": "1.005"}

    assert push(edges, a_push(lines=[line])).get_json()["field"] == "lines.0.amount"


def test_a_number_that_is_taken_is_refused(edges):
    """R-5."""
    headers = edges.key()
    push(edges, headers=headers)

    response = push(edges, a_push(external_id="another"), headers)

    assert (response.status_code, response.get_json()["code"]) == (409, "number_taken")


def test_a_deleted_invoice_comes_back_only_when_asked_for(edges):
    """R-5: skipped, deleted here."""
    headers = edges.key()
    made = push(edges, headers=headers).get_json()
    edges.client().delete(f"/api/v1/invoices/{made['id']}", headers=headers)

    skipped = push(edges, headers=headers)
    restored = push(edges, a_push(restore=True), headers)

    assert (skipped.status_code, skipped.get_json()["code"]) == (409, "deleted_here")
    assert (restored.status_code, restored.get_json()["outcome"]) == (200, "restored")


# --- bodies -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("raw", [b"", b"{", b"not json", b"\xff", b"[1]", b'"text"', b'{"a": NaN}', b"[" * 50_000])
def test_a_body_that_is_no_json_object_is_refused(edges, raw):
    response = edges.client().post("/api/v1/invoices", data=raw, content_type="application/json", headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (400, "body_invalid")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "text/json", ""])
def test_another_content_type_is_refused(edges, content_type):
    """T-10: a form of another site cannot reach the API."""
    response = edges.client().post("/api/v1/invoices", data=b"{}", content_type=content_type, headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (415, "content_type")


def test_a_body_beyond_the_limit_is_refused(edges):
    raw = b'{"notes": "' + b"x" * 1024 * 1024 + b'"}'

    response = edges.client().post("/api/v1/invoices", data=raw, content_type="application/json", headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (413, "too_large")


# --- idempotency keys -------------------------------------------------------------------------------------
def test_a_key_answers_again_what_it_answered_first(edges):
    """I-8: same status, body and address, marked as a repetition, and one invoice."""
    headers = edges.key() | {"Idempotency-Key": "push-0001"}

    first, second = push(edges, headers=headers), push(edges, headers=headers)

    assert (first.status_code, first.headers.get("Idempotency-Replayed")) == (201, None)
    assert (second.status_code, second.headers["Idempotency-Replayed"]) == (201, "true")
    assert second.get_json() == first.get_json()
    assert second.headers["Location"] == first.headers["Location"]


def test_a_key_with_another_body_is_refused_and_with_other_spacing_is_not(edges):
    headers = edges.key() | {"Idempotency-Key": "push-0001"}
    push(edges, headers=headers)

    other = push(edges, a_push(po_number="PO-78"), headers)
    reordered = push(edges, dict(reversed(a_push().items())), headers)

    assert (other.status_code, other.get_json()["code"]) == (422, "key_reused")
    assert reordered.headers["Idempotency-Replayed"] == "true"


def test_a_refused_request_leaves_its_key_free(edges):
    headers = edges.key() | {"Idempotency-Key": "push-0001"}

    assert push(edges, a_push(company="C-404"), headers).status_code == 422
    assert push(edges, headers=headers).status_code == 201


def test_keys_of_different_credentials_do_not_meet(edges):
    """The scope names credential and route."""
    one, other = (edges.key() | {"Idempotency-Key": "push-0001"} for _ in range(2))

    push(edges, headers=one)

    assert push(edges, a_push("SAP-2"), other).status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "with space", "ünïcode"])
def test_a_key_is_visible_ascii(edges, key):
    response = push(edges, headers=edges.key() | {"Idempotency-Key": key})

    assert (response.status_code, response.get_json()["code"]) == (400, "idempotency_key_needed")


# --- reading ----------------------------------------------------------------------------------------------
def numbers(edges, query: str, headers) -> list[str]:
    response = edges.client().get(f"/api/v1/invoices?{query}", headers=headers)
    assert response.status_code == 200, response.get_json()
    return [item["number"] for item in response.get_json()["items"]]


def test_the_list_pages_by_cursor_and_filters(edges):
    for number, total in (("INV-1", 300_00), ("INV-2", 100_00), ("INV-3", 200_00)):
        edges.invoice(invoice=an_invoice(usd(total), number))
    edges.invoice(invoice=an_invoice(usd(50_00), "INV-4", company_id=SOUTHSIDE))
    headers = edges.key()

    first = edges.client().get("/api/v1/invoices?sort=-total&limit=2&company_id=11", headers=headers).get_json()
    rest = numbers(edges, f"sort=-total&limit=2&company_id=11&cursor={first['next_cursor']}", headers)

    assert [item["number"] for item in first["items"]] == ["INV-1", "INV-3"]
    assert rest == ["INV-2"]
    assert first["previous_cursor"] is None
    assert numbers(edges, "q=inv-4", headers) == ["INV-4"]
    assert numbers(edges, "status=closed", headers) == []
    assert numbers(edges, "issued_to=2020-01-01", headers) == []


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=251", "limit=ten", "status=gone", "sort=balance;drop", "sort=--total", "cursor=%00",
        "cursor=nonsense", "issued_from=yesterday", "company_id=-1", "company_id=99999999999", "page=2", "q=%00",
        "source=fax", "order_id=1e3",
    ],
)  # fmt: skip
def test_a_wrong_query_is_refused_never_a_failure(edges, query):
    """T-36."""
    response = edges.client().get(f"/api/v1/invoices?{query}", headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (422, "input_invalid")


def test_one_invoice_comes_with_its_version_as_etag(edges):
    invoice = edges.invoice()

    response = edges.client().get(f"/api/v1/invoices/{invoice.id}", headers=edges.key())

    assert response.headers["ETag"] == f'"{invoice.version}"'
    assert response.get_json()["version"] == invoice.version


# --- changing ---------------------------------------------------------------------------------------------
def patch(edges, invoice, body, if_match: str | None):
    headers = edges.key() | ({"If-Match": if_match} if if_match is not None else {})
    return edges.client().patch(f"/api/v1/invoices/{invoice.id}", json=body, headers=headers)


def test_a_change_needs_the_version_that_was_seen(edges):
    invoice = edges.invoice()
    seen = f'"{invoice.version}"'

    changed = patch(edges, invoice, {"po_number": "PO-9", "due_on": "2027-01-15"}, seen)
    stale = patch(edges, invoice, {"po_number": "PO-10"}, seen)

    assert changed.status_code == 200
    assert (changed.get_json()["po_number"], changed.get_json()["due_from"]) == ("PO-9", "typed")
    assert changed.headers["ETag"] != seen
    assert (stale.status_code, stale.get_json()["code"]) == (412, "changed_meanwhile")


@pytest.mark.parametrize("if_match", [None, "", "*", "3", 'W/"1"', '"one"', '"1", "2"'])
def test_a_change_without_a_readable_version_is_refused(edges, if_match):
    invoice = edges.invoice()

    response = patch(edges, invoice, {"po_number": "PO-9"}, if_match)

    assert (response.status_code, response.get_json()["code"]) == (428, "version_needed")


def test_changed_lines_change_the_total_but_never_below_what_is_settled(edges):
    """I-4, R-15."""
    invoice = edges.invoice()
    with edges.work(edges.north) as work:
        locked = work.invoices.locked([invoice.id])[invoice.id]
        given_payment(work, usd(60_00), [(locked, usd(60_00))])
        work.commit()

    def lines(amount: str) -> dict:
        return {"lines": [{"description": "Bolts", "quantity": "1", "unit_price": amount, "amount": amount}]}

    less = patch(edges, invoice, lines("59.99"), f'"{invoice.version}"')
    more = patch(edges, invoice, lines("80.00"), f'"{invoice.version}"')

    assert (less.status_code, less.get_json()["code"]) == (409, "less_than_settled")
    assert (more.get_json()["total"], more.get_json()["balance"]) == ("80.00", "20.00")


def test_an_open_invoice_is_deleted_and_restored(edges):
    invoice, headers = edges.invoice(), edges.key()
    at = f"/api/v1/invoices/{invoice.id}"

    deleted = edges.client().delete(at, headers=headers)
    restored = edges.client().post(f"{at}/restore", headers=headers)
    again = edges.client().post(f"{at}/restore", headers=headers)

    assert (deleted.get_json()["status"], deleted.get_json()["balance"]) == ("deleted", "0.00")
    assert (restored.get_json()["status"], restored.get_json()["balance"]) == ("open", "100.00")
    assert (again.status_code, again.get_json()["code"]) == (409, "not_restorable")


def test_a_void_needs_a_reason(edges):
    invoice, headers = edges.invoice(), edges.key()
    at = f"/api/v1/invoices/{invoice.id}/void"

    silent = edges.client().post(at, json={"reason": " "}, headers=headers)
    voided = edges.client().post(at, json={"reason": "Entered twice"}, headers=headers)

    assert (silent.status_code, silent.get_json()["code"]) == (422, "reason_required")
    assert voided.get_json()["status"] == Status.VOID


def test_money_on_an_invoice_protects_it(edges):
    """I-4."""
    invoice, headers = edges.invoice(), edges.key()
    with edges.work(edges.north) as work:
        locked = work.invoices.locked([invoice.id])[invoice.id]
        given_payment(work, usd(10_00), [(locked, usd(10_00))])
        work.commit()
    at = f"/api/v1/invoices/{invoice.id}"

    deleted = edges.client().delete(at, headers=headers)
    voided = edges.client().post(f"{at}/void", json={"reason": "Entered twice"}, headers=headers)

    assert (deleted.status_code, deleted.get_json()["code"]) == (409, "not_deletable")
    assert (voided.status_code, voided.get_json()["code"]) == (409, "not_voidable")
    assert edges.booked(edges.north, invoice.id).balance == usd(90_00)


def test_the_push_names_the_key_in_the_history(edges):
    """I-12: who did it, by key."""
    made = push(edges).get_json()

    with edges.work(edges.north) as work:
        (entry,) = work.queries.history("invoice", made["id"])
    assert (entry.who, entry.what) == ("ERP", "invoice.imported")
