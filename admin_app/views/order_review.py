"""*Create invoice*: the review of what will be issued from an order, and the press that issues it (R-9, R-10)."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, display, order_link, portal
from admin_app.guard import needs
from admin_app.language import gettext as _
from admin_app.presentation import money
from admin_app.reading import FieldErrors, field_errors, number, typed_day
from admin_app.views.invoices import TERMS_FROM
from admin_app.views.orders import ORDER, orders
from domain.errors import InputInvalid, Refusal
from domain.money import Money
from domain.money import total as sum_of
from domain.roles import Right
from domain.terms import Terms
from domain.use_cases.create_invoice import Choice, Prepared


@orders.get(ORDER + "/invoice")
@needs(Right.CREATE_INVOICES)
def review(order_id: int) -> ResponseReturnValue:
    prepared = portal().prepare_invoice(actor(), order_id)
    if prepared.existing is not None:
        number_of = prepared.existing.number
        flash(_("Order %(order)s already has invoice %(number)s.", order=order_id, number=number_of), "info")
        return redirect(url_for("invoices.show", invoice_id=prepared.existing.id), code=303)
    return _review_page(prepared, [], {})


@orders.post(ORDER + "/invoice")
@needs(Right.CREATE_INVOICES)
def create_invoice(order_id: int) -> ResponseReturnValue:
    form = request.form
    if form.get("action") == "check":
        return _checked(order_id)
    try:
        created = portal().create_invoice(actor(), order_id, _choice())
    except Refusal as refusal:
        again = portal().prepare_invoice(actor(), order_id, Choice(_ticked()))
        return _review_page(again, field_errors(refusal, keep="line"), dict(form)), 409
    said = {"order": order_id, "number": created.number}
    if created.existed:
        flash(_("Order %(order)s already has invoice %(number)s.", **said), "info")
    else:
        flash(_("Order %(order)s is now invoice %(number)s.", **said), "success")
    return redirect(url_for("invoices.show", invoice_id=created.invoice_id), code=303)


def _checked(order_id: int) -> ResponseReturnValue:
    """The totals and the due date of what is chosen, by the code that issues."""
    try:
        choice, errors = _choice(), list[Mapping[str, str | None]]()
    except InputInvalid as refusal:
        choice, errors = Choice(_ticked()), list(field_errors(refusal))
    return _review_page(portal().prepare_invoice(actor(), order_id, choice), errors, dict(request.form))


def _ticked() -> tuple[int, ...] | None:
    """The lines ticked; None where no ticks were shown. What is no number is kept as a line no order has."""
    if not request.form.get("may_untick"):
        return None
    return tuple(number(key) or 0 for key in request.form.getlist("line"))


def _choice() -> Choice:
    """Dates and terms only where they differ from what was proposed. Raises InputInvalid."""
    form = request.form
    issued_on, due_on = (
        None if form.get(name) == form.get(f"proposed_{name}") else typed_day(form, name)
        for name in ("issued_on", "due_on")
    )
    terms = Terms.parse(form["terms"]) if form.get("terms") else None
    return Choice(_ticked(), issued_on, due_on, terms, form.get("notes", "").strip()[:1000])


def _review_page(prepared: Prepared, errors: FieldErrors, form: dict[str, str]) -> str:
    order = prepared.order
    proposed = {"issued_on": form.get("proposed_issued_on") or prepared.issued_on.isoformat()}
    # A due date that was typed stays; one that follows from terms and issue date follows them.
    is_typed = bool(form) and form.get("due_on") != form.get("proposed_due_on")
    proposed["due_on"] = (form.get("proposed_due_on") if is_typed else None) or prepared.due.on.isoformat()
    fields = {"notes": "", "terms": "", **proposed, **{name: form[name] for name in form if name in _TYPED}}
    if not is_typed:
        fields["due_on"] = proposed["due_on"]
    return render_template(
        "orders/create_invoice.html",
        order={
            "id": order.id,
            "url": order_link(order.id),
            "company_name": prepared.company.name,
            "buyer_name": order.buyer_name,
            "placed_at": order.placed_at,
            "store_status": order.status,
        },
        draft=_draft(prepared, _ticked() if form else None),
        terms=_terms(prepared),
        proposed=proposed,
        form=fields,
        opening=portal().look_at_store(actor()).settings.is_opening,
        errors=errors,
        key=f"order-{order.id}",
    )


_TYPED = ("notes", "terms", "issued_on", "due_on")
_OFFERED = ("on_receipt", "net:7", "net:14", "net:30", "net:45", "net:60", "net:90", "eom:0", "eom:30")


def _terms(prepared: Prepared) -> list[dict[str, str]]:
    """The terms that hold without a choice first."""
    usual = prepared.usual
    first = f"{usual.words} · {_(TERMS_FROM.get(usual.from_, ''))}"
    return [{"value": "", "label": first}, *({"value": code, "label": Terms.parse(code).words} for code in _OFFERED)]


def _draft(prepared: Prepared, ticked: tuple[int, ...] | None) -> dict[str, object]:
    """The amounts of the lines ticked; of all of them where none can be left out."""
    order = prepared.order
    draft = prepared.draft if prepared.can_untick else prepared.whole
    total = draft.total(order.currency)
    differs = _(
        "Lines and charges differ from the order total by %(amount)s.", amount=money(draft.difference, display())
    )
    return {
        "lines": [
            {
                "key": str(source.id),
                "sku": line.sku,
                "description": line.description,
                "quantity": line.quantity,
                "unit_price": line.unit_price,
                "amount": line.amount,
                "included": ticked is None or source.id in ticked,
            }
            for source, line in zip(prepared.billed, prepared.whole.lines, strict=True)
        ],
        "cost_lines": [{"description": cost.description, "amount": cost.amount} for cost in draft.cost_lines],
        "currency": order.currency,
        "lines_total": sum_of((line.amount for line in draft.lines), order.currency),
        "total": total,
        "may_untick": prepared.can_untick,
        "received": _received(prepared),
        "balance": max(Money.zero(order.currency), total - prepared.captured),
        "po_number": order.po_number,
        "finding": differs if draft.difference else "",
    }


def _received(prepared: Prepared) -> list[dict[str, object]]:
    """What the order already paid, as one amount."""
    if not prepared.captured:
        return []
    label = prepared.order.payment_method or _("Paid with the order")
    return [{"label": label, "on": prepared.order.placed_at, "amount": prepared.captured}]
