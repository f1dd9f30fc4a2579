"""R-23: our mark is written once however often it is asked for, and leaves what others wrote."""

import pytest
import responses

from domain.errors import StoreUnreachable
from tests.adapters.bigcommerce.kit import V2, V3, a_shop, methods_called, paged, sent, v3

WANTED = {"order_type": "invoice_payment", "payment_number": "PAY-00012"}
NOTE = "Invoice payment PAY-00012: INV-00001; not a sale."


def a_field(number, key, value, **changes):
    base = {"id": number, "namespace": "invoice_portal", "key": key, "value": value, "permission_set": "read"}
    return base | changes


def serve(fields, notes):
    responses.add("GET", f"{V3}orders/218/metafields", json=paged(fields))
    responses.add("POST", f"{V3}orders/218/metafields", json=v3(a_field(1, "x", "y")))
    responses.add("PUT", f"{V3}orders/218/metafields/8", json=v3(a_field(8, "x", "y")))
    responses.add("GET", f"{V2}orders/218", json={"id": 218, "staff_notes": notes})
    responses.add("PUT", f"{V2}orders/218", json={"id": 218})


def mark():
    a_shop().orders.mark(218, WANTED, NOTE)


@responses.activate
def test_a_fresh_order_gets_metafields_and_a_note():
    serve([], None)

    mark()

    assert methods_called()[0] == "GET v3/orders/218/metafields?namespace=invoice_portal&page=1&limit=250"
    assert sent(1) == {
        "permission_set": "read",
        "namespace": "invoice_portal",
        "key": "order_type",
        "value": "invoice_payment",
    }
    assert sent(-1) == {"staff_notes": NOTE}


@responses.activate
def test_marking_again_writes_nothing():
    serve(
        [a_field(7, "order_type", "invoice_payment"), a_field(8, "payment_number", "PAY-00012")], f"Call first.\n{NOTE}"
    )

    mark()

    assert {call.split()[0] for call in methods_called()} == {"GET"}


@responses.activate
def test_a_half_written_mark_is_completed():
    serve([a_field(7, "order_type", "invoice_payment"), a_field(8, "payment_number", "PAY-1", namespace="others")], "")

    mark()

    assert sent(1)["key"] == "payment_number"
    assert sum(call.startswith("POST") for call in methods_called()) == 1


@responses.activate
def test_a_changed_value_is_set():
    serve([a_field(7, "order_type", "invoice_payment"), a_field(8, "payment_number", "PAY-1")], NOTE)

    mark()

    assert (methods_called()[1], sent(1)["value"]) == ("PUT v3/orders/218/metafields/8", "PAY-00012")


@responses.activate
def test_what_staff_wrote_stays():
    serve([], "BIN-45")

    mark()

    assert sent(-1) == {"staff_notes": f"BIN-45\n{NOTE}"}


@responses.activate
def test_full_notes_are_left_alone():
    serve([], "x" * 65_530)

    mark()

    assert not any(call.startswith("PUT v2") for call in methods_called())


@responses.activate
def test_a_mark_that_failed_half_way_is_repeated_by_the_caller():
    serve([], "")
    responses.replace("POST", f"{V3}orders/218/metafields", status=500)

    with pytest.raises(StoreUnreachable):
        mark()
