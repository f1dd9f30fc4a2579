"""What is done to an invoice with one decision: delete, restore, void; its files; and the register of numbers."""

from typing import Final

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, portal, told
from admin_app.downloads import download, uploaded
from admin_app.guard import needs, takes_files
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.reading import FieldErrors, field_errors, number
from admin_app.views.invoices import invoices
from domain.errors import NotFound, Refusal
from domain.file import DOCUMENTS, LARGEST_UPLOAD
from domain.listing import NumberState, TakenNumber
from domain.roles import Right


@invoices.get("/<uuid:invoice_id>/delete")
@needs(Right.DELETE_INVOICES)
def delete(invoice_id: object) -> ResponseReturnValue:
    return _decision("delete", str(invoice_id))


@invoices.post("/<uuid:invoice_id>/delete")
@needs(Right.DELETE_INVOICES)
def confirm_delete(invoice_id: object) -> ResponseReturnValue:
    try:
        gone = portal().delete_invoice(actor(), str(invoice_id))
    except NotFound:
        raise
    except Refusal as refusal:
        return _decision("delete", str(invoice_id), "", field_errors(refusal)), 409
    flash(_("%(number)s deleted. You find it under Deleted.", number=gone.number), "success")
    return redirect(url_for("invoices.index"), code=303)


@invoices.post("/<uuid:invoice_id>/restore")
@needs(Right.DELETE_INVOICES)
def restore(invoice_id: object) -> ResponseReturnValue:
    try:
        back = portal().restore_invoice(actor(), str(invoice_id))
    except NotFound:
        raise
    except Refusal as refusal:
        flash(told(refusal), "error")
    else:
        flash(_("%(number)s restored.", number=back.number), "success")
    return redirect(url_for("invoices.show", invoice_id=invoice_id), code=303)


@invoices.get("/<uuid:invoice_id>/void")
@needs(Right.VOID_INVOICES)
def void(invoice_id: object) -> ResponseReturnValue:
    return _decision("void", str(invoice_id))


@invoices.post("/<uuid:invoice_id>/void")
@needs(Right.VOID_INVOICES)
def confirm_void(invoice_id: object) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()[:500]
    try:
        gone = portal().void_invoice(actor(), str(invoice_id), reason)
    except NotFound:
        raise
    except Refusal as refusal:
        place = "reason" if refusal.code == "reason_required" else None
        return _decision("void", str(invoice_id), reason, field_errors(refusal, place)), 409
    flash(_("%(number)s is void.", number=gone.number), "success")
    return redirect(url_for("invoices.show", invoice_id=invoice_id), code=303)


def _decision(act: str, invoice_id: str, reason: str = "", errors: FieldErrors = ()) -> str:
    """The page, or with script the dialog, that names the invoice and what will follow."""
    invoice = portal().show_invoice(actor(), invoice_id).invoice
    return render_template(
        f"invoices/{act}.html",
        invoice={
            "id": invoice.id,
            "number": invoice.number,
            "company_name": invoice.company_name,
            "total": invoice.total,
            "order_number": str(invoice.order_id or ""),
            "told": not invoice.silent,
        },
        reason=reason,
        errors=errors,
    )


# --- files ------------------------------------------------------------------------------------------------
@invoices.post("/<uuid:invoice_id>/files")
@needs(Right.EDIT_INVOICES)
@takes_files(LARGEST_UPLOAD)
def attach_file(invoice_id: object) -> ResponseReturnValue:
    portal().show_invoice(actor(), str(invoice_id))
    try:
        name, media_type, pieces = uploaded("file", DOCUMENTS, LARGEST_UPLOAD)
        kept = portal().attach_file(
            actor(), str(invoice_id), name, media_type, pieces, official="official" in request.form
        )
    except NotFound:
        raise
    except Refusal as refusal:
        flash(told(refusal), "error")
    else:
        flash(_("%(name)s attached.", name=kept.name), "success")
    return redirect(url_for("invoices.show", invoice_id=invoice_id) + "#documents", code=303)


@invoices.get("/<uuid:invoice_id>/files/<uuid:file_id>")
@needs(Right.VIEW_INVOICES)
def download_file(invoice_id: object, file_id: object) -> Response:
    kept = portal().show_file(actor(), str(invoice_id), str(file_id))
    return download(portal().read_file(actor().store_id, kept.id), kept.name, kept.head.media_type)


@invoices.post("/<uuid:invoice_id>/files/<uuid:file_id>/remove")
@needs(Right.EDIT_INVOICES)
def remove_file(invoice_id: object, file_id: object) -> ResponseReturnValue:
    gone = portal().remove_file(actor(), str(invoice_id), str(file_id))
    flash(_("%(name)s removed.", name=gone.name), "success")
    return redirect(url_for("invoices.show", invoice_id=invoice_id) + "#documents", code=303)


# --- the register of numbers -------------------------------------------------------------------------------
_SERIES: Final = {"invoice": N_("Invoices"), "payment": N_("Payments"), "credit_memo": N_("Credit memos")}
_PER_PAGE: Final = 50
EXPLAINED: Final = {
    NumberState.USED: "",
    NumberState.VOID: N_("Void: issued by mistake, still to be seen"),
    NumberState.DELETED: N_("Deleted: can be restored, the number is not used again"),
    NumberState.NOT_PAID: N_("A checkout that was never paid"),
    NumberState.SKIPPED: N_("Nothing was issued: the series was moved past this number"),
}
"""What became of a number, for somebody who asks why it is missing (R-5)."""


@invoices.get("/numbers")
@needs(Right.VIEW_INVOICES)
def numbers() -> ResponseReturnValue:
    series = request.args.get("series", "invoice")
    series = series if series in _SERIES else "invoice"
    only_gaps = request.args.get("show") == "gaps"
    before = number(request.args.get("before"))
    found = portal().list_numbers(actor(), series, only_gaps=only_gaps, before=before, limit=_PER_PAGE)
    chosen = {"series": series, "show": "gaps" if only_gaps else ""}
    return render_template(
        "invoices/numbers.html",
        query={name: value for name, value in chosen.items() if value},
        series=[
            {"label": _(label), "count": None, "current": key == series, "changes": {"series": key}}
            for key, label in _SERIES.items()
        ],
        only_gaps=only_gaps,
        last=found.last,
        rows=[_number_row(one, series) for one in found.rows],
        older=found.older,
        paged=before is not None,
    )


def _number_row(one: TakenNumber, series: str) -> dict[str, object]:
    return {
        "value": one.value,
        "number": one.number,
        "url": _document_url(series, one.document_id) if one.document_id else "",
        "company_name": one.company_name,
        "state": one.state.value,
        "explained": _(EXPLAINED[one.state]) if EXPLAINED[one.state] else "",
        "at": one.at,
        "who": one.who,
        "reason": one.reason,
    }


def _document_url(series: str, document_id: str) -> str:
    if series == "invoice":
        return url_for("invoices.show", invoice_id=document_id)
    return url_for("payments.show", payment_id=document_id) if series == "payment" else ""
