"""`/cart.php`: the cart page, putting goods in, and opening a cart the app made."""

from flask import Blueprint, Response, g, make_response, redirect, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import basket, shopper
from adapters.sandbox.basket_views import cart_view
from adapters.sandbox.state import Doc
from adapters.sandbox.storefront import currency_here, page
from adapters.sandbox.world import Refused, now, store

storefront_cart = Blueprint("storefront_cart", __name__)


def session_cart() -> Doc | None:
    """The cart this browser is filling, if it still lives."""
    cart_id = g.session["cart_id"]
    if not cart_id:
        return None
    try:
        return basket.find_cart(store(), cart_id, now())
    except Refused:
        return None


def use_cart(cart_id: str, answer: Response) -> Response:
    """Make this the session's cart; an earlier one is no longer current but stays where it is."""
    g.session["cart_id"] = cart_id
    return shopper.keep(store(), g.session, answer)


def fresh_cart() -> Doc:
    """A new cart for this shopper."""
    given = {"customer_id": g.session["customer_id"], "currency": {"code": currency_here(store())}}
    return basket.new_cart(store(), now(), given)


@storefront_cart.get("/cart.php")
def cart_page() -> ResponseReturnValue:
    """The cart; with ?action=load or loadInCheckout, the cart an app made."""
    if request.args.get("action") in ("load", "loadInCheckout"):
        return _load(request.args["action"])
    cart = session_cart()
    view = cart_view(store(), cart) if cart and cart["lines"] else None
    return page("cart.html", cart=view, problem=request.args.get("problem", ""))


def _load(action: str) -> ResponseReturnValue:
    shop = store()
    ticket = shop.find("ticket", request.args.get("token", ""))
    if ticket is None or ticket["used"] or ticket["cart_id"] != request.args.get("id"):
        return redirect("/cart.php?problem=This+link+was+used+before+or+has+expired.")
    try:
        cart = basket.find_cart(shop, ticket["cart_id"], now())
    except Refused:
        return redirect("/cart.php?problem=This+cart+is+gone.")
    if cart["customer_id"] and cart["customer_id"] != g.session["customer_id"]:
        # A customer's cart opens only for that customer; the link stays good until then.
        return redirect(f"/login.php?to={request.full_path.replace('&', '%26')}")
    shop.put("ticket", ticket["token"], {**ticket, "used": True})
    return use_cart(cart["id"], make_response(redirect("/checkout" if action == "loadInCheckout" else "/cart.php")))


@storefront_cart.post("/cart.php")
def change_cart() -> ResponseReturnValue:
    """Form posts: action=add, update, remove, buy (add and go to checkout)."""
    shop, form = store(), request.form
    action = form.get("action", "add")
    with shop.unit():
        cart = session_cart() or fresh_cart()
        known = shop.find("cart", cart["id"]) is not None
        if action in ("add", "buy"):
            line = {"product_id": int(form["product_id"]), "quantity": int(form.get("qty[]", "1"))}
            basket.add_lines(shop, cart, [line], [])
        else:
            basket.set_line(cart, form["item_id"], int(form.get("quantity", "0")))
        if cart["lines"]:
            basket.save(shop, cart, now(), "updated" if known else "created")
        elif known:
            basket.remove(shop, cart)
    return use_cart(cart["id"], make_response(redirect("/checkout" if action == "buy" else "/cart.php")))
