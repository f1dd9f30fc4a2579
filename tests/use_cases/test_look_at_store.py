"""Onboarding, the end of opening mode, API keys (R-12, T-28)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import InputInvalid, KeyRefused, NotAllowed, NotFound
from domain.roles import ActorKind, Right
from domain.store import Connection
from domain.use_cases.manage_keys import SCOPES
from tests.builders import admin, an_order, finance, viewer
from tests.use_cases.trade import sync

TODAY = date(2026, 11, 22)


# --- onboarding ---------------------------------------------------------------------------------------
def test_the_first_page_shows_how_far_the_synchronisation_is(trade):
    trade.place(an_order(placed_at=trade.clock.now - timedelta(days=9)))
    sync(trade)

    seen = trade.portal.look_at_store(viewer())

    assert (seen.facts["sync.orders"]["kept"], seen.facts["sync.orders"]["state"]) == (1, "done")
    assert (seen.profile.name, seen.open_reviews) == ("North Supplies", 0)


@pytest.mark.parametrize(
    ("step", "row"), [("setup", "set_up_store"), ("directory", "sync_directory"), ("orders", "sync_orders")]
)
def test_a_step_can_be_started_again(trade, step, row):
    trade.portal.repair_store(admin(), step)

    with trade.work() as work:
        assert [one.kind for one in work._data.outbox.values()] == [row]
    assert trade.world.doorbell.rung == [(trade.store.id, "outbox")]


def test_only_what_there_is_can_be_repaired(trade):
    with pytest.raises(InputInvalid):
        trade.portal.repair_store(admin(), "ledger")


# --- the end of opening mode ----------------------------------------------------------------------------
def test_opening_ends_with_a_cut_over_date(trade):
    """R-12."""
    trade.set(cut_over=None)

    trade.portal.end_opening(admin(), date(2026, 11, 1))

    with trade.work() as work:
        assert not work.notes.settings().is_opening
    assert trade.acts()[-1] == "store.opening_ended"


def test_opening_ends_once_and_not_in_the_future(trade):
    with pytest.raises(InputInvalid):
        trade.portal.end_opening(admin(), TODAY)
    trade.set(cut_over=None)
    with pytest.raises(InputInvalid):
        trade.portal.end_opening(admin(), TODAY + timedelta(days=1))

    trade.portal.end_opening(admin(), TODAY)


# --- API keys -----------------------------------------------------------------------------------------
def test_a_key_is_shown_once_and_acts_with_its_scopes(trade):
    """T-28."""
    key, secret = trade.portal.issue_key(admin(), " SAP ", ["invoices:write", "orders:read"])

    actor = trade.portal.recognise_key(secret)

    assert (actor.kind, actor.id, actor.name, actor.store_id) == (ActorKind.ERP, key.id, "SAP", trade.store.id)
    assert actor.rights == SCOPES["invoices:write"] | SCOPES["orders:read"]
    assert Right.RECORD_PAYMENTS not in actor.rights
    kept_key, kept_hash = trade.database.api_keys.find(key.prefix)
    assert secret not in (kept_hash, str(kept_key))


def test_a_wrong_revoked_or_expired_key_is_refused(trade):
    """T-28: alike."""
    key, secret = trade.portal.issue_key(admin(), "SAP", ["invoices:read"])
    for wrong in ("", "ip_", "x", secret[:-1], secret + "x", secret.upper(), f"{key.prefix}_other"):
        with pytest.raises(KeyRefused):
            trade.portal.recognise_key(wrong)
    trade.portal.revoke_key(admin(), key.id)

    with pytest.raises(KeyRefused):
        trade.portal.recognise_key(secret)


def test_a_removed_app_takes_its_keys_along(trade):
    """F-16."""
    _, secret = trade.portal.issue_key(admin(), "SAP", ["invoices:read"])
    trade.database.stores.put("north1", Connection.UNINSTALLED)

    with pytest.raises(KeyRefused):
        trade.portal.recognise_key(secret)


@pytest.mark.parametrize(
    ("name", "scopes"), [("", ["invoices:read"]), ("  ", ["invoices:read"]), ("SAP", []), ("SAP", ["all"])]
)
def test_a_key_needs_a_name_and_scopes_there_are(trade, name, scopes):
    with pytest.raises(InputInvalid):
        trade.portal.issue_key(admin(), name, scopes)


def test_keys_of_another_store_cannot_be_revoked(trade):
    """I-10."""
    other = trade.database.stores.put("south1", Connection.CONNECTED)
    key, secret = trade.portal.issue_key(admin(other.id), "SAP", ["invoices:read"])

    with pytest.raises(NotFound):
        trade.portal.revoke_key(admin(), key.id)
    assert trade.portal.recognise_key(secret).store_id == other.id
    assert trade.portal.list_keys(admin()) == []


def test_no_scope_gives_what_only_people_decide():
    """T-5."""
    given = frozenset(right for rights in SCOPES.values() for right in rights)

    assert not given & {Right.MANAGE_USERS, Right.MANAGE_SETTINGS, Right.MANAGE_KEYS, Right.SETTLE_REVIEWS}


def test_who_may_not_look_sees_nothing(trade):
    nobody = replace(finance(), rights=frozenset())
    for look in (
        lambda: trade.portal.look_at_store(nobody),
        lambda: trade.portal.list_companies(nobody),
        lambda: trade.portal.list_reviews(nobody),
        lambda: trade.portal.open_invoices(nobody, 11, "USD"),
    ):
        with pytest.raises(NotAllowed):
            look()
