"""The sandbox's answers against the vendors' own API descriptions."""

from typing import Any

import pytest

from adapters.sandbox.settings import NORTH
from tests.sandbox.kit import Kit
from tests.sandbox.specs import judge, needs_specs

ORDERS2, ORDERS3 = "bigcommerce/orders.v2.oas2.yml", "bigcommerce/orders.v3.yml"
CARTS, CHECKOUTS = "bigcommerce/carts.v3.yml", "bigcommerce/checkouts.v3.yml"
COMPANY, USER = "b2b-edition/specs/api-v3/company/company.yaml", "b2b-edition/specs/api-v3/user/user.yaml"
ORDER = "b2b-edition/specs/api-v3/order/order.yaml"
PAYMENT = "b2b-edition/specs/api-v3/payment/payment.yaml"
CONFIG = "b2b-edition/specs/api-v3/invoice_management/config/config.yaml"
INVOICES = "b2b-edition/specs/api-v3/invoice_management/invoice/invoice.yaml"
STAFF = "b2b-edition/specs/api-v3/sales_staff/sales_staff.yaml"
ADMINS = "b2b-edition/specs/api-v3/super_admin/super_admin.yaml"
EMBED = "include=consignments.line_items,fees&consignment_structure=object&limit=250"

BIGCOMMERCE = [
    (ORDERS2, "/orders", f"/v2/orders?{EMBED}"),
    (ORDERS2, "/orders", "/v2/orders?limit=250"),
    (ORDERS2, "/orders/{order_id}", "/v2/orders/217"),
    (ORDERS2, "/orders/count", "/v2/orders/count"),
    (ORDERS2, "/orders/{order_id}/products", "/v2/orders/108/products"),
    (ORDERS2, "/orders/{order_id}/products/{product_id}", "/v2/orders/100/products/301"),
    (ORDERS2, "/orders/{order_id}/shipping_addresses", "/v2/orders/200/shipping_addresses"),
    (ORDERS2, "/orders/{order_id}/coupons", "/v2/orders/112/coupons"),
    (ORDERS2, "/orders/{order_id}/taxes", "/v2/orders/112/taxes"),
    (ORDERS2, "/orders/{order_id}/consignments", "/v2/orders/128/consignments"),
    (ORDERS2, "/order_statuses", "/v2/order_statuses"),
    (ORDERS2, "/order_statuses/{status_id}", "/v2/order_statuses/11"),
    (ORDERS3, "/orders/{order_id}/transactions", "/v3/orders/196/transactions"),
    (ORDERS3, "/orders/{order_id}/payment_actions/refunds", "/v3/orders/217/payment_actions/refunds"),
    (ORDERS3, "/orders/payment_actions/refunds", "/v3/orders/payment_actions/refunds"),
    (ORDERS3, "/orders/{order_id}/metafields", "/v3/orders/180/metafields"),
    ("bigcommerce/customers.v3.yml", "/customers", "/v3/customers?include=addresses,storecredit"),
    ("bigcommerce/customers.v2.yml", "/customer_groups", "/v2/customer_groups"),
    ("bigcommerce/store_information.v2.yml", "/store", "/v2/store"),
    ("bigcommerce/store_information.v2.yml", "/time", "/v2/time"),
    ("bigcommerce/currencies.v2.yml", "/currencies", "/v2/currencies"),
    ("bigcommerce/channels.v3.yml", "/channels", "/v3/channels?include=currencies"),
    ("bigcommerce/channels.v3.yml", "/channels/{channel_id}", "/v3/channels/1"),
    ("bigcommerce/channels.v3.yml", "/channels/currency-assignments", "/v3/channels/currency-assignments"),
    ("bigcommerce/channels.v3.yml", "/channels/{channel_id}/site", "/v3/channels/1/site"),
    ("bigcommerce/sites.v3.yml", "/sites", "/v3/sites"),
    ("bigcommerce/products_catalog.v3.yml", "/catalog/products", "/v3/catalog/products"),
    ("bigcommerce/products_catalog.v3.yml", "/catalog/products/{product_id}", "/v3/catalog/products/80"),
]
B2B = [
    (COMPANY, "/companies", "/companies"),
    (COMPANY, "/companies/{companyId}", "/companies/4106"),
    (COMPANY, "/companies/roles", "/companies/roles"),
    (COMPANY, "/companies/roles/{roleId}", "/companies/roles/11"),
    (COMPANY, "/companies/permissions", "/companies/permissions"),
    (COMPANY, "/companies/{companyId}/subsidiaries", "/companies/4105/subsidiaries"),
    (USER, "/users", "/users"),
    (USER, "/users/{userId}", "/users/9001"),
    (USER, "/users/customer/{customerId}", "/users/customer/1"),
    (ORDER, "/orders", "/orders?limit=250"),
    (ORDER, "/orders/{bcOrderId}", "/orders/172"),
    (ORDER, "/orders/{bcOrderId}/products", "/orders/172/products"),
    (PAYMENT, "/payments", "/payments"),
    (PAYMENT, "/companies/{companyId}/payments", "/companies/4101/payments"),
    (PAYMENT, "/companies/{companyId}/credit", "/companies/4104/credit"),
    (PAYMENT, "/companies/{companyId}/payment-terms", "/companies/4101/payment-terms"),
    (CONFIG, "/config", "/ip/config"),
    (STAFF, "/sales-staffs", "/sales-staffs"),
    (STAFF, "/sales-staffs/{salesStaffId}", "/sales-staffs/301"),
    (ADMINS, "/companies/super-admins", "/companies/super-admins"),
    (ADMINS, "/super-admins/info/{superAdminId}", "/super-admins/info/601"),
    (ADMINS, "/super-admins/{superAdminId}/companies", "/super-admins/601/companies"),
]

