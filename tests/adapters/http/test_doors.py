"""What holds at every door: keys and tokens first, stores kept apart, headers on every answer."""

import re

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry, Counter

from adapters.http.health import health
from domain.use_cases.manage_keys import SCOPES
from tests.adapters.http.conftest import SCRIPT
from tests.adapters.http.test_erp_payments import a_synced_order
from tests.builders import admin, an_invoice, given_payment, usd

NOBODY = "01a2b3c4-0000-7000-8000-000000000000"
GUARDED = ("erp_api", "ip_mapper", "storefront_api")
NO_TOKEN_YET = {"storefront_api.open_session"}


def doors(edges, *blueprints: str) -> list[tuple[str, str, str]]:
    """Every (endpoint, method, path) of the blueprints, by the app's own map; ids in paths are nobody's."""
    found = []
    for rule in edges.app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in blueprints:
            continue
        path = re.sub(r"<(?:[^:<>]+:)?(order_id)>", "424242", rule.rule)
        path = re.sub(r"<[^<>]+>", NOBODY, path)
        found += [(rule.endpoint, method, path) for method in rule.methods - {"HEAD", "OPTIONS"}]
    return sorted(found)


BODIES = {
    "push_invoice": {
        "external_id": "doc-1", "number": "N-1", "company": "C-11", "currency": "USD", "total": "1.00",
        "issued_on": "2026-11-01",
    },
    "create": {
        "invoiceNumber": "N-2", "customerId": "11", "originalBalance": {"code": "USD", "value": 1},
        "openBalance": {"code": "USD", "value": 1},
    },
    "edit_invoice": {"po_number": "PO-1"},
    "void_invoice": {"reason": "Entered twice"},
    "reverse_payment": {"reason": "Bounced"},
    "record_payment": {
        "company": "11", "currency": "USD", "amount": "1.00", "method": "cash", "received_on": "2026-11-20",
    },
    "start_payment": {"currency": "USD", "lines": [{"invoice_id": NOBODY, "amount": "1.00"}]},
}  # fmt: skip


def knock(edges, endpoint: str, method: str, path: str, headers):
    """A request that is right in all but what the test is about."""
    headers = dict(headers) | {"Idempotency-Key": f"key-{endpoint}", "If-Match": '"1"'}
    return edges.client().open(path, method=method, json=BODIES.get(endpoint.split(".")[1]), headers=headers)


WRONG = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer "},
    {"Authorization": "Basic aXA6aXA="},
    {"Authorization": "Bearer ip_000000000000_wrong"},
    {"Authorization": "Bearer " + "x" * 600},
    {"Authorization": "Bearer a b"},
    {"Authorization": "Bearer ' or 1=1 --"},
    {"Cookie": "session=1; __Host-portal=1"},
]


@pytest.mark.parametrize("headers", WRONG)
def test_every_door_asks_for_a_key_or_token_first(edges, headers):
    """Before body, type or id are looked at: walked over the app's own map."""
    asked = [door for door in doors(edges, *GUARDED) if door[0] not in NO_TOKEN_YET]

    answers = {(method, path): edges.client().open(path, method=method, headers=headers) for _, method, path in asked}

    assert len(answers) >= 20
    assert {at for at, response in answers.items() if response.status_code != 401} == set()


def test_a_buyers_token_opens_no_erp_door_and_a_key_no_storefront_door(edges):
    """T-1: the matrix of token kinds and doors has only its diagonal."""
    buyer, erp = edges.token(), edges.key()
    staff = {"Authorization": f"Bearer {edges.world.login.let_in('north1', 1)}"}

    for endpoint, method, path in doors(edges, *GUARDED):
        right = buyer if endpoint.startswith("storefront_api") else erp
        for headers in (buyer, erp, staff):
            status = knock(edges, endpoint, method, path, headers).status_code
            if endpoint in NO_TOKEN_YET:
                assert status == 415
            elif headers is right:
                assert status != 401, (endpoint, status)
            else:
                assert status == 401, (endpoint, status)


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_key_opens_exactly_what_its_scope_says(edges, scope):
    """T-5, T-28: matrix of scopes and routes."""
    needs = {
        "push_invoice": {"invoices:write"},
        "create": {"invoices:write"},
        "edit_invoice": {"invoices:write"},
        "delete_invoice": {"invoices:write"},
        "restore_invoice": {"invoices:write"},
        "void_invoice": {"invoices:write"},
        "list_invoices": {"invoices:read", "invoices:write", "orders:invoice"},
        "show_invoice": {"invoices:read", "invoices:write", "orders:invoice"},
        "show": {"invoices:read", "invoices:write", "orders:invoice"},
        "list_orders": {"orders:read", "orders:invoice"},
        "invoice_order": {"orders:invoice"},
        "list_payments": {"payments:read", "payments:write"},
        "show_payment": {"payments:read", "payments:write"},
        "record_payment": {"payments:write"},
        "reverse_payment": {"payments:write"},
    }
    headers = edges.key(edges.north, scope)

    opened = {
        endpoint.split(".")[1]
        for endpoint, method, path in doors(edges, "erp_api", "ip_mapper")
        if knock(edges, endpoint, method, path, headers).status_code != 403
    }

    assert opened == {door for door, scopes in needs.items() if scope in scopes}


