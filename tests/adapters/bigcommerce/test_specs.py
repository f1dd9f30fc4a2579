"""The vendor's published examples go through our readers as they stand (data kept outside this repository)."""

import copy
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import responses
import yaml

from adapters.bigcommerce import checkout_shapes, money, order_shapes, setup_shapes
from adapters.bigcommerce.reading import Shape, read
from adapters.bigcommerce.setup_shapes import PageShape, StoreShape
from domain.money import Money
from tests.adapters.bigcommerce.kit import V2, V3, a_shop, paged, v3

SPECS = Path(__file__).resolve().parents[4] / "shared" / "specs" / "bigcommerce"

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="the vendor's specifications are not beside the checkout")


def spec(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((SPECS / name).read_text(), yaml.CSafeLoader)
    return loaded


@pytest.fixture(scope="module")
def orders_v2():
    return spec("orders.v2.oas2.yml")


def examples(document: dict[str, Any], response: str) -> list[Any]:
    content = document["components"]["responses"][response]["content"]["application/json"]
    return [copy.deepcopy(example["value"]) for example in content["examples"].values()]


@responses.activate
def test_order_examples(orders_v2):
    """Among them one whose `currency_code` is misspelled and fees spelled `cost_exc_tax`."""
    lines = examples(orders_v2, "orderProductsCollection_Resp")[0]
    for order in [*examples(orders_v2, "order_Resp"), *examples(orders_v2, "orderCollection_Resp")[0]]:
        number = order["id"]
        responses.add("GET", f"{V2}orders/{number}", json=order)
        responses.add("GET", f"{V2}orders/{number}/products", json=lines)
        responses.add(
            "GET",
            f"{V2}orders/{number}/shipping_addresses",
            json=examples(orders_v2, "orderShippingAddressCollection_Resp")[0],
        )
        responses.add("GET", f"{V2}orders/{number}/coupons", json=examples(orders_v2, "orderCouponsCollection_Resp")[0])
        responses.add("GET", f"{V2}orders/{number}/taxes", json=examples(orders_v2, "orderTaxes_Resp")[0])

        found = a_shop().orders.get(number)

        assert found.currency == "USD"
        assert found.total == Money.rounded(Decimal(order["total_inc_tax"]), "USD")
        assert len(found.lines) == len(lines)
        assert found.lines[0].options.startswith("Size: S, Color: Orange")
        assert len(found.shipping_addresses) == 2
        assert found.taxes[0].amount.text == "22.04"


@responses.activate
def test_order_products_of_every_kind(orders_v2):
    base = examples(orders_v2, "order_Resp")[1]
    for line in examples(orders_v2, "orderProductLineItem_Resp"):
        responses.reset()
        responses.add("GET", f"{V2}orders/247", json=base)
        responses.add("GET", f"{V2}orders/247/products", json=[line])
        responses.add("GET", f"{V2}orders/247/shipping_addresses", status=204)
        responses.add("GET", f"{V2}orders/247/taxes", status=204)

        (found,) = a_shop().orders.get(247).lines

        assert found.id == line["id"]
        assert found.total_ex_tax.text in line["total_ex_tax"]


@responses.activate
def test_consignment_examples(orders_v2):
    """With links in place of lines, and one object where a list is promised."""
    head = examples(orders_v2, "order_Resp")[1]
    lines = examples(orders_v2, "orderProductsCollection_Resp")[0]
    for consignments in orders_v2["components"]["schemas"]["orderConsignment_Get"]["x-examples"].values():
        responses.reset()
        responses.add("GET", f"{V2}orders", json=[head | {"consignments": consignments}])
        responses.add("GET", f"{V2}orders/247/products", json=lines)

        page = a_shop().orders.page()

        assert page.unreadable == ()
        assert len(page.orders[0].lines) == len(lines)


@responses.activate
def test_order_count_example(orders_v2):
    responses.add("GET", f"{V2}orders/count", json=examples(orders_v2, "ordersCount_Resp")[0])

    assert a_shop().orders.count(datetime(2026, 1, 1, tzinfo=UTC)) == 133


def x_examples(node: Any, found: list[Any]) -> list[Any]:
    """All `x-examples` anywhere below."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "x-examples" and isinstance(value, dict):
                found += value.values()
            else:
                x_examples(value, found)
    elif isinstance(node, list):
        for value in node:
            x_examples(value, found)
    return found


@responses.activate
def test_transaction_and_refund_examples():
    document = spec("orders.v3.yml")
    transactions = [
        {**row, "currency": "USD", "date_created": str(row["date_created"])}
        for row in x_examples(document, [])
        if isinstance(row, dict) and "event" in row
    ]
    refunds = [
        row["data"]
        for row in x_examples(document, [])
        if isinstance(row, dict) and "uses_merchant_override_values" in row.get("data", {})
    ]
    responses.add("GET", f"{V3}orders/180/transactions", json=paged(transactions))
    responses.add("GET", f"{V3}orders/180/payment_actions/refunds", json=v3(refunds))

    money = a_shop().orders.money(180, "USD")

    assert len(money.transactions) == len(transactions) >= 1
    assert money.transactions[0].amount == Money(340, "USD")
    assert [(refund.total.text, refund.to_store_credit) for refund in money.refunds] == [("50.00", True)]


def checkouts() -> list[Any]:
    document = spec("checkouts.v3.yml")
    content = document["paths"]["/checkouts/{checkoutId}"]["get"]["responses"]["200"]["content"]
    return [media["example"]["data"] for media in content.values() if "example" in media]


@responses.activate
def test_checkout_examples():
    found = checkouts()
    assert len(found) >= 5
    for checkout in found:
        responses.upsert("GET", f"{V3}checkouts/{checkout['id']}", json=v3(_plain(checkout)))

        reading = a_shop().checkout.read(checkout["id"], "USD")

        assert reading.total.amount == _decimal(checkout["grand_total"])
        assert reading.tax.amount == _decimal(checkout["tax_total"])


def _plain(value: Any) -> Any:
    """YAML made dates of texts."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _decimal(value: Any) -> Any:
    return Decimal(str(value))


@responses.activate
def test_method_and_link_examples():
    methods = spec("accepted-methods_payments.v3.yml")
    links = spec("carts.v3.yml")["components"]["responses"]["CartRedirectResponse"]
    responses.add("GET", f"{V3}payments/methods", json=examples(methods, "paymentsMethods_Resp")[0])
    link = next(iter(links["content"]["application/json"]["examples"].values()))["value"]
    responses.add("POST", f"{V3}carts/c/redirect_urls", json=link)

    assert [(one.id, one.test_mode) for one in a_shop().checkout.methods("c")] == [("stripe", True)]
    assert (
        a_shop().checkout.redirect_url("c").startswith("https://store.mybigcommerce.com/cart.php?action=loadInCheckout")
    )


def test_store_and_page_examples():
    store = spec("store_information.v2.yml")["paths"]["/store"]["get"]["responses"]["200"]
    shape = read(StoreShape, store["content"]["application/json"]["examples"]["response"]["value"], "a store")
    pages = spec("pages.v3.yml")["paths"]["/content/pages/{pageId}"]["get"]["responses"]["200"]
    found = [
        read(PageShape, example["value"]["data"], "a page")
        for example in pages["content"]["application/json"]["examples"].values()
    ]

    assert (shape.currency, shape.timezone.name, shape.features.checkout_type) == (
        "USD",
        "America/Chicago",
        "optimized",
    )
    assert [page.type for page in found] == ["blog", "contact_form", "page", "raw", "link"]


READ = [
    (order_shapes, ["orders.v2.oas2.yml"]),
    (money, ["orders.v3.yml"]),
    (checkout_shapes, ["checkouts.v3.yml", "carts.v3.yml", "accepted-methods_payments.v3.yml"]),
    (
        setup_shapes,
        [
            "store_information.v2.yml",
            "currencies.v2.yml",
            "channels.v3.yml",
            "sites.v3.yml",
            "webhooks.v3.yml",
            "scripts.v3.yml",
            "pages.v3.yml",
            "products_catalog.v3.yml",
            "product-modifiers_catalog.v3.yml",
            "customers.v2.yml",
            "accepted-methods_payments.v3.yml",
        ],
    ),
]
UNDOCUMENTED = {"is_deleted"}
"""In the prose about single orders, in no schema."""


@pytest.mark.parametrize(("module", "files"), READ, ids=lambda value: getattr(value, "__name__", None))
def test_schemas_know_every_field_we_read(module, files):
    """A misspelled field would read as its default for ever."""
    known = set().union(*(_names(spec(file)) for file in files)) | UNDOCUMENTED
    shapes = [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, Shape)]

    assert {name for shape in shapes for name in shape.model_fields} <= known


def _names(node: Any) -> set[str]:
    """Every property name of a document."""
    found: set[str] = set()
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            found |= set(properties)
        for value in node.values():
            found |= _names(value)
    elif isinstance(node, list):
        for value in node:
            found |= _names(value)
    return found