# Where a description contradicts itself or the vendor's own examples: (path, place) -> the form we serve.
SERVED: dict[tuple[str, str], str] = {
    ("/orders", "consignments"): "a link or the object; the description's oneOf lets a link pass as both",
    ("/orders/{order_id}", "consignments"): "a link or the object; the description's oneOf lets a link pass as both",
    ("/orders", "credit_card_type"): "null, as in every published example",
    ("/orders/{order_id}", "credit_card_type"): "null, as in every published example",
    ("/orders", "custom_status"): "text, as in every published example",
    ("/orders/{order_id}", "custom_status"): "text, as in every published example",
    ("/order_statuses", "order"): "a number, as in every published example",
    ("/order_statuses/{status_id}", "order"): "a number, as in every published example",
    ("/channels", "data.currencies"): "only with include=currencies, which the description names without a shape",
    ("/companies/roles", "data"): "a list, as in the published example; the schema says one object",
    ("b2b /orders", "data.cartId"): "a uuid, as in the published example; the schema says a number",
    ("/orders/{bcOrderId}", "data.cartId"): "a uuid, as in the published example; the schema says a number",
    ("/orders/{bcOrderId}", "meta"): "the usual envelope; the schema has code and data only",
    ("/orders/{bcOrderId}/products", "meta"): "the usual envelope; the schema puts `message` beside data",
    ("/checkouts/{checkoutId}", "data.billing_address.country"): "present, as in every published example",
    ("/checkouts/{checkoutId}", "data.consignments.address.country"): "present, as in every published example",
    ("/checkouts/{checkoutId}", "data.billing_address.phone"): "may be empty; the schema's pattern is broken",
    ("/checkouts/{checkoutId}", "data.consignments.address.phone"): "may be empty; the schema's pattern is broken",
    ("/checkouts/{checkoutId}", "data.cart.line_items.digital_items.coupons"): "a list, as in the examples",
    ("/checkouts/{checkoutId}", "data.cart.line_items.physical_items.coupons"): "a list, as in the examples",
    ("/sites", "meta.pagination"): "the usual pagination; the schema nests it once more",
}


EMPTY_SHIPMENTS = "data.details.details.shipments"
"""May be empty, as in the published examples of invoices."""


def _unexplained(name: str, path: str, method: str, answer: Any, status: int = 200) -> list[str]:
    prefix = "b2b " if name == ORDER and path == "/orders" else ""
    explained = [place for known, place in SERVED if known == prefix + path]
    found = judge(name, path, method, answer, status)
    return [line for line in found if not any(_is_at(line, place) for place in explained)]


