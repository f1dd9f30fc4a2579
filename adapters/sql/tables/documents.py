"""Orders, invoices, payments, credit memos and payment attempts. Cached accounts stand beside the documents.

What a list shows is columns; the paper itself is JSON in a table of its own, so that booking money rewrites
small rows. People's data (addresses, notes, memos) is apart from content and can be blanked (ground rule 9).
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy import (
    text as sql,
)

from adapters.sql.tables.base import (
    account,
    currency,
    day,
    derived,
    instant,
    metadata,
    minor,
    source_account,
    store_id,
    text,
    uuid,
)

shop_order = Table(
    "shop_order",
    metadata,
    store_id(),
    Column("id", BigInteger, nullable=False, autoincrement=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("company_id", BigInteger),
    instant("placed_at"),
    instant("modified_at"),
    Column("status_id", SmallInteger, nullable=False),
    text("status"),
    currency(),
    minor("total_minor"),
    text("po_number"),
    text("buyer_name"),
    text("cart_id", nullable=True),
    Column("is_archived", Boolean, nullable=False),
    Column("is_invoice_payment", Boolean, nullable=False),
    text("search_text"),
    Column("reading", JSON, nullable=False),
    PrimaryKeyConstraint("store_id", "id", name="pk_shop_order"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_shop_order_store"),
    Index(
        "ix_shop_order_placed",
        "store_id",
        "placed_at",
        "id",
        postgresql_where=sql("company_id IS NOT NULL AND NOT is_invoice_payment"),
    ),
    Index("ix_shop_order_company", "store_id", "company_id", "placed_at", "id"),
    Index(
        "ix_shop_order_waiting",
        "store_id",
        "placed_at",
        postgresql_where=sql("company_id IS NULL AND customer_id <> 0"),
    ),
)

_SETTLED = "paid_minor + credited_minor + written_off_minor"
INVOICE_STATUS = f"""CASE
    WHEN removed IS NOT NULL THEN removed
    WHEN live_total_minor - ({_SETTLED}) = 0 THEN 'closed'
    WHEN {_SETTLED} = 0 THEN 'open'
    ELSE 'partially_paid' END"""
"""`domain.invoice.status_of` in SQL, for filters (I-3)."""

invoice = Table(
    "invoice",
    metadata,
    store_id(),
    uuid("id"),
    text("number", sorts_bytewise=True),
    text("number_space"),
    text("external_id", nullable=True),
    text("external_number", nullable=True),
    text("source"),
    Column("company_id", BigInteger, nullable=False),
    text("company_name"),
    text("company_folded", sorts_bytewise=True),
    Column("order_id", BigInteger),
    text("po_number"),
    day("issued_on"),
    day("due_on"),
    currency(),
    minor("total_minor"),
    account("live_total_minor"),
    account("paid_minor"),
    account("credited_minor"),
    account("written_off_minor"),
    derived("balance_minor", f"live_total_minor - ({_SETTLED})"),
    text("removed", nullable=True),
    Column("status", Text, Computed(INVOICE_STATUS, persisted=True), nullable=False),
    Column("silent", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    text("search_text"),
    Column("channel_id", BigInteger),
    CheckConstraint("source IN ('order', 'erp', 'manual')", name="source"),
    CheckConstraint("removed IN ('void', 'deleted')", name="removed"),
    CheckConstraint("source <> 'order' OR order_id IS NOT NULL", name="order"),
    CheckConstraint("total_minor >= 0", name="total"),
    CheckConstraint("least(live_total_minor, paid_minor, credited_minor, written_off_minor) >= 0", name="account"),
    CheckConstraint(f"live_total_minor - ({_SETTLED}) >= 0", name="balance"),
    PrimaryKeyConstraint("store_id", "id", name="pk_invoice"),
    UniqueConstraint("store_id", "id", "currency", name="uq_invoice_currency"),
    UniqueConstraint("store_id", "number_space", "number", name="uq_invoice_number"),
    UniqueConstraint("store_id", "number_space", "external_id", name="uq_invoice_external_id"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_invoice_store"),
    ForeignKeyConstraint(["store_id", "company_id"], ["company.store_id", "company.id"], name="fk_invoice_company"),
    Index(
        "uq_invoice_order",
        "store_id",
        "order_id",
        unique=True,
        postgresql_where=sql("source = 'order' AND removed IS NULL"),
    ),
    Index("ix_invoice_order", "store_id", "order_id", postgresql_where=sql("order_id IS NOT NULL")),
    Index("ix_invoice_removed", "store_id", "issued_on", "id", postgresql_where=sql("removed IS NOT NULL")),
    Index("ix_invoice_issued", "store_id", "issued_on", "id"),
    Index("ix_invoice_due", "store_id", "due_on", "id"),
    Index("ix_invoice_number", "store_id", "number", "id"),
    Index("ix_invoice_company_issued", "store_id", "company_id", "issued_on", "id"),
    Index(
        "ix_invoice_unpaid",
        "store_id",
        "due_on",
        "id",
        postgresql_include=["company_id", "currency", "balance_minor", "status"],
        postgresql_where=sql("balance_minor > 0"),
    ),
    Index(
        "ix_invoice_company_unpaid",
        "store_id",
        "company_id",
        "due_on",
        "id",
        postgresql_include=["currency", "balance_minor", "status"],
        postgresql_where=sql("balance_minor > 0"),
    ),
)

invoice_paper = Table(
    "invoice_paper",
    metadata,
    store_id(),
    uuid("invoice_id"),
    Column("content", JSON, nullable=False),
    Column("people", JSON, nullable=False),
    PrimaryKeyConstraint("store_id", "invoice_id", name="pk_invoice_paper"),
    ForeignKeyConstraint(
        ["store_id", "invoice_id"], ["invoice.store_id", "invoice.id"], name="fk_invoice_paper_invoice"
    ),
)

attempt = Table(
    "attempt",
    metadata,
    store_id(),
    uuid("id"),
    Column("company_id", BigInteger, nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    currency(),
    text("payment_number"),
    instant("started_at"),
    Column("channel_id", BigInteger, nullable=False),
    text("state"),
    text("cart_id", nullable=True),
    text("masquerading_rep", nullable=True),
    PrimaryKeyConstraint("store_id", "id", name="pk_attempt"),
    UniqueConstraint("store_id", "cart_id", name="uq_attempt_cart"),
    ForeignKeyConstraint(["store_id", "company_id"], ["company.store_id", "company.id"], name="fk_attempt_company"),
    Index(
        "ix_attempt_unfinished",
        "store_id",
        "started_at",
        postgresql_where=sql("state IN ('started', 'cart_made')"),
    ),
)

attempt_line = Table(
    "attempt_line",
    metadata,
    store_id(),
    uuid("attempt_id"),
    Column("position", SmallInteger, nullable=False),
    uuid("invoice_id"),
    text("number"),
    text("due_on"),
    minor("amount_minor"),
    currency(),
    CheckConstraint("amount_minor > 0", name="amount"),
    PrimaryKeyConstraint("store_id", "attempt_id", "position", name="pk_attempt_line"),
    ForeignKeyConstraint(
        ["store_id", "attempt_id"], ["attempt.store_id", "attempt.id"], name="fk_attempt_line_attempt"
    ),
    ForeignKeyConstraint(
        ["store_id", "invoice_id", "currency"],
        ["invoice.store_id", "invoice.id", "invoice.currency"],
        name="fk_attempt_line_invoice",
    ),
    Index("ix_attempt_line_invoice", "store_id", "invoice_id"),
)

PAYMENT_STATUS = """CASE
    WHEN inflow_minor = 0 THEN
        CASE WHEN failed THEN 'Failed' WHEN announced_minor > 0 THEN 'Announced' ELSE 'Pending' END
    WHEN reversed_minor > 0
        OR (recovery_id IS NOT NULL AND method IN ('check', 'cash', 'bank_transfer', 'other')) THEN 'Reversed'
    WHEN charged_back_minor > 0 OR recovery_id IS NOT NULL THEN 'Charged back'
    WHEN refunded_minor = 0 THEN 'Completed'
    WHEN inflow_minor - refunded_minor - paid_out_minor <= 0 THEN 'Refunded'
    ELSE 'Partly refunded' END"""
"""`domain.payment.Payment.status` in SQL, for filters. Nothing is reversed or charged back where `held` is read."""

payment = Table(
    "payment",
    metadata,
    store_id(),
    uuid("id"),
    text("number", sorts_bytewise=True),
    Column("company_id", BigInteger, nullable=False),
    currency(),
    day("effective_on"),
    text("method"),
    text("method_label"),
    text("memo"),
    Column("bc_order_id", BigInteger),
    uuid("attempt_id", nullable=True),
    text("external_id", nullable=True),
    Column("failed", Boolean, nullable=False, server_default=false()),
    Column("needs_review", Boolean, nullable=False, server_default=false()),
    text("recorded_by"),
    *source_account(),
    account("pending_minor"),
    account("announced_minor"),
    uuid("recovery_id", nullable=True),
    derived("amount_minor", "CASE WHEN inflow_minor <> 0 THEN inflow_minor ELSE pending_minor END"),
    Column("status", Text, Computed(PAYMENT_STATUS, persisted=True), nullable=False),
    text("search_text"),
    PrimaryKeyConstraint("store_id", "id", name="pk_payment"),
    UniqueConstraint("store_id", "id", "currency", name="uq_payment_currency"),
    UniqueConstraint("store_id", "number", name="uq_payment_number"),
    UniqueConstraint("store_id", "bc_order_id", name="uq_payment_order"),
    ForeignKeyConstraint(["store_id", "company_id"], ["company.store_id", "company.id"], name="fk_payment_company"),
    ForeignKeyConstraint(["store_id", "attempt_id"], ["attempt.store_id", "attempt.id"], name="fk_payment_attempt"),
    ForeignKeyConstraint(["store_id", "recovery_id"], ["invoice.store_id", "invoice.id"], name="fk_payment_recovery"),
    Index("ix_payment_received", "store_id", "effective_on", "id"),
    Index("ix_payment_company", "store_id", "company_id", "effective_on", "id"),
    Index("ix_payment_available", "store_id", "company_id", "id", postgresql_where=sql("available_minor > 0")),
    Index("ix_payment_attempt", "store_id", "attempt_id", postgresql_where=sql("attempt_id IS NOT NULL")),
)

payment_pending = Table(
    "payment_pending",
    metadata,
    store_id(),
    uuid("payment_id"),
    uuid("invoice_id"),
    minor("amount_minor"),
    currency(),
    CheckConstraint("amount_minor > 0", name="amount"),
    PrimaryKeyConstraint("store_id", "payment_id", "invoice_id", name="pk_payment_pending"),
    ForeignKeyConstraint(
        ["store_id", "payment_id", "currency"],
        ["payment.store_id", "payment.id", "payment.currency"],
        name="fk_payment_pending_payment",
    ),
    ForeignKeyConstraint(
        ["store_id", "invoice_id", "currency"],
        ["invoice.store_id", "invoice.id", "invoice.currency"],
        name="fk_payment_pending_invoice",
    ),
    Index("ix_payment_pending_invoice", "store_id", "invoice_id"),
)

credit_memo = Table(
    "credit_memo",
    metadata,
    store_id(),
    uuid("id"),
    text("number", sorts_bytewise=True),
    text("number_space"),
    text("external_id", nullable=True),
    text("document_source"),
    Column("company_id", BigInteger, nullable=False),
    currency(),
    day("effective_on"),
    uuid("invoice_id", nullable=True),
    *source_account(),
    Column("content", JSON(none_as_null=True)),
    Column("people", JSON(none_as_null=True)),
    CheckConstraint("document_source IN ('order', 'erp', 'manual')", name="source"),
    PrimaryKeyConstraint("store_id", "id", name="pk_credit_memo"),
    UniqueConstraint("store_id", "id", "currency", name="uq_credit_memo_currency"),
    UniqueConstraint("store_id", "number_space", "number", name="uq_credit_memo_number"),
    UniqueConstraint("store_id", "number_space", "external_id", name="uq_credit_memo_external_id"),
    ForeignKeyConstraint(["store_id", "company_id"], ["company.store_id", "company.id"], name="fk_credit_memo_company"),
    ForeignKeyConstraint(["store_id", "invoice_id"], ["invoice.store_id", "invoice.id"], name="fk_credit_memo_invoice"),
    Index("ix_credit_memo_issued", "store_id", "effective_on", "id"),
    Index("ix_credit_memo_invoice", "store_id", "invoice_id", postgresql_where=sql("invoice_id IS NOT NULL")),
    Index("ix_credit_memo_available", "store_id", "company_id", "id", postgresql_where=sql("available_minor > 0")),
)
