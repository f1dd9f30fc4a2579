"""The auditor finds each planted falsehood and nothing in honest books. Planted as the superuser, triggers off."""

import psycopg
import pytest

from adapters.sql.vault import Vault
from adapters.sql.work import SqlDatabase
from domain.store import Connection
from tests.adapters.sql.conftest import Sql
from tests.adapters.sql.trade import trade
from tests.builders import given_companies
from tests.servers import Servers, create_database, drop_database


@pytest.fixture
def traded(sql: Sql) -> Sql:
    for store in (sql.store, sql.other):
        with sql.database.open_work(store.id) as work:
            trade(work)
            work.commit()
    return sql


def test_honest_books_are_clean(traded: Sql) -> None:
    assert traded.violations() == []


_SECOND_INVOICE = "(SELECT id FROM invoice WHERE store_id = 1 AND order_id IS NULL ORDER BY id LIMIT 1)"

FALSEHOODS = {
    "an amount in the ledger": (
        "UPDATE movement SET amount_minor = amount_minor + 1 WHERE store_id = 1 AND kind = 'received'",
        {"I-1", "I-12", "I-18"},
    ),
    "a cached payment": (
        "UPDATE payment SET refunded_minor = refunded_minor + 1 WHERE store_id = 1 AND available_minor > 0",
        {"I-1", "I-18"},
    ),
    "a credit memo": ("UPDATE credit_memo SET inflow_minor = inflow_minor + 1 WHERE store_id = 1", {"I-1", "I-18"}),
    "an allocation": ("UPDATE allocation SET amount_minor = amount_minor + 1 WHERE store_id = 1", {"I-1"}),
    "an allocation that is gone": ("DELETE FROM allocation WHERE store_id = 1", {"I-1"}),
    "a cached balance": (
        "UPDATE invoice SET paid_minor = paid_minor + 1 WHERE store_id = 1 AND paid_minor > 0",
        {"I-2", "I-18"},
    ),
    "a face total": ("UPDATE invoice SET total_minor = 99 WHERE store_id = 1 AND order_id = 1160", {"I-2"}),
    "paid in full by magic": (
        "UPDATE invoice SET paid_minor = live_total_minor WHERE store_id = 1 AND status = 'open'",
        {"I-2", "I-3", "I-18"},
    ),
    "deleted by hand": (
        "UPDATE invoice SET removed = 'deleted' WHERE store_id = 1 AND status = 'open'",
        {"I-2"},
    ),
    "an invoice of a second company": (
        "UPDATE invoice SET company_id = 12 WHERE store_id = 1 AND order_id = 1160",
        {"I-18"},
    ),
    "an author": ("UPDATE audit SET actor_id = '9' WHERE store_id = 1 AND seq = 2", {"I-12"}),
    "nobody as author": ("UPDATE audit SET actor_id = '' WHERE store_id = 1 AND seq = 2", {"I-12", "I-13"}),
    "an author that is gone": ("DELETE FROM audit WHERE store_id = 1 AND seq = 3", {"I-12", "I-13"}),
    "what an act changed": ("UPDATE audit SET changes = '{}' WHERE store_id = 1 AND what = 'moves'", {"I-12"}),
    "a reason": (
        "UPDATE audit_text SET texts = '{\"reason\": \"other\"}' WHERE store_id = 1 AND texts::text <> '{}'",
        {"I-12"},
    ),
    "a movement that is gone": (
        "DELETE FROM movement WHERE store_id = 1 AND seq = 2",
        {"I-2", "I-12", "I-18"},
    ),
    "the last movement cut off": (
        "DELETE FROM movement WHERE store_id = 1 AND seq = (SELECT max(seq) FROM movement WHERE store_id = 1)",
        {"I-1", "I-12", "I-18"},
    ),
    "a date": ("UPDATE movement SET effective_on = effective_on - 1 WHERE store_id = 1 AND seq = 4", {"I-12"}),
    "a recording time": (
        "UPDATE movement SET recorded_at = recorded_at + interval '1 microsecond' WHERE store_id = 1 AND seq = 4",
        {"I-12"},
    ),
    "a hash": ("UPDATE movement SET hash = sha256('') WHERE store_id = 1 AND seq = 4", {"I-12"}),
    "the head": ("UPDATE ledger_head SET seq = seq + 1 WHERE store_id = 1", {"I-12"}),
    "an event that is gone": ("DELETE FROM event WHERE store_id = 1 AND seq = 2", {"I-16"}),
    "a currency": ("UPDATE invoice SET currency = 'EUR' WHERE store_id = 1 AND order_id = 1160", {"I-14", "I-18"}),
}

BROKEN_SCHEMAS = {
    "a second invoice of an order": (
        f"DROP INDEX uq_invoice_order; UPDATE invoice SET source = 'order', order_id = 1160 WHERE store_id = 1"
        f" AND id = {_SECOND_INVOICE}",
        {"I-5"},
    ),
    "a second payment of an order": (
        "ALTER TABLE payment DROP CONSTRAINT uq_payment_order; UPDATE payment SET bc_order_id = 78 WHERE store_id = 1",
        {"I-6"},
    ),
    "a transaction booked twice": (
        "DROP INDEX uq_movement_transaction;"
        " UPDATE movement SET transaction_id = 'refund:1' WHERE store_id = 1 AND kind = 'received'",
        {"I-6", "I-12"},
    ),
    "a grant": ("GRANT UPDATE ON movement TO portal_app", {"I-12"}),
    "a trigger": ("ALTER TABLE audit DISABLE TRIGGER append_only", {"I-12"}),
    "a check": ("ALTER TABLE invoice DISABLE TRIGGER adds_up", {"I-12"}),
}


@pytest.mark.parametrize("falsehood", FALSEHOODS)
def test_a_planted_falsehood_is_found(traded: Sql, falsehood: str) -> None:
    """T-35, M-3: each with the invariants it breaks, in the store it was planted in."""
    statement, expected = FALSEHOODS[falsehood]
    with traded.as_superuser() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(statement)

    found = list(traded.database.auditor.violations())
    assert {violation.id for violation in found} == expected
    assert {violation.store for violation in found} == {"sbxnorth"}


@pytest.mark.parametrize("broken", BROKEN_SCHEMAS)
def test_a_guard_that_was_taken_down_is_noticed(services: Servers, worker_name: str, vault: Vault, broken: str) -> None:
    """I-12, I-5, I-6: in a database of its own, because the others keep their guards."""
    statement, expected = BROKEN_SCHEMAS[broken]
    copy = create_database(services.template, f"broken_{worker_name}", services.template.name)
    database = SqlDatabase(copy.application_url, vault, pooled=False)
    try:
        store = database.stores.put("sbxnorth", Connection.CONNECTED)
        with database.open_work(store.id) as work:
            given_companies(work)
            trade(work)
            work.commit()
        with psycopg.connect(copy.superuser_url) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement)

        assert {violation.id for violation in database.auditor.violations()} == expected
    finally:
        database.close()
        drop_database(copy)