def _is_at(line: str, place: str) -> bool:
    where = line.partition(":")[0]
    return where == place or where.startswith(f"{place}.")


@needs_specs
@pytest.mark.parametrize(("name", "path", "address"), BIGCOMMERCE, ids=[row[2] for row in BIGCOMMERCE])
def test_bigcommerce_answers_fit_the_description(reader: Kit, name: str, path: str, address: str) -> None:
    answer = reader.api("GET", address)

    assert answer.status_code == 200
    assert _unexplained(name, path, "get", answer.json) == []


@needs_specs
def test_its_own_invoices_fit_the_description_while_they_are_on(reader: Kit) -> None:
    """R-24."""
    reader.control(f"/{NORTH}/modes", {"b2b_invoice_switch": True})
    try:
        answer = reader.b2b("/ip/invoices")
    finally:
        reader.control(f"/{NORTH}/modes", {"b2b_invoice_switch": False})

    assert [row["openBalance"]["value"] for row in answer.json["data"]][:3]
    differences = judge(INVOICES, "/invoices", "get", answer.json, 200)
    assert {line.partition(":")[0] for line in differences} <= {EMPTY_SHIPMENTS}


@needs_specs
@pytest.mark.parametrize(("name", "path", "address"), B2B, ids=[row[2] for row in B2B])
def test_b2b_answers_fit_the_description(reader: Kit, name: str, path: str, address: str) -> None:
    answer = reader.b2b(address)

    assert answer.status_code == 200
    assert _unexplained(name, path, "get", answer.json) == []


@pytest.fixture
def cart(kit: Kit) -> Any:
    """A cart of the app's with everything in it: digital, physical, custom, coupon, addresses, shipping."""
    lines = [{"product_id": 88, "quantity": 1, "list_price": 125.25, "name": "Invoice INV-1"}]
    lines.append({"product_id": 80, "quantity": 2})
    custom = [{"sku": "C-1", "name": "Custom", "quantity": 1, "list_price": 10.5}]
    body = {"customer_id": 2, "channel_id": 1, "currency": {"code": "USD"}, "line_items": lines}
    made = kit.data("POST", "/carts", {**body, "custom_items": custom})
    address = {"first_name": "M", "last_name": "R", "email": "m@h.example", "country_code": "US"}
    address |= {"address1": "1 Way", "city": "X", "state_or_province": "Oregon", "postal_code": "97205"}
    kit.data("POST", f"/checkouts/{made['id']}/billing-address", address)
    ship = kit.data("POST", f"/checkouts/{made['id']}/consignments", [{"address": address, "line_items": []}])
    option = {"shipping_option_id": "flat"}
    kit.data("PUT", f"/checkouts/{made['id']}/consignments/{ship['consignments'][0]['id']}", option)
    kit.data("POST", f"/checkouts/{made['id']}/coupons", {"coupon_code": "SPRING10"})
    return made


@needs_specs
def test_carts_and_checkouts_fit_the_description(kit: Kit, cart: Any) -> None:
    body = {"line_items": [{"product_id": 80, "quantity": 1}]}
    made = kit.api("POST", "/v3/carts", json=body)
    urls = kit.api("POST", f"/v3/carts/{cart['id']}/redirect_urls", json={})
    checkout = kit.api("GET", f"/v3/checkouts/{cart['id']}")

    assert _unexplained(CARTS, "/carts", "post", made.json, 201) == []
    assert _unexplained(CARTS, "/carts/{cartId}/redirect_urls", "post", urls.json, 201) == []
    assert _unexplained(CHECKOUTS, "/checkouts/{checkoutId}", "get", checkout.json) == []
    methods = kit.api("GET", f"/v3/payments/methods?checkout_id={cart['id']}")
    name = "bigcommerce/accepted-methods_payments.v3.yml"
    assert _unexplained(name, "/payments/methods", "get", methods.json) == []


