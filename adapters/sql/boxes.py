"""Inbox and outbox: rows claimed with a lease, retried with back-off, dead after ten attempts (D4, F-23).

All times are the database's. `due_work` follows by a trigger, so that workers find stores with something to do.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Interval, Table, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.scope import Scope
from domain.errors import ChangedMeanwhile
from domain.ports import Backlog, Failed, Item

MOST_ATTEMPTS: Final = 10
_FIRST_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(hours=6)


def wait_after(attempts: int) -> timedelta:
    """Ten seconds, then three times longer each time, six hours at most: about fifteen hours in all."""
    longer: int = 3 ** min(attempts - 1, 10)
    return min(_FIRST_WAIT * longer, _LONGEST_WAIT)


class SqlBox:
    def __init__(self, scope: Scope, table: Table) -> None:
        self._scope = scope
        self._table = table

    def put(
        self, kind: str, key: str, payload: Mapping[str, object] | None = None, *, after: datetime | None = None
    ) -> None:
        row = {
            "store_id": self._scope.store_id,
            "kind": kind,
            "key": key,
            "payload": dict(payload or {}),
            "next_at": after if after is not None else func.now(),
        }
        statement = insert(self._table).values(row)
        fresh, waiting = statement.excluded, self._table.c
        self._scope.run(
            statement.on_conflict_do_update(
                index_elements=["store_id", "kind", "key"],
                index_where=~waiting.is_claimed & waiting.dead_at.is_(None),
                set_={"payload": fresh.payload, "next_at": func.least(waiting.next_at, fresh.next_at)},
            )
        )

    def claim(self, lease_seconds: int = 60) -> Item | None:
        """The lease is known by the row's attempts, which grow with each claim."""
        row, clock = self._table.c, func.clock_timestamp()
        due = (
            select(row.id, row.attempts)
            .where(self._scope.own(self._table), row.dead_at.is_(None), row.next_at <= clock)
            .order_by(row.attempts, row.next_at, row.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        while (found := self._scope.first(due)) is not None:
            if found.attempts < MOST_ATTEMPTS:
                return self._lease(found.id, lease_seconds)
            # Nobody lived to say that the last attempt failed.
            self._scope.run(update(self._table).where(self._is(found.id)).values(dead_at=func.now(), is_claimed=False))
        return None

    def done(self, item: Item) -> None:
        """Raises ChangedMeanwhile when the lease has passed to another worker: its effect must not be committed."""
        if self._scope.run(delete(self._table).where(self._is_still(item))).rowcount == 0:
            raise ChangedMeanwhile("this task")

    def fail(self, item: Item, error: str) -> None:
        """A row that waits with the same kind and key takes this one's place, and its attempts."""
        values: dict[str, Any] = {"error": error[:500].replace("\x00", ""), "is_claimed": False}
        if item.attempts >= MOST_ATTEMPTS:
            values["dead_at"] = func.now()
        else:
            values["next_at"] = func.clock_timestamp() + literal(wait_after(item.attempts), Interval)
            if self._replaced(item):
                return
        if self._scope.run(update(self._table).where(self._is_still(item)).values(values)).rowcount == 0:
            raise ChangedMeanwhile("this task")

    def waiting(self) -> int:
        chosen = select(func.count()).select_from(self._table)
        return int(self._scope.scalar(chosen.where(self._scope.own(self._table), self._table.c.dead_at.is_(None))))

    def backlog(self) -> Backlog:
        row = self._table.c
        alive, clock = row.dead_at.is_(None), func.clock_timestamp()
        chosen = select(
            func.count().filter(alive).label("waiting"),
            func.count().filter(~alive).label("dead"),
            func.min(row.next_at).filter(alive, row.next_at <= clock).label("due_since"),
        )
        found = self._scope.all(chosen.where(self._scope.own(self._table)))[0]
        return Backlog(found.waiting, found.due_since, found.dead)

    def failed(self, kinds: Collection[str], limit: int = 50) -> list[Failed]:
        row = self._table.c
        is_dead = row.dead_at.is_not(None).label("is_dead")
        chosen = select(row.id, row.kind, row.key, row.error, row.attempts, row.next_at, is_dead).where(
            self._scope.own(self._table), row.kind.in_(kinds), ~row.is_claimed, row.error.is_not(None) | is_dead
        )
        rows = self._scope.all(chosen.order_by(is_dead.desc(), row.id).limit(limit))
        return [
            Failed(one.id, one.kind, one.key, one.error or "", one.attempts, one.next_at, one.is_dead) for one in rows
        ]

    def try_again(self, item_id: int) -> bool:
        row = self._table.c
        chosen = select(row.kind, row.key, row.payload).where(self._is(item_id), ~row.is_claimed).with_for_update()
        found = self._scope.first(chosen)
        if found is None:
            return False
        self._scope.run(delete(self._table).where(self._is(item_id)))
        self.put(found.kind, found.key, found.payload)
        return True

    # --- inside ---------------------------------------------------------------------------------------------
    def _lease(self, item_id: int, seconds: int) -> Item:
        row = self._table.c
        until = func.clock_timestamp() + literal(timedelta(seconds=seconds), Interval)
        claimed = (
            update(self._table)
            .where(self._is(item_id))
            .values(is_claimed=True, next_at=until, attempts=row.attempts + 1)
            .returning(row.id, row.kind, row.key, row.payload, row.attempts)
        )
        taken = self._scope.run(claimed).one()
        return Item(taken.id, taken.kind, taken.key, taken.payload, taken.attempts)

    def _replaced(self, item: Item) -> bool:
        row = self._table.c
        twin = (
            self._scope.own(self._table)
            & (row.kind == item.kind)
            & (row.key == item.key)
            & ~row.is_claimed
            & row.dead_at.is_(None)
        )
        attempts = func.greatest(row.attempts, item.attempts)
        if self._scope.run(update(self._table).where(twin).values(attempts=attempts)).rowcount == 0:
            return False
        self.done(item)
        return True

    def _is(self, item_id: int) -> ColumnElement[bool]:
        return self._scope.own(self._table) & (self._table.c.id == item_id)

    def _is_still(self, item: Item) -> ColumnElement[bool]:
        row = self._table.c
        return self._is(item.id) & row.is_claimed & (row.attempts == item.attempts)
