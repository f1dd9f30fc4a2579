"""One invoice: what it says, what moved it, what may be done with it, and how its buyers see it."""

from collections.abc import Iterable
from typing import Final

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal, signed_in, today, told
from admin_app.guard import needs
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.presentation import invoice_badge
from admin_app.views.history import history_row
from admin_app.views.invoices import SOURCES, TERMS_FROM, channel_name, invoices
from admin_app.views.orders import PROPOSED
from domain.file import KeptFile, Purpose
from domain.invoice import ClosedBy, CostKind, Invoice, Removed, Status
from domain.ledger import Kind, SourceKind
from domain.listing import InvoicePayment, Moved
from domain.money import Money, total
from domain.order_change import ChangeKind, proposal_for
from domain.review import Review, ReviewKind
from domain.roles import Right
from domain.use_cases.invoice_acts import InvoiceAct
from domain.use_cases.look_at_invoices import InvoiceView


@invoices.get("/<uuid:invoice_id>")
@needs(Right.VIEW_INVOICES)
def show(invoice_id: object) -> ResponseReturnValue:
    view = portal().show_invoice(actor(), str(invoice_id))
    owed = view.row.balance.minor > 0 and view.invoice.removed is None
    return render_template(
        "invoices/detail.html",
        can=may(),
        invoice=document(view, owed),
        taxes=_taxes(view.invoice),
        payments=[_payment(one) for one in view.payments],
        movements=[_movement(one) for one in view.movements],
        files=[_file(view.invoice.id, one) for one in view.files],
        history=[history_row(entry, view.invoice.currency) for entry in view.history],
        notices=_notices(view),
        changed=_changed(view),
        acts={act.value for act, refusal in view.acts.items() if refusal is None},
        why_not=_why_not(view),
        can_record=owed and view.row.pending is None,
    )


def document(view: InvoiceView, owed: bool) -> dict[str, object]:
    """The invoice as templates read it."""
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
        "company_id": invoice.company_id,
        "company_name": invoice.company_name,
        "currency": invoice.currency,
        "source": _(SOURCES[invoice.source.value]),
        "external_number": invoice.external_number or "",
        "external_id": invoice.external_id or "",
        "channel": channel_name(invoice.channel_id) if invoice.channel_id else "",
        "po_number": content.po_number,
        "order": {"number": str(invoice.order_id), "url": order_link(invoice.order_id)} if invoice.order_id else None,
        "issued_on": content.issued_on,
        "due_on": content.due_on,
        "owed": owed,
        "terms": content.terms_text,
        "terms_from": _(TERMS_FROM.get(content.due_from, "")),
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
        "extra_fields": [{"name": name, "value": value} for name, value in content.extra_fields.items()],
        "silent": invoice.silent,
        "removed": invoice.removed.value if invoice.removed else "",
        "written_off": invoice.account.written_off > 0,
    }


def _settlements(invoice: Invoice) -> list[dict[str, object]]:
    account = invoice.account
    parts = ((_("Paid"), account.paid), (_("Credited"), account.credited), (_("Written off"), account.written_off))
    return [{"label": label, "amount": Money(minor, invoice.currency)} for label, minor in parts if minor]


def _taxes(invoice: Invoice) -> list[dict[str, object]]:
    """One row per tax line with its rate; a line's own tax is its share of these (R-6)."""
    taxes = [cost for cost in invoice.content.cost_lines if cost.kind is CostKind.TAX]
    return [{"description": cost.description, "rate": cost.rate, "amount": cost.amount} for cost in taxes]


def _payment(one: InvoicePayment) -> dict[str, object]:
    return {
        "number": one.number,
        "url": url_for("credit_memos.show", memo_id=one.source_id)
        if one.is_credit_memo
        else url_for("payments.show", payment_id=one.source_id),
        "received_on": one.received_on,
        "method": one.method,
        "memo": one.memo,
        "status": one.status,
        "needs_review": False,
        "amount": one.amount,
    }


MOVED: Final = {
    Kind.INVOICED: N_("Invoiced"),
    Kind.ADJUSTED: N_("Total changed"),
    Kind.VOIDED: N_("Voided"),
    Kind.DELETED: N_("Deleted"),
    Kind.RESTORED: N_("Restored"),
    Kind.ALLOCATED: N_("Applied"),
    Kind.DEALLOCATED: N_("Taken back"),
    Kind.WRITTEN_OFF: N_("Written off"),
    Kind.WRITE_OFF_REVERSED: N_("Write-off reversed"),
}
"""Movements of an invoice in words."""


