"""API keys of ERPs: made here, shown once, stored as a hash (T-28)."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from domain.errors import InputInvalid, KeyRefused
from domain.events import Act
from domain.ids import new_id
from domain.ports import ApiKey, ApiKeys, OpenWork, Stores
from domain.roles import Actor, ActorKind, Right
from domain.store import Connection
from domain.use_cases.order_payment import time_zone_of

SCOPES: Final[dict[str, frozenset[Right]]] = {
    "invoices:read": frozenset({Right.VIEW_INVOICES, Right.EXPORT}),
    "invoices:write": frozenset(
        {Right.IMPORT, Right.EDIT_INVOICES, Right.DELETE_INVOICES, Right.VOID_INVOICES, Right.VIEW_INVOICES}
    ),
    "payments:read": frozenset({Right.VIEW_PAYMENTS}),
    "payments:write": frozenset({Right.RECORD_PAYMENTS, Right.REVERSE_PAYMENTS, Right.VIEW_PAYMENTS}),
    "orders:read": frozenset({Right.VIEW_ORDERS}),
    "orders:invoice": frozenset({Right.CREATE_INVOICES, Right.VIEW_ORDERS, Right.VIEW_INVOICES}),
}
"""What each scope of a key lets it do."""


@dataclass(frozen=True)
class IssueKey:
    """The secret is only in the answer. The key works through its last day in the store's zone; None is for ever.

    Raises NotAllowed, InputInvalid.
    """

    keys: ApiKeys
    open_work: OpenWork

    def __call__(
        self, actor: Actor, name: str, scopes: Iterable[str], last_day: date | None = None
    ) -> tuple[ApiKey, str]:
        actor.must(Right.MANAGE_KEYS)
        chosen = frozenset(scopes)
        if not name.strip():
            raise InputInvalid("name", "Name the key after the system that uses it.")
        if not chosen:
            raise InputInvalid("scopes", "Choose at least one scope: what the system needs, and no more.")
        if not chosen <= set(SCOPES):
            raise InputInvalid("scopes", "Choose scopes of {names}.", names=", ".join(sorted(SCOPES)))
        expires_at = self._end_of(actor, last_day) if last_day else None
        prefix = "ip_" + secrets.token_hex(6)
        secret = f"{prefix}_{secrets.token_urlsafe(32)}"
        key = ApiKey(new_id(), actor.store_id, name.strip(), prefix, chosen, expires_at)
        self.keys.add(key, _hash(secret))
        with self.open_work(actor.store_id) as work:
            change = {"prefix": prefix, "scopes": sorted(chosen), "last day": str(last_day or "none")}
            work.book(actor, Act("api_key.issued", "api_key", key.id, change))
            work.commit()
        return key, secret

    def _end_of(self, actor: Actor, last_day: date) -> datetime:
        with self.open_work(actor.store_id) as work:
            today, zone = work.today(), time_zone_of(work)
        if not today <= last_day <= date(9000, 1, 1):
            raise InputInvalid("expires_on", "The last day of the key lies in the past. Choose a later one.")
        return datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class ListKeys:
    """Raises NotAllowed."""

    keys: ApiKeys

    def __call__(self, actor: Actor) -> list[ApiKey]:
        actor.must(Right.MANAGE_KEYS)
        return self.keys.of(actor.store_id)


@dataclass(frozen=True)
class RevokeKey:
    """At once. Raises NotAllowed."""

    keys: ApiKeys
    open_work: OpenWork

    def __call__(self, actor: Actor, key_id: str) -> None:
        actor.must(Right.MANAGE_KEYS)
        self.keys.revoke(actor.store_id, key_id)
        with self.open_work(actor.store_id) as work:
            work.book(actor, Act("api_key.revoked", "api_key", key_id))
            work.commit()


@dataclass(frozen=True)
class RecogniseKey:
    """The actor behind an API key. Raises KeyRefused."""

    keys: ApiKeys
    stores: Stores

    def __call__(self, secret: str, request_id: str = "", came_from: str = "") -> Actor:
        found = self.keys.find("_".join(secret.split("_")[:2]))
        if found is None:
            raise KeyRefused
        key, kept_hash = found
        if not hmac.compare_digest(kept_hash, _hash(secret)):
            raise KeyRefused
        if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= datetime.now(UTC)):
            raise KeyRefused
        if self.stores.get(key.store_id).connection is Connection.UNINSTALLED:
            raise KeyRefused("The store has removed Invoice Portal.")
        self.keys.used(key.id)
        rights = frozenset(right for scope in key.scopes for right in SCOPES[scope])
        return Actor(
            key.store_id,
            ActorKind.ERP,
            key.id,
            name=key.name,
            role="API key",
            rights=rights,
            request_id=request_id,
            came_from=came_from,
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
