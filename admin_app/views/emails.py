"""The words of the mails to companies, with preview and test, and the log of what was sent."""

from collections.abc import Mapping
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, portal, told
from admin_app.guard import needs
from admin_app.language import N_, gettext, ngettext
from admin_app.reading import FieldErrors, field_errors
from admin_app.views.invoices import invoices
from admin_app.views.settings import settings, side
from domain.errors import InputInvalid, MailRefused, NothingToSend
from domain.mail import VARIABLES, Mail, MailKind, MailTemplate
from domain.roles import Right

KINDS = {
    "new-invoice": (MailKind.NEW_INVOICE, N_("New invoice"), N_("Goes out with the PDF when an invoice is issued.")),
    "payment-received": (
        MailKind.PAYMENT_RECEIVED,
        N_("Payment received"),
        N_("Confirms a payment and says which invoices it paid."),
    ),
    "statement": (
        MailKind.STATEMENT,
        N_("Statement of account"),
        N_("Goes out with the PDF when you send a statement to a company."),
    ),
}

MEANINGS = {
    "company": N_("The company the mail goes to"),
    "store": N_("The name of your store"),
    "number": N_("Number of the invoice or payment"),
    "order": N_("Order number, empty without an order"),
    "po_number": N_("The buyer's PO number"),
    "issued": N_("Invoice date"),
    "due": N_("Due date"),
    "terms": N_("Payment terms in words"),
    "total": N_("Total with currency"),
    "balance": N_("What is still to pay"),
    "link": N_("Address of the invoice on your storefront"),
    "remit_to": N_("Where to send checks, from Bank details"),
    "bank_details": N_("Your account in the invoice's currency"),
    "payment_reference": N_("What buyers should quote"),
    "received": N_("Day the money arrived"),
    "method": N_("How it was paid"),
    "memo": N_("Check number or cash payment memo"),
    "amount": N_("Amount with currency"),
    "applied": N_("The invoices it paid, one per line"),
    "credit": N_("Credit that is left, empty without any"),
    "from": N_("First day of the statement"),
    "to": N_("Last day of the statement"),
    "currency": N_("Currency of the statement"),
    "opening": N_("What was owed on the first day"),
    "closing": N_("What is owed on the last day"),
}


@settings.get("/emails")
@needs(Right.VIEW_SETTINGS)
def emails() -> ResponseReturnValue:
    return _page()


def _page(
    slug: str = "",
    template: MailTemplate | None = None,
    errors: FieldErrors = (),
    preview: tuple[str, str] | None = None,
) -> str:
    """`slug` names the mail whose form was sent, with what was typed."""
    current = portal().look_at_settings(actor()).settings
    only_refused = request.args.get("show") == "refused"
    return render_template(
        "settings/emails.html",
        side=side("settings.emails"),
        can_change=Right.MANAGE_SETTINGS in may(),
        errors=errors,
        opening=current.is_opening,
        forms_of=[
            {
                "slug": key,
                "title": gettext(title),
                "text": gettext(text),
                "template": template if key == slug and template else current.mail(kind),
                "preview": preview if key == slug and preview else _usual_preview(kind, current.mail(kind)),
                "is_own": kind.value in current.mails,
                "is_open": key == slug,
                "variables": [
                    {"name": "{{ " + name + " }}", "meaning": gettext(MEANINGS[name])} for name in VARIABLES[kind]
                ],
                "errors": [{**one, "field": f"{one['field']}-{key}"} for one in errors] if key == slug else [],
            }
            for key, (kind, title, text) in KINDS.items()
        ],
        mails=[_mail(mail, number) for mail, number in portal().list_mails(actor(), only_refused=only_refused)],
        only_refused=only_refused,
    )


def _usual_preview(kind: MailKind, template: MailTemplate) -> tuple[str, str]:
    return portal().preview_mail(actor(), kind, template)


def _mail(mail: Mail, number: str) -> dict[str, object]:
    return {
        "at": mail.closed_at or mail.asked_at,
        "number": number,
        "url": _url_of(mail),
        "kind": gettext({kind: title for kind, title, _ in KINDS.values()}[mail.kind]),
        "to": mail.to,
        "state": mail.state.value,
        "why": mail.why,
    }


def _url_of(mail: Mail) -> str:
    if mail.subject_kind == "statement":
        return url_for("companies.show", company_id=mail.company_id)
    if mail.subject_kind == "invoice":
        return url_for("invoices.show", invoice_id=mail.subject_id)
    return url_for("payments.show", payment_id=mail.subject_id)


def _typed() -> MailTemplate:
    form: Mapping[str, str] = request.form
    body = form.get("body", "").replace("\r\n", "\n")
    return MailTemplate(form.get("subject", "").strip(), body, form.get("is_on") == "yes")


def _save(slug: str) -> ResponseReturnValue:
    """`action` is save, usual (back to the usual words), preview or test."""
    kind = KINDS[slug][0]
    template = _typed()
    action = request.form.get("action", "save")
    try:
        if action == "preview":
            return _page(slug, template, preview=portal().preview_mail(actor(), kind, template))
        if action == "test":
            to = portal().send_test_mail(actor(), kind, template)
            flash(gettext("Test mail sent to %(to)s.", to=to), "success")
            return _page(slug, template, preview=portal().preview_mail(actor(), kind, template))
        portal().save_mail_template(actor(), kind, None if action == "usual" else template)
    except InputInvalid as refusal:
        return _page(slug, template, field_errors(refusal)), 422
    except (MailRefused, NothingToSend) as refusal:
        return _page(slug, template, field_errors(refusal, "test")), 409
    flash(gettext("Settings saved."), "success")
    return redirect(url_for("settings.emails"), code=303)


for _slug in KINDS:
    settings.add_url_rule(
        f"/emails/{_slug}",
        f"save_{_slug.replace('-', '_')}",
        needs(Right.MANAGE_SETTINGS)(partial(_save, _slug)),
        methods=["POST"],
    )


@invoices.post("/<uuid:invoice_id>/send")
@needs(Right.SEND)
def send(invoice_id: object) -> ResponseReturnValue:
    """*Send again* from an invoice; refusals are said on the invoice."""
    try:
        asked = portal().send_invoice(actor(), str(invoice_id))
    except NothingToSend as refusal:
        flash(told(refusal), "error")
    else:
        said = ngettext("Invoice sent to %(num)s address.", "Invoice sent to %(num)s addresses.", len(asked))
        flash(said, "success")
    return redirect(url_for("invoices.show", invoice_id=invoice_id), code=303)
