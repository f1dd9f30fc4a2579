"""Seller staff: the shared login, roles, and what each may (T-1 to T-5, DESIGN 5)."""

from dataclasses import replace

import pytest

from domain.errors import (
    LastAdmin,
    NoAccess,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OwnerStays,
    OwnRole,
    StoreDisconnected,
    TokenRefused,
)
from domain.roles import Right, Role
from domain.store import Connection
from tests.builders import admin, finance, sales, viewer
from tests.use_cases.trade import Trade

OLIVIA, SAM, FIONA, ADAM = 1, 2, 3, 5


def sign_in(trade: Trade, user_id: int, *, owner_id: int = OLIVIA, token_id: str = "") -> str:
    return trade.portal.sign_in_staff(trade.world.login.let_in("north1", user_id, owner_id=owner_id, token_id=token_id))


def role_of(trade: Trade, session: str) -> Role | None:
    return trade.portal.recognise_staff(session).role


# --- signing in ---------------------------------------------------------------------------------------
def test_the_owner_is_admin_by_opening_the_app(trade):
    assert role_of(trade, sign_in(trade, OLIVIA)) is Role.ADMIN


def test_a_new_user_has_no_access_until_an_admin_gives_it(trade):
    """And from then on signs in just by opening the app."""
    session = sign_in(trade, SAM)
    with pytest.raises(NoAccess):
        trade.portal.recognise_staff(session).with_access()

    trade.portal.assign_role(admin(), SAM, Role.SALES)

    assert trade.portal.recognise_staff(session).with_access().rights == sales().rights
    assert role_of(trade, sign_in(trade, SAM)) is Role.SALES


def test_a_store_can_have_a_default_role(trade):
    """DESIGN 5."""
    trade.set(default_role="Viewer")

    assert role_of(trade, sign_in(trade, SAM)) is Role.VIEWER


def test_a_load_token_opens_one_session(trade):
    """T-3."""
    sign_in(trade, SAM, token_id="jti-1")

    with pytest.raises(TokenRefused):
        sign_in(trade, SAM, token_id="jti-1")


def test_a_forged_token_opens_none(trade):
    with pytest.raises(TokenRefused):
        trade.portal.sign_in_staff("forged")


@pytest.mark.parametrize("known", [True, False])
def test_an_unknown_or_uninstalled_store_opens_none(trade, known):
    if known:
        trade.database.stores.put("north1", Connection.UNINSTALLED)
    token = trade.world.login.let_in("north1" if known else "other1", OLIVIA)

    with pytest.raises(StoreDisconnected):
        trade.portal.sign_in_staff(token)


def test_a_session_ends_after_an_idle_hour_and_after_eight_at_most(trade):
    """T-4."""
    idle, busy = sign_in(trade, OLIVIA), sign_in(trade, OLIVIA)
    for _ in range(9):
        trade.clock.forward(minutes=50)
        assert role_of(trade, busy) is Role.ADMIN

    with pytest.raises(NotSignedIn):
        trade.portal.recognise_staff(idle)
    trade.clock.forward(minutes=50)
    with pytest.raises(NotSignedIn):
        trade.portal.recognise_staff(busy)


def test_a_buyers_session_is_no_staff_session(trade):
    """T-1."""
    buyer = trade.portal.sign_in_buyer(trade.world.login.vouch_for("north1", 101), 1)

    with pytest.raises(NotSignedIn):
        trade.portal.recognise_staff(buyer.token)


# --- removed ------------------------------------------------------------------------------------------
def test_a_removed_user_is_out_on_the_next_request(trade):
    """T-4."""
    sign_in(trade, SAM)
    trade.portal.assign_role(admin(), SAM, Role.FINANCE)
    session = sign_in(trade, SAM)

    trade.portal.remove_staff(trade.world.login.let_in("north1", SAM))

    with pytest.raises(NotSignedIn):
        trade.portal.recognise_staff(session)
    assert role_of(trade, sign_in(trade, SAM)) is None


