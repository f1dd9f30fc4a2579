"""The order dashboard and *Create invoice*."""

from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal
from admin_app.guard import needs
from admin_app.reading import (
    LARGEST_ID,
    FieldErrors,
    asked,
    at_cursor,
    chips,
    company_choices,
    company_name,
    day,
    field_errors,
    listing,
    number,
    one_of,
    per_page,
    sync_state,
    typed_day,
)
from admin_app.views.invoices import TERMS_FROM
from domain.errors import Refusal
from domain.listing import OrderFilter, OrderRow
from domain.money import Money
from domain.money import total as sum_of
from domain.roles import Right
from domain.use_cases.create_invoice import Choice, Prepared

orders = Blueprint("orders", __name__, url_prefix="/orders")

STATUSES = {
    1: "Pending",
    2: "Shipped",
    3: "Partially shipped",
    4: "Refunded",
    5: "Cancelled",
    6: "Declined",
    7: "Awaiting payment",
    8: "Awaiting pickup",
    9: "Awaiting shipment",
    10: "Completed",
    11: "Awaiting fulfillment",
    12: "Manual verification required",
    13: "Disputed",
    14: "Partially refunded",
}
_INVOICE_OF_ORDER = f"/<int(max={LARGEST_ID}):order_id>/invoice"
_VIEWS = (("not_invoiced", "Not invoiced"), ("invoiced", "Invoiced"), ("all", "All"))
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
        sync=sync_state(found.watermark, found.progress, datetime.now(UTC)),
        can=may(),
        query=query,
        views=[
            {
                "label": label,
                "count": found.counts.get(key),
                "current": key == view,
                "changes": {"state": key, "cursor": None},
            }
            for key, label in _VIEWS
        ],
        chips=_chips(query, company_name(companies, query.get("company", ""))),
        companies=company_choices(companies, "All companies"),
        statuses=[
            {"value": "", "label": "Any order status"},
            *({"value": str(key), "label": label} for key, label in STATUSES.items()),
        ],
        rows=[_row(row) for row in found.page.rows],
        listing=listing(found.page, limit, f"{shown} {'order' if shown == 1 else 'orders'}"),
        ever=bool(found.counts.get("all")) or bool(query),
        error=None,
    )


def asked_filters() -> dict[str, str]:
    """What of the address chooses orders, for the list and its export."""
    return asked(
        q=str,
        company=number,
        status=one_of({str(status) for status in STATUSES}),
        placed_from=day,
        placed_to=day,
        state=one_of({key for key, _ in _VIEWS}),
        sort=one_of(_SORTS),
        limit=number,
    )


def _view(query: Mapping[str, str]) -> str:
    return query.get("state", "not_invoiced")


def filter_of(query: Mapping[str, str]) -> OrderFilter:
    return OrderFilter(
        search=query.get("q", ""),
        company_id=number(query.get("company")),
        invoiced={"invoiced": True, "not_invoiced": False}.get(_view(query)),
        status_id=number(query.get("status")),
        placed_from=day(query.get("placed_from")),
        placed_to=day(query.get("placed_to")),
        sort=query.get("sort", "-placed"),
    )


def _chips(query: dict[str, str], company: str) -> list[dict[str, object]]:
    named = {**query, "company": company, "status": STATUSES.get(number(query.get("status")) or 0, "")}
    words = {
        "q": "“{}”",
        "company": "{}",
        "status": "{}",
        "placed_from": "Placed from {}",
        "placed_to": "Placed to {}",
    }
    return chips({key: value for key, value in named.items() if key in query}, words)


def _row(row: OrderRow) -> dict[str, object]:
    cancelled = row.status_id in (5, 6) or row.is_archived
    state = "invoiced" if row.invoice_id else "cancelled" if cancelled else "not_invoiced"
    if state == "not_invoiced" and row.why_not:
        state = "not_invoiceable"
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
        "invoice": {"number": row.invoice_number, "url": url_for("invoices.show", invoice_id=row.invoice_id)}
        if row.invoice_id
        else None,
        "can_invoice": row.invoice_id is None and not row.why_not,
        "why_not": f"Cannot be invoiced: {row.why_not}." if row.why_not else "",
        "changed": False,
    }


