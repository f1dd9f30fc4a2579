"""Single-click apps: codes, tokens, signed load payloads, uninstall and remove-user calls."""

import secrets
import urllib.error
import urllib.parse
import urllib.request
import uuid

import jwt
from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import hooks
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import World, unix, world

oauth = Blueprint("oauth", __name__)

_DAY = 86_400


def granted_scopes(world_: World, store: Store) -> list[str]:
    """What an install gives: the app's scopes, without B2B Edition where the store has none."""
    chosen = world_.state.find("", "scopes", "scopes")
    scopes: list[str] = chosen["scopes"] if chosen else list(world_.settings.app_scopes)
    if store.mode("no_b2b_edition"):
        return [name for name in scopes if "b2b" not in name]
    return scopes


def new_code(world_: World, store: Store, user: Doc) -> str:
    """An authorisation code for one user of one store, good once."""
    code = secrets.token_urlsafe(20)
    row = {"code": code, "store": store.hash, "user": user, "used": False, "made": unix(world_.now())}
    world_.state.put("", "code", code, row)
    return code


@oauth.post("/oauth2/token")
def exchange() -> ResponseReturnValue:
    """Code for token. Form or JSON; a used, foreign or unknown code, or a wrong secret, is refused."""
    sent = request.get_json(silent=True) or request.form.to_dict()
    settings, state = world().settings, world().state
    if sent.get("client_id") != settings.client_id or sent.get("client_secret") != settings.client_secret:
        return jsonify({"error": "invalid_client"}), 401
    if sent.get("grant_type") != "authorization_code":
        return jsonify({"error": "unsupported_grant_type"}), 400
    if sent.get("redirect_uri") != f"{settings.app_url}/auth":
        return jsonify({"error": "redirect_uri_mismatch"}), 400
    with state.unit():
        code = state.find("", "code", sent.get("code", ""))
        if code is None or code["used"] or sent.get("context") != f"stores/{code['store']}":
            return jsonify({"error": "invalid_grant"}), 400
        state.put("", "code", code["code"], {**code, "used": True})
        shop = world().store(code["store"])
        token = issue_token(shop, granted_scopes(world(), shop))
    return jsonify(_token_answer(shop, token, code["user"]))


def _token_answer(shop: Store, token: Doc, user: Doc) -> Doc:
    owner = next(row for row in shop.rows("user") if row["owner"])
    return {
        "access_token": token["value"],
        "scope": " ".join(token["scopes"]),
        "user": _person(user),
        "owner": _person(owner),
        "context": f"stores/{shop.hash}",
        "account_uuid": shop.get("store", "profile")["account_uuid"],
    }


def _person(user: Doc) -> Doc:
    return {"id": user["id"], "username": user["email"], "email": user["email"]}


def issue_token(shop: Store, scopes: list[str]) -> Doc:
    """A new permanent token; earlier ones of this app die, as after a re-consent."""
    kill_tokens(shop)
    value = secrets.token_hex(16)
    return shop.put("token", value, {"value": value, "scopes": scopes, "dead": False})


def kill_tokens(shop: Store) -> None:
    """Every token of this store answers 401 from now on."""
    for row in shop.rows("token"):
        shop.put("token", row["value"], {**row, "dead": True})


def is_installed(shop: Store) -> bool:
    """Whether the app has a live token for this store."""
    return any(not row["dead"] for row in shop.rows("token"))


def load_payload(world_: World, shop: Store, user: Doc, url: str = "/") -> str:
    """`signed_payload_jwt` for /load, /uninstall and /remove_user."""
    moment = unix(world_.now())
    owner = next(row for row in shop.rows("user") if row["owner"])
    claims = {
        "aud": world_.settings.client_id,
        "iss": "bc",
        "iat": moment,
        "nbf": moment - 5,
        "exp": moment + _DAY,
        "jti": str(uuid.uuid4()),
        "sub": f"stores/{shop.hash}",
        "user": {"id": user["id"], "email": user["email"], "locale": "en-US"},
        "owner": {"id": owner["id"], "email": owner["email"]},
        "url": url,
        "channel_id": None,
    }
    return jwt.encode(claims, world_.settings.client_secret, algorithm="HS256")


def auth_url(world_: World, shop: Store, user: Doc) -> str:
    """Where the control panel sends the frame for an install."""
    query = {
        "code": new_code(world_, shop, user),
        "scope": " ".join(granted_scopes(world_, shop)),
        "context": f"stores/{shop.hash}",
        "account_uuid": shop.get("store", "profile")["account_uuid"],
    }
    return f"{world_.settings.app_url}/auth?{urllib.parse.urlencode(query)}"


def load_url(world_: World, shop: Store, user: Doc) -> str:
    """Where the control panel sends the frame when the app is installed."""
    return f"{world_.settings.app_url}/load?signed_payload_jwt={load_payload(world_, shop, user)}"


def uninstall(world_: World, shop: Store, user: Doc) -> int:
    """Take the app off the store: tokens die, its hooks and self-removing scripts go, the app is told.

    Returns the status the app's /uninstall answered with (0 = not reached).
    """
    hooks.emit(shop, "store/app/uninstalled", {"type": "app"})
    with shop.unit():
        kill_tokens(shop)
        for hook in shop.rows("hook"):
            shop.remove("hook", hook["id"])
        for script in shop.rows("script"):
            if script["auto_uninstall"]:
                shop.remove("script", script["uuid"])
    return _tell_app(world_, "uninstall", load_payload(world_, shop, user))


def remove_user(world_: World, shop: Store, user: Doc) -> int:
    """The owner withdraws one user's access; returns the app's answer to /remove_user."""
    shop.put("user", user["id"], {**user, "allowed": False})
    return _tell_app(world_, "remove_user", load_payload(world_, shop, user))


def _tell_app(world_: World, path: str, token: str) -> int:
    url = f"{world_.settings.app_url}/{path}?signed_payload_jwt={token}"
    try:
        with urllib.request.urlopen(url, timeout=world_.settings.hook_timeout) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0
