"""The shops: identity, scripts, pages, and an order from cart to confirmation."""

from typing import Any

import jwt
import pytest

from adapters.sandbox.settings import NORTH, SOUTH
from tests.sandbox.kit import CLIENT, OTHER_SHOP, SECRET, Kit, Shopper

ADDRESS = {"firstName": "M", "lastName": "R", "email": "m@h.example", "address1": "1 Way", "city": "X"}
ADDRESS |= {"countryCode": "US", "stateOrProvince": "Oregon", "postalCode": "97205"}


def _ready_to_pay(shopper: Shopper, product_id: int = 80, ships: bool = True) -> Any:
    """Fill a cart and go through checkout up to the payment step."""
    shopper.form("/cart.php", action="add", product_id=product_id)
    path = f"/api/storefront/checkouts/{shopper.cart()['id']}"
    shopper.send("POST", f"{path}/billing-address", ADDRESS)
    if ships:
        made = shopper.send("POST", f"{path}/consignments", [{"address": ADDRESS}]).json["consignments"][0]
        shopper.send("PUT", f"{path}/consignments/{made['id']}", {"shippingOptionId": "flat"})
    return shopper.get(path).json


def _orders(kit: Kit, cart_id: str) -> list[Any]:
    answer = kit.api("GET", f"/v2/orders?cart_id={cart_id}")
    return answer.json if answer.status_code == 200 else []


def test_the_current_customer_token_names_customer_store_and_app(kit: Kit) -> None:
    shopper = kit.shopper().sign_in(2)

    token = shopper.get(f"/customer/current.jwt?app_client_id={CLIENT}").text

    claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience=CLIENT, issuer="bc/apps", leeway=5)
    assert claims["customer"] == {"id": 2, "email": "marcus@harborfinch.example", "group_id": "11"}
    assert claims["store_hash"] == claims["sub"] == NORTH
    assert claims["operation"] == "current_customer"
    assert claims["exp"] - claims["iat"] == 900
    assert kit.shopper().get(f"/customer/current.jwt?app_client_id={CLIENT}").status_code == 404
    assert shopper.get("/customer/current.jwt?app_client_id=other").status_code == 400


def test_the_port_decides_the_shop_and_sessions_stay_apart(kit: Kit) -> None:
    north = kit.shopper().sign_in(1)
    north.base = kit.shopper(OTHER_SHOP).base

    south = north.get(f"/customer/current.jwt?app_client_id={CLIENT}")

    assert south.status_code == 404
    assert "Southgate" in kit.shopper(OTHER_SHOP).get("/").text
    assert "Northwind" in kit.shopper().get("/").text
    assert kit.client.get("/", base_url=kit.settings.main_url).text.count("Harbor &amp; Finch") > 3


def test_any_password_signs_in_a_known_address_and_only_that(kit: Kit) -> None:
    known = kit.shopper().form("/login.php", login_email="dana@harborfinch.example", to="/invoices/")
    unknown = kit.shopper().form("/login.php", login_email="nobody@mail.example")
    away = kit.shopper().form("/login.php", login_email="dana@harborfinch.example", to="//elsewhere.example")

    assert (known.status_code, known.location) == (302, "/invoices/")
    assert unknown.status_code == 401
    assert away.location == "/"


def test_scripts_are_printed_where_their_visibility_says(kit: Kit) -> None:
    base = {"kind": "src", "location": "footer", "load_method": "defer", "consent_category": "essential"}
    for visibility in ("storefront", "all_pages", "checkout", "order_confirmation"):
        body = {**base, "name": visibility, "src": f"https://a.example/{visibility}.js", "visibility": visibility}
        kit.data("POST", "/content/scripts", {**body, "integrity_hashes": ["sha384-abc"]})
    shopper = kit.shopper().sign_in(2)
    _ready_to_pay(shopper)

    def printed(path: str) -> set[str]:
        text = shopper.get(path).text
        return {name for name in ("storefront", "all_pages", "checkout", "order_confirmation") if f"/{name}.js" in text}

    assert printed("/") == {"storefront", "all_pages"}
    assert printed("/account.php") == {"all_pages"}
    assert printed("/checkout") == {"checkout", "all_pages"}
    assert 'integrity="sha384-abc" crossorigin="anonymous" defer' in shopper.get("/").text
    shopper.pay()
    assert printed("/checkout/order-confirmation") == {"order_confirmation", "all_pages"}
    kit.control(f"/{NORTH}/modes", {"checkout_type": "single"})
    assert printed("/checkout/order-confirmation") == set()


def test_a_content_page_made_through_the_api_is_rendered(kit: Kit) -> None:
    page = {"name": "Invoices", "type": "page", "url": "/invoices/", "is_visible": True}
    kit.data("POST", "/content/pages", {**page, "body": '<div id="invoice-portal"></div>'})

    text = kit.shopper().get("/invoices/").text

    assert '<div id="invoice-portal"></div>' in text
    assert '<a class="navPages-action" href="/invoices/">Invoices</a>' in text
    assert kit.shopper().get("/other/").status_code == 404


