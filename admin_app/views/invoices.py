"""The invoice dashboard and one invoice."""

from datetime import UTC, date, datetime
from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal, signed_in, today
from admin_app.guard import needs
from admin_app.presentation import invoice_badge
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
from domain.invoice import ClosedBy, Invoice, Source, Status
from domain.listing import HistoryEntry, InvoiceFilter, InvoiceRow, View
from domain.money import Money, total
from domain.review import Review
from domain.roles import Right
from domain.terms import DueFrom
from domain.use_cases.look_at_invoices import InvoiceView

invoices = Blueprint("invoices", __name__, url_prefix="/invoices")

_VIEWS: Final = (
    (View.ALL, "All"),
    (View.UNPAID, "Unpaid"),
    (View.OVERDUE, "Overdue"),
    (View.PARTIALLY_PAID, "Partially paid"),
    (View.CLOSED, "Paid"),
    (View.VOID, "Void"),
    (View.DELETED, "Deleted"),
)
TERMS_FROM: Final = {
    DueFrom.COMPANY_TERMS: "Payment terms of the company",
    DueFrom.B2B_TERMS: "Payment terms of the company in B2B Edition",
    DueFrom.STORE_DEFAULT: "Default of the store",
}
"""Where terms come from, in words; nothing for a due date that was stated or typed."""

_SOURCES: Final = {"order": "Order", "erp": "ERP", "manual": "Manual"}
_SORTED: Final = {
    "due": "sorted by due date, oldest first",
    "-due": "sorted by due date, newest first",
    "issued": "sorted by issue date, oldest first",
    "-issued": "sorted by issue date, newest first",
    "number": "sorted by number",
    "-number": "sorted by number, descending",
    "total": "sorted by total, smallest first",
    "-total": "sorted by total, largest first",
    "balance": "sorted by balance, smallest first",
    "-balance": "sorted by balance, largest first",
    "company": "sorted by company",
    "-company": "sorted by company, descending",
}


@invoices.get("")
@needs(Right.VIEW_INVOICES)
def index() -> ResponseReturnValue:
    query = asked(
        q=str,
        company=number,
        source=one_of(_SOURCES),
        issued_from=day,
        issued_to=day,
        due_from=day,
        due_to=day,
        status=one_of(set(View)),
        sort=one_of(_SORTED),
        limit=number,
    )
    chosen = _filter(query)
    limit = per_page(query)
    found = at_cursor(lambda cursor: portal().list_invoices(actor(), chosen, limit, cursor))
    companies = portal().list_companies(actor())
    facts = portal().look_at_store(actor()).facts
    count = found.counts.get(chosen.view.value, 0)
    return render_template(
        "invoices/list.html",
        sync=sync_state(facts["orders.watermark"], facts["sync.orders"], datetime.now(UTC)),
        can=may(),
        query=query,
        views=[
            {
                "label": label,
                "count": found.counts.get(view.value),
                "current": view is chosen.view,
                "changes": {"status": view.value, "cursor": None},
            }
            for view, label in _VIEWS
        ],
        chips=_chips(query, company_name(companies, query.get("company", ""))),
        companies=company_choices(companies, "All companies"),
        sources=_choices("Any source", _SOURCES),
        rows=[_row(row, today()) for row in found.page.rows],
        listing=listing(
            found.page,
            limit,
            f"{count} {'invoice' if count == 1 else 'invoices'}",
            open=[one.open for one in found.totals if one.open],
        ),
        sorted=_SORTED.get(chosen.sort, ""),
        currency=signed_in().currency,
        ever=bool(found.counts.get(View.ALL.value)) or bool(query),
        error=None,
    )


def _filter(query: dict[str, str]) -> InvoiceFilter:
    return InvoiceFilter(
        view=View(query.get("status", View.UNPAID)),
        search=query.get("q", ""),
        company_id=number(query.get("company")),
        source=Source(query["source"]) if "source" in query else None,
        issued_from=day(query.get("issued_from")),
        issued_to=day(query.get("issued_to")),
        due_from=day(query.get("due_from")),
        due_to=day(query.get("due_to")),
        sort=query.get("sort", "due"),
    )


def _choices(whole: str, values: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": "", "label": whole}, *({"value": key, "label": label} for key, label in values.items())]


def _chips(query: dict[str, str], company: str) -> list[dict[str, object]]:
    named = {**query, "company": company, "source": _SOURCES.get(query.get("source", ""), "")}
    words = {
        "q": "“{}”",
        "company": "{}",
        "source": "{}",
        "issued_from": "Issued from {}",
        "issued_to": "Issued to {}",
        "due_from": "Due from {}",
        "due_to": "Due to {}",
    }
    return chips({key: value for key, value in named.items() if key in query}, words)


def _row(row: InvoiceRow, on: date) -> dict[str, object]:
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
        "source": row.source.value,
        "issued_on": row.issued_on,
        "due_on": row.due_on,
        "owed": owed,
        "total": row.total,
        "paid": row.paid,
        "balance": row.balance,
        "pending": row.pending,
        "badge": invoice_badge(row.status, closed, pending=bool(row.pending), overdue=owed and row.due_on < on),
        "can_record": owed and row.pending is None,
    }


