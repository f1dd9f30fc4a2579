"""All tables, with one `metadata`. Row-level security, grants and triggers are in the migrations."""

from adapters.sql.tables.base import metadata
from adapters.sql.tables.documents import (
    attempt,
    attempt_line,
    credit_memo,
    invoice,
    invoice_paper,
    payment,
    payment_pending,
    shop_order,
)
from adapters.sql.tables.files import export, file, file_chunk
from adapters.sql.tables.ledger import allocation, audit, audit_text, event, ledger_head, movement
from adapters.sql.tables.mails import mail
from adapters.sql.tables.notes import inbox, note, number_series, once, outbox, review, secret
from adapters.sql.tables.people import billing_contact, buyer, company, invitation, sales_staff, staff
from adapters.sql.tables.stores import api_key, due_work, hook_route, session, store, used_token

__all__ = [
    "allocation",
    "api_key",
    "attempt",
    "attempt_line",
    "audit",
    "audit_text",
    "billing_contact",
    "buyer",
    "company",
    "credit_memo",
    "due_work",
    "event",
    "export",
    "file",
    "file_chunk",
    "hook_route",
    "inbox",
    "invitation",
    "invoice",
    "invoice_paper",
    "ledger_head",
    "mail",
    "metadata",
    "movement",
    "note",
    "number_series",
    "once",
    "outbox",
    "payment",
    "payment_pending",
    "review",
    "sales_staff",
    "secret",
    "session",
    "shop_order",
    "staff",
    "store",
    "used_token",
]
