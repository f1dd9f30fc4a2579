"""The first page once opening mode has ended: figures per currency, what came in, what waits for a person."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from flask import render_template, request, url_for

from admin_app.charts import stacked_columns
from admin_app.context import actor, may, portal, signed_in, today
from admin_app.language import N_, ngettext
from admin_app.language import gettext as _
from admin_app.reading import sync_state
from domain.listing import PaymentRow
from domain.money import Money
from domain.overview import AGES, SOON, Debtor, Figures, Tally, due_between
from domain.roles import Right
from domain.use_cases.look_at_overview import Overview
from domain.use_cases.look_at_store import Onboarding

AGE_LABELS: Final = (
    N_("Not due"),
    N_("1–30 days late"),
    N_("31–60 days late"),
    N_("61–90 days late"),
    N_("Over 90 days late"),
)
"""How domain.overview.AGES read."""


def dashboard(seen: Onboarding) -> str:
    found = portal().look_at_overview(actor())
    home = signed_in().currency
    figures = sorted(found.figures, key=lambda one: (one.currency != home, one.currency))
    currencies = [one.currency for one in figures]
    wanted = request.args.get("currency", "")
    chosen = next((one for one in figures if one.currency == wanted), figures[0] if figures else None)
    sync = sync_state(seen.facts["orders.watermark"], seen.facts["sync.orders"], datetime.now(UTC))
    return render_template(
        "overview/overview.html",
        can=may(),
        sync=sync,
        currencies=[
            {"code": code, "url": url_for("overview.index", currency=code), "current": chosen.currency == code}
            for code in currencies
            if chosen
        ],
        chosen=chosen,
        figures=_figures(chosen) if chosen else [],
        ages=_ages(chosen) if chosen else [],
        weeks=_weeks(chosen) if chosen else [],
        columns=stacked_columns([(week.online, week.offline) for week in chosen.weeks]) if chosen else [],
        debtors=[_debtor(one) for one in chosen.debtors] if chosen else [],
        payments=[_payment(row) for row in found.payments],
        attention=_attention(found, seen, is_late=bool(sync["late"])),
    )


def _invoices(figures: Figures, status: str = "unpaid", **more: object) -> str:
    return url_for("invoices.index", status=status, currency=figures.currency, **more)  # type: ignore[arg-type]


def _figures(chosen: Figures) -> list[dict[str, object]]:
    month = today().replace(day=1)
    received = url_for("payments.index", received_from=month.isoformat(), received_to=today().isoformat())
    soon = {"due_from": today().isoformat(), "due_to": (today() + SOON).isoformat()}
    return [
        _figure(_("Open balance"), chosen.open, _invoices(chosen)),
        _figure(_("Overdue"), chosen.overdue, _invoices(chosen, "overdue"), late=True),
        _figure(_("Due in 7 days"), chosen.due_soon, _invoices(chosen, **soon)),
        {
            "label": _("Received this month"),
            "url": received if Right.VIEW_PAYMENTS in may() else None,
            "amount": chosen.received.amount,
            "note": ngettext("%(num)s payment", "%(num)s payments", chosen.received.count),
            "late": False,
        },
    ]


def _figure(label: str, tally: Tally, url: str, *, late: bool = False) -> dict[str, object]:
    note = ngettext("%(num)s invoice", "%(num)s invoices", tally.count)
    return {"label": label, "url": url, "amount": tally.amount, "note": note, "late": late}


def _ages(chosen: Figures) -> list[dict[str, object]]:
    found = []
    for age in range(len(AGES)):
        first, last = due_between(age, today())
        dates = {"due_from": first and first.isoformat(), "due_to": last and last.isoformat()}
        asked = {name: value for name, value in dates.items() if value}
        found.append({"label": _(AGE_LABELS[age]), "amount": chosen.ages[age], "url": _invoices(chosen, **asked)})
    return found


def _weeks(chosen: Figures) -> list[dict[str, object]]:
    return [
        {
            "begins": week.begins,
            "ends": _last_day(week.begins),
            "online": week.online,
            "offline": week.offline,
            "total": week.online + week.offline,
            "url": url_for(
                "payments.index",
                received_from=week.begins.isoformat(),
                received_to=_last_day(week.begins).isoformat(),
            ),
        }
        for week in chosen.weeks
    ]


def _last_day(monday: date) -> date:
    return monday + timedelta(days=6)


def _debtor(one: Debtor) -> dict[str, object]:
    return {
        "name": one.name,
        "url": url_for("invoices.index", status="overdue", company=one.company_id),
        "count": one.overdue.count,
        "amount": one.overdue.amount,
        "oldest_due": one.oldest_due,
    }


def _payment(row: PaymentRow) -> dict[str, object]:
    return {
        "number": row.number,
        "url": url_for("payments.show", payment_id=row.id),
        "company": row.company_name,
        "received_on": row.received_on,
        "amount": row.amount,
        "status": row.status.value,
    }


def _attention(found: Overview, seen: Onboarding, *, is_late: bool) -> list[dict[str, object]]:
    """What waits for a person, the most pressing first; nothing when all is well."""
    waiting: list[dict[str, object]] = []
    if found.open_reviews:
        text = ngettext("%(num)s item needs review", "%(num)s items need review", found.open_reviews)
        waiting.append(_entry("warning", text, url_for("reviews.index")))
    trouble = _trouble(seen.facts)
    if trouble:
        waiting.append(_entry("error", trouble, _health()))
    if is_late:
        waiting.append(_entry("warning", _("Orders have not synced for more than 15 minutes"), _health()))
    if Right.VIEW_PAYMENTS in may():
        available = url_for("payments.index", view="available")
        waiting.extend(
            _entry("info", _("Available credit of companies"), available, one.available_credit) for one in found.credit
        )
    return waiting


def _entry(tone: str, text: str, url: str | None, amount: Money | None = None) -> dict[str, object]:
    return {"tone": tone, "text": text, "url": url, "amount": amount}


def _health() -> str | None:
    return url_for("settings.health") if Right.MANAGE_SETTINGS in may() else None


def _trouble(facts: Mapping[str, Mapping[str, object]]) -> str:
    """What store health would show in red, in one line."""
    if facts["scopes"].get("missing"):
        return _("Permissions are missing in BigCommerce")
    setup = facts["setup"]
    if any(setup.get(name, "done") != "done" for name in ("hooks", "page", "script", "product")):
        return _("A part of the storefront is not set up")
    if facts["directory"].get("problem"):
        return _("Companies cannot be read from B2B Edition")
    return ""
