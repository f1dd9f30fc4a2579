"""API keys of ERPs: made here, shown once, revoked here (ui.md 4.12, T-28)."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from admin_app.context import actor, may, portal, today
from admin_app.guard import needs
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.reading import FieldErrors, field_errors, typed_day
from domain.errors import InputInvalid, NotFound
from domain.ports import ApiKey
from domain.roles import Right
from domain.use_cases.manage_keys import SCOPES

keys = Blueprint("keys", __name__, url_prefix="/settings/keys")

SCOPE_WORDS = {
    "invoices:read": N_("Read invoices"),
    "invoices:write": N_("Send, change, void and delete invoices"),
    "payments:read": N_("Read payments"),
    "payments:write": N_("Record and reverse payments"),
    "orders:read": N_("Read orders"),
    "orders:invoice": N_("Create invoices from orders"),
}
"""What each scope lets a key do, in words."""


@keys.get("")
@needs(Right.MANAGE_KEYS)
def index() -> ResponseReturnValue:
    return _page([])


def _page(errors: FieldErrors, *, made: ApiKey | None = None, secret: str = "") -> str:
    form: MultiDict[str, str] = MultiDict() if made else request.form
    return render_template(
        "keys/list.html",
        can=may(),
        rows=[_row(key) for key in reversed(portal().list_keys(actor()))],
        scopes=[
            {"value": scope, "label": SCOPE_WORDS.get(scope, scope), "checked": scope in form.getlist("scopes")}
            for scope in SCOPES
        ],
        typed={"name": form.get("name", ""), "expires_on": form.get("expires_on", "")},
        earliest=today(),
        made=made,
        secret=secret,
        errors=errors,
    )


def _row(key: ApiKey) -> dict[str, object]:
    """A key and its state: working, expired or revoked."""
    is_expired = key.expires_at is not None and key.expires_at <= datetime.now(UTC)
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": [SCOPE_WORDS.get(scope, scope) for scope in sorted(key.scopes)],
        "used_at": key.used_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "state": "revoked" if key.revoked_at else "expired" if is_expired else "working",
    }


@keys.post("")
@needs(Right.MANAGE_KEYS)
def create() -> ResponseReturnValue:
    """The secret is in this one answer and nowhere else, so there is no redirect."""
    form = request.form
    try:
        name, last_day = form.get("name", "").strip()[:100], typed_day(form, "expires_on")
        made, secret = portal().issue_key(actor(), name, form.getlist("scopes"), last_day)
    except InputInvalid as refusal:
        return _page(field_errors(refusal)), 409
    return _page([], made=made, secret=secret)


def _key(key_id: str) -> ApiKey:
    found = next((one for one in portal().list_keys(actor()) if one.id == key_id), None)
    if found is None:
        raise NotFound("API key")
    return found


@keys.get("/<uuid:key_id>/revoke")
@needs(Right.MANAGE_KEYS)
def revoke(key_id: object) -> ResponseReturnValue:
    return render_template("keys/revoke.html", key=_row(_key(str(key_id))))


@keys.post("/<uuid:key_id>/revoke")
@needs(Right.MANAGE_KEYS)
def confirm_revoke(key_id: object) -> ResponseReturnValue:
    key = _key(str(key_id))
    portal().revoke_key(actor(), key.id)
    flash(_("%(name)s was revoked. It opens nothing any more.", name=key.name), "success")
    return redirect(url_for("keys.index"), code=303)
