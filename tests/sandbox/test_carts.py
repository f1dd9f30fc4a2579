"""Server-made carts and what a store does to their price."""

from typing import Any

import pytest

from adapters.sandbox.settings import NORTH
from tests.sandbox.kit import Kit

ADDRESS = {"email": "a@b.example", "country_code": "US", "address1": "1 Way"}


@pytest.fixture
def product(kit: Kit) -> Any:
    """A payment product as R-17 wants it: digital, hidden, non-taxable, with a required text modifier."""
    body = {"name": "Invoice payment", "type": "digital", "weight": 0, "price": 0, "sku": "IP-INVOICE"}
    made = kit.data("POST", "/catalog/products", {**body, "tax_class_id": 1, "is_visible": False})
    option = {"type": "text", "required": True, "display_name": "Payment"}
    made["option"] = kit.data("POST", f"/catalog/products/{made['id']}/modifiers", option)["id"]
    return made


def _line(product: Any, price: float = 125.25, name: str = "Invoice INV-1") -> dict[str, Any]:
    chosen = [{"option_id": product["option"], "option_value": "PAY-1"}]
    line = {"product_id": product["id"], "quantity": 1, "list_price": price, "name": name}
    return {**line, "option_selections": chosen}


def _cart(kit: Kit, *lines: Any, custom: Any = (), **more: Any) -> Any:
    body = {"customer_id": 2, "currency": {"code": "USD"}, "line_items": list(lines), "custom_items": list(custom)}
    return kit.data("POST", "/carts", {**body, **more})


def _total(kit: Kit, cart: Any) -> tuple[float, float]:
    kit.data("POST", f"/checkouts/{cart['id']}/billing-address", ADDRESS)
    checkout = kit.data("GET", f"/checkouts/{cart['id']}")
    return checkout["grand_total"], checkout["tax_total"]


def test_an_overridden_price_of_a_nontaxable_product_costs_exactly_that(kit: Kit, product: Any) -> None:
    """R-18: in the plain store the cart costs the attempt."""
    assert _total(kit, _cart(kit, _line(product))) == (125.25, 0)


def test_a_custom_item_gets_tax_once_an_address_is_known(kit: Kit) -> None:
    cart = _cart(kit, custom=[{"name": "Invoice INV-1", "sku": "INV", "quantity": 1, "list_price": 100}])

    before = kit.data("GET", f"/checkouts/{cart['id']}")["grand_total"]

    assert before == 100
    assert _total(kit, cart) == (108.25, 8.25)


@pytest.mark.parametrize(
    ("modes", "total"),
    [
        ({"order_promotion_percent": 5}, 118.99),
        ({"tax_every_line": True}, 135.58),
        ({"prices_exclude_tax": False, "tax_every_line": True}, 125.25),
    ],
)
def test_store_modes_change_the_price(kit: Kit, product: Any, modes: Any, total: float) -> None:
    kit.control(f"/{NORTH}/modes", modes)

    assert _total(kit, _cart(kit, _line(product)))[0] == total


def test_custom_items_ship_only_in_that_mode(kit: Kit, product: Any) -> None:
    shopper = kit.shopper().sign_in(2)

    def asks(cart: Any) -> bool:
        url = kit.data("POST", f"/carts/{cart['id']}/redirect_urls", {})["checkout_url"]
        shopper.get(url.removeprefix(shopper.base))
        return bool(shopper.get(f"/api/storefront/checkouts/{cart['id']}").json["requiresShipping"])

    custom = [{"name": "Invoice", "sku": "I", "quantity": 1, "list_price": 10}]
    plain = asks(_cart(kit, custom=custom))
    kit.control(f"/{NORTH}/modes", {"custom_items_ship": True})

    assert (plain, asks(_cart(kit, custom=custom)), asks(_cart(kit, _line(product)))) == (False, True, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": {"code": "CAD"}},
        {"currency": {"code": "XXX"}},
        {"customer_id": 999},
        {"line_items": [{"product_id": 999, "quantity": 1}]},
        {"line_items": [], "custom_items": []},
    ],
)
def test_what_cannot_be_bought_is_refused(kit: Kit, wrong: Any) -> None:
    body = {"customer_id": 2, "currency": {"code": "USD"}, "line_items": [{"product_id": 80, "quantity": 1}]}

    assert kit.api("POST", "/v3/carts", json={**body, **wrong}).status_code == 422


def test_a_required_modifier_is_required(kit: Kit, product: Any) -> None:
    line = {**_line(product), "option_selections": []}

    assert kit.api("POST", "/v3/carts", json={"line_items": [line]}).status_code == 422


def test_the_version_is_an_optimistic_lock(kit: Kit, product: Any) -> None:
    cart = _cart(kit, _line(product))
    path, items = f"/v3/carts/{cart['id']}/items", {"line_items": [_line(product, name="Second")]}

    assert kit.api("POST", path, json={**items, "version": 1}).status_code == 201
    assert kit.api("POST", path, json={**items, "version": 1}).status_code == 409


def test_deleting_the_last_line_deletes_the_cart(kit: Kit, product: Any) -> None:
    cart = _cart(kit, _line(product))
    item = cart["line_items"]["digital_items"][0]["id"]

    assert kit.api("DELETE", f"/v3/carts/{cart['id']}/items/{item}").status_code == 204
    assert kit.api("GET", f"/v3/carts/{cart['id']}").status_code == 404


def test_a_redirect_address_works_once_and_only_for_its_customer(kit: Kit, product: Any) -> None:
    cart = _cart(kit, _line(product))
    url = kit.data("POST", f"/carts/{cart['id']}/redirect_urls", {})["checkout_url"]
    path = url.removeprefix("http://127.0.0.1:9901")

    guest = kit.shopper().get(path)
    other = kit.shopper().sign_in(5).get(path)
    own = kit.shopper().sign_in(2)
    first, second = own.get(path), own.get(path)

    assert guest.location.startswith("/login.php")
    assert other.location.startswith("/login.php")
    assert first.location == "/checkout"
    assert "used+before" in second.location
    assert own.cart()["id"] == cart["id"]


def test_a_cart_dies_after_thirty_idle_days(kit: Kit, product: Any) -> None:
    cart = _cart(kit, _line(product))

    kit.control("/clock", {"offset_seconds": 31 * 86_400})

    assert kit.api("GET", f"/v3/carts/{cart['id']}").status_code == 404


def test_a_euro_cart_sells_catalog_goods_at_the_rate(kit: Kit) -> None:
    cart = _cart(kit, {"product_id": 80, "quantity": 1}, currency={"code": "EUR"}, customer_id=13)

    assert cart["line_items"]["physical_items"][0]["list_price"] == 79.49
