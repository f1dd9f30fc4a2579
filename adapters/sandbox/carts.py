"""V3 carts: made by the app, bound to a customer, opened once through a redirect address."""

from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import basket
from adapters.sandbox.basket_views import cart_view
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import v3_one
from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused, body, now, store, world

carts = Blueprint("carts", __name__)
needs_cart = needs("store_cart")


def _shown(cart: Doc, status: int = 200) -> ResponseReturnValue:
    view = cart_view(store(), cart)
    if "redirect_urls" in request.args.get("include", ""):
        view["redirect_urls"] = _redirect_urls(cart, {})
    return v3_one(view, status)


def _redirect_urls(cart: Doc, query: Doc) -> Doc:
    base = world().settings.storefront_url(store().hash)

    def address(**parts: str) -> str:
        # Each address has a token of its own, since each works once.
        ticket = basket.new_ticket(store(), cart, query)
        return f"{base}/cart.php?{urlencode({**parts, 'id': cart['id'], 'token': ticket, **query})}"

    return {
        "cart_url": address(action="load"),
        "checkout_url": address(action="loadInCheckout"),
        "embedded_checkout_url": address(embedded="1", action="loadInCheckout"),
    }


@carts.post("/carts")
@needs_cart
def post_cart() -> ResponseReturnValue:
    """201 with the cart; 422 for unknown products, customers or currencies."""
    sent, shop = body(), store()
    lines, custom = sent.get("line_items") or [], sent.get("custom_items") or []
    if not lines and not custom:
        raise Refused(422, "JSON data is missing or invalid", {"line_items": "error.path.missing"})
    with shop.unit():
        cart = basket.new_cart(shop, now(), sent)
        basket.add_lines(shop, cart, lines, custom)
        basket.save(shop, cart, now(), "created")
    return _shown(cart, 201)


@carts.get("/carts/<cart_id>")
@needs_cart
def get_cart(cart_id: str) -> ResponseReturnValue:
    """404 after conversion, deletion or 30 days."""
    return _shown(basket.find_cart(store(), cart_id, now()))


@carts.put("/carts/<cart_id>")
@needs_cart
def put_cart(cart_id: str) -> ResponseReturnValue:
    """Another customer; drops promotions and shipping, as documented."""
    sent, shop = body(), store()
    with shop.unit():
        cart = basket.find_cart(shop, cart_id, now())
        basket.check_version(cart, sent)
        cart["customer_id"] = int(sent["customer_id"])
        cart.update({"coupon": None, "shipping_option": None})
        basket.save(shop, cart, now())
    return _shown(cart)


@carts.delete("/carts/<cart_id>")
@needs_cart
def delete_cart(cart_id: str) -> ResponseReturnValue:
    """204."""
    shop = store()
    with shop.unit():
        basket.remove(shop, basket.find_cart(shop, cart_id, now()))
    return "", 204


@carts.post("/carts/<cart_id>/items")
@needs_cart
def post_items(cart_id: str) -> ResponseReturnValue:
    """More lines."""
    sent, shop = body(), store()
    with shop.unit():
        cart = basket.find_cart(shop, cart_id, now())
        basket.check_version(cart, sent)
        basket.add_lines(shop, cart, sent.get("line_items") or [], sent.get("custom_items") or [])
        basket.save(shop, cart, now())
    return _shown(cart, 201)


@carts.route("/carts/<cart_id>/items/<item_id>", methods=["PUT", "DELETE"])
@needs_cart
def change_item(cart_id: str, item_id: str) -> ResponseReturnValue:
    """Another quantity, or away with it; deleting the last line deletes the cart (204)."""
    shop = store()
    sent = body() if request.method == "PUT" else {}
    with shop.unit():
        cart = basket.find_cart(shop, cart_id, now())
        basket.check_version(cart, sent)
        quantity = int((sent.get("line_item") or {}).get("quantity", 0))
        basket.set_line(cart, item_id, quantity)
        if not cart["lines"]:
            basket.remove(shop, cart)
            return "", 204
        basket.save(shop, cart, now())
    return _shown(cart)


@carts.post("/carts/<cart_id>/redirect_urls")
@needs_cart
def redirect_urls(cart_id: str) -> ResponseReturnValue:
    """Fresh addresses, each good once."""
    shop = store()
    sent = request.get_json(silent=True) or {}
    query = sent.get("query_params") or {}
    # The published examples show an object in one place and a list of pairs in another.
    if isinstance(query, list):
        query = {pair["key"]: pair["value"] for pair in query}
    with shop.unit():
        cart = basket.find_cart(shop, cart_id, now())
        urls = _redirect_urls(cart, query)
    return v3_one(urls, 201)
