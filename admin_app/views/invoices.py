"""The invoice dashboard: filters and totals; single invoices are in the modules beside."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, display, may, order_link, portal, signed_in, today
from admin_app.guard import needs
from admin_app.language import N_, ngettext
from admin_app.language import gettext as _
from admin_app.presentation import invoice_badge, typed_amount
from admin_app.presentation import money as money_text
from admin_app.reading import (
    asked,
    at_cursor,
    chips,
    company_choices,
    company_name,
    day,
    listing,
    number,
    one_of,
    per_page,
    sync_state,
)
from admin_app.views.history import history_row
from domain.errors import Refusal
from domain.invoice import ClosedBy, Source, Status
from domain.listing import InvoiceFilter, InvoiceRow, View
from domain.money import ISO_DIGITS, Money
from domain.roles import Right
from domain.store import Profile
from domain.terms import DueFrom
from domain.use_cases.look_at_invoices import InvoiceList

__all__ = ["SOURCES", "TERMS_FROM", "history_row", "invoices"]

invoices = Blueprint("invoices", __name__, url_prefix="/invoices")

_VIEWS: Final = (
    (View.ALL, N_("All")),
    (View.UNPAID, N_("Unpaid")),
    (View.OVERDUE, N_("Overdue")),
    (View.PARTIALLY_PAID, N_("Partially paid")),
    (View.CLOSED, N_("Paid")),
    (View.VOID, N_("Void")),
    (View.DELETED, N_("Deleted")),
)
TERMS_FROM: Final = {
    DueFrom.COMPANY_TERMS: N_("Payment terms of the company"),
    DueFrom.B2B_TERMS: N_("Payment terms of the company in B2B Edition"),
    DueFrom.STORE_DEFAULT: N_("Default of the store"),
}
"""Where terms come from, in words; nothing for a due date that was stated or typed."""

SOURCES: Final = {"order": N_("Order"), "erp": N_("ERP"), "manual": N_("Manual")}
_SORTED: Final = {
    "due": N_("sorted by due date, oldest first"),
    "-due": N_("sorted by due date, newest first"),
    "issued": N_("sorted by issue date, oldest first"),
    "-issued": N_("sorted by issue date, newest first"),
    "number": N_("sorted by number"),
    "-number": N_("sorted by number, descending"),
    "total": N_("sorted by total, smallest first"),
    "-total": N_("sorted by total, largest first"),
    "balance": N_("sorted by balance, smallest first"),
    "-balance": N_("sorted by balance, largest first"),
    "company": N_("sorted by company"),
    "-company": N_("sorted by company, descending"),
}
AMOUNTS: Final = ("total_from", "total_to")
MOST_TICKED: Final = 100
"""As many as a page has rows."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@invoices.get("")
@needs(Right.VIEW_INVOICES)
def index() -> ResponseReturnValue:
    query = asked_filters()
    chosen = filter_of(query)
    limit = per_page(query)
    found = at_cursor(lambda cursor: portal().list_invoices(actor(), chosen, limit, cursor))
    companies = portal().list_companies(actor())
    store = portal().look_at_store(actor())
    count = found.counts.get(chosen.view.value, 0)
    return render_template(
        "invoices/list.html",
        sync=sync_state(store.facts["orders.watermark"], store.facts["sync.orders"], datetime.now(UTC)),
        can=may(),
        query=query,
        views=[
            {
                "label": _(label),
                "count": found.counts.get(view.value),
                "current": view is chosen.view,
                "changes": {"status": view.value, "cursor": None},
            }
            for view, label in _VIEWS
        ],
        view=chosen.view.value,
        chips=_chips(query, chosen, company_name(companies, query.get("company", ""))),
        companies=company_choices(companies, _("All companies")),
        sources=_choices(_("Any source"), {key: _(label) for key, label in SOURCES.items()}),
        currencies=_choices(_("Any currency"), {code: code for code in _currencies(store.profile, found)}),
        channels=_channels(store.profile),
        rows=[_row(row, today(), may()) for row in found.page.rows],
        listing=listing(found.page, limit, ngettext("%(num)s invoice", "%(num)s invoices", count)),
        sums=found.sums,
        sorted=_(_SORTED.get(chosen.sort, "")),
        currency=signed_in().currency,
        ever=bool(found.counts.get(View.ALL.value)) or bool(found.counts.get(View.DELETED.value)) or bool(query),
        restricted=actor().companies is not None,
    )


def asked_filters() -> dict[str, str]:
    """The filters of the dashboard in the address, as an export takes them over too. An amount that is none of its
    currency's counts as not given."""
    query = asked(
        q=str,
        number=str,
        company=number,
        order=number,
        source=one_of(SOURCES),
        channel=number,
        currency=one_of(ISO_DIGITS),
        total_from=str,
        total_to=str,
        issued_from=day,
        issued_to=day,
        due_from=day,
        due_to=day,
        status=one_of(set(View)),
        sort=one_of(_SORTED),
        limit=number,
    )
    ticked = request.args.getlist("invoice") or request.args.get("ids", "").split(",")
    ids = [one for one in ticked[:MOST_TICKED] if _UUID.fullmatch(one)]
    if ids:
        query["ids"] = ",".join(ids)
    return {name: value for name, value in query.items() if name not in AMOUNTS or _amount(query, name) is not None}


