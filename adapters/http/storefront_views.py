"""What a buyer's browser reads: domain values as the JSON of the Storefront API. Pure functions.

Money is a string in major units with the currency's ISO digits; empty texts are null.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from domain.invoice import ClosedBy, Line, Status
from domain.listing import InvoicePayment, InvoiceRow, PaymentRow, Totals
from domain.payment import Payment
from domain.price import plain
from domain.roles import BuyerRight
from domain.store import Profile
from domain.use_cases.look_at_checkout import CartLook, PaidLook
from domain.use_cases.look_at_invoices import InvoiceList, InvoiceView
from domain.use_cases.start_checkout import Started

Json = dict[str, object]

BACK_URL: Final = "/invoices/"

LABELS: Final = {
    "void": "Void",
    "paid": "Paid",
    "closed": "Closed",
    "pending": "Payment pending",
    "overdue": "Overdue",
    "partially_paid": "Partially paid",
    "open": "Open",
}


def badge(row: InvoiceRow, today: date) -> Json:
    """One badge, the first that fits: void, paid, payment pending, overdue, partially paid, open (ui.md 2).

    What was credited or written off reads “Closed”: buyers never read how a balance was given up (R-3).
    """
    code = _badge_code(row, today)
    return {"code": code, "label": LABELS[code]}


def _badge_code(row: InvoiceRow, today: date) -> str:
    if row.status is Status.VOID:
        return "void"
    if row.status is Status.CLOSED:
        return "paid" if row.closed_by in (None, ClosedBy.PAID) else "closed"
    if row.pending is not None:
        return "pending"
    if row.due_on < today:
        return "overdue"
    return "partially_paid" if row.status is Status.PARTIALLY_PAID else "open"


def why_not_payable(row: InvoiceRow, currencies: Collection[str]) -> str | None:
    """Why the buyer cannot pay it online now; None when nothing stands against it. No `currencies` allow all."""
    if row.status is Status.VOID:
        return f"{row.number} is void. Nothing is owed."
    if row.status is Status.CLOSED:
        return f"Nothing is owed on {row.number}."
    if row.pending is not None:
        return f"{row.pending} is on its way for {row.number}."
    if currencies and row.total.currency not in currencies:
        return f"This store cannot charge {row.total.currency} online. Contact the store for how to pay."
    return None


def invoice_item(row: InvoiceRow, today: date, currencies: Collection[str]) -> Json:
    reason = why_not_payable(row, currencies)
    return {
        "id": row.id,
        "number": row.number,
        "order_number": str(row.order_id) if row.order_id is not None else None,
        "po_number": row.po_number or None,
        "issued_on": row.issued_on.isoformat(),
        "due_on": row.due_on.isoformat(),
        "days_late": (today - row.due_on).days,
        "currency": row.total.currency,
        "total": row.total.text,
        "paid": row.paid.text,
        "balance": row.balance.text,
        "status": row.status.value,
        "badge": badge(row, today),
        "pending": row.pending.text if row.pending is not None else None,
        "pending_since": row.pending_since.isoformat() if row.pending_since is not None else None,
        "being_paid": row.being_paid,
        "payable": reason is None,
        "not_payable_reason": reason,
    }


def invoice_list(found: InvoiceList, today: date, currencies: Collection[str]) -> Json:
    return {
        "items": [invoice_item(row, today, currencies) for row in found.page.rows],
        "next_cursor": found.page.next_cursor,
        "previous_cursor": found.page.previous_cursor,
        "totals": [_totals(one) for one in found.totals],
    }


def _totals(one: Totals) -> Json:
    return {
        "currency": one.currency,
        "open": one.open.text,
        "overdue": one.overdue.text,
        "available_credit": one.available_credit.text,
    }


def currencies_of(found: InvoiceList, profile: Profile | None) -> set[str]:
    """Every currency the page may have to write."""
    shown = {row.total.currency for row in found.page.rows} | {one.currency for one in found.totals}
    return shown | ({profile.currency, *profile.transactional_currencies} if profile else set())


def invoice_detail(
    view: InvoiceView, today: date, currencies: Collection[str], seller: str, seller_address: Sequence[str]
) -> Json:
    content = view.invoice.content
    return {
        **invoice_item(view.row, today, currencies),
        "company_name": view.invoice.company_name,
        "seller": {"name": seller, "address_lines": list(seller_address)},
        "billing_address": {"lines": content.billing_address.lines},
        "shipping_addresses": [{"lines": one.lines} for one in content.shipping_addresses if one.lines],
        "terms_text": content.terms_text or None,
        "notes": content.notes or None,
        "lines": [_line(one) for one in content.lines],
        "cost_lines": [
            {"kind": one.kind.value, "description": one.description, "amount": one.amount.text}
            for one in content.cost_lines
        ],
        "payments": [_payment(one) for one in view.payments],
    }


def _line(line: Line) -> Json:
    return {
        "sku": line.sku,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": unit_price(line),
        "amount": line.amount.text,
    }


def unit_price(line: Line) -> str:
    """What one piece costs, exactly: with the currency's own places, `10.00`, and more where there are, `0.0125`."""
    value = plain(line.unit_price.value / line.unit_price.base)
    whole, _, places = value.partition(".")
    digits = len(line.amount.text.partition(".")[2])
    return f"{whole}.{places:0<{digits}}" if digits or places else whole