@orders.get(_INVOICE_OF_ORDER)
@needs(Right.CREATE_INVOICES)
def review(order_id: int) -> ResponseReturnValue:
    prepared = portal().prepare_invoice(actor(), order_id)
    if prepared.existing is not None:
        flash(f"Order {order_id} already has invoice {prepared.existing.number}.", "info")
        return redirect(url_for("invoices.show", invoice_id=prepared.existing.id), code=303)
    return _review_page(prepared, [], {})


@orders.post(_INVOICE_OF_ORDER)
@needs(Right.CREATE_INVOICES)
def create_invoice(order_id: int) -> ResponseReturnValue:
    form = request.form
    if form.get("action") == "check":
        return _review_page(portal().prepare_invoice(actor(), order_id, _ticked()), [], dict(form))
    try:
        created = portal().create_invoice(actor(), order_id, _choice())
    except Refusal as refusal:
        again = portal().prepare_invoice(actor(), order_id, _ticked())
        return _review_page(again, field_errors(refusal, keep="line"), dict(form)), 409
    words = "already has invoice" if created.existed else "is now invoice"
    flash(f"Order {order_id} {words} {created.number}.", "info" if created.existed else "success")
    return redirect(url_for("invoices.show", invoice_id=created.invoice_id), code=303)


def _ticked() -> tuple[int, ...] | None:
    """The lines ticked; None where no ticks were shown. What is no number is kept as a line no order has."""
    if not request.form.get("may_untick"):
        return None
    return tuple(number(key) or 0 for key in request.form.getlist("line"))


def _choice() -> Choice:
    """Dates only where they differ from what was proposed. Raises InputInvalid."""
    form = request.form
    issued_on, due_on = (
        None if form.get(name) == form.get(f"proposed_{name}") else typed_day(form, name)
        for name in ("issued_on", "due_on")
    )
    return Choice(_ticked(), issued_on, due_on, form.get("notes", "").strip()[:1000])


def _review_page(prepared: Prepared, errors: FieldErrors, form: dict[str, str]) -> str:
    order = prepared.order
    proposed = {"issued_on": prepared.issued_on.isoformat(), "due_on": prepared.due.on.isoformat()}
    return render_template(
        "orders/create_invoice.html",
        order={
            "id": order.id,
            "url": order_link(order.id),
            "company_name": prepared.company.name,
            "buyer_name": order.buyer_name,
            "placed_at": order.placed_at,
            "store_status": order.status,
        },
        draft=_draft(prepared, _ticked() if form else None),
        proposed=proposed,
        form={"notes": "", **proposed, **{name: form[name] for name in ("notes", *proposed) if name in form}},
        opening=portal().look_at_store(actor()).settings.is_opening,
        errors=errors,
        key=f"order-{order.id}",
    )


def _draft(prepared: Prepared, ticked: tuple[int, ...] | None) -> dict[str, object]:
    """The amounts of the lines ticked; of all of them where none can be left out."""
    order = prepared.order
    draft = prepared.draft if prepared.can_untick else prepared.whole
    total = draft.total(order.currency)
    return {
        "lines": [
            {
                "key": str(source.id),
                "sku": line.sku,
                "description": line.description,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "amount": line.amount,
                "included": ticked is None or source.id in ticked,
            }
            for source, line in zip(prepared.billed, prepared.whole.lines, strict=True)
        ],
        "cost_lines": [{"description": cost.description, "amount": cost.amount} for cost in draft.cost_lines],
        "currency": order.currency,
        "lines_total": sum_of((line.amount for line in draft.lines), order.currency),
        "total": total,
        "may_untick": prepared.can_untick,
        "received": _received(prepared),
        "balance": max(Money.zero(order.currency), total - prepared.captured),
        "po_number": order.po_number,
        "terms": prepared.due.words,
        "terms_from": TERMS_FROM.get(prepared.due.from_, ""),
        "finding": f"Lines and charges differ from the order total by {draft.difference}." if draft.difference else "",
    }


def _received(prepared: Prepared) -> list[dict[str, object]]:
    """What the order already paid, as one amount."""
    if not prepared.captured:
        return []
    label = prepared.order.payment_method or "Paid with the order"
    return [{"label": label, "on": prepared.order.placed_at.date(), "amount": prepared.captured}]
