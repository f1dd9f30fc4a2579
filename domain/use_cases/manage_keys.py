"""API keys of ERPs: made here, shown once, stored as a hash (T-28)."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from domain.errors import InputInvalid, KeyRefused
from domain.events import Act
from domain.ids import new_id
from domain.ports import ApiKey, ApiKeys, OpenWork, Stores
from domain.roles import Actor, ActorKind, Right
from domain.store import Connection

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
    """The secret is only in the answer. Raises NotAllowed, InputInvalid."""

    keys: ApiKeys
    open_work: OpenWork

    def __call__(self, actor: Actor, name: str, scopes: Iterable[str]) -> tuple[ApiKey, str]:
        actor.must(Right.MANAGE_KEYS)
        chosen = frozenset(scopes)
        if not name.strip() or not chosen or not chosen <= set(SCOPES):
            raise InputInvalid("scopes", "Name the key and choose scopes of {names}.", names=", ".join(sorted(SCOPES)))
        prefix = "ip_" + secrets.token_hex(6)
        secret = f"{prefix}_{secrets.token_urlsafe(32)}"
        key = ApiKey(new_id(), actor.store_id, name.strip(), prefix, chosen)
        self.keys.add(key, _hash(secret))
        with self.open_work(actor.store_id) as work:
            change = {"prefix": prefix, "scopes": sorted(chosen)}
            work.book(actor, Act("api_key.issued", "api_key", key.id, change))
            work.commit()
        return key, secret


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

    def __call__(self, secret: str, request_id: str = "") -> Actor:
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
            key.store_id, ActorKind.ERP, key.id, name=key.name, role="API key", rights=rights, request_id=request_id
        )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
