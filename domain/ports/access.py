"""What must be readable before a store is known: stores, sessions, API keys, sign-in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.store import Connection, Store


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person. `kind` is `staff` or `buyer`; `token` only exists when it is made, its hash is stored."""

    store_id: int
    kind: str
    user_id: int
    csrf: str
    created_at: datetime
    seen_at: datetime
    company_id: int | None = None
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`prefix` finds it, only the SHA-256 of the secret is stored; scopes like `invoices:write`."""

    id: str
    store_id: int
    name: str
    prefix: str
    scopes: frozenset[str]
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None


class Stores(Protocol):
    """The few tables that must be readable before a store is known (ground rule 7)."""

    def find(self, store_hash: str) -> Store | None: ...

    def get(self, store_id: int) -> Store: ...

    def put(self, store_hash: str, connection: Connection) -> Store: ...

    def connected(self) -> list[Store]: ...

    def route_of(self, store_id: int) -> str:
        """The store's webhook route, made on first use."""

    def find_by_route(self, route: str) -> Store | None: ...

    def due(self) -> list[tuple[int, str]]:
        """(store id, `inbox` or `outbox`) with work due now."""


class Sessions(Protocol):
    def start(self, session: Session) -> str:
        """The random token; idle limit 60 minutes, 8 hours at most (T-4); buyers 15 minutes."""

    def find(self, token: str) -> Session | None:
        """A live session, marked as seen."""

    def end(self, token: str) -> None: ...

    def end_user(self, store_id: int, user_id: int) -> None: ...

    def end_store(self, store_id: int) -> None: ...

    def use_once(self, token_id: str, until: datetime) -> bool:
        """Whether a signed token's `jti` was new (T-3)."""


class ApiKeys(Protocol):
    def add(self, key: ApiKey, secret_hash: str) -> None: ...

    def find(self, prefix: str) -> tuple[ApiKey, str] | None:
        """The key and the hash of its secret."""

    def used(self, key_id: str) -> None: ...

    def revoke(self, store_id: int, key_id: str) -> None: ...

    def of(self, store_id: int) -> list[ApiKey]: ...


@dataclass(frozen=True, slots=True)
class Grant:
    """Answer of the OAuth exchange; the store is the one of the RESPONSE's context (T-8)."""

    store_hash: str
    access_token: str
    scopes: tuple[str, ...]
    user_id: int
    user_email: str
    owner_id: int
    owner_email: str


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified `signed_payload_jwt` of /load, /uninstall or /remove_user."""

    store_hash: str
    user_id: int
    user_email: str
    owner_id: int
    owner_email: str
    token_id: str
    expires_at: datetime
    path: str = "/"


@dataclass(frozen=True, slots=True)
class Shopper:
    """A verified current-customer token."""

    store_hash: str
    customer_id: int
    email: str


class Login(Protocol):
    """BigCommerce's signatures and OAuth. All raise TokenRefused; `exchange` also StoreUnreachable."""

    def exchange(self, code: str, scope: str, context: str) -> Grant: ...

    def caller(self, signed_payload_jwt: str) -> Caller: ...

    def shopper(self, current_customer_jwt: str) -> Shopper: ...
