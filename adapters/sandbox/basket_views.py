"""Carts and checkouts in the shape of the management API (V3)."""

from decimal import Decimal
from typing import Any

from adapters.sandbox import basket
from adapters.sandbox.amounts import ZERO, dec, number
from adapters.sandbox.pricing import Priced
from adapters.sandbox.state import Doc, Store


def cart_view(shop: Store, cart: Doc) -> Doc:
    """`GET /v3/carts/{id}`."""
    figures = basket.priced(shop, cart)
    reductions = figures.discount + figures.coupon
    base = sum((dec(line["price"]) * line["quantity"] for line in cart["lines"]), ZERO)
    return {
        "id": cart["id"],
        "customer_id": cart["customer_id"],
        "channel_id": cart["channel_id"],
        "email": cart["email"],
        "currency": {"code": cart["currency"]},
        "tax_included": not shop.mode("prices_exclude_tax"),
        "base_amount": number(base),
        "discount_amount": number(figures.discount),
        "manual_discount_amount": 0,
        "cart_amount": number(base - reductions),
        "coupons": [{**row, "id": str(row["id"]), "coupon_type": "2"} for row in _coupons(cart, figures)],
        "discounts": _discounts(cart, figures),
        "line_items": _line_items(shop, cart, figures),
        "created_time": cart["created"],
        "updated_time": cart["updated"],
        "locale": cart["locale"],
        "version": cart["version"],
    }


def _coupons(cart: Doc, figures: Priced) -> list[Doc]:
    if not cart["coupon"]:
        return []
    row: Doc = {"id": 1, "code": cart["coupon"], "coupon_type": "per_total_discount"}
    return [{**row, "display_name": f"{cart['coupon']} off", "discounted_amount": number(figures.coupon)}]


def _discounts(cart: Doc, figures: Priced) -> list[Doc]:
    pairs = zip(cart["lines"], figures.lines, strict=True)
    return [{"id": line["id"], "discounted_amount": number(sum(part.reductions, ZERO))} for line, part in pairs]


def _line_items(shop: Store, cart: Doc, figures: Priced) -> Doc:
    groups: Doc = {"physical_items": [], "digital_items": [], "gift_certificates": [], "custom_items": []}
    for line, part in zip(cart["lines"], figures.lines, strict=True):
        if line["type"] == "custom":
            groups["custom_items"].append(_custom_item(line))
        else:
            groups[f"{line['type']}_items"].append(_product_item(shop, line, part.reductions))
    return groups


def _custom_item(line: Doc) -> Doc:
    # The published response schema types quantity and list_price as text while examples elsewhere in
    # the platform show numbers; we serve the schema's form and clients must read both.
    extended = number(dec(line["price"]) * line["quantity"])
    base = {"id": line["id"], "sku": line["sku"], "name": line["name"], "quantity": str(line["quantity"])}
    return {**base, "list_price": f"{dec(line['price']):f}", "extended_list_price": extended}


def _product_item(shop: Store, line: Doc, reductions: tuple[Decimal, Decimal]) -> Doc:
    unit, quantity = dec(line["price"]), line["quantity"]
    discount, coupon = reductions
    item: Doc = {
        "id": line["id"],
        "variant_id": line["variant_id"],
        "product_id": line["product_id"],
        "sku": line["sku"],
        "name": line["name"],
        "url": line["url"],
        "quantity": quantity,
        "taxable": line["taxable"],
        "image_url": "",
        "discounts": [{"id": "promotion", "discounted_amount": number(discount)}] if discount else [],
        "coupons": [],
        "discount_amount": number(discount),
        "coupon_amount": number(coupon),
        "original_price": number(dec(line["original"])),
        "list_price": number(unit),
        "sale_price": number(unit),
        "extended_list_price": number(unit * quantity),
        "extended_sale_price": number(unit * quantity),
        "is_require_shipping": basket.ships(shop, line),
        "is_mutable": True,
        "added_by_promotion": False,
    }
    if line["options"]:
        item["options"] = [_option(selection) for selection in line["options"]]
    return item


