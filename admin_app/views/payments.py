"""The payment dashboard, one payment, recording and reversing."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal, signed_in, today
from admin_app.guard import needs
from admin_app.presentation import invoice_badge
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
from admin_app.views.invoices import history_row
from admin_app.views.record_form import RecordForm
from domain.errors import KeyReused, LinesRefused, NotFound, PossibleDuplicate, Refusal
from domain.invoice import ClosedBy
from domain.listing import InvoiceRow, PaymentFilter, PaymentRow
from domain.money import Money
from domain.payment import OFFLINE, Method, Payment, PaymentStatus
from domain.roles import Right
from domain.use_cases.look_at_payments import PaymentView

payments = Blueprint("payments", __name__, url_prefix="/payments")

METHODS: Final = {
    "check": "Check",
    "cash": "Cash",
    "bank_transfer": "Bank transfer",
    "other": "Other",
    "online": "Online",
    "order": "Paid with the order",
    "elsewhere": "Settled elsewhere",
}
_SORTS: Final = ("received", "-received", "number", "-number", "amount", "-amount")


@payments.get("")
@needs(Right.VIEW_PAYMENTS)
def index() -> ResponseReturnValue:
    query = asked_filters()
    chosen, limit = filter_of(query), per_page(query)
    page = at_cursor(lambda cursor: portal().list_payments(actor(), chosen, limit, cursor))
    companies = portal().list_companies(actor())
    return render_template(
        "payments/list.html",
        can=may(),
        query=query,
        views=[
            {"label": label, "count": None, "current": query.get("view", "") == key, "changes": {"view": key or None}}
            for key, label in (("", "All"), ("available", "Available"))
        ],
        chips=_chips(query, company_name(companies, query.get("company", ""))),
        companies=company_choices(companies, "All companies"),
        statuses=_choices("Any status", {one.value: one.value for one in PaymentStatus}),
        methods=_choices("Any method", METHODS),
        rows=[_row(row) for row in page.rows],
        listing=listing(page, limit, ""),
        ever=bool(page.rows) or bool(query),
        error=None,
    )


def asked_filters() -> dict[str, str]:
    """What of the address chooses payments, for the list and its export."""
    return asked(
        q=str,
        company=number,
        status=one_of(set(PaymentStatus)),
        method=one_of(METHODS),
        received_from=day,
        received_to=day,
        view=one_of({"available"}),
        sort=one_of(_SORTS),
        limit=number,
    )


def filter_of(query: Mapping[str, str]) -> PaymentFilter:
    return PaymentFilter(
        search=query.get("q", ""),
        company_id=number(query.get("company")),
        status=PaymentStatus(query["status"]) if "status" in query else None,
        method=Method(query["method"]) if "method" in query else None,
        received_from=day(query.get("received_from")),
        received_to=day(query.get("received_to")),
        unapplied_only=query.get("view") == "available",
        sort=query.get("sort", "-received"),
    )


def _chips(query: dict[str, str], company: str) -> list[dict[str, object]]:
    named = {**query, "company": company, "method": METHODS.get(query.get("method", ""), "")}
    words = {
        "q": "“{}”",
        "company": "{}",
        "status": "{}",
        "method": "{}",
        "received_from": "Received from {}",
        "received_to": "Received to {}",
    }
    return chips({key: value for key, value in named.items() if key in query}, words)


def _choices(whole: str, values: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": "", "label": whole}, *({"value": key, "label": label} for key, label in values.items())]


def _row(row: PaymentRow) -> dict[str, object]:
    return {
        "number": row.number,
        "url": url_for("payments.show", payment_id=row.id),
        "company_name": row.company_name,
        "received_on": row.received_on,
        "method": row.method_label or METHODS[row.method.value],
        "online": row.is_online,
        "reference": row.memo or (f"Order {row.bc_order_id}" if row.bc_order_id else ""),
        "amount": row.amount,
        "applied": row.applied,
        "available": row.available,
        "status": row.status.value,
        "needs_review": row.needs_review,
    }


@payments.get("/<uuid:payment_id>")
@needs(Right.VIEW_PAYMENTS)
def show(payment_id: object) -> ResponseReturnValue:
    view = portal().show_payment(actor(), str(payment_id))
    payment = view.payment
    return render_template(
        "payments/detail.html",
        can=may(),
        payment=_document(view),
        applied=[_applied(row, amount) for row, amount in view.applied_to],
        history=[history_row(entry) for entry in view.history],
        can_reverse=payment.method in OFFLINE and payment.account.held > 0 and not payment.account.reversed,
        just_recorded="recorded" in request.args,
    )


def _document(view: PaymentView) -> dict[str, object]:
    payment = view.payment
    account = payment.account
    left = (("Refunded", account.refunded), ("Reversed", account.reversed), ("Charged back", account.charged_back))
    pending = sum(payment.pending.values())
    return {
        "id": payment.id,
        "number": payment.number,
        "status": payment.status.value,
        "needs_review": bool(view.reviews),
        "review_url": url_for("reviews.index") if view.reviews else None,
        "company_name": view.company_name,
        "received_on": payment.effective_on,
        "method": payment.method_label or METHODS[payment.method.value],
        "online": payment.is_online,
        "memo": payment.memo,
        "amount": payment.amount,
        "back": [{"label": label, "amount": Money(minor, payment.currency)} for label, minor in left if minor],
        "applied": payment.applied,
        "available": payment.available,
        "pending": Money(pending, payment.currency) if pending else None,
        "order": {"number": str(payment.bc_order_id), "url": order_link(payment.bc_order_id)}
        if payment.bc_order_id
        else None,
        "transactions": [],
        "recorded_by": payment.recorded_by,
        "attempt": payment.attempt_id or "",
    }


def _applied(row: InvoiceRow, amount: Money) -> dict[str, object]:
    owed = bool(row.balance)
    closed = ClosedBy(row.closed_by) if row.closed_by else None
    return {
        "number": row.number,
        "url": url_for("invoices.show", invoice_id=row.id),
        "due_on": row.due_on,
        "owed": owed,
        "amount": amount,
        "balance": row.balance,
        "badge": invoice_badge(row.status, closed, pending=False, overdue=owed and row.due_on < today()),
    }


@payments.route("/record", methods=["GET", "POST"])
@needs(Right.RECORD_PAYMENTS)
def record() -> ResponseReturnValue:
    form = RecordForm.read()
    if not form.is_sent and form.left_out:
        words = "Some invoices were left out: a payment is of one company, in one currency, for what is owed."
        flash(words, "info")
    if not form.is_sent or form.action != "record":
        return _record_page(form)
    try:
        payment = portal().record_offline_payment(actor(), *form.entered())
    except PossibleDuplicate as refusal:
        return _record_page(form, duplicate=refusal), 409
    except KeyReused as refusal:
        sentence = "This form already recorded a payment. To record this as another one, press Record payment again."
        errors = [{"field": None, "message": sentence, "code": refusal.code}]
        return _record_page(replace(form, values={**form.values, "key": ""}), errors), 409
    except (LinesRefused, NotFound) as refusal:
        return _record_page(form, form.errors_of(refusal)), 409
    except Refusal as refusal:
        return _record_page(form, form.errors_of(refusal)), 400
    flash(f"Payment {payment.number} recorded.", "success")
    return redirect(url_for("payments.show", payment_id=payment.id, recorded=1), code=303)


def _record_page(form: RecordForm, errors: FieldErrors = (), duplicate: PossibleDuplicate | None = None) -> str:
    context, hindrances = form.context(told=bool(errors) or duplicate is not None)
    return render_template(
        "payments/record.html",
        companies=company_choices(portal().list_companies(actor()), "Choose a company"),
        methods=[{"value": key, "label": METHODS[key]} for key in ("check", "cash", "bank_transfer", "other")],
        errors=[*errors, *hindrances],
        duplicate=_duplicate(duplicate, form) if duplicate else None,
        key=form.key or secrets.token_urlsafe(18),
        **context,
    )


def _duplicate(refusal: PossibleDuplicate, form: RecordForm) -> dict[str, object]:
    found = portal().list_payments(actor(), PaymentFilter(search=str(refusal.facts.get("number", ""))), 1, None).rows
    url = url_for("payments.show", payment_id=found[0].id) if found else url_for("payments.index")
    received_on: date = found[0].received_on if found else form.received_on or today()
    return {"number": refusal.facts.get("number", ""), "url": url, "received_on": received_on}


@payments.get("/<uuid:payment_id>/reverse")
@needs(Right.REVERSE_PAYMENTS)
def reverse(payment_id: object) -> ResponseReturnValue:
    return _reverse_page(str(payment_id), "", [])


@payments.post("/<uuid:payment_id>/reverse")
@needs(Right.REVERSE_PAYMENTS)
def confirm_reverse(payment_id: object) -> ResponseReturnValue:
    reason = request.form.get("reason", "").strip()[:500]
    try:
        payment = portal().reverse_payment(actor(), str(payment_id), reason)
    except Refusal as refusal:
        return _reverse_page(str(payment_id), reason, field_errors(refusal, "reason")), 409
    flash(f"Payment {payment.number} reversed.", "success")
    return redirect(url_for("payments.show", payment_id=payment.id), code=303)


def _reverse_page(payment_id: str, reason: str, errors: FieldErrors) -> str:
    view = portal().show_payment(actor(), payment_id)
    payment: Payment = view.payment
    return render_template(
        "payments/reverse.html",
        payment={
            "id": payment.id,
            "number": payment.number,
            "company_name": view.company_name,
            "method": payment.method_label,
            "memo": payment.memo,
            "received_on": payment.effective_on,
            "amount": payment.amount,
        },
        effects=[_effect(row, amount) for row, amount in view.applied_to],
        credit=payment.available or None,
        recovery=None,
        reason=reason,
        errors=errors,
        key=f"reverse-{payment.id}",
        store=signed_in().store_name,
    )


def _effect(row: InvoiceRow, amount: Money) -> dict[str, object]:
    return {
        "number": row.number,
        "url": url_for("invoices.show", invoice_id=row.id),
        "amount": amount,
        "balance": row.balance + amount,
    }
