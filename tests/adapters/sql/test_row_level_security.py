"""Tenants are separated by the database itself, not only by our WHERE clauses (D7, I-10)."""

import psycopg
import pytest

from tests.adapters.sql.conftest import Sql
from tests.adapters.sql.trade import trade

SEPARATED = "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' ORDER BY relname"


@pytest.fixture
def traded(sql: Sql) -> Sql:
    for store in (sql.store, sql.other):
        with sql.database.open_work(store.id) as work:
            trade(work)
            work.inbox.put("order", "1160")
            work.commit()
    return sql


def _seen(connection: psycopg.Connection) -> dict[str, set[int]]:
    """Per separated table, whose rows can be seen."""
    tables = [row[0] for row in connection.execute(SEPARATED)]
    return {name: {row[0] for row in connection.execute(f"SELECT store_id FROM {name}")} for name in tables}


def _on_store(connection: psycopg.Connection, store_id: int) -> None:
    connection.execute("SELECT set_config('portal.store_id', %s, true)", [str(store_id)])


def test_without_a_store_no_row_is_seen(traded: Sql) -> None:
    with traded.as_application() as connection:
        assert set().union(*_seen(connection).values()) == set()


def test_with_a_store_only_its_rows_are_seen(traded: Sql) -> None:
    with traded.as_application() as connection:
        _on_store(connection, 2)
        seen = _seen(connection)

    assert set().union(*seen.values()) == {2}
    assert {name for name, stores in seen.items() if stores} >= {"invoice", "movement", "audit", "allocation", "inbox"}


def test_the_store_is_forgotten_with_its_transaction(traded: Sql) -> None:
    """T-41: the next user of a pooled connection starts with nothing, though the setting is now empty, not unset."""
    with traded.as_application() as connection:
        _on_store(connection, 1)
        assert _seen(connection)["invoice"] == {1}
        connection.commit()

        assert set().union(*_seen(connection).values()) == set()


def test_even_the_owner_is_bound(traded: Sql) -> None:
    """FORCE: a view or a slip of the owner shows nothing either."""
    with traded.as_owner() as connection:
        assert set().union(*_seen(connection).values()) == set()


def test_nothing_is_written_for_another_store(traded: Sql) -> None:
    with traded.as_application() as connection:
        _on_store(connection, 1)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute("INSERT INTO note (store_id, name, value) VALUES (2, 'x', '{}')")
    with traded.as_application() as connection:
        _on_store(connection, 1)
        assert connection.execute("UPDATE invoice SET po_number = 'x' WHERE store_id = 2").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
            connection.execute(
                "UPDATE number_series SET store_id = 2; UPDATE note SET store_id = 2; UPDATE company SET store_id = 2"
            )
    with traded.as_application() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("INSERT INTO note (store_id, name, value) VALUES (1, 'x', '{}')")


def test_a_foreign_key_never_reaches_into_another_store(sql: Sql) -> None:
    """D7: foreign keys are checked without row-level security, so the store must be part of them."""
    with sql.database.open_work(sql.other.id) as work:
        theirs = trade(work)
        work.commit()

    with sql.as_application() as connection:
        _on_store(connection, 1)
        with pytest.raises(psycopg.errors.ForeignKeyViolation, match="fk_allocation_invoice"):
            connection.execute(
                "INSERT INTO allocation"
                " (store_id, source_id, invoice_id, source_kind, amount_minor, currency, changed_at)"
                " VALUES (1, gen_random_uuid(), %s, 'payment', 1, 'USD', now())",
                [theirs.id],
            )


def test_the_application_cannot_empty_a_table_or_change_the_schema(sql: Sql) -> None:
    """T-41: TRUNCATE ignores row-level security."""
    for statement in (
        "TRUNCATE note",
        "DROP TABLE note",
        "ALTER TABLE note DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_store ON note",
        "CREATE TABLE mine (id int)",
        "DELETE FROM invoice",
        "DELETE FROM payment",
        "SET ROLE portal_owner",
    ):
        with sql.as_application() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