@needs_specs
def test_refunds_metafields_and_hooks_fit_the_description(kit: Kit) -> None:
    order = kit.order(paid="card")
    path = f"/v3/orders/{order['id']}/payment_actions"
    items = {"items": [{"item_type": "PRODUCT", "item_id": order["products"][0]["id"], "quantity": 1}]}
    quote = kit.api("POST", f"{path}/refund_quotes", json=items)
    refund = kit.api("POST", f"{path}/refunds", json={**items, "payments": [{"provider_id": "testgateway"}]})
    field = {"permission_set": "read", "namespace": "invoice_portal", "key": "payment_number", "value": "PAY-1"}
    metafield = kit.api("POST", f"/v3/orders/{order['id']}/metafields", json=field)
    hook = {"scope": "store/order/*", "destination": "https://a.example/hook", "headers": {"X-Own": "1"}}
    made = kit.api("POST", "/v3/hooks", json=hook)

    base = "/orders/{order_id}/payment_actions"
    assert _unexplained(ORDERS3, f"{base}/refund_quotes", "post", quote.json, 201) == []
    assert _unexplained(ORDERS3, f"{base}/refunds", "post", refund.json, 201) == []
    assert _unexplained(ORDERS3, "/orders/{order_id}/metafields", "post", metafield.json) == []
    assert _unexplained("bigcommerce/webhooks.v3.yml", "/hooks", "post", made.json) == []
    assert _unexplained("bigcommerce/webhooks.v3.yml", "/hooks", "get", kit.get("/v3/hooks")) == []


@needs_specs
def test_scripts_pages_and_products_fit_the_description(kit: Kit) -> None:
    script = {"name": "Portal", "kind": "src", "src": "https://a.example/p.js", "visibility": "all_pages"}
    script |= {"location": "footer", "load_method": "defer", "consent_category": "essential"}
    page = {"name": "Invoices", "type": "page", "body": "<div></div>", "url": "/invoices/", "is_visible": True}
    product = {"name": "Invoice payment", "type": "digital", "weight": 0, "price": 0, "sku": "IP-INVOICE"}
    made = kit.data("POST", "/catalog/products", product)
    modifier = {"type": "text", "required": True, "display_name": "Payment"}
    path = f"/v3/catalog/products/{made['id']}/modifiers"

    kit.data("POST", "/content/scripts", script)
    kit.data("POST", "/content/pages", page)
    kit.api("POST", path, json=modifier)

    name = "bigcommerce/product-modifiers_catalog.v3.yml"
    assert _unexplained("bigcommerce/scripts.v3.yml", "/content/scripts", "get", kit.get("/v3/content/scripts")) == []
    pages = kit.get("/v3/content/pages", include="body")
    assert _unexplained("bigcommerce/pages.v3.yml", "/content/pages", "get", pages) == []
    assert _unexplained(name, "/catalog/products/{product_id}/modifiers", "get", kit.get(path)) == []


@needs_specs
def test_the_storefront_api_fits_the_description(kit: Kit) -> None:
    shopper = kit.shopper().sign_in(2)
    shopper.form("/cart.php", action="add", product_id=88)
    carts = shopper.get("/api/storefront/carts").json
    checkout = shopper.get(f"/api/storefront/checkouts/{carts[0]['id']}").json

    found = judge("bigcommerce/carts.sf.yml", "/carts", "get", carts)
    found += judge("bigcommerce/checkouts.sf.yml", "/checkouts/{checkoutId}", "get", checkout)
    # The page reads more than the public reference names; phone's pattern is broken there as well; ids of
    # discounts are uuids in the cart's own description and numbers in the checkout's.
    known = ("not in the description", ".phone", "cart.discounts.id")
    assert [line for line in found if not any(part in line for part in known)] == []


@needs_specs
def test_every_explained_difference_still_differs(kit: Kit, cart: Any) -> None:
    """A difference that is gone must leave the list."""
    checkout = (CHECKOUTS, "/checkouts/{checkoutId}", f"/v3/checkouts/{cart['id']}")
    seen = set()
    for rows, ask in (([*BIGCOMMERCE, checkout], lambda at: kit.api("GET", at)), (B2B, kit.b2b)):
        for name, path, address in rows:
            prefix = "b2b " if name == ORDER and path == "/orders" else ""
            lines = judge(name, path, "get", ask(address).json)
            seen |= {key for key in SERVED if key[0] == prefix + path and any(_is_at(line, key[1]) for line in lines)}

    assert seen == set(SERVED)
