"""The product that pays invoices (R-17): made once, mended when changed, untouched when right."""

import pytest
import responses

from domain.errors import StoreUnreachable
from tests.adapters.bigcommerce.kit import (
    V2,
    V3,
    a_shop,
    methods_called,
    paged,
    sent,
    serve_store,
    v3,
    writes,
)


def a_product(**changes):
    return {
        "id": 77,
        "sku": "IP-INVOICE",
        "type": "digital",
        "is_visible": False,
        "availability": "available",
        "inventory_tracking": "none",
        "tax_class_id": 1,
        "product_tax_code": "NT",
        "categories": [5, 23],
        "base_variant_id": 358,
    } | changes


GROUPS = [
    {"id": 1, "category_access": {"type": "all"}},
    {"id": 2, "category_access": {"type": "specific", "categories": [4, 23, 5]}},
    {"id": 3, "category_access": {"type": "specific", "categories": [5, 23]}},
    {"id": 4, "category_access": {"type": "none"}},
]


def serve_product(products=(), modifiers=(), assigned=(), groups=GROUPS):
    serve_store()
    taxes = [{"id": 1, "name": "Non-Taxable Products"}, {"id": 2, "name": "Shipping"}]
    responses.add("GET", f"{V2}tax_classes", json=taxes)
    if groups:
        responses.add("GET", f"{V2}customer_groups", json=groups)
    else:
        responses.add("GET", f"{V2}customer_groups", status=204)
    responses.add("GET", f"{V3}catalog/products", json=paged(list(products)))
    responses.add("POST", f"{V3}catalog/products", json=v3(a_product()))
    responses.add("PUT", f"{V3}catalog/products/77", json=v3(a_product()))
    responses.add("GET", f"{V3}catalog/products/77/modifiers", json=paged(list(modifiers)))
    option = {"id": 120, "type": "text", "required": True, "display_name": "Invoice"}
    responses.add("POST", f"{V3}catalog/products/77/modifiers", json=v3(option))
    rows = [{"product_id": 77, "channel_id": channel} for channel in assigned]
    responses.add("GET", f"{V3}catalog/products/channel-assignments", json=paged(rows))
    responses.add("PUT", f"{V3}catalog/products/channel-assignments", status=204)
    return option


@responses.activate
def test_the_payment_product_is_made_hidden_digital_and_untaxed():
    """R-17"""
    serve_product()

    product, done = a_shop().setup.ensure_payment_product()

    assert (product.product_id, product.option_id, product.variant_id) == (77, 120, 358)
    assert done == ["payment product", "payment product's text option", "payment product on channel 1, channel 7"]
    bodies = [sent(index) for index, call in enumerate(methods_called()) if not call.startswith("GET")]
    assert bodies[0] == {
        "name": "Invoice payment",
        "sku": "IP-INVOICE",
        "price": 0,
        "weight": 0,
        "type": "digital",
        "is_visible": False,
        "availability": "available",
        "inventory_tracking": "none",
        "product_tax_code": "NT",
        "tax_class_id": 1,
        "categories": [5],
    }
    assert (bodies[1]["type"], bodies[1]["required"]) == ("text", True)
    assert bodies[2] == [{"product_id": 77, "channel_id": 1}, {"product_id": 77, "channel_id": 7}]


@responses.activate
def test_a_payment_product_that_is_right_is_left_alone():
    option = {"id": 120, "type": "text", "required": True, "display_name": "Whatever the merchant calls it"}
    serve_product([a_product(sku="IP-INVOICE-2", id=1), a_product()], [option], [1, 7])

    product, done = a_shop().setup.ensure_payment_product()

    assert (product.product_id, product.option_id, done) == (77, 120, [])
    assert writes() == []


@responses.activate
@pytest.mark.parametrize(
    ("wrong", "mended"),
    [
        ({"is_visible": True}, {"is_visible": False}),
        ({"type": "physical"}, {"type": "digital"}),
        ({"availability": "disabled"}, {"availability": "available"}),
        ({"inventory_tracking": "product"}, {"inventory_tracking": "none"}),
        ({"tax_class_id": 0}, {"tax_class_id": 1}),
        ({"product_tax_code": None}, {"product_tax_code": "NT"}),
        ({"categories": [4]}, {"categories": [5]}),
    ],
)
def test_a_payment_product_that_was_changed_is_mended(wrong, mended):
    option = {"id": 120, "type": "text", "required": True}
    serve_product([a_product(**wrong)], [option], [1, 7])

    _, done = a_shop().setup.ensure_payment_product()

    assert done == [f"payment product mended: {next(iter(mended))}"]
    body = next(sent(index) for index, call in enumerate(methods_called()) if call.startswith("PUT"))
    assert body == mended


@responses.activate
@pytest.mark.parametrize("groups", [[], GROUPS[:1], [GROUPS[1], {"category_access": {"type": "specific"}}]])
def test_without_a_category_that_every_limited_group_sees_none_is_set(groups):
    serve_product(groups=groups)

    a_shop().setup.ensure_payment_product()

    body = next(sent(index) for index, call in enumerate(methods_called()) if call.startswith("POST"))
    assert "categories" not in body


@responses.activate
def test_an_optional_text_does_not_count_as_the_option():
    serve_product([a_product()], [{"id": 9, "type": "text", "required": False}, {"id": 8, "type": "date"}], [1, 7])

    product, _ = a_shop().setup.ensure_payment_product()

    assert product.option_id == 120


@responses.activate
def test_settings_that_cannot_be_read_do_not_stop_the_product():
    option = serve_product([a_product(tax_class_id=0)], [{"id": 120, "type": "text", "required": True}], [1, 7])
    responses.replace("GET", f"{V2}tax_classes", status=403)
    responses.replace("GET", f"{V2}customer_groups", status=403)

    product, done = a_shop().setup.ensure_payment_product()

    assert (product.option_id, done) == (option["id"], [])


@responses.activate
def test_a_name_that_is_taken_is_said():
    serve_product()
    responses.replace("POST", f"{V3}catalog/products", status=409, json={"title": "The product name is a duplicate"})

    with pytest.raises(StoreUnreachable, match="duplicate"):
        a_shop().setup.ensure_payment_product()
