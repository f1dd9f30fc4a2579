"""Store health: whether everything between store and portal works, and what to do where it does not."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, told
from admin_app.guard import needs
from admin_app.language import N_, gettext, ngettext
from admin_app.reading import sync_state
from admin_app.views.health_words import FINDINGS, found_check
from admin_app.views.settings import settings, side
from domain.errors import DirectoryUnreachable, StoreDisconnected
from domain.roles import Right
from domain.store import NEEDED_SCOPES
from domain.use_cases.check_store import HealthLook

LATE = timedelta(minutes=15)

_MADE = {
    "hooks": (N_("Webhooks"), N_("BigCommerce and BundleB2B tell us about changes.")),
    "page": (N_("Invoices page"), N_("Buyers find their invoices at /invoices/ on your storefront.")),
    "script": (N_("Storefront script"), N_("Shows the invoices on the storefront and in checkout.")),
    "product": (N_("Payment product"), N_("The hidden product that carries invoice payments.")),
}

_SUMMARIES = {
    "working": (N_("Everything works"), N_("Orders, invoices and payments flow.")),
    "attention": (N_("Something needs attention"), N_("See below what to do. Nothing is lost meanwhile.")),
    "failing": (N_("Something does not work"), N_("See below what to do. Nothing is lost meanwhile.")),
}

Check = dict[str, object]


@settings.get("/health")
@needs(Right.VIEW_SETTINGS)
def health() -> ResponseReturnValue:
    seen = portal().look_at_health(actor())
    groups = _groups(seen)
    missing = _missing(seen)
    states = {str(check["state"]) for group in groups for check in _rows(group)}
    state = "failing" if "failing" in states or missing else "attention" if "attention" in states else "working"
    title, text = _SUMMARIES[state]
    return render_template(
        "settings/health.html",
        side=side("settings.health"),
        can_change=Right.MANAGE_SETTINGS in may(),
        summary={"state": state, "title": gettext(title), "text": gettext(text)},
        checked_at=seen.checked_at,
        groups=groups,
        scopes=[
            {"name": name, "granted": name not in missing, "feature": gettext(purpose)}
            for name, purpose in NEEDED_SCOPES.items()
        ],
        report=_report(seen, groups, missing),
    )


@settings.post("/repair")
@needs(Right.MANAGE_SETTINGS)
def repair() -> ResponseReturnValue:
    """Starts a step again; `now` asks the store at once."""
    step = request.form.get("check", "")
    if step == "now":
        portal().check_store(actor())
        flash(gettext("The store was asked."), "success")
    else:
        portal().repair_store(actor(), step)
        flash(gettext("Repair started. Look again in a few seconds."), "info")
    return redirect(url_for("settings.health"), code=303)


def _rows(group: Mapping[str, object]) -> Sequence[Check]:
    checks = group["checks"]
    return checks if isinstance(checks, list) else []


def _missing(seen: HealthLook) -> Mapping[str, object]:
    missing = seen.facts["scopes"].get("missing")
    return missing if isinstance(missing, Mapping) else {}


def _groups(seen: HealthLook) -> list[dict[str, object]]:
    made = [_made(key, seen.facts["setup"]) for key in _MADE]
    asked = [_check(**found_check(name, seen.findings.get(name))) for name in FINDINGS]
    flowing = [_directory(seen), _orders(seen), _hooks(seen), _backlog(seen), _mails(seen)]
    return [
        {"title": gettext("In your store"), "id": "store", "checks": made},
        {"title": gettext("What the store answers"), "id": "asked", "checks": asked},
        {"title": gettext("Between store and portal"), "id": "flow", "checks": flowing},
    ]


def _check(
    label: str, text: str, state: str, advice: str = "", repair: str = "", at: object = None, link: str = ""
) -> Check:
    """`link` is an endpoint that helps; `repair` a step that can be started again."""
    return {
        "label": gettext(label),
        "text": gettext(text),
        "state": state,
        "advice": gettext(advice) if advice else "",
        "last_ok_at": datetime.fromisoformat(str(at)) if at and state == "working" else None,
        "repair": {"key": repair, "label": gettext("Repair")} if repair and state != "working" else None,
        "link": url_for(link) if link and state != "working" else "",
    }


def _made(key: str, facts: Mapping[str, object]) -> Check:
    label, text = _MADE[key]
    found = facts.get(key)
    if found is None:
        return _check(label, text, "attention", N_("Wait for the set-up to finish, or start it again."), "setup")
    if found != "done":
        return _check(label, str(found), "failing", N_("Grant the permission by installing the app again."), "setup")
    return _check(label, text, "working", at=facts.get("at"))


def _directory(seen: HealthLook) -> Check:
    facts = seen.facts["directory"]
    label = N_("B2B Edition (BundleB2B)")
    if facts.get("problem"):
        advice = N_("Check that B2B Edition is switched on for this store. Known companies serve for an hour.")
        return _check(label, f"{gettext(str(facts['problem']))}.", "failing", advice, "directory")
    if not facts:
        return _check(label, N_("Companies were not read yet."), "attention", N_("Wait a moment."), "directory")
    text = gettext(
        "%(companies)s companies and %(buyers)s buyers.", companies=facts.get("companies"), buyers=facts.get("buyers")
    )
    return _check(label, text, "working", at=facts.get("at"))


def _orders(seen: HealthLook) -> Check:
    """The sweep moves the watermark, also where no order changed."""
    state = sync_state(seen.facts["orders.watermark"], seen.facts["sync.orders"], seen.now)
    at = seen.facts["orders.watermark"].get("at")
    label = N_("Orders")
    if state["running"] or at is None:
        text = N_("The first synchronisation is under way.")
        return _check(label, text, "attention", N_("Wait until it is done."), "orders")
    if state["late"]:
        text = N_("BigCommerce was not asked for a while.")
        return _check(label, text, "attention", N_("The worker may be stopped."), "orders")
    return _check(label, N_("Changes arrive by webhook; a sweep finds missed ones."), "working", at=at)


def _hooks(seen: HealthLook) -> Check:
    """A quiet store sends none: that alone is nothing to act on."""
    label = N_("Last webhook")
    if seen.last_hook is None:
        return _check(label, N_("None arrived yet. The sweep finds changes meanwhile."), "working")
    return _check(label, N_("The store reaches us."), "working", at=seen.last_hook.isoformat())


def _backlog(seen: HealthLook) -> Check:
    label = N_("Worker")
    waiting, dead = seen.inbox.waiting + seen.outbox.waiting, seen.inbox.dead + seen.outbox.dead
    due = [one for one in (seen.inbox.due_since, seen.outbox.due_since) if one is not None]
    if due and seen.now - min(due) > LATE:
        text = ngettext("%(num)s thing waits too long.", "%(num)s things wait too long.", waiting)
        return _check(label, text, "failing", N_("The worker may be stopped. Ask who runs the portal."))
    if dead:
        text = ngettext("%(num)s thing was given up.", "%(num)s things were given up.", dead)
        advice = N_("Copy the report below and ask support what it was. The sweep repeats what concerns orders.")
        return _check(label, text, "attention", advice)
    if waiting > 100:
        text = ngettext("%(num)s thing waits.", "%(num)s things wait.", waiting)
        return _check(label, text, "attention", N_("The worker may be stopped or slow."))
    text = ngettext("%(num)s thing waits.", "%(num)s things wait.", waiting) if waiting else N_("Nothing waits.")
    return _check(label, text, "working")


def _mails(seen: HealthLook) -> Check:
    label = N_("E-mails to companies")
    if not seen.refused_mails:
        return _check(label, N_("The mail server takes them."), "working")
    text = ngettext("%(num)s e-mail was refused.", "%(num)s e-mails were refused.", seen.refused_mails)
    return _check(label, text, "attention", N_("See under Emails what the mail server said."), link="settings.emails")


def _report(seen: HealthLook, groups: list[dict[str, object]], missing: Mapping[str, object]) -> str:
    """For support: states and figures, no secrets, no people."""
    profile = seen.profile
    facts = {
        "store": seen.store_hash,
        "at": seen.now.isoformat(timespec="seconds"),
        "checkout": profile.checkout_type if profile else None,
        "time zone": profile.time_zone if profile else None,
        "currencies": list(profile.transactional_currencies) if profile else [],
        "payment lines": seen.settings.cart_strategy,
        "opening mode": seen.settings.is_opening,
        "missing permissions": sorted(missing),
        "inbox": [seen.inbox.waiting, seen.inbox.dead],
        "outbox": [seen.outbox.waiting, seen.outbox.dead],
        "findings": seen.findings,
        "checks": {str(check["label"]): check["state"] for group in groups for check in _rows(group)},
    }
    return json.dumps(facts, indent=2, ensure_ascii=False, default=str)


# --- the other portal (R-24) ------------------------------------------------------------------------------
@settings.get("/b2b-invoices")
@needs(Right.IMPORT)
def other_invoices() -> ResponseReturnValue:
    trouble, rows = "", []
    try:
        rows = portal().look_at_other_invoices(actor())
    except (DirectoryUnreachable, StoreDisconnected) as refusal:
        trouble = told(refusal)
    return render_template(
        "settings/b2b_invoices.html",
        side=side("settings.health"),
        rows=rows,
        waiting=sum(not row.is_here for row in rows),
        trouble=trouble,
    )


@settings.post("/b2b-invoices")
@needs(Right.IMPORT)
def import_other_invoices() -> ResponseReturnValue:
    done = portal().import_other_invoices(actor())
    flash(ngettext("%(num)s invoice imported.", "%(num)s invoices imported.", done.created), "success")
    for number, refusal in done.refused[:10]:
        flash(f"{number}: {told(refusal)}", "error")
    return redirect(url_for("settings.other_invoices"), code=303)
