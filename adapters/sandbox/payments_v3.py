"""V3 payment side of orders: transactions, refund quotes and refunds, capture, void."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import gateway, payments
from adapters.sandbox.amounts import parsed
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import listed, v3_list, v3_one
from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused, body, now, store

payments_v3 = Blueprint("payments_v3", __name__)
needs_orders = needs("store_v2_orders")


@payments_v3.get("/orders/<int:order_id>/transactions")
@needs("store_v2_transactions")
def list_transactions(order_id: int) -> ResponseReturnValue:
    """204 when there are none."""
    store().get("order", order_id)
    rows = gateway.of_order(store(), order_id)
    return v3_list(rows) if rows else ("", 204)


@payments_v3.post("/orders/<int:order_id>/payment_actions/refund_quotes")
@needs_orders
def refund_quote(order_id: int) -> ResponseReturnValue:
    """What a refund would cost."""
    order = store().get("order", order_id)
    return v3_one(payments.quote(store(), order, _items(body())), 201)


def _items(sent: Doc) -> list[Doc]:
    items: list[Doc] = sent.get("items") or []
    if not items:
        raise Refused(422, "JSON data is missing or invalid", {"items": "error.path.missing"})
    return items


@payments_v3.post("/orders/<int:order_id>/payment_actions/refunds")
@needs_orders
def refund(order_id: int) -> ResponseReturnValue:
    """Refund items."""
    sent, shop = body(), store()
    _items(sent)
    with shop.unit():
        row = payments.refund(shop, shop.get("order", order_id), sent, now())
    return v3_one(row, 201)


@payments_v3.get("/orders/<int:order_id>/payment_actions/refunds")
@needs_orders
def refunds_of_order(order_id: int) -> ResponseReturnValue:
    """Refunds of one order."""
    store().get("order", order_id)
    return v3_one(payments.of_order(store(), order_id))


@payments_v3.get("/orders/payment_actions/refunds")
@needs_orders
def refunds_of_store() -> ResponseReturnValue:
    """Refunds of the store, with the documented filters."""
    rows = store().rows("refund")
    for name, field in (("id:in", "id"), ("order_id:in", "order_id")):
        wanted = listed(name)
        if wanted is not None:
            rows = [row for row in rows if str(row[field]) in wanted]
    least, most = request.args.get("created:min"), request.args.get("created:max")
    if least:
        rows = [row for row in rows if parsed(row["created"]) >= parsed(least)]
    if most:
        rows = [row for row in rows if parsed(row["created"]) <= parsed(most)]
    return v3_list(rows)


@payments_v3.get("/orders/payment_actions/refunds/<int:refund_id>")
@needs_orders
def one_refund(refund_id: int) -> ResponseReturnValue:
    """One refund."""
    return v3_one(store().get("refund", refund_id))


@payments_v3.post("/orders/<int:order_id>/payment_actions/capture")
@needs("store_v2_transactions")
def capture(order_id: int) -> ResponseReturnValue:
    """Take the whole authorised amount."""
    shop = store()
    with shop.unit():
        payments.capture(shop, shop.get("order", order_id), now())
    return jsonify({}), 201


@payments_v3.post("/orders/<int:order_id>/payment_actions/void")
@needs("store_v2_transactions")
def void(order_id: int) -> ResponseReturnValue:
    """Let the authorisation go."""
    shop = store()
    with shop.unit():
        payments.void(shop, shop.get("order", order_id), now())
    return jsonify({}), 201
