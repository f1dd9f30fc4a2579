"""`invoice-portal`: what it says and how it ends, for the person at the shell."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
import redis
from cryptography.fernet import Fernet
from rq import Queue
from rq.serializers import JSONSerializer

from adapters.queue.doorbell import QUEUE
from admin_app.cli import main
from admin_app.main import Composed, compose
from admin_app.settings import read_settings
from domain.store import Connection, Store
from tests.builders import an_invoice, given_companies, given_invoice, given_payment, usd
from tests.servers import Database
from tests.test_settings import REQUIRED

ROOT = Path(__file__).parents[1]
COMMANDS = ("serve", "worker", "clock", "migrate", "audit", "sweep", "keys", "demo", "sandbox")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell in which nothing is set."""
    for name in (*REQUIRED, "DATABASE_OWNER_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def environment(clean_database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """A shell in which everything is set; nothing listens where BigCommerce should be."""
    values = {
        "DATABASE_URL": clean_database.application_url,
        "DATABASE_OWNER_URL": clean_database.owner_url,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": "http://localhost:9",
        "BC_API_URL": "http://127.0.0.1:9",
        "BC_LOGIN_URL": "http://127.0.0.1:9",
        "B2B_API_URL": "http://127.0.0.1:9",
        "BC_CLIENT_ID": "client-of-the-tests",
        "BC_CLIENT_SECRET": "a client secret of more than sixty-four characters, for HMAC tests only!",
        "ENCRYPTION_KEYS": f"test:{Fernet.generate_key().decode()}",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return values


@pytest.fixture
def composed(environment: Mapping[str, str]) -> Iterator[Composed]:
    made = compose(read_settings(environment), pooled=False)
    yield made
    made.database.close()


@pytest.fixture
def store(composed: Composed) -> Store:
    store = composed.database.stores.put("north1", Connection.CONNECTED)
    with composed.database.open_work(store.id) as work:
        given_companies(work)
        work.commit()
    return store


# --- wrong usage and wrong environment ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "command", [["serve"], ["worker"], ["clock"], ["migrate"], ["audit"], ["sweep"], ["keys", "a", "b"]]
)
def test_without_an_environment_a_command_says_what_to_set(
    bare: None, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(command) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Set these environment variables (README):")
    assert [name for name in REQUIRED if f"\n  {name}: " not in told.err] == []


def test_the_sandbox_says_what_it_needs(bare: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sandbox", "--data", str(tmp_path / "sandbox.db")]) == 1

    assert "BC_CLIENT_ID, BC_CLIENT_SECRET" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["bake"], ["keys"], ["serve", "--port", "many"]])
def test_wrong_usage_is_exit_code_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)

    assert end.value.code == 2
    assert "usage: invoice-portal" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_stands_in_the_readme(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])

    assert end.value.code == 0
    assert f"usage: invoice-portal {command}" in capsys.readouterr().out
    [listed] = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("Commands:")]
    assert command in listed.replace("`", " ").split()


def test_a_database_that_is_away_is_a_sentence(
    environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://portal_app:hunter2@127.0.0.1:9/portal")

    assert main(["audit"]) == 1

    told = capsys.readouterr()
    assert told.err.startswith("The database does not answer: ")
    assert "hunter2" not in told.err


@pytest.mark.parametrize("command", [["worker"], ["clock"], ["serve"], ["sweep"], ["keys", "north1", "ERP"]])
def test_nothing_starts_with_a_login_that_sees_all_stores(
    environment: Mapping[str, str],
    clean_database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
) -> None:
    """T-41: not only the web process, every one that works for stores."""
    monkeypatch.setenv("DATABASE_URL", clean_database.superuser_url)

    assert main(command) == 1

    assert "Use the application's role." in capsys.readouterr().err


# --- audit --------------------------------------------------------------------------------------------------
def test_audit_of_books_in_order_ends_with_zero(
    composed: Composed, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    with composed.database.open_work(store.id) as work:
        invoice = given_invoice(work, an_invoice(usd(100_00)))
        given_payment(work, usd(60_00), [(invoice, usd(50_00))])
        work.commit()

    assert main(["audit"]) == 0

    assert capsys.readouterr().out == "The books are in order.\n"


def test_audit_of_books_somebody_changed_ends_with_one_and_a_line_for_each(
    composed: Composed, store: Store, clean_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """I-2, I-12: behind the portal's back, with all the rights of a superuser."""
    with composed.database.open_work(store.id) as work:
        invoice = given_invoice(work, an_invoice(usd(100_00), "INV-77"))
        given_payment(work, usd(60_00), [(invoice, usd(50_00))])
        work.commit()
    with psycopg.connect(clean_database.superuser_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("UPDATE movement SET amount_minor = amount_minor + 1 WHERE kind = 'allocated'")

    assert main(["audit"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("north1 ") for line in lines[:-1])
    assert lines[-1] == f"{len(lines) - 1} violations."


# --- keys -----------------------------------------------------------------------------------------------------
def test_keys_prints_the_secret_once_and_stores_none(
    composed: Composed, store: Store, clean_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """T-28."""
    assert main(["keys", "north1", "ERP of the north"]) == 0

    first, secret = capsys.readouterr().out.splitlines()
    actor = composed.portal.recognise_key(secret)
    assert (actor.store_id, actor.name) == (store.id, "ERP of the north")
    assert "copy the key now, it is not shown again" in first
    assert secret not in first
    with psycopg.connect(clean_database.superuser_url) as connection:
        stored = connection.execute("SELECT row::text FROM api_key AS row UNION ALL SELECT row::text FROM audit AS row")
        assert not [row for (row,) in stored if secret in row or secret.rpartition("_")[2] in row]


def test_keys_of_narrow_scopes_do_no_more(composed: Composed, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    main(["keys", "north1", "Reader", "--scopes", "invoices:read"])

    actor = composed.portal.recognise_key(capsys.readouterr().out.splitlines()[1])

    assert {right.value for right in actor.rights} == {"view invoices", "export"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["unknown1", "ERP"], "No store unknown1 has installed the app."),
        (["north1", "ERP", "--scopes", "everything"], "Choose scopes of invoices:read"),
        (["north1", " "], "Name the key"),
    ],
)
def test_keys_refuses_in_words(
    store: Store, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["keys", *arguments]) == 1

    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""


# --- sweep and migrate ------------------------------------------------------------------------------------------
def test_sweep_tells_of_each_store_and_goes_on_after_one_that_does_not_answer(
    composed: Composed, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = composed.database.stores.put("south1", Connection.CONNECTED)
    with composed.database.open_work(store.id) as work:
        work.notes.put_fact("orders.watermark", {"at": work.now().isoformat()})
        work.commit()

    assert main(["sweep"]) == 1

    told = capsys.readouterr()
    assert "north1: The store has disconnected Invoice Portal." in told.err
    assert told.out == "south1: 0 orders to read again\n"
    with composed.database.open_work(fresh.id) as work:
        assert work.outbox.claim().kind == "sync_orders"


def test_sweep_rings_for_what_it_found(composed: Composed, store: Store, redis_url: str) -> None:
    assert main(["sweep"]) == 0

    with redis.Redis.from_url(redis_url) as connection:
        rung = Queue(QUEUE, connection=connection, serializer=JSONSerializer).jobs
        assert [list(job.args) for job in rung] == [[store.id, "outbox"]]


def test_migrate_on_a_finished_schema_changes_nothing(environment: Mapping[str, str], clean_database: Database) -> None:
    def schema() -> list[tuple[str, ...]]:
        with psycopg.connect(clean_database.superuser_url) as connection:
            columns = "table_name, column_name, data_type"
            return connection.execute(
                f"SELECT {columns} FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
            ).fetchall()

    before = schema()

    assert main(["migrate"]) == 0

    assert schema() == before


def test_migrate_makes_the_whole_schema_from_nothing(
    environment: Mapping[str, str], empty_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", empty_database.owner_url)

    assert main(["migrate"]) == 0

    with psycopg.connect(empty_database.superuser_url) as connection:
        assert connection.execute("SELECT count(*) FROM invoice").fetchone() == (0,)
