"""Opening mode: our totals beside the ERP's, compared to the cent, and its end (R-12)."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, display, may, portal, today
from admin_app.guard import needs
from admin_app.language import gettext
from admin_app.presentation import plain_amount, typed_amount
from admin_app.reading import FieldErrors, day, field_errors
from admin_app.views.settings import settings, side
from domain.errors import AmountInvalid, CurrencyUnknown, InputInvalid, TotalsDiffer
from domain.money import Money
from domain.roles import Right


@settings.get("/opening")
@needs(Right.VIEW_SETTINGS)
def opening() -> ResponseReturnValue:
    return _page({}, {}, [])


def _page(values: Mapping[str, str], stated: Mapping[str, Money], errors: FieldErrors) -> str:
    seen = portal().look_at_opening(actor(), stated)
    shown = [
        {
            "currency": one.currency,
            "open": one.open,
            "credit": one.credit,
            "owed": one.owed,
            "stated": values.get(f"erp-{one.currency}", plain_amount(one.stated, display())),
            "apart": None if one.apart is None else abs(one.apart),
        }
        for one in seen.totals
    ]
    return render_template(
        "settings/opening.html",
        side=side("settings.opening"),
        can_change=Right.MANAGE_SETTINGS in may(),
        is_opening=seen.settings.is_opening,
        ended_on=seen.settings.cut_over,
        kept=seen.kept,
        totals=shown,
        cut_over_on=values.get("cut_over_on", today().isoformat()),
        no_erp=values.get("no_erp") == "yes",
        errors=errors,
    )


@settings.post("/opening")
@needs(Right.MANAGE_SETTINGS)
def end_opening() -> ResponseReturnValue:
    """`action` compare only shows how far apart the totals are."""
    values = {name: value[:100] for name, value in request.form.items()}
    stated, errors = _stated(values)
    cut_over = day(values.get("cut_over_on"))
    if cut_over is None:
        errors.append({"field": "cut_over_on", "message": gettext("Enter the cut-over date."), "code": "input_invalid"})
    if errors or values.get("action") == "compare" or cut_over is None:
        return _page(values, stated, errors), 422 if errors else 200
    try:
        portal().end_opening(actor(), cut_over, None if values.get("no_erp") == "yes" else stated)
    except (InputInvalid, TotalsDiffer) as refusal:
        return _page(values, stated, field_errors(refusal, cut_over="cut_over_on")), 409
    flash(gettext("Opening mode ended. Buyers hear about new invoices from now on."), "success")
    return redirect(url_for("settings.opening"), code=303)


def _stated(values: Mapping[str, str]) -> tuple[dict[str, Money], list[Mapping[str, str | None]]]:
    """The ERP's totals by currency; an empty field is one that was not asked."""
    stated: dict[str, Money] = {}
    errors: list[Mapping[str, str | None]] = []
    for name, text in values.items():
        currency = name.removeprefix("erp-")
        if name == currency or not text.strip():
            continue
        try:
            stated[currency] = Money.parse(typed_amount(text, display().locale), currency)
        except (AmountInvalid, CurrencyUnknown) as refusal:
            errors += field_errors(refusal, name)
    return stated, errors
