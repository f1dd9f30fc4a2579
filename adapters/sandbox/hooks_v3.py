"""V3 hook management."""

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.hooks import hook_row
from adapters.sandbox.paging import keep, v3_list, v3_one
from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused, body, now, store, unix, world

hooks_v3 = Blueprint("hooks_v3", __name__)

_B2B_SCOPES = ("store/company", "store/superadmin", "store/quote")
_PER_SCOPE = 10


@hooks_v3.get("/hooks")
def list_hooks() -> ResponseReturnValue:
    """Filters: is_active, scope, destination."""
    rows = keep(keep(store().rows("hook"), "scope"), "destination")
    wanted = request.args.get("is_active")
    if wanted is not None:
        rows = [row for row in rows if row["is_active"] == (wanted == "true")]
    return v3_list([hook_row(row) for row in rows])


@hooks_v3.post("/hooks")
def post_hook() -> ResponseReturnValue:
    """One per scope and destination; at most ten per scope."""
    sent, shop = body(), store()
    _check(sent)
    with shop.unit():
        same = [row for row in shop.rows("hook") if row["scope"] == sent["scope"]]
        if any(row["destination"] == sent["destination"] for row in same):
            raise Refused(422, "A hook for this scope and destination already exists.", {"destination": "is taken"})
        if len(same) >= _PER_SCOPE:
            raise Refused(422, "Too many hooks for this scope.", {"scope": "limit reached"})
        moment = unix(now())
        row = {
            "id": shop.next_id("hook", 18_001),
            "client_id": world().settings.client_id,
            "store_hash": shop.hash,
            "scope": sent["scope"],
            "destination": sent["destination"],
            "headers": sent.get("headers"),
            "is_active": sent.get("is_active", True),
            "created_at": moment,
            "updated_at": moment,
        }
        shop.put("hook", row["id"], row)
    return v3_one(hook_row(row))


def _check(sent: Doc) -> None:
    errors = {name: "error.path.missing" for name in ("scope", "destination") if not sent.get(name)}
    if errors:
        raise Refused(422, "JSON data is missing or invalid", errors)
    # Real stores want https on port 443; a loopback stand-in cannot, so any web address is taken.
    if not sent["destination"].startswith(("http://", "https://")):
        raise Refused(422, "The destination is not a web address.", {"destination": "is invalid"})
    if sent["scope"].startswith(_B2B_SCOPES) and not _may_hear_b2b():
        raise Refused(403, "B2B Edition events need the B2B Edition scope.")


def _may_hear_b2b() -> bool:
    return any("b2b" in scope for scope in g.token["scopes"]) and not store().mode("no_b2b_edition")


@hooks_v3.get("/hooks/<int:hook_id>")
def get_hook(hook_id: int) -> ResponseReturnValue:
    """One."""
    return v3_one(hook_row(store().get("hook", hook_id)))


@hooks_v3.put("/hooks/<int:hook_id>")
def put_hook(hook_id: int) -> ResponseReturnValue:
    """Change; re-enables one the platform had switched off."""
    sent, shop = body(), store()
    with shop.unit():
        row = shop.get("hook", hook_id)
        names = ("scope", "destination", "headers", "is_active")
        row.update({name: sent[name] for name in names if name in sent})
        row["updated_at"] = unix(now())
        shop.put("hook", hook_id, row)
    return v3_one(hook_row(row))


@hooks_v3.delete("/hooks/<int:hook_id>")
def delete_hook(hook_id: int) -> ResponseReturnValue:
    """Answers 200 with the hook that was deleted."""
    row = store().get("hook", hook_id)
    store().remove("hook", hook_id)
    return v3_one(hook_row(row))


@hooks_v3.route("/hooks/admin", methods=["GET", "PUT"])
def hooks_admin() -> ResponseReturnValue:
    """Who is mailed when hooks are blocked."""
    shop = store()
    row = shop.find("hooks_admin", "admin") or {"emails": [], "hooks_blocked_domains": []}
    if request.method == "PUT":
        row["emails"] = body().get("emails", [])
        shop.put("hooks_admin", "admin", row)
    return jsonify({"data": row, "meta": {}})
