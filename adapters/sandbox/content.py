"""V3 content: storefront scripts and content pages."""

import uuid

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.amounts import iso
from adapters.sandbox.guard import needs
from adapters.sandbox.paging import keep, v3_list, v3_one
from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused, body, now, store, world

content = Blueprint("content", __name__)
needs_content = needs("store_v2_content")

_PER_APP, _MOST_HASHES = 10, 5
_CHOICES = {
    "kind": ("src", "script_tag"),
    "load_method": ("default", "async", "defer"),
    "location": ("head", "footer"),
    "visibility": ("storefront", "all_pages", "checkout", "order_confirmation"),
    "consent_category": ("essential", "functional", "analytics", "targeting", "unknown"),
}


@content.get("/content/scripts")
@needs_content
def list_scripts() -> ResponseReturnValue:
    """All scripts of the app."""
    return v3_list(keep(store().rows("script"), "channel_id"))


@content.post("/content/scripts")
@needs_content
def post_script() -> ResponseReturnValue:
    """At most ten."""
    sent, shop = body(), store()
    row = _checked_script({**_script_defaults(), **sent})
    with shop.unit():
        if len(shop.rows("script")) >= _PER_APP:
            raise Refused(422, "An app can have at most ten scripts.")
        shop.put("script", row["uuid"], row)
    return v3_one(row)


def _script_defaults() -> Doc:
    return {
        "uuid": str(uuid.uuid4()),
        "date_created": iso(now()),
        "date_modified": iso(now()),
        "name": "",
        "description": "",
        "html": "",
        "src": "",
        "auto_uninstall": False,
        "load_method": "default",
        "location": "head",
        "visibility": "storefront",
        "kind": "src",
        "api_client_id": world().settings.client_id,
        "consent_category": "unknown",
        "enabled": True,
        "channel_id": 1,
        "integrity_hashes": [],
    }


def _checked_script(row: Doc) -> Doc:
    if row["visibility"] != "storefront" and "store_content_checkout" not in g.token["scopes"]:
        raise Refused(403, "You don't have a required scope to access the endpoint: store_content_checkout")
    errors = {name: "is invalid" for name, allowed in _CHOICES.items() if row[name] not in allowed}
    if not row["name"]:
        errors["name"] = "is required"
    if row["kind"] == "src" and (not row["src"] or row["html"]):
        errors["src"] = "is required, without html"
    if row["kind"] == "script_tag" and (not row["html"] or row["load_method"] != "default"):
        errors["html"] = "is required, with load_method default"
    if len(row["integrity_hashes"]) > _MOST_HASHES or (row["integrity_hashes"] and row["kind"] != "src"):
        errors["integrity_hashes"] = "at most five, only for src"
    if errors:
        raise Refused(422, "The script is not valid.", errors)
    return row


@content.route("/content/scripts/<script_id>", methods=["GET", "PUT", "DELETE"])
@needs_content
def one_script(script_id: str) -> ResponseReturnValue:
    """Read, change, delete (204)."""
    shop = store()
    row = shop.get("script", script_id)
    if request.method == "DELETE":
        shop.remove("script", script_id)
        return "", 204
    if request.method == "PUT":
        row = _checked_script({**row, **body(), "uuid": script_id, "date_modified": iso(now())})
        shop.put("script", script_id, row)
    return v3_one(row)


@content.get("/content/pages")
@needs_content
def list_pages() -> ResponseReturnValue:
    """Filters: channel_id, id:in, name, name:like; the body only with include=body."""
    rows = keep(keep(keep(store().rows("page"), "channel_id"), "id"), "name")
    like = request.args.get("name:like", "").lower()
    rows = [row for row in rows if like in row["name"].lower()]
    if "body" not in request.args.get("include", ""):
        rows = [{key: value for key, value in row.items() if key != "body"} for row in rows]
    return v3_list(rows)


@content.post("/content/pages")
@needs_content
def post_pages() -> ResponseReturnValue:
    """One page or a list of them."""
    sent, shop = body(), store()
    with shop.unit():
        rows = [_new_page(one) for one in (sent if isinstance(sent, list) else [sent])]
        for row in rows:
            shop.put("page", row["id"], row)
    return v3_one(rows if isinstance(sent, list) else rows[0], 201)


def _new_page(sent: Doc) -> Doc:
    if not sent.get("name") or sent.get("type") not in ("page", "raw"):
        raise Refused(422, "The page is not valid.", {"type": "must be page or raw", "name": "is required"})
    row: Doc = {
        "id": store().next_id("page", 5),
        "channel_id": 1,
        "is_visible": False,
        "parent_id": 0,
        "sort_order": 0,
        "is_homepage": False,
        "is_customers_only": False,
        "url": f"/{sent['name'].lower().replace(' ', '-')}/",
        "meta_title": None,
        "meta_keywords": None,
        "meta_description": None,
        "search_keywords": None,
        "body": "",
        **sent,
    }
    taken = [other for other in store().rows("page") if other["url"].strip("/") == row["url"].strip("/")]
    if taken:
        raise Refused(409, "A page with this url already exists.", {"url": "is taken"})
    return row


@content.route("/content/pages/<int:page_id>", methods=["GET", "PUT", "DELETE"])
@needs_content
def one_page(page_id: int) -> ResponseReturnValue:
    """Read, change, delete (204)."""
    shop = store()
    row = shop.get("page", page_id)
    if request.method == "DELETE":
        shop.remove("page", page_id)
        return "", 204
    if request.method == "PUT":
        row = shop.put("page", page_id, {**row, **body(), "id": page_id})
    elif "body" not in request.args.get("include", ""):
        row = {key: value for key, value in row.items() if key != "body"}
    return v3_one(row)
