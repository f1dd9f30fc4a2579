"""The ledger: append-only movements and audit, live allocations, and the checks at commit that it adds up."""

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

_TABLES = """
CREATE TABLE audit (
    store_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    request_id TEXT NOT NULL,
    what TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    changes JSON NOT NULL,
    text_digest BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (store_id, seq),
    CONSTRAINT fk_audit_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_audit_subject ON audit (store_id, subject_kind, subject_id, seq);

CREATE TABLE ledger_head (
    store_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    audit_seq BIGINT NOT NULL,
    audit_hash BYTEA NOT NULL,
    event_seq BIGINT NOT NULL,
    CONSTRAINT pk_ledger_head PRIMARY KEY (store_id),
    CONSTRAINT fk_ledger_head_store FOREIGN KEY (store_id) REFERENCES store (id)
);

CREATE TABLE audit_text (
    store_id BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    who TEXT NOT NULL,
    texts JSON NOT NULL,
    salt BYTEA NOT NULL,
    CONSTRAINT pk_audit_text PRIMARY KEY (store_id, audit_seq),
    CONSTRAINT fk_audit_text_audit FOREIGN KEY (store_id, audit_seq)
        REFERENCES audit (store_id, seq)
);

CREATE TABLE event (
    store_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    id UUID NOT NULL,
    audit_seq BIGINT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    company_id BIGINT,
    facts JSON NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (store_id, seq),
    CONSTRAINT fk_event_audit FOREIGN KEY (store_id, audit_seq) REFERENCES audit (store_id, seq)
);

CREATE TABLE allocation (
    store_id BIGINT NOT NULL,
    source_id UUID NOT NULL,
    invoice_id UUID NOT NULL,
    source_kind TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_allocation_currency CHECK (currency ~ '^[A-Z]{3}$'),
    changed_at TIMESTAMPTZ NOT NULL,
    payment_id UUID GENERATED ALWAYS AS (CASE WHEN source_kind = 'payment' THEN source_id END) STORED,
    credit_memo_id UUID GENERATED ALWAYS AS (CASE WHEN source_kind = 'credit_memo' THEN source_id END) STORED,
    CONSTRAINT pk_allocation PRIMARY KEY (store_id, source_id, invoice_id),
    CONSTRAINT ck_allocation_amount CHECK (amount_minor > 0),
    CONSTRAINT ck_allocation_source_kind CHECK (source_kind IN ('payment', 'credit_memo')),
    CONSTRAINT fk_allocation_invoice FOREIGN KEY (store_id, invoice_id, currency)
        REFERENCES invoice (store_id, id, currency),
    CONSTRAINT fk_allocation_payment FOREIGN KEY (store_id, payment_id, currency)
        REFERENCES payment (store_id, id, currency),
    CONSTRAINT fk_allocation_credit_memo FOREIGN KEY (store_id, credit_memo_id, currency)
        REFERENCES credit_memo (store_id, id, currency)
);
CREATE INDEX ix_allocation_invoice ON allocation (store_id, invoice_id);

CREATE TABLE movement (
    store_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    audit_seq BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    effective_on DATE NOT NULL,
    kind TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL CONSTRAINT ck_movement_currency CHECK (currency ~ '^[A-Z]{3}$'),
    company_id BIGINT NOT NULL,
    payer_company_id BIGINT,
    invoice_id UUID,
    source_id UUID,
    source_kind TEXT,
    transaction_id TEXT,
    origin TEXT NOT NULL,
    hash BYTEA NOT NULL,
    invoice_effect BIGINT GENERATED ALWAYS AS (
        CASE
            WHEN kind IN ('invoiced', 'adjusted', 'restored', 'deallocated', 'write_off_reversed') THEN amount_minor
            WHEN kind IN ('voided', 'deleted', 'allocated', 'written_off') THEN -amount_minor
            ELSE 0 END
    ) STORED NOT NULL,
    source_effect BIGINT GENERATED ALWAYS AS (
        CASE
            WHEN kind IN ('received', 'settled_elsewhere', 'credited', 'deallocated', 'chargeback_won')
                THEN amount_minor
            WHEN kind IN ('allocated', 'refunded', 'reversed', 'charged_back', 'paid_out') THEN -amount_minor
            ELSE 0 END
    ) STORED NOT NULL,
    payment_id UUID GENERATED ALWAYS AS (CASE WHEN source_kind = 'payment' THEN source_id END) STORED,
    credit_memo_id UUID GENERATED ALWAYS AS (CASE WHEN source_kind = 'credit_memo' THEN source_id END) STORED,
    CONSTRAINT pk_movement PRIMARY KEY (store_id, seq),
    CONSTRAINT ck_movement_amount CHECK (
        amount_minor > 0 OR (amount_minor < 0 AND kind IN ('adjusted', 'transferred_out', 'transferred_in'))
    ),
    CONSTRAINT ck_movement_kind CHECK (
        kind IN ('invoiced', 'adjusted', 'restored', 'deallocated', 'write_off_reversed')
            OR kind IN ('voided', 'deleted', 'allocated', 'written_off')
            OR kind IN ('received', 'settled_elsewhere', 'credited', 'deallocated', 'chargeback_won')
            OR kind IN ('allocated', 'refunded', 'reversed', 'charged_back', 'paid_out')
            OR kind IN ('transferred_out', 'transferred_in')
    ),
    CONSTRAINT ck_movement_invoice CHECK (
        (invoice_id IS NOT NULL) = (kind IN ('invoiced', 'adjusted', 'restored', 'deallocated', 'write_off_reversed')
            OR kind IN ('voided', 'deleted', 'allocated', 'written_off'))
    ),
    CONSTRAINT ck_movement_source CHECK (
        (source_id IS NOT NULL) = (
            kind IN ('received', 'settled_elsewhere', 'credited', 'deallocated', 'chargeback_won')
            OR kind IN ('allocated', 'refunded', 'reversed', 'charged_back', 'paid_out'))
    ),
    CONSTRAINT ck_movement_source_kind CHECK (
        (source_id IS NULL) = (source_kind IS NULL) AND source_kind IN ('payment', 'credit_memo')
    ),
    CONSTRAINT fk_movement_audit FOREIGN KEY (store_id, audit_seq) REFERENCES audit (store_id, seq),
    CONSTRAINT fk_movement_company FOREIGN KEY (store_id, company_id)
        REFERENCES company (store_id, id),
    CONSTRAINT fk_movement_payer FOREIGN KEY (store_id, payer_company_id)
        REFERENCES company (store_id, id),
    CONSTRAINT fk_movement_invoice FOREIGN KEY (store_id, invoice_id, currency)
        REFERENCES invoice (store_id, id, currency),
    CONSTRAINT fk_movement_payment FOREIGN KEY (store_id, payment_id, currency)
        REFERENCES payment (store_id, id, currency),
    CONSTRAINT fk_movement_credit_memo FOREIGN KEY (store_id, credit_memo_id, currency)
        REFERENCES credit_memo (store_id, id, currency)
);
CREATE INDEX ix_movement_audit ON movement (store_id, audit_seq);
CREATE INDEX ix_movement_company ON movement (store_id, company_id, effective_on, seq);
CREATE INDEX ix_movement_invoice ON movement (store_id, invoice_id, seq) WHERE invoice_id IS NOT NULL;
CREATE INDEX ix_movement_source ON movement (store_id, source_id, seq) WHERE source_id IS NOT NULL;
CREATE UNIQUE INDEX uq_movement_transaction
    ON movement (store_id, transaction_id)
    WHERE transaction_id IS NOT NULL;
"""

