"""A shop around the script: two themes, a login, a checkout page drawn and redrawn like the real one, a confirmation.

The pages carry a content security policy as strict as a store may set: scripts by nonce, styles from the shop itself
only. Whatever the script does must work under it.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, redirect, render_template, request

from storefront_scripts.bundle import build
from tests.storefront.fake_portal import CLIENT_ID

PAGES = Path(__file__).parent / "pages"
NONCE = "n0nce"
POLICY = f"script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self'; object-src 'none'; base-uri 'none'"
GATEWAYS = [
    {"id": "radio-cheque", "name": "Pay by check"},
    {"id": "radio-testcard-card", "name": "Test card"},
    {"id": "radio-cod", "name": "Cash on delivery"},
]


def invoice_line(number: str, amount: float) -> dict[str, Any]:
    """A line of the payment product, as the storefront API shows it."""
    return {"id": number, "sku": "IP-INVOICE", "name": f"Invoice {number}", "quantity": 1, "extendedListPrice": amount}


def invoice_cart(*lines: dict[str, Any], **groups: Any) -> dict[str, Any]:
    """A cart of payment lines; other groups of lines can be added."""
    items = {"physicalItems": [], "digitalItems": list(lines), "giftCertificates": [], "customItems": []} | groups
    return {"id": "cart-1", "currency": {"code": "USD", "symbol": "$", "decimalPlaces": 2}, "lineItems": items}


@dataclass
class Shop:
    """State and switches of the fake; `log` has every request as `METHOD /path`."""

    portal_origin: str = ""
    theme: str = "light"
    signed_in: bool = True
    direction: str = "ltr"
    inline_id: bool = False  # the page tells the ids by an inline tag
    script: bool = True
    log: list[str] = field(default_factory=list)
    cart: dict[str, Any] | None = None
    order: dict[str, Any] | None = None
    page: dict[str, Any] = field(default_factory=dict)  # what the checkout page is to show, see checkout.js

    def requests(self, what: str) -> int:
        """How often a `METHOD /path` prefix was asked."""
        return sum(entry.startswith(what) for entry in self.log)


def create(shop: Shop) -> Flask:
    """The fake as a web application."""
    app = Flask("fake_shop", template_folder=str(PAGES), static_folder=str(PAGES), static_url_path="/theme")

    @app.before_request
    def note() -> None:
        shop.log.append(f"{request.method} {request.full_path.rstrip('?')}")

    @app.after_request
    def policy(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    def page(name: str, **more: Any) -> str:
        script = build(CLIENT_ID)
        return render_template(name, shop=shop, nonce=NONCE, script=script, gateways=GATEWAYS, **more)

    @app.get("/customer/current.jwt")
    def current_customer() -> Response:
        known = shop.signed_in and request.args.get("app_client_id") == CLIENT_ID
        return Response("head.claims.signature", content_type="text/plain") if known else Response("", 404)

    @app.get("/")
    def home() -> str:
        return page("shop.html", title="Shop")

    @app.get("/invoices/")
    def invoices() -> str:
        return page("shop.html", title="Invoices", region=True)

    @app.get("/favicon.ico")
    def icon() -> Response:
        return Response(status=204)

    add_checkout(app, shop, page)
    return app


def add_checkout(app: Flask, shop: Shop, page: Any) -> None:
    """Cart links, the checkout and confirmation pages, and the storefront API they and we read."""

    @app.get("/cart.php")
    def load_cart() -> Any:
        return redirect("/checkout")

    @app.get("/checkout")
    def checkout() -> str:
        return page("checkout.html", mode="checkout")

    @app.get("/checkout/order-confirmation")
    def confirmation() -> str:
        return page("checkout.html", mode="confirmation")

    @app.get("/api/storefront/carts")
    def carts() -> Response:
        return jsonify([shop.cart] if shop.cart else [])

    @app.delete("/api/storefront/carts/<id_>")
    def no_cart(id_: str) -> Response:
        shop.cart = None
        return Response(status=204)

    @app.get("/api/storefront/checkouts/<id_>")
    def one_checkout(id_: str) -> Response:
        return jsonify({"id": id_, "cart": shop.cart})

    @app.delete("/api/storefront/checkouts/<id_>/store-credit")
    def no_credit(id_: str) -> Response:
        shop.page["credit"] = None
        return jsonify({"id": id_, "cart": shop.cart})

    @app.get("/api/storefront/orders/<id_>")
    def order(id_: str) -> Response:
        return jsonify(shop.order) if shop.order else Response("", 404)
