"""Credit memos: the list, one of them, issuing, applying and taking back (R-4)."""

import secrets
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, display, may, portal, signed_in, today, told
from admin_app.guard import needs
from admin_app.language import N_, gettext
from admin_app.presentation import invoice_badge, typed_amount
from admin_app.reading import (
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
)
from admin_app.views.credit_form import CreditForm
from admin_app.views.history import history_row
from domain.company_accounts import CreditMemoFilter
from domain.credit_memo import CreditMemo
from domain.errors import AmountInvalid, ChangedMeanwhile, InputInvalid, KeyReused, LinesRefused, NotFound, Refusal
from domain.invoice import ClosedBy, CostKind, Invoice
from domain.listing import InvoiceRow
from domain.money import Money
from domain.roles import Right
from domain.use_cases.issue_credit_memo import ApplyTo
from domain.use_cases.look_at_credit_memos import CreditMemoView

credit_memos = Blueprint("credit_memos", __name__, url_prefix="/credit-memos")

_SORTS: Final = ("issued", "-issued", "number", "-number", "amount", "-amount")
_APPLY: Final = {
    ApplyTo.INVOICE: N_("To this invoice, the rest stays as credit of the company"),
    ApplyTo.OLDEST: N_("To what is due first, the rest stays as credit"),
    ApplyTo.NOTHING: N_("Not now: it stays as available credit of the company"),
}


@credit_memos.get("")
@needs(Right.VIEW_INVOICES)
def index() -> ResponseReturnValue:
    query = asked(
        q=str,
        company=number,
        issued_from=day,
        issued_to=day,
        view=one_of({"available"}),
        sort=one_of(_SORTS),
        limit=number,
    )
    chosen = CreditMemoFilter(
        search=query.get("q", ""),
        company_id=number(query.get("company")),
        available_only=query.get("view") == "available",
        issued_from=day(query.get("issued_from")),
        issued_to=day(query.get("issued_to")),
        sort=query.get("sort", "-issued"),
    )
    limit = per_page(query)
    page = at_cursor(lambda cursor: portal().list_credit_memos(actor(), chosen, limit, cursor))
    companies = portal().list_companies(actor())
    named = {**query, "company": company_name(companies, query.get("company", ""))}
    words = {
        "q": "“{}”",
        "company": "{}",
        "issued_from": gettext("Issued from {}"),
        "issued_to": gettext("Issued to {}"),
    }
    return render_template(
        "credit_memos/list.html",
        can=may(),
        query=query,
        views=[
            {"label": label, "count": None, "current": query.get("view", "") == key, "changes": {"view": key or None}}
            for key, label in (("", gettext("All")), ("available", gettext("Available")))
        ],
        chips=chips({key: value for key, value in named.items() if key in query}, words),
        companies=company_choices(companies, gettext("All companies")),
        rows=[{"row": row, "url": url_for("credit_memos.show", memo_id=row.id)} for row in page.rows],
        listing=listing(page, limit, ""),
        ever=bool(page.rows) or bool(query),
    )


# --- one credit memo -----------------------------------------------------------------------------------------------
@credit_memos.get("/<uuid:memo_id>")
@needs(Right.VIEW_INVOICES)
def show(memo_id: object) -> ResponseReturnValue:
    return _page(str(memo_id))


def _page(memo_id: str, errors: FieldErrors = ()) -> str:
    view = portal().show_credit_memo(actor(), memo_id)
    return render_template(
        "credit_memos/detail.html",
        can=may(),
        memo=_document(view),
        applied=[_applied(view.memo, row, amount) for row, amount in view.applied_to],
        open_invoices=[_open(one) for one in view.open_invoices],
        history=[history_row(entry) for entry in view.history],
        errors=errors,
        key=request.form.get("key") or secrets.token_urlsafe(18),
    )


def _document(view: CreditMemoView) -> dict[str, object]:
    memo, content = view.memo, view.memo.content
    return {
        "id": memo.id,
        "number": memo.number,
        "company_name": view.company_name,
        "company_url": url_for("companies.show", company_id=memo.company_id) if Right.VIEW_COMPANIES in may() else None,
        "currency": memo.currency,
        "issued_on": memo.effective_on,
        "invoice_number": view.invoice_number,
        "invoice_url": url_for("invoices.show", invoice_id=memo.invoice_id) if memo.invoice_id else None,
        "lines": content.lines if content else (),
        "cost_lines": content.cost_lines if content else (),
        "tax": [one for one in content.cost_lines if one.kind is CostKind.TAX] if content else [],
        "amount": Money(memo.account.inflow, memo.currency),
        "paid_out": Money(memo.account.paid_out, memo.currency),
        "applied": memo.applied,
        "available": memo.available,
        "reason": content.notes if content else "",
    }


def _applied(memo: CreditMemo, row: InvoiceRow, amount: Money) -> dict[str, object]:
    owed = bool(row.balance)
    closed = ClosedBy(row.closed_by) if row.closed_by else None
    return {
        "number": row.number,
        "url": url_for("invoices.show", invoice_id=row.id),
        "due_on": row.due_on,
        "owed": owed,
        "amount": amount,
        "balance": row.balance,
        "badge": invoice_badge(row.status, closed, pending=bool(row.pending), overdue=owed and row.due_on < today()),
        "take_back_url": url_for("credit_memos.take_back", memo_id=memo.id, invoice_id=row.id),
    }


def _open(invoice: Invoice) -> dict[str, object]:
    return {
        "id": invoice.id,
        "number": invoice.number,
        "url": url_for("invoices.show", invoice_id=invoice.id),
        "due_on": invoice.content.due_on,
        "balance": invoice.balance,
        "typed": request.form.get(f"apply-{invoice.id}", "")[:40],
    }


