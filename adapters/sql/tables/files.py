"""Files of a store: what they are, and their bytes in chunks; and lists that are written to one."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
)
from sqlalchemy import (
    text as sql,
)

from adapters.sql.tables.base import instant, metadata, store_id, text, uuid

file = Table(
    "file",
    metadata,
    store_id(),
    uuid("id"),
    text("subject_kind"),
    text("subject_id"),
    text("purpose"),
    text("name"),
    text("media_type"),
    Column("size", BigInteger, nullable=False),
    text("sha256"),
    instant("kept_at"),
    instant("kept_until", nullable=True),
    CheckConstraint("size >= 0", name="size"),
    PrimaryKeyConstraint("store_id", "id", name="pk_file"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_file_store"),
    Index("ix_file_subject", "store_id", "subject_kind", "subject_id", "kept_at"),
    Index("ix_file_kept_until", "store_id", "kept_until", postgresql_where=sql("kept_until IS NOT NULL")),
)

file_chunk = Table(
    "file_chunk",
    metadata,
    store_id(),
    uuid("file_id"),
    Column("position", Integer, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("store_id", "file_id", "position", name="pk_file_chunk"),
    ForeignKeyConstraint(["store_id", "file_id"], ["file.store_id", "file.id"], name="fk_file_chunk_file"),
)

export = Table(
    "export",
    metadata,
    store_id(),
    uuid("id"),
    text("list_name"),
    text("form"),
    Column("chosen", JSON, nullable=False),
    text("asked_by"),
    instant("asked_at"),
    text("state"),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    instant("touched_at", nullable=True),
    instant("finished_at", nullable=True),
    uuid("file_id", nullable=True),
    text("why"),
    PrimaryKeyConstraint("store_id", "id", name="pk_export"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_export_store"),
    Index("ix_export_asked_by", "store_id", "asked_by", "asked_at"),
)
