"""The database at the edges: what it is refused to run on, what busy and broken statements become."""

import threading

import pytest
from sqlalchemy import text

from adapters.sql.vault import Vault
from adapters.sql.work import DatabaseUnfit, SqlDatabase
from domain.errors import ChangedMeanwhile, InputInvalid, KeyInFlight
from tests.adapters.sql.conftest import Sql
from tests.builders import a_company, given_invoice
from tests.servers import Database


def test_the_application_s_role_is_fit(sql: Sql) -> None:
    sql.database.check()
    assert sql.database.is_answering()


def test_roles_that_row_level_security_does_not_bind_are_refused(clean_database: Database, vault: Vault) -> None:
    """T-41."""
    for url in (clean_database.owner_url, clean_database.superuser_url):
        database = SqlDatabase(url, vault, pooled=False)
        with pytest.raises(DatabaseUnfit, match="application's role"):
            database.check()


def test_commits_that_could_be_lost_are_refused(clean_database: Database, vault: Vault) -> None:
    """F-13."""
    url = f"{clean_database.application_url}?options=-csynchronous_commit%3Doff"
    with pytest.raises(DatabaseUnfit, match="synchronous_commit"):
        SqlDatabase(url, vault, pooled=False).check()


def test_every_transaction_has_its_limits(sql: Sql) -> None:
    """I-17: READ COMMITTED, and no wait or statement without an end."""
    with sql.database.open_work(sql.store.id) as work:
        shown = {
            name: work._scope.scalar(text(f"SHOW {name}"))
            for name in ("transaction_isolation", "lock_timeout", "statement_timeout", "synchronous_commit")
        }
    assert shown == {
        "transaction_isolation": "read committed",
        "lock_timeout": "10s",
        "statement_timeout": "30s",
        "synchronous_commit": "on",
    }


@pytest.fixture
def impatient(clean_database: Database, vault: Vault):
    database = SqlDatabase(clean_database.application_url, vault, pooled=False, lock_timeout="200ms")
    yield database
    database.close()


def test_a_key_in_flight_for_too_long_is_said_to_be(sql: Sql, impatient: SqlDatabase) -> None:
    """I-8."""
    with sql.database.open_work(sql.store.id) as first, impatient.open_work(sql.store.id) as second:
        first.once.claim("scope", "key", "f")
        with pytest.raises(KeyInFlight):
            second.once.claim("scope", "key", "f")


def test_a_lock_that_is_held_too_long_says_that_someone_was_faster(sql: Sql, impatient: SqlDatabase) -> None:
    """F-10."""
    with sql.database.open_work(sql.store.id) as work:
        invoice = given_invoice(work)
        work.commit()

    with sql.database.open_work(sql.store.id) as first, impatient.open_work(sql.store.id) as second:
        first.invoices.locked([invoice.id])
        assert second.invoices.get(invoice.id) == invoice
        with pytest.raises(ChangedMeanwhile):
            second.invoices.locked([invoice.id])


def test_a_deadlock_ends_with_one_winner(sql: Sql) -> None:
    """Two units of work that lock against the rule: one goes on, the other is told that someone was faster."""
    with sql.database.open_work(sql.store.id) as work:
        one, other = given_invoice(work), given_invoice(work)
        work.commit()
    meet, outcomes = threading.Barrier(2, timeout=20), []

    def lock(first: str, second: str) -> None:
        with sql.database.open_work(sql.store.id) as work:
            work.invoices.locked([first])
            meet.wait()
            try:
                work.invoices.locked([second])
                outcomes.append("won")
            except ChangedMeanwhile:
                outcomes.append("refused")

    threads = [threading.Thread(target=lock, args=ids) for ids in ((one.id, other.id), (other.id, one.id))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "won"]


def test_a_text_the_database_cannot_hold_is_refused_by_name(sql: Sql) -> None:
    """T-25."""
    with sql.database.open_work(sql.store.id) as work, pytest.raises(InputInvalid, match="NUL"):
        work.companies.put([a_company(1, "North\x00wind")])


def test_an_unpooled_database_leaves_no_connection_behind(sql: Sql, clean_database: Database, vault: Vault) -> None:
    """Workers fork: a connection opened before must not be shared by the child."""
    database = SqlDatabase(clean_database.application_url, vault, pooled=False)
    with database.open_work(sql.store.id) as work:
        work.numbers.take("invoice")
        work.commit()

    assert database._engine.pool.status() == "NullPool"