def _payment(payment: InvoicePayment) -> Json:
    """A status word such as “Partly refunded” has the code `partly_refunded`."""
    return {
        "number": payment.number,
        "received_on": payment.received_on.isoformat(),
        "method": payment.method,
        "memo": payment.memo or None,
        "status": {"code": payment.status.lower().replace(" ", "_"), "label": payment.status},
        "amount": payment.amount.text,
    }


def rights(held: Collection[BuyerRight]) -> list[str]:
    return [right.value for right in BuyerRight if right in held]


def started(attempt: Started) -> Json:
    return {
        "attempt": attempt.attempt_id,
        "payment_number": attempt.payment_number,
        "checkout_url": attempt.checkout_url,
        "expires_at": attempt.expires_at.isoformat(),
    }


def cart(look: CartLook) -> Json:
    attempt = look.attempt
    return {
        "company_name": look.company_name,
        "currency": attempt.currency,
        "lines": [
            {
                "invoice_id": line.invoice_id,
                "number": line.number,
                "due_on": line.due_on,
                "balance": look.invoices[line.invoice_id].balance.text,
                "amount": line.amount.text,
            }
            for line in attempt.lines
        ],
        "total": attempt.total.text,
        "matches": look.matches,
        "allowed_methods": list(look.allowed_methods),
        "back_url": BACK_URL,
    }


def paid_order(look: PaidLook) -> Json:
    """What the confirmation page shows; number and sums only once there is a payment."""
    payment = look.payment
    credit = payment.available if payment is not None else None
    return {
        "state": look.state,
        "payment_number": payment.number if payment is not None else None,
        "currency": payment.currency if payment is not None else None,
        "total": payment.amount.text if payment is not None else None,
        "lines": [
            {"number": line.number, "amount": line.amount.text, "new_balance": line.new_balance.text}
            for line in look.lines
        ],
        "credit": credit.text if credit else None,
        "back_url": BACK_URL,
    }


def announcement(payment: Payment | PaymentRow, sent_on: date) -> Json:
    """What the seller sees too; the number stays when the payment is recorded."""
    return {
        "id": payment.id,
        "number": payment.number,
        "status": {"code": payment.status.lower().replace(" ", "_"), "label": payment.status.value},
        "method": payment.method_label,
        "sent_on": sent_on.isoformat(),
        "reference": payment.memo or None,
        "currency": payment.amount.currency,
        "amount": payment.amount.text,
    }
