"""The first page: what is set up, what is running, what is left, and the end of opening mode (R-12)."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, today
from admin_app.guard import needs
from admin_app.reading import FieldErrors, day, field_errors, number
from domain.errors import Refusal
from domain.listing import InvoiceFilter, View
from domain.roles import Right
from domain.use_cases.look_at_store import Onboarding

overview = Blueprint("overview", __name__)

_SETUP = {
    "hooks": "webhooks",
    "page": "the page /invoices/",
    "script": "the storefront script",
    "product": "the payment product",
}


@overview.get("/")
@needs(None)
def index() -> ResponseReturnValue:
    return _page([], {})


@overview.post("/opening/end")
@needs(Right.MANAGE_SETTINGS)
def end_opening() -> ResponseReturnValue:
    form = request.form
    cut_over = day(form.get("cut_over_on"))
    seen = portal().look_at_store(actor())
    if cut_over is None:
        errors = [{"field": "cut_over_on", "message": "Enter the cut-over date.", "code": "input_invalid"}]
        return _page(errors, dict(form)), 400
    if any(one.open for one in seen.totals) and not form.get("confirmed"):
        sentence = "Compare the open balances with your books and confirm that they match."
        return _page([{"field": "confirmed", "message": sentence, "code": "input_invalid"}], dict(form)), 400
    try:
        portal().end_opening(actor(), cut_over)
    except Refusal as refusal:
        return _page(field_errors(refusal, cut_over="cut_over_on"), dict(form)), 409
    flash("Opening mode ended. Buyers hear about new invoices from now on.", "success")
    return redirect(url_for("overview.index"), code=303)


def _page(errors: FieldErrors, form: Mapping[str, str]) -> str:
    seen = portal().look_at_store(actor())
    steps = [_connected(seen), _made(seen), _directory(seen), _orders(seen), _first_invoice(seen)]
    counts = portal().list_invoices(actor(), InvoiceFilter(view=View.UNPAID), 1, None).counts
    settings = seen.settings
    return render_template(
        "overview/onboarding.html",
        steps=steps,
        poll_seconds=_poll_seconds([step["state"] for step in steps[:-1]]),
        opening={
            "active": settings.is_opening,
            "cut_over_on": form.get("cut_over_on", today().isoformat()),
            "invoices": counts.get(View.UNPAID.value, 0),
            "totals": [one.open for one in seen.totals if one.open],
            "ended_on": settings.cut_over,
            "may_end": Right.MANAGE_SETTINGS in may(),
        },
        confirmed=bool(form.get("confirmed")),
        errors=errors,
        done_url=url_for("invoices.index"),
    )


def _poll_seconds(states: list[object]) -> int:
    """How often the page looks again: quickly while something is under way or about to be, slowly while something
    failed and is tried again, not at all (0) once all is done."""
    if set(states) & {"running", "waiting"}:
        return 2
    return 30 if "failed" in states else 0


def _step(key: str, title: str, text: str, state: str, **more: object) -> dict[str, object]:
    return {"key": key, "title": title, "text": text, "state": state, "progress": [], "action": None, **more}


def _connected(seen: Onboarding) -> dict[str, object]:
    missing = seen.facts["scopes"].get("missing")
    if isinstance(missing, Mapping) and missing:
        purposes = "; ".join(str(purpose) for purpose in missing.values())
        return _step(
            "connect", "Connect the store", f"Permissions are missing, so the app cannot: {purposes}.", "failed"
        )
    name = seen.profile.name if seen.profile else "The store"
    return _step("connect", "Connect the store", f"{name} is connected with all permissions.", "done")


def _made(seen: Onboarding) -> dict[str, object]:
    setup = seen.facts["setup"]
    if not setup:
        return _step(
            "setup", "Prepare the storefront", "Webhooks, page, script and payment product are made.", "running"
        )
    wrong = {name: str(setup[name]) for name in _SETUP if setup.get(name, "done") != "done"}
    if wrong:
        return _step("setup", "Prepare the storefront", " ".join(wrong.values()), "failed")
    return _step("setup", "Prepare the storefront", f"Ready: {', '.join(_SETUP.values())}.", "done")


def _directory(seen: Onboarding) -> dict[str, object]:
    facts = seen.facts["directory"]
    title = "Read companies from BundleB2B"
    if not facts:
        return _step("directory", title, "Companies, buyers and their roles.", "running")
    if facts.get("problem"):
        return _step("directory", title, f"{facts['problem']}. We try again by ourselves.", "failed")
    return _step("directory", title, f"{facts['companies']} companies and {facts['buyers']} buyers.", "done")


def _orders(seen: Onboarding) -> dict[str, object]:
    facts = seen.facts["sync.orders"]
    title = "Sync orders of the last year"
    if not facts:
        return _step("orders", title, "Starts when the companies are read.", "waiting")
    done, total = number(str(facts.get("seen", 0))) or 0, number(str(facts.get("total", "")))
    kept = facts.get("kept", 0)
    if facts.get("state") == "done":
        return _step("orders", title, f"{done} orders read, {kept} of them of companies.", "done")
    bar = {"label": "Orders", "done": done, "total": total}
    return _step("orders", title, f"{kept} orders of companies so far.", "running", progress=[bar])


def _first_invoice(seen: Onboarding) -> dict[str, object]:
    title = "Create the first invoice"
    if any(one.count for one in seen.totals):
        return _step("invoice", title, "You have invoices.", "done")
    action = {"label": "Go to orders", "url": url_for("orders.index"), "post": False}
    return _step("invoice", title, "From an order, or pushed by your ERP.", "waiting", action=action)
