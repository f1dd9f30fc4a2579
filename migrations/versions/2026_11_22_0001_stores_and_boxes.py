"""Stores, people, notes, inbox and outbox; the application's role and row-level security."""

from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

# Development and most production set-ups make the role before; then nothing is to do.
_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'portal_app') THEN
        CREATE ROLE portal_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
END $$
"""

_TABLES = """
CREATE TABLE store (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    hash TEXT NOT NULL,
    connection TEXT NOT NULL,
    CONSTRAINT pk_store PRIMARY KEY (id),
    CONSTRAINT ck_store_connection CHECK (connection IN ('connected', 'disconnected', 'uninstalled')),
    CONSTRAINT uq_store_hash UNIQUE (hash)
);

CREATE TABLE used_token (
    token_hash BYTEA NOT NULL,
    until TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_used_token PRIMARY KEY (token_hash)
);
CREATE INDEX ix_used_token_until ON used_token (until);

CREATE TABLE api_key (
    id TEXT NOT NULL,
    store_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ,
    CONSTRAINT pk_api_key PRIMARY KEY (id),
    CONSTRAINT uq_api_key_prefix UNIQUE (prefix),
    CONSTRAINT fk_api_key_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_api_key_store ON api_key (store_id);

CREATE TABLE buyer (
    store_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    company_id BIGINT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    role_id BIGINT,
    role_name TEXT NOT NULL,
    rights TEXT[] NOT NULL,
    read_at TIMESTAMPTZ,
    CONSTRAINT pk_buyer PRIMARY KEY (store_id, customer_id),
    CONSTRAINT fk_buyer_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_buyer_company ON buyer (store_id, company_id);

CREATE TABLE company (
    store_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    status SMALLINT NOT NULL,
    external_id TEXT,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    group_id BIGINT,
    parent_id BIGINT,
    terms TEXT,
    b2b_terms TEXT,
    credit_hold BOOLEAN DEFAULT false NOT NULL,
    allowed_methods TEXT[],
    CONSTRAINT pk_company PRIMARY KEY (store_id, id),
    CONSTRAINT fk_company_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_company_external_id ON company (store_id, external_id);

CREATE TABLE due_work (
    store_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_due_work PRIMARY KEY (store_id, kind),
    CONSTRAINT ck_due_work_kind CHECK (kind IN ('inbox', 'outbox')),
    CONSTRAINT fk_due_work_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_due_work_due_at ON due_work (due_at);

CREATE TABLE hook_route (
    route TEXT NOT NULL,
    store_id BIGINT NOT NULL,
    CONSTRAINT pk_hook_route PRIMARY KEY (route),
    CONSTRAINT uq_hook_route_store UNIQUE (store_id),
    CONSTRAINT fk_hook_route_store FOREIGN KEY (store_id) REFERENCES store (id)
);

CREATE TABLE inbox (
    store_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload JSON NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    next_at TIMESTAMPTZ DEFAULT now() NOT NULL,
    is_claimed BOOLEAN DEFAULT false NOT NULL,
    dead_at TIMESTAMPTZ,
    error TEXT,
    CONSTRAINT pk_inbox PRIMARY KEY (store_id, id),
    CONSTRAINT ck_inbox_attempts CHECK (attempts >= 0),
    CONSTRAINT fk_inbox_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_inbox_due ON inbox (store_id, attempts, next_at) WHERE dead_at IS NULL;
CREATE INDEX ix_inbox_next ON inbox (store_id, next_at) WHERE dead_at IS NULL;
CREATE UNIQUE INDEX uq_inbox_waiting ON inbox (store_id, kind, key) WHERE NOT is_claimed AND dead_at IS NULL;

CREATE TABLE note (
    store_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value JSON NOT NULL,
    CONSTRAINT pk_note PRIMARY KEY (store_id, name),
    CONSTRAINT fk_note_store FOREIGN KEY (store_id) REFERENCES store (id)
);

CREATE TABLE number_series (
    store_id BIGINT NOT NULL,
    series TEXT NOT NULL,
    last BIGINT NOT NULL,
    CONSTRAINT pk_number_series PRIMARY KEY (store_id, series),
    CONSTRAINT fk_number_series_store FOREIGN KEY (store_id) REFERENCES store (id)
);

CREATE TABLE once (
    store_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    result TEXT,
    created_at TIMESTAMPTZ DEFAULT now() NOT NULL,
    CONSTRAINT pk_once PRIMARY KEY (store_id, scope, key),
    CONSTRAINT fk_once_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_once_created_at ON once (store_id, created_at);

CREATE TABLE outbox (
    store_id BIGINT NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload JSON NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    next_at TIMESTAMPTZ DEFAULT now() NOT NULL,
    is_claimed BOOLEAN DEFAULT false NOT NULL,
    dead_at TIMESTAMPTZ,
    error TEXT,
    CONSTRAINT pk_outbox PRIMARY KEY (store_id, id),
    CONSTRAINT ck_outbox_attempts CHECK (attempts >= 0),
    CONSTRAINT fk_outbox_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_outbox_due ON outbox (store_id, attempts, next_at) WHERE dead_at IS NULL;
CREATE INDEX ix_outbox_next ON outbox (store_id, next_at) WHERE dead_at IS NULL;
CREATE UNIQUE INDEX uq_outbox_waiting ON outbox (store_id, kind, key) WHERE NOT is_claimed AND dead_at IS NULL;

CREATE TABLE review (
    store_id BIGINT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    expected TEXT NOT NULL,
    found TEXT NOT NULL,
    company_id BIGINT,
    facts JSON NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ,
    CONSTRAINT pk_review PRIMARY KEY (store_id, id),
    CONSTRAINT fk_review_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_review_open ON review (store_id, opened_at) WHERE settled_at IS NULL;
CREATE UNIQUE INDEX uq_review_open ON review (store_id, kind, subject_id) WHERE settled_at IS NULL;

CREATE TABLE secret (
    store_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_secret PRIMARY KEY (store_id, name),
    CONSTRAINT fk_secret_store FOREIGN KEY (store_id) REFERENCES store (id)
);

CREATE TABLE session (
    token_hash BYTEA NOT NULL,
    store_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    company_id BIGINT,
    channel_id BIGINT,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_session PRIMARY KEY (token_hash),
    CONSTRAINT ck_session_kind CHECK (kind IN ('staff', 'buyer')),
    CONSTRAINT fk_session_store FOREIGN KEY (store_id) REFERENCES store (id)
);
CREATE INDEX ix_session_created_at ON session (created_at);
CREATE INDEX ix_session_user ON session (store_id, user_id);

CREATE TABLE staff (
    store_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    email TEXT NOT NULL,
    role TEXT,
    is_owner BOOLEAN NOT NULL,
    last_seen TEXT,
    CONSTRAINT pk_staff PRIMARY KEY (store_id, user_id),
    CONSTRAINT fk_staff_store FOREIGN KEY (store_id) REFERENCES store (id)
);
"""

# Without a store the setting is null (never set in this session) or empty (set in an earlier transaction):
# both compare as null, so no row is seen and none can be written.
_OWN_STORE = "store_id = nullif(current_setting('portal.store_id', true), '')::bigint"
_SEPARATED = (
    "company",
    "buyer",
    "staff",
    "note",
    "secret",
    "number_series",
    "once",
    "review",
    "inbox",
    "outbox",
)

# Deferred to the commit, so that its lock is the last one taken. Writers only share the row while it is due
# early enough; whoever takes a store off the list locks it alone and looks again, so no ring is lost.
_DUE_WORK = """
CREATE FUNCTION note_due_work() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    earliest timestamptz;
BEGIN
    EXECUTE format('SELECT min(next_at) FROM %I WHERE store_id = $1 AND dead_at IS NULL', TG_TABLE_NAME)
        INTO earliest USING NEW.store_id;
    IF earliest IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM FROM due_work
        WHERE store_id = NEW.store_id AND kind = TG_TABLE_NAME AND due_at <= earliest
        FOR SHARE;
    IF NOT FOUND THEN
        INSERT INTO due_work (store_id, kind, due_at) VALUES (NEW.store_id, TG_TABLE_NAME, earliest)
        ON CONFLICT (store_id, kind) DO UPDATE SET due_at = least(due_work.due_at, excluded.due_at);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER note_due_work AFTER INSERT OR UPDATE OF next_at ON inbox
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_due_work();
CREATE CONSTRAINT TRIGGER note_due_work AFTER INSERT OR UPDATE OF next_at ON outbox
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_due_work();
"""

_GRANTS = """
GRANT SELECT, INSERT, UPDATE ON store, hook_route, api_key TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON session, used_token, due_work TO portal_app;
GRANT SELECT, INSERT, UPDATE ON company, number_series, review TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON buyer, staff, note, secret, once, inbox, outbox TO portal_app;
"""


def upgrade() -> None:
    op.execute(_ROLE)
    op.execute(_TABLES)
    for table in _SEPARATED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_store ON {table} USING ({_OWN_STORE}) WITH CHECK ({_OWN_STORE})")
    op.execute(_DUE_WORK)
    op.execute(_GRANTS)


def downgrade() -> None:
    op.execute("DROP TABLE inbox, outbox, review, once, number_series, secret, note, staff, buyer, company")
    op.execute("DROP TABLE due_work, hook_route, api_key, used_token, session, store")
    op.execute("DROP FUNCTION note_due_work")
