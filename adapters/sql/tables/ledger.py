"""The ledger: movements, who caused them, allocations that are live, events told to the world.

`movement`, `audit` and `event` are append-only, by grant and by trigger (I-12). Rows of `movement` and `audit` each
carry the hash of the row before (M-3); what people wrote lives in `audit_text`, which can be blanked.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy import (
    text as sql,
)

from adapters.sql.tables.base import currency, day, derived, instant, metadata, minor, store_id, text, uuid

ledger_head = Table(
    "ledger_head",
    metadata,
    store_id(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("audit_seq", BigInteger, nullable=False),
    Column("audit_hash", LargeBinary, nullable=False),
    Column("event_seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("store_id", name="pk_ledger_head"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_ledger_head_store"),
)

audit = Table(
    "audit",
    metadata,
    store_id(),
    Column("seq", BigInteger, nullable=False, autoincrement=False),
    instant("at"),
    text("actor_kind"),
    text("actor_id"),
    text("actor_role"),
    text("request_id"),
    text("what"),
    text("subject_kind"),
    text("subject_id"),
    Column("changes", JSON, nullable=False),
    Column("text_digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("store_id", "seq", name="pk_audit"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_audit_store"),
    Index("ix_audit_subject", "store_id", "subject_kind", "subject_id", "seq"),
)

audit_text = Table(
    "audit_text",
    metadata,
    store_id(),
    Column("audit_seq", BigInteger, nullable=False, autoincrement=False),
    text("who"),
    Column("texts", JSON, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("came_from", Text, nullable=False, server_default=sql("''")),
    PrimaryKeyConstraint("store_id", "audit_seq", name="pk_audit_text"),
    ForeignKeyConstraint(["store_id", "audit_seq"], ["audit.store_id", "audit.seq"], name="fk_audit_text_audit"),
)

_LOWERS_INVOICE = "('voided', 'deleted', 'allocated', 'written_off')"
_RAISES_INVOICE = "('invoiced', 'adjusted', 'restored', 'deallocated', 'write_off_reversed')"
_LOWERS_SOURCE = "('allocated', 'refunded', 'reversed', 'charged_back', 'paid_out')"
_RAISES_SOURCE = "('received', 'settled_elsewhere', 'credited', 'deallocated', 'chargeback_won')"


def _effect(raises: str, lowers: str) -> str:
    return f"CASE WHEN kind IN {raises} THEN amount_minor WHEN kind IN {lowers} THEN -amount_minor ELSE 0 END"


movement = Table(
    "movement",
    metadata,
    store_id(),
    Column("seq", BigInteger, nullable=False, autoincrement=False),
    Column("audit_seq", BigInteger, nullable=False),
    instant("recorded_at"),
    day("effective_on"),
    text("kind"),
    Column("amount_minor", BigInteger, nullable=False),
    currency(),
    Column("company_id", BigInteger, nullable=False),
    Column("payer_company_id", BigInteger),
    uuid("invoice_id", nullable=True),
    uuid("source_id", nullable=True),
    text("source_kind", nullable=True),
    text("transaction_id", nullable=True),
    text("origin"),
    Column("hash", LargeBinary, nullable=False),
    derived("invoice_effect", _effect(_RAISES_INVOICE, _LOWERS_INVOICE)),
    derived("source_effect", _effect(_RAISES_SOURCE, _LOWERS_SOURCE)),
    Column(
        "payment_id",
        Uuid(as_uuid=False),
        Computed("CASE WHEN source_kind = 'payment' THEN source_id END", persisted=True),
    ),
    Column(
        "credit_memo_id",
        Uuid(as_uuid=False),
        Computed("CASE WHEN source_kind = 'credit_memo' THEN source_id END", persisted=True),
    ),
    CheckConstraint(
        "amount_minor > 0 OR (amount_minor < 0 AND kind IN ('adjusted', 'transferred_out', 'transferred_in'))",
        name="amount",
    ),
    CheckConstraint(
        f"kind IN {_RAISES_INVOICE} OR kind IN {_LOWERS_INVOICE}"
        f" OR kind IN {_RAISES_SOURCE} OR kind IN {_LOWERS_SOURCE}"
        " OR kind IN ('transferred_out', 'transferred_in')",
        name="kind",
    ),
    CheckConstraint(
        f"(invoice_id IS NOT NULL) = (kind IN {_RAISES_INVOICE} OR kind IN {_LOWERS_INVOICE})", name="invoice"
    ),
    CheckConstraint(f"(source_id IS NOT NULL) = (kind IN {_RAISES_SOURCE} OR kind IN {_LOWERS_SOURCE})", name="source"),
    CheckConstraint(
        "(source_id IS NULL) = (source_kind IS NULL) AND source_kind IN ('payment', 'credit_memo')", name="source_kind"
    ),
    PrimaryKeyConstraint("store_id", "seq", name="pk_movement"),
    ForeignKeyConstraint(["store_id", "audit_seq"], ["audit.store_id", "audit.seq"], name="fk_movement_audit"),
    ForeignKeyConstraint(["store_id", "company_id"], ["company.store_id", "company.id"], name="fk_movement_company"),
    ForeignKeyConstraint(
        ["store_id", "payer_company_id"], ["company.store_id", "company.id"], name="fk_movement_payer"
    ),
    ForeignKeyConstraint(
        ["store_id", "invoice_id", "currency"],
        ["invoice.store_id", "invoice.id", "invoice.currency"],
        name="fk_movement_invoice",
    ),
    ForeignKeyConstraint(
        ["store_id", "payment_id", "currency"],
        ["payment.store_id", "payment.id", "payment.currency"],
        name="fk_movement_payment",
    ),
    ForeignKeyConstraint(
        ["store_id", "credit_memo_id", "currency"],
        ["credit_memo.store_id", "credit_memo.id", "credit_memo.currency"],
        name="fk_movement_credit_memo",
    ),
    Index(
        "uq_movement_transaction",
        "store_id",
        "transaction_id",
        unique=True,
        postgresql_where=sql("transaction_id IS NOT NULL"),
    ),
    Index("ix_movement_invoice", "store_id", "invoice_id", "seq", postgresql_where=sql("invoice_id IS NOT NULL")),
    Index("ix_movement_source", "store_id", "source_id", "seq", postgresql_where=sql("source_id IS NOT NULL")),
    Index("ix_movement_company", "store_id", "company_id", "effective_on", "seq"),
    Index(
        "ix_movement_payer",
        "store_id",
        "payer_company_id",
        "effective_on",
        "seq",
        postgresql_where=sql("payer_company_id IS NOT NULL"),
    ),
    Index("ix_movement_audit", "store_id", "audit_seq"),
)

allocation = Table(
    "allocation",
    metadata,
    store_id(),
    uuid("source_id"),
    uuid("invoice_id"),
    text("source_kind"),
    minor("amount_minor"),
    currency(),
    instant("changed_at"),
    Column(
        "payment_id",
        Uuid(as_uuid=False),
        Computed("CASE WHEN source_kind = 'payment' THEN source_id END", persisted=True),
    ),
    Column(
        "credit_memo_id",
        Uuid(as_uuid=False),
        Computed("CASE WHEN source_kind = 'credit_memo' THEN source_id END", persisted=True),
    ),
    CheckConstraint("amount_minor > 0", name="amount"),
    CheckConstraint("source_kind IN ('payment', 'credit_memo')", name="source_kind"),
    PrimaryKeyConstraint("store_id", "source_id", "invoice_id", name="pk_allocation"),
    ForeignKeyConstraint(
        ["store_id", "invoice_id", "currency"],
        ["invoice.store_id", "invoice.id", "invoice.currency"],
        name="fk_allocation_invoice",
    ),
    ForeignKeyConstraint(
        ["store_id", "payment_id", "currency"],
        ["payment.store_id", "payment.id", "payment.currency"],
        name="fk_allocation_payment",
    ),
    ForeignKeyConstraint(
        ["store_id", "credit_memo_id", "currency"],
        ["credit_memo.store_id", "credit_memo.id", "credit_memo.currency"],
        name="fk_allocation_credit_memo",
    ),
    Index("ix_allocation_invoice", "store_id", "invoice_id"),
)

event = Table(
    "event",
    metadata,
    store_id(),
    Column("seq", BigInteger, nullable=False, autoincrement=False),
    uuid("id"),
    Column("audit_seq", BigInteger, nullable=False),
    instant("at"),
    text("kind"),
    Column("subject_id", Text, nullable=False),
    Column("company_id", BigInteger),
    Column("facts", JSON, nullable=False),
    PrimaryKeyConstraint("store_id", "seq", name="pk_event"),
    ForeignKeyConstraint(["store_id", "audit_seq"], ["audit.store_id", "audit.seq"], name="fk_event_audit"),
)
