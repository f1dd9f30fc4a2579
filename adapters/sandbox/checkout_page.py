"""Checkout and confirmation pages, and the private calls behind them: place an order, pay it."""

import secrets
from decimal import Decimal
from typing import Any

from flask import Blueprint, g, jsonify, make_response, redirect, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import basket, gateway, hooks, orders, shopper
from adapters.sandbox import storefront_views as views
from adapters.sandbox.amounts import ZERO, dec, four
from adapters.sandbox.b2b_companies import user_of_customer
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.statuses import INCOMPLETE
from adapters.sandbox.storefront import page
from adapters.sandbox.storefront_api import own_cart
from adapters.sandbox.storefront_cart import session_cart
from adapters.sandbox.world import Refused, body, now, store

checkout_page = Blueprint("checkout_page", __name__)

_STORE_CREDIT = gateway.Method("storecredit", "Store Credit", "storecredit", "store_credit")


def _framed(template: str, kind: str, **values: object) -> ResponseReturnValue:
    nonce = secrets.token_urlsafe(12)
    answer = make_response(page(template, kind, nonce=nonce, **values))
    policy = store().mode("checkout_csp")
    if policy:
        answer.headers["Content-Security-Policy"] = str(policy).replace("{nonce}", f"'nonce-{nonce}'")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@checkout_page.get("/checkout")
def checkout() -> ResponseReturnValue:
    """The one-page checkout of the session's cart."""
    cart = session_cart()
    if cart is None or not cart["lines"]:
        return redirect("/cart.php")
    # Company buyers are asked for a PO number, except for carts of digital goods only.
    shop = store()
    asks_po = user_of_customer(shop, cart["customer_id"]) is not None and basket.needs_shipping(shop, cart)
    return _framed("checkout.html", "checkout", checkout_id=cart["id"], asks_po=asks_po)


@checkout_page.get("/checkout/order-confirmation")
@checkout_page.get("/checkout/order-confirmation/<int:order_id>")
def confirmation(order_id: int = 0) -> ResponseReturnValue:
    """The order just placed in this session; no number in the address for an ordinary cart."""
    placed = g.session["orders"]
    if not placed or (order_id and order_id not in placed):
        return redirect("/")
    shown = order_id or placed[-1]
    return _framed("confirmation.html", "order_confirmation", order_id=shown)


@checkout_page.get("/api/storefront/payments")
def payment_methods() -> ResponseReturnValue:
    """What the payment step lists."""
    own_cart(request.args.get("cartId", ""))
    return jsonify([_method(way) for way in gateway.methods(store())])


def _method(way: gateway.Method) -> Doc:
    kinds = {"testgateway": "credit-card", "bankdebit": "ach"}
    row: dict[str, Any] = {"id": way.id, "gateway": None, "method": kinds.get(way.id, "offline")}
    row["type"] = "PAYMENT_TYPE_OFFLINE" if way.offline else "PAYMENT_TYPE_API"
    row["config"] = {"displayName": way.name, "testMode": bool(store().mode("test_transactions"))}
    return row


@checkout_page.get("/api/storefront/orders/<int:order_id>")
@checkout_page.get("/api/storefront/order/<int:order_id>")
def order(order_id: int) -> ResponseReturnValue:
    """An order placed in this session."""
    if order_id not in g.session["orders"] and order_id != g.session.get("trying"):
        raise Refused(404, "The order does not belong to this session.")
    return jsonify(views.order(store(), store().get("order", order_id)))


@checkout_page.post("/internalapi/v1/checkout/order")
def place_order() -> ResponseReturnValue:
    """Makes the order, Incomplete; methods without a card finish at once."""
    shop, sent = store(), body()
    with shop.unit():
        cart = own_cart(sent["cartId"])
        method = gateway.method_of(shop, sent["payment"]["methodId"])
        _check_complete(shop, cart)
        made = _order_of_cart(shop, cart, sent)
        g.session["trying"] = made["head"]["id"]
        covered = _pay_by_credit(shop, made, cart)
        if covered or method.kind != "credit_card":
            _finish(shop, cart, made, method, "", covered)
    return _answer(made)


