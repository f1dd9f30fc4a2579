"""T-14: who may read the Storefront API from a page."""

import pytest

from tests.adapters.http.conftest import BEA, NORTH_SITE, SOUTH_SITE

FOREIGN = [
    "null",
    "https://evil-north.example",
    "https://north.example.evil",
    "http://north.example",
    "https://north.example:444",
    "https://NORTH.example",
    "https://north.example/",
    "https://sub.north.example",
    "*",
]


def ask(edges, origin: str | None, headers=None, path: str = "/storefront/v1/invoices"):
    headers = dict(headers or {}) | ({"Origin": origin} if origin is not None else {})
    return edges.client().get(path, headers=headers)


def session(edges, origin: str, store, jwt: str | None = None):
    jwt = jwt or edges.world.login.vouch_for(store.hash, BEA)
    return edges.client().post("/storefront/v1/session", json={"jwt": jwt}, headers={"Origin": origin})


@pytest.mark.parametrize("origin", [NORTH_SITE, "https://b2b.north.example"])
def test_every_site_address_of_the_store_may_read(edges, origin):
    response = ask(edges, origin, edges.token())

    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "Origin" in response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("origin", [*FOREIGN, SOUTH_SITE])
def test_any_other_page_is_refused_even_with_a_token(edges, origin):
    """Also a page of another connected store."""
    response = ask(edges, origin, edges.token(edges.north))

    assert (response.status_code, response.get_json()["code"]) == (403, "origin_refused")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Origin" in response.headers["Vary"]


def test_a_payment_from_a_foreign_page_starts_nothing(edges):
    body = {"currency": "USD", "lines": [{"invoice_id": edges.invoice().id, "amount": "1.00"}]}
    headers = edges.token() | {"Idempotency-Key": "press-0001", "Origin": "https://evil.example"}

    response = edges.client().post("/storefront/v1/payments", json=body, headers=headers)

    assert response.status_code == 403
    assert edges.shop(edges.north).checkout.carts == {}


def test_a_caller_that_is_no_page_needs_only_its_token(edges):
    response = ask(edges, None, edges.token())

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers


def test_the_exchange_is_held_to_the_store_the_token_names(edges):
    assert session(edges, NORTH_SITE, edges.north).headers["Access-Control-Allow-Origin"] == NORTH_SITE

    response = session(edges, SOUTH_SITE, edges.north)
    assert (response.status_code, response.get_json()["code"]) == (403, "origin_refused")
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_refused_sign_in_can_be_read_by_a_store_page_and_by_no_other(edges):
    """Or the page could not tell an expired word of the shop from a server that is away."""
    for origin, allowed in ((NORTH_SITE, NORTH_SITE), (SOUTH_SITE, SOUTH_SITE), ("https://evil.example", None)):
        response = session(edges, origin, edges.north, jwt="forged")
        assert response.status_code == 401
        assert response.headers.get("Access-Control-Allow-Origin") == allowed


@pytest.mark.parametrize("path", ["/session", "/invoices", "/payments", "/invoices/x", "/carts/x", "/orders/1"])
def test_a_preflight_allows_the_sites_of_connected_stores(edges, path):
    response = edges.client().options(f"/storefront/v1{path}", headers={"Origin": SOUTH_SITE})

    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == SOUTH_SITE
    assert {"Authorization", "Content-Type", "Idempotency-Key"} == set(
        response.headers["Access-Control-Allow-Headers"].split(", ")
    )
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("origin", [*FOREIGN, ""])
def test_a_preflight_of_any_other_page_learns_nothing(edges, origin):
    response = edges.client().options("/storefront/v1/invoices", headers={"Origin": origin})

    assert response.status_code == 204
    assert not [name for name, _ in response.headers if name.startswith("Access-Control")]


def test_no_other_edge_answers_pages_of_other_origins(edges):
    for path in ("/api/v1/invoices", "/api/v3/io/ip/invoices", "/healthz", "/metrics"):
        response = ask(edges, NORTH_SITE, edges.key(), path)
        assert "Access-Control-Allow-Origin" not in response.headers
