"""What methods, movements and acts of payments are called, and the rows made of them."""

from typing import Final

from flask import url_for

from admin_app.context import today
from admin_app.language import N_
from admin_app.language import gettext as _
from admin_app.presentation import invoice_badge
from domain.invoice import ClosedBy
from domain.ledger import Kind
from domain.listing import HistoryEntry, InvoiceRow, PaymentMoved, PaymentRow
from domain.money import Money

METHODS: Final = {
    "check": N_("Check"),
    "cash": N_("Cash"),
    "bank_transfer": N_("Bank transfer"),
    "other": N_("Other"),
    "online": N_("Online"),
    "order": N_("Paid with the order"),
    "elsewhere": N_("Settled elsewhere"),
}

_MOST_NUMBERS: Final = 2
"""Invoice numbers shown in a row of the list."""

_MOVED: Final = {
    Kind.RECEIVED: N_("Received"),
    Kind.SETTLED_ELSEWHERE: N_("Settled elsewhere"),
    Kind.ALLOCATED: N_("Applied"),
    Kind.DEALLOCATED: N_("Taken back"),
    Kind.REFUNDED: N_("Refunded"),
    Kind.REVERSED: N_("Reversed"),
    Kind.CHARGED_BACK: N_("Charged back"),
    Kind.CHARGEBACK_WON: N_("Chargeback won"),
    Kind.PAID_OUT: N_("Paid out"),
}

_ACTS: Final = {
    "payment.announced": N_("announced this payment"),
    "payment.dismissed": N_("dismissed the announcement"),
    "payment.recorded": N_("recorded this payment"),
    "payment.settled": N_("settled an online payment"),
    "payment.refunded": N_("booked money sent back"),
    "payment.pending": N_("saw a payment on its way"),
    "payment.failed": N_("saw the payment fail"),
    "payment.reversed": N_("reversed this payment"),
    "payment.read_from_order": N_("read the order's payment"),
    "payment.memo_changed": N_("changed the memo"),
    "payment.taken_back": N_("took money back from invoices"),
    "payment.paid_out": N_("paid credit out"),
    "payment.charged_back": N_("charged this payment back"),
    "payment.chargeback_won": N_("won the chargeback"),
    "credit.applied": N_("applied available credit"),
}


def method_of(method: str, label: str) -> str:
    """The gateway's own name where it has one."""
    known = METHODS[method]
    return _(known) if not label or label == known else label


def list_row(row: PaymentRow) -> dict[str, object]:
    return {
        "number": row.number,
        "url": url_for("payments.show", payment_id=row.id),
        "company_name": row.company_name,
        "received_on": row.received_on,
        "method": method_of(row.method.value, row.method_label),
        "online": row.is_online,
        "reference": row.memo or (_("Order %(number)s", number=row.bc_order_id) if row.bc_order_id else ""),
        "amount": row.amount,
        "applied": row.applied,
        "invoices": row.invoice_numbers[:_MOST_NUMBERS],
        "more_invoices": max(0, len(row.invoice_numbers) - _MOST_NUMBERS),
        "available": row.available,
        "status": row.status.value,
        "needs_review": row.needs_review,
    }


def applied_row(row: InvoiceRow, amount: Money, payment_id: str) -> dict[str, object]:
    owed = bool(row.balance)
    closed = ClosedBy(row.closed_by) if row.closed_by else None
    return {
        "number": row.number,
        "url": url_for("invoices.show", invoice_id=row.id),
        "take_back_url": url_for("payment_acts.take_back", payment_id=payment_id, invoice_id=row.id),
        "due_on": row.due_on,
        "owed": owed,
        "amount": amount,
        "balance": row.balance,
        "badge": invoice_badge(row.status, closed, pending=False, overdue=owed and row.due_on < today()),
    }


def moved_row(moved: PaymentMoved) -> dict[str, object]:
    return {
        "on": moved.effective_on,
        "at": moved.recorded_at,
        "what": _(_MOVED[moved.kind]) if moved.kind in _MOVED else moved.kind.value,
        "number": moved.invoice_number,
        "url": url_for("invoices.show", invoice_id=moved.invoice_id) if moved.invoice_id else None,
        "transaction": moved.transaction_id,
        "amount": moved.effect,
        "who": moved.who,
    }


def history_row(entry: HistoryEntry) -> dict[str, object]:
    """One line of a history; an act without words of its own is shown by its name."""
    words = _ACTS.get(entry.what)
    texts = entry.texts
    reason = texts.get("reason") or texts.get("note", "")
    if "after" in texts:
        reason = _("“%(before)s” became “%(after)s”", before=texts.get("before", ""), after=texts["after"])
    return {
        "at": entry.at,
        "who": entry.who,
        "text": _(words) if words else entry.what.replace(".", " ").replace("_", " "),
        "amount": None,
        "reason": reason,
    }