_OWN_STORE = "store_id = nullif(current_setting('portal.store_id', true), '')::bigint"
_SEPARATED = ("ledger_head", "audit", "audit_text", "movement", "allocation", "event")

_APPEND_ONLY = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: a correction is a new row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'append_only', TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON movement FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON movement FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

# I-1 and I-2: at commit the cached accounts must be what the movements sum up to.
_CHECKS = """
CREATE FUNCTION check_invoice(of_store bigint, of_invoice uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cached record;
    folded record;
BEGIN
    SELECT total_minor, live_total_minor, paid_minor, credited_minor, written_off_minor, removed
        INTO cached FROM invoice WHERE store_id = of_store AND id = of_invoice;
    SELECT
        coalesce(sum(invoice_effect) FILTER (
            WHERE kind IN ('invoiced', 'adjusted', 'voided', 'deleted', 'restored')), 0) AS live_total_minor,
        coalesce(-sum(invoice_effect) FILTER (WHERE source_kind = 'payment'), 0) AS paid_minor,
        coalesce(-sum(invoice_effect) FILTER (WHERE source_kind = 'credit_memo'), 0) AS credited_minor,
        coalesce(-sum(invoice_effect) FILTER (
            WHERE kind IN ('written_off', 'write_off_reversed')), 0) AS written_off_minor
        INTO folded FROM movement WHERE store_id = of_store AND invoice_id = of_invoice;
    IF (cached.live_total_minor, cached.paid_minor, cached.credited_minor, cached.written_off_minor)
        IS DISTINCT FROM
        (folded.live_total_minor, folded.paid_minor, folded.credited_minor, folded.written_off_minor)
        OR cached.live_total_minor <> (CASE WHEN cached.removed IS NULL THEN cached.total_minor ELSE 0 END)
    THEN
        RAISE EXCEPTION 'invoice % does not add up: % but its movements say %', of_invoice, cached, folded
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invoice_adds_up', TABLE = 'invoice';
    END IF;
END $$;

CREATE FUNCTION check_source(of_store bigint, of_kind text, of_source uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    cached record;
    folded record;
    live numeric;
BEGIN
    EXECUTE format(
        'SELECT inflow_minor, allocated_minor, refunded_minor, reversed_minor, charged_back_minor, paid_out_minor '
        'FROM %I WHERE store_id = $1 AND id = $2', of_kind
    ) INTO cached USING of_store, of_source;
    SELECT
        coalesce(sum(amount_minor) FILTER (
            WHERE kind IN ('received', 'settled_elsewhere', 'credited')), 0) AS inflow_minor,
        coalesce(-sum(source_effect) FILTER (WHERE kind IN ('allocated', 'deallocated')), 0) AS allocated_minor,
        coalesce(sum(amount_minor) FILTER (WHERE kind = 'refunded'), 0) AS refunded_minor,
        coalesce(sum(amount_minor) FILTER (WHERE kind = 'reversed'), 0) AS reversed_minor,
        coalesce(-sum(source_effect) FILTER (
            WHERE kind IN ('charged_back', 'chargeback_won')), 0) AS charged_back_minor,
        coalesce(sum(amount_minor) FILTER (WHERE kind = 'paid_out'), 0) AS paid_out_minor
        INTO folded FROM movement WHERE store_id = of_store AND source_id = of_source AND source_kind = of_kind;
    SELECT coalesce(sum(amount_minor), 0) INTO live
        FROM allocation WHERE store_id = of_store AND source_id = of_source AND source_kind = of_kind;
    IF (cached.inflow_minor, cached.allocated_minor, cached.refunded_minor,
        cached.reversed_minor, cached.charged_back_minor, cached.paid_out_minor)
        IS DISTINCT FROM
        (folded.inflow_minor, folded.allocated_minor, folded.refunded_minor,
        folded.reversed_minor, folded.charged_back_minor, folded.paid_out_minor)
        OR cached.allocated_minor <> live
    THEN
        RAISE EXCEPTION '% % does not add up: % but its movements say %, its allocations %',
            of_kind, of_source, cached, folded, live
            USING ERRCODE = 'check_violation', CONSTRAINT = 'source_adds_up', TABLE = of_kind;
    END IF;
END $$;

CREATE FUNCTION check_allocation(of_store bigint, of_source uuid, of_invoice uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    live bigint;
    folded numeric;
BEGIN
    SELECT amount_minor INTO live
        FROM allocation WHERE store_id = of_store AND source_id = of_source AND invoice_id = of_invoice;
    -- An invoice has few movements, a payment over many invoices has many: never by way of the payment.
    WITH of_the_invoice AS MATERIALIZED (
        SELECT source_id, invoice_effect FROM movement WHERE store_id = of_store AND invoice_id = of_invoice
    )
    SELECT -sum(invoice_effect) INTO folded FROM of_the_invoice WHERE source_id = of_source;
    IF coalesce(live, 0) <> coalesce(folded, 0) THEN
        RAISE EXCEPTION 'the allocation of % to % is % but its movements say %', of_source, of_invoice, live, folded
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_adds_up', TABLE = 'allocation';
    END IF;
END $$;
"""

