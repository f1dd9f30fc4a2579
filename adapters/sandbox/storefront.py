"""The shop's pages: goods, sign-in, account, content pages, and who is signed in."""

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import art, shopper
from adapters.sandbox.amounts import dec, shown
from adapters.sandbox.script_tags import script_tags
from adapters.sandbox.settings import NORTH, SOUTH
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import store, world

storefront = Blueprint("storefront", __name__)


def enter_shop() -> None:
    """Before every storefront request: the port says which shop this is."""
    port = int(request.environ["SERVER_PORT"])
    settings = world().settings
    g.store = world().store(SOUTH if port == settings.south_port else NORTH)
    g.session = shopper.session(g.store)


def page(template: str, kind: str = "storefront", **values: object) -> str:
    """A themed page with the store's scripts printed in head and footer. `kind` decides which."""
    shop: Store = g.store
    profile = shop.get("store", "profile")
    cart = shop.find("cart", g.session["cart_id"]) if g.session["cart_id"] else None
    return render_template(
        f"shop/{template}",
        layout=f"shop/base_{profile['theme']}.html",
        profile=profile,
        customer=shopper.customer(shop, g.session),
        cart_count=sum(line["quantity"] for line in cart["lines"]) if cart and not cart["converted"] else 0,
        head_scripts=script_tags(shop, kind, "head", values),
        footer_scripts=script_tags(shop, kind, "footer", values),
        menu=[row for row in shop.rows("page") if row["is_visible"]],
        money=shown,
        **values,
    )


def currency_here(shop: Store) -> str:
    """The currency this shopper buys in: the company's, else the store's."""
    customer = shopper.customer(shop, g.session)
    default: str = shop.get("store", "profile")["currency"]
    for user in shop.rows("company_user") if customer else []:
        if customer and user["customerId"] == customer["id"]:
            place = shop.get("company_place", user["companyId"])
            return str(place["currency"])
    return default


def price_here(shop: Store, product: Doc) -> str:
    """The catalog price in this shopper's currency, written out."""
    currency = currency_here(shop)
    row = next(one for one in shop.rows("currency") if one["currency_code"] == currency)
    return shown(dec(product["price"]) * dec(row["currency_exchange_rate"]), currency)


@storefront.get("/")
def home() -> ResponseReturnValue:
    """What is for sale."""
    goods = [row for row in store().rows("product") if row["is_visible"]]
    return page("home.html", goods=goods, price=lambda row: price_here(store(), row))


@storefront.get("/art/<int:product_id>.svg")
def picture(product_id: int) -> ResponseReturnValue:
    """A drawn picture of a product."""
    return Response(
        art.picture(store().get("product", product_id)),
        mimetype="image/svg+xml",
        headers={"Cache-Control": "max-age=3600"},
    )


@storefront.get("/login.php")
def login_page() -> ResponseReturnValue:
    """The sign-in form; signs out with ?action=logout."""
    if request.args.get("action") == "logout":
        g.session.update({"customer_id": 0, "cart_id": "", "orders": []})
        return shopper.keep(store(), g.session, make_response(redirect("/")))
    after = request.args.get("to") or "/" + request.args.get("from", "").lstrip("/")
    return page("login.html", "account", problem="", to=_local(after))


@storefront.post("/login.php")
def sign_in() -> ResponseReturnValue:
    """Any password will do for a known e-mail address."""
    for row in store().rows("customer"):
        if row["email"] == request.form.get("login_email", "").strip().lower():
            return _signed_in(row, request.form.get("to", "/"))
    problem = "Your email address or password is incorrect. Please try again."
    return page("login.html", "account", problem=problem, to=_local(request.form.get("to", "/"))), 401


@storefront.get("/login/as/<int:customer_id>")
def sign_in_as(customer_id: int) -> ResponseReturnValue:
    """The sandbox's shortcut; `?to=` is where to go next."""
    row = store().find("customer", customer_id)
    return _signed_in(row, request.args.get("to", "/")) if row else abort(404)


def _signed_in(customer: Doc, target: str) -> Response:
    session = g.session
    if session["customer_id"] != customer["id"]:
        session.update({"customer_id": customer["id"], "cart_id": "", "orders": []})
    return shopper.keep(store(), session, make_response(redirect(_local(target))))


def _local(target: str) -> str:
    # Never a redirect to another site.
    return target if target.startswith("/") and not target.startswith("//") else "/"


@storefront.get("/account.php")
def account() -> ResponseReturnValue:
    """The shopper's orders."""
    customer = shopper.customer(store(), g.session)
    if customer is None:
        return redirect("/login.php?to=/account.php")
    mine = [row for row in store().rows("order") if row["head"]["customer_id"] == customer["id"]]
    live = [row for row in mine if row["head"]["status_id"] and not row["head"]["is_deleted"]]
    return page("account.html", "account", orders=list(reversed(live)))


@storefront.get("/customer/current.jwt")
def current_jwt() -> ResponseReturnValue:
    """Who is signed in, signed for one app; 404 for guests."""
    customer = shopper.customer(store(), g.session)
    if customer is None:
        return Response("", status=404)
    if request.args.get("app_client_id") != world().settings.client_id:
        return Response("", status=400)
    return Response(shopper.current_customer_jwt(world(), store(), customer), mimetype="text/plain")


@storefront.get("/<path:path>")
def by_path(path: str) -> ResponseReturnValue:
    """A content page made through the API, or a product page."""
    wanted = f"/{path.strip('/')}/"
    for row in store().rows("page"):
        if f"/{row['url'].strip('/')}/" == wanted:
            return _content_page(row)
    for row in store().rows("product"):
        if row["is_visible"] and row["custom_url"]["url"] == wanted:
            return page("product.html", product=row, price=price_here(store(), row))
    return page("missing.html"), 404


def _content_page(row: Doc) -> ResponseReturnValue:
    if row["is_customers_only"] and shopper.customer(store(), g.session) is None:
        return redirect(f"/login.php?to={row['url']}")
    if row["type"] == "raw":
        return Response(row["body"], mimetype=row.get("content_type", "text/html"))
    return page("page.html", page=row)
