"""The storefront's REST API for scripts on the page: carts and checkouts of this browser's session."""

from typing import Any

from flask import Blueprint, g, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import basket
from adapters.sandbox import storefront_views as views
from adapters.sandbox.checkouts import kept_address, known_coupon
from adapters.sandbox.state import Doc
from adapters.sandbox.storefront_cart import fresh_cart, session_cart, use_cart
from adapters.sandbox.world import Refused, body, now, store

storefront_api = Blueprint("storefront_api", __name__)


def snake(value: Any) -> Any:
    """camelCase keys back to snake_case."""
    if isinstance(value, list):
        return [snake(one) for one in value]
    if isinstance(value, dict):
        return {_snake_key(key): snake(one) for key, one in value.items()}
    return value


def _snake_key(key: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)


def own_cart(cart_id: str) -> Doc:
    """The session's cart, if that is the one asked for. Raises Refused 404."""
    if g.session["cart_id"] != cart_id:
        raise Refused(404, "The cart does not belong to this session.")
    return basket.find_cart(store(), cart_id, now())


@storefront_api.get("/carts")
def get_carts() -> ResponseReturnValue:
    """None or one."""
    cart = session_cart()
    return jsonify([views.cart(store(), cart)] if cart else [])


@storefront_api.post("/carts")
def post_cart() -> ResponseReturnValue:
    """Start a cart; custom items cannot be added here."""
    shop = store()
    with shop.unit():
        cart = fresh_cart()
        basket.add_lines(shop, cart, snake(body().get("lineItems") or []), [])
        basket.save(shop, cart, now(), "created")
    return use_cart(cart["id"], make_response(jsonify(views.cart(shop, cart))))


@storefront_api.delete("/carts/<cart_id>")
def delete_cart(cart_id: str) -> ResponseReturnValue:
    """204."""
    basket.remove(store(), own_cart(cart_id))
    return "", 204


@storefront_api.post("/carts/<cart_id>/items")
def post_items(cart_id: str) -> ResponseReturnValue:
    """Goods from the catalog, also beside lines an app put in."""
    shop, sent = store(), body()
    with shop.unit():
        cart = own_cart(cart_id)
        basket.check_version(cart, sent)
        basket.add_lines(shop, cart, snake(sent.get("lineItems") or []), [])
        basket.save(shop, cart, now())
    return jsonify(views.cart(shop, cart))


@storefront_api.route("/carts/<cart_id>/items/<item_id>", methods=["PUT", "DELETE"])
@storefront_api.route("/checkouts/<cart_id>/carts/<_same>/items/<item_id>", methods=["PUT", "DELETE"])
def change_item(cart_id: str, item_id: str, _same: str = "") -> ResponseReturnValue:
    """Quantity or removal: the shopper may do this to an app's cart as well."""
    shop = store()
    sent = body() if request.method == "PUT" else {}
    with shop.unit():
        cart = own_cart(cart_id)
        basket.set_line(cart, item_id, int((sent.get("lineItem") or {}).get("quantity", 0)))
        if not cart["lines"]:
            basket.remove(shop, cart)
            return "", 204
        basket.save(shop, cart, now())
    return jsonify(views.cart(shop, cart))


@storefront_api.get("/checkouts/<checkout_id>")
@storefront_api.get("/checkout/<checkout_id>")
def get_checkout(checkout_id: str) -> ResponseReturnValue:
    """Lines, totals, customer, what is outstanding."""
    return jsonify(views.checkout(store(), own_cart(checkout_id)))


def _changed(checkout_id: str, change: Doc) -> ResponseReturnValue:
    shop = store()
    with shop.unit():
        cart = own_cart(checkout_id)
        cart.update(change)
        basket.save(shop, cart, now())
    return jsonify(views.checkout(shop, cart))


@storefront_api.put("/checkouts/<checkout_id>")
def put_checkout(checkout_id: str) -> ResponseReturnValue:
    """The order comment."""
    return _changed(checkout_id, {"message": body().get("customerMessage", "")})


@storefront_api.post("/checkouts/<checkout_id>/billing-address")
@storefront_api.put("/checkouts/<checkout_id>/billing-address/<_address_id>")
def billing_address(checkout_id: str, _address_id: str = "") -> ResponseReturnValue:
    """Set it."""
    address = kept_address(snake(body()))
    return _changed(checkout_id, {"billing": address, "email": address["email"]})


@storefront_api.post("/checkouts/<checkout_id>/consignments")
def post_consignment(checkout_id: str) -> ResponseReturnValue:
    """Where to ship."""
    sent = snake(body())
    address = sent[0].get("address") or sent[0].get("shipping_address") or {}
    return _changed(checkout_id, {"shipping_address": kept_address(address)})


@storefront_api.put("/checkouts/<checkout_id>/consignments/<_consignment_id>")
def put_consignment(checkout_id: str, _consignment_id: str) -> ResponseReturnValue:
    """How to ship."""
    option = body().get("shippingOptionId")
    if option not in basket.SHIPPING:
        raise Refused(422, "The shipping option is not available.")
    return _changed(checkout_id, {"shipping_option": option})


@storefront_api.post("/checkouts/<checkout_id>/coupons")
def post_coupon(checkout_id: str) -> ResponseReturnValue:
    """SPRING10 takes ten off."""
    return _changed(checkout_id, {"coupon": known_coupon(body().get("couponCode"))})


@storefront_api.delete("/checkouts/<checkout_id>/coupons/<_code>")
def delete_coupon(checkout_id: str, _code: str) -> ResponseReturnValue:
    """Take it off again."""
    return _changed(checkout_id, {"coupon": None})


@storefront_api.route("/checkouts/<checkout_id>/store-credit", methods=["POST", "DELETE"])
def store_credit(checkout_id: str) -> ResponseReturnValue:
    """Apply or take off the shopper's store credit."""
    return _changed(checkout_id, {"store_credit": request.method == "POST"})
