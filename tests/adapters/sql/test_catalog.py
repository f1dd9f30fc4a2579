"""What the catalog must say of every table, so that a new table without its guards fails here (T-41, D7)."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.servers import Database

WITHOUT_POLICY = {
    "store": "is how a store is found at all: BigCommerce's hash and whether it is connected",
    "session": "is looked up by the hash of a token before the store is known",
    "used_token": "holds hashes of signed tokens that were used, read before the store is known; names no store",
    "api_key": "is looked up by prefix before the store is known: hash, prefix, scopes and a label",
    "hook_route": "leads from a random route to the store a webhook is for",
    "due_work": "tells workers which store has something to do: store, box and time",
    "alembic_version": "belongs to the migrations; the application has no grant on it",
}

APPEND_ONLY = {"movement", "audit", "event"}
NEVER_DELETED = {"store", "shop_order", "invoice", "invoice_paper", "payment", "credit_memo", "attempt", "ledger_head"}

OWN_STORE = "(store_id = (NULLIF(current_setting('portal.store_id'::text, true), ''::text))::bigint)"


@pytest.fixture(scope="module")
def catalog(database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.superuser_url) as connection:
        yield connection


def _column(catalog: psycopg.Connection, statement: str) -> set[str]:
    return {row[0] for row in catalog.execute(statement)}


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
FUNCTIONS = "FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def test_every_table_has_forced_row_level_security_or_a_reason(catalog: psycopg.Connection) -> None:
    forced = _column(
        catalog, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity AND relforcerowsecurity"
    )
    assert _column(catalog, TABLES) - forced == set(WITHOUT_POLICY)


def test_every_policy_is_the_same_one(catalog: psycopg.Connection) -> None:
    """Reading and writing, for everybody, by the transaction's store and nothing else."""
    policies = catalog.execute(
        "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    ).fetchall()

    assert {row[1:] for row in policies} == {("own_store", "PERMISSIVE", "{public}", "ALL", OWN_STORE, OWN_STORE)}
    assert {row[0] for row in policies} == _column(catalog, TABLES) - set(WITHOUT_POLICY)


def test_the_store_leads_every_key_and_every_index(catalog: psycopg.Connection) -> None:
    """Ground rule 7: primary, unique and foreign keys, and indexes, of every table that has a policy."""
    leading = catalog.execute("""
        SELECT conrelid::regclass::text, conname,
            (SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1])
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')
        UNION ALL
        SELECT indrelid::regclass::text, indexrelid::regclass::text,
            (SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = indkey[0])
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
    """).fetchall()

    wrong = [(table, name) for table, name, column in leading if table not in WITHOUT_POLICY and column != "store_id"]
    assert wrong == []


def test_every_key_into_a_separated_table_carries_the_store(catalog: psycopg.Connection) -> None:
    """D7: a foreign key to (id) alone would reach into other stores."""
    short = _column(
        catalog,
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) < 2"
        " AND confrelid <> 'store'::regclass",
    )
    assert short == set()


def test_the_currency_is_part_of_every_key_that_joins_money(catalog: psycopg.Connection) -> None:
    """I-14."""
    joined = {
        (row[0], row[1]): row[2].split(",")
        for row in catalog.execute("""
            SELECT conrelid::regclass::text, confrelid::regclass::text, (
                SELECT string_agg(attname, ',' ORDER BY attname)
                FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey))
            FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
        """)
    }
    for table in ("allocation", "movement"):
        for document in ("invoice", "payment", "credit_memo"):
            assert "currency" in joined[table, document], (table, document)
    assert "currency" in joined["attempt_line", "invoice"]
    assert "currency" in joined["payment_pending", "invoice"]


def test_the_owner_owns_everything_and_the_application_nothing(catalog: psycopg.Connection) -> None:
    owners = _column(
        catalog, "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    )
    assert owners == {"portal_owner"}
    assert _column(
        catalog, "SELECT proowner::regrole::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    ) == {"portal_owner"}


def test_the_application_s_role_has_no_way_around(catalog: psycopg.Connection) -> None:
    """T-41."""
    role = catalog.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
        " WHERE rolname = 'portal_app'"
    ).fetchone()
    assert role == (False,) * 5
    assert _column(catalog, "SELECT roleid FROM pg_auth_members WHERE member = 'portal_app'::regrole") == set()
    assert (
        _column(catalog, "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef")
        == set()
    )


def test_the_application_may_only_what_each_table_needs(catalog: psycopg.Connection) -> None:
    """I-12, R-5."""
    grants: dict[str, set[str]] = {table: set() for table in _column(catalog, TABLES)}
    for table, act in catalog.execute(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee IN ('portal_app', 'PUBLIC') AND table_schema = 'public'"
    ):
        grants[table].add(act)

    assert set().union(*grants.values()) == {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert {table: grants[table] for table in APPEND_ONLY} == {table: {"SELECT", "INSERT"} for table in APPEND_ONLY}
    assert all("DELETE" not in grants[table] for table in NEVER_DELETED)
    assert grants["alembic_version"] == set()


def test_append_only_tables_have_their_triggers(catalog: psycopg.Connection) -> None:
    triggers = {(row[0], row[1]) for row in catalog.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger")}
    for table in APPEND_ONLY:
        assert {(table, "append_only"), (table, "no_truncate")} <= triggers
    for table in ("movement", "invoice", "payment", "credit_memo", "allocation"):
        assert (table, "adds_up") in triggers


def test_money_is_whole_minor_units_and_times_have_zones(catalog: psycopg.Connection) -> None:
    """D1: no numeric, no float, no local times anywhere."""
    columns = catalog.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    ).fetchall()
    types = {row[2] for row in columns}

    assert types <= {
        "bigint",
        "integer",
        "smallint",
        "text",
        "uuid",
        "boolean",
        "date",
        "timestamp with time zone",
        "json",
        "bytea",
        "ARRAY",
    }
    assert {row[2] for row in columns if row[1].endswith(("_minor", "_effect"))} == {"bigint"}
