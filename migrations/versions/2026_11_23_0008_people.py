"""People: invitations by e-mail, requests for access, BundleB2B's Sales Staff, and where an act came from."""

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None

# The address an act came from is a person's data: beside the chain, where it can be blanked (ground rule 9).
_TABLES = """
ALTER TABLE audit_text ADD COLUMN came_from TEXT DEFAULT '' NOT NULL;
ALTER TABLE staff ADD COLUMN is_shut_out BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE staff ADD COLUMN asked_at TIMESTAMPTZ;

CREATE TABLE invitation (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    role TEXT NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_invitation PRIMARY KEY (store_id, id),
    CONSTRAINT uq_invitation_email UNIQUE (store_id, email_folded),
    CONSTRAINT fk_invitation_store FOREIGN KEY (store_id) REFERENCES store (id)
);

CREATE TABLE sales_staff (
    store_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    role_name TEXT NOT NULL,
    companies BIGINT[] NOT NULL,
    CONSTRAINT pk_sales_staff PRIMARY KEY (store_id, id),
    CONSTRAINT fk_sales_staff_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_sales_staff_email ON sales_staff (store_id, email_folded);
"""

_OWN_STORE = "store_id = nullif(current_setting('portal.store_id', true), '')::bigint"
_SEPARATED = ("invitation", "sales_staff")


def upgrade() -> None:
    op.execute(_TABLES)
    for table in _SEPARATED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_store ON {table} USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON invitation, sales_staff TO portal_app")


def downgrade() -> None:
    op.execute("DROP TABLE sales_staff, invitation")
    op.execute("ALTER TABLE staff DROP COLUMN asked_at, DROP COLUMN is_shut_out")
    op.execute("ALTER TABLE audit_text DROP COLUMN came_from")
