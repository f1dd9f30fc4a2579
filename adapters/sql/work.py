"""The database of the product and its units of work: one transaction on one store, rolled back unless committed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, NullPool, Row, create_engine, make_url, text

from adapters.sql.accounts import SqlAccounts
from adapters.sql.api_keys import SqlApiKeys
from adapters.sql.attempts import SqlAttempts
from adapters.sql.audit import SqlAuditor
from adapters.sql.boxes import SqlBox
from adapters.sql.companies import SqlCompanies
from adapters.sql.constraints import watch
from adapters.sql.credit_memos import SqlCreditMemos
from adapters.sql.exports import SqlExports
from adapters.sql.files import SqlFiles
from adapters.sql.invoices import SqlInvoices
from adapters.sql.json_text import from_json, to_json
from adapters.sql.ledger import SqlLedger
from adapters.sql.mails import SqlMails
from adapters.sql.notes import SqlNotes
from adapters.sql.numbers import SqlNumbers
from adapters.sql.once import SqlOnce
from adapters.sql.orders import SqlOrders
from adapters.sql.payments import SqlPayments
from adapters.sql.queries import SqlQueries
from adapters.sql.reviews import SqlReviews
from adapters.sql.scope import Scope
from adapters.sql.sessions import SqlSessions
from adapters.sql.staff import SqlStaff
from adapters.sql.stores import SqlStores
from adapters.sql.tables import inbox, outbox
from adapters.sql.vault import Vault
from domain.errors import NotFound
from domain.events import Act, Event
from domain.ledger import Movement
from domain.roles import Actor
from domain.store import Connection, Store
from domain.zone import local_day

# Everything a transaction needs in one round trip. Local to the transaction, so that a pooler between us and
# the database may hand the connection to anybody next (T-41); limits keep one store from starving others (I-17).
_OPEN = text("""
    SELECT
        set_config('portal.store_id', CAST(id AS text), true),
        set_config('lock_timeout', :lock_timeout, true),
        set_config('statement_timeout', '30s', true),
        set_config('idle_in_transaction_session_timeout', '60s', true),
        now() AS now, id, hash, connection
    FROM store WHERE id = :store_id
""")

_FITNESS = text("""
    SELECT
        current_setting('synchronous_commit') AS synchronous_commit,
        current_setting('server_encoding') AS encoding,
        rolsuper OR rolbypassrls AS is_unbound,
        EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user) AS owns
    FROM pg_roles WHERE rolname = current_user
""")


class DatabaseUnfit(Exception):
    """The database or the login must not be used for money; the sentence says what to change."""


class SqlDatabase:
    """PostgreSQL behind all storage ports. Not `pooled`: a connection per unit of work, for processes that fork."""

    def __init__(
        self, url: str, vault: Vault, *, pooled: bool = True, connections: int = 10, lock_timeout: str = "10s"
    ) -> None:
        pool: dict[str, Any] = {"poolclass": NullPool}
        if pooled:
            pool = {"pool_size": connections, "max_overflow": 0, "pool_pre_ping": True, "pool_timeout": 10}
        self._engine: Engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED",
            json_serializer=to_json,
            json_deserializer=from_json,
            # What people wrote must not reach logs and dead letters through an error's text (T-37).
            hide_parameters=True,
            **pool,
        )
        watch(self._engine)
        self._vault = vault
        self._lock_timeout = lock_timeout
        self.stores = SqlStores(self._engine)
        self.sessions = SqlSessions(self._engine)
        self.api_keys = SqlApiKeys(self._engine)
        self.auditor = SqlAuditor(self._engine)

    @contextmanager
    def open_work(self, store_id: int) -> Iterator["SqlWork"]:
        """Raises NotFound for an unknown store."""
        with self._engine.connect() as connection:
            row = connection.execute(_OPEN, {"store_id": store_id, "lock_timeout": self._lock_timeout}).first()
            if row is None:
                raise NotFound("store")
            yield SqlWork(Scope(connection, store_id), row, self._vault)

    def check(self) -> None:
        """Called at start. Raises DatabaseUnfit when a commit could be lost (F-13) or the login is not bound by
        row-level security (T-41)."""
        with self._engine.connect() as connection:
            row = connection.execute(_FITNESS).one()
        if row.synchronous_commit == "off":
            raise DatabaseUnfit("synchronous_commit is off: acknowledged payments could be lost. Switch it on.")
        if row.encoding != "UTF8":
            raise DatabaseUnfit(f"The database is encoded in {row.encoding}. Make it with encoding UTF8.")
        if row.is_unbound or row.owns:
            raise DatabaseUnfit("DATABASE_URL signs in as a superuser or the owner. Use the application's role.")

    def is_answering(self) -> bool:
        """For the health page."""
        with self._engine.connect() as connection:
            return bool(connection.execute(text("SELECT true")).scalar())

    def close(self) -> None:
        self._engine.dispose()


class SqlWork:
    """All repositories on one transaction; see `domain.ports.Work`."""

    def __init__(self, scope: Scope, opened: Row[Any], vault: Vault) -> None:
        self._scope = scope
        self._now: datetime = opened.now
        self._today: date | None = None
        self._ledger = SqlLedger(scope)
        self.store = Store(opened.id, opened.hash, Connection(opened.connection))
        self.invoices = SqlInvoices(scope)
        self.payments = SqlPayments(scope, self._ledger)
        self.credit_memos = SqlCreditMemos(scope)
        self.orders = SqlOrders(scope)
        self.companies = SqlCompanies(scope)
        self.attempts = SqlAttempts(scope)
        self.numbers = SqlNumbers(scope)
        self.reviews = SqlReviews(scope)
        self.staff = SqlStaff(scope)
        self.notes = SqlNotes(scope, vault)
        self.once = SqlOnce(scope)
        self.inbox = SqlBox(scope, inbox)
        self.outbox = SqlBox(scope, outbox)
        self.exports = SqlExports(scope)
        self.files = SqlFiles(scope, self.now)
        self.mails = SqlMails(scope)
        self.queries = SqlQueries(scope, self._ledger, self.today)
        self.accounts = SqlAccounts(scope, self._ledger, self.today, self.notes.settings)

    def now(self) -> datetime:
        """When the transaction began."""
        return self._now.astimezone(UTC)

    def today(self) -> date:
        if self._today is None:
            profile = self.notes.profile()
            self._today = local_day(self.now(), profile.time_zone if profile else "UTC")
        return self._today

    def book(self, actor: Actor, act: Act, movements: Sequence[Movement] = (), events: Sequence[Event] = ()) -> None:
        self._ledger.book(actor, act, movements, events)

    def commit(self) -> None:
        """Raises InvariantBroken when the books would not add up, ChangedMeanwhile when another was faster."""
        self._ledger.flush()
        self._scope.commit()
