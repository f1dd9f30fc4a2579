"""The few tables that must be readable before a store is known (ground rule 7)."""

import secrets
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.chain import GENESIS
from adapters.sql.tables import due_work, hook_route, inbox, ledger_head, outbox, store
from domain.errors import NotFound
from domain.store import Connection as StoreConnection
from domain.store import Store

ON_STORE = text("SELECT set_config('portal.store_id', CAST(:store_id AS text), true)")
"""Lets the rest of the transaction see this store's rows, and no others."""

_BOXES = {"inbox": inbox, "outbox": outbox}


class SqlStores:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, store_hash: str) -> Store | None:
        return self._one(store.c.hash == store_hash)

    def get(self, store_id: int) -> Store:
        found = self._one(store.c.id == store_id)
        if found is None:
            raise NotFound("store")
        return found

    def put(self, store_hash: str, connection: StoreConnection) -> Store:
        statement = insert(store).values(hash=store_hash, connection=connection.value)
        kept = statement.on_conflict_do_update(
            constraint="uq_store_hash", set_={"connection": statement.excluded.connection}
        )
        with self._engine.begin() as transaction:
            row = transaction.execute(kept.returning(store)).one()
            transaction.execute(ON_STORE, {"store_id": row.id})
            head = {"store_id": row.id, "seq": 0, "hash": GENESIS, "audit_seq": 0, "audit_hash": GENESIS}
            transaction.execute(insert(ledger_head).values(**head, event_seq=0).on_conflict_do_nothing())
        return _store(row)

    def connected(self) -> list[Store]:
        chosen = select(store).where(store.c.connection == StoreConnection.CONNECTED.value).order_by(store.c.id)
        with self._engine.begin() as transaction:
            return [_store(row) for row in transaction.execute(chosen)]

    def route_of(self, store_id: int) -> str:
        fresh = insert(hook_route).values(store_id=store_id, route=secrets.token_urlsafe(24))
        with self._engine.begin() as transaction:
            transaction.execute(fresh.on_conflict_do_nothing())
            chosen = select(hook_route.c.route).where(hook_route.c.store_id == store_id)
            return str(transaction.execute(chosen).scalar_one())

    def find_by_route(self, route: str) -> Store | None:
        return self._one(store.c.id.in_(select(hook_route.c.store_id).where(hook_route.c.route == route)))

    def due(self) -> list[tuple[int, str]]:
        """Also corrects the list for boxes where nothing is due any more."""
        waiting = select(due_work.c.store_id, due_work.c.kind).where(due_work.c.due_at <= func.now())
        with self._engine.begin() as transaction:
            listed = transaction.execute(waiting.order_by(due_work.c.due_at)).all()
        return [(row.store_id, row.kind) for row in listed if self._is_due(row.store_id, row.kind)]

    # --- inside ---------------------------------------------------------------------------------------------
    def _is_due(self, store_id: int, kind: str) -> bool:
        mine = (due_work.c.store_id == store_id) & (due_work.c.kind == kind)
        with self._engine.begin() as transaction:
            transaction.execute(ON_STORE, {"store_id": store_id})
            alone = select(due_work.c.kind).where(mine).with_for_update(skip_locked=True)
            if transaction.execute(alone).first() is None:
                return True  # somebody is just adding work
            # A new statement, so it sees everything that was added by those who shared the row before us.
            earliest, is_due = _earliest(transaction, store_id, kind)
            if earliest is None:
                transaction.execute(delete(due_work).where(mine))
            elif not is_due:
                transaction.execute(update(due_work).where(mine).values(due_at=earliest))
        return is_due

    def _one(self, condition: Any) -> Store | None:
        with self._engine.begin() as transaction:
            row = transaction.execute(select(store).where(condition)).first()
        return _store(row) if row is not None else None


def _earliest(transaction: Connection, store_id: int, kind: str) -> tuple[Any, bool]:
    box = _BOXES[kind]
    earliest = func.min(box.c.next_at)
    chosen = select(earliest, func.coalesce(earliest <= func.clock_timestamp(), False))
    row = transaction.execute(chosen.where(box.c.store_id == store_id, box.c.dead_at.is_(None))).one()
    return row[0], bool(row[1])


def _store(row: Row[Any]) -> Store:
    return Store(row.id, row.hash, StoreConnection(row.connection))
