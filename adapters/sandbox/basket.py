"""Carts: what is in them, what they cost, what changes them. Management API and storefront share these.

A cart document: `lines` (each with `price` as the unit price asked, `original` as the catalog price,
`type` physical, digital or custom), `billing`, `shipping_address`, `shipping_option`, `coupon`,
`store_credit`, `fees`, `version`. Addresses are kept in the V3 form.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from adapters.sandbox import hooks
from adapters.sandbox.amounts import ZERO, dec, digits, iso, parsed, rounded
from adapters.sandbox.pricing import Priced, price
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused

COUPONS = {"SPRING10": Decimal(10)}
SHIPPING = {
    "flat": ("Flat Rate", "shipping_flatrate", Decimal("12.50")),
    "express": ("Express, next day", "shipping_express", Decimal("24.90")),
}
_LIFE = timedelta(days=30)


def tax_of(shop: Store, currency: str) -> tuple[str, str]:
    """Rate and name of the tax charged in this currency."""
    profile = shop.get("store", "profile")
    rate, name = profile["taxes"].get(currency, (profile["tax_rate"], profile["tax_name"]))
    return rate, name


def find_cart(shop: Store, cart_id: str, moment: datetime) -> Doc:
    """A live cart; converted, deleted and 30 days idle ones are gone. Raises Refused 404."""
    cart = shop.find("cart", cart_id)
    if cart is None or cart["converted"] or parsed(cart["updated"]) + _LIFE < moment:
        raise Refused(404, "A cart was not found with an id of " + cart_id)
    return cart


def new_cart(shop: Store, moment: datetime, given: Doc) -> Doc:
    """An empty cart. Raises Refused 422 for a currency that cannot be charged."""
    default = shop.get("store", "profile")["currency"]
    code = str((given.get("currency") or {}).get("code") or default).upper()
    chargeable = {row["currency_code"] for row in shop.rows("currency") if row["is_transactional"]}
    if code not in chargeable:
        raise Refused(422, f"The currency {code} is not a transactional currency of this store.")
    customer_id = int(given.get("customer_id") or 0)
    customer = shop.find("customer", customer_id)
    if customer_id and customer is None:
        raise Refused(422, "The customer does not exist.", {"customer_id": "is invalid"})
    return {
        "id": str(uuid.uuid4()),
        "customer_id": customer_id,
        "email": customer["email"] if customer else "",
        "channel_id": int(given.get("channel_id") or 1),
        "currency": code,
        "locale": given.get("locale", "en"),
        "lines": [],
        "coupon": None,
        "billing": None,
        "shipping_address": None,
        "shipping_option": None,
        "store_credit": False,
        "fees": [],
        "message": "",
        "created": iso(moment),
        "updated": iso(moment),
        "version": 1,
        "converted": False,
    }


def add_lines(shop: Store, cart: Doc, lines: list[Doc], custom_items: list[Doc]) -> None:
    """Put catalog products and custom items in. Raises Refused 422 for what cannot be bought."""
    for line in lines:
        cart["lines"].append(_product_line(shop, cart, line))
    for item in custom_items:
        if not item.get("name") or item.get("quantity", 1) < 1:
            raise Refused(422, "A custom item needs a name and a quantity.", {"custom_items": "is invalid"})
        cart["lines"].append(_custom_line(item))


def _product_line(shop: Store, cart: Doc, line: Doc) -> Doc:
    product = shop.find("product", line["product_id"])
    if product is None or product["availability"] == "disabled":
        raise Refused(422, "The product is not available.", {"product_id": str(line["product_id"])})
    chosen = line.get("option_selections") or []
    _check_modifiers(shop, product, chosen)
    price_here = _catalog_price(shop, product, cart["currency"])
    asked = line.get("list_price")
    return {
        "id": str(uuid.uuid4()),
        "type": product["type"],
        "product_id": product["id"],
        "variant_id": line.get("variant_id") or product["base_variant_id"],
        "sku": product["sku"],
        "name": line.get("name") or product["name"],
        "quantity": int(line.get("quantity", 1)),
        "price": str(price_here if asked is None else dec(asked)),
        "original": str(price_here),
        "overridden": asked is not None,
        "taxable": product["tax_class_id"] != 1,
        "url": product["custom_url"]["url"],
        "options": chosen,
    }


def _catalog_price(shop: Store, product: Doc, currency: str) -> Decimal:
    row = next(one for one in shop.rows("currency") if one["currency_code"] == currency)
    return rounded(dec(product["price"]) * dec(row["currency_exchange_rate"]), digits(currency))


def _check_modifiers(shop: Store, product: Doc, chosen: list[Doc]) -> None:
    given = {selection.get("option_id") for selection in chosen if selection.get("option_value") not in (None, "")}
    for modifier in shop.rows("modifier"):
        if modifier["product_id"] == product["id"] and modifier["required"] and modifier["id"] not in given:
            raise Refused(
                422, f"The option '{modifier['display_name']}' is required.", {"option_selections": "missing"}
            )


def _custom_line(item: Doc) -> Doc:
    return {
        "id": str(uuid.uuid4()),
        "type": "custom",
        "product_id": 0,
        "sku": item.get("sku", ""),
        "name": item["name"],
        "quantity": int(item.get("quantity", 1)),
        "price": str(dec(item.get("list_price", 0))),
        "original": str(dec(item.get("list_price", 0))),
        "overridden": False,
        "taxable": True,
        "url": "",
        "options": [],
    }


def save(shop: Store, cart: Doc, moment: datetime, what: str = "updated") -> None:
    """Keep a changed cart and say so."""
    if what == "updated":
        cart["version"] += 1
    cart["updated"] = iso(moment)
    shop.put("cart", cart["id"], cart)
    hooks.emit(shop, f"store/cart/{what}", {"type": "cart", "id": cart["id"]})


def remove(shop: Store, cart: Doc) -> None:
    """Delete a cart and say so."""
    shop.remove("cart", cart["id"])
    hooks.emit(shop, "store/cart/deleted", {"type": "cart", "id": cart["id"]})


def check_version(cart: Doc, sent: Doc) -> None:
    """The optimistic lock: Refused 409 when the caller saw an older cart."""
    if "version" in sent and sent["version"] != cart["version"]:
        raise Refused(409, "The cart was changed in the meantime.")


def set_line(cart: Doc, line_id: str, quantity: int) -> None:
    """Another quantity; 0 removes. Raises Refused 404."""
    if not any(line["id"] == line_id for line in cart["lines"]):
        raise Refused(404, "The item was not found in the cart.")
    for line in cart["lines"]:
        if line["id"] == line_id:
            line["quantity"] = quantity
    cart["lines"] = [line for line in cart["lines"] if line["quantity"] > 0]


def needs_shipping(shop: Store, cart: Doc) -> bool:
    """Physical products ship; custom items when the store's mode says so."""
    return any(ships(shop, line) for line in cart["lines"])


