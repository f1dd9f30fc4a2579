"""Money and documents a person must decide on."""

from typing import Final

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from admin_app.context import actor, may, order_link, portal
from admin_app.guard import needs
from domain.review import Review, ReviewKind
from domain.roles import Right

reviews = Blueprint("reviews", __name__, url_prefix="/reviews")

_WORDS: Final[dict[ReviewKind, tuple[str, str, str]]] = {
    ReviewKind.CAPTURED_OTHERWISE: (
        "An online payment did not match its checkout",
        "What fitted was applied; the rest is available credit of the company.",
        "Look at the order in BigCommerce, then apply or refund the credit.",
    ),
    ReviewKind.NO_ATTEMPT: (
        "A payment order without a checkout of ours",
        "The payment product was ordered directly, so no invoice was named.",
        "Ask the buyer which invoices it is for.",
    ),
    ReviewKind.NOT_APPLIED: (
        "Money could not be applied",
        "The invoice could not take it any more.",
        "Apply the available credit to another invoice or refund it.",
    ),
    ReviewKind.STORE_CHANGES_PRICE: (
        "The store's checkout would change the price of a payment",
        "A promotion, tax or fee applies to the payment product, so the buyer was not sent to checkout.",
        "Exclude the product “Invoice payment” from it in BigCommerce.",
    ),
    ReviewKind.ORDER_DOES_NOT_ADD_UP: (
        "An order does not add up",
        "Its lines and charges differ from its total by more than rounding.",
        "Compare the invoice with the order and edit it if needed.",
    ),
    ReviewKind.ORDER_CHANGED: (
        "An order changed after its invoice was made",
        "Nothing happens by itself: the invoice stays as issued.",
        "Edit or void the invoice, or issue a credit memo.",
    ),
    ReviewKind.AUTHORIZED_ONLY: (
        "A card payment is authorised, not captured",
        "The invoice stays open until the money is captured.",
        "Capture or void the payment of the order in BigCommerce.",
    ),
    ReviewKind.BELOW_SETTLED: (
        "The ERP lowered a total below what is settled",
        "The excess was taken back and is available credit.",
        "Apply the credit to another invoice or refund it.",
    ),
    ReviewKind.ERP_BALANCE: (
        "The ERP reports another balance",
        "Something here is not posted there yet, or the other way round.",
        "Compare both sides.",
    ),
    ReviewKind.DISPUTED: (
        "A payment is disputed",
        "BigCommerce does not tell how a dispute ends.",
        "Record the outcome when your bank decides.",
    ),
    ReviewKind.MONEY_BACK: (
        "Money went back that the payment no longer holds",
        "More was sent back than is left of the payment.",
        "Compare the refunds of the order with the payment.",
    ),
}


@reviews.get("")
@needs(Right.VIEW_PAYMENTS)
def index() -> ResponseReturnValue:
    found = portal().list_reviews(actor())
    views = [{"label": "Open", "count": len(found), "current": True, "changes": {}}]
    return render_template(
        "reviews/list.html",
        can=may(),
        query={},
        views=views,
        rows=[_row(review) for review in found],
        listing={"next_cursor": None, "previous_cursor": None, "summary": f"{len(found)} open"},
    )


def _row(review: Review) -> dict[str, object]:
    title, text, advice = _WORDS[review.kind]
    return {
        "id": review.id,
        "title": title,
        "text": text,
        "opened_at": review.opened_at,
        "state": "open",
        "settled": None,
        "expected": [{"label": "Expected", "value": review.expected}],
        "found": [{"label": "Found", "value": review.found}],
        "advice": advice,
        "links": _links(review),
    }


def _links(review: Review) -> list[dict[str, object]]:
    links: list[dict[str, object]] = []
    invoice_id = review.facts.get("invoice_id") or (review.subject_id if review.subject_kind == "invoice" else "")
    if invoice_id:
        links.append({"label": "Invoice", "url": url_for("invoices.show", invoice_id=invoice_id), "outside": False})
    if review.subject_kind == "order":
        url = order_link(int(review.subject_id))
        if url:
            links.append({"label": f"Order {review.subject_id}", "url": url, "outside": True})
    return links
