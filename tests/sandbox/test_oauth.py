"""Install, load, uninstall: codes, tokens, signed payloads."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from adapters.sandbox.settings import NORTH, SOUTH
from tests.sandbox.kit import CLIENT, SECRET, Catcher, Kit, new_kit


@pytest.fixture
def grant(kit: Kit) -> dict[str, str]:
    """A fresh authorisation code with everything the token call needs."""
    url = kit.control(f"/{NORTH}/auth-url", method="GET")["url"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    wanted = {name: query[name] for name in ("code", "scope", "context")}
    fixed = {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "authorization_code"}
    return {**wanted, **fixed, "redirect_uri": f"{kit.settings.app_url}/auth"}


@pytest.mark.parametrize("form", ["json", "data"])
def test_a_code_becomes_a_token_by_json_and_by_form(kit: Kit, grant: dict[str, str], form: str) -> None:
    answer = kit.client.post("/oauth2/token", **{form: grant}).json

    assert answer["context"] == f"stores/{NORTH}"
    assert answer["owner"]["email"] == "olivia@northwind-supply.example"
    assert answer["scope"].split() == list(kit.settings.app_scopes)
    headers = {"X-Auth-Token": answer["access_token"]}
    assert kit.client.get(f"/stores/{NORTH}/v2/time", headers=headers).status_code == 200
    assert kit.client.get(f"/stores/{SOUTH}/v2/time", headers=headers).status_code == 401


def test_a_code_works_once(kit: Kit, grant: dict[str, str]) -> None:
    assert kit.client.post("/oauth2/token", json=grant).status_code == 200
    assert kit.client.post("/oauth2/token", json=grant).status_code == 400


@pytest.mark.parametrize("wrong", ["client_secret", "code", "context", "redirect_uri", "grant_type"])
def test_a_wrong_part_is_refused(kit: Kit, grant: dict[str, str], wrong: str) -> None:
    answer = kit.client.post("/oauth2/token", json={**grant, wrong: "other"})

    assert answer.status_code in (400, 401)


def test_a_new_consent_kills_the_old_token(kit: Kit) -> None:
    old = kit.control(f"/{NORTH}/token", {})["access_token"]
    kit.control(f"/{NORTH}/token", {})

    assert kit.client.get(f"/stores/{NORTH}/v2/time", headers={"X-Auth-Token": old}).status_code == 401


def test_without_the_scope_an_endpoint_answers_403(kit: Kit) -> None:
    token = kit.control(f"/{NORTH}/token", {"scopes": ["store_v2_orders_read_only"]})["access_token"]
    headers = {"X-Auth-Token": token}

    assert kit.client.get(f"/stores/{NORTH}/v2/orders", headers=headers).status_code == 200
    assert kit.client.put(f"/stores/{NORTH}/v2/orders/100", headers=headers, json={}).status_code == 403
    assert kit.client.get(f"/stores/{NORTH}/v3/customers", headers=headers).status_code == 403


def test_the_load_payload_is_signed_for_the_app(kit: Kit) -> None:
    url = kit.control(f"/{NORTH}/load-url?user=2", method="GET")["url"]
    token = parse_qs(urlsplit(url).query)["signed_payload_jwt"][0]

    claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience=CLIENT, issuer="bc", leeway=10)

    assert claims["sub"] == f"stores/{NORTH}"
    assert (claims["user"]["id"], claims["owner"]["id"]) == (2, 1)


def test_the_frame_installs_for_the_owner_only_and_loads_for_all_afterwards(kit: Kit) -> None:
    assert "/auth?" in kit.client.get(f"/cp/{NORTH}/app?user=1").text
    assert "Only the store owner" in kit.client.get(f"/cp/{NORTH}/app?user=2").text

    kit.token()

    assert "/load?signed_payload_jwt=" in kit.client.get(f"/cp/{NORTH}/app?user=2").text


@pytest.fixture
def told(planted: Path, tmp_path: Path) -> Iterator[tuple[Kit, Catcher]]:
    app = Catcher()
    copy = shutil.copy(planted, tmp_path / "told.db")
    kit = new_kit(Path(copy), app_url=app.url)
    yield kit, app
    kit.close()
    app.close()


def test_uninstall_tells_the_app_and_takes_tokens_and_hooks(told: tuple[Kit, Catcher]) -> None:
    kit, app = told
    kit.data("POST", "/hooks", {"scope": "store/order/*", "destination": f"{app.url}/hook"})

    kit.client.post(f"/cp/{NORTH}/uninstall")

    assert app.seen[0][0].startswith("/uninstall?signed_payload_jwt=")
    assert kit.api("GET", "/v2/time").status_code == 401
    assert kit.control(f"/{NORTH}/hooks", method="GET") == []


def test_a_removed_user_cannot_open_the_app_until_allowed_again(told: tuple[Kit, Catcher]) -> None:
    kit, app = told
    kit.token()

    kit.client.post(f"/cp/{NORTH}/users/2/remove")

    token = parse_qs(urlsplit(app.seen[0][0]).query)["signed_payload_jwt"][0]
    assert jwt.decode(token, SECRET, algorithms=["HS256"], audience=CLIENT)["user"]["id"] == 2
    assert "taken away" in kit.client.get(f"/cp/{NORTH}/app?user=2").text
    kit.client.post(f"/cp/{NORTH}/users/2/allow")
    assert "/load?" in kit.client.get(f"/cp/{NORTH}/app?user=2").text
