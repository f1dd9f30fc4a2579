"""API keys of ERP integrators: found by prefix, the secret only as a hash (T-28)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, Row, func, or_, select, update

from adapters.sql.constraints import refusals
from adapters.sql.tables import api_key
from domain.errors import NotFound
from domain.ports import ApiKey


class SqlApiKeys:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, key: ApiKey, secret_hash: str) -> None:
        row = {
            "id": key.id,
            "store_id": key.store_id,
            "name": key.name,
            "prefix": key.prefix,
            "secret_hash": secret_hash,
            "scopes": sorted(key.scopes),
            "expires_at": key.expires_at,
            "revoked_at": key.revoked_at,
        }
        with refusals(), self._engine.begin() as transaction:
            transaction.execute(api_key.insert().values(row))

    def find(self, prefix: str) -> tuple[ApiKey, str] | None:
        with self._engine.begin() as transaction:
            row = transaction.execute(select(api_key).where(api_key.c.prefix == prefix)).first()
        return (_key(row), row.secret_hash) if row is not None else None

    def used(self, key_id: str) -> None:
        stale = or_(api_key.c.used_at.is_(None), api_key.c.used_at < func.now() - timedelta(minutes=1))
        with self._engine.begin() as transaction:
            transaction.execute(update(api_key).where(api_key.c.id == key_id, stale).values(used_at=func.now()))

    def revoke(self, store_id: int, key_id: str) -> None:
        """At once; a second time changes nothing. Raises NotFound for a key of another store."""
        mine = (api_key.c.store_id == store_id) & (api_key.c.id == key_id)
        revoked = func.coalesce(api_key.c.revoked_at, func.now())
        with self._engine.begin() as transaction:
            if transaction.execute(update(api_key).where(mine).values(revoked_at=revoked)).rowcount == 0:
                raise NotFound("API key")

    def of(self, store_id: int) -> list[ApiKey]:
        with self._engine.begin() as transaction:
            rows = transaction.execute(select(api_key).where(api_key.c.store_id == store_id).order_by(api_key.c.id))
            return [_key(row) for row in rows]


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        store_id=row.store_id,
        name=row.name,
        prefix=row.prefix,
        scopes=frozenset(row.scopes),
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_at=row.used_at,
    )
