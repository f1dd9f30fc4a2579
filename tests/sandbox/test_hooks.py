"""Webhooks: who hears what, how they are signed, retried, duplicated, dropped."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.sandbox import hooks
from adapters.sandbox.settings import NORTH
from tests.sandbox.kit import SECRET, Catcher, Kit


@pytest.fixture
def app() -> Iterator[Catcher]:
    made = Catcher()
    yield made
    made.close()


def _listen(kit: Kit, app: Catcher, *scopes: str) -> list[Any]:
    rows = []
    for scope in scopes:
        body = {"scope": scope, "destination": f"{app.url}/{scope}", "headers": {"X-Portal-Secret": "s3"}}
        rows.append(kit.data("POST", "/hooks", body))
    return rows


def _deliver(kit: Kit) -> Any:
    return kit.control(f"/{NORTH}/hooks/deliver", {})


def _heard(app: Catcher) -> list[str]:
    return [json.loads(body)["scope"] for _, _, body in app.seen]


@pytest.mark.parametrize(
    ("subscribed", "scope", "heard"),
    [
        ("store/order/*", "store/order/created", True),
        ("store/order/created", "store/order/created", True),
        ("store/order/*", "store/order/refund/created", False),
        ("store/order/refund/*", "store/order/refund/created", True),
        ("store/order/*", "store/cart/created", False),
        ("store/company/*", "store/company/user/deleted", False),
    ],
)
def test_a_star_covers_one_level(subscribed: str, scope: str, heard: bool) -> None:
    assert hooks.matches(subscribed, scope) is heard


def test_a_paid_order_sounds_created_status_transaction(kit: Kit, app: Catcher) -> None:
    _listen(kit, app, "store/order/*", "store/order/transaction/created", "store/order/refund/created")

    order = kit.order(paid="card")
    kit.control(f"/{NORTH}/orders/{order['id']}/refund", {"everything": True})
    _deliver(kit)

    assert _heard(app)[0] == "store/order/created"
    assert {"store/order/statusUpdated", "store/order/updated"} <= set(_heard(app))
    assert _heard(app).count("store/order/transaction/created") == 2
    assert _heard(app).count("store/order/refund/created") == 1


def test_deliveries_carry_our_headers_and_the_standard_signature(kit: Kit, app: Catcher) -> None:
    """T-: what the documentation describes, checked with nothing but the standard library."""
    _listen(kit, app, "store/order/created")

    order = kit.order()
    _deliver(kit)

    _, headers, body = app.seen[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["x-portal-secret"] == "s3"
    event = json.loads(body)
    assert event["producer"] == f"stores/{NORTH}"
    assert event["data"] == {"type": "order", "id": order["id"]}
    assert len(event["hash"]) == 40


def test_what_is_not_answered_with_2xx_is_tried_again_with_the_same_id(kit: Kit, app: Catcher) -> None:
    _listen(kit, app, "store/order/created")
    app.answers = [500, 404]

    kit.order()
    tries = [_deliver(kit) for _ in range(4)]

    assert [row["delivered"] for row in tries] == [0, 0, 1, 0]
    assert len({headers["webhook-id"] for _, headers, _ in app.seen}) == 1
    log = kit.control(f"/{NORTH}/deliveries", method="GET")
    assert [answer["status"] for answer in log[0]["answers"]] == [500, 404, 204]


def test_after_the_last_step_of_the_ladder_the_hook_is_switched_off(kit: Kit) -> None:
    body = {"scope": "store/order/created", "destination": "http://127.0.0.1:9/nobody"}
    hook = kit.data("POST", "/hooks", body)
    kit.order()

    for _ in range(len(hooks.LADDER) + 1):
        _deliver(kit)

    assert kit.data("GET", f"/hooks/{hook['id']}")["is_active"] is False
    assert kit.control(f"/{NORTH}/deliveries?state=given up", method="GET")[0]["tries"] == 12
    again = kit.data("PUT", f"/hooks/{hook['id']}", {"is_active": True})
    assert again["is_active"] is True


def test_faults_duplicate_drop_and_shuffle(kit: Kit, app: Catcher) -> None:
    _listen(kit, app, "store/order/created")
    for kind in ("duplicate_hooks", "shuffle_hooks"):
        kit.control(f"/{NORTH}/faults", {"kind": kind})

    twice, later = kit.order()["id"], kit.order()["id"]
    kit.control(f"/{NORTH}/faults", {"kind": "drop_hooks", "path": "store/order/created"})
    kit.order()
    _deliver(kit)

    assert [json.loads(body)["data"]["id"] for _, _, body in app.seen] == [later, twice, twice]
    assert app.seen[1][1]["webhook-id"] == app.seen[2][1]["webhook-id"]
    struck = {row["kind"]: row["struck"] for row in kit.control("/faults", method="GET")}
    assert struck == {"duplicate_hooks": 1, "shuffle_hooks": 1, "drop_hooks": 1}


def test_an_old_delivery_can_be_replayed(kit: Kit, app: Catcher) -> None:
    _listen(kit, app, "store/order/created")
    kit.order()
    _deliver(kit)

    kit.control(f"/{NORTH}/hooks/replay/{kit.control(f'/{NORTH}/deliveries', method='GET')[0]['id']}", {})

    assert len(app.seen) == 2
    assert app.seen[0][2] == app.seen[1][2]


def test_the_same_hook_is_refused_and_deleting_answers_the_hook(kit: Kit, app: Catcher) -> None:
    hook = _listen(kit, app, "store/order/*")[0]

    again = kit.api("POST", "/v3/hooks", json={"scope": hook["scope"], "destination": hook["destination"]})
    gone = kit.api("DELETE", f"/v3/hooks/{hook['id']}")

    assert again.status_code == 422
    assert (gone.status_code, gone.json["data"]["id"]) == (200, hook["id"])


def test_b2b_events_need_the_b2b_scope(kit: Kit) -> None:
    body = {"scope": "store/company/updated", "destination": "https://a.example/x"}
    kit.grant("store_v2_orders")

    assert kit.api("POST", "/v3/hooks", json=body).status_code == 403


def test_people_changes_sound_their_b2b_events(kit: Kit, app: Catcher) -> None:
    _listen(kit, app, "store/company/*", "store/company/user/*")

    kit.control(f"/{NORTH}/buyers/3/role", {"role_id": 11})
    kit.control(f"/{NORTH}/buyers/3/remove", {})
    kit.control(f"/{NORTH}/companies/4102/status", {"status": 3})
    _deliver(kit)

    assert _heard(app) == [
        "store/company/user/updated",
        "store/company/user/deleted",
        "store/company/statusUpdated",
        "store/company/updated",
    ]
    assert json.loads(app.seen[1][2])["data"] == {"company_id": 4101, "user_id": 9003}
    assert kit.b2b("/users/customer/3").status_code == 404
