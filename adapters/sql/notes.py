"""Small facts of one store by name, and its secrets."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.papers import profile_from_json, profile_to_json, settings_from_json, settings_to_json
from adapters.sql.scope import Scope
from adapters.sql.tables import note, secret
from adapters.sql.vault import Vault
from domain.roles import Right, Role, rights_of
from domain.store import Profile, Settings

ROLE_RIGHTS = "role_rights"
"""The fact with a store's switches: role to right to whether the role holds it."""

_SETTINGS = "settings"
_PROFILE = "profile"


class SqlNotes:
    def __init__(self, scope: Scope, vault: Vault) -> None:
        self._scope = scope
        self._vault = vault

    def settings(self) -> Settings:
        kept = self._value(_SETTINGS)
        return settings_from_json(kept) if kept is not None else Settings()

    def locked_settings(self) -> Settings:
        """The row is made first where there is none: what is not there cannot be locked."""
        usual = {"store_id": self._scope.store_id, "name": _SETTINGS, "value": settings_to_json(Settings())}
        self._scope.run(insert(note).values(usual).on_conflict_do_nothing())
        mine = (self._scope.own(note), note.c.name == _SETTINGS)
        row = self._scope.first(select(note.c.value).where(*mine).with_for_update())
        return settings_from_json(row.value) if row is not None else Settings()

    def put_settings(self, settings: Settings) -> None:
        self._put(_SETTINGS, settings_to_json(settings))

    def profile(self) -> Profile | None:
        kept = self._value(_PROFILE)
        return profile_from_json(kept) if kept is not None else None

    def put_profile(self, profile: Profile) -> None:
        self._put(_PROFILE, profile_to_json(profile))

    def role_rights(self, role: Role) -> frozenset[Right]:
        return rights_of(role, self.fact(ROLE_RIGHTS) or {})

    def fact(self, name: str) -> Mapping[str, object] | None:
        return self._value(f"fact:{name}")

    def put_fact(self, name: str, value: Mapping[str, object]) -> None:
        self._put(f"fact:{name}", dict(value))

    def secret(self, name: str) -> str | None:
        row = self._scope.first(select(secret).where(self._scope.own(secret), secret.c.name == name))
        return self._vault.decrypt(row.key_id, row.value, self._purpose(name)) if row is not None else None

    def put_secret(self, name: str, value: str | None) -> None:
        if value is None:
            self._scope.run(delete(secret).where(self._scope.own(secret), secret.c.name == name))
            return
        key_id, ciphertext = self._vault.encrypt(value, self._purpose(name))
        self._scope.upsert(secret, [{"name": name, "key_id": key_id, "value": ciphertext}])

    def _purpose(self, name: str) -> str:
        return f"store {self._scope.store_id} {name}"

    def _value(self, name: str) -> Mapping[str, Any] | None:
        row = self._scope.first(select(note.c.value).where(self._scope.own(note), note.c.name == name))
        return row.value if row is not None else None

    def _put(self, name: str, value: Mapping[str, Any]) -> None:
        self._scope.upsert(note, [{"name": name, "value": value}])
