"""The edit screen of an invoice, and the same form for a new one from nothing (source Manual)."""

import secrets
from dataclasses import replace
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, portal
from admin_app.guard import needs
from admin_app.language import gettext as _
from admin_app.reading import company_choices, day, number
from admin_app.views.history import history_row, is_since
from admin_app.views.invoice_form import InvoiceForm, terms_choices
from admin_app.views.invoice_rows import cost_kinds
from admin_app.views.invoices import invoices
from domain.errors import ChangedMeanwhile, KeyReused, NotEditable, NotFound, Refusal
from domain.invoice import Content, Invoice
from domain.money import ISO_DIGITS, Money, total
from domain.roles import Right
from domain.use_cases.edit_invoice import Edit
from domain.use_cases.look_at_invoices import InvoiceView
from domain.use_cases.manual_invoice import Blank, NewInvoice

LIVE_ROWS: Final = 60
"""Totals follow each keystroke up to so many lines; above, the button asks for them."""


@invoices.get("/<uuid:invoice_id>/edit")
@needs(Right.EDIT_INVOICES)
def edit(invoice_id: object) -> ResponseReturnValue:
    view = portal().show_invoice(actor(), str(invoice_id))
    view.invoice.check_editable()
    form = InvoiceForm.of(view.invoice.content, view.invoice.currency)
    return _edit_page(view, form, view.invoice, view.invoice.version)


@invoices.post("/<uuid:invoice_id>/edit")
@needs(Right.EDIT_INVOICES)
def save(invoice_id: object) -> ResponseReturnValue:
    view = portal().show_invoice(actor(), str(invoice_id))
    version, invoice = number(request.form.get("version")) or 0, view.invoice
    form = InvoiceForm.sent(request.form, invoice.currency)
    form.values["issued_on"] = form.values["was-issued_on"] = invoice.content.issued_on.isoformat()
    form.press(request.form.get("action", ""), request.form.get("remove", ""))
    form.apply_terms()
    entered = _entered(form, invoice.content, version)
    if request.form.get("action") != "save" or request.form.get("remove"):
        return _edit_page(view, form, _previewed(form, invoice, entered), version)
    if form.errors:
        return _edit_page(view, form, None, version), 400
    try:
        saved = portal().edit_invoice(actor(), invoice.id, entered)
    except (NotFound, NotEditable):
        raise
    except ChangedMeanwhile:
        return _conflict_page(form, invoice.id, entered)
    except Refusal as refusal:
        _refuse(form, refusal)
        return _edit_page(view, form, _shown(invoice, entered), version), 409
    flash(_("%(number)s saved.", number=saved.number), "success")
    return redirect(url_for("invoices.show", invoice_id=saved.id), code=303)


def _entered(form: InvoiceForm, before: Content, version: int) -> Edit:
    """What the form asks for; a due date left as it was keeps where it came from (R-7)."""
    due_on = form.day("due_on")
    return Edit(
        version,
        lines=form.lines(before.lines),
        cost_lines=form.costs(),
        due_on=None if due_on == before.due_on else due_on,
        po_number=form.values["po_number"],
        terms_text=form.values["terms_text"],
        notes=form.values["notes"],
        billing_address=form.billing_address(before.billing_address),
        shipping_addresses=form.shipping_addresses(before.shipping_addresses),
        extra_fields=form.extra_fields(),
    )


def _previewed(form: InvoiceForm, invoice: Invoice, entered: Edit) -> Invoice | None:
    """The invoice as it would be saved, from the code that saves; what that would refuse is said at once."""
    if form.errors:
        return None
    try:
        return portal().edit_invoice.preview(actor(), invoice.id, entered)
    except (NotFound, NotEditable):
        raise
    except Refusal as refusal:
        _refuse(form, refusal)
        return _shown(invoice, entered)


def _shown(invoice: Invoice, entered: Edit) -> Invoice:
    """Sums of what was entered although it cannot be saved, so that one sees what is wrong with it."""
    return replace(invoice, content=entered.applied_to(invoice.content))


def _refuse(form: InvoiceForm, refusal: Refusal) -> None:
    """A total below what is settled is about the lines."""
    form.refuse(refusal)
    if form.errors[-1]["field"] in (None, "total"):
        form.errors[-1]["field"] = "lines"


def _conflict_page(form: InvoiceForm, invoice_id: str, entered: Edit) -> ResponseReturnValue:
    """What somebody else changed meanwhile, field by field. What was typed stays; saving again is then a decision."""
    view = portal().show_invoice(actor(), invoice_id)
    view.invoice.check_editable()
    theirs = [history_row(entry, form.currency) for entry in view.history if is_since(entry, entered.version)]
    for row in form.groups["line"]:
        row["of"] = ""
    return _edit_page(view, form, _shown(view.invoice, entered), view.invoice.version, theirs=theirs), 409


def _edit_page(
    view: InvoiceView,
    form: InvoiceForm,
    shown: Invoice | None,
    version: int,
    theirs: list[dict[str, object]] | None = None,
) -> str:
    invoice = view.invoice
    return render_template(
        "invoices/edit.html",
        invoice={
            "id": invoice.id,
            "number": invoice.number,
            "company_name": invoice.company_name,
            "currency": invoice.currency,
            "settled": invoice.settled,
            "from_erp": invoice.source.value == "erp",
        },
        version=version,
        theirs=theirs or [],
        **_form_context(form, shown.content if shown else None, invoice.settled),
    )


