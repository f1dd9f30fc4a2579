"""Small things of one store: settings, secrets, number series, idempotency keys, reviews, inbox and outbox."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    func,
)
from sqlalchemy import (
    text as sql,
)

from adapters.sql.tables.base import Instant, instant, metadata, store_id, text

note = Table(
    "note",
    metadata,
    store_id(),
    text("name"),
    Column("value", JSON, nullable=False),
    PrimaryKeyConstraint("store_id", "name", name="pk_note"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_note_store"),
)

secret = Table(
    "secret",
    metadata,
    store_id(),
    text("name"),
    text("key_id"),
    text("value"),
    PrimaryKeyConstraint("store_id", "name", name="pk_secret"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_secret_store"),
)

number_series = Table(
    "number_series",
    metadata,
    store_id(),
    text("series"),
    Column("last", BigInteger, nullable=False),
    PrimaryKeyConstraint("store_id", "series", name="pk_number_series"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_number_series_store"),
)

once = Table(
    "once",
    metadata,
    store_id(),
    text("scope"),
    text("key"),
    text("fingerprint"),
    text("result", nullable=True),
    Column("created_at", Instant, nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("store_id", "scope", "key", name="pk_once"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_once_store"),
    Index("ix_once_created_at", "store_id", "created_at"),
)

review = Table(
    "review",
    metadata,
    store_id(),
    text("id"),
    text("kind"),
    text("subject_kind"),
    text("subject_id"),
    text("expected"),
    text("found"),
    Column("company_id", BigInteger),
    Column("facts", JSON, nullable=False),
    instant("opened_at"),
    instant("settled_at", nullable=True),
    text("settled_by", nullable=True),
    text("outcome", nullable=True),
    text("note", nullable=True),
    PrimaryKeyConstraint("store_id", "id", name="pk_review"),
    ForeignKeyConstraint(["store_id"], ["store.id"], name="fk_review_store"),
    Index("uq_review_open", "store_id", "kind", "subject_id", unique=True, postgresql_where=sql("settled_at IS NULL")),
    Index("ix_review_open", "store_id", "opened_at", postgresql_where=sql("settled_at IS NULL")),
    Index("ix_review_settled", "store_id", "settled_at", "id", postgresql_where=sql("settled_at IS NOT NULL")),
)


def _box(name: str) -> Table:
    """A row is waiting until it is done and gone, or dead. A claimed row is due again when its lease ends."""
    return Table(
        name,
        metadata,
        store_id(),
        Column("id", BigInteger, Identity(always=True), nullable=False),
        text("kind"),
        text("key"),
        Column("payload", JSON, nullable=False),
        Column("attempts", Integer, nullable=False, server_default=sql("0")),
        Column("next_at", Instant, nullable=False, server_default=func.now()),
        Column("is_claimed", Boolean, nullable=False, server_default=sql("false")),
        instant("dead_at", nullable=True),
        text("error", nullable=True),
        CheckConstraint("attempts >= 0", name="attempts"),
        PrimaryKeyConstraint("store_id", "id", name=f"pk_{name}"),
        ForeignKeyConstraint(["store_id"], ["store.id"], name=f"fk_{name}_store"),
        Index(
            f"uq_{name}_waiting",
            "store_id",
            "kind",
            "key",
            unique=True,
            postgresql_where=sql("NOT is_claimed AND dead_at IS NULL"),
        ),
        Index(f"ix_{name}_due", "store_id", "attempts", "next_at", postgresql_where=sql("dead_at IS NULL")),
        Index(f"ix_{name}_next", "store_id", "next_at", postgresql_where=sql("dead_at IS NULL")),
    )


inbox = _box("inbox")
outbox = _box("outbox")