@pytest.mark.parametrize("port", [9901, 9902])
def test_a_buyer_orders_from_cart_to_confirmation(kit: Kit, port: int) -> None:
    store = NORTH if port == 9901 else SOUTH
    shopper = kit.shopper(port).sign_in(2)
    checkout = _ready_to_pay(shopper)

    assert shopper.pay().status_code == 200

    order = kit.api("GET", f"/v2/orders?cart_id={checkout['id']}", store).json[0]
    assert order["status"] == "Awaiting Fulfillment"
    assert float(order["total_inc_tax"]) == checkout["grandTotal"]
    assert kit.b2b(f"/orders/{order['id']}", store).json["data"][0]["companyId"] == 4101
    assert shopper.get("/checkout/order-confirmation").status_code == 200
    assert shopper.get(f"/api/storefront/orders/{order['id']}").json["orderAmount"] == checkout["grandTotal"]
    assert kit.shopper(port).get(f"/api/storefront/orders/{order['id']}").status_code == 404
    assert shopper.get("/api/storefront/carts").json == []


def test_declined_tries_leave_incomplete_orders_of_the_same_cart(kit: Kit) -> None:
    shopper = kit.shopper().sign_in(2)
    cart_id = _ready_to_pay(shopper)["id"]

    tries = [
        shopper.pay(card=card).status_code for card in ("4000000000000002", "4242424242424242", "4111111111111111")
    ]

    assert tries == [400, 400, 200]
    assert [order["status_id"] for order in _orders(kit, cart_id)] == [0, 0, 11]


@pytest.mark.parametrize(
    ("method", "card", "status", "event"),
    [
        ("testgateway", "4000 0000 0000 0077", 7, "authorization"),
        ("bankdebit", "", 7, "pending"),
        ("cheque", "", 7, "purchase"),
    ],
)
def test_ways_to_pay_leave_their_transactions(kit: Kit, method: str, card: str, status: int, event: str) -> None:
    shopper = kit.shopper().sign_in(2)
    cart_id = _ready_to_pay(shopper, product_id=88, ships=False)["id"]

    shopper.pay(method, card)

    order = _orders(kit, cart_id)[0]
    rows = kit.get(f"/v3/orders/{order['id']}/transactions")["data"]
    assert (order["status_id"], [row["event"] for row in rows]) == (status, [event])
    assert (rows[0]["method"] == "offline") is (method == "cheque")


def test_digital_goods_need_no_shipping_and_are_complete_when_paid(kit: Kit) -> None:
    shopper = kit.shopper().sign_in(2)
    checkout = _ready_to_pay(shopper, product_id=88, ships=False)

    shopper.pay()

    order = _orders(kit, checkout["id"])[0]
    assert checkout["requiresShipping"] is False
    assert (order["status"], order["order_is_digital"]) == ("Completed", True)


def test_an_incomplete_checkout_cannot_be_paid(kit: Kit) -> None:
    shopper = kit.shopper().sign_in(2)
    shopper.form("/cart.php", action="add", product_id=80)

    assert shopper.pay().status_code == 400


def test_the_shopper_can_tamper_with_an_apps_cart(kit: Kit) -> None:
    """What the script hides is no control: quantity, foreign goods and coupons go through."""
    body = {"customer_id": 2, "line_items": [{"product_id": 88, "quantity": 1, "list_price": 50}]}
    cart = kit.data("POST", "/carts", body)
    shopper = kit.shopper().sign_in(2)
    url = kit.data("POST", f"/carts/{cart['id']}/redirect_urls", {})["checkout_url"]
    shopper.get(url.removeprefix(shopper.base))
    item = shopper.cart()["lineItems"]["digitalItems"][0]["id"]
    path = f"/api/storefront/carts/{cart['id']}/items"

    shopper.send("PUT", f"{path}/{item}", {"lineItem": {"quantity": 2}})
    shopper.send("POST", path, {"lineItems": [{"productId": 82, "quantity": 1}]})
    checkout = shopper.send("POST", f"/api/storefront/checkouts/{cart['id']}/coupons", {"couponCode": "SPRING10"}).json

    assert checkout["grandTotal"] == 151.20
    assert kit.data("GET", f"/carts/{cart['id']}")["version"] > 3


def test_store_credit_pays_first_and_is_spent(kit: Kit) -> None:
    store = kit.world.store(NORTH)
    store.put("customer", 2, {**store.get("customer", 2), "store_credit_amounts": [{"amount": 10}]})
    shopper = kit.shopper().sign_in(2)
    checkout = _ready_to_pay(shopper, product_id=88, ships=False)
    path = f"/api/storefront/checkouts/{checkout['id']}"

    applied = shopper.send("POST", f"{path}/store-credit", {}).json
    shopper.pay()

    order = _orders(kit, checkout["id"])[0]
    rows = kit.get(f"/v3/orders/{order['id']}/transactions")["data"]
    assert round(applied["grandTotal"] - applied["outstandingBalance"], 2) == 10
    assert order["store_credit_amount"] == "10.0000"
    assert round(sum(row["amount"] for row in rows), 2) == checkout["grandTotal"]
    assert store.get("customer", 2)["store_credit_amounts"] == [{"amount": 0.0}]


def test_a_guest_orders_too(kit: Kit) -> None:
    shopper = kit.shopper()
    checkout = _ready_to_pay(shopper)

    shopper.pay()

    order = _orders(kit, checkout["id"])[0]
    assert (order["customer_id"], order["billing_address"]["email"]) == (0, "m@h.example")
    assert kit.b2b(f"/orders/{order['id']}").json["data"][0]["companyId"] == 0


def test_a_policy_for_checkout_pages_names_the_nonce(kit: Kit) -> None:
    kit.control(f"/{NORTH}/modes", {"checkout_csp": "script-src {nonce} 'strict-dynamic'"})
    shopper = kit.shopper().sign_in(2)
    shopper.form("/cart.php", action="add", product_id=80)

    answer = shopper.get("/checkout")

    nonce = answer.headers["Content-Security-Policy"].split("nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in answer.text
