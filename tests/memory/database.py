"""The database on dictionaries: units of work follow one another and are rolled back unless committed."""

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from adapters.sql.sessions import BUYER_LIVES, IDLE, LONGEST
from domain.errors import ChangedMeanwhile, NotFound
from domain.events import Act, Event
from domain.ledger import Movement
from domain.ports import ApiKey, Session
from domain.roles import Actor
from domain.store import Connection, Store
from domain.zone import local_day
from tests.memory.accounts import MemoryAccounts
from tests.memory.data import StoreData
from tests.memory.documents import MemoryCreditMemos, MemoryInvoices, MemoryPayments
from tests.memory.files import MemoryExports, MemoryFiles
from tests.memory.ledger import MemoryLedger
from tests.memory.mails import MemoryMails
from tests.memory.notes import MemoryBox, MemoryNotes, MemoryNumbers, MemoryOnce, MemoryReviews
from tests.memory.parties import MemoryAttempts, MemoryCompanies, MemoryOrders, MemoryStaff
from tests.memory.queries import MemoryQueries

Clock = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MemoryDatabase:
    """All storage ports. `clock` is the database's clock."""

    def __init__(self, clock: Clock = _utc_now) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._data: dict[int, StoreData] = {}
        self._box_ids = count(1)
        self.stores = MemoryStores(self._data, clock)
        self.sessions = MemorySessions(clock)
        self.api_keys = MemoryApiKeys(clock)

    @contextmanager
    def open_work(self, store_id: int) -> Iterator["MemoryWork"]:
        with self._lock:
            store = self.stores.get(store_id)
            kept = self._data[store_id]
            yield MemoryWork(store, kept.copy(), self._clock, self._box_ids.__next__, self._commit)

    def _commit(self, store_id: int, changed: StoreData) -> None:
        """Raises ChangedMeanwhile when another unit of work was opened inside this one and committed first."""
        if changed.version != self._data[store_id].version:
            raise ChangedMeanwhile("this")
        changed.version += 1
        self._data[store_id] = changed


class MemoryWork:
    """One unit of work on one store."""

    def __init__(
        self,
        store: Store,
        data: StoreData,
        clock: Clock,
        next_id: Callable[[], int],
        commit: Callable[[int, StoreData], None],
    ) -> None:
        self._data = data
        self._commit = commit
        self._now = clock().astimezone(UTC)
        self._is_open = True
        self.store = store
        self.invoices = MemoryInvoices(data)
        self.payments = MemoryPayments(data)
        self.credit_memos = MemoryCreditMemos(data)
        self.orders = MemoryOrders(data)
        self.companies = MemoryCompanies(data)
        self.attempts = MemoryAttempts(data)
        self.numbers = MemoryNumbers(data)
        self.reviews = MemoryReviews(data, self._now)
        self.staff = MemoryStaff(data)
        self.notes = MemoryNotes(data)
        self.once = MemoryOnce(data, self._now)
        self.inbox = MemoryBox(data.inbox, clock, next_id)
        self.outbox = MemoryBox(data.outbox, clock, next_id)
        self.exports = MemoryExports(data)
        self.files = MemoryFiles(data, self._now)
        self.mails = MemoryMails(data)
        self.queries = MemoryQueries(data, self._now, self.today)
        self.accounts = MemoryAccounts(data, self.today)
        self._ledger = MemoryLedger(data, store.id, self._now, self.outbox)

    def now(self) -> datetime:
        return self._now

    def today(self) -> date:
        profile = self.notes.profile()
        return local_day(self._now, profile.time_zone if profile else "UTC")

    def book(self, actor: Actor, act: Act, movements: Sequence[Movement] = (), events: Sequence[Event] = ()) -> None:
        self._ledger.book(actor, act, movements, events)

    def commit(self) -> None:
        if not self._is_open:
            raise RuntimeError("This unit of work was committed; open another one.")
        self._ledger.check()
        self._commit(self.store.id, self._data)
        self._is_open = False


