"""Numbers, reviews, notes, idempotency keys, inbox and outbox."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from adapters.sql import reviews as review_list
from adapters.sql.boxes import MOST_ATTEMPTS, wait_after
from adapters.sql.json_text import from_json, to_json
from adapters.sql.once import KEPT
from adapters.sql.paging import read_text
from domain.errors import ChangedMeanwhile, KeyReused, NotFound
from domain.listing import Page
from domain.ports import Backlog, Failed, Item
from domain.review import BY_ITSELF, Outcome, Review, ReviewKind, Settlement
from domain.roles import Right, Role, rights_of
from domain.store import Profile, Settings
from tests.memory.data import BoxRow, Kept, StoreData
from tests.memory.pages import cut_page

REVIEW_SORTS: dict[str, Callable[[Review], Any]] = {
    "opened": lambda one: one.opened_at,
    "settled": lambda one: one.settled_at,
}


class MemoryNumbers:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def take(self, series: str) -> int:
        self._data.numbers[series] = self._data.numbers.get(series, 0) + 1
        return self._data.numbers[series]

    def last(self, series: str) -> int:
        return self._data.numbers.get(series, 0)

    def start(self, series: str, first: int) -> bool:
        if self.last(series) >= first:
            return False
        self._data.numbers[series] = first - 1
        return True


class MemoryReviews:
    def __init__(self, data: StoreData, now: datetime) -> None:
        self._data = data
        self._now = now

    def open(self, review: Review) -> None:
        if self._is_decided(review):
            return
        kept = self._open_one(review.kind, review.subject_id)
        if kept is None:
            fresh = replace(review, opened_at=self._now, settled_at=None)
        else:
            fresh = replace(review, id=kept.id, opened_at=kept.opened_at, settled_at=None)
        self._data.reviews[fresh.id] = fresh

    def _is_decided(self, review: Review) -> bool:
        mine = [one for one in self._data.reviews.values() if one.kind is review.kind]
        mine = [one for one in mine if one.subject_id == review.subject_id]
        last = max(mine, key=lambda one: one.opened_at or self._now, default=None)
        if last is None or last.settlement is None or last.settlement.outcome is Outcome.BY_ITSELF:
            return False
        return (last.expected, last.found) == (review.expected, review.found)

    def settle(self, kind: ReviewKind, subject_id: str, settlement: Settlement = BY_ITSELF) -> bool:
        kept = self._open_one(kind, subject_id)
        if kept is not None:
            self._data.reviews[kept.id] = replace(kept, settled_at=self._now, settlement=settlement)
        return kept is not None

    def get(self, review_id: str) -> Review:
        if review_id not in self._data.reviews:
            raise NotFound("review item")
        return self._data.reviews[review_id]

    def page(
        self, *, settled: bool, limit: int, cursor: str | None, companies: frozenset[int] | None = None
    ) -> Page[Review]:
        found = [
            one
            for one in self._data.reviews.values()
            if (one.settled_at is not None) is settled and (companies is None or one.company_id in companies)
        ]
        sort = "-settled" if settled else "opened"
        return cut_page(found, REVIEW_SORTS, review_list.KEYS, read_text, sort, limit, cursor)

    def list_open(self, limit: int = 200, companies: frozenset[int] | None = None) -> list[Review]:
        found = [
            one
            for one in self._data.reviews.values()
            if one.settled_at is None and (companies is None or one.company_id in companies)
        ]
        return sorted(found, key=lambda one: (one.opened_at or self._now, one.id))[:limit]

    def _open_one(self, kind: ReviewKind, subject_id: str) -> Review | None:
        for one in self.list_open(len(self._data.reviews)):
            if (one.kind, one.subject_id) == (kind, subject_id):
                return one
        return None


class MemoryNotes:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def settings(self) -> Settings:
        return self._data.settings

    def locked_settings(self) -> Settings:
        return self.settings()

    def put_settings(self, settings: Settings) -> None:
        self._data.settings = settings

    def profile(self) -> Profile | None:
        return self._data.profile

    def put_profile(self, profile: Profile) -> None:
        self._data.profile = profile

    def role_rights(self, role: Role) -> frozenset[Right]:
        return rights_of(role, self.fact("role_rights") or {})

    def secret(self, name: str) -> str | None:
        return self._data.secrets.get(name)

    def put_secret(self, name: str, value: str | None) -> None:
        if value is None:
            self._data.secrets.pop(name, None)
        else:
            self._data.secrets[name] = value

    def fact(self, name: str) -> Mapping[str, object] | None:
        kept = self._data.facts.get(name)
        return from_json(kept) if kept is not None else None

    def put_fact(self, name: str, value: Mapping[str, object]) -> None:
        self._data.facts[name] = to_json(dict(value))


class MemoryOnce:
    def __init__(self, data: StoreData, now: datetime) -> None:
        self._data = data
        self._now = now

    def claim(self, scope: str, key: str, fingerprint: str) -> str | None:
        for old in [place for place, kept in self._data.once.items() if self._now - kept.at > KEPT]:
            del self._data.once[old]
        kept = self._data.once.setdefault((scope, key), Kept(fingerprint, self._now))
        if kept.fingerprint != fingerprint:
            raise KeyReused
        return kept.result

    def keep(self, scope: str, key: str, result: str) -> None:
        if (scope, key) in self._data.once:
            self._data.once[scope, key] = replace(self._data.once[scope, key], result=result)


class MemoryBox:
    """`clock` is the database's, which goes on while a unit of work is open."""

    def __init__(self, rows: dict[int, BoxRow], clock: Callable[[], datetime], next_id: Callable[[], int]) -> None:
        self._rows = rows
        self._clock = clock
        self._next_id = next_id

    def put(
        self, kind: str, key: str, payload: Mapping[str, object] | None = None, *, after: datetime | None = None
    ) -> None:
        due = after if after is not None else self._clock()
        content = from_json(to_json(dict(payload or {})))
        kept = self._waiting(kind, key)
        if kept is not None:
            self._rows[kept.id] = replace(kept, payload=content, next_at=min(kept.next_at, due))
        else:
            row = BoxRow(self._next_id(), kind, key, content, due)
            self._rows[row.id] = row

    def claim(self, lease_seconds: int = 60) -> Item | None:
        now = self._clock()
        due = [row for row in self._rows.values() if not row.is_dead and row.next_at <= now]
        for row in sorted(due, key=lambda row: (row.attempts, row.next_at, row.id)):
            if row.attempts < MOST_ATTEMPTS:
                until = now + timedelta(seconds=lease_seconds)
                taken = replace(row, is_claimed=True, next_at=until, attempts=row.attempts + 1)
                self._rows[row.id] = taken
                return Item(taken.id, taken.kind, taken.key, taken.payload, taken.attempts)
            self._rows[row.id] = replace(row, is_dead=True, is_claimed=False)
        return None

    def done(self, item: Item) -> None:
        self._still(item)
        del self._rows[item.id]

    def fail(self, item: Item, error: str) -> None:
        row = self._still(item)
        row = replace(row, error=error[:500].replace("\x00", ""))
        if item.attempts >= MOST_ATTEMPTS:
            self._rows[item.id] = replace(row, is_claimed=False, is_dead=True)
            return
        twin = self._waiting(item.kind, item.key)
        if twin is not None:
            self._rows[twin.id] = replace(twin, attempts=max(twin.attempts, item.attempts))
            del self._rows[item.id]
            return
        self._rows[item.id] = replace(row, is_claimed=False, next_at=self._clock() + wait_after(item.attempts))

    def waiting(self) -> int:
        return sum(not row.is_dead for row in self._rows.values())

    def backlog(self) -> Backlog:
        now = self._clock()
        alive = [row for row in self._rows.values() if not row.is_dead]
        due = [row.next_at for row in alive if row.next_at <= now]
        return Backlog(len(alive), min(due, default=None), len(self._rows) - len(alive))

    def failed(self, kinds: Collection[str], limit: int = 50) -> list[Failed]:
        found = [row for row in self._rows.values() if row.kind in kinds and not row.is_claimed]
        found = [row for row in found if row.is_dead or row.error is not None]
        found.sort(key=lambda row: (not row.is_dead, row.id))
        return [
            Failed(row.id, row.kind, row.key, row.error or "", row.attempts, row.next_at, row.is_dead)
            for row in found[:limit]
        ]

    def try_again(self, item_id: int) -> bool:
        row = self._rows.get(item_id)
        if row is None or row.is_claimed:
            return False
        del self._rows[item_id]
        self.put(row.kind, row.key, row.payload)
        return True

    def _waiting(self, kind: str, key: str) -> BoxRow | None:
        for row in self._rows.values():
            if (row.kind, row.key, row.is_claimed, row.is_dead) == (kind, key, False, False):
                return row
        return None

    def _still(self, item: Item) -> BoxRow:
        row = self._rows.get(item.id)
        if row is None or not row.is_claimed or row.attempts != item.attempts:
            raise ChangedMeanwhile("this task")
        return row
