"""Giving up a balance, and taking that back (R-4). Reached from the invoice."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, display, portal
from admin_app.guard import needs
from admin_app.language import gettext
from admin_app.presentation import money, plain_amount, typed_amount
from admin_app.reading import FieldErrors, field_errors
from admin_app.views.history import WRITE_OFF_REASONS
from domain.errors import AmountInvalid, InputInvalid, NotFound, ReasonRequired, Refusal
from domain.invoice import Invoice
from domain.money import Money
from domain.roles import Right
from domain.use_cases.write_off import GivenUp
from domain.write_off import WriteOffReason

write_offs = Blueprint("write_offs", __name__, url_prefix="/invoices")


@write_offs.route("/<uuid:invoice_id>/write-off", methods=["GET", "POST"])
@needs(Right.WRITE_OFF)
def write_off(invoice_id: object) -> ResponseReturnValue:
    invoice = portal().show_invoice(actor(), str(invoice_id)).invoice
    if request.method == "GET":
        return _page("write_offs/write_off.html", invoice, invoice.balance)
    try:
        after = portal().write_off(actor(), invoice.id, _entered(invoice))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page("write_offs/write_off.html", invoice, invoice.balance, _errors(refusal)), 400
    left = money(after.balance, display())
    words = gettext("Written off. %(number)s is owed %(left)s.", number=after.number, left=left)
    flash(words if after.balance else gettext("Written off. %(number)s is closed.", number=after.number), "success")
    return redirect(url_for("invoices.show", invoice_id=after.id), code=303)


@write_offs.route("/<uuid:invoice_id>/write-off/reverse", methods=["GET", "POST"])
@needs(Right.WRITE_OFF)
def reverse(invoice_id: object) -> ResponseReturnValue:
    invoice = portal().show_invoice(actor(), str(invoice_id)).invoice
    given_up = Money(invoice.account.written_off, invoice.currency)
    if request.method == "GET":
        return _page("write_offs/reverse.html", invoice, given_up)
    try:
        note = request.form.get("note", "")[:500]
        after = portal().reverse_write_off(actor(), invoice.id, _amount(invoice), note)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page("write_offs/reverse.html", invoice, given_up, _errors(refusal)), 400
    owed = money(after.balance, display())
    flash(gettext("Write-off taken back. %(number)s is owed %(owed)s.", number=after.number, owed=owed), "success")
    return redirect(url_for("invoices.show", invoice_id=after.id), code=303)


def _entered(invoice: Invoice) -> GivenUp:
    reason = request.form.get("reason", "")
    if reason not in set(WriteOffReason):
        raise InputInvalid("reason", "Choose a reason.")
    note, key = request.form.get("note", "")[:500], request.form.get("key", "")[:100]
    return GivenUp(_amount(invoice), WriteOffReason(reason), note, key)


def _amount(invoice: Invoice) -> Money:
    text = typed_amount(request.form.get("amount", "")[:40], display().locale)
    try:
        return Money.parse_positive(text, invoice.currency)
    except AmountInvalid as refusal:
        raise InputInvalid("amount", refusal.template, **refusal.facts) from None


def _errors(refusal: Refusal) -> FieldErrors:
    place = "note" if isinstance(refusal, ReasonRequired) else "amount"
    return field_errors(refusal, place)


def _page(template: str, invoice: Invoice, most: Money, errors: FieldErrors = ()) -> str:
    typed = request.form
    return render_template(
        template,
        invoice={"id": invoice.id, "number": invoice.number, "company_name": invoice.company_name},
        currency=invoice.currency,
        balance=invoice.balance,
        most=most,
        amount=typed.get("amount", plain_amount(most, display())),
        reasons=[{"value": code, "label": gettext(label)} for code, label in WRITE_OFF_REASONS.items()],
        reason=typed.get("reason", WriteOffReason.UNCOLLECTIBLE.value),
        note=typed.get("note", ""),
        errors=errors,
        key=typed.get("key") or secrets.token_urlsafe(18),
    )
