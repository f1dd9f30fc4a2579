"""How an order document is served: links, or embedded consignments, lines and fees when asked for."""

from flask import request

from adapters.sandbox.amounts import dec, number
from adapters.sandbox.paging import listed
from adapters.sandbox.state import Doc, Store

_NUMERIC = (
    "base_cost",
    "cost_ex_tax",
    "cost_inc_tax",
    "cost_tax",
    "base_handling_cost",
    "handling_cost_ex_tax",
    "handling_cost_inc_tax",
    "handling_cost_tax",
)


def order_view(shop: Store, order: Doc) -> Doc:
    """A V2 order; `?include=` embeds what else would be a link."""
    include = set(listed("include") or [])
    head = dict(order["head"])
    for name, path in (
        ("products", "products"),
        ("shipping_addresses", "shippingaddresses"),
        ("coupons", "coupons"),
        ("consignments", "consignments"),
        ("fees", "fees"),
    ):
        head[name] = _link(shop, f"/orders/{head['id']}/{path}")
    if "fees" in include:
        head["fees"] = order["fee_rows"]
    # Without consignment_structure=object the platform serves an older list form we do not imitate.
    as_object = request.args.get("consignment_structure") == "object"
    if as_object and include & {"consignments", "consignments.line_items"}:
        head["consignments"] = consignments(shop, order, "consignments.line_items" in include)
    return head


def _link(shop: Store, path: str) -> Doc:
    return {"url": f"{request.host_url}stores/{shop.hash}/v2{path}", "resource": path}


def consignments(shop: Store, order: Doc, with_lines: bool) -> Doc:
    """Shipping, downloads and e-mail; lines as in `/products`, or links to them.

    The mode `embedded_lines_limit` cuts embedded lines to the page size of `/products`: whether the
    platform does so is not documented, so a client must notice missing lines.
    """
    limit = shop.mode("embedded_lines_limit")
    products = order["products"][:limit] if limit and with_lines else order["products"]
    address_of = order["shipping_addresses"][0]["id"] if order["shipping_addresses"] else 0

    def lines(kind: str) -> list[Doc]:
        mine = [row for row in products if row["type"] == kind]
        return mine if with_lines else [_link(shop, _path(order, row)) for row in mine]

    shipping = []
    for address in order["shipping_addresses"]:
        row = {key: value for key, value in address.items() if key != "order_id"}
        row.update({name: number(dec(row[name])) for name in _NUMERIC})
        row["line_items"] = lines("physical") if address["id"] == address_of else []
        shipping.append(row)
    email = order["head"]["billing_address"]["email"]
    digital, gifts = lines("digital"), lines("giftcertificate")
    return {
        "pickups": [],
        "shipping": shipping,
        "downloads": [{"recipient_email": email, "line_items": digital}] if digital else [],
        "email": {"gift_certificates": [{"recipient_email": email, "line_items": gifts}] if gifts else []},
    }


def _path(order: Doc, line: Doc) -> str:
    return f"/orders/{order['head']['id']}/products/{line['id']}"
