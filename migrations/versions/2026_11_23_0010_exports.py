"""Exports that a worker writes."""

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None

_TABLE = """
CREATE TABLE export (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    list_name TEXT NOT NULL,
    form TEXT NOT NULL,
    chosen JSON NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT,
    touched_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    file_id UUID,
    why TEXT NOT NULL,
    CONSTRAINT pk_export PRIMARY KEY (store_id, id),
    CONSTRAINT fk_export_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_export_asked_by ON export (store_id, asked_by, asked_at);
"""

_OWN_STORE = "store_id = nullif(current_setting('portal.store_id', true), '')::bigint"


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("ALTER TABLE export ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE export FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_store ON export USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    op.execute("GRANT SELECT, INSERT, UPDATE ON export TO portal_app")


def downgrade() -> None:
    op.execute("DROP TABLE export")
