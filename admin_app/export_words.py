"""The titles of exported columns, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from admin_app.language import N_, gettext

COLUMNS: Final[Mapping[str, str]] = {
    "act": N_("Act"),
    "address": N_("Address"),
    "amount": N_("Amount"),
    "applied": N_("Applied"),
    "available": N_("Available"),
    "available_credit": N_("Available credit"),
    "balance": N_("Balance"),
    "buyer": N_("Buyer"),
    "by": N_("Kind of author"),
    "can_open_invoices": N_("Can open invoices"),
    "cannot_pay_online": N_("Cannot pay online because"),
    "changes": N_("Before and after"),
    "closed_by": N_("Closed by"),
    "company": N_("Company"),
    "company_id": N_("Company ID"),
    "company_status": N_("Company status"),
    "currency": N_("Currency"),
    "days_late": N_("Days late"),
    "due": N_("Due"),
    "erp_id": N_("ERP ID"),
    "invoice": N_("Invoice"),
    "invoice_status": N_("Invoice status"),
    "invoices": N_("Invoices"),
    "issued": N_("Issued"),
    "kind": N_("Online or offline"),
    "last_payment": N_("Last payment"),
    "memo": N_("Memo"),
    "method": N_("Method"),
    "needs_review": N_("Needs review"),
    "number": N_("Number"),
    "oldest_due": N_("Oldest due"),
    "open_balance": N_("Open balance"),
    "order": N_("Order"),
    "order_status": N_("Order status"),
    "overdue": N_("Overdue"),
    "paid": N_("Paid"),
    "placed": N_("Placed"),
    "po_number": N_("PO number"),
    "received": N_("Received"),
    "request": N_("Request"),
    "role": N_("Role"),
    "source": N_("Source"),
    "status": N_("Status"),
    "terms": N_("Terms"),
    "thing": N_("Thing"),
    "total": N_("Total"),
    "transactions": N_("Transactions"),
    "when": N_("When"),
    "who": N_("Who"),
    "words": N_("Texts"),
}


def column_title(name: str) -> str:
    """The title of a column; a column without one fails a test, not an export."""
    return gettext(COLUMNS.get(name, name))
