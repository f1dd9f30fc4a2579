"""V3 catalog, as far as a payment product needs it: products, modifiers, categories, channel assignments."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.amounts import iso
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import keep, listed, v3_list, v3_one
from adapters.sandbox.seed_stores import new_product
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused, body, now, store

catalog = Blueprint("catalog", __name__)
needs_products = needs("store_v2_products")


@catalog.get("/catalog/products")
@needs_products
def list_products() -> ResponseReturnValue:
    """Filters: id, sku, name, type, is_visible, availability; each with `:in` where documented."""
    rows = store().rows("product")
    for name in ("id", "sku", "name", "type", "availability"):
        rows = keep(rows, name)
    if request.args.get("is_visible") is not None:
        rows = [row for row in rows if row["is_visible"] == (request.args["is_visible"] in ("true", "1"))]
    return v3_list([_view(store(), row) for row in rows])


def _view(shop: Store, row: Doc) -> Doc:
    shown = dict(row)
    include = set(listed("include") or [])
    if "modifiers" in include:
        shown["modifiers"] = _modifiers(shop, row["id"])
    if "channels" in include:
        rows = shop.rows("channel_assignment")
        shown["channels"] = [one["channel_id"] for one in rows if one["product_id"] == row["id"]]
    return shown


def _modifiers(shop: Store, product_id: int) -> list[Doc]:
    return [row for row in shop.rows("modifier") if row["product_id"] == product_id]


@catalog.post("/catalog/products")
@needs_products
def post_product() -> ResponseReturnValue:
    """409 for a name or SKU that is taken."""
    sent, shop = body(), store()
    missing = {name: "error.path.missing" for name in ("name", "type", "weight", "price") if name not in sent}
    if missing:
        raise Refused(422, "JSON data is missing or invalid", missing)
    with shop.unit():
        _check_free(shop, sent, 0)
        product_id = shop.next_id("product", 80)
        row = new_product(product_id, now(), sent["name"], sent.get("sku", ""), str(sent["price"]), sent["type"])
        row.update(sent)
        shop.put("product", product_id, row)
        # The platform puts a new product on the default channel by itself.
        shop.put("channel_assignment", f"{product_id}/1", {"product_id": product_id, "channel_id": 1})
    return v3_one(_view(shop, row))


def _check_free(shop: Store, sent: Doc, but: int) -> None:
    for row in shop.rows("product"):
        for name in ("name", "sku"):
            if sent.get(name) and row["id"] != but and row[name] == sent[name]:
                raise Refused(409, f"The product {name} is a duplicate", {name: "is taken"})


@catalog.get("/catalog/products/<int:product_id>")
@needs_products
def get_product(product_id: int) -> ResponseReturnValue:
    """One."""
    return v3_one(_view(store(), store().get("product", product_id)))


@catalog.put("/catalog/products/<int:product_id>")
@needs_products
def put_product(product_id: int) -> ResponseReturnValue:
    """Only the given fields change."""
    sent, shop = body(), store()
    with shop.unit():
        row = shop.get("product", product_id)
        _check_free(shop, sent, product_id)
        row.update(sent)
        row["date_modified"] = iso(now())
        shop.put("product", product_id, row)
    return v3_one(_view(shop, row))


@catalog.delete("/catalog/products/<int:product_id>")
@needs_products
def delete_product(product_id: int) -> ResponseReturnValue:
    """204."""
    shop = store()
    shop.remove("product", product_id)
    for row in _modifiers(shop, product_id):
        shop.remove("modifier", row["id"])
    return "", 204


@catalog.get("/catalog/products/<int:product_id>/modifiers")
@needs_products
def list_modifiers(product_id: int) -> ResponseReturnValue:
    """Options that do not make variants."""
    store().get("product", product_id)
    return v3_list(_modifiers(store(), product_id))


@catalog.post("/catalog/products/<int:product_id>/modifiers")
@needs_products
def post_modifier(product_id: int) -> ResponseReturnValue:
    """A new one."""
    sent, shop = body(), store()
    missing = {name: "error.path.missing" for name in ("type", "required", "display_name") if name not in sent}
    if missing:
        raise Refused(422, "JSON data is missing or invalid", missing)
    with shop.unit():
        shop.get("product", product_id)
        modifier_id = shop.next_id("modifier", 112)
        row = {
            "id": modifier_id,
            "product_id": product_id,
            "name": f"{sent['display_name']}{modifier_id}",
            "display_name": sent["display_name"],
            "type": sent["type"],
            "required": bool(sent["required"]),
            "sort_order": sent.get("sort_order", 0),
            "config": sent.get("config", {}),
            "option_values": [],
        }
        shop.put("modifier", modifier_id, row)
    return v3_one(row)


@catalog.get("/catalog/categories")
@needs_products
def list_categories() -> ResponseReturnValue:
    """All."""
    return v3_list(keep(store().rows("category"), "name"))


@catalog.post("/catalog/categories")
@needs_products
def post_category() -> ResponseReturnValue:
    """A new one."""
    sent, shop = body(), store()
    with shop.unit():
        category_id = shop.next_id("category", 22)
        row = {"id": category_id, "parent_id": 0, "name": "", "is_visible": True, "tree_id": 1, **sent}
        shop.put("category", category_id, row)
    return v3_one(row)


@catalog.get("/catalog/products/channel-assignments")
@needs_products
def list_assignments() -> ResponseReturnValue:
    """Which product is sold where; filters product_id:in, channel_id:in."""
    return v3_list(keep(keep(store().rows("channel_assignment"), "product_id"), "channel_id"))


@catalog.put("/catalog/products/channel-assignments")
@needs_products
def put_assignments() -> ResponseReturnValue:
    """Add pairs; 204."""
    shop = store()
    for row in body():
        pair = {"product_id": row["product_id"], "channel_id": row["channel_id"]}
        shop.put("channel_assignment", f"{row['product_id']}/{row['channel_id']}", pair)
    return "", 204
