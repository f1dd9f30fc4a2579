"""What is done to a payment later: applied, taken back, paid out, charged back, won back, its memo corrected."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, display, portal
from admin_app.guard import needs
from admin_app.language import gettext as _
from admin_app.presentation import money
from admin_app.reading import FieldErrors
from admin_app.views.asking import Field, Question, amount_field, amount_of
from admin_app.views.split_form import Shown, SplitForm
from domain.errors import Refusal
from domain.money import Money
from domain.payment import Payment
from domain.roles import Right
from domain.use_cases.look_at_payments import PaymentView

payment_acts = Blueprint("payment_acts", __name__, url_prefix="/payments")


@dataclass
class ApplyForm(SplitForm):
    """`payment` is the one whose available credit is applied."""

    payment: Payment | None = None

    @cached_property
    def company_id(self) -> int | None:
        return self.payment.company_id if self.payment else None

    @cached_property
    def currency(self) -> str:
        return self.payment.currency if self.payment else ""

    def amount(self) -> Money:
        return self.payment.available if self.payment else Money.zero(self.currency)

    def shown(self) -> Shown:
        """What is applied as the form stands, judged by the code that saves."""
        try:
            split = self.split() if self.is_sent or self.preselected else {}
        except Refusal as refusal:
            return Shown({}, self.amount(), refusal)
        if split and self.payment:
            try:
                portal().apply_credit.preview(actor(), self.payment.id, split)
            except Refusal as refusal:
                return Shown(split, self.amount(), refusal)
        return Shown(split, self.amount(), None)


@payment_acts.route("/<uuid:payment_id>/apply", methods=["GET", "POST"])
@needs(Right.RECORD_PAYMENTS)
def apply(payment_id: object) -> ResponseReturnValue:
    """With `review`, the item that asked for it is settled too."""
    view = portal().show_payment(actor(), str(payment_id))
    form = ApplyForm(*ApplyForm.sent(), payment=view.payment)
    review_id = form.values.get("review", "")
    if not form.is_sent or form.action != "apply":
        return _apply_page(view, form, review_id)
    try:
        portal().apply_credit(actor(), view.payment.id, form.split(), form.key, review_id)
    except Refusal as refusal:
        return _apply_page(view, form, review_id, form.errors_of(refusal)), 409
    flash(_("Available credit of %(number)s applied.", number=view.payment.number), "success")
    there = url_for("reviews.index") if review_id else url_for("payments.show", payment_id=view.payment.id)
    return redirect(there, code=303)


def _apply_page(view: PaymentView, form: ApplyForm, review_id: str, errors: FieldErrors = ()) -> str:
    shown = form.shown()
    hindrances = form.errors_of(shown.refusal) if shown.refusal and not errors else []
    at = {"split": None}
    return render_template(
        "payments/apply.html",
        payment={"id": view.payment.id, "number": view.payment.number, "company_name": view.company_name},
        rows=form.rows(shown),
        sums=shown.sums,
        review=review_id,
        errors=[{**one, "field": at.get(str(one["field"]), one["field"])} for one in (*errors, *hindrances)],
        key=form.key or secrets.token_urlsafe(18),
    )


@payment_acts.route("/<uuid:payment_id>/take-back/<uuid:invoice_id>", methods=["GET", "POST"])
@needs(Right.RECORD_PAYMENTS)
def take_back(payment_id: object, invoice_id: object) -> ResponseReturnValue:
    view = portal().show_payment(actor(), str(payment_id))
    payment = view.payment
    found = [(row, amount) for row, amount in view.applied_to if row.id == str(invoice_id)]
    if not found:
        flash(_("%(number)s is not applied to that invoice any more.", number=payment.number), "info")
        return redirect(url_for("payments.show", payment_id=payment.id), code=303)
    number, most = found[0][0].number, found[0][1]
    question = _question(
        payment,
        "take_back",
        title=_("Take %(number)s back from %(invoice)s?", number=payment.number, invoice=number),
        button=_("Take back"),
        keep=_("Keep it applied"),
        effects=(
            _("%(invoice)s is owed what you take back again.", invoice=number),
            _("The money stays as available credit of %(company)s.", company=view.company_name),
        ),
        fields=(
            amount_field("amount", _("Amount"), most, _("Applied: %(amount)s", amount=_shown(most))),
            Field("reason", _("Reason"), hint=_("It is kept in the history."), optional=True),
        ),
        invoice_id=str(invoice_id),
    )

    def act(typed: Mapping[str, str]) -> str:
        amount = amount_of(typed, "amount", payment.currency)
        portal().take_back_allocation(actor(), payment.id, str(invoice_id), amount, typed["reason"], typed["key"])
        return _("%(amount)s taken back from %(invoice)s.", amount=_shown(amount), invoice=number)

    return question.answer(act)


@payment_acts.route("/<uuid:payment_id>/pay-out", methods=["GET", "POST"])
@needs(Right.REVERSE_PAYMENTS)
def pay_out(payment_id: object) -> ResponseReturnValue:
    view = portal().show_payment(actor(), str(payment_id))
    payment = view.payment
    question = _question(
        payment,
        "pay_out",
        title=_("Pay out credit of %(number)s?", number=payment.number),
        button=_("Pay out credit"),
        keep=_("Keep credit"),
        sentences=(_("You return the money yourself, by check or transfer. The portal books that it left."),),
        effects=(_("Available credit of %(company)s falls by the amount.", company=view.company_name),),
        fields=(
            amount_field(
                "amount", _("Amount"), payment.available, _("Available: %(amount)s", amount=_shown(payment.available))
            ),
            Field("reason", _("How it goes back"), hint=_("For example: check 2201. It is kept in the history.")),
        ),
    )

    def act(typed: Mapping[str, str]) -> str:
        amount = amount_of(typed, "amount", payment.currency)
        portal().pay_out_credit(actor(), payment.id, amount, typed["reason"], typed["key"])
        return _("%(amount)s of %(number)s paid out.", amount=_shown(amount), number=payment.number)

    return question.answer(act)


@payment_acts.route("/<uuid:payment_id>/charge-back", methods=["GET", "POST"])
@needs(Right.REVERSE_PAYMENTS)
def charge_back(payment_id: object) -> ResponseReturnValue:
    view = portal().show_payment(actor(), str(payment_id))
    payment = view.payment
    whole = Money(payment.account.inflow - payment.account.charged_back, payment.currency)
    over = payment.beyond_held(whole)
    effects = [
        _("Available credit of %(company)s goes first, then invoices, latest due first.", company=view.company_name),
        *(
            _("%(invoice)s is owed up to %(amount)s again.", invoice=row.number, amount=_shown(amount))
            for row, amount in view.applied_to
        ),
    ]
    if over:
        words = _(
            "What the payment no longer holds, up to %(amount)s, becomes a new invoice, “Recovery of %(number)s”."
        )
        effects.append(words % {"amount": _shown(over), "number": payment.number})
    question = _question(
        payment,
        "charge_back",
        title=_("Charge %(number)s back?", number=payment.number),
        button=_("Charge back"),
        keep=_("Keep payment"),
        sentences=(_("The bank took the money back after a dispute. The payment stays in the list as Charged back."),),
        effects=tuple(effects),
        fields=(
            amount_field("amount", _("Amount the bank took back"), whole),
            Field("reason", _("Reason"), hint=_("For example: dispute 77-1. It is kept in the history.")),
        ),
    )

    def act(typed: Mapping[str, str]) -> str:
        amount = amount_of(typed, "amount", payment.currency)
        portal().charge_back(actor(), payment.id, amount, typed["reason"], typed["key"])
        return _("%(number)s charged back.", number=payment.number)

    return question.answer(act)


@payment_acts.route("/<uuid:payment_id>/won-back", methods=["GET", "POST"])
@needs(Right.REVERSE_PAYMENTS)
def won_back(payment_id: object) -> ResponseReturnValue:
    view = portal().show_payment(actor(), str(payment_id))
    payment = view.payment
    effects = [_("The money is applied to the same invoices again, as far as they are open. The rest is credit.")]
    if view.recovery:
        words = _("%(invoice)s is void; what was paid on it becomes available credit.")
        effects.append(words % {"invoice": view.recovery.number})
    question = _question(
        payment,
        "won_back",
        title=_("Was the chargeback of %(number)s won?", number=payment.number),
        button=_("Book it as won"),
        keep=_("Not yet"),
        sentences=(_("The bank gave the money back. The payment is Completed again."),),
        effects=tuple(effects),
        fields=(Field("note", _("Note"), hint=_("It is kept in the history."), optional=True),),
        is_danger=False,
    )

    def act(typed: Mapping[str, str]) -> str:
        portal().win_chargeback(actor(), payment.id, typed["note"], typed["key"])
        return _("The chargeback of %(number)s is won.", number=payment.number)

    return question.answer(act)


@payment_acts.route("/<uuid:payment_id>/memo", methods=["GET", "POST"])
@needs(Right.RECORD_PAYMENTS)
def edit_memo(payment_id: object) -> ResponseReturnValue:
    payment = portal().show_payment(actor(), str(payment_id)).payment
    question = _question(
        payment,
        "edit_memo",
        title=_("Edit the memo of %(number)s", number=payment.number),
        button=_("Save memo"),
        keep=_("Cancel"),
        sentences=(_("Only the memo of a recorded payment can be edited. To correct anything else, reverse it."),),
        fields=(
            Field("memo", _("Check number or cash payment memo"), payment.memo, _("The buyer sees it."), optional=True),
        ),
        is_danger=False,
    )

    def act(typed: Mapping[str, str]) -> str:
        portal().edit_memo(actor(), payment.id, typed["memo"])
        return _("Memo saved.")

    return question.answer(act)


@payment_acts.route("/<uuid:payment_id>/dismiss", methods=["GET", "POST"])
@needs(Right.RECORD_PAYMENTS)
def dismiss(payment_id: object) -> ResponseReturnValue:
    payment = portal().show_payment(actor(), str(payment_id)).payment
    question = _question(
        payment,
        "dismiss",
        title=_("Dismiss the announced payment %(number)s?", number=payment.number),
        button=_("Dismiss"),
        keep=_("Keep waiting"),
        sentences=(_("It never arrived, or was announced by mistake. It stays in the list as Failed."),),
        fields=(Field("reason", _("Reason"), hint=_("It is kept in the history.")),),
    )

    def act(typed: Mapping[str, str]) -> str:
        portal().dismiss_announcement(actor(), payment.id, typed["reason"])
        return _("%(number)s dismissed.", number=payment.number)

    return question.answer(act)


def _question(
    payment: Payment,
    act: str,
    *,
    title: str,
    button: str,
    keep: str,
    sentences: tuple[str, ...] = (),
    effects: tuple[str, ...] = (),
    fields: tuple[Field, ...] = (),
    is_danger: bool = True,
    **place: str,
) -> Question:
    return Question(
        tab="payments",
        title=title,
        url=url_for(f"payment_acts.{act}", payment_id=payment.id, **place),  # type: ignore[arg-type]
        button=button,
        keep=keep,
        back_url=url_for("payments.show", payment_id=payment.id),
        back=payment.number,
        sentences=sentences,
        effects=effects,
        fields=fields,
        is_danger=is_danger,
    )


def _shown(amount: Money) -> str:
    return money(amount, display())
