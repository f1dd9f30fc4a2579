"""What a browser does in the store's checkout: opens it, gives the billing address where it is missing, pays."""

from dataclasses import dataclass, field
from typing import Any

import requests

from admin_app.demo.visitors import TIMEOUT, Store, must
from admin_app.local import Local

APPROVE = "4111111111111111"
DECLINE = "4000000000000002"
AUTHORISE_ONLY = "4000000000000077"

_ADDRESS = {
    "firstName": "Dana",
    "lastName": "Whitlock",
    "address1": "18 Quay Street",
    "city": "Portland",
    "stateOrProvince": "Oregon",
    "postalCode": "97205",
    "countryCode": "US",
    "email": "dana@harborfinch.example",
    "phone": "555-0100",
}


@dataclass(frozen=True)
class CheckedOut:
    """`checkout` is what the page showed before paying; `words` what the gateway said."""

    is_placed: bool
    order_id: int
    words: str
    checkout: dict[str, Any] = field(default_factory=dict)


def check_out(local: Local, store: Store, customer_id: int, checkout_url: str, card: str) -> CheckedOut:
    """One try with one card, in a storefront session of that shopper."""
    base = local.storefront_urls[store.hash]
    browser = requests.Session()
    browser.get(f"{base}/login/as/{customer_id}", timeout=TIMEOUT)
    page = browser.get(checkout_url, timeout=TIMEOUT)
    must(page.ok and "/checkout" in page.url, f"checkout did not open: {page.status_code} {page.url}")
    cart_id = browser.get(f"{base}/api/storefront/carts", timeout=TIMEOUT).json()[0]["id"]
    seen: dict[str, Any] = browser.get(f"{base}/api/storefront/checkouts/{cart_id}", timeout=TIMEOUT).json()
    if not (seen.get("billingAddress") or {}).get("address1"):
        answer = browser.post(
            f"{base}/api/storefront/checkouts/{cart_id}/billing-address", json=_ADDRESS, timeout=TIMEOUT
        )
        must(answer.ok, f"billing address: {answer.status_code} {answer.text[:200]}")
    placed = browser.post(
        f"{base}/internalapi/v1/checkout/order",
        json={"cartId": cart_id, "payment": {"methodId": "testgateway"}},
        timeout=TIMEOUT,
    )
    must(placed.ok, f"no order: {placed.status_code} {placed.text[:200]}")
    order_id = int(placed.json()["data"]["order"]["orderId"])
    paid = browser.post(
        f"{base}/api/public/v1/orders/payments",
        json={"orderId": order_id, "payment": {"methodId": "testgateway", "number": card}},
        timeout=TIMEOUT,
    )
    return CheckedOut(paid.ok, order_id, paid.text[:200], seen)
