"""Mails to companies: what was asked for, and what the mail server said."""

from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None

_TABLE = """
CREATE TABLE mail (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    company_id BIGINT,
    address TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by TEXT NOT NULL,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    closed_at TIMESTAMPTZ,
    CONSTRAINT pk_mail PRIMARY KEY (store_id, id),
    CONSTRAINT ck_mail_state CHECK (state IN ('waiting', 'sent', 'refused', 'dropped')),
    CONSTRAINT fk_mail_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_mail_asked ON mail (store_id, asked_at);
CREATE INDEX ix_mail_subject ON mail (store_id, subject_kind, subject_id, asked_at);
"""

_OWN_STORE = "store_id = nullif(current_setting('portal.store_id', true), '')::bigint"


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("ALTER TABLE mail ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE mail FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_store ON mail USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON mail TO portal_app")


def downgrade() -> None:
    op.execute("DROP TABLE mail")
