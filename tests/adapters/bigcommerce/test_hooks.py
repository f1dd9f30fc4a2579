"""Webhooks: one per scope, switched on, with our secret; mended when wrong, untouched when right (F-1)."""

import pytest
import responses

from adapters.bigcommerce.hooks import B2B_SCOPES, SCOPES
from domain.errors import StoreUnreachable
from tests.adapters.bigcommerce.kit import (
    V3,
    a_shop,
    paged,
    sent,
    v3,
    writes,
)

DESTINATION = "https://portal.example/hooks/bigcommerce/r4nd0m"


def a_hook(number, scope, **changes):
    return {
        "id": number,
        "scope": scope,
        "destination": DESTINATION,
        "headers": {"x-portal-secret": "s3cret"},
        "is_active": True,
        "created_at": 1,
    } | changes


def ensure_hooks():
    return a_shop().setup.ensure_hooks(DESTINATION, "s3cret")


@responses.activate
def test_missing_hooks_are_made_with_our_secret():
    responses.add("GET", f"{V3}hooks", json=paged([]))
    responses.add("POST", f"{V3}hooks", json=v3(a_hook(1, "x")))

    done = ensure_hooks()

    assert done == [f"webhook {scope}" for scope in (*SCOPES, *B2B_SCOPES)]
    assert sent(1) == {
        "scope": "store/order/*",
        "destination": DESTINATION,
        "is_active": True,
        "headers": {"X-Portal-Secret": "s3cret"},
    }


@responses.activate
def test_hooks_that_are_right_are_left_alone():
    rows = [a_hook(number, scope) for number, scope in enumerate((*SCOPES, *B2B_SCOPES))]
    responses.add("GET", f"{V3}hooks", json=paged(rows))

    assert ensure_hooks() == []
    assert writes() == []


@responses.activate
@pytest.mark.parametrize(
    "wrong",
    [
        {"is_active": False},
        {"destination": "https://old.example/"},
        {"headers": {}},
        {"headers": None},
        {"headers": {"X-Portal-Secret": "old"}},
    ],
)
def test_a_hook_that_is_wrong_is_mended(wrong):
    """F-1: BigCommerce switches hooks off after failures and after 90 idle days."""
    rows = [a_hook(number, scope) for number, scope in enumerate((*SCOPES, *B2B_SCOPES), 1)]
    rows[0] |= wrong
    responses.add("GET", f"{V3}hooks", json=paged(rows))
    responses.add("PUT", f"{V3}hooks/1", json=v3(rows[0]))

    assert ensure_hooks() == ["webhook store/order/* mended"]
    assert (sent()["is_active"], sent()["destination"]) == (True, DESTINATION)


@responses.activate
def test_a_second_hook_of_a_scope_is_removed():
    rows = [a_hook(number, scope) for number, scope in enumerate((*SCOPES, *B2B_SCOPES), 1)]
    rows.insert(0, a_hook(99, SCOPES[0], destination="https://old.example/"))
    responses.add("GET", f"{V3}hooks", json=paged(rows))
    responses.add("DELETE", f"{V3}hooks/99", json=v3(rows[0]))

    assert ensure_hooks() == ["webhook store/order/* to an old address removed"]
    assert writes() == ["DELETE v3/hooks/99"]


def refuse_b2b(request):
    status = 403 if b"store/company" in request.body else 200
    return status, {}, '{"data": {"id": 1}}'


@responses.activate
def test_a_store_without_b2b_edition_still_gets_the_other_hooks():
    responses.add("GET", f"{V3}hooks", json=paged([]))
    responses.add_callback("POST", f"{V3}hooks", refuse_b2b)

    assert ensure_hooks() == [f"webhook {scope}" for scope in SCOPES]


@responses.activate
def test_other_hooks_that_are_refused_are_a_problem():
    responses.add("GET", f"{V3}hooks", json=paged([]))
    responses.add("POST", f"{V3}hooks", status=422, json={"title": "destination is not https"})

    with pytest.raises(StoreUnreachable, match="destination is not https"):
        ensure_hooks()
