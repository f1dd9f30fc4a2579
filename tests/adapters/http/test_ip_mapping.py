"""B2B Edition's invoice body as our document: pure mapping, without a portal."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from flask import Flask

from adapters.http.bodies import read_json, read_model
from adapters.http.errors import BodyInvalid, FieldsInvalid
from adapters.http.ip_mapper import document_of, is_subtotal
from adapters.http.ip_schemas import IpInvoice
from domain.errors import AmountInvalid, MixedCurrencies
from domain.invoice import CostKind
from domain.money import Money
from domain.price import UnitPrice

TODAY = date(2026, 11, 22)
SPECS = Path(__file__).parents[4] / "shared" / "specs" / "b2b-edition" / "specs" / "api-v3"
PUBLISHED = ("invoice_management/invoice/invoice.yaml", "invoice-management.yaml")


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def with_details() -> dict:
    """Ours, in the form of the published body with details."""
    return {
        "invoiceNumber": "00000141",
        "dueDate": 1798675200,
        "status": 0,
        "originalBalance": {"code": "USD", "value": 113.5},
        "openBalance": {"code": "USD", "value": 100},
        "issuedAt": 1796083200,
        "type": "Invoice on Shipment",
        "orderNumber": "1160",
        "purchaseOrderNumber": "PO-77",
        "externalId": "SAP-900141",
        "termsConditions": "Goods remain ours until paid.",
        "details": {
            "header": {
                "costLines": [
                    {"amount": {"code": "USD", "value": "96.0000"}, "description": "Subtotal"},
                    {"amount": {"code": "USD", "value": "10.00"}, "description": "Freight"},
                    {"amount": {"code": "USD", "value": "7.50"}, "description": "Sales Tax"},
                ],
                "billingAddress": {
                    "city": "Portland", "state": "Oregon", "country": "United States", "street1": "1 Harbour Road",
                    "street2": "", "zipCode": "97201", "lastName": "Buyer", "firstName": "Bea",
                },
                "shippingAddresses": [],
            },
            "details": {
                "lineItems": [
                    {
                        "sku": "HB-8", "quantity": "2", "unitPrice": {"code": "USD", "value": "50.00"},
                        "unitDiscount": {"code": "USD", "value": "2"}, "description": "Hex bolts M8",
                    }
                ]
            },
        },
        "customerId": "11",
        "channelId": 1,
        "extraFields": [{"fieldName": "Cost centre", "fieldValue": "4711"}],
    }  # fmt: skip


def bare() -> dict:
    """Ours, in the form of the published body without details."""
    return {
        "invoiceNumber": "0000001",
        "originalBalance": {"code": "USD", "value": 100},
        "openBalance": {"code": "USD", "value": 100},
        "customerId": "11",
        "channelId": 1,
    }


def given(body: dict) -> IpInvoice:
    """Through the reader of the edge, which keeps numbers as text."""
    with Flask("edge").test_request_context(method="POST", json=body):
        return read_model(IpInvoice, read_json(exact=True))


def document(body: dict, zone: str = "America/Los_Angeles"):
    return document_of(given(body), zone, TODAY)


def test_a_body_with_details_becomes_lines_cost_lines_and_addresses():
    found = document(with_details())

    assert (found.number, found.external_id, found.company_ref) == ("00000141", "SAP-900141", "11")
    assert (found.order_id, found.po_number) == (1160, "PO-77")
    assert found.terms_text == "Goods remain ours until paid."
    (line,) = found.lines
    assert (line.description, line.sku, line.quantity) == ("Hex bolts M8", "HB-8", Decimal(2))
    assert (line.unit_price, line.discount, line.amount) == (UnitPrice(Decimal("50.00")), usd("4.00"), usd("96.00"))
    assert not line.is_off
    assert found.billing_address.name == "Bea Buyer"
    assert found.billing_address.lines == ["Bea Buyer", "1 Harbour Road", "97201 Portland, Oregon", "United States"]


def test_a_subtotal_is_information_and_no_charge():
    """R-6."""
    found = document(with_details())

    assert [(cost.kind, cost.description, cost.amount) for cost in found.cost_lines] == [
        (CostKind.SHIPPING, "Freight", usd("10.00")),
        (CostKind.TAX, "Sales Tax", usd("7.50")),
    ]


@pytest.mark.parametrize("description", ["Subtotal", "sub total", "SUB-TOTAL", "subtotal "])
def test_a_subtotal_is_known_in_its_usual_spellings(description):
    assert is_subtotal(description)


def test_a_cost_line_that_only_mentions_the_subtotal_is_a_charge():
    assert not is_subtotal("Surcharge on subtotal")


def test_the_open_balance_is_what_is_still_due():
    """R-13, R-15: below the total, the difference was paid elsewhere."""
    found = document(with_details())

    assert (found.total, found.amount_due) == (usd("113.50"), usd("100.00"))
    assert found.forgive


def test_a_body_without_details_has_no_lines_and_todays_date():
    """R-6: the import makes one line “As per document” of it."""
    found = document(bare())

    assert (found.lines, found.cost_lines) == ((), ())
    assert (found.issued_on, found.due_on) == (TODAY, None)
    assert found.external_id == "0000001"


def test_a_late_evening_in_utc_is_still_the_day_before_in_the_west_and_the_next_in_the_east():
    """F-19."""
    late = int(datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp())
    early = int(datetime(2026, 11, 20, 0, 30, tzinfo=UTC).timestamp())

    assert document(bare() | {"dueDate": late}, "Asia/Tokyo").due_on == date(2026, 11, 21)
    assert document(bare() | {"dueDate": early}, "America/Los_Angeles").due_on == date(2026, 11, 19)


def test_the_erp_id_of_the_company_serves_where_the_company_id_is_missing():
    body = bare() | {"customerId": "", "externalCustomerId": "C-11"}

    assert document(body).company_ref == "C-11"


def test_an_order_number_that_is_no_order_id_is_kept_as_text():
    found = document(bare() | {"orderNumber": "SO-4711/2"})

    assert found.order_id is None
    assert found.extra_fields == {"orderNumber": "SO-4711/2"}


def test_what_has_no_place_of_its_own_is_kept_as_extra_fields():
    found = document(with_details() | {"externalPdfUrl": "https://erp.example/141.pdf"})

    assert found.extra_fields == {
        "type": "Invoice on Shipment",
        "externalPdfUrl": "https://erp.example/141.pdf",
        "Cost centre": "4711",
    }


def test_no_amount_passes_a_float():
    """Ground rule 8: 4 decimals in text and a number that no float holds both arrive to the cent."""
    body = bare() | {
        "originalBalance": {"code": "USD", "value": "349.5000"},
        "openBalance": {"code": "USD", "value": 0.1},
    }

    found = document(body)

    assert (found.total, found.amount_due) == (usd("349.50"), usd("0.10"))


@pytest.mark.parametrize("value", ["1e3", "NaN", "1_000", "１０", "", "12,50", "0x10", True, None, "1" * 13])
def test_what_is_not_a_plain_amount_is_refused(value):
    """T-15."""
    with pytest.raises(FieldsInvalid) as refused:
        given(bare() | {"originalBalance": {"code": "USD", "value": value}})

    assert refused.value.fields[0][0] == "originalBalance.value"


def test_a_number_with_an_exponent_is_refused():
    raw = json.dumps(bare()).replace('"value": 100}', '"value": 1e2}')

    with Flask("edge").test_request_context(method="POST", data=raw, content_type="application/json"):
        found = read_json(exact=True)

    with pytest.raises(FieldsInvalid):
        read_model(IpInvoice, found)


def test_more_places_than_the_currency_has_are_refused_by_name():
    with pytest.raises(AmountInvalid) as refused:
        document(bare() | {"originalBalance": {"code": "USD", "value": "100.005"}})

    assert refused.value.facts["field"] == "originalBalance.value"


@pytest.mark.parametrize("where", ["openBalance", "line", "cost"])
def test_another_currency_anywhere_is_refused(where):
    body = with_details()
    euros = {"code": "EUR", "value": "10.00"}
    if where == "openBalance":
        body["openBalance"] = euros
    elif where == "line":
        body["details"]["details"]["lineItems"][0]["unitPrice"] = euros
    else:
        body["details"]["header"]["costLines"][1]["amount"] = euros

    with pytest.raises(MixedCurrencies):
        document(body)


def test_an_unknown_currency_is_refused():
    with pytest.raises(FieldsInvalid) as refused:
        given(bare() | {"originalBalance": {"code": "XXX", "value": 1}})

    assert "ISO 4217" in refused.value.sentence


@pytest.mark.parametrize("text", ["nul\x00", "bell\x07"])
def test_control_characters_stay_outside(text):
    """T-37; PostgreSQL refuses NUL."""
    with pytest.raises(FieldsInvalid):
        given(bare() | {"invoiceNumber": text})


@pytest.mark.parametrize("raw", [b"{", b"[]", b'"text"', b"\xff\xfe", b'{"a": NaN}', b"", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(raw):
    request = Flask("edge").test_request_context(method="POST", data=raw, content_type="application/json")

    with request, pytest.raises(BodyInvalid):
        read_json(exact=True)


# --- the published examples -------------------------------------------------------------------------------
def published() -> list:
    """Both bodies of both specification files, or one row that says why there are none."""
    if not SPECS.is_dir():
        why = "the published specifications are not beside this checkout, in ../shared/specs"
        return [pytest.param("", {}, marks=pytest.mark.skip(reason=why))]
    rows = []
    for name in PUBLISHED:
        paths = yaml.safe_load((SPECS / name).read_text("utf-8"))["paths"]
        post = next(one["post"] for path, one in paths.items() if path.endswith("/invoices") and "post" in one)
        examples = post["requestBody"]["content"]["application/json"]["examples"]
        rows += [pytest.param(label, one["value"], id=f"{Path(name).stem}-{label}") for label, one in examples.items()]
    return rows


@pytest.mark.parametrize(("label", "body"), published())
def test_the_published_bodies_are_accepted_as_they_stand(label, body):
    found = document(body)

    assert found.total == usd("100.00") == found.amount_due
    assert found.number == "0000001"
    assert len(found.lines) == (1 if "with details" in label else 0)
    assert [cost.description for cost in found.cost_lines] == (
        ["Freight", "Sales Tax"] if "with details" in label else []
    )
