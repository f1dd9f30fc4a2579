"""Money and documents a person must decide on: what was expected and found, and the acts that settle it."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal, told
from admin_app.guard import needs
from admin_app.language import N_, ngettext
from admin_app.language import gettext as _
from admin_app.reading import asked, at_cursor, listing, number, one_of, per_page
from admin_app.views.asking import Field, Question
from domain.errors import Refusal
from domain.payment import Payment
from domain.review import Outcome, Review, ReviewKind
from domain.roles import Right
from domain.use_cases.settle_review import ReviewItem

reviews = Blueprint("reviews", __name__, url_prefix="/reviews")

_WORDS: Final[dict[ReviewKind, tuple[str, str, str]]] = {
    ReviewKind.CAPTURED_OTHERWISE: (
        N_("An online payment did not match its checkout"),
        N_("What fitted was applied; the rest is available credit of the company."),
        N_("Look at the order in BigCommerce, then apply or refund the credit."),
    ),
    ReviewKind.NO_ATTEMPT: (
        N_("A payment order without a checkout of ours"),
        N_("The payment product was ordered directly, so no invoice was named."),
        N_("Ask the buyer which invoices it is for."),
    ),
    ReviewKind.NOT_APPLIED: (
        N_("Money could not be applied"),
        N_("The invoice could not take it any more."),
        N_("Apply the available credit to another invoice or refund it."),
    ),
    ReviewKind.STORE_CHANGES_PRICE: (
        N_("The store's checkout would change the price of a payment"),
        N_("A promotion, tax or fee applies to the payment product, so the buyer was not sent to checkout."),
        N_("Exclude the product “Invoice payment” from it in BigCommerce."),
    ),
    ReviewKind.ORDER_DOES_NOT_ADD_UP: (
        N_("An order does not add up"),
        N_("Its lines and charges differ from its total by more than rounding."),
        N_("Compare the invoice with the order and edit it if needed."),
    ),
    ReviewKind.ORDER_CHANGED: (
        N_("An order changed after its invoice was made"),
        N_("Nothing happens by itself: the invoice stays as issued."),
        N_("Edit or void the invoice, or issue a credit memo."),
    ),
    ReviewKind.AUTHORIZED_ONLY: (
        N_("A card payment is authorised, not captured"),
        N_("The invoice stays open until the money is captured."),
        N_("Capture or void the payment of the order in BigCommerce."),
    ),
    ReviewKind.BELOW_SETTLED: (
        N_("The ERP lowered a total below what is settled"),
        N_("The excess was taken back and is available credit."),
        N_("Apply the credit to another invoice or refund it."),
    ),
    ReviewKind.ERP_BALANCE: (
        N_("The ERP reports another balance"),
        N_("Something here is not posted there yet, or the other way round."),
        N_("Compare both sides."),
    ),
    ReviewKind.DISPUTED: (
        N_("A payment is disputed"),
        N_("BigCommerce does not tell how a dispute ends."),
        N_("Record the outcome when your bank decides."),
    ),
    ReviewKind.MONEY_BACK: (
        N_("Money went back that the payment no longer holds"),
        N_("More was sent back than is left of the payment."),
        N_("Compare the refunds of the order with the payment."),
    ),
}


_OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.BY_ITSELF: N_("Settled by itself"),
    Outcome.APPLIED_AS_EXPECTED: N_("Applied as expected"),
    Outcome.APPLIED_OTHERWISE: N_("Applied otherwise"),
    Outcome.LEFT_AS_CREDIT: N_("Left as credit"),
    Outcome.CHARGED_BACK: N_("Charged back"),
    Outcome.DISMISSED: N_("Dismissed"),
}


@reviews.get("")
@needs(Right.VIEW_PAYMENTS)
def index() -> ResponseReturnValue:
    query = asked(view=one_of({"settled"}), limit=number)
    settled, limit = query.get("view") == "settled", per_page(query)
    page = at_cursor(lambda cursor: portal().list_review_items(actor(), settled=settled, limit=limit, cursor=cursor))
    return render_template(
        "reviews/list.html",
        can=may(),
        query=query,
        views=[
            {"label": label, "count": None, "current": query.get("view", "") == key, "changes": {"view": key or None}}
            for key, label in (("", _("Open")), ("settled", _("Settled")))
        ],
        rows=[_row(item) for item in page.rows],
        listing=listing(page, limit, ngettext("%(num)s item shown", "%(num)s items shown", len(page.rows))),
    )


@reviews.post("/<uuid:review_id>/apply")
@needs(Right.SETTLE_REVIEWS)
def apply(review_id: object) -> ResponseReturnValue:
    """Applies the money to what its checkout was for. Raises NotFound."""
    portal().show_review(actor(), str(review_id))
    try:
        portal().apply_as_expected(actor(), str(review_id))
        flash(_("Applied as expected."), "success")
    except Refusal as refusal:
        flash(told(refusal), "error")
    return redirect(url_for("reviews.index"), code=303)


@reviews.post("/<uuid:review_id>/leave")
@needs(Right.SETTLE_REVIEWS)
def leave(review_id: object) -> ResponseReturnValue:
    """Leaves the money as available credit of the company. Raises NotFound."""
    portal().show_review(actor(), str(review_id))
    try:
        portal().settle_review(actor(), str(review_id), Outcome.LEFT_AS_CREDIT)
        flash(_("Left as available credit."), "success")
    except Refusal as refusal:
        flash(told(refusal), "error")
    return redirect(url_for("reviews.index"), code=303)


@reviews.route("/<uuid:review_id>/dismiss", methods=["GET", "POST"])
@needs(Right.SETTLE_REVIEWS)
def dismiss(review_id: object) -> ResponseReturnValue:
    review = portal().show_review(actor(), str(review_id)).review
    question = Question(
        tab="reviews",
        title=_("Dismiss this review item?"),
        url=url_for("reviews.dismiss", review_id=review.id),
        button=_("Dismiss"),
        keep=_("Keep it open"),
        back_url=url_for("reviews.index"),
        back=_("Reviews"),
        sentences=(
            _(_WORDS[review.kind][0]) + ".",
            _("Nothing is booked. It comes back when something else is found."),
        ),
        fields=(Field("reason", _("Reason"), hint=_("It is kept with the item.")),),
        is_danger=False,
    )

    def act(typed: Mapping[str, str]) -> str:
        portal().settle_review(actor(), review.id, Outcome.DISMISSED, typed["reason"])
        return _("Dismissed.")

    return question.answer(act)


def _row(item: ReviewItem) -> dict[str, object]:
    review, payment = item.review, item.payment
    title, text, advice = _WORDS[review.kind]
    return {
        "id": review.id,
        "title": _(title),
        "text": _(text),
        "opened_at": review.opened_at,
        "state": "settled" if review.settled_at else "open",
        "settled": _settled(review),
        "expected": review.expected,
        "found": review.found,
        "available": payment.available if payment and payment.available else None,
        "advice": _(advice),
        "links": _links(review, payment),
        "acts": [] if review.settled_at else _acts(review, payment),
    }


def _settled(review: Review) -> dict[str, object] | None:
    if review.settled_at is None or review.settlement is None:
        return None
    how = review.settlement
    return {"at": review.settled_at, "who": how.by, "how": _(_OUTCOMES[how.outcome]), "note": how.note}


def _acts(review: Review, payment: Payment | None) -> list[dict[str, object]]:
    """Links open a page that asks; posts act at once. `right` is what the person needs for it."""
    acts: list[dict[str, object]] = []
    outcomes, settle = review.outcomes(), Right.SETTLE_REVIEWS.value
    has_credit = payment is not None and payment.available.minor > 0
    if Outcome.APPLIED_AS_EXPECTED in outcomes and has_credit:
        url = url_for("reviews.apply", review_id=review.id)
        acts.append({"label": _("Apply as expected"), "url": url, "post": True, "right": settle, "main": True})
    if Outcome.LEFT_AS_CREDIT in outcomes and payment is not None and has_credit:
        there = url_for("payment_acts.apply", payment_id=payment.id, review=review.id)
        acts.append({"label": _("Apply otherwise"), "url": there, "right": Right.RECORD_PAYMENTS.value})
    if Outcome.LEFT_AS_CREDIT in outcomes and (has_credit or payment is None):
        url = url_for("reviews.leave", review_id=review.id)
        acts.append({"label": _("Leave as credit"), "url": url, "post": True, "right": settle})
    if review.kind is ReviewKind.DISPUTED and payment is not None:
        there = url_for("payment_acts.charge_back", payment_id=payment.id)
        acts.append({"label": _("Charge back"), "url": there, "right": Right.REVERSE_PAYMENTS.value, "dialog": True})
    url = url_for("reviews.dismiss", review_id=review.id)
    acts.append({"label": _("Dismiss"), "url": url, "right": settle, "dialog": True})
    return acts


def _links(review: Review, payment: Payment | None) -> list[dict[str, object]]:
    links: list[dict[str, object]] = []
    invoice_id = review.facts.get("invoice_id") or (review.subject_id if review.subject_kind == "invoice" else "")
    if payment is not None:
        url = url_for("payments.show", payment_id=payment.id)
        links.append({"label": _("Payment %(number)s", number=payment.number), "url": url, "outside": False})
    if invoice_id:
        url = url_for("invoices.show", invoice_id=invoice_id)
        links.append({"label": _("Invoice"), "url": url, "outside": False})
    if review.subject_kind == "order":
        outside = order_link(int(review.subject_id))
        if outside:
            label = _("Order %(number)s", number=review.subject_id)
            links.append({"label": label, "url": outside, "outside": True})
    return links
