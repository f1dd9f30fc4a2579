"""What happens to payments later: announced, recovered; and reviews that say how they were settled."""

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None

_STATUS = """
ALTER TABLE payment DROP COLUMN status;
ALTER TABLE payment ADD COLUMN status TEXT GENERATED ALWAYS AS ({status}) STORED NOT NULL;
"""

_NOW = """CASE
    WHEN inflow_minor = 0 THEN
        CASE WHEN failed THEN 'Failed' WHEN announced_minor > 0 THEN 'Announced' ELSE 'Pending' END
    WHEN reversed_minor > 0
        OR (recovery_id IS NOT NULL AND method IN ('check', 'cash', 'bank_transfer', 'other')) THEN 'Reversed'
    WHEN charged_back_minor > 0 OR recovery_id IS NOT NULL THEN 'Charged back'
    WHEN refunded_minor = 0 THEN 'Completed'
    WHEN inflow_minor - refunded_minor - paid_out_minor <= 0 THEN 'Refunded'
    ELSE 'Partly refunded' END"""

_BEFORE = """CASE
    WHEN inflow_minor = 0 THEN CASE WHEN failed THEN 'Failed' ELSE 'Pending' END
    WHEN reversed_minor > 0 THEN 'Reversed'
    WHEN charged_back_minor > 0 THEN 'Charged back'
    WHEN refunded_minor = 0 THEN 'Completed'
    WHEN inflow_minor - refunded_minor - paid_out_minor <= 0 THEN 'Refunded'
    ELSE 'Partly refunded' END"""

_COLUMNS = """
ALTER TABLE payment
    ADD COLUMN announced_minor BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN recovery_id UUID,
    ADD CONSTRAINT fk_payment_recovery FOREIGN KEY (store_id, recovery_id) REFERENCES invoice (store_id, id);
ALTER TABLE review
    ADD COLUMN settled_by TEXT,
    ADD COLUMN outcome TEXT,
    ADD COLUMN note TEXT;
CREATE INDEX ix_review_settled ON review (store_id, settled_at, id) WHERE settled_at IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute(_STATUS.format(status=_NOW))


def downgrade() -> None:
    op.execute(_STATUS.format(status=_BEFORE))
    op.execute("ALTER TABLE payment DROP COLUMN announced_minor, DROP COLUMN recovery_id")
    op.execute("DROP INDEX ix_review_settled")
    op.execute("ALTER TABLE review DROP COLUMN settled_by, DROP COLUMN outcome, DROP COLUMN note")
