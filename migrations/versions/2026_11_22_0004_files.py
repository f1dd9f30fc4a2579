"""Files of a store, in chunks: attachments, logos, finished exports."""

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None

_TABLES = """
CREATE TABLE file (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    kept_at TIMESTAMPTZ NOT NULL,
    kept_until TIMESTAMPTZ,
    CONSTRAINT pk_file PRIMARY KEY (store_id, id),
    CONSTRAINT ck_file_size CHECK (size >= 0),
    CONSTRAINT fk_file_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_file_subject ON file (store_id, subject_kind, subject_id, kept_at);
CREATE INDEX ix_file_kept_until ON file (store_id, kept_until) WHERE kept_until IS NOT NULL;

CREATE TABLE file_chunk (
    store_id BIGINT NOT NULL,
    file_id UUID NOT NULL,
    position INTEGER NOT NULL,
    bytes BYTEA NOT NULL,
    CONSTRAINT pk_file_chunk PRIMARY KEY (store_id, file_id, position),
    CONSTRAINT fk_file_chunk_file FOREIGN KEY (store_id, file_id) REFERENCES file (store_id, id)
);
"""

_OWN_STORE = "store_id = nullif(current_setting('portal.store_id', true), '')::bigint"
_SEPARATED = ("file", "file_chunk")

_GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON file TO portal_app;
GRANT SELECT, INSERT, DELETE ON file_chunk TO portal_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in _SEPARATED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_store ON {table} USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("DROP TABLE file_chunk, file")
