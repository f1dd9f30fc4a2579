"""The first page: what is set up, what is running, what is left, and the end of opening mode (R-12)."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, today
from admin_app.guard import needs
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.reading import FieldErrors, day, field_errors, number
from admin_app.views.dashboard import dashboard
from domain.errors import Refusal
from domain.listing import InvoiceFilter, View
from domain.roles import Right
from domain.use_cases.look_at_store import Onboarding

overview = Blueprint("overview", __name__)

_SETUP = {
    "hooks": N_("webhooks"),
    "page": N_("the page /invoices/"),
    "script": N_("the storefront script"),
    "product": N_("the payment product"),
}


@overview.get("/")
@needs(None)
def index() -> ResponseReturnValue:
    seen = portal().look_at_store(actor())
    return _page([], {}) if seen.settings.is_opening else dashboard(seen)


@overview.get("/get-started")
@needs(Right.VIEW_INVOICES)
def get_started() -> ResponseReturnValue:
    return _page([], {})


@overview.post("/opening/end")
@needs(Right.MANAGE_SETTINGS)
def end_opening() -> ResponseReturnValue:
    form = request.form
    cut_over = day(form.get("cut_over_on"))
    seen = portal().look_at_store(actor())
    if cut_over is None:
        errors = [{"field": "cut_over_on", "message": _("Enter the cut-over date."), "code": "input_invalid"}]
        return _page(errors, dict(form)), 400
    if any(one.open for one in seen.totals) and not form.get("confirmed"):
        sentence = _("Compare the open balances with your books and confirm that they match.")
        return _page([{"field": "confirmed", "message": sentence, "code": "input_invalid"}], dict(form)), 400
    try:
        portal().end_opening(actor(), cut_over)
    except Refusal as refusal:
        return _page(field_errors(refusal, cut_over="cut_over_on"), dict(form)), 409
    flash(_("Opening mode ended. Buyers hear about new invoices from now on."), "success")
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
    title = _("Connect the store")
    if isinstance(missing, Mapping) and missing:
        purposes = "; ".join(_(str(purpose)) for purpose in missing.values())
        text = _("Permissions are missing, so the app cannot: %(purposes)s.", purposes=purposes)
        return _step("connect", title, text, "failed")
    if seen.profile is None:
        return _step("connect", title, _("The store is connected with all permissions."), "done")
    return _step("connect", title, _("%(name)s is connected with all permissions.", name=seen.profile.name), "done")


def _made(seen: Onboarding) -> dict[str, object]:
    setup = seen.facts["setup"]
    title = _("Prepare the storefront")
    if not setup:
        return _step("setup", title, _("Webhooks, page, script and payment product are made."), "running")
    wrong = {name: str(setup[name]) for name in _SETUP if setup.get(name, "done") != "done"}
    if wrong:
        return _step("setup", title, " ".join(wrong.values()), "failed")
    made = ", ".join(_(one) for one in _SETUP.values())
    return _step("setup", title, _("Ready: %(made)s.", made=made), "done")


def _directory(seen: Onboarding) -> dict[str, object]:
    facts = seen.facts["directory"]
    title = _("Read companies from BundleB2B")
    if not facts:
        return _step("directory", title, _("Companies, buyers and their roles."), "running")
    if facts.get("problem"):
        text = _("%(problem)s. We try again by ourselves.", problem=facts["problem"])
        return _step("directory", title, text, "failed")
    text = _("%(companies)s companies and %(buyers)s buyers.", companies=facts["companies"], buyers=facts["buyers"])
    return _step("directory", title, text, "done")


def _orders(seen: Onboarding) -> dict[str, object]:
    facts = seen.facts["sync.orders"]
    title = _("Sync orders of the last year")
    if not facts:
        return _step("orders", title, _("Starts when the companies are read."), "waiting")
    done, total = number(str(facts.get("seen", 0))) or 0, number(str(facts.get("total", "")))
    kept = facts.get("kept", 0)
    if facts.get("state") == "done":
        text = _("%(done)s orders read, %(kept)s of them of companies.", done=done, kept=kept)
        return _step("orders", title, text, "done")
    bar = {"label": _("Orders"), "done": done, "total": total}
    text = _("%(kept)s orders of companies so far.", kept=kept)
    return _step("orders", title, text, "running", progress=[bar])


def _first_invoice(seen: Onboarding) -> dict[str, object]:
    title = _("Create the first invoice")
    if any(one.count for one in seen.totals):
        return _step("invoice", title, _("You have invoices."), "done")
    action = {"label": _("Go to orders"), "url": url_for("orders.index"), "post": False}
    return _step("invoice", title, _("From an order, or pushed by your ERP."), "waiting", action=action)