def filter_of(query: Mapping[str, str]) -> InvoiceFilter:
    """What the filters mean; what is owed, oldest due first, unless asked otherwise or single ones were ticked."""
    return InvoiceFilter(
        view=View(query.get("status", View.ALL if "ids" in query else View.UNPAID)),
        ids=tuple(query["ids"].split(",")) if "ids" in query else None,
        search=query.get("q", ""),
        number=query.get("number", ""),
        company_id=number(query.get("company")),
        order_id=number(query.get("order")),
        source=Source(query["source"]) if "source" in query else None,
        channel_id=number(query.get("channel")),
        currency=query.get("currency"),
        total_from=_amount(query, "total_from"),
        total_to=_amount(query, "total_to"),
        issued_from=day(query.get("issued_from")),
        issued_to=day(query.get("issued_to")),
        due_from=day(query.get("due_from")),
        due_to=day(query.get("due_to")),
        sort=query.get("sort", "due"),
    )


def _amount(query: Mapping[str, str], name: str) -> Money | None:
    """In the currency chosen, else in the store's own; None for what is no amount of it."""
    if name not in query:
        return None
    try:
        return Money.parse(typed_amount(query[name], display().locale), query.get("currency") or signed_in().currency)
    except Refusal:
        return None


def _currencies(profile: Profile | None, found: InvoiceList) -> list[str]:
    """Those of the store, and those something is owed in."""
    of_store = (profile.currency, *profile.transactional_currencies) if profile else (signed_in().currency,)
    return list(dict.fromkeys([*of_store, *(one.currency for one in found.totals)]))


def _channels(profile: Profile | None) -> list[dict[str, str]]:
    """Storefronts to choose from; none where there is one only."""
    ids: Sequence[int] = profile.channel_ids if profile else ()
    return _choices(_("Any channel"), {str(one): channel_name(one) for one in ids}) if len(ids) > 1 else []


def channel_name(channel_id: int) -> str:
    return _("Channel %(id)s", id=channel_id)


def _choices(whole: str, values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": "", "label": whole}, *({"value": key, "label": label} for key, label in values.items())]


def _chips(query: Mapping[str, str], chosen: InvoiceFilter, company: str) -> list[dict[str, object]]:
    named = {
        **query,
        "company": company,
        "source": _(SOURCES.get(query.get("source", ""), "")),
        "ids": ngettext("%(num)s selected", "%(num)s selected", len(chosen.ids or ())),
        "total_from": money_text(chosen.total_from, display()) if chosen.total_from else "",
        "total_to": money_text(chosen.total_to, display()) if chosen.total_to else "",
    }
    words = {
        "ids": "{}",
        "q": "“{}”",
        "number": _("Number “{}”"),
        "company": "{}",
        "order": _("Order {}"),
        "source": "{}",
        "channel": _("Channel {}"),
        "currency": "{}",
        "total_from": _("Total from {}"),
        "total_to": _("Total to {}"),
        "issued_from": _("Issued from {}"),
        "issued_to": _("Issued to {}"),
        "due_from": _("Due from {}"),
        "due_to": _("Due to {}"),
    }
    return chips({key: value for key, value in named.items() if key in query}, words)


def _row(row: InvoiceRow, on: date, can: Iterable[Right]) -> dict[str, object]:
    owed = row.balance.minor > 0 and row.status in (Status.OPEN, Status.PARTIALLY_PAID)
    closed = ClosedBy(row.closed_by) if row.closed_by else None
    return {
        "id": row.id,
        "number": row.number,
        "url": url_for("invoices.show", invoice_id=row.id),
        "order_number": str(row.order_id or ""),
        "po_number": row.po_number,
        "order_url": order_link(row.order_id) if row.order_id else None,
        "company_name": row.company_name,
        "source": _(SOURCES[row.source.value]),
        "issued_on": row.issued_on,
        "due_on": row.due_on,
        "owed": owed,
        "total": row.total,
        "paid": row.paid,
        "balance": row.balance,
        "pending": row.pending,
        "badge": invoice_badge(row.status, closed, pending=bool(row.pending), overdue=owed and row.due_on < on),
        "can_record": owed and row.pending is None,
        "acts": _acts(row.status, set(can)),
    }


def _acts(status: Status, can: set[Right]) -> list[str]:
    """What the menu of a row offers: its state and the person's rights allow it; settings are asked when it is done."""
    offered = {
        "edit": (Right.EDIT_INVOICES, {Status.OPEN, Status.PARTIALLY_PAID}),
        "void": (Right.VOID_INVOICES, {Status.OPEN}),
        "delete": (Right.DELETE_INVOICES, {Status.OPEN}),
        "restore": (Right.DELETE_INVOICES, {Status.DELETED}),
    }
    return [act for act, (right, states) in offered.items() if right in can and status in states]
