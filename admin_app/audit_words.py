"""What each act of the audit log is called, in one sentence about its thing."""

from collections.abc import Mapping
from typing import Final

from admin_app.language import N_

ACTS: Final[Mapping[str, str]] = {
    "invoice.created": N_("Created %(thing)s from an order"),
    "invoice.created_by_hand": N_("Wrote %(thing)s"),
    "invoice.imported": N_("Sent %(thing)s from the ERP"),
    "invoice.updated": N_("Edited %(thing)s"),
    "invoice.updated_by_erp": N_("Changed %(thing)s from the ERP"),
    "invoice.deleted": N_("Deleted %(thing)s"),
    "invoice.restored": N_("Restored %(thing)s"),
    "invoice.voided": N_("Voided %(thing)s"),
    "write_off.created": N_("Wrote a balance of %(thing)s off"),
    "write_off.reversed": N_("Took a write-off of %(thing)s back"),
    "credit_memo.issued": N_("Issued credit memo %(thing)s"),
    "credit_memo.applied": N_("Applied credit memo %(thing)s"),
    "credit_memo.taken_back": N_("Took an application of credit memo %(thing)s back"),
    "credit.applied": N_("Applied available credit of %(thing)s"),
    "payment.announced": N_("Took note of the announced payment %(thing)s"),
    "payment.recorded": N_("Recorded payment %(thing)s"),
    "payment.settled": N_("Booked the online payment %(thing)s"),
    "payment.read_from_order": N_("Read payment %(thing)s from its order"),
    "payment.refunded": N_("Booked money sent back of %(thing)s"),
    "payment.pending": N_("Saw payment %(thing)s on its way"),
    "payment.dismissed": N_("Dismissed the announced payment %(thing)s"),
    "payment.reversed": N_("Reversed payment %(thing)s"),
    "payment.charged_back": N_("Charged payment %(thing)s back"),
    "payment.chargeback_won": N_("Won the charge-back of %(thing)s"),
    "payment.paid_out": N_("Paid credit of %(thing)s out"),
    "payment.taken_back": N_("Took an application of %(thing)s back"),
    "payment.memo_changed": N_("Changed the memo of %(thing)s"),
    "checkout.started": N_("Started to pay at checkout"),
    "review.settled": N_("Settled a review"),
    "company.terms_changed": N_("Changed the terms of %(thing)s"),
    "company.contacts_changed": N_("Changed the billing contacts of %(thing)s"),
    "staff.added": N_("Added %(thing)s as a user"),
    "staff.joined": N_("Opened the app for the first time, with the role that waited"),
    "staff.asked": N_("Asked for access"),
    "staff.role_changed": N_("Changed the role of %(thing)s"),
    "staff.removed": N_("Removed user %(thing)s"),
    "staff.withdrawn": N_("Took %(thing)s off the list of users"),
    "staff.rules_changed": N_("Changed how people get a role"),
    "role.rights_changed": N_("Changed the permissions of %(thing)s"),
    "api_key.issued": N_("Created API key %(thing)s"),
    "api_key.revoked": N_("Revoked API key %(thing)s"),
    "settings.changed": N_("Changed settings"),
    "store.installed": N_("Installed the app"),
    "store.uninstalled": N_("Removed the app"),
    "store.opening_ended": N_("Ended opening mode"),
}
"""By the name of the act; what has no words of its own is shown by its name."""

ACTORS: Final[Mapping[str, str]] = {
    "staff": N_("Seller staff"),
    "buyer": N_("Buyers"),
    "erp": N_("API keys"),
    "system": N_("Invoice Portal itself"),
}

AREAS: Final[Mapping[str, str]] = {
    "invoices": N_("Invoices"),
    "payments": N_("Payments"),
    "credit": N_("Credit memos and write-offs"),
    "companies": N_("Companies"),
    "people": N_("Users, roles and API keys"),
    "settings": N_("Settings and store"),
}


def plain(what: str) -> str:
    """An act without words of its own: `payment.recorded` as “payment recorded”."""
    return what.replace(".", " ").replace("_", " ")
