"""Store health: whether everything between store and portal works, and what to do where it does not."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal
from admin_app.guard import needs
from admin_app.reading import sync_state
from admin_app.views.settings import settings, side
from domain.roles import Right
from domain.store import NEEDED_SCOPES
from domain.use_cases.look_at_store import Onboarding

_MADE = {
    "hooks": ("Webhooks", "BigCommerce and BundleB2B tell us about changes."),
    "page": ("Invoices page", "Buyers find their invoices at /invoices/ on your storefront."),
    "script": ("Storefront script", "Shows the invoices on the storefront and in checkout."),
    "product": ("Payment product", "The hidden product that carries invoice payments."),
}


@settings.get("/health")
@needs(Right.VIEW_SETTINGS)
def health() -> ResponseReturnValue:
    seen = portal().look_at_store(actor())
    made = [_made(key, seen.facts["setup"]) for key in _MADE]
    flowing = [_directory(seen), _orders(seen), _backlog(seen)]
    states = {str(check["state"]) for check in [*made, *flowing]}
    missing = seen.facts["scopes"].get("missing")
    missing = missing if isinstance(missing, Mapping) else {}
    return render_template(
        "settings/health.html",
        side=side("settings.health"),
        can_change=Right.MANAGE_SETTINGS in may(),
        summary=_summary(
            "failing" if "failing" in states or missing else "attention" if "attention" in states else "working"
        ),
        checked_at=datetime.now(UTC),
        groups=[
            {"title": "In your store", "id": "store", "checks": made},
            {"title": "Between store and portal", "id": "flow", "checks": flowing},
        ],
        scopes=[
            {"name": name, "granted": name not in missing, "feature": purpose}
            for name, purpose in NEEDED_SCOPES.items()
        ],
    )


@settings.post("/repair")
@needs(Right.MANAGE_SETTINGS)
def repair() -> ResponseReturnValue:
    portal().repair_store(actor(), request.form.get("check", ""))
    flash("Repair started. Look again in a few seconds.", "info")
    return redirect(url_for("settings.health"), code=303)


def _summary(state: str) -> dict[str, str]:
    words = {
        "working": ("Everything works", "Orders, invoices and payments flow."),
        "attention": ("Something needs attention", "See below what to do. Nothing is lost meanwhile."),
        "failing": ("Something does not work", "See below what to do. Nothing is lost meanwhile."),
    }
    return {"state": state, "title": words[state][0], "text": words[state][1]}


def _check(
    label: str, text: str, state: str, advice: str = "", repair: str = "", at: object = None
) -> dict[str, object]:
    return {
        "label": label,
        "text": text,
        "state": state,
        "advice": advice,
        "last_ok_at": datetime.fromisoformat(str(at)) if at and state == "working" else None,
        "repair": {"key": repair, "label": "Repair"} if repair and state != "working" else None,
    }


def _made(key: str, facts: Mapping[str, object]) -> dict[str, object]:
    label, text = _MADE[key]
    found = facts.get(key)
    if found is None:
        return _check(label, text, "attention", "Wait for the set-up to finish, or start it again.", "setup")
    if found != "done":
        return _check(label, str(found), "failing", "Grant the permission by installing the app again.", "setup")
    return _check(label, text, "working", at=facts.get("at"))


def _directory(seen: Onboarding) -> dict[str, object]:
    facts = seen.facts["directory"]
    label = "B2B Edition (BundleB2B)"
    if facts.get("problem"):
        advice = "Check that B2B Edition is switched on for this store. Known companies serve for an hour."
        return _check(label, f"{facts['problem']}.", "failing", advice, "directory")
    if not facts:
        return _check(label, "Companies were not read yet.", "attention", "Wait a moment.", "directory")
    text = f"{facts.get('companies')} companies and {facts.get('buyers')} buyers."
    return _check(label, text, "working", at=facts.get("at"))


def _orders(seen: Onboarding) -> dict[str, object]:
    state = sync_state(seen.facts["orders.watermark"], seen.facts["sync.orders"], datetime.now(UTC))
    at = seen.facts["orders.watermark"].get("at")
    if state["running"] or at is None:
        return _check(
            "Orders", "The first synchronisation is under way.", "attention", "Wait until it is done.", "orders"
        )
    if state["late"]:
        return _check("Orders", "BigCommerce was not asked for a while.", "attention", "The worker may be stopped.")
    return _check("Orders", "Changes arrive by webhook; a sweep finds missed ones.", "working", at=at)


def _backlog(seen: Onboarding) -> dict[str, object]:
    if seen.waiting > 100:
        return _check("Worker", f"{seen.waiting} things wait.", "attention", "The worker may be stopped or slow.")
    return _check("Worker", "Nothing waits." if not seen.waiting else f"{seen.waiting} things wait.", "working")