def test_a_revoked_key_opens_nothing_at_once(edges):
    """T-28."""
    key, secret = edges.portal.issue_key(admin(edges.north.id), "ERP", SCOPES)
    headers = {"Authorization": f"Bearer {secret}"}
    assert edges.client().get("/api/v1/invoices", headers=headers).status_code == 200

    edges.portal.revoke_key(admin(edges.north.id), key.id)

    response = edges.client().get("/api/v1/invoices", headers=headers)
    assert (response.status_code, response.get_json()["code"]) == (401, "key_refused")


def test_ids_of_another_store_are_not_there(edges):
    """T-6, I-10: every door with an id, knocked on with a key of one store and ids of the other."""
    theirs = edges.invoice(edges.south, an_invoice(usd(100_00)))
    with edges.work(edges.south) as work:
        payment = given_payment(work, usd(5_00))
        work.commit()
    a_synced_order(edges)
    south = edges.key(edges.south)
    assert edges.client().get(f"/api/v1/invoices/{theirs.id}", headers=south).status_code == 200

    north, answers = edges.key(), {}
    for endpoint, method, path in doors(edges, "erp_api", "ip_mapper"):
        if NOBODY not in path and "424242" not in path:
            continue
        path = path.replace(NOBODY, payment.id if "payment" in endpoint else theirs.id)
        answers[endpoint] = knock(edges, endpoint, method, path, north).status_code

    assert len(answers) == 9
    assert set(answers.values()) == {404}
    assert edges.client().post("/api/v1/orders/1160/invoice", headers=south).status_code == 404
    assert edges.booked(edges.south, theirs.id).balance == usd(100_00)


def test_lists_hold_only_the_own_stores_rows(edges):
    """I-10."""
    edges.invoice(edges.south)
    with edges.work(edges.south) as work:
        given_payment(work, usd(5_00))
        work.commit()

    for name in ("invoices", "orders", "payments"):
        answer = edges.client().get(f"/api/v1/{name}", headers=edges.key())
        assert answer.get_json() == {"items": [], "next_cursor": None, "previous_cursor": None}


def test_a_receipt_cannot_be_applied_to_an_invoice_of_another_store(edges):
    theirs = edges.invoice(edges.south)
    body = BODIES["record_payment"] | {"invoices": [{"invoice_id": theirs.id, "amount": "1.00"}]}

    response = edges.client().post(
        "/api/v1/payments", json=body, headers=edges.key() | {"Idempotency-Key": "receipt-0001"}
    )

    assert (response.status_code, response.get_json()["code"]) == (404, "not_found")


# --- headers ----------------------------------------------------------------------------------------------
def test_every_answer_carries_the_headers(edges):
    """T-12, T-38: over the app's own map, refusals included."""
    for endpoint, method, path in doors(edges, *GUARDED, "webhooks", "scripts", "health"):
        response = knock(edges, endpoint, method, path, edges.key())
        assert response.headers["X-Content-Type-Options"] == "nosniff", endpoint
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert response.headers["Cache-Control"] == "private, no-store"
        assert re.fullmatch("[0-9a-f]{16}", response.headers["X-Request-Id"])


@pytest.mark.parametrize("given", ["order-4711.run_2", "x" * 64])
def test_a_callers_request_id_is_taken_over(edges, given):
    response = edges.client().get("/api/v1/invoices", headers={"X-Request-Id": given})

    assert response.headers["X-Request-Id"] == given == response.get_json()["request_id"]


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space in it", "<script>alert(1)</script>", "ünïcode-id"])
def test_a_request_id_that_could_write_into_a_log_is_replaced(edges, given):
    """T-37."""
    response = edges.client().get("/api/v1/invoices", headers={"X-Request-Id": given})

    assert response.headers["X-Request-Id"] != given


# --- script, health, metrics ------------------------------------------------------------------------------
def test_a_script_is_served_for_ever_and_to_every_page(edges):
    name, content = SCRIPT

    response = edges.client().get(f"/s/{name}", headers={"Origin": "https://north.example"})

    assert (response.status_code, response.data) == (200, content)
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Access-Control-Allow-Origin"] == "*"


OTHER = ["portal.ffffffffffff.js", "portal.js", "..%2fmain.py", "portal.0123456789ab.js.map", "PORTAL.0123456789ab.js"]


@pytest.mark.parametrize("name", OTHER)
def test_any_other_name_is_not_there_and_not_kept(edges, name):
    response = edges.client().get(f"/s/{name}")

    assert response.status_code == 404
    assert response.headers.get("Cache-Control") != "public, max-age=31536000, immutable"


def a_health_app(check) -> Flask:
    registry = CollectorRegistry()
    Counter("portal_hooks_dropped", "Webhooks dropped", ["reason"], registry=registry).labels("not_ours").inc(3)
    app = Flask("health")
    app.register_blueprint(health(check, registry))
    return app


def raises() -> None:
    raise OSError("connection to 10.0.0.5 refused")


@pytest.mark.parametrize(
    ("check", "status"), [(lambda: True, 200), (lambda: None, 200), (lambda: False, 503), (raises, 503)]
)
def test_health_is_the_databases_answer(check, status):
    response = a_health_app(check).test_client().get("/healthz")

    assert response.status_code == status
    assert b"10.0.0.5" not in response.data


def test_metrics_are_read_from_the_given_registry():
    response = a_health_app(lambda: True).test_client().get("/metrics")

    assert b'portal_hooks_dropped_total{reason="not_ours"} 3.0' in response.data
