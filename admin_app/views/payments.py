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
from admin_app.language import N_, ngettext
from admin_app.language import gettext as _
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
from admin_app.views.payment_words import METHODS, applied_row, history_row, list_row, method_of, moved_row
from admin_app.views.record_form import RecordForm
from domain.errors import KeyReused, LinesRefused, NotFound, PossibleDuplicate, Refusal
from domain.listing import InvoiceRow, PaymentFilter
from domain.money import Money
from domain.payment import OFFLINE, Method, Payment, PaymentStatus
from domain.roles import Right
from domain.use_cases.look_at_payments import PaymentView

payments = Blueprint("payments", __name__, url_prefix="/payments")

_SORTS: Final = ("received", "-received", "number", "-number", "amount", "-amount", "available", "-available")
_VIEWS: Final = {
    "": N_("All"),
    "available": N_("Available"),
    "announced": N_("Announced"),
    "review": N_("Needs review"),
}
_CHANNELS: Final = {"online": N_("Online"), "offline": N_("Offline")}


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
            {
                "label": _(label),
                "count": None,
                "current": query.get("view", "") == key,
                "changes": {"view": key or None, "cursor": None},
            }
            for key, label in _VIEWS.items()
        ],
        chips=_chips(query, company_name(companies, query.get("company", ""))),
        companies=company_choices(companies, _("All companies")),
        statuses=_choices(_("Any status"), {one.value: one.value for one in PaymentStatus}),
        methods=_choices(_("Any method"), METHODS),
        channels=_choices(_("Online and offline"), _CHANNELS),
        rows=[list_row(row) for row in page.rows],
        listing=listing(page, limit, _counted(len(page.rows))),
        ever=bool(page.rows) or bool(query),
    )


def _counted(rows: int) -> str:
    """How many are shown: whole lists are never counted (I-17)."""
    return ngettext("%(num)s payment shown", "%(num)s payments shown", rows)


def asked_filters() -> dict[str, str]:
    """What of the address chooses payments, for the list and its export."""
    return asked(
        q=str,
        company=number,
        status=one_of(set(PaymentStatus)),
        method=one_of(METHODS),
        channel=one_of(_CHANNELS),
        invoice=str,
        received_from=day,
        received_to=day,
        view=one_of(_VIEWS),
        sort=one_of(_SORTS),
        limit=number,
    )


def filter_of(query: Mapping[str, str]) -> PaymentFilter:
    view = query.get("view", "")
    status = PaymentStatus.ANNOUNCED.value if view == "announced" else query.get("status")
    return PaymentFilter(
        search=query.get("q", ""),
        company_id=number(query.get("company")),
        status=PaymentStatus(status) if status else None,
        method=Method(query["method"]) if "method" in query else None,
        is_online={"online": True, "offline": False}.get(query.get("channel", "")),
        invoice=query.get("invoice", ""),
        received_from=day(query.get("received_from")),
        received_to=day(query.get("received_to")),
        unapplied_only=view == "available",
        needs_review=view == "review",
        sort=query.get("sort", "-received"),
    )


def _chips(query: dict[str, str], company: str) -> list[dict[str, object]]:
    named = {
        **query,
        "company": company,
        "status": _(query.get("status", "")) if query.get("status") else "",
        "method": _(METHODS.get(query.get("method", ""), "-")),
        "channel": _(_CHANNELS.get(query.get("channel", ""), "-")),
    }
    words = {
        "q": "“{}”",
        "company": "{}",
        "status": "{}",
        "method": "{}",
        "channel": "{}",
        "invoice": _("Invoice {}"),
        "received_from": _("Received from {}"),
        "received_to": _("Received to {}"),
    }
    return chips({key: value for key, value in named.items() if key in query}, words)


def _choices(whole: str, values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"value": "", "label": whole}, *({"value": key, "label": _(label)} for key, label in values.items())]


@payments.get("/<uuid:payment_id>")
@needs(Right.VIEW_PAYMENTS)
def show(payment_id: object) -> ResponseReturnValue:
    view = portal().show_payment(actor(), str(payment_id))
    return render_template(
        "payments/detail.html",
        can=may(),
        payment=_document(view),
        applied=[applied_row(row, amount, view.payment.id) for row, amount in view.applied_to],
        movements=[moved_row(moved) for moved in view.movements],
        history=[history_row(entry) for entry in view.history],
        acts=_acts(view.payment),
        just_recorded="recorded" in request.args,
    )


