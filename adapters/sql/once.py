"""Idempotency keys, in the effect's own transaction (I-8)."""

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.constraints import LockedElsewhere
from adapters.sql.scope import Scope
from adapters.sql.tables import once
from domain.errors import KeyInFlight, KeyReused

KEPT: Final = timedelta(days=40)
"""Longer than any client repeats itself: an ERP's import within 30 days (I-8)."""


class SqlOnce:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def claim(self, scope: str, key: str, fingerprint: str) -> str | None:
        self._forget_old()
        row = {"store_id": self._scope.store_id, "scope": scope, "key": key, "fingerprint": fingerprint}
        claiming = insert(once).values(row).on_conflict_do_nothing().returning(once.c.key)
        try:
            is_ours = self._scope.run(claiming).first() is not None
        except LockedElsewhere as waited:
            raise KeyInFlight from waited
        if is_ours:
            return None
        kept = self._scope.first(select(once).where(self._is(scope, key)))
        if kept is None or kept.fingerprint != fingerprint:
            raise KeyReused
        result: str | None = kept.result
        return result

    def keep(self, scope: str, key: str, result: str) -> None:
        self._scope.run(update(once).where(self._is(scope, key)).values(result=result))

    def _forget_old(self) -> None:
        """A few at a time; those that another unit of work is just forgetting are left to it."""
        mine = (self._scope.own(once), once.c.created_at < func.now() - KEPT)
        old = select(once.c.scope, once.c.key).where(*mine).limit(100).with_for_update(skip_locked=True)
        self._scope.run(delete(once).where(self._scope.own(once), tuple_(once.c.scope, once.c.key).in_(old)))

    def _is(self, scope: str, key: str) -> ColumnElement[bool]:
        return self._scope.own(once) & (once.c.scope == scope) & (once.c.key == key)