def _option(selection: Doc) -> Doc:
    value = str(selection.get("option_value", ""))
    return {
        "name": selection.get("name", ""),
        "nameId": selection.get("option_id"),
        "value": value,
        "valueId": None,
    }


def checkout_view(shop: Store, cart: Doc) -> Doc:
    """`GET /v3/checkouts/{id}`; cart and checkout have the same id."""
    figures = basket.priced(shop, cart)
    shipping, handling = figures.charges["shipping"], figures.charges["handling"]
    tax_name = basket.tax_of(shop, cart["currency"])[1]
    return {
        "id": cart["id"],
        "cart": _cart_in_checkout(shop, cart, figures),
        "billing_address": cart["billing"] or {},
        "consignments": _consignments(shop, cart, figures),
        "taxes": [{"name": tax_name, "amount": number(figures.total.tax)}],
        "coupons": _coupons(cart, figures),
        "fees": [
            {**fee, "cost_inc_tax": number(part.inc), "cost_ex_tax": number(part.ex)}
            for fee, part in zip(cart["fees"], figures.fees, strict=True)
        ],
        "order_id": None,
        "shipping_cost_total_inc_tax": number(shipping.inc),
        "shipping_cost_total_ex_tax": number(shipping.ex),
        "handling_cost_total_inc_tax": number(handling.inc),
        "handling_cost_total_ex_tax": number(handling.ex),
        "tax_total": number(figures.total.tax),
        "subtotal_inc_tax": number(figures.subtotal.inc),
        "subtotal_ex_tax": number(figures.subtotal.ex),
        "grand_total": number(figures.total.inc),
        "created_time": cart["created"],
        "updated_time": cart["updated"],
        "customer_message": cart["message"],
        "promotions": [],
        "version": cart["version"],
    }


def _cart_in_checkout(shop: Store, cart: Doc, figures: Priced) -> Doc:
    view = cart_view(shop, cart)
    items = view["line_items"]
    for group in ("physical_items", "digital_items"):
        for item in items[group]:
            item["is_taxable"] = item.pop("taxable")
    # Inside a checkout the same custom items carry numbers.
    lines = {line["id"]: line for line in cart["lines"]}
    for item in items["custom_items"]:
        line = lines[item["id"]]
        item.update({"quantity": line["quantity"], "list_price": number(dec(line["price"]))})
    reductions = figures.discount + figures.coupon
    charged_ex = sum((part.charged.ex for part in figures.lines), ZERO)
    charged_inc = sum((part.charged.inc for part in figures.lines), ZERO)
    names = ("id", "customer_id", "channel_id", "email", "currency", "tax_included", "base_amount")
    return {
        **{name: view[name] for name in names},
        "discount_amount": number(reductions),
        "cart_amount_inc_tax": number(charged_inc),
        "cart_amount_ex_tax": number(charged_ex),
        "coupons": _coupons(cart, figures),
        "discounts": view["discounts"],
        "line_items": items,
        "created_time": cart["created"],
        "updated_time": cart["updated"],
    }


def _consignments(shop: Store, cart: Doc, figures: Priced) -> list[Doc]:
    if cart["shipping_address"] is None:
        return []
    shipping = figures.charges["shipping"]
    row: dict[str, Any] = {
        "id": f"consignment-{cart['id'][:8]}",
        "shipping_cost_inc_tax": number(shipping.inc),
        "shipping_cost_ex_tax": number(shipping.ex),
        "handling_cost_inc_tax": 0,
        "handling_cost_ex_tax": 0,
        "coupon_discounts": [],
        "discounts": [],
        "line_item_ids": [line["id"] for line in cart["lines"] if basket.ships(shop, line)],
        "address": cart["shipping_address"],
        "available_shipping_options": [shipping_option(name) for name in basket.SHIPPING],
    }
    if cart["shipping_option"]:
        row["selected_shipping_option"] = shipping_option(cart["shipping_option"])
    return [row]


def shipping_option(name: str) -> Doc:
    """One way to ship."""
    text, kind, cost = basket.SHIPPING[name]
    return {
        "id": name,
        "type": kind,
        "description": text,
        "image_url": "",
        "cost": number(cost),
        "transit_time": "",
        "additional_description": "",
    }
