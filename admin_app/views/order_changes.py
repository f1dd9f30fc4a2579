"""An order that changed after its invoice was made: both side by side, and the act proposed (R-11)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal
from admin_app.guard import needs
from admin_app.language import gettext as _
from admin_app.reading import field_errors, number
from admin_app.views.orders import ORDER, PROPOSED, orders
from domain.errors import (
    ChangedMeanwhile,
    InputInvalid,
    LessThanSettled,
    NotEditable,
    NotInvoiceable,
    NotInvoiced,
    Refusal,
)
from domain.invoice import Invoice
from domain.order_change import Difference, Proposal
from domain.roles import Right
from domain.use_cases.follow_order import Compared


@orders.get(ORDER + "/changes")
@needs(Right.VIEW_ORDERS)
def compare(order_id: int) -> ResponseReturnValue:
    return _page(portal().compare_order(actor(), order_id), None)


@orders.post(ORDER + "/changes")
@needs(Right.EDIT_INVOICES)
def update_invoice(order_id: int) -> ResponseReturnValue:
    """*Update invoice*: it takes the lines the order has now."""
    try:
        invoice = portal().update_from_order(actor(), order_id, number(request.form.get("version")) or 0)
    except (ChangedMeanwhile, InputInvalid, LessThanSettled, NotEditable, NotInvoiceable, NotInvoiced) as refusal:
        return _page(portal().compare_order(actor(), order_id), refusal), 409
    flash(_("%(number)s now says what order %(order)s says.", number=invoice.number, order=order_id), "success")
    return redirect(url_for("invoices.show", invoice_id=invoice.id), code=303)


def _page(found: Compared, refusal: Refusal | None) -> str:
    change, order, invoice = found.change, found.order, found.invoice
    proposal = change.proposal if change else None
    document = None
    if invoice is not None:
        url = url_for("invoices.show", invoice_id=invoice.id)
        document = {"number": invoice.number, "version": invoice.version, "url": url}
    return render_template(
        "orders/compare.html",
        order={"id": order.id, "url": order_link(order.id), "store_status": order.status, "is_gone": order.is_gone},
        invoice=document,
        change=change,
        rows=[_row(one) for one in change.differences] if change else [],
        proposal=proposal.value if proposal else "",
        proposed=_(PROPOSED[proposal]) if proposal else "",
        act=_act(invoice, proposal) if invoice else None,
        errors=field_errors(refusal) if refusal else [],
        can=may(),
    )


def _row(one: Difference) -> dict[str, object]:
    return {
        "label": one.label,
        "sku": one.sku,
        "invoiced": one.invoiced,
        "ordered": one.ordered,
        "invoiced_quantity": one.invoiced_quantity,
        "ordered_quantity": one.ordered_quantity,
    }


def _act(invoice: Invoice, proposal: Proposal | None) -> dict[str, str] | None:
    """Where the act proposed is done, if the person may; updating is a form of this page."""
    match proposal:
        case Proposal.VOID if Right.VOID_INVOICES in may():
            return {"url": url_for("invoices.void", invoice_id=invoice.id), "label": _("Void invoice")}
        case Proposal.CREDIT_MEMO if Right.CREDIT in may():
            return {"url": url_for("credit_memos.new", invoice=invoice.id), "label": _("Issue credit memo")}
        case Proposal.SUPPLEMENT if Right.CREATE_INVOICES in may():
            return {"url": url_for("invoices.new", company=invoice.company_id), "label": _("Create invoice")}
        case _:
            return None