@invoices.get("/<uuid:invoice_id>")
@needs(Right.VIEW_INVOICES)
def show(invoice_id: object) -> ResponseReturnValue:
    view = portal().show_invoice(actor(), str(invoice_id))
    owed = view.row.balance.minor > 0 and view.invoice.removed is None
    return render_template(
        "invoices/detail.html",
        can=may(),
        invoice=_document(view, owed),
        payments=[
            {
                "number": one.number,
                "url": "" if one.is_credit_memo else url_for("payments.show", payment_id=one.source_id),
                "received_on": one.received_on,
                "method": one.method,
                "memo": one.memo,
                "status": one.status,
                "needs_review": False,
                "amount": one.amount,
            }
            for one in view.payments
        ],
        history=[history_row(entry) for entry in view.history],
        notices=_notices(view),
        can_record=owed and view.row.pending is None,
    )


def _document(view: InvoiceView, owed: bool) -> dict[str, object]:
    invoice, row = view.invoice, view.row
    content = invoice.content
    return {
        "id": invoice.id,
        "number": invoice.number,
        "badge": invoice_badge(
            invoice.status,
            invoice.closed_by,
            pending=bool(row.pending),
            overdue=invoice.is_overdue(today()),
        ),
        "company_name": invoice.company_name,
        "currency": invoice.currency,
        "source": invoice.source.value,
        "external_number": invoice.external_number or "",
        "external_id": invoice.external_id or "",
        "po_number": content.po_number,
        "order": {"number": str(invoice.order_id), "url": order_link(invoice.order_id)} if invoice.order_id else None,
        "issued_on": content.issued_on,
        "due_on": content.due_on,
        "owed": owed,
        "terms": content.terms_text,
        "terms_from": TERMS_FROM.get(content.due_from, ""),
        "lines": content.lines,
        "lines_total": total((line.amount for line in content.lines), invoice.currency),
        "cost_lines": content.cost_lines,
        "total": invoice.total,
        "settlements": _settlements(invoice),
        "balance": invoice.balance,
        "pending": row.pending,
        "pending_since": row.pending_since,
        "billing": content.billing_address.lines,
        "shipping": [address.lines for address in content.shipping_addresses if address.lines],
        "notes": content.notes,
        "terms_text": content.terms_text,
        "extra_fields": [{"name": name, "value": value} for name, value in content.extra_fields.items()],
        "silent": invoice.silent,
    }


def _settlements(invoice: Invoice) -> list[dict[str, object]]:
    account = invoice.account
    parts = (("Paid", account.paid), ("Credited", account.credited), ("Written off", account.written_off))
    return [{"label": label, "amount": Money(minor, invoice.currency)} for label, minor in parts if minor]


_ACTS: Final = {
    "invoice.created": "created this invoice from the order",
    "invoice.imported": "sent this invoice from the ERP",
    "invoice.updated": "edited this invoice",
    "invoice.updated_by_erp": "changed this invoice from the ERP",
    "invoice.deleted": "deleted this invoice",
    "invoice.restored": "restored this invoice",
    "invoice.voided": "voided this invoice",
    "payment.recorded": "recorded this payment",
    "payment.settled": "settled an online payment",
    "payment.refunded": "booked money sent back",
    "payment.pending": "saw a payment on its way",
    "payment.reversed": "reversed this payment",
    "payment.read_from_order": "read the order's payment",
}


def history_row(entry: HistoryEntry) -> dict[str, object]:
    """One line of a history; an act without words of its own is shown by its name."""
    return {
        "at": entry.at,
        "who": entry.who,
        "text": _ACTS.get(entry.what, entry.what.replace(".", " ").replace("_", " ")),
        "amount": None,
        "reason": entry.texts.get("reason", ""),
    }


def _notices(view: InvoiceView) -> list[dict[str, str]]:
    notices = [review_notice(review) for review in view.reviews]
    if view.invoice.status is Status.CLOSED:
        text = "It is settled, so number, lines, totals and dates stay as they are."
        notices.append({"tone": "info", "title": "This invoice is closed", "text": text, "url": "", "link": ""})
    if view.invoice.removed is not None:
        text = "It is owed nothing and its number is not used again."
        title = f"This invoice is {view.invoice.status.value}"
        notices.append({"tone": "warning", "title": title, "text": text, "url": "", "link": ""})
    return notices


def review_notice(review: Review) -> dict[str, str]:
    return {
        "tone": "warning",
        "title": "Needs review",
        "text": f"Expected {review.expected}; found {review.found}.",
        "url": url_for("reviews.index"),
        "link": "See reviews",
    }
