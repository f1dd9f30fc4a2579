"""V3 checkouts: what a cart will cost, its addresses, shipping, coupons and fees."""

import uuid

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import basket
from adapters.sandbox.basket_views import checkout_view
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import v3_one
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import Refused, body, now, store

checkouts = Blueprint("checkouts", __name__)
needs_checkout = needs("store_checkout")

ADDRESS_FIELDS = (
    "first_name",
    "last_name",
    "email",
    "company",
    "address1",
    "address2",
    "city",
    "state_or_province",
    "state_or_province_code",
    "country",
    "country_code",
    "postal_code",
    "phone",
)
_MOST_FEES = 5


def kept_address(sent: Doc) -> Doc:
    """An address in the V3 form. Raises Refused 422 without e-mail or country."""
    missing = {name: "is required" for name in ("email", "country_code") if not sent.get(name)}
    if missing:
        raise Refused(422, "JSON data is missing or invalid", missing)
    row: Doc = {name: sent.get(name) or "" for name in ADDRESS_FIELDS}
    return {**row, "custom_fields": sent.get("custom_fields") or [], "id": uuid.uuid4().hex[:13]}


def _cart(shop: Store, checkout_id: str) -> Doc:
    return basket.find_cart(shop, checkout_id, now())


@checkouts.get("/checkouts/<checkout_id>")
@needs_checkout
def get_checkout(checkout_id: str) -> ResponseReturnValue:
    """Totals; tax appears once an address is known."""
    return v3_one(checkout_view(store(), _cart(store(), checkout_id)))


@checkouts.put("/checkouts/<checkout_id>")
@needs_checkout
def put_checkout(checkout_id: str) -> ResponseReturnValue:
    """The order comment only."""
    sent, shop = body(), store()
    with shop.unit():
        cart = _cart(shop, checkout_id)
        basket.check_version(cart, sent)
        cart["message"] = sent.get("customer_message", "")
        basket.save(shop, cart, now())
    return v3_one(checkout_view(shop, cart))


@checkouts.post("/checkouts/<checkout_id>/billing-address")
@checkouts.put("/checkouts/<checkout_id>/billing-address/<address_id>")
@needs_checkout
def billing_address(checkout_id: str, address_id: str = "") -> ResponseReturnValue:
    """Set it; checkout then opens at the next open step."""
    sent, shop = body(), store()
    with shop.unit():
        cart = _cart(shop, checkout_id)
        basket.check_version(cart, sent)
        cart["billing"] = kept_address(sent)
        cart["email"] = cart["billing"]["email"]
        basket.save(shop, cart, now())
    return v3_one(checkout_view(shop, cart))


@checkouts.post("/checkouts/<checkout_id>/consignments")
@needs_checkout
def post_consignment(checkout_id: str) -> ResponseReturnValue:
    """Where to ship; body is a list with one consignment."""
    sent, shop = body(), store()
    if not isinstance(sent, list) or not sent:
        raise Refused(422, "JSON data is missing or invalid", {"0": "error.path.missing"})
    with shop.unit():
        cart = _cart(shop, checkout_id)
        cart["shipping_address"] = kept_address(sent[0].get("address") or {})
        basket.save(shop, cart, now())
    return v3_one(checkout_view(shop, cart))


@checkouts.put("/checkouts/<checkout_id>/consignments/<consignment_id>")
@needs_checkout
def put_consignment(checkout_id: str, consignment_id: str) -> ResponseReturnValue:
    """Choose a shipping option."""
    sent, shop = body(), store()
    with shop.unit():
        cart = _cart(shop, checkout_id)
        option = sent.get("shipping_option_id")
        if option not in basket.SHIPPING:
            raise Refused(422, "The shipping option is not available.")
        cart["shipping_option"] = option
        basket.save(shop, cart, now())
    return v3_one(checkout_view(shop, cart))


@checkouts.post("/checkouts/<checkout_id>/coupons")
@checkouts.delete("/checkouts/<checkout_id>/coupons/<code>")
@needs_checkout
def coupons(checkout_id: str, code: str = "") -> ResponseReturnValue:
    """One coupon at a time."""
    shop = store()
    with shop.unit():
        cart = _cart(shop, checkout_id)
        cart["coupon"] = known_coupon(body().get("coupon_code")) if request.method == "POST" else None
        basket.save(shop, cart, now())
    return v3_one(checkout_view(shop, cart))


def known_coupon(code: object) -> str:
    """The code if the store has it. Raises Refused 400."""
    if str(code).upper() not in basket.COUPONS:
        raise Refused(400, "The coupon code you entered couldn't be found.")
    return str(code).upper()


@checkouts.post("/checkouts/<checkout_id>/fees")
@needs_checkout
def fees(checkout_id: str) -> ResponseReturnValue:
    """At most five fees."""
    sent, shop = body(), store()
    with shop.unit():
        cart = _cart(shop, checkout_id)
        for fee in sent["fees"]:
            names = ("type", "name", "display_name", "cost", "source", "tax_class_id")
            cart["fees"].append({"id": str(uuid.uuid4()), **{name: fee.get(name) for name in names}})
        if len(cart["fees"]) > _MOST_FEES:
            raise Refused(422, "A checkout can have at most five fees.")
        basket.save(shop, cart, now())
    return v3_one(checkout_view(shop, cart))