# --- issuing -------------------------------------------------------------------------------------------------------
@credit_memos.route("/new", methods=["GET", "POST"])
@needs(Right.CREDIT)
def new() -> ResponseReturnValue:
    form = CreditForm.read()
    if not form.is_sent or form.action != "issue":
        return _new_page(form)
    try:
        memo = portal().issue_credit_memo(actor(), form.wanted())
    except KeyReused as refusal:
        sentence = gettext("This form already issued a credit memo. To issue another one, press the button again.")
        errors = [{"field": None, "message": sentence, "code": refusal.code}]
        return _new_page(CreditForm({**form.values, "key": ""}, True), errors), 409
    except NotFound:
        raise
    except Refusal as refusal:
        return _new_page(form, form.errors_of(refusal)), 400
    flash(gettext("Credit memo %(number)s issued.", number=memo.number), "success")
    return redirect(url_for("credit_memos.show", memo_id=memo.id), code=303)


def _new_page(form: CreditForm, errors: FieldErrors = ()) -> str:
    memo, hindrances = form.preview()
    chosen = form.invoice
    currency = form.currency
    choices = [one for one in ApplyTo if chosen or one is not ApplyTo.INVOICE]
    content = memo.content if memo else None
    return render_template(
        "credit_memos/new.html",
        form=form,
        invoice=chosen.invoice if chosen else None,
        lines=chosen.lines if chosen else (),
        charges=chosen.charges if chosen else (),
        company=form.company_id,
        companies=company_choices(portal().list_companies(actor()), gettext("Choose a company")),
        currency=currency,
        currencies=sorted({signed_in().currency, currency, *_owed_in(form)}),
        apply_choices=[{"value": one.value, "label": gettext(_APPLY[one])} for one in choices],
        preview={
            "lines": Money(sum(one.amount.minor for one in content.lines), currency),
            "cost_lines": content.cost_lines,
            "total": content.total(currency),
            "applied": memo.applied,
            "available": memo.available,
        }
        if memo and content
        else None,
        errors=errors or (hindrances if form.action == "check" else []),
        key=form.values.get("key") or secrets.token_urlsafe(18),
    )


def _owed_in(form: CreditForm) -> tuple[str, ...]:
    if form.invoice or form.company_id is None or Right.VIEW_COMPANIES not in may():
        return ()
    return portal().show_company(actor(), form.company_id).currencies


# --- applying and taking back -----------------------------------------------------------------------------------
@credit_memos.post("/<uuid:memo_id>/apply")
@needs(Right.CREDIT)
def apply(memo_id: object) -> ResponseReturnValue:
    one = str(memo_id)
    view = portal().show_credit_memo(actor(), one)
    try:
        split = _split(view)
        memo = portal().apply_credit_memo(actor(), one, split, request.form.get("key", "")[:100])
    except LinesRefused as refusal:
        errors = [
            {"field": f"apply-{key}", "message": told(part), "code": part.code} for key, part in refusal.lines.items()
        ]
        return _page(one, errors), 409
    except NotFound:
        raise
    except Refusal as refusal:
        first = f"apply-{view.open_invoices[0].id}" if view.open_invoices else "open"
        return _page(one, field_errors(refusal, first, split=first)), 409
    flash(gettext("%(number)s applied.", number=memo.number), "success")
    return redirect(url_for("credit_memos.show", memo_id=one), code=303)


def _split(view: CreditMemoView) -> dict[str, Money]:
    """Typed amounts by invoice, or all of it to what is due first."""
    currency = view.memo.currency
    if request.form.get("action") == "oldest":
        left, split = view.memo.available, {}
        for invoice in view.open_invoices:
            part = min(left, invoice.balance)
            if part:
                split[invoice.id] = part
                left = left - part
        return split
    split = {}
    for invoice in view.open_invoices:
        field = f"apply-{invoice.id}"
        text = typed_amount(request.form.get(field, "").strip(), display().locale)
        try:
            amount = Money.parse(text, currency) if text else Money.zero(currency)
        except AmountInvalid as refusal:
            raise InputInvalid(field, refusal.template, **refusal.facts) from None
        if amount:
            split[invoice.id] = amount
    return split


@credit_memos.route("/<uuid:memo_id>/take-back/<uuid:invoice_id>", methods=["GET", "POST"])
@needs(Right.CREDIT)
def take_back(memo_id: object, invoice_id: object) -> ResponseReturnValue:
    view = portal().show_credit_memo(actor(), str(memo_id))
    part = next((found for found in view.applied_to if found[0].id == str(invoice_id)), None)
    if request.method == "GET":
        return _take_back_page(view, str(invoice_id), part)
    reason = request.form.get("reason", "").strip()[:500]
    try:
        if part is None:
            raise ChangedMeanwhile(view.memo.number)
        memo = portal().take_back_credit(actor(), view.memo.id, str(invoice_id), part[1], reason)
    except NotFound:
        raise
    except Refusal as refusal:
        errors = field_errors(refusal, "reason")
        return _take_back_page(view, str(invoice_id), part, reason, errors), 409
    flash(gettext("Credit taken back. %(amount)s of it is available.", amount=str(memo.available)), "success")
    return redirect(url_for("credit_memos.show", memo_id=memo.id), code=303)


def _take_back_page(
    view: CreditMemoView,
    invoice_id: str,
    part: tuple[InvoiceRow, Money] | None,
    reason: str = "",
    errors: FieldErrors = (),
) -> str:
    return render_template(
        "credit_memos/take_back.html",
        memo={"id": view.memo.id, "number": view.memo.number, "company_name": view.company_name},
        invoice_id=invoice_id,
        number=part[0].number if part else "",
        amount=part[1] if part else None,
        owed=part[0].balance + part[1] if part else None,
        reason=reason,
        errors=errors,
    )
