"""Billing contacts of companies, and what finds a company's credit memos and what others paid for it."""

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

_OWN_STORE = "store_id = NULLIF(current_setting('portal.store_id', true), '')::bigint"

_TABLES = """
CREATE TABLE billing_contact (
    store_id BIGINT NOT NULL,
    company_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    position SMALLINT NOT NULL,
    CONSTRAINT pk_billing_contact PRIMARY KEY (store_id, company_id, email),
    CONSTRAINT fk_billing_contact_company FOREIGN KEY (store_id, company_id) REFERENCES company (store_id, id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON billing_contact TO portal_app;
ALTER TABLE billing_contact ENABLE ROW LEVEL SECURITY;
ALTER TABLE billing_contact FORCE ROW LEVEL SECURITY;
"""

_INDEXES = """
CREATE INDEX ix_movement_payer ON movement (store_id, payer_company_id, effective_on, seq)
    WHERE payer_company_id IS NOT NULL;
CREATE INDEX ix_credit_memo_issued ON credit_memo (store_id, effective_on, id);
CREATE INDEX ix_credit_memo_invoice ON credit_memo (store_id, invoice_id) WHERE invoice_id IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    op.execute(f"CREATE POLICY own_store ON billing_contact USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    op.execute(_INDEXES)


def downgrade() -> None:
    op.execute("DROP INDEX ix_credit_memo_invoice, ix_credit_memo_issued, ix_movement_payer")
    op.execute("DROP TABLE billing_contact")