def _acts(payment: Payment) -> frozenset[str]:
    """What the state of the payment lets anybody do; the right to it is the template's question."""
    account, is_offline = payment.account, payment.method in OFFLINE
    is_gateways = payment.method in (Method.ONLINE, Method.ORDER)
    is_whole = payment.recovery_id is None
    open_acts = {
        "record": payment.status is PaymentStatus.ANNOUNCED,
        "apply": payment.available.minor > 0,
        "pay_out": payment.available.minor > 0,
        "edit_memo": is_offline and account.inflow > 0,
        "reverse": is_offline and payment.bounced.minor > 0 and not account.reversed and is_whole,
        "charge_back": is_gateways and account.inflow > account.charged_back and is_whole,
        "won_back": is_gateways and (account.charged_back > 0 or not is_whole),
    }
    return frozenset(name for name, is_open in open_acts.items() if is_open)


def _document(view: PaymentView) -> dict[str, object]:
    payment = view.payment
    account = payment.account
    left = (
        (_("Refunded"), account.refunded),
        (_("Reversed"), account.reversed),
        (_("Charged back"), account.charged_back),
        (_("Paid out"), account.paid_out),
    )
    pending = sum(payment.pending.values())
    recovery = view.recovery
    return {
        "id": payment.id,
        "number": payment.number,
        "status": payment.status.value,
        "announced": payment.status is PaymentStatus.ANNOUNCED,
        "arrived": account.inflow > 0,
        "needs_review": bool(view.reviews),
        "review_url": url_for("reviews.index") if view.reviews else None,
        "company_name": view.company_name,
        "company_id": payment.company_id,
        "received_on": payment.effective_on,
        "method": method_of(payment.method.value, payment.method_label),
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
        "transactions": [moved_row(moved) for moved in view.movements if moved.transaction_id],
        "recovery": {"number": recovery.number, "url": url_for("invoices.show", invoice_id=recovery.id)}
        if recovery
        else None,
        "recorded_by": payment.recorded_by,
    }


@payments.route("/record", methods=["GET", "POST"])
@needs(Right.RECORD_PAYMENTS)
def record() -> ResponseReturnValue:
    form = RecordForm.read()
    if form.announced is not None and form.announced.status is not PaymentStatus.ANNOUNCED and not form.is_sent:
        return redirect(url_for("payments.show", payment_id=form.announced.id), code=303)
    if not form.is_sent and form.left_out:
        flash(_("Some invoices were left out: a payment is of one company, in one currency, for what is owed."), "info")
    if not form.is_sent or form.action != "record":
        return _record_page(form)
    try:
        payment = portal().record_offline_payment(actor(), *form.entered())
    except PossibleDuplicate as refusal:
        return _record_page(form, duplicate=refusal), 409
    except KeyReused as refusal:
        sentence = _("This form already recorded a payment. To record this as another one, press Record payment again.")
        errors = [{"field": None, "message": sentence, "code": refusal.code}]
        return _record_page(replace(form, values={**form.values, "key": ""}), errors), 409
    except (LinesRefused, NotFound) as refusal:
        return _record_page(form, form.errors_of(refusal)), 409
    except Refusal as refusal:
        return _record_page(form, form.errors_of(refusal)), 400
    flash(_("Payment %(number)s recorded.", number=payment.number), "success")
    return redirect(url_for("payments.show", payment_id=payment.id, recorded=1), code=303)


def _record_page(form: RecordForm, errors: FieldErrors = (), duplicate: PossibleDuplicate | None = None) -> str:
    context, hindrances = form.context(told=bool(errors) or duplicate is not None)
    return render_template(
        "payments/record.html",
        companies=company_choices(portal().list_companies(actor()), _("Choose a company")),
        methods=[{"value": key, "label": _(METHODS[key])} for key in ("check", "cash", "bank_transfer", "other")],
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
    flash(_("Payment %(number)s reversed.", number=payment.number), "success")
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
            "method": method_of(payment.method.value, payment.method_label),
            "memo": payment.memo,
            "received_on": payment.effective_on,
            "amount": payment.amount,
        },
        effects=[_effect(row, amount) for row, amount in view.applied_to],
        credit=payment.available or None,
        recovery=payment.beyond_held(payment.bounced) or None,
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
