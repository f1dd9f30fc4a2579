"""Faults of the API and the two quotas."""

from typing import Any

import pytest

from adapters.sandbox.settings import NORTH, SOUTH
from tests.sandbox.kit import Kit


def _fault(kit: Kit, kind: str, **more: Any) -> None:
    kit.control(f"/{NORTH}/faults", {"kind": kind, **more})


def test_a_429_comes_with_or_without_rate_headers_and_passes(kit: Kit) -> None:
    _fault(kit, "http_429", path="/v2/orders")
    _fault(kit, "http_429_bare", path="/v2/store")

    full, bare = kit.api("GET", "/v2/orders/100"), kit.api("GET", "/v2/store")

    assert (full.status_code, bare.status_code) == (429, 429)
    assert int(full.headers["X-Rate-Limit-Time-Reset-Ms"]) > 0
    assert not [name for name, _ in bare.headers if name.startswith("X-Rate")]
    assert kit.api("GET", "/v2/orders/100").status_code == 200


def test_a_500_strikes_before_acting(kit: Kit) -> None:
    _fault(kit, "http_500", method="DELETE")

    answer = kit.api("DELETE", "/v2/orders/110")

    assert answer.status_code == 500
    assert answer.mimetype == "text/html"
    assert kit.get("/v2/orders/110")["is_deleted"] is False


@pytest.mark.parametrize("kind", ["timeout_after", "error_after", "truncated", "html_200"])
def test_faults_after_acting_leave_the_deed_done(kit: Kit, kind: str) -> None:
    _fault(kit, kind, path="/v3/carts", method="POST", seconds=0)

    answer = kit.api("POST", "/v3/carts", json={"line_items": [{"product_id": 80, "quantity": 1}]})

    assert answer.status_code in (200, 201, 502, 504)
    assert answer.get_json(silent=True, force=True) is None
    assert len(kit.world.store(NORTH).rows("cart")) == 1


def test_a_fault_strikes_as_often_as_told_and_only_its_store(kit: Kit) -> None:
    _fault(kit, "http_500", path="/v2/time", times=2)

    south = kit.api("GET", "/v2/time", SOUTH).status_code
    north = [kit.api("GET", "/v2/time").status_code for _ in range(3)]

    assert (south, north) == (200, [500, 500, 200])
    assert kit.control("/faults", method="GET")[0]["struck"] == 2


def test_b2b_edition_fails_the_same_ways(kit: Kit) -> None:
    _fault(kit, "http_429", path="/b2b/")
    _fault(kit, "truncated", path="/companies")

    limited, cut = kit.b2b("/companies"), kit.b2b("/companies")

    assert limited.status_code == 429
    assert limited.headers["X-Request-Window-Resets-After"].endswith(" s")
    assert cut.get_json(silent=True) is None


def test_the_quota_is_counted_per_store_and_told_in_headers(kit: Kit) -> None:
    kit.control(f"/{NORTH}/modes", {"rate_limit": 3})

    answers = [kit.api("GET", "/v2/time") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["X-Rate-Limit-Requests-Left"] for answer in answers] == ["2", "1", "0", "0"]
    assert kit.api("GET", "/v2/time", SOUTH).status_code == 200
    kit.client.post("/_sandbox/quotas/forget")
    assert kit.api("GET", "/v2/time").status_code == 200


def test_b2b_edition_allows_150_calls_a_minute(kit: Kit) -> None:
    first = kit.b2b("/payments")
    for _ in range(149):
        kit.b2b("/payments")

    assert first.headers["X-Requests-Allocated"] == "150"
    assert first.headers["X-Requests-Remaining"] == "149"
    assert kit.b2b("/payments").status_code == 429


def test_b2b_edition_wants_token_and_store_and_can_be_missing(kit: Kit) -> None:
    plain = kit.client.get("/b2b/api/v3/io/companies", headers={"X-Auth-Token": kit.token()})
    foreign = kit.client.get("/b2b/api/v3/io/companies", headers={"X-Auth-Token": kit.token(), "X-Store-Hash": SOUTH})
    kit.control(f"/{NORTH}/modes", {"no_b2b_edition": True})

    assert (plain.status_code, foreign.status_code) == (401, 401)
    assert kit.b2b("/companies").status_code == 403
    kit.tokens.clear()
    token = kit.control(f"/{NORTH}/token", {})["access_token"]
    assert not any("b2b" in name for name in kit.world.store(NORTH).get("token", token)["scopes"])


def test_an_unknown_mode_or_fault_is_refused_with_the_known_ones(kit: Kit) -> None:
    mode = kit.client.post(f"/_sandbox/{NORTH}/modes", json={"colour": "red"})
    fault = kit.client.post(f"/_sandbox/{NORTH}/faults", json={"kind": "rain"})

    assert (mode.status_code, fault.status_code) == (400, 400)
    assert "authorise_only" in mode.json["title"]
    assert "truncated" in fault.json["title"]


def test_the_clock_can_be_moved(kit: Kit) -> None:
    real = kit.get("/v2/time")["time"]

    kit.control("/clock", {"offset_seconds": 3600})

    assert 3595 <= kit.get("/v2/time")["time"] - real <= 3605
