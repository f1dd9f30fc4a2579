"""Mails to companies; addresses are ordinary values that an erase can blank."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from adapters.sql.tables.base import instant, metadata, store_id, text, uuid

mail = Table(
    "mail",
    metadata,
    store_id(),
    uuid("id"),
    text("kind"),
    text("subject_kind"),
    text("subject_id"),
    Column("company_id", BigInteger),
    text("address"),
    instant("asked_at"),
    text("asked_by"),
    text("state"),
    text("why"),
    instant("closed_at", nullable=True),
    CheckConstraint("state IN ('waiting', 'sent', 'refused', 'dropped')", name="state"),
    PrimaryKeyConstraint("store_id", "id", name="pk_mail"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_mail_store"),
    Index("ix_mail_asked", "store_id", "asked_at"),
    Index("ix_mail_subject", "store_id", "subject_kind", "subject_id", "asked_at"),
)
