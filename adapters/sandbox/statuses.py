"""The platform's fifteen order statuses; merchants may relabel them, never add or remove one."""

from adapters.sandbox.state import Doc

INCOMPLETE, PENDING, SHIPPED, PARTIALLY_SHIPPED, REFUNDED, CANCELLED, DECLINED = range(7)
AWAITING_PAYMENT, AWAITING_PICKUP, AWAITING_SHIPMENT, COMPLETED, AWAITING_FULFILLMENT = range(7, 12)
MANUAL_VERIFICATION, DISPUTED, PARTIALLY_REFUNDED = range(12, 15)

NAMES = (
    "Incomplete",
    "Pending",
    "Shipped",
    "Partially Shipped",
    "Refunded",
    "Cancelled",
    "Declined",
    "Awaiting Payment",
    "Awaiting Pickup",
    "Awaiting Shipment",
    "Completed",
    "Awaiting Fulfillment",
    "Manual Verification Required",
    "Disputed",
    "Partially Refunded",
)
_SORT = (0, 1, 8, 6, 11, 9, 10, 2, 5, 4, 7, 3, 13, 12, 14)
_MEANING = (
    "The shopper reached the payment page and did not finish.",
    "Checkout was started and not finished.",
    "Everything was sent; receipt is not confirmed.",
    "Some of the items were sent.",
    "The seller refunded the order.",
    "The seller cancelled the order.",
    "The seller declined the order.",
    "Checkout is done; payment is not confirmed.",
    "Packed; the customer collects it.",
    "Packed; waiting for the carrier.",
    "Paid and delivered.",
    "Checkout is done and payment is confirmed.",
    "On hold until a person has looked at it.",
    "The customer disputes the payment.",
    "The seller refunded a part of the order.",
)


def status(status_id: int) -> Doc:
    """One row of `GET /v2/order_statuses`."""
    return {
        "id": status_id,
        "name": NAMES[status_id],
        "system_label": NAMES[status_id],
        "custom_label": NAMES[status_id],
        "system_description": _MEANING[status_id],
        "order": _SORT[status_id],
    }
