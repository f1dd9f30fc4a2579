"""T-9: whatever comes from outside, the token only ever goes to the store's own place on the API host."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter

from adapters.bigcommerce import paths
from adapters.bigcommerce.connection import Line, StoreConnection
from adapters.bigcommerce.shop import BigCommerce
from adapters.bigcommerce.traffic import Policy, Traffic
from domain.errors import TokenRefused
from tests.adapters.bigcommerce.kit import API, HASH, Clock


def a_connection() -> StoreConnection:
    timing = Clock().timing
    line = Line(API, "client-id", Policy(), timing, HTTPAdapter())
    return StoreConnection(line, Traffic(timing), HASH, "token", "v3")


@given(st.lists(st.one_of(st.text(max_size=30), st.integers()), min_size=1, max_size=4))
def test_no_path_leaves_the_store(parts):
    try:
        address = a_connection().full_path(paths.path(*parts))
    except ValueError:
        return

    found = urlsplit(address)
    assert (found.scheme, found.netloc) == ("https", "api.bigcommerce.com")
    assert found.path.startswith(f"/stores/{HASH}/v3/")
    assert not {"..", "."} & set(found.path.split("/"))
    assert (found.query, found.fragment) == ("", "")


@pytest.mark.parametrize(
    "given_path",
    [
        "https://evil.example/x",
        "//evil.example/x",
        "/orders",
        "../v2/orders",
        "orders/../../x",
        "orders?x=1",
        "a\\b",
        "",
    ],
)
def test_what_is_no_plain_path_is_not_sent(given_path):
    with pytest.raises(ValueError, match="not a path"):
        a_connection().full_path(given_path)


def test_parts_are_encoded():
    assert paths.path("carts", "a/b?c=1", "items") == "carts/a%2Fb%3Fc%3D1/items"


@pytest.mark.parametrize("text", ["", "abc", "ABC123", "a" * 21, "abc/../x", "stores/abc123", "abc123\n", "äbc12"])
def test_what_is_no_store_hash_opens_no_store(text):
    with pytest.raises(TokenRefused):
        BigCommerce(API, "client-id").open(text, "token")


@pytest.mark.parametrize("context", ["abc123", "stores/", "stores/a/../../b", "shops/abc123", "stores/abc123/", ""])
def test_a_context_that_names_no_store_is_refused(context):
    with pytest.raises(TokenRefused):
        paths.hash_of_context(context)
