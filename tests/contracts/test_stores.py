"""What is readable before a store is known: stores, hook routes, sessions, API keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import ChangedMeanwhile, NotFound
from domain.ports import ApiKey, Session
from domain.store import Connection
from tests.contracts.conftest import Storage

MINUTE = timedelta(minutes=1)


def a_session(storage: Storage, **changes: object) -> Session:
    now = datetime.now(UTC)
    return replace(Session(storage.store.id, "staff", 3, "csrf", now, now), **changes)


def a_key(storage: Storage, key_id: str = "k-1", **changes: object) -> ApiKey:
    return replace(ApiKey(key_id, storage.store.id, "SAP", f"ip_{key_id}", frozenset({"invoices:write"})), **changes)


# --- stores ------------------------------------------------------------------------------------------------
def test_a_reinstalled_store_is_the_same_store(storage: Storage) -> None:
    """F-16."""
    stores = storage.database.stores
    gone = stores.put("sbxnorth", Connection.UNINSTALLED)
    assert gone == replace(storage.store, connection=Connection.UNINSTALLED)
    assert stores.connected() == [storage.other]

    assert stores.put("sbxnorth", Connection.CONNECTED) == storage.store
    assert stores.get(storage.store.id) == stores.find("sbxnorth") == storage.store
    assert stores.find("sbxnort") is None
    with pytest.raises(NotFound):
        stores.get(987_654)


def test_a_hook_route_is_made_once_and_leads_to_its_store(storage: Storage) -> None:
    """T-22."""
    stores = storage.database.stores
    route, other = stores.route_of(storage.store.id), stores.route_of(storage.other.id)

    assert route != other
    assert len(route) >= 32
    assert stores.route_of(storage.store.id) == route
    assert stores.find_by_route(route) == storage.store
    assert stores.find_by_route("nowhere") is None


# --- sessions ------------------------------------------------------------------------------------------------
def test_a_session_is_found_by_its_token_only(storage: Storage) -> None:
    sessions = storage.database.sessions
    token = sessions.start(a_session(storage, company_id=11, channel_id=1))
    other = sessions.start(a_session(storage))

    found = sessions.find(token)
    assert (found.user_id, found.csrf, found.company_id, found.channel_id) == (3, "csrf", 11, 1)
    assert token != other
    assert sessions.find(token[:-1]) is None
    sessions.end(token)
    assert sessions.find(token) is None
    assert sessions.find(other) is not None


def test_a_session_ends_after_an_hour_of_idling(storage: Storage) -> None:
    """T-4."""
    sessions = storage.database.sessions
    token = sessions.start(a_session(storage))
    for _ in range(3):
        storage.pass_time(59 * MINUTE)
        assert sessions.find(token) is not None

    storage.pass_time(61 * MINUTE)
    assert sessions.find(token) is None


def test_a_session_ends_after_eight_hours_however_busy(storage: Storage) -> None:
    """T-4."""
    sessions = storage.database.sessions
    token = sessions.start(a_session(storage))
    for _ in range(16):
        storage.pass_time(29 * MINUTE)
        assert sessions.find(token) is not None

    storage.pass_time(17 * MINUTE)
    assert sessions.find(token) is None


def test_a_buyer_s_session_ends_after_fifteen_minutes(storage: Storage) -> None:
    sessions = storage.database.sessions
    token = sessions.start(a_session(storage, kind="buyer"))
    storage.pass_time(14 * MINUTE)
    assert sessions.find(token) is not None

    storage.pass_time(2 * MINUTE)
    assert sessions.find(token) is None


def test_a_removed_person_and_a_removed_store_lose_their_sessions(storage: Storage) -> None:
    """T-4: a buyer with the same number keeps the session."""
    sessions = storage.database.sessions
    mine = sessions.start(a_session(storage))
    colleague = sessions.start(a_session(storage, user_id=4))
    namesake = sessions.start(a_session(storage, kind="buyer"))
    elsewhere = sessions.start(a_session(storage, store_id=storage.other.id))

    sessions.end_user(storage.store.id, 3)
    assert [sessions.find(token) is not None for token in (mine, colleague, namesake, elsewhere)] == [
        False,
        True,
        True,
        True,
    ]
    sessions.end_store(storage.store.id)
    assert [sessions.find(token) is not None for token in (colleague, namesake, elsewhere)] == [False, False, True]


def test_a_signed_token_is_used_once_while_it_is_valid(storage: Storage) -> None:
    """T-3."""
    sessions = storage.database.sessions
    until = datetime.now(UTC) + 10 * MINUTE

    assert sessions.use_once("jti-1", until)
    assert not sessions.use_once("jti-1", until)
    assert sessions.use_once("jti-2", until)


# --- API keys ------------------------------------------------------------------------------------------------
def test_a_key_is_found_by_its_prefix_with_the_hash_of_its_secret(storage: Storage) -> None:
    """T-28."""
    keys = storage.database.api_keys
    key = a_key(storage, expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    keys.add(key, "hash-1")
    keys.used(key.id)

    found = keys.find("ip_k-1")
    assert found is not None
    assert (replace(found[0], used_at=None), found[1]) == (key, "hash-1")
    assert found[0].used_at is not None, "last used is shown"
    assert keys.find("ip_k") is None
    with pytest.raises(ChangedMeanwhile):
        keys.add(a_key(storage, "k-2", prefix="ip_k-1"), "hash-2")


def test_only_the_own_store_revokes_a_key(storage: Storage) -> None:
    """I-10."""
    keys = storage.database.api_keys
    keys.add(a_key(storage, "k-2"), "h")
    keys.add(a_key(storage, "k-1"), "h")
    keys.add(a_key(storage, "k-3", store_id=storage.other.id), "h")
    with pytest.raises(NotFound):
        keys.revoke(storage.other.id, "k-1")
    with pytest.raises(NotFound):
        keys.revoke(storage.store.id, "unknown")

    keys.revoke(storage.store.id, "k-1")
    first = keys.find("ip_k-1")[0].revoked_at
    keys.revoke(storage.store.id, "k-1")
    assert first is not None
    assert keys.find("ip_k-1")[0].revoked_at == first
    assert [(key.id, key.revoked_at is None) for key in keys.of(storage.store.id)] == [("k-1", False), ("k-2", True)]
