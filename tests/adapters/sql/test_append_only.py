"""The ledger is never rewritten: not by the application, not by the owner, not past the checks at commit."""

import psycopg
import pytest
from sqlalchemy import update

from adapters.sql.tables import invoice as invoices
from domain.errors import InvariantBroken, NotFound
from domain.events import Act
from tests.adapters.sql.conftest import Sql
from tests.adapters.sql.trade import trade
from tests.builders import finance, given_invoice

KEPT = ("movement", "audit", "event")


@pytest.fixture
def traded(sql: Sql) -> Sql:
    with sql.database.open_work(sql.store.id) as work:
        trade(work)
        work.commit()
    return sql


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["UPDATE {} SET store_id = store_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_neither_application_nor_owner_rewrites_the_ledger(traded: Sql, table: str, statement: str) -> None:
    """I-12."""
    for connect, refused in (
        (traded.as_application, psycopg.errors.InsufficientPrivilege),
        (traded.as_owner, psycopg.errors.RestrictViolation),
    ):
        with connect() as connection:
            connection.execute("SELECT set_config('portal.store_id', '1', true)")
            with pytest.raises(refused):
                connection.execute(statement.format(table))


TAMPERINGS = {
    "a payment that was never booked": "UPDATE invoice SET paid_minor = paid_minor + 1 WHERE status = 'open'",
    "a total that was never booked": "UPDATE invoice SET total_minor = total_minor + 1 WHERE status = 'open'",
    "a removal that was never booked": "UPDATE invoice SET removed = 'void' WHERE status = 'open'",
    "credit that was never booked": "UPDATE payment SET inflow_minor = inflow_minor + 1",
    "a credit memo that was never booked": "UPDATE credit_memo SET inflow_minor = inflow_minor + 1",
    "an allocation that was never booked": "UPDATE allocation SET amount_minor = amount_minor + 1",
    "an allocation taken away": "DELETE FROM allocation WHERE source_kind = 'payment'",
    "money without an account": (
        "INSERT INTO movement (store_id, seq, audit_seq, recorded_at, effective_on, kind, amount_minor, currency,"
        " company_id, source_id, source_kind, origin, hash)"
        " SELECT 1, seq + 1, audit_seq, now(), current_date, 'received', 5, 'USD', 11,"
        " (SELECT id FROM payment LIMIT 1), 'payment', 'portal', '' FROM movement ORDER BY seq DESC LIMIT 1"
    ),
    "a write-off without an account": (
        "INSERT INTO movement (store_id, seq, audit_seq, recorded_at, effective_on, kind, amount_minor, currency,"
        " company_id, invoice_id, origin, hash)"
        " SELECT 1, seq + 1, audit_seq, now(), current_date, 'written_off', 5, 'USD', 11,"
        " (SELECT id FROM invoice WHERE status = 'open' LIMIT 1), 'portal', '' FROM movement ORDER BY seq DESC LIMIT 1"
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_does_not_add_up_cannot_be_committed(traded: Sql, tampering: str) -> None:
    """I-1, I-2: by whoever may write the row; the check is the database's own, at commit."""
    connection = traded.as_application()
    connection.execute("SELECT set_config('portal.store_id', '1', true)")
    assert connection.execute(TAMPERINGS[tampering]).rowcount > 0

    with pytest.raises(psycopg.errors.CheckViolation, match=r"adds? up|does not add up|is .* but its movements say"):
        connection.commit()
    connection.close()
    assert traded.violations() == []


BOUNDS = {
    "a negative balance": "UPDATE invoice SET paid_minor = live_total_minor + 1 WHERE status = 'open'",
    "a negative payment": "UPDATE invoice SET paid_minor = -1 WHERE status = 'open'",
    "negative credit": "UPDATE payment SET paid_out_minor = inflow_minor + 1",
    "a negative total": "UPDATE invoice SET total_minor = -1",
    "a status by hand": "UPDATE invoice SET status = 'closed'",
}


@pytest.mark.parametrize("bound", BOUNDS)
def test_an_account_never_leaves_its_bounds(traded: Sql, bound: str) -> None:
    """I-2, I-3."""
    with traded.as_application() as connection:
        connection.execute("SELECT set_config('portal.store_id', '1', true)")
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.GeneratedAlways)):
            connection.execute(BOUNDS[bound])


def test_a_refused_commit_is_an_invariant_broken(sql: Sql) -> None:
    """The last line of defence speaks the domain's language too."""
    with sql.database.open_work(sql.store.id) as work:
        invoice = given_invoice(work)
        work._scope.run(update(invoices).where(invoices.c.id == invoice.id).values(paid_minor=1))
        with pytest.raises(InvariantBroken):
            work.commit()

    with sql.database.open_work(sql.store.id) as work, pytest.raises(NotFound):
        work.invoices.get(invoice.id)


def test_people_s_words_are_blanked_without_breaking_the_chain(traded: Sql) -> None:
    """F-17, ground rule 9: what was booked stays proven, who said what is gone."""
    with traded.as_application() as connection:
        connection.execute("SELECT set_config('portal.store_id', '1', true)")
        connection.execute("UPDATE audit_text SET who = '', texts = '{}', salt = ''")
        connection.execute("UPDATE invoice_paper SET people = '{}'")
        connection.execute("UPDATE payment SET memo = '', recorded_by = '', search_text = ''")
        connection.commit()

    assert traded.violations() == []
    with traded.database.open_work(traded.store.id) as work:
        history = work.queries.history("payment", work.payments.find_by_order(78).id)
        assert {entry.who for entry in history} == {"staff 3"}
        assert {tuple(entry.texts) for entry in history} == {()}
        invoice = work.invoices.live_for_order(1160)[0]
        assert (invoice.content.billing_address.lines, invoice.content.notes) == ([], "")
        work.book(finance(), Act("still", "works", "1"))
        work.commit()
    assert traded.violations() == []


def test_the_ledger_holds_no_people_s_words(traded: Sql) -> None:
    """Ground rule 9."""
    with traded.as_superuser() as connection:
        for table in KEPT:
            rows = connection.execute(f"SELECT t::text FROM {table} t").fetchall()
            text = "\n".join(row[0] for row in rows).casefold()
            for word in ("fiona", "example.com", "check 10442", "ärger", "northwind", "bea buyer"):
                assert word not in text
