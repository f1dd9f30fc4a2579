"""Signed-in people: only hashes of their tokens are stored; limits count by the database's clock (T-4)."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Row, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.tables import session, used_token
from domain.ports import Session

IDLE: Final = timedelta(minutes=60)
LONGEST: Final = timedelta(hours=8)
BUYER_LIVES: Final = timedelta(minutes=15)


class SqlSessions:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, new: Session) -> str:
        token = secrets.token_urlsafe(32)
        row = {
            "token_hash": _hash(token),
            "store_id": new.store_id,
            "kind": new.kind,
            "user_id": new.user_id,
            "csrf": new.csrf,
            "company_id": new.company_id,
            "channel_id": new.channel_id,
            "created_at": func.now(),
            "seen_at": func.now(),
        }
        with self._engine.begin() as transaction:
            transaction.execute(delete(session).where(session.c.created_at < func.now() - LONGEST))
            transaction.execute(insert(session).values(row))
        return token

    def find(self, token: str) -> Session | None:
        mine = session.c.token_hash == _hash(token)
        with self._engine.begin() as transaction:
            row = transaction.execute(select(session).where(mine, _is_live())).first()
            if row is None:
                return None
            # Once a minute is exact enough for a limit of an hour, and spares a write per request.
            stale = session.c.seen_at < func.now() - timedelta(minutes=1)
            transaction.execute(update(session).where(mine, stale).values(seen_at=func.now()))
        return _session(row)

    def end(self, token: str) -> None:
        self._delete(session.c.token_hash == _hash(token))

    def end_user(self, store_id: int, user_id: int) -> None:
        """Of the seller's people; buyers are numbered apart."""
        self._delete(and_(session.c.store_id == store_id, session.c.user_id == user_id, session.c.kind == "staff"))

    def end_store(self, store_id: int) -> None:
        self._delete(session.c.store_id == store_id)

    def use_once(self, token_id: str, until: datetime) -> bool:
        fresh = insert(used_token).values(token_hash=_hash(token_id), until=until)
        with self._engine.begin() as transaction:
            transaction.execute(delete(used_token).where(used_token.c.until < func.now()))
            kept = fresh.on_conflict_do_nothing().returning(used_token.c.token_hash)
            return transaction.execute(kept).first() is not None

    def _delete(self, condition: ColumnElement[bool]) -> None:
        with self._engine.begin() as transaction:
            transaction.execute(delete(session).where(condition))


def _is_live() -> ColumnElement[bool]:
    age, idle = func.now() - session.c.created_at, func.now() - session.c.seen_at
    return or_(
        and_(session.c.kind == "staff", age <= LONGEST, idle <= IDLE),
        and_(session.c.kind == "buyer", age <= BUYER_LIVES),
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _session(row: Row[Any]) -> Session:
    return Session(
        store_id=row.store_id,
        kind=row.kind,
        user_id=row.user_id,
        csrf=row.csrf,
        created_at=row.created_at,
        seen_at=row.seen_at,
        company_id=row.company_id,
        channel_id=row.channel_id,
    )