@checkout_page.post("/api/public/v1/orders/payments")
def pay_order() -> ResponseReturnValue:
    """The card part. A declined card leaves the order Incomplete and the cart as it was."""
    shop, sent = store(), body()
    with shop.unit():
        order_id = int(sent["orderId"])
        if order_id != g.session.get("trying"):
            raise Refused(404, "The order does not belong to this session.")
        made = shop.get("order", order_id)
        cart = own_cart(made["head"]["cart_id"])
        method = gateway.method_of(shop, sent["payment"]["methodId"])
        good = _finish(shop, cart, made, method, sent["payment"].get("number", ""), False)
    if not good:
        text = "Your card was declined. Please use a different card or contact your bank."
        return jsonify({"status": "error", "errors": [{"code": "transaction_declined", "message": text}]}), 400
    return _answer(made)


def _answer(made: Doc) -> ResponseReturnValue:
    head = made["head"]
    answer = jsonify({"data": {"order": {"orderId": head["id"], "isComplete": head["status_id"] != INCOMPLETE}}})
    return shopper.keep(store(), g.session, answer)


def _check_complete(shop: Store, cart: Doc) -> None:
    if cart["billing"] is None:
        raise Refused(400, "The billing address is missing.")
    if basket.needs_shipping(shop, cart) and not cart["shipping_option"]:
        raise Refused(400, "The shipping method is missing.")


def _order_of_cart(shop: Store, cart: Doc, sent: Doc) -> Doc:
    basis = basket.basis_of(shop, cart)
    basis["lines"] = [_order_line(shop, line) for line in basis["lines"]]
    billing = views.v2_address(cart["billing"])
    ship_to = cart["shipping_address"]
    user = user_of_customer(shop, cart["customer_id"])
    company_id = user["companyId"] if user else 0
    text, _, _ = basket.SHIPPING.get(cart["shipping_option"] or "", ("", "", ZERO))
    given: Doc = {
        "customer_id": cart["customer_id"],
        "status_id": INCOMPLETE,
        "cart_id": cart["id"],
        "channel_id": cart["channel_id"],
        "billing_address": billing,
        "customer_message": cart["message"],
        "order_source": "www",
        "addresses": [{**views.v2_address(ship_to), "shipping_method": text}] if ship_to else [],
        "b2b": {"company_id": company_id, "po_number": str(sent.get("poNumber", ""))[:50]},
    }
    if cart["currency"] == "EUR":
        basis["charge_rate"] = "0.9200000000"
    return orders.create(shop, now(), basis, given)


def _order_line(shop: Store, line: Doc) -> Doc:
    kind = "physical" if basket.ships(shop, line) else "digital"
    names = ("product_id", "variant_id", "name", "sku", "quantity", "unit", "taxable")
    row = {name: line[name] for name in names if name in line}
    return {**row, "type": kind, "options": [_order_option(index, one) for index, one in enumerate(line["options"], 1)]}


def _order_option(index: int, selection: Doc) -> Doc:
    value = str(selection.get("option_value", ""))
    return {
        "id": index,
        "option_id": selection.get("option_id"),
        "order_product_id": 0,
        "product_option_id": selection.get("option_id"),
        "display_name": selection.get("name", "Reference"),
        "display_value": value,
        "value": value,
        "type": "Text field",
        "name": selection.get("name", "Reference"),
        "display_style": "",
    }


def _pay_by_credit(shop: Store, made: Doc, cart: Doc) -> bool:
    total = dec(made["head"]["total_inc_tax"])
    credit = basket.store_credit(shop, cart, total)
    if credit:
        made["head"]["store_credit_amount"] = four(credit)
        shop.put("order", made["head"]["id"], made)
    return bool(credit) and credit == total


def _finish(shop: Store, cart: Doc, made: Doc, method: gateway.Method, card: str, covered: bool) -> bool:
    credit = dec(made["head"]["store_credit_amount"])
    good = covered or gateway.pay(shop, made, method, card, now())
    if not good:
        return False
    if credit:
        _spend_credit(shop, made, credit)
    if covered:
        orders.set_status(shop, made, gateway.paid_status(made), now())
    cart["converted"] = True
    shop.put("cart", cart["id"], cart)
    g.session["orders"].append(made["head"]["id"])
    g.session["cart_id"] = ""
    data = {"type": "cart", "id": cart["id"], "orderId": made["head"]["id"]}
    hooks.emit(shop, "store/cart/converted", data)
    return True


def _spend_credit(shop: Store, made: Doc, credit: Decimal) -> None:
    customer = shop.get("customer", made["head"]["customer_id"])
    left = dec(customer["store_credit_amounts"][0]["amount"]) - credit
    customer["store_credit_amounts"] = [{"amount": float(left)}]
    shop.put("customer", customer["id"], customer)
    gateway.record(
        shop, made, "purchase", _STORE_CREDIT, credit, now(), store_credit={"remaining_balance": float(left)}
    )
