"""V2 orders: lists with filters and embedded lines, single orders, sub-resources, PUT, archive."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import orders as act
from adapters.sandbox.amounts import dec, parsed
from adapters.sandbox.guard import needs
from adapters.sandbox.order_shape import EMPTY_ADDRESS
from adapters.sandbox.order_views import consignments, order_view
from adapters.sandbox.paging import v2_list
from adapters.sandbox.state import Doc
from adapters.sandbox.statuses import NAMES, status
from adapters.sandbox.world import Refused, body, now, store

orders_v2 = Blueprint("orders_v2", __name__)
needs_orders = needs("store_v2_orders")

_SORTABLE = ("id", "customer_id", "date_created", "date_modified", "status_id", "channel_id", "external_id")


@orders_v2.get("/orders")
@needs_orders
def list_orders() -> ResponseReturnValue:
    """Filtered, sorted, paged; archived orders only with `is_deleted=true`; 204 when there are none."""
    found = sorted(filtered(store().rows("order")), key=_sort_key(), reverse=_is_descending())
    return v2_list([order_view(store(), order) for order in found])


def _sort_key() -> Callable[[Doc], Any]:
    field = request.args.get("sort", "id").partition(":")[0]
    if field not in _SORTABLE:
        raise Refused(400, "The field 'sort' is invalid.")
    if field.startswith("date_"):
        return lambda order: (parsed(order["head"][field]), order["head"]["id"])
    return lambda order: (order["head"][field] or 0, order["head"]["id"])


def _is_descending() -> bool:
    return request.args.get("sort", "").endswith(":desc")


def filtered(rows: list[Doc]) -> list[Doc]:
    """The orders every given query filter lets through."""
    tests = [make(request.args[name]) for name, make in _FILTERS.items() if request.args.get(name)]
    wanted = request.args.get("is_deleted") == "true"
    heads = [order for order in rows if order["head"]["is_deleted"] is wanted]
    return [order for order in heads if all(test(order) for test in tests)]


Test = Callable[[Doc], bool]


def _equal(field: str) -> Callable[[str], Test]:
    return lambda text: lambda order: str(order["head"][field]) == text


def _least(field: str, read: Callable[[Any], Any]) -> Callable[[str], Test]:
    return lambda text: _bound(field, read, text, 1)


def _most(field: str, read: Callable[[Any], Any]) -> Callable[[str], Test]:
    return lambda text: _bound(field, read, text, -1)


def _bound(field: str, read: Callable[[Any], Any], text: str, sign: int) -> Test:
    try:
        limit = read(text)
    except (ValueError, ArithmeticError, TypeError) as error:
        raise Refused(400, f"The filter on '{field}' is invalid.") from error
    if sign > 0:
        return lambda order: bool(read(order["head"][field]) >= limit)
    return lambda order: bool(read(order["head"][field]) <= limit)


def _email(text: str) -> Test:
    return lambda order: order["head"]["billing_address"]["email"] == text


_FILTERS: dict[str, Callable[[str], Test]] = {
    "min_id": _least("id", int),
    "max_id": _most("id", int),
    "min_total": _least("total_inc_tax", dec),
    "max_total": _most("total_inc_tax", dec),
    "min_date_created": _least("date_created", parsed),
    "max_date_created": _most("date_created", parsed),
    "min_date_modified": _least("date_modified", parsed),
    "max_date_modified": _most("date_modified", parsed),
    "customer_id": _equal("customer_id"),
    "status_id": _equal("status_id"),
    "cart_id": _equal("cart_id"),
    "payment_method": _equal("payment_method"),
    "channel_id": _equal("channel_id"),
    "external_order_id": _equal("external_order_id"),
    "email": _email,
}


@orders_v2.get("/orders/count")
@needs_orders
def count_orders() -> ResponseReturnValue:
    """How many orders pass the filters, by status."""
    found = filtered(store().rows("order"))
    rows = []
    for status_id, name in enumerate(NAMES):
        row = status(status_id)
        row["sort_order"] = row.pop("order")
        row["count"] = sum(order["head"]["status_id"] == status_id for order in found)
        rows.append({**row, "name": name})
    return jsonify({"statuses": rows, "count": len(found)})


@orders_v2.get("/orders/<int:order_id>")
@needs_orders
def get_order(order_id: int) -> ResponseReturnValue:
    """One order; an archived one says `is_deleted`."""
    return jsonify(order_view(store(), _order(order_id)))


def _order(order_id: int) -> Doc:
    return store().get("order", order_id)


@orders_v2.put("/orders/<int:order_id>")
@needs_orders
def put_order(order_id: int) -> ResponseReturnValue:
    """Change status, notes, lines; only the given fields change."""
    sent, shop = body(), store()
    with shop.unit():
        order = _order(order_id)
        changes = {key: value for key, value in sent.items() if key not in ("status_id", "products")}
        if "products" in sent:
            changes["lines"] = [_line_change(order, product) for product in sent["products"]]
        if changes:
            act.edit(shop, order, changes, now())
        if "status_id" in sent:
            act.set_status(shop, order, int(sent["status_id"]), now())
    return jsonify(order_view(shop, _order(order_id)))


def _line_change(order: Doc, product: Doc) -> Doc:
    price_field = "price_inc_tax" if order["basis"]["inclusive"] else "price_ex_tax"
    change: Doc = {key: product[key] for key in ("id", "quantity", "name", "sku") if key in product}
    if price_field in product:
        change["unit"] = str(product[price_field])
    if "id" not in product:
        change = {"product_id": 0, "sku": "", "type": "physical", "unit": "0", **change}
        change["product_id"] = product.get("product_id", 0)
    return change


@orders_v2.delete("/orders/<int:order_id>")
@needs_orders
def delete_order(order_id: int) -> ResponseReturnValue:
    """Archive."""
    shop = store()
    with shop.unit():
        act.archive(shop, _order(order_id), now())
    return "", 204


@orders_v2.post("/orders")
@needs_orders
def post_order() -> ResponseReturnValue:
    """An order made by hand (status Pending unless given)."""
    sent, shop = body(), store()
    if not sent.get("billing_address") or not sent.get("products"):
        raise Refused(400, "The required fields 'billing_address' and 'products' are not supplied.")
    with shop.unit():
        basis = act.new_basis(shop, shop.get("store", "profile")["currency"], [])
        basis["lines"] = [_posted_line(basis, product) for product in sent["products"]]
        given = {
            "customer_id": sent.get("customer_id", 0),
            "status_id": sent.get("status_id", 1),
            "billing_address": {**EMPTY_ADDRESS, **sent["billing_address"]},
            "channel_id": sent.get("channel_id", 1),
            "staff_notes": sent.get("staff_notes", ""),
            "order_source": "external",
            "addresses": sent.get("shipping_addresses", [dict(sent["billing_address"])]),
        }
        order = act.create(shop, now(), basis, given)
    return jsonify(order_view(shop, order)), 201


def _posted_line(basis: Doc, product: Doc) -> Doc:
    price_field = "price_inc_tax" if basis["inclusive"] else "price_ex_tax"
    return {
        "product_id": product.get("product_id", 0),
        "name": product.get("name", "Product"),
        "sku": product.get("sku", ""),
        "type": "physical",
        "quantity": int(product["quantity"]),
        "unit": str(product.get(price_field, "0")),
    }


def _sub_resource(name: str, part: str) -> None:
    def view(order_id: int) -> ResponseReturnValue:
        return v2_list(_order(order_id)[part])

    orders_v2.add_url_rule(f"/orders/<int:order_id>/{name}", f"order_{name}", needs_orders(view))


_sub_resource("products", "products")
_sub_resource("shipping_addresses", "shipping_addresses")
_sub_resource("shippingaddresses", "shipping_addresses")
_sub_resource("coupons", "coupon_rows")
_sub_resource("taxes", "tax_rows")
_sub_resource("fees", "fee_rows")


@orders_v2.get("/orders/<int:order_id>/products/<int:line_id>")
@needs_orders
def get_order_product(order_id: int, line_id: int) -> ResponseReturnValue:
    """One line."""
    for product in _order(order_id)["products"]:
        if product["id"] == line_id:
            return jsonify(product)
    raise Refused(404, "The requested resource was not found.")


@orders_v2.get("/orders/<int:order_id>/messages")
@needs_orders
def order_messages(order_id: int) -> ResponseReturnValue:
    """Nobody writes messages here."""
    _order(order_id)
    return "", 204


@orders_v2.get("/orders/<int:order_id>/consignments")
@needs_orders
def order_consignments(order_id: int) -> ResponseReturnValue:
    """Where the lines go."""
    return jsonify(consignments(store(), _order(order_id), "line_items" in request.args.get("include", "")))


@orders_v2.get("/order_statuses")
def order_statuses() -> ResponseReturnValue:
    """All fifteen."""
    return jsonify([status(status_id) for status_id in range(len(NAMES))])


@orders_v2.get("/order_statuses/<int:status_id>")
def order_status(status_id: int) -> ResponseReturnValue:
    """One."""
    if status_id >= len(NAMES):
        raise Refused(404, "The requested resource was not found.")
    return jsonify(status(status_id))
