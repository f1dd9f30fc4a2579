"""V3 metafields of orders and carts: each app sees and owns its own."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import hooks
from adapters.sandbox.amounts import iso
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import keep, v3_list, v3_one
from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused, body, now, store, world

metafields = Blueprint("metafields", __name__)
needs_orders = needs("store_v2_orders")

_SETS = ("app_only", "read", "write", "read_and_sf_access", "write_and_sf_access")


def _of(resource_id: int) -> list[Doc]:
    return [row for row in store().rows("metafield") if row["resource_id"] == resource_id]


@metafields.get("/orders/<int:order_id>/metafields")
@needs_orders
def list_metafields(order_id: int) -> ResponseReturnValue:
    """Filters: key, namespace, each also with `:in`."""
    store().get("order", order_id)
    return v3_list(keep(keep(_of(order_id), "key"), "namespace"))


@metafields.post("/orders/<int:order_id>/metafields")
@needs_orders
def post_metafield(order_id: int) -> ResponseReturnValue:
    """409 when namespace and key are taken."""
    sent, shop = body(), store()
    errors = {name: "is required" for name in ("namespace", "key", "value") if not sent.get(name)}
    if sent.get("permission_set") not in _SETS:
        errors["permission_set"] = "is invalid"
    errors.update({name: "is too long" for name in ("namespace", "key") if len(sent.get(name, "")) > 64})
    if errors:
        raise Refused(422, "The metafield is not valid.", errors)
    with shop.unit():
        shop.get("order", order_id)
        if any((row["namespace"], row["key"]) == (sent["namespace"], sent["key"]) for row in _of(order_id)):
            raise Refused(409, "The metafield conflicts with another metafield.", {"key": "is taken"})
        row = _new_row(order_id, sent)
        shop.put("metafield", row["id"], row)
        _announce(row, "created")
    return v3_one(row)


def _new_row(order_id: int, sent: Doc) -> Doc:
    moment = iso(now())
    return {
        "id": store().next_id("metafield", 7),
        "permission_set": sent["permission_set"],
        "namespace": sent["namespace"],
        "key": sent["key"],
        "value": sent["value"],
        "description": sent.get("description", ""),
        "resource_type": "order",
        "resource_id": order_id,
        "date_created": moment,
        "date_modified": moment,
        "owner_client_id": world().settings.client_id,
    }


def _announce(row: Doc, what: str) -> None:
    data = {"type": "metafield", "id": row["id"], "resource_id": str(row["resource_id"])}
    hooks.emit(store(), f"store/order/metafield/{what}", data)


@metafields.get("/orders/<int:order_id>/metafields/<int:metafield_id>")
@needs_orders
def get_metafield(order_id: int, metafield_id: int) -> ResponseReturnValue:
    """One."""
    return v3_one(_one(order_id, metafield_id))


def _one(order_id: int, metafield_id: int) -> Doc:
    for row in _of(order_id):
        if row["id"] == metafield_id:
            return row
    raise Refused(404, "The requested resource was not found.")


@metafields.put("/orders/<int:order_id>/metafields/<int:metafield_id>")
@needs_orders
def put_metafield(order_id: int, metafield_id: int) -> ResponseReturnValue:
    """Change value, description or permission."""
    sent, shop = body(), store()
    with shop.unit():
        row = _one(order_id, metafield_id)
        row.update({name: sent[name] for name in ("value", "description", "permission_set") if name in sent})
        row["date_modified"] = iso(now())
        shop.put("metafield", metafield_id, row)
        _announce(row, "updated")
    return v3_one(row)


@metafields.delete("/orders/<int:order_id>/metafields/<int:metafield_id>")
@needs_orders
def delete_metafield(order_id: int, metafield_id: int) -> ResponseReturnValue:
    """204."""
    row = _one(order_id, metafield_id)
    store().remove("metafield", row["id"])
    _announce(row, "deleted")
    return "", 204


@metafields.get("/orders/metafields")
@needs_orders
def all_order_metafields() -> ResponseReturnValue:
    """Across orders."""
    rows = keep(keep(store().rows("metafield"), "key"), "namespace")
    return v3_list(keep(rows, "resource_id") if "resource_id:in" in request.args else rows)
