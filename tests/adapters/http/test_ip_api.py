"""`/api/v3/io/ip/invoices`: an integration made for B2B Edition talks to us unchanged."""

import pytest

from tests.adapters.http.test_ip_mapping import bare, published, with_details
from tests.builders import NORTHWIND, a_company

AT = "/api/v3/io/ip/invoices"


def post(edges, body, headers=None):
    return edges.client().post(AT, json=body, headers=headers or edges.key())


def read(edges, invoice_id: str) -> dict:
    return edges.client().get(f"/api/v1/invoices/{invoice_id}", headers=edges.key()).get_json()


def test_a_body_with_details_is_imported_and_answered_in_their_envelope(edges):
    response = post(edges, with_details())

    assert response.status_code == 200
    answer = response.get_json()
    assert (answer["code"], answer["meta"]) == (200, {"message": "Success"})
    invoice = read(edges, answer["data"]["id"])
    assert (invoice["source"], invoice["external_id"], invoice["order_id"]) == ("erp", "SAP-900141", 1160)
    assert (invoice["total"], invoice["paid"], invoice["balance"]) == ("113.50", "13.50", "100.00")
    assert [cost["description"] for cost in invoice["cost_lines"]] == ["Freight", "Sales Tax"]


def test_a_body_without_lines_gets_one_line_as_per_document(edges):
    """R-6."""
    invoice = read(edges, post(edges, bare()).get_json()["data"]["id"])

    assert [(line["description"], line["amount"]) for line in invoice["lines"]] == [("As per document", "100.00")]
    assert (invoice["issued_on"], invoice["due_on"]) == ("2026-11-22", "2026-12-22")


def test_what_does_not_add_up_is_accepted_and_flagged(edges):
    """R-6: nothing ties their sums together, so the difference becomes a visible cost line."""
    body = with_details()
    body["originalBalance"]["value"] = 120

    answer = post(edges, body).get_json()

    assert answer["code"] == 200
    assert "6.50 USD" in answer["data"]["findings"][0]
    costs = read(edges, answer["data"]["id"])["cost_lines"]
    assert (costs[-1]["kind"], costs[-1]["amount"]) == ("difference", "6.50")


@pytest.mark.parametrize("header", ["Authorization", "X-Auth-Token", "authToken"])
def test_the_key_comes_in_any_of_their_headers(edges, header):
    secret = edges.key()["Authorization"].removeprefix("Bearer ")
    value = f"Bearer {secret}" if header == "Authorization" else secret

    assert post(edges, bare(), {header: value}).status_code == 200


@pytest.mark.parametrize("header", ["Authorization", "X-Auth-Token", "authToken", "Cookie"])
def test_without_a_living_key_nothing_is_taken(edges, header):
    response = post(edges, bare(), {header: "Bearer ip_0_wrong"})

    assert response.status_code == 401
    assert response.get_json()["code"] == 401
    assert response.get_json()["data"]["errMsg"]


def test_a_number_that_is_there_gets_the_documented_error(edges):
    """A POST creates: the same number again, also unchanged, is refused as B2B Edition refuses it."""
    post(edges, bare())

    for body in (bare(), bare() | {"externalId": "another"}):
        response = post(edges, body)
        assert response.status_code == 400
        assert response.get_json() == {
            "code": 400,
            "data": {"errMsg": "The invoice number already exists."},
            "meta": {"message": "Bad Requests Error"},
        }


def test_the_erp_id_of_the_company_serves_where_the_company_id_is_missing(edges):
    body = bare() | {"externalCustomerId": f"C-{NORTHWIND}"}
    del body["customerId"]

    assert read(edges, post(edges, body).get_json()["data"]["id"])["company"]["id"] == NORTHWIND


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"customerId": "404"}, "No company matches"),
        ({"customerId": ""}, "No company matches"),
        ({"openBalance": {"code": "USD", "value": 101}}, "amount due"),
        ({"openBalance": {"code": "EUR", "value": 100}}, "cannot be combined"),
        ({"originalBalance": {"code": "USD", "value": "NaN"}}, "plain digits"),
        ({"originalBalance": {"code": "USD", "value": "100.005"}}, "decimal places"),
        ({"originalBalance": 100}, "originalBalance"),
        ({"invoiceNumber": ""}, "invoiceNumber"),
        ({"dueDate": "tomorrow"}, "dueDate"),
    ],
)
def test_a_wrong_body_is_refused_in_their_envelope_with_a_sentence_that_helps(edges, change, word):
    response = post(edges, bare() | change)

    assert response.status_code == 422
    answer = response.get_json()
    assert (answer["code"], answer["meta"]["message"]) == (422, "Parameter Error")
    assert word in answer["data"]["errMsg"]


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [(b"{", "application/json", 400), (b"{}", "text/plain", 415), (b" " * 1_100_000, "application/json", 413)],
)
def test_what_is_no_json_is_refused_in_their_envelope(edges, raw, content_type, status):
    response = edges.client().post(AT, data=raw, content_type=content_type, headers=edges.key())

    assert (response.status_code, response.get_json()["code"]) == (status, status)


def test_an_invoice_is_read_back_in_their_form(edges):
    made = post(edges, with_details()).get_json()["data"]["id"]

    answer = edges.client().get(f"{AT}/{made}", headers=edges.key()).get_json()

    data = answer["data"]
    assert (data["invoiceNumber"], data["customerId"], data["status"]) == ("00000141", "11", 1)
    assert (data["openBalance"], data["originalBalance"]) == (
        {"code": "USD", "value": "100.00"},
        {"code": "USD", "value": "113.50"},
    )
    assert (data["type"], data["orderNumber"], data["externalId"]) == ("Invoice on Shipment", "1160", "SAP-900141")
    assert data["extraFields"] == [{"fieldName": "Cost centre", "fieldValue": "4711"}]
    assert data["details"]["details"]["lineItems"][0]["unitPrice"] == {"code": "USD", "value": "50"}
    assert data["details"]["header"]["billingAddress"]["street1"] == "1 Harbour Road"


def test_an_invoice_that_is_not_there_gets_the_documented_error(edges):
    for invoice_id in ("12", "01a2b3c4-0000-7000-8000-000000000000"):
        response = edges.client().get(f"{AT}/{invoice_id}", headers=edges.key())
        assert response.status_code == 404
        assert response.get_json()["data"] == {"errMsg": "Invoice does not exist"}


def test_a_key_that_may_only_read_cannot_push(edges):
    response = post(edges, bare(), edges.key(edges.north, "invoices:read"))

    assert (response.status_code, response.get_json()["code"]) == (403, 403)


@pytest.mark.parametrize(("label", "body"), published())
def test_the_published_bodies_are_imported_as_they_stand(edges, label, body):
    """Issue 2, step 6. Their company id is given to one of ours."""
    with edges.work(edges.north) as work:
        work.companies.put([a_company(12345, "Their company")])
        work.commit()

    response = post(edges, body)

    assert response.status_code == 200
    invoice = read(edges, response.get_json()["data"]["id"])
    assert (invoice["number"], invoice["total"], invoice["balance"]) == ("0000001", "100.00", "100.00")
    assert ("findings" in response.get_json()["data"]) == ("with details" in label)
