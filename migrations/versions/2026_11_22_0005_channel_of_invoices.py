"""The storefront an invoice's order was placed on, for stores with several."""

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE invoice ADD COLUMN channel_id BIGINT")


def downgrade() -> None:
    op.execute("ALTER TABLE invoice DROP COLUMN channel_id")
