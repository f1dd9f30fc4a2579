"""Webhooks: always thanked, believed only with the store's secret, and never acted on (D5, T-21, T-22)."""

from dataclasses import replace

import pytest
from flask import Flask

from adapters.http.webhooks import webhooks
from domain.ports import Item
from domain.store import Connection
from tests.adapters.http.conftest import HOOK_SECRET


def a_hook(producer: str = "stores/north1", **changes) -> dict:
    return {
        "scope": "store/order/statusUpdated",
        "store_id": "1025646",
        "producer": producer,
        "created_at": 1795345935,
        "hash": "9e2a1f",
        "data": {"type": "order", "id": 250, "status": {"previous_status_id": 0, "new_status_id": 11}},
        **changes,
    }


def route_of(edges, store) -> str:
    return edges.portal.receive_hook.stores.route_of(store.id)


def deliver(edges, body=None, route: str | None = None, secret: str | None = HOOK_SECRET, **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    if secret is not None:
        headers["X-Portal-Secret"] = secret
    at = f"/hooks/bigcommerce/{route or route_of(edges, edges.north)}"
    if isinstance(body, bytes):
        return edges.client().post(at, data=body, headers=headers)
    return edges.client().post(at, json=body or a_hook(), headers=headers)


def inbox(edges, store) -> list[tuple[str, str]]:
    """What waits to be read, as (kind, key)."""
    found = []
    with edges.work(store) as work:
        while isinstance(item := work.inbox.claim(), Item):
            found.append((item.kind, item.key))
    return found


def test_a_hint_becomes_one_row_and_rings_the_bell(edges):
    response = deliver(edges)

    assert (response.status_code, response.get_json()) == (200, {})
    assert inbox(edges, edges.north) == [("order", "250")]
    assert edges.world.doorbell.rung == [(edges.north.id, "inbox")]
    assert edges.dropped == []


def test_ten_deliveries_of_one_event_are_one_row(edges):
    """At least once, no order: they all say the same."""
    for _ in range(10):
        deliver(edges)

    assert inbox(edges, edges.north) == [("order", "250")]


@pytest.mark.parametrize("secret", [None, "", "wrong", HOOK_SECRET + " ", HOOK_SECRET[:-1], "ü"])
def test_without_the_stores_secret_nothing_is_taken_and_it_is_thanked_all_the_same(edges, secret):
    """T-21: refusals would make BigCommerce block the domain."""
    response = deliver(edges, secret=secret)

    assert (response.status_code, response.get_json()) == (200, {})
    assert inbox(edges, edges.north) == []
    assert edges.dropped == ["not_ours"]


def test_a_hook_of_one_store_cannot_speak_for_another(edges):
    """T-22: the route decides whose hook it is."""
    deliver(edges, a_hook("stores/south1"))
    deliver(edges, a_hook("stores/south1"), route_of(edges, edges.south))

    assert inbox(edges, edges.north) == []
    assert inbox(edges, edges.south) == [("order", "250")]
    assert edges.dropped == ["not_ours"]


@pytest.mark.parametrize("route", ["unknown", "a%00b", "%F0%9F%92%B6", "x" * 300])
def test_an_unknown_route_is_thanked_and_dropped(edges, route):
    assert deliver(edges, route=route).status_code == 200
    assert edges.dropped == ["not_ours"]


def test_a_store_that_left_is_thanked_and_dropped(edges):
    route = route_of(edges, edges.north)
    edges.portal.receive_hook.stores.put("north1", Connection.UNINSTALLED)

    assert deliver(edges, route=route).status_code == 200
    assert edges.dropped == ["not_ours"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[1]", "not_json"),
        (b'{"scope": "store/order/created"}', "not_json"),
        (b'{"scope": "store/order/created", "data": []}', "not_json"),
        (b'{"scope": "store/order/created", "data": {"id": true}}', "not_ours"),
        (b'{"scope": "store/order/created", "data": {"id": "1; drop"}}', "not_ours"),
        (b'{"scope": ["x"], "producer": 5, "data": {"id": 1}}', "not_ours"),
        (b'{"data": {"id": ' + b"9" * 5000 + b"}}", "not_json"),
        (b'{"data": {"x": "' + b"x" * 16 * 1024 + b'"}}', "too_large"),
    ],
)
def test_what_is_no_hook_is_thanked_and_dropped(edges, body, reason):
    """Body at most 16 KiB."""
    response = deliver(edges, body)

    assert (response.status_code, response.get_json()) == (200, {})
    assert edges.dropped == [reason]
    assert inbox(edges, edges.north) == []


SIGNED = {"webhook_id": "msg_1", "webhook_timestamp": "1795345935", "webhook_signature": "v1,AAAA"}


def test_a_signature_is_checked_where_there_is_one(edges):
    """T-21: over the raw body; the secret is asked for all the same."""
    deliver(edges)
    assert edges.signatures == []

    deliver(edges, b'{"scope": "store/order/created", "data": {"id": 251}}', **SIGNED)
    headers, body = edges.signatures[0]
    assert (headers["webhook-id"], headers["webhook-signature"]) == ("msg_1", "v1,AAAA")
    assert body == b'{"scope": "store/order/created", "data": {"id": 251}}'
    assert ("order", "251") in inbox(edges, edges.north)


@pytest.mark.parametrize("part", SIGNED)
def test_a_wrong_or_partial_signature_is_dropped(edges, part):
    edges.signature_is_right = False

    assert deliver(edges, **{part: SIGNED[part]}).status_code == 200
    assert edges.dropped == ["signature"]
    assert inbox(edges, edges.north) == []


class StoresAway:
    def find_by_route(self, route: str) -> None:
        raise OSError("the database is away")


def test_a_failing_database_asks_for_a_repetition(edges):
    """F-24: 503 only then; what was not written is not thanked for."""
    app = Flask("away")
    receive_hook = replace(edges.portal.receive_hook, stores=StoresAway())
    app.register_blueprint(
        webhooks(replace(edges.portal, receive_hook=receive_hook), lambda headers, body: True, edges.dropped.append)
    )

    response = app.test_client().post("/hooks/bigcommerce/some-route", json=a_hook())

    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    assert b"database" not in response.data


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_deliveries_are_taken(edges, method):
    assert edges.client().open("/hooks/bigcommerce/x", method=method).status_code == 405
