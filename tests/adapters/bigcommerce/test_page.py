"""The page `/invoices/` on every storefront."""

import pytest
import responses

from tests.adapters.bigcommerce.kit import (
    CHANNELS,
    V3,
    a_shop,
    paged,
    sent,
    serve_store,
    v3,
)


def a_page(**changes):
    body = '<div id="invoice-portal"></div>'
    return {"id": 16, "channel_id": 1, "type": "page", "url": "/invoices/", "is_visible": True, "body": body} | changes


@responses.activate
def test_the_invoices_page_is_made_per_storefront():
    serve_store()
    responses.add("GET", f"{V3}content/pages", json=paged([{"id": 3, "name": "Blog", "type": "blog", "url": "/blog/"}]))
    responses.add("POST", f"{V3}content/pages", json=v3(a_page()), status=201)

    assert a_shop().setup.ensure_page() == ["page /invoices/ on channel 1", "page /invoices/ on channel 7"]
    assert (sent()["url"], sent()["body"], sent()["channel_id"]) == ("/invoices/", a_page()["body"], 7)
    assert (sent()["is_visible"], sent()["is_customers_only"]) == (True, False)


@responses.activate
@pytest.mark.parametrize("url", ["/invoices/", "/invoices", "/Invoices/"])
def test_a_page_that_is_there_is_left_alone(url):
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/pages", json=paged([a_page(url=url, body=f"<h1>Hello</h1>{a_page()['body']}")]))

    assert a_shop().setup.ensure_page() == []


@responses.activate
@pytest.mark.parametrize(
    ("wrong", "body"),
    [
        ({"is_visible": False}, a_page()["body"]),
        ({"body": "<p>Ours</p>"}, "<p>Ours</p>" + a_page()["body"]),
        ({"body": None}, a_page()["body"]),
    ],
)
def test_a_page_without_our_element_gets_it(wrong, body):
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/pages", json=paged([a_page(**wrong)]))
    responses.add("PUT", f"{V3}content/pages/16", json=v3(a_page()))

    assert a_shop().setup.ensure_page() == ["page /invoices/ on channel 1 mended"]
    assert sent() == {"body": body, "is_visible": True}


@responses.activate
def test_a_page_name_that_is_taken_is_not_the_end():
    """Names of pages are unique in a store, addresses are what counts."""
    serve_store(CHANNELS[:1])
    responses.add("GET", f"{V3}content/pages", json=paged([{"id": 3, "name": "Invoices", "url": "/help/invoices/"}]))
    responses.add("POST", f"{V3}content/pages", status=409, json={"title": "The name is taken"})
    responses.add("POST", f"{V3}content/pages", json=v3([a_page()]), status=201)

    assert a_shop().setup.ensure_page() == ["page /invoices/ on channel 1"]
    assert [sent(-2)["name"], sent(-1)["name"]] == ["Invoices", "Company invoices"]