def _movement(one: Moved) -> dict[str, object]:
    is_payment = one.source_kind is SourceKind.PAYMENT
    return {
        "label": _(MOVED[one.kind]),
        "source": one.source_number,
        "url": url_for("payments.show", payment_id=one.source_id) if is_payment else "",
        "effective_on": one.effective_on,
        "recorded_at": one.recorded_at,
        "who": one.who,
        "effect": one.effect,
        "balance": one.balance,
    }


def _file(invoice_id: str, kept: KeptFile) -> dict[str, object]:
    return {
        "name": kept.name,
        "kilobytes": max(1, round(kept.size / 1024)),
        "official": kept.head.purpose is Purpose.OFFICIAL,
        "url": url_for("invoices.download_file", invoice_id=invoice_id, file_id=kept.id),
        "remove_url": url_for("invoices.remove_file", invoice_id=invoice_id, file_id=kept.id),
    }


_WHY_NOT: Final = (InvoiceAct.EDIT, InvoiceAct.DELETE, InvoiceAct.VOID)


def _why_not(view: InvoiceView) -> list[dict[str, str]]:
    """The acts that are not open to the person, each with the sentence the server would refuse it with."""
    wanted: Iterable[InvoiceAct] = (InvoiceAct.RESTORE,) if view.invoice.removed is Removed.DELETED else _WHY_NOT
    refused = [(act, view.acts[act]) for act in wanted if act in view.acts]
    return [{"act": act.value, "why": told(refusal)} for act, refusal in refused if refusal is not None]


def _notices(view: InvoiceView) -> list[dict[str, str]]:
    notices = [review_notice(review) for review in view.reviews if not _is_change(review)]
    if view.invoice.status is Status.CLOSED:
        text = _("It is settled, so number, lines, totals and dates stay as they are.")
        notices.append({"tone": "info", "title": _("This invoice is closed"), "text": text, "url": "", "link": ""})
    if view.invoice.removed is Removed.VOID:
        text = _("It is owed nothing and its number is not used again.")
        notices.append({"tone": "warning", "title": _("This invoice is void"), "text": text, "url": "", "link": ""})
    if view.invoice.removed is Removed.DELETED:
        text = _("It is owed nothing, and a buyer who has its link reads that it was withdrawn.")
        notices.append({"tone": "warning", "title": _("This invoice is deleted"), "text": text, "url": "", "link": ""})
    return notices


def _is_change(review: Review) -> bool:
    return review.kind is ReviewKind.ORDER_CHANGED and "change" in review.facts


def _changed(view: InvoiceView) -> dict[str, str] | None:
    """What the order came to, and the act proposed (R-11)."""
    for review in filter(_is_change, view.reviews):
        proposal = proposal_for(ChangeKind(review.facts["change"]), view.invoice.status)
        if proposal is None or review.facts.get("invoice_id") != view.invoice.id:
            continue
        expected = _("Expected %(expected)s; found %(found)s.", expected=review.expected, found=review.found)
        url = url_for("orders.compare", order_id=view.invoice.order_id) if Right.VIEW_ORDERS in may() else ""
        return {"title": _(PROPOSED[proposal]), "text": expected, "url": url}
    return None


def review_notice(review: Review) -> dict[str, str]:
    return {
        "tone": "warning",
        "title": _("Needs review"),
        "text": _("Expected %(expected)s; found %(found)s.", expected=review.expected, found=review.found),
        "url": url_for("reviews.index"),
        "link": _("See reviews"),
    }


@invoices.get("/<uuid:invoice_id>/as-buyer")
@needs(Right.VIEW_INVOICES)
def as_buyer(invoice_id: object) -> ResponseReturnValue:
    view = portal().preview_invoice(actor(), str(invoice_id))
    owed = view.row.balance.minor > 0 and view.invoice.removed is None
    return render_template(
        "invoices/as_buyer.html",
        invoice=document(view, owed),
        state=_buyers_badge(view),
        paid=view.invoice.paid,
        payments=[_payment(one) for one in view.payments],
        seller={"name": signed_in().store_name, "lines": portal().look_at_store(actor()).settings.seller_address},
    )


def _buyers_badge(view: InvoiceView) -> str:
    """Buyers never read “written off”: what closed it is all the same to them (R-3)."""
    invoice = view.invoice
    if invoice.removed is None and invoice.status is Status.CLOSED:
        return "paid" if invoice.closed_by in (None, ClosedBy.PAID) else "closed"
    return invoice_badge(
        invoice.status, invoice.closed_by, pending=bool(view.row.pending), overdue=invoice.is_overdue(today())
    )