def test_a_changed_role_counts_from_the_next_request(trade):
    """T-5."""
    session = sign_in(trade, SAM)
    for role in (Role.SALES, Role.FINANCE, None, Role.VIEWER):
        trade.portal.assign_role(admin(), SAM, role)

        assert role_of(trade, session) is role


def test_a_right_can_be_switched_for_a_role(trade):
    """DESIGN 5: each right is named and can be switched per role."""
    session = sign_in(trade, SAM)
    trade.portal.assign_role(admin(), SAM, Role.SALES)
    with trade.work() as work:
        switches = {Role.SALES.value: {Right.DELETE_INVOICES.value: False, Right.EXPORT.value: True}}
        work.notes.put_fact("role_rights", switches)
        work.commit()

    rights = trade.portal.recognise_staff(session).actor.rights

    assert rights == sales().rights - {Right.DELETE_INVOICES}


# --- roles --------------------------------------------------------------------------------------------
def test_nobody_changes_the_own_role(trade):
    sign_in(trade, ADAM)

    with pytest.raises(OwnRole):
        trade.portal.assign_role(admin(), ADAM, Role.VIEWER)


def test_the_owner_cannot_be_made_less(trade):
    sign_in(trade, OLIVIA)

    for role in (Role.FINANCE, None):
        with pytest.raises(OwnerStays):
            trade.portal.assign_role(admin(), OLIVIA, role)


def test_the_last_admin_cannot_be_made_less(trade):
    """By someone who may manage users without being IP-Admin."""
    sign_in(trade, FIONA)
    trade.portal.assign_role(admin(), FIONA, Role.ADMIN)
    manager = replace(sales(), rights=frozenset({Right.MANAGE_USERS}))
    with pytest.raises(LastAdmin):
        trade.portal.assign_role(manager, FIONA, Role.SALES)

    sign_in(trade, ADAM)
    trade.portal.assign_role(manager, ADAM, Role.ADMIN)

    assert trade.portal.assign_role(manager, FIONA, Role.SALES).role is Role.SALES


def test_a_store_that_changes_hands_has_one_owner(trade):
    """The former owner keeps the role, and can be given another."""
    sign_in(trade, OLIVIA)
    sign_in(trade, ADAM, owner_id=ADAM)

    assert {one.member.user_id for one in trade.portal.list_staff(admin()).people if one.member.is_owner} == {ADAM}
    assert role_of(trade, sign_in(trade, OLIVIA, owner_id=ADAM)) is Role.ADMIN
    assert trade.portal.assign_role(replace(admin(), id=str(ADAM)), OLIVIA, Role.VIEWER).role is Role.VIEWER


def test_a_user_nobody_ever_saw_gets_no_role(trade):
    with pytest.raises(NotFound):
        trade.portal.assign_role(admin(), 99, Role.SALES)


@pytest.mark.parametrize("actor", [sales(), finance(), viewer()], ids=["sales", "finance", "viewer"])
def test_only_an_admin_manages_users_keys_and_settings(trade, actor):
    """T-5."""
    for act in (
        lambda: trade.portal.assign_role(actor, SAM, Role.ADMIN),
        lambda: trade.portal.list_staff(actor),
        lambda: trade.portal.issue_key(actor, "ERP", ["invoices:write"]),
        lambda: trade.portal.list_keys(actor),
        lambda: trade.portal.revoke_key(actor, "1"),
        lambda: trade.portal.end_opening(actor, trade.clock.now.date()),
        lambda: trade.portal.repair_store(actor, "setup"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_every_change_of_a_role_is_kept(trade):
    """I-13."""
    sign_in(trade, SAM)

    trade.portal.assign_role(admin(), SAM, Role.SALES)

    with trade.work() as work:
        entry = work._data.audit[-1]
    assert (entry.act.what, entry.act.changes, entry.actor.id) == (
        *("staff.role_changed", {"role": [None, "IP-Sales"]}),
        "5",
    )
