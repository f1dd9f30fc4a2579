"""Lists as files: small ones at once, large ones made by a worker and fetched from here."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, portal, signed_in
from admin_app.downloads import download
from admin_app.guard import needs
from admin_app.language import N_
from admin_app.views.audit import asked_filters as asked_acts
from admin_app.views.audit import question_of as chosen_acts
from admin_app.views.companies import asked_companies, chosen_companies
from admin_app.views.invoices import asked_filters as asked_invoices
from admin_app.views.invoices import filter_of as chosen_invoices
from admin_app.views.orders import asked_filters as asked_orders
from admin_app.views.orders import filter_of as chosen_orders
from admin_app.views.payments import asked_filters as asked_payments
from admin_app.views.payments import filter_of as chosen_payments
from domain.errors import NotFound
from domain.export import ExportState, Form
from domain.roles import Right
from domain.use_cases.export_lists import AtOnce, ExportView

exports = Blueprint("exports", __name__)

LIST_NAMES: Final = {
    "invoices": N_("Invoices"),
    "payments": N_("Payments"),
    "orders": N_("Orders"),
    "companies": N_("Companies"),
    "audit": N_("Audit log"),
}
FORMS: Final = {Form.CSV: N_("CSV"), Form.CSV_BOM: N_("CSV for Excel"), Form.XLSX: N_("Excel workbook (XLSX)")}
_POLL_SECONDS: Final = 2


@exports.post("/invoices/export")
@needs(Right.EXPORT)
def invoices() -> ResponseReturnValue:
    return _start("invoices", chosen_invoices(asked_invoices()))


@exports.post("/payments/export")
@needs(Right.EXPORT)
def payments() -> ResponseReturnValue:
    return _start("payments", chosen_payments(asked_payments()))


@exports.post("/orders/export")
@needs(Right.EXPORT)
def orders() -> ResponseReturnValue:
    return _start("orders", chosen_orders(asked_orders()))


@exports.post("/companies/export")
@needs(Right.EXPORT)
def companies() -> ResponseReturnValue:
    return _start("companies", chosen_companies(asked_companies()))


@exports.post("/audit/export")
@needs(Right.VIEW_AUDIT)
def audit() -> ResponseReturnValue:
    """The days of the filter are the store's. The right to export is asked for by the use case."""
    question = chosen_acts(asked_acts())
    return _start("audit", question.chosen(signed_in().time_zone, None))


def _start(list_name: str, chosen: object) -> ResponseReturnValue:
    """The rows that the list shows at the same parameters, on all of its pages."""
    form = request.form.get("form", Form.CSV)
    if form not in set(Form):
        abort(400)
    made = portal().export_list(actor(), list_name, chosen, Form(form))
    if isinstance(made, AtOnce):
        return download(made.pieces, made.name, made.form.media_type)
    return redirect(url_for("exports.show", export_id=made.id), 303)


@exports.get("/exports")
@needs(Right.EXPORT)
def index() -> ResponseReturnValue:
    return render_template("exports/list.html", rows=[_row(view) for view in portal().list_exports(actor())])


@exports.get("/exports/<uuid:export_id>")
@needs(Right.EXPORT)
def show(export_id: object) -> ResponseReturnValue:
    view = portal().show_export(actor(), str(export_id))
    return render_template(
        "exports/detail.html", row=_row(view), poll_seconds=None if view.export.is_over else _POLL_SECONDS
    )


@exports.get("/exports/<uuid:export_id>/file")
@needs(Right.EXPORT)
def fetch(export_id: object) -> ResponseReturnValue:
    kept = portal().show_export(actor(), str(export_id)).file
    if kept is None:
        raise NotFound("file")
    return download(portal().read_file(actor().store_id, kept.id), kept.name, kept.head.media_type)


def _row(view: ExportView) -> dict[str, object]:
    export, kept = view.export, view.file
    state = "gone" if export.state is ExportState.DONE and kept is None else export.state.value
    return {
        "name": export.name(),
        "url": url_for("exports.show", export_id=export.id),
        "list": LIST_NAMES[export.list_name],
        "form": FORMS[export.form],
        "asked_at": export.asked_at,
        "state": state,
        "done": export.done,
        "total": export.total,
        "why": export.why,
        "file_url": url_for("exports.fetch", export_id=export.id) if kept else None,
        "size": kept.size if kept else 0,
        "until": kept.head.kept_until if kept else None,
    }
