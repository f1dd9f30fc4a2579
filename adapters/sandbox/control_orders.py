"""Control endpoints about orders; the list of them is in control.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from adapters.sandbox import gateway, orders, payments
from adapters.sandbox.amounts import dec, number
from adapters.sandbox.b2b_companies import user_of_customer
from adapters.sandbox.control import sent
from adapters.sandbox.order_shape import EMPTY_ADDRESS
from adapters.sandbox.paging import keep
from adapters.sandbox.seed_orders import catalog_line
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.statuses import INCOMPLETE, PENDING
from adapters.sandbox.world import Refused, now, world

control_orders = Blueprint("control_orders", __name__)

_CARDS = {"card": gateway.APPROVED, "authorised": gateway.AUTHORISE_ONLY, "declined": gateway.DECLINED}
_OTHERS = {"bank_debit": "bankdebit", "check": "cheque"}
_PRICE_KEYS = ("shipping", "handling", "wrapping", "discount", "tax_rate", "tax_name", "inclusive")


@control_orders.get("/<store_hash>/orders")
def list_orders(store_hash: str) -> ResponseReturnValue:
    """A short line for each."""
    heads = [order["head"] for order in world().store(store_hash).rows("order")]
    names = ("id", "customer_id", "status_id", "status", "total_inc_tax", "default_currency_code", "cart_id")
    rows = [{name: head[name] for name in (*names, "is_deleted", "payment_status")} for head in heads]
    return jsonify(keep(keep(rows, "cart_id"), "status_id"))


@control_orders.get("/<store_hash>/orders/<int:order_id>")
def show_order(store_hash: str, order_id: int) -> ResponseReturnValue:
    """Everything about one."""
    shop = world().store(store_hash)
    return jsonify(_whole(shop, shop.get("order", order_id)))


def _whole(shop: Store, order: Doc) -> Doc:
    order_id = order["head"]["id"]
    mine = [row for row in shop.rows("metafield") if row["resource_id"] == order_id]
    return {
        **order,
        "id": order_id,
        "transactions": gateway.of_order(shop, order_id),
        "refunds": payments.of_order(shop, order_id),
        "metafields": mine,
    }


@control_orders.post("/<store_hash>/orders")
def make_order(store_hash: str) -> ResponseReturnValue:
    """Make an order and pay it as asked."""
    shop = world().store(store_hash)
    with shop.unit():
        order = place(shop, sent())
    return jsonify(_whole(shop, shop.get("order", order["head"]["id"]))), 201


@control_orders.post("/<store_hash>/orders/b2c")
def make_b2c_order(store_hash: str) -> ResponseReturnValue:
    """A shopper of no company buys something by card."""
    shop = world().store(store_hash)
    shopper = next(row for row in shop.rows("customer") if row["customer_group_id"] == 0)
    line = {"product_id": shop.rows("product")[0]["id"], "quantity": 1}
    with shop.unit():
        order = place(shop, {"customer_id": shopper["id"], "lines": [line], "paid": "card"})
    return jsonify(_whole(shop, shop.get("order", order["head"]["id"]))), 201


def place(shop: Store, wish: Doc) -> Doc:
    """The order a wish describes (keys in control.py)."""
    customer_id = int(wish.get("customer_id", 0))
    customer = shop.find("customer", customer_id) if customer_id else None
    user = user_of_customer(shop, customer_id)
    company_id = int(wish["company_id"] if "company_id" in wish else user["companyId"] if user else 0)
    lines = [_line(shop, line) for line in wish["lines"]]
    basis = orders.new_basis(shop, _currency(shop, wish, company_id), lines, **_given_money(shop, wish))
    address = dict(customer["address"]) if customer else {**EMPTY_ADDRESS, "first_name": "Guest"}
    moment = now() - timedelta(days=wish.get("age_days", 0))
    paid = wish.get("paid", "none")
    given: Doc = {
        "customer_id": customer_id,
        "billing_address": {**address, **wish.get("billing_address", {})},
        "addresses": [dict(address)],
        "status_id": INCOMPLETE if paid != "none" else wish.get("status_id", PENDING),
        "b2b": {"company_id": company_id, "po_number": wish.get("po_number", "")},
        "payment_method": "Purchase Order" if company_id else "Manual",
    }
    given.update({name: wish[name] for name in ("cart_id", "staff_notes", "customer_message") if name in wish})
    order = orders.create(shop, moment, basis, given)
    if paid != "none":
        method = gateway.method_of(shop, _OTHERS.get(paid, "testgateway"))
        gateway.pay(shop, order, method, _CARDS.get(paid, ""), moment)
        if "status_id" in wish:
            orders.set_status(shop, order, wish["status_id"], moment)
    return order


def _currency(shop: Store, wish: Doc, company_id: int) -> str:
    place_ = shop.find("company_place", company_id)
    default: str = place_["currency"] if place_ else shop.get("store", "profile")["currency"]
    return str(wish.get("currency", default))


def _given_money(shop: Store, wish: Doc) -> dict[str, Any]:
    money: dict[str, Any] = {name: wish[name] for name in _PRICE_KEYS if name in wish}
    for name in ("shipping", "handling", "wrapping", "discount", "tax_rate"):
        if name in money:
            money[name] = str(money[name])
    if wish.get("coupon"):
        money["coupon"] = {"id": 1, "name": wish["coupon"]["code"], **wish["coupon"]}
    money["fees"] = [
        {"id": shop.next_id("fee"), "name": fee["name"], "cost": str(fee["cost"])} for fee in wish.get("fees", [])
    ]
    return money


def _line(shop: Store, wish: Doc) -> Doc:
    quantity = int(wish.get("quantity", 1))
    product = _product(shop, wish)
    if product is not None:
        unit = None if wish.get("unit") is None else str(wish["unit"])
        return catalog_line(product, quantity, unit)
    if "name" not in wish:
        raise Refused(400, f"No product fits {wish}.")
    return {
        "product_id": 0,
        "name": wish["name"],
        "sku": wish.get("sku", ""),
        "type": wish.get("type", "physical"),
        "quantity": quantity,
        "unit": str(wish["unit"]),
        "taxable": wish.get("taxable", True),
    }


def _product(shop: Store, wish: Doc) -> Doc | None:
    for row in shop.rows("product"):
        if row["id"] == wish.get("product_id") or (wish.get("sku") and row["sku"] == wish["sku"]):
            return row
    return None


def _line_ids(order: Doc, changes: list[Doc]) -> list[Doc]:
    by_sku = {line["sku"]: line["id"] for line in order["basis"]["lines"]}
    named = []
    for change in changes:
        if "id" not in change and change.get("sku") in by_sku:
            change = {**change, "id": by_sku[change["sku"]]}
        named.append(change)
    return named


@control_orders.post("/<store_hash>/orders/<int:order_id>/<action>")
def act(store_hash: str, order_id: int, action: str) -> ResponseReturnValue:
    """Everything a seller does to an order."""
    shop, wish = world().store(store_hash), sent()
    with shop.unit():
        order = shop.get("order", order_id)
        do = _ACTIONS.get(action)
        if do is None:
            raise Refused(404, f"Unknown action. Known: {', '.join(_ACTIONS)}.")
        do(shop, order, wish)
    return jsonify(_whole(shop, shop.get("order", order_id)))


def _edit(shop: Store, order: Doc, wish: Doc) -> None:
    changes = dict(wish)
    lines = _line_ids(order, wish.get("lines", []))
    changes["lines"] = [
        {**line, **({"unit": str(line["unit"])} if "unit" in line else {})} if "id" in line else _line(shop, line)
        for line in lines
    ]
    orders.edit(shop, order, changes, now())


def _refund(shop: Store, order: Doc, wish: Doc) -> None:
    if wish.get("everything"):
        items = payments.everything(order)
    elif "lines" in wish:
        lines = _line_ids(order, wish["lines"])
        items = [{"item_type": "PRODUCT", "item_id": line["id"], "quantity": line["quantity"]} for line in lines]
    else:
        items = [{"item_type": "ORDER", "item_id": order["head"]["id"], "amount": number(dec(wish["amount"]))}]
    way: Doc = {"provider_id": wish.get("to") or order["head"]["payment_provider_id"]}
    way["is_declined"] = bool(wish.get("declined"))
    request_ = {"items": items, "payments": [way], "reason": wish.get("reason", "")}
    payments.refund(shop, order, request_, now())


def _capture(shop: Store, order: Doc, wish: Doc) -> None:
    amount = dec(wish["amount"]) if "amount" in wish else None
    payments.capture(shop, order, now(), amount)


_ACTIONS: dict[str, Callable[[Store, Doc, Doc], object]] = {
    "edit": _edit,
    "refund": _refund,
    "capture": _capture,
    "status": lambda shop, order, wish: orders.set_status(shop, order, int(wish["status_id"]), now()),
    "archive": lambda shop, order, wish: orders.archive(shop, order, now()),
    "void": lambda shop, order, wish: payments.void(shop, order, now()),
    "settle": lambda shop, order, wish: payments.settle(shop, order, now(), wish.get("good", True)),
}
