"""The order dashboard."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal
from admin_app.guard import needs
from admin_app.language import N_, ngettext
from admin_app.language import gettext as _
from admin_app.presentation import invoice_badge
from admin_app.reading import (
    LARGEST_ID,
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
from domain.ids import new_id
from domain.listing import OrderFilter, OrderRow
from domain.order import CANCELLED, DECLINED
from domain.order_change import Proposal
from domain.roles import Right
from domain.use_cases.create_invoices import MOST_ORDERS, Run

orders = Blueprint("orders", __name__, url_prefix="/orders")

STATUSES = {
    1: N_("Pending"),
    2: N_("Shipped"),
    3: N_("Partially shipped"),
    4: N_("Refunded"),
    5: N_("Cancelled"),
    6: N_("Declined"),
    7: N_("Awaiting payment"),
    8: N_("Awaiting pickup"),
    9: N_("Awaiting shipment"),
    10: N_("Completed"),
    11: N_("Awaiting fulfillment"),
    12: N_("Manual verification required"),
    13: N_("Disputed"),
    14: N_("Partially refunded"),
}
ORDER = f"/<int(max={LARGEST_ID}):order_id>"
_VIEWS = (
    ("not_invoiced", N_("Not invoiced")),
    ("invoiced", N_("Invoiced")),
    ("all", N_("All")),
    ("historic", N_("Historic")),
)

PROPOSED = {
    Proposal.VOID: N_("The order was cancelled: void the invoice"),
    Proposal.CREDIT_MEMO: N_("Less is owed: issue a credit memo"),
    Proposal.UPDATE: N_("The order changed: update the invoice"),
    Proposal.SUPPLEMENT: N_("The order grew: write a supplementary invoice"),
}
"""What is proposed for an order that changed after its invoice was made (R-11)."""

_SORTS = ("placed", "-placed", "order", "-order", "total", "-total")


@orders.get("")
@needs(Right.VIEW_ORDERS)
def index() -> ResponseReturnValue:
    query = asked_filters()
    view = _view(query)
    chosen, limit = filter_of(query), per_page(query)
    found = at_cursor(lambda cursor: portal().list_orders(actor(), chosen, limit, cursor))
    companies = portal().list_companies(actor())
    shown = found.counts.get(view, 0)
    return render_template(
        "orders/list.html",
        sync=sync_state(found.sync.watermark, found.sync.progress, datetime.now(UTC)),
        failed=len(found.sync.failed),
        runs=[run_line(run) for run in found.runs if not run.is_done],
        can=may(),
        query=query,
        views=[
            {
                "label": _(label),
                "count": found.counts.get(key),
                "current": key == view,
                "changes": {"state": key, "cursor": None},
            }
            for key, label in _VIEWS
            if key != "historic" or found.counts.get(key) or view == key
        ],
        view=view,
        chips=_chips(query, company_name(companies, query.get("company", ""))),
        companies=company_choices(companies, _("All companies")),
        statuses=[
            {"value": "", "label": _("Any order status")},
            *({"value": str(key), "label": _(label)} for key, label in STATUSES.items()),
        ],
        rows=[_row(row) for row in found.page.rows],
        listing=listing(found.page, limit, ngettext("%(num)s order", "%(num)s orders", shown)),
        matching=min(shown, MOST_ORDERS),
        key=new_id(),
        ever=any(found.counts.get(key) for key in ("all", "historic")) or bool(query),
    )


def asked_filters() -> dict[str, str]:
    """What of the address chooses orders, for the list and its export."""
    return asked(
        q=str,
        number=number,
        company=number,
        status=one_of({str(status) for status in STATUSES}),
        placed_from=day,
        placed_to=day,
        state=one_of({key for key, _label in _VIEWS}),
        sort=one_of(_SORTS),
        limit=number,
    )


def _view(query: Mapping[str, str]) -> str:
    return query.get("state", "not_invoiced")


def filter_of(query: Mapping[str, str]) -> OrderFilter:
    view = _view(query)
    return OrderFilter(
        search=query.get("q", ""),
        number=query.get("number", ""),
        company_id=number(query.get("company")),
        invoiced={"invoiced": True, "not_invoiced": False}.get(view),
        historic=view == "historic",
        status_id=number(query.get("status")),
        placed_from=day(query.get("placed_from")),
        placed_to=day(query.get("placed_to")),
        sort=query.get("sort", "-placed"),
    )


def _chips(query: dict[str, str], company: str) -> list[dict[str, object]]:
    status = _(STATUSES.get(number(query.get("status")) or 0, ""))
    named = {**query, "company": company, "status": status}
    words = {
        "q": "“{}”",
        "number": _("Order {}"),
        "company": "{}",
        "status": "{}",
        "placed_from": _("Placed from {}"),
        "placed_to": _("Placed to {}"),
    }
    return chips({key: value for key, value in named.items() if key in query}, words)


def _row(row: OrderRow) -> dict[str, object]:
    cancelled = row.status_id in (CANCELLED, DECLINED) or row.is_archived
    state = "cancelled" if cancelled else "not_invoiceable" if row.why_not else "not_invoiced"
    status = row.invoice_status
    return {
        "id": row.id,
        "url": order_link(row.id),
        "company_name": row.company_name,
        "buyer_name": row.buyer_name,
        "po_number": row.po_number,
        "placed_at": row.placed_at,
        "store_status": row.status,
        "total": row.total,
        "state": state,
        "invoice": {
            "number": row.invoice_number,
            "url": url_for("invoices.show", invoice_id=row.invoice_id),
            "badge": invoice_badge(status, None, pending=False, overdue=False) if status else "open",
        }
        if row.invoice_id
        else None,
        "can_invoice": row.invoice_id is None and not row.why_not,
        "why_not": _("Cannot be invoiced: %(why)s.", why=_(row.why_not)) if row.why_not and not row.invoice_id else "",
        "proposal": _(PROPOSED[row.proposal]) if row.proposal else "",
    }


def run_line(run: Run) -> dict[str, object]:
    """A press of *Create for selected* in a line, with the way back to it."""
    return {"url": url_for("orders.show_run", run_id=run.id), "done": len(run.results), "total": len(run.orders)}
