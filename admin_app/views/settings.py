"""Settings, section by section: each its own form and Save; who may only read them sees them unchangeable."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, told
from admin_app.guard import needs, takes_files
from admin_app.language import N_, gettext, language_names
from admin_app.reading import FieldErrors, field_errors
from admin_app.views import settings_form
from admin_app.views.settings_form import Typed
from domain.errors import FileRefused, InputInvalid, Refusal, ScopeMissing, StoreDisconnected, StoreUnreachable
from domain.file import LARGEST_LOGO
from domain.roles import Right
from domain.setting_rules import DATE_FORMATS, DELETE_RULES, STRATEGIES, Section
from domain.terms import TermsKind
from domain.use_cases.change_settings import SERIES, SettingsLook, ShownMethod

settings = Blueprint("settings", __name__, url_prefix="/settings")

TITLES = {
    Section.GENERAL: (N_("General"), N_("How the portal speaks to you and your buyers")),
    Section.INVOICES: (N_("Invoices"), N_("Numbers, payment terms, and what buyers may pay")),
    Section.LOOK: (N_("Invoice look"), N_("What stands on every invoice, credit memo and receipt")),
    Section.BANK: (N_("Bank details"), N_("Where buyers send money outside the checkout")),
    Section.METHODS: (N_("Payment methods"), N_("Which of the store's methods may pay invoices")),
    Section.CHECKOUT: (N_("Payment lines"), N_("How invoices stand in the store's cart while they are paid")),
    Section.BOOKS: (N_("Closed periods"), N_("Up to which day nothing in the books may change")),
}

WORDS = {
    "delete_rule": {
        "always": N_("Any open invoice"),
        "unsent": N_("Only invoices that were never sent"),
        "off": N_("No invoice"),
    },
    "date_format": {
        "": N_("13 Sep 2026"),
        "iso": N_("2026-09-13"),
        "dmy": N_("13/09/2026"),
        "mdy": N_("09/13/2026"),
        "dots": N_("13.09.2026"),
    },
    "cart_strategy": {
        "product": N_("A hidden payment product (recommended)"),
        "custom_items": N_("Custom items"),
    },
    "terms": {
        "on_receipt": N_("On receipt"),
        "net": N_("A number of days"),
        "end_of_month": N_("A number of days, then the end of that month"),
        "day_of_month": N_("A day of a later month"),
    },
}

SIDE = (
    *(("settings." + section.value, title) for section, (title, _) in TITLES.items()),
    ("settings.emails", N_("Emails")),
    ("settings.opening", N_("Opening")),
    ("settings.health", N_("Store health")),
)


def side(current: str) -> list[dict[str, object]]:
    """The list beside every settings screen; `current` is an endpoint."""
    return [{"label": gettext(title), "url": url_for(end), "current": end == current} for end, title in SIDE]


def options(name: str, words: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"value": word, "label": gettext(WORDS[name][word])} for word in words]


@settings.get("")
@needs(Right.VIEW_SETTINGS)
def index() -> ResponseReturnValue:
    return _page(Section.GENERAL, None, [], portal().look_at_settings(actor()))


def _page(section: Section, values: Mapping[str, str] | None, errors: FieldErrors, look: SettingsLook) -> str:
    title, description = TITLES[section]
    return render_template(
        f"settings/{section.value}.html",
        title=gettext(title),
        description=gettext(description),
        side=side(f"settings.{section.value}"),
        values=settings_form.shown(section, look) if values is None else values,
        look=look,
        can_change=Right.MANAGE_SETTINGS in may(),
        errors=errors,
        action=url_for(f"settings.save_{section.value}"),
        **_more(section, values, look),
    )


def _more(section: Section, values: Mapping[str, str] | None, look: SettingsLook) -> dict[str, object]:
    """What only one section needs."""
    match section:
        case Section.GENERAL:
            names = [{"value": code, "label": name} for code, name in language_names().items()]
            automatic = {"value": "", "label": gettext("As each person's browser asks")}
            return {"languages": [automatic, *names], "date_formats": options("date_format", DATE_FORMATS)}
        case Section.INVOICES:
            kinds = tuple(kind.value for kind in TermsKind if kind is not TermsKind.FIXED)
            return {
                "terms_kinds": options("terms", kinds),
                "delete_rules": options("delete_rule", DELETE_RULES),
                "examples": _examples(values or settings_form.shown(section, look), look),
            }
        case Section.METHODS:
            return _methods(values)
        case Section.CHECKOUT:
            return {"strategies": options("cart_strategy", STRATEGIES)}
        case _:
            return {}


def _examples(values: Mapping[str, str], look: SettingsLook) -> list[dict[str, object]]:
    """Per series its next number as it would be with what is typed."""
    labels = {"invoice": N_("Invoices"), "credit_memo": N_("Credit memos"), "payment": N_("Payments")}
    fields = {"invoice": "invoice_prefix", "credit_memo": "credit_prefix", "payment": "payment_prefix"}
    digits = values.get("invoice_digits", "")
    width = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 3 else 0
    rows: list[dict[str, object]] = []
    for series in SERIES:
        start = values.get(f"start-{series}", "")
        is_set = series in look.settings.number_starts
        begins = int(start) if start.isascii() and start.isdigit() and len(start) < 10 and not is_set else 0
        following = max(look.next_numbers[series], begins)
        example = f"{values.get(fields[series], '')}{following:0{min(width, 12)}d}"
        row = {"series": series, "label": gettext(labels[series]), "field": fields[series], "example": example}
        rows.append({**row, "is_set": is_set})
    return rows


def _methods(values: Mapping[str, str] | None) -> dict[str, object]:
    """The gateways, or why they cannot be listed now."""
    try:
        found = portal().list_methods(actor())
    except (StoreUnreachable, StoreDisconnected, ScopeMissing) as refusal:
        return {"methods": [], "trouble": told(refusal)}
    return {"methods": [_method(one, values) for one in found], "trouble": ""}


def _method(one: ShownMethod, values: Mapping[str, str] | None) -> dict[str, object]:
    reason = ""
    if not one.is_suitable:
        reason = gettext("Promises money later. An invoice paid with it would still be owed.")
    elif one.method.test_mode:
        reason = gettext("In test mode: it takes no real money.")
    ticked = one.is_ticked if values is None else one.method.id in request.form.getlist("ticked")
    return {
        "id": one.method.id,
        "name": one.method.name,
        "ticked": ticked,
        "suitable": one.is_suitable,
        "reason": reason,
    }


def _save(section: Section) -> ResponseReturnValue:
    look = portal().look_at_settings(actor())
    typed = Typed.read()
    wanted = settings_form.changes(section, typed, look.settings, look.currencies)
    first = settings_form.starts(typed) if section is Section.INVOICES else {}
    if request.form.get("action") == "preview":
        return _page(section, typed.values, [], look)
    if section is Section.LOOK and not typed.errors:
        # The logo is kept by a form of its own, and may have changed since this one was opened.
        wanted["letterhead"] = replace(wanted["letterhead"], logo_id=look.settings.letterhead.logo_id)
    if not typed.errors:
        try:
            portal().change_settings(actor(), section, wanted, first)
        except InputInvalid as refusal:
            typed.refuse(refusal)
    if typed.errors:
        return _page(section, typed.values, typed.errors, look), 422
    flash(gettext("Settings saved."), "success")
    return redirect(url_for(f"settings.{section.value}"), code=303)


def _add_section(section: Section) -> None:
    """A screen and its form per section, so that each is a route of its own in the table of rights."""

    @needs(Right.VIEW_SETTINGS)
    def show() -> ResponseReturnValue:
        return _page(section, None, [], portal().look_at_settings(actor()))

    @needs(Right.MANAGE_SETTINGS)
    def save() -> ResponseReturnValue:
        return _save(section)

    settings.add_url_rule(f"/{section.value}", section.value, show, methods=["GET"])
    settings.add_url_rule(f"/{section.value}", f"save_{section.value}", save, methods=["POST"])


for _section in TITLES:
    _add_section(_section)


# --- logo ------------------------------------------------------------------------------------------------
@settings.post("/logo")
@needs(Right.MANAGE_SETTINGS)
@takes_files(LARGEST_LOGO)
def keep_logo() -> ResponseReturnValue:
    """An uploaded picture, or none to take the logo off."""
    sent = request.files.get("logo")
    refusal: Refusal | None = None
    try:
        if request.form.get("action") == "remove":
            portal().keep_logo(actor(), None)
        elif sent is None or not sent.filename:
            raise InputInvalid("logo", "Choose a PNG or JPEG file.")
        else:
            portal().keep_logo(actor(), (sent.filename, sent.read(LARGEST_LOGO + 1)))
    except (InputInvalid, FileRefused) as found:
        refusal = found
    if refusal is not None:
        errors = field_errors(refusal, "logo")
        return _page(Section.LOOK, None, errors, portal().look_at_settings(actor())), 422
    flash(gettext("Settings saved."), "success")
    return redirect(url_for("settings.look"), code=303)
