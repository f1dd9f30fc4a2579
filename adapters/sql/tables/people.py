"""Companies, buyers and staff as last read: people's data in ordinary rows, which an erase can blank."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.sql.tables.base import instant, metadata, store_id, text, uuid

company = Table(
    "company",
    metadata,
    store_id(),
    Column("id", BigInteger, nullable=False, autoincrement=False),
    text("name"),
    text("name_folded", sorts_bytewise=True),
    Column("status", SmallInteger, nullable=False),
    text("external_id", nullable=True),
    text("email"),
    text("phone"),
    Column("group_id", BigInteger),
    Column("parent_id", BigInteger),
    text("terms", nullable=True),
    text("b2b_terms", nullable=True),
    Column("credit_hold", Boolean, nullable=False, server_default=false()),
    Column("allowed_methods", ARRAY(Text)),
    PrimaryKeyConstraint("store_id", "id", name="pk_company"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_company_store"),
    Index("ix_company_external_id", "store_id", "external_id"),
)

buyer = Table(
    "buyer",
    metadata,
    store_id(),
    Column("customer_id", BigInteger, nullable=False, autoincrement=False),
    Column("user_id", BigInteger, nullable=False),
    Column("company_id", BigInteger, nullable=False),
    text("first_name"),
    text("last_name"),
    text("email"),
    Column("role_id", BigInteger),
    text("role_name"),
    Column("rights", ARRAY(Text), nullable=False),
    instant("read_at", nullable=True),
    PrimaryKeyConstraint("store_id", "customer_id", name="pk_buyer"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_buyer_store"),
    Index("ix_buyer_company", "store_id", "company_id"),
)

billing_contact = Table(
    "billing_contact",
    metadata,
    store_id(),
    Column("company_id", BigInteger, nullable=False),
    text("email"),
    Column("position", SmallInteger, nullable=False),
    PrimaryKeyConstraint("store_id", "company_id", "email", name="pk_billing_contact"),
    ForeignKeyConstraint(
        ["store_id", "company_id"], ["company.store_id", "company.id"], name="fk_billing_contact_company"
    ),
)

staff = Table(
    "staff",
    metadata,
    store_id(),
    Column("user_id", BigInteger, nullable=False, autoincrement=False),
    text("email"),
    text("role", nullable=True),
    Column("is_owner", Boolean, nullable=False),
    text("last_seen", nullable=True),
    Column("is_shut_out", Boolean, nullable=False, server_default=false()),
    instant("asked_at", nullable=True),
    PrimaryKeyConstraint("store_id", "user_id", name="pk_staff"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_staff_store"),
)

invitation = Table(
    "invitation",
    metadata,
    store_id(),
    uuid("id"),
    text("email"),
    text("email_folded"),
    text("role"),
    instant("added_at"),
    PrimaryKeyConstraint("store_id", "id", name="pk_invitation"),
    UniqueConstraint("store_id", "email_folded", name="uq_invitation_email"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_invitation_store"),
)

sales_staff = Table(
    "sales_staff",
    metadata,
    store_id(),
    Column("id", BigInteger, nullable=False, autoincrement=False),
    text("email"),
    text("email_folded"),
    text("name"),
    text("role_name"),
    Column("companies", ARRAY(BigInteger), nullable=False),
    PrimaryKeyConstraint("store_id", "id", name="pk_sales_staff"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_sales_staff_store"),
    Index("ix_sales_staff_email", "store_id", "email_folded"),
)
