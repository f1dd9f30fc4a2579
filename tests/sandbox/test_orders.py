"""V2 orders: filters, paging, changes; what a seller does to an order."""

import pytest

from adapters.sandbox.settings import NORTH
from tests.sandbox.kit import Kit


def test_lists_page_and_end_with_204(reader: Kit) -> None:
    pages = [reader.api("GET", f"/v2/orders?limit=50&page={page}") for page in (1, 2, 3, 4)]

    assert [answer.status_code for answer in pages] == [200, 200, 200, 204]
    assert pages[3].data == b""
    ids = [order["id"] for answer in pages[:3] for order in answer.json]
    assert ids == sorted(ids)


def test_filters_narrow_the_list(reader: Kit) -> None:
    one = reader.get("/v2/orders/150")

    assert [row["id"] for row in reader.get("/v2/orders", min_id=218)] == [218, 219]
    assert [row["id"] for row in reader.get("/v2/orders", cart_id=one["cart_id"])] == [150]
    assert [row["id"] for row in reader.get("/v2/orders", is_deleted="true")] == [144]
    later = reader.get("/v2/orders", min_date_modified=one["date_modified"], limit=250, sort="date_modified:asc")
    assert later[0]["id"] == 150
    same = reader.get("/v2/orders", customer_id=one["customer_id"], status_id=one["status_id"])
    assert 150 in [row["id"] for row in same]


def test_a_cart_may_have_left_several_orders(reader: Kit) -> None:
    cart_id = reader.get("/v2/orders/215")["cart_id"]

    assert [row["status_id"] for row in reader.get("/v2/orders", cart_id=cart_id)] == [0, 11]


@pytest.mark.parametrize("query", ["limit=251", "limit=x", "sort=colour", "min_date_modified=yesterday"])
def test_a_query_that_makes_no_sense_is_refused(reader: Kit, query: str) -> None:
    answer = reader.api("GET", f"/v2/orders?{query}")

    assert 400 <= answer.status_code < 500
    assert answer.json[0]["status"] == answer.status_code


def test_put_changes_only_what_is_given_and_moves_the_clock(kit: Kit) -> None:
    before = kit.get("/v2/orders/110")

    after = kit.api("PUT", "/v2/orders/110", json={"staff_notes": "Call first", "status_id": 2}).json

    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"staff_notes", "status_id", "status", "custom_status", "date_modified"}
    assert after["status"] == "Shipped"


def test_another_quantity_reprices_the_order_and_wipes_its_reductions(kit: Kit) -> None:
    line = kit.get("/v2/orders/112/products")[0]

    kit.api("PUT", "/v2/orders/112", json={"products": [{"id": line["id"], "quantity": 1}]})

    order = kit.get("/v2/orders/112")
    assert order["coupon_discount"] == "0.0000"
    assert kit.api("GET", "/v2/orders/112/coupons").status_code == 204


def test_an_archived_order_stays_readable_by_its_number(kit: Kit) -> None:
    assert kit.api("DELETE", "/v2/orders/110").status_code == 204

    assert kit.get("/v2/orders/110")["is_deleted"] is True
    assert 110 not in [row["id"] for row in kit.get("/v2/orders", limit=250)]


def test_authorised_money_comes_with_captures(kit: Kit) -> None:
    order = kit.order(paid="authorised")
    assert order["head"]["status"] == "Awaiting Payment"
    path = f"/{NORTH}/orders/{order['id']}"

    part = kit.control(f"{path}/capture", {"amount": "10.00"})
    rest = kit.control(f"{path}/capture", {})

    assert part["head"]["status"] == "Awaiting Payment"
    assert rest["head"]["status"] == "Awaiting Fulfillment"
    assert [row["event"] for row in rest["transactions"]] == ["authorization", "capture", "capture"]
    kit.grant("store_v2_transactions")
    assert kit.api("POST", f"/v3/orders/{order['id']}/payment_actions/capture").status_code == 422


def test_a_voided_authorisation_cancels_the_order(kit: Kit) -> None:
    order = kit.order(paid="authorised")
    kit.grant("store_v2_transactions")

    assert kit.api("POST", f"/v3/orders/{order['id']}/payment_actions/void").status_code == 201

    after = kit.control(f"/{NORTH}/orders/{order['id']}", method="GET")
    assert after["transactions"][-1]["event"] == "void"
    assert after["head"]["status"] == "Cancelled"


def test_line_refunds_add_up_to_the_line(kit: Kit) -> None:
    """One after the other, the parts make the whole, rounding included."""
    order = kit.order(paid="card", lines=[{"name": "Thirds", "unit": "0.37", "quantity": 3}])
    path = f"/{NORTH}/orders/{order['id']}/refund"
    line = {"id": order["products"][0]["id"], "quantity": 1}

    refunds = [kit.control(path, {"lines": [line]})["refunds"][-1]["total_amount"] for _ in range(3)]

    assert round(sum(refunds), 2) == float(order["products"][0]["total_inc_tax"])


def test_a_declined_refund_moves_nothing(kit: Kit) -> None:
    order = kit.order(paid="card")

    after = kit.control(f"/{NORTH}/orders/{order['id']}/refund", {"everything": True, "declined": True})

    assert after["refunds"][0]["payments"][0]["is_declined"] is True
    assert [row["event"] for row in after["transactions"]] == ["purchase"]
    assert after["head"]["status"] == "Awaiting Fulfillment"


def test_a_bank_debit_settles_or_fails_later(kit: Kit) -> None:
    good, bad = kit.order(paid="bank_debit"), kit.order(paid="bank_debit")

    settled = kit.control(f"/{NORTH}/orders/{good['id']}/settle", {})
    failed = kit.control(f"/{NORTH}/orders/{bad['id']}/settle", {"good": False})

    assert good["head"]["payment_status"] == "pending"
    assert [row["event"] for row in settled["transactions"]] == ["pending", "settled"]
    assert settled["transactions"][1]["reference_transaction_id"] == settled["transactions"][0]["id"]
    assert failed["transactions"][1]["status"] == "error"


def test_test_transactions_say_so(kit: Kit) -> None:
    kit.control(f"/{NORTH}/modes", {"test_transactions": True})

    assert kit.order(paid="card")["transactions"][0]["test"] is True


def test_a_metafield_is_taken_once(kit: Kit) -> None:
    body = {"permission_set": "read", "namespace": "invoice_portal", "key": "a", "value": "1"}

    first = kit.api("POST", "/v3/orders/100/metafields", json=body)
    second = kit.api("POST", "/v3/orders/100/metafields", json=body)

    assert (first.status_code, second.status_code) == (200, 409)


def test_the_control_panel_edits_and_refunds(kit: Kit) -> None:
    order = kit.order(paid="card")
    line = order["products"][0]["id"]
    page = f"/cp/{NORTH}/orders/{order['id']}"

    kit.client.post(f"{page}/refund", data={f"refund-{line}": "1", "reason": "Damaged"})
    kit.client.post(f"{page}/edit", data={"po_number": "PO-7", "staff_notes": "", f"quantity-{line}": "2"})
    refused = kit.client.post(f"{page}/capture", data={})

    after = kit.control(f"/{NORTH}/orders/{order['id']}", method="GET")
    assert after["products"][0]["quantity_refunded"] == 1
    assert after["b2b"]["po_number"] == "PO-7"
    assert "no authorised payment" in kit.client.get(refused.location).text
    assert kit.client.get(f"/cp/{NORTH}/orders").status_code == 200
