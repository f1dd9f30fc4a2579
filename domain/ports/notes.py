"""Reviews, settings and small facts, and what happened once, inside one unit of work."""

from collections.abc import Mapping
from typing import Protocol

from domain.listing import Page
from domain.review import BY_ITSELF, Review, ReviewKind, Settlement
from domain.roles import Right, Role
from domain.store import Profile, Settings


class Reviews(Protocol):
    def open(self, review: Review) -> None:
        """One open item per kind and subject: an equal one is refreshed, not doubled. What a person settled before
        stays settled while exactly the same is found again."""

    def settle(self, kind: ReviewKind, subject_id: str, settlement: Settlement = BY_ITSELF) -> bool:
        """Closes the open item of that kind and subject; False when there is none."""

    def get(self, review_id: str) -> Review: ...

    def list_open(self, limit: int = 200, companies: frozenset[int] | None = None) -> list[Review]:
        """Oldest first; where `companies` are given, only items of these, and none whose company is not known."""

    def page(
        self, *, settled: bool, limit: int, cursor: str | None, companies: frozenset[int] | None = None
    ) -> Page[Review]:
        """Open items oldest first, or settled ones, the latest settled first; with `companies` only theirs."""


class Notes(Protocol):
    """Small facts of one store by name: settings, profile, sync progress, role changes."""

    def settings(self) -> Settings: ...

    def locked_settings(self) -> Settings:
        """As `settings`, and nobody else changes them until the commit."""

    def put_settings(self, settings: Settings) -> None: ...

    def profile(self) -> Profile | None: ...

    def put_profile(self, profile: Profile) -> None: ...

    def role_rights(self, role: Role) -> frozenset[Right]:
        """DEFAULT_RIGHTS with the store's switches applied."""

    def secret(self, name: str) -> str | None:
        """Decrypted; never logged (T-31)."""

    def put_secret(self, name: str, value: str | None) -> None:
        """Encrypted at rest; None wipes it."""

    def fact(self, name: str) -> Mapping[str, object] | None: ...

    def put_fact(self, name: str, value: Mapping[str, object]) -> None: ...


class Once(Protocol):
    """Idempotency inside the effect's own transaction (I-8). `scope` names credential and route."""

    def claim(self, scope: str, key: str, fingerprint: str) -> str | None:
        """The kept result of an earlier commit, None when the key is new and now ours. Waits for one in flight.

        Raises KeyReused when the key came with another fingerprint."""

    def keep(self, scope: str, key: str, result: str) -> None: ...