# Only the last movement of a document sums its history, or a payment over many invoices would cost its square.
_TRIGGERS = """
CREATE FUNCTION movement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.invoice_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM movement WHERE store_id = NEW.store_id AND invoice_id = NEW.invoice_id AND seq > NEW.seq
    ) THEN
        PERFORM check_invoice(NEW.store_id, NEW.invoice_id);
    END IF;
    IF NEW.source_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM movement WHERE store_id = NEW.store_id AND source_id = NEW.source_id AND seq > NEW.seq
    ) THEN
        PERFORM check_source(NEW.store_id, NEW.source_kind, NEW.source_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION invoice_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_invoice(NEW.store_id, NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION source_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_source(NEW.store_id, TG_TABLE_NAME, NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION allocation_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM check_allocation(OLD.store_id, OLD.source_id, OLD.invoice_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM check_allocation(NEW.store_id, NEW.source_id, NEW.invoice_id);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT ON movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION movement_adds_up();
CREATE CONSTRAINT TRIGGER adds_up
    AFTER INSERT OR UPDATE OF total_minor, live_total_minor, paid_minor, credited_minor, written_off_minor, removed
    ON invoice DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION invoice_adds_up();
CREATE CONSTRAINT TRIGGER adds_up
    AFTER INSERT OR UPDATE OF inflow_minor, allocated_minor, refunded_minor, reversed_minor, charged_back_minor,
    paid_out_minor ON payment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION source_adds_up();
CREATE CONSTRAINT TRIGGER adds_up
    AFTER INSERT OR UPDATE OF inflow_minor, allocated_minor, refunded_minor, reversed_minor, charged_back_minor,
    paid_out_minor ON credit_memo DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION source_adds_up();
CREATE CONSTRAINT TRIGGER adds_up AFTER INSERT OR UPDATE OR DELETE ON allocation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION allocation_adds_up();
"""

_GRANTS = """
GRANT SELECT, INSERT ON movement, audit, event TO portal_app;
GRANT SELECT, INSERT, UPDATE ON ledger_head, audit_text TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON allocation TO portal_app;
"""


def upgrade() -> None:
    op.execute(_TABLES)
    for table in _SEPARATED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_store ON {table} USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    for statements in (_APPEND_ONLY, _CHECKS, _TRIGGERS, _GRANTS):
        op.execute(statements)


def downgrade() -> None:
    for table in ("invoice", "payment", "credit_memo"):
        op.execute(f"DROP TRIGGER adds_up ON {table}")
    op.execute("DROP TABLE event, allocation, movement, audit_text, audit, ledger_head")
    op.execute("DROP FUNCTION movement_adds_up, invoice_adds_up, source_adds_up, allocation_adds_up")
    op.execute("DROP FUNCTION check_allocation, check_source, check_invoice, refuse_change")
