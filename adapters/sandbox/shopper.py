"""Who is shopping: the storefront session and the signed current-customer token."""

import secrets

import jwt
from flask import Response, request

from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import World, unix

_QUARTER_HOUR = 900


def current_customer_jwt(world_: World, shop: Store, customer: Doc) -> str:
    """What `/customer/current.jwt` answers; signed with the app's client secret, good for 15 minutes."""
    moment = unix(world_.now())
    claims = {
        "customer": {
            "id": customer["id"],
            "email": customer["email"],
            "group_id": str(customer["customer_group_id"]),
        },
        "iss": "bc/apps",
        "sub": shop.hash,
        "iat": moment,
        "exp": moment + _QUARTER_HOUR,
        "version": 1,
        "aud": world_.settings.client_id,
        "application_id": world_.settings.client_id,
        "store_hash": shop.hash,
        "operation": "current_customer",
    }
    return jwt.encode(claims, world_.settings.client_secret, algorithm="HS256")


def _cookie(shop: Store) -> str:
    # Cookies ignore ports, so both stores on one loopback host need names of their own.
    return f"SHOP_SESSION_{shop.hash}"


def session(shop: Store) -> Doc:
    """This browser's session: `customer_id`, `cart_id`, `orders` placed in it. New ones are not kept yet."""
    key = request.cookies.get(_cookie(shop), "")
    return shop.find("session", key) or {"key": "", "customer_id": 0, "cart_id": "", "orders": []}


def keep(shop: Store, row: Doc, response: Response) -> Response:
    """Store the session and hand the browser its cookie."""
    if not row["key"]:
        row["key"] = secrets.token_urlsafe(24)
    shop.put("session", row["key"], row)
    response.set_cookie(_cookie(shop), row["key"], httponly=True, samesite="Lax", path="/")
    return response


def customer(shop: Store, row: Doc) -> Doc | None:
    """The signed-in customer, or None for a guest."""
    return shop.find("customer", row["customer_id"]) if row["customer_id"] else None