def ships(shop: Store, line: Doc) -> bool:
    """Whether this line asks for the shipping step."""
    return line["type"] == "physical" or (line["type"] == "custom" and bool(shop.mode("custom_items_ship")))


def basis_of(shop: Store, cart: Doc) -> Doc:
    """The cart as something orders can be priced from; tax only once an address is known."""
    rate, name = tax_of(shop, cart["currency"])
    known = cart["billing"] or cart["shipping_address"]
    every = bool(shop.mode("tax_every_line"))
    lines = [{**line, "unit": line["price"], "taxable": line["taxable"] or every} for line in cart["lines"]]
    shipping = SHIPPING[cart["shipping_option"]][2] if cart["shipping_option"] else ZERO
    subtotal = sum((dec(line["price"]) * line["quantity"] for line in cart["lines"]), ZERO)
    percent = dec(shop.mode("order_promotion_percent"))
    coupon = None
    if cart["coupon"]:
        off = min(COUPONS[cart["coupon"]], subtotal)
        coupon = {"id": 1, "code": cart["coupon"], "name": f"{cart['coupon']} off", "amount": str(off)}
    return {
        "currency": cart["currency"],
        "inclusive": not shop.mode("prices_exclude_tax"),
        "tax_rate": rate if known else "0",
        "tax_name": name,
        "lines": lines,
        "shipping": str(shipping if needs_shipping(shop, cart) else ZERO),
        "handling": "0",
        "wrapping": "0",
        "fees": [{"id": fee["id"], "name": fee["display_name"], "cost": str(fee["cost"])} for fee in cart["fees"]],
        "discount": str(rounded(subtotal * percent / 100, digits(cart["currency"]))),
        "discount_name": f"{percent} % off everything",
        "coupon": coupon,
    }


def priced(shop: Store, cart: Doc) -> Priced:
    """What the cart costs now."""
    return price(basis_of(shop, cart))


def store_credit(shop: Store, cart: Doc, total: Decimal) -> Decimal:
    """How much of the total the shopper's store credit pays, if it is applied."""
    customer = shop.find("customer", cart["customer_id"])
    if customer is None or not cart["store_credit"]:
        return ZERO
    return min(dec(customer["store_credit_amounts"][0]["amount"]), total)


def new_ticket(shop: Store, cart: Doc, query: Doc) -> str:
    """The token of a redirect address, good once."""
    token = secrets.token_hex(32)
    shop.put("ticket", token, {"token": token, "cart_id": cart["id"], "query": query, "used": False})
    return token
