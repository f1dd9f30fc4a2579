"""Orders, invoices, payments, credit memos and payment attempts."""

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

_TABLES = """
CREATE TABLE shop_order (
    store_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    company_id BIGINT,
    placed_at TIMESTAMPTZ NOT NULL,
    modified_at TIMESTAMPTZ NOT NULL,
    status_id SMALLINT NOT NULL,
    status TEXT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_shop_order_currency CHECK (currency ~ '^[A-Z]{3}$'),
    total_minor BIGINT NOT NULL,
    po_number TEXT NOT NULL,
    buyer_name TEXT NOT NULL,
    cart_id TEXT,
    is_archived BOOLEAN NOT NULL,
    is_invoice_payment BOOLEAN NOT NULL,
    search_text TEXT NOT NULL,
    reading JSON NOT NULL,
    CONSTRAINT pk_shop_order PRIMARY KEY (store_id, id),
    CONSTRAINT fk_shop_order_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_shop_order_company ON shop_order (store_id, company_id, placed_at, id);
CREATE INDEX ix_shop_order_placed
    ON shop_order (store_id, placed_at, id)
    WHERE company_id IS NOT NULL AND NOT is_invoice_payment;
CREATE INDEX ix_shop_order_waiting
    ON shop_order (store_id, placed_at)
    WHERE company_id IS NULL AND customer_id <> 0;

CREATE TABLE attempt (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    company_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_attempt_currency CHECK (currency ~ '^[A-Z]{3}$'),
    payment_number TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    channel_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    cart_id TEXT,
    masquerading_rep TEXT,
    CONSTRAINT pk_attempt PRIMARY KEY (store_id, id),
    CONSTRAINT uq_attempt_cart UNIQUE (store_id, cart_id),
    CONSTRAINT fk_attempt_company FOREIGN KEY (store_id, company_id)
        REFERENCES company (store_id, id)
);
CREATE INDEX ix_attempt_unfinished ON attempt (store_id, started_at) WHERE state IN ('started', 'cart_made');

CREATE TABLE invoice (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    number_space TEXT NOT NULL,
    external_id TEXT,
    external_number TEXT,
    source TEXT NOT NULL,
    company_id BIGINT NOT NULL,
    company_name TEXT NOT NULL,
    company_folded TEXT COLLATE "C" NOT NULL,
    order_id BIGINT,
    po_number TEXT NOT NULL,
    issued_on DATE NOT NULL,
    due_on DATE NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_invoice_currency CHECK (currency ~ '^[A-Z]{3}$'),
    total_minor BIGINT NOT NULL,
    live_total_minor BIGINT DEFAULT 0 NOT NULL,
    paid_minor BIGINT DEFAULT 0 NOT NULL,
    credited_minor BIGINT DEFAULT 0 NOT NULL,
    written_off_minor BIGINT DEFAULT 0 NOT NULL,
    balance_minor BIGINT GENERATED ALWAYS AS (
        live_total_minor - (paid_minor + credited_minor + written_off_minor)
    ) STORED NOT NULL,
    removed TEXT,
    status TEXT GENERATED ALWAYS AS (CASE
    WHEN removed IS NOT NULL THEN removed
    WHEN live_total_minor - (paid_minor + credited_minor + written_off_minor) = 0 THEN 'closed'
    WHEN paid_minor + credited_minor + written_off_minor = 0 THEN 'open'
    ELSE 'partially_paid' END) STORED NOT NULL,
    silent BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    search_text TEXT NOT NULL,
    CONSTRAINT pk_invoice PRIMARY KEY (store_id, id),
    CONSTRAINT ck_invoice_source CHECK (source IN ('order', 'erp', 'manual')),
    CONSTRAINT ck_invoice_removed CHECK (removed IN ('void', 'deleted')),
    CONSTRAINT ck_invoice_order CHECK (source <> 'order' OR order_id IS NOT NULL),
    CONSTRAINT ck_invoice_total CHECK (total_minor >= 0),
    CONSTRAINT ck_invoice_account CHECK (
        least(live_total_minor, paid_minor, credited_minor, written_off_minor) >= 0
    ),
    CONSTRAINT ck_invoice_balance CHECK (
        live_total_minor - (paid_minor + credited_minor + written_off_minor) >= 0
    ),
    CONSTRAINT uq_invoice_currency UNIQUE (store_id, id, currency),
    CONSTRAINT uq_invoice_number UNIQUE (store_id, number_space, number),
    CONSTRAINT uq_invoice_external_id UNIQUE (store_id, number_space, external_id),
    CONSTRAINT fk_invoice_store FOREIGN KEY (store_id) REFERENCES store (id),
    CONSTRAINT fk_invoice_company FOREIGN KEY (store_id, company_id)
        REFERENCES company (store_id, id)
);
CREATE INDEX ix_invoice_company_issued ON invoice (store_id, company_id, issued_on, id);
CREATE INDEX ix_invoice_company_unpaid
    ON invoice (store_id, company_id, due_on, id) INCLUDE (currency, balance_minor, status)
    WHERE balance_minor > 0;
CREATE INDEX ix_invoice_due ON invoice (store_id, due_on, id);
CREATE INDEX ix_invoice_issued ON invoice (store_id, issued_on, id);
CREATE INDEX ix_invoice_number ON invoice (store_id, number, id);
CREATE INDEX ix_invoice_order ON invoice (store_id, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ix_invoice_unpaid
    ON invoice (store_id, due_on, id) INCLUDE (company_id, currency, balance_minor, status)
    WHERE balance_minor > 0;
CREATE INDEX ix_invoice_removed ON invoice (store_id, issued_on, id) WHERE removed IS NOT NULL;
CREATE UNIQUE INDEX uq_invoice_order
    ON invoice (store_id, order_id)
    WHERE source = 'order' AND removed IS NULL;

CREATE TABLE attempt_line (
    store_id BIGINT NOT NULL,
    attempt_id UUID NOT NULL,
    position SMALLINT NOT NULL,
    invoice_id UUID NOT NULL,
    number TEXT NOT NULL,
    due_on TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_attempt_line_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT pk_attempt_line PRIMARY KEY (store_id, attempt_id, position),
    CONSTRAINT ck_attempt_line_amount CHECK (amount_minor > 0),
    CONSTRAINT fk_attempt_line_attempt FOREIGN KEY (store_id, attempt_id)
        REFERENCES attempt (store_id, id),
    CONSTRAINT fk_attempt_line_invoice FOREIGN KEY (store_id, invoice_id, currency)
        REFERENCES invoice (store_id, id, currency)
);
CREATE INDEX ix_attempt_line_invoice ON attempt_line (store_id, invoice_id);

CREATE TABLE credit_memo (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    number_space TEXT NOT NULL,
    external_id TEXT,
    document_source TEXT NOT NULL,
    company_id BIGINT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_credit_memo_currency CHECK (currency ~ '^[A-Z]{3}$'),
    effective_on DATE NOT NULL,
    invoice_id UUID,
    inflow_minor BIGINT DEFAULT 0 NOT NULL,
    allocated_minor BIGINT DEFAULT 0 NOT NULL,
    refunded_minor BIGINT DEFAULT 0 NOT NULL,
    reversed_minor BIGINT DEFAULT 0 NOT NULL,
    charged_back_minor BIGINT DEFAULT 0 NOT NULL,
    paid_out_minor BIGINT DEFAULT 0 NOT NULL,
    available_minor BIGINT GENERATED ALWAYS AS (
        inflow_minor - refunded_minor - reversed_minor - charged_back_minor - paid_out_minor - allocated_minor
    ) STORED NOT NULL,
    content JSON,
    people JSON,
    CONSTRAINT pk_credit_memo PRIMARY KEY (store_id, id),
    CONSTRAINT ck_credit_memo_available CHECK (
        inflow_minor - refunded_minor - reversed_minor - charged_back_minor - paid_out_minor - allocated_minor >= 0
    ),
    CONSTRAINT ck_credit_memo_account CHECK (least(allocated_minor, charged_back_minor) >= 0),
    CONSTRAINT ck_credit_memo_source CHECK (document_source IN ('order', 'erp', 'manual')),
    CONSTRAINT uq_credit_memo_currency UNIQUE (store_id, id, currency),
    CONSTRAINT uq_credit_memo_number UNIQUE (store_id, number_space, number),
    CONSTRAINT uq_credit_memo_external_id UNIQUE (store_id, number_space, external_id),
    CONSTRAINT fk_credit_memo_company FOREIGN KEY (store_id, company_id)
        REFERENCES company (store_id, id),
    CONSTRAINT fk_credit_memo_invoice FOREIGN KEY (store_id, invoice_id)
        REFERENCES invoice (store_id, id)
);
CREATE INDEX ix_credit_memo_available ON credit_memo (store_id, company_id, id) WHERE available_minor > 0;

CREATE TABLE invoice_paper (
    store_id BIGINT NOT NULL,
    invoice_id UUID NOT NULL,
    content JSON NOT NULL,
    people JSON NOT NULL,
    CONSTRAINT pk_invoice_paper PRIMARY KEY (store_id, invoice_id),
    CONSTRAINT fk_invoice_paper_invoice FOREIGN KEY (store_id, invoice_id)
        REFERENCES invoice (store_id, id)
);

CREATE TABLE payment (
    store_id BIGINT NOT NULL,
    id UUID NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    company_id BIGINT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_payment_currency CHECK (currency ~ '^[A-Z]{3}$'),
    effective_on DATE NOT NULL,
    method TEXT NOT NULL,
    method_label TEXT NOT NULL,
    memo TEXT NOT NULL,
    bc_order_id BIGINT,
    attempt_id UUID,
    external_id TEXT,
    failed BOOLEAN DEFAULT false NOT NULL,
    needs_review BOOLEAN DEFAULT false NOT NULL,
    recorded_by TEXT NOT NULL,
    inflow_minor BIGINT DEFAULT 0 NOT NULL,
    allocated_minor BIGINT DEFAULT 0 NOT NULL,
    refunded_minor BIGINT DEFAULT 0 NOT NULL,
    reversed_minor BIGINT DEFAULT 0 NOT NULL,
    charged_back_minor BIGINT DEFAULT 0 NOT NULL,
    paid_out_minor BIGINT DEFAULT 0 NOT NULL,
    available_minor BIGINT GENERATED ALWAYS AS (
        inflow_minor - refunded_minor - reversed_minor - charged_back_minor - paid_out_minor - allocated_minor
    ) STORED NOT NULL,
    pending_minor BIGINT DEFAULT 0 NOT NULL,
    amount_minor BIGINT GENERATED ALWAYS AS (
        CASE WHEN inflow_minor <> 0 THEN inflow_minor ELSE pending_minor END
    ) STORED NOT NULL,
    status TEXT GENERATED ALWAYS AS (CASE
    WHEN inflow_minor = 0 THEN CASE WHEN failed THEN 'Failed' ELSE 'Pending' END
    WHEN reversed_minor > 0 THEN 'Reversed'
    WHEN charged_back_minor > 0 THEN 'Charged back'
    WHEN refunded_minor = 0 THEN 'Completed'
    WHEN inflow_minor - refunded_minor - paid_out_minor <= 0 THEN 'Refunded'
    ELSE 'Partly refunded' END) STORED NOT NULL,
    search_text TEXT NOT NULL,
    CONSTRAINT pk_payment PRIMARY KEY (store_id, id),
    CONSTRAINT ck_payment_available CHECK (
        inflow_minor - refunded_minor - reversed_minor - charged_back_minor - paid_out_minor - allocated_minor >= 0
    ),
    CONSTRAINT ck_payment_account CHECK (least(allocated_minor, charged_back_minor) >= 0),
    CONSTRAINT uq_payment_currency UNIQUE (store_id, id, currency),
    CONSTRAINT uq_payment_number UNIQUE (store_id, number),
    CONSTRAINT uq_payment_order UNIQUE (store_id, bc_order_id),
    CONSTRAINT fk_payment_company FOREIGN KEY (store_id, company_id)
        REFERENCES company (store_id, id),
    CONSTRAINT fk_payment_attempt FOREIGN KEY (store_id, attempt_id)
        REFERENCES attempt (store_id, id)
);
CREATE INDEX ix_payment_attempt ON payment (store_id, attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX ix_payment_available ON payment (store_id, company_id, id) WHERE available_minor > 0;
CREATE INDEX ix_payment_company ON payment (store_id, company_id, effective_on, id);
CREATE INDEX ix_payment_received ON payment (store_id, effective_on, id);

CREATE TABLE payment_pending (
    store_id BIGINT NOT NULL,
    payment_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_payment_pending_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT pk_payment_pending PRIMARY KEY (store_id, payment_id, invoice_id),
    CONSTRAINT ck_payment_pending_amount CHECK (amount_minor > 0),
    CONSTRAINT fk_payment_pending_payment FOREIGN KEY (store_id, payment_id, currency)
        REFERENCES payment (store_id, id, currency),
    CONSTRAINT fk_payment_pending_invoice FOREIGN KEY (store_id, invoice_id, currency)
        REFERENCES invoice (store_id, id, currency)
);
CREATE INDEX ix_payment_pending_invoice ON payment_pending (store_id, invoice_id);
"""

_OWN_STORE = "store_id = nullif(current_setting('portal.store_id', true), '')::bigint"
_SEPARATED = (
    "shop_order",
    "invoice",
    "invoice_paper",
    "attempt",
    "attempt_line",
    "payment",
    "payment_pending",
    "credit_memo",
)

# Documents are never deleted: a deleted invoice is a tombstone.
_GRANTS = """
GRANT SELECT, INSERT, UPDATE ON shop_order, invoice, invoice_paper, payment, credit_memo, attempt TO portal_app;
GRANT SELECT, INSERT ON attempt_line TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON payment_pending TO portal_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in _SEPARATED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_store ON {table} USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("DROP TABLE payment_pending, payment, credit_memo, attempt_line, attempt")
    op.execute("DROP TABLE invoice_paper, invoice, shop_order")