def _form_context(form: InvoiceForm, content: Content | None, settled: Money) -> dict[str, object]:
    lines = content.lines if content else ()
    whole = content.total(form.currency) if content else None
    return {
        "form": form.context(lines),
        "errors": form.errors,
        "kinds": cost_kinds(),
        "terms": terms_choices(form.values["terms"]),
        "due_on": day(form.values["due_on"]),
        "live": len(form.groups["line"]) <= LIVE_ROWS,
        "sums": {
            "lines": total((line.amount for line in lines), form.currency),
            "costs": [{"description": cost.description, "amount": cost.amount} for cost in content.cost_lines],
            "total": whole,
            "settled": settled,
            "balance": whole - settled,
        }
        if content is not None and whole is not None
        else None,
        "findings": _findings(content),
    }


def _findings(content: Content | None) -> list[str]:
    """What is odd but allowed (R-6, R-7)."""
    if content is None:
        return []
    found = [
        _("Line “%(name)s” does not multiply out.", name=line.description) for line in content.lines if line.is_off
    ]
    if content.due_on < content.issued_on:
        found.append(_("The due date lies before the issue date."))
    return found


# --- a new one ----------------------------------------------------------------------------------------------
@invoices.get("/new")
@needs(Right.CREATE_INVOICES)
def new() -> ResponseReturnValue:
    company_id = number(request.args.get("company"))
    if company_id is None:
        return _choice_page()
    blank = portal().start_manual_invoice(actor(), company_id)
    currency = _currency(blank, request.args.get("currency", ""))
    content = Content(
        (), (), blank.issued_on, blank.due.on, blank.due.from_, blank.due.words,
        billing_address=blank.billing_address,
        shipping_addresses=blank.shipping_addresses,
    )  # fmt: skip
    form = InvoiceForm.of(content, currency, _code(blank))
    form.press("add_line", "")
    return _new_page(blank, form, None, secrets.token_urlsafe(18))


@invoices.post("/new")
@needs(Right.CREATE_INVOICES)
def create() -> ResponseReturnValue:
    company_id = number(request.form.get("company"))
    if company_id is None:
        return _choice_page(), 400
    blank = portal().start_manual_invoice(actor(), company_id)
    form = InvoiceForm.sent(request.form, _currency(blank, request.form.get("currency", "")))
    form.press(request.form.get("action", ""), request.form.get("remove", ""))
    form.apply_terms()
    key = request.form.get("key", "")[:100] or secrets.token_urlsafe(18)
    entered = _new_entered(form, blank, key)
    if request.form.get("action") != "create" or request.form.get("remove"):
        return _new_page(blank, form, _new_previewed(form, entered), key)
    if form.errors or entered is None:
        return _new_page(blank, form, None, key), 400
    try:
        made = portal().create_manual_invoice(actor(), entered)
    except KeyReused:
        sentence = _("This form already made an invoice. To make this as another one, press Create invoice again.")
        form.errors.append({"field": None, "message": sentence, "code": KeyReused.code})
        return _new_page(blank, form, None, secrets.token_urlsafe(18)), 409
    except Refusal as refusal:
        _refuse(form, refusal)
        return _new_page(blank, form, None, key), 400
    flash(_("Invoice %(number)s created.", number=made.number), "success")
    return redirect(url_for("invoices.show", invoice_id=made.id), code=303)


def _new_entered(form: InvoiceForm, blank: Blank, key: str) -> NewInvoice | None:
    """A due date that is the one of the company's own terms is left to them (R-7)."""
    issued_on, due_on = form.day("issued_on"), form.day("due_on")
    lines, costs, extra = form.lines(), form.costs(), form.extra_fields()
    if issued_on is None or due_on is None:
        return None
    is_agreed = form.values["terms"] == _code(blank) and due_on == blank.due_on_for(issued_on)
    return NewInvoice(
        blank.company.id,
        form.currency,
        issued_on,
        due_on=None if is_agreed else due_on,
        terms_text=form.values["terms_text"],
        lines=lines,
        cost_lines=costs,
        po_number=form.values["po_number"],
        notes=form.values["notes"],
        billing_address=form.billing_address(),
        shipping_addresses=form.shipping_addresses(),
        extra_fields=extra,
        key=key,
    )


def _new_previewed(form: InvoiceForm, entered: NewInvoice | None) -> Content | None:
    """As it would be issued, from the code that issues. A form just begun is not told that it lacks lines."""
    if form.errors or entered is None or not (entered.lines or entered.cost_lines):
        return None
    try:
        return portal().create_manual_invoice.preview(actor(), entered).content
    except NotFound:
        raise
    except Refusal as refusal:
        _refuse(form, refusal)
        return None


def _code(blank: Blank) -> str:
    """The terms behind the proposed due date."""
    return blank.terms.code


def _currency(blank: Blank, wanted: str) -> str:
    return wanted if wanted in blank.currencies and wanted in ISO_DIGITS else blank.currencies[0]


def _choice_page() -> str:
    return render_template(
        "invoices/new.html",
        companies=company_choices(portal().list_companies(actor()), _("Choose a company")),
        chosen=None,
        errors=[],
    )


def _new_page(blank: Blank, form: InvoiceForm, content: Content | None, key: str) -> str:
    return render_template(
        "invoices/new.html",
        companies=company_choices(portal().list_companies(actor()), _("Choose a company")),
        chosen={
            "company": str(blank.company.id),
            "company_name": blank.company.name,
            "currency": form.currency,
            "opening": blank.is_opening,
        },
        currencies=[{"value": code, "label": code} for code in blank.currencies],
        key=key,
        **_form_context(form, content, Money.zero(form.currency)),
    )
