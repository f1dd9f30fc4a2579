"""Stores and what must be readable before a store is known: without row-level security, and no business data."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.sql.tables.base import instant, metadata, store_id, text

store = Table(
    "store",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    text("hash"),
    text("connection"),
    CheckConstraint("connection IN ('connected', 'disconnected', 'uninstalled')", name="connection"),
    UniqueConstraint("hash", name="uq_store_hash"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    store_id(),
    text("kind"),
    Column("user_id", BigInteger, nullable=False),
    text("csrf"),
    Column("company_id", BigInteger),
    Column("channel_id", BigInteger),
    instant("created_at"),
    instant("seen_at"),
    CheckConstraint("kind IN ('staff', 'buyer')", name="kind"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_session_store"),
    Index("ix_session_user", "store_id", "user_id"),
    Index("ix_session_created_at", "created_at"),
)

used_token = Table(
    "used_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    instant("until"),
    Index("ix_used_token_until", "until"),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    store_id(),
    text("name"),
    text("prefix"),
    text("secret_hash"),
    Column("scopes", ARRAY(Text), nullable=False),
    instant("expires_at", nullable=True),
    instant("revoked_at", nullable=True),
    instant("used_at", nullable=True),
    UniqueConstraint("prefix", name="uq_api_key_prefix"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_api_key_store"),
    Index("ix_api_key_store", "store_id"),
)

hook_route = Table(
    "hook_route",
    metadata,
    Column("route", Text, primary_key=True),
    store_id(),
    UniqueConstraint("store_id", name="uq_hook_route_store"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_hook_route_store"),
)

due_work = Table(
    "due_work",
    metadata,
    store_id(),
    text("kind"),
    instant("due_at"),
    CheckConstraint("kind IN ('inbox', 'outbox')", name="kind"),
    PrimaryKeyConstraint("store_id", "kind", name="pk_due_work"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_due_work_store"),
    Index("ix_due_work_due_at", "due_at"),
)