class MemoryStores:
    def __init__(self, data: dict[int, StoreData], clock: Clock) -> None:
        self._data = data
        self._clock = clock
        self._stores: dict[int, Store] = {}
        self._routes: dict[str, int] = {}

    def find(self, store_hash: str) -> Store | None:
        return next((one for one in self._stores.values() if one.hash == store_hash), None)

    def get(self, store_id: int) -> Store:
        if store_id not in self._stores:
            raise NotFound("store")
        return self._stores[store_id]

    def put(self, store_hash: str, connection: Connection) -> Store:
        known = self.find(store_hash)
        store = Store(known.id if known else len(self._stores) + 1, store_hash, connection)
        self._stores[store.id] = store
        self._data.setdefault(store.id, StoreData())
        return store

    def connected(self) -> list[Store]:
        return [one for one in self._stores.values() if one.connection is Connection.CONNECTED]

    def route_of(self, store_id: int) -> str:
        for route, owner in self._routes.items():
            if owner == store_id:
                return route
        route = secrets.token_urlsafe(24)
        self._routes[route] = store_id
        return route

    def find_by_route(self, route: str) -> Store | None:
        store_id = self._routes.get(route)
        return self._stores[store_id] if store_id is not None else None

    def due(self) -> list[tuple[int, str]]:
        now = self._clock()
        listed = []
        for store_id, data in self._data.items():
            for kind, rows in (("inbox", data.inbox), ("outbox", data.outbox)):
                waiting = [row.next_at for row in rows.values() if not row.is_dead]
                if waiting and min(waiting) <= now:
                    listed.append((min(waiting), store_id, kind))
        return [(store_id, kind) for _, store_id, kind in sorted(listed)]


class MemorySessions:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._used: dict[str, datetime] = {}

    def start(self, session: Session) -> str:
        token = secrets.token_urlsafe(32)
        now = self._clock()
        self._sessions[token] = replace(session, created_at=now, seen_at=now)
        return token

    def find(self, token: str) -> Session | None:
        found = self._sessions.get(token)
        if found is None or not self._is_live(found):
            return None
        now = self._clock()
        if now - found.seen_at > timedelta(minutes=1):
            self._sessions[token] = replace(found, seen_at=now)
        return found

    def end(self, token: str) -> None:
        self._sessions.pop(token, None)

    def end_user(self, store_id: int, user_id: int) -> None:
        self._keep(lambda one: (one.store_id, one.user_id, one.kind) != (store_id, user_id, "staff"))

    def end_store(self, store_id: int) -> None:
        self._keep(lambda one: one.store_id != store_id)

    def use_once(self, token_id: str, until: datetime) -> bool:
        now = self._clock()
        self._used = {one: limit for one, limit in self._used.items() if limit >= now}
        if token_id in self._used:
            return False
        self._used[token_id] = until
        return True

    def _is_live(self, one: Session) -> bool:
        age, idle = self._clock() - one.created_at, self._clock() - one.seen_at
        return (age <= LONGEST and idle <= IDLE) if one.kind == "staff" else age <= BUYER_LIVES

    def _keep(self, wanted: Callable[[Session], bool]) -> None:
        self._sessions = {token: one for token, one in self._sessions.items() if wanted(one)}


class MemoryApiKeys:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: dict[str, tuple[ApiKey, str]] = {}

    def add(self, key: ApiKey, secret_hash: str) -> None:
        if self.find(key.prefix) is not None:
            raise ChangedMeanwhile("the API keys")
        self._keys[key.id] = (key, secret_hash)

    def find(self, prefix: str) -> tuple[ApiKey, str] | None:
        return next((kept for kept in self._keys.values() if kept[0].prefix == prefix), None)

    def used(self, key_id: str) -> None:
        key, secret_hash = self._keys[key_id]
        if key.used_at is None or self._clock() - key.used_at > timedelta(minutes=1):
            self._keys[key_id] = (replace(key, used_at=self._clock()), secret_hash)

    def revoke(self, store_id: int, key_id: str) -> None:
        kept = self._keys.get(key_id)
        if kept is None or kept[0].store_id != store_id:
            raise NotFound("API key")
        key, secret_hash = kept
        self._keys[key_id] = (replace(key, revoked_at=key.revoked_at or self._clock()), secret_hash)

    def of(self, store_id: int) -> list[ApiKey]:
        mine = [key for key, _ in self._keys.values() if key.store_id == store_id]
        return sorted(mine, key=lambda key: key.id)
