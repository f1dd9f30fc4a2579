"""Users, where roles come from, and what roles may do: added, removed, asked for, switched (DESIGN 5)."""

from dataclasses import replace

import pytest

from domain.errors import (
    AlreadyHere,
    ChangedMeanwhile,
    InputInvalid,
    LastAdmin,
    NotFound,
    NotSignedIn,
    OwnerStays,
    OwnRights,
    OwnRole,
)
from domain.roles import Right, Role
from domain.staff import RoleSource, SalesPerson
from tests.builders import SOUTHSIDE, admin, sales, viewer
from tests.use_cases.test_staff import ADAM, FIONA, OLIVIA, SAM, role_of, sign_in
from tests.use_cases.trade import Trade


# --- added, removed, asking ---------------------------------------------------------------------------
def test_a_person_added_by_e_mail_has_the_role_at_the_first_opening(trade):
    """Matched whatever the case; the waiting role is used once."""
    trade.portal.add_user(admin(), "USER2@North1.example", Role.FINANCE)

    session = sign_in(trade, SAM)

    assert trade.portal.recognise_staff(session).standing.source is RoleSource.ASSIGNED
    assert role_of(trade, session) is Role.FINANCE
    assert trade.portal.list_staff(admin()).invitations == ()
    trade.portal.remove_user(admin(), SAM)
    assert role_of(trade, sign_in(trade, SAM)) is None


def test_nobody_is_added_twice(trade):
    sign_in(trade, SAM)
    trade.portal.add_user(admin(), "new@example.com", Role.VIEWER)

    for email in ("NEW@example.com", "user2@north1.example"):
        with pytest.raises(AlreadyHere):
            trade.portal.add_user(admin(), email, Role.VIEWER)
    for email in ("", "new", "new@example", "<new@example.com>", "a b@example.com", "a@b@c.example"):
        with pytest.raises(InputInvalid):
            trade.portal.add_user(admin(), email, Role.VIEWER)


def test_a_person_taken_off_the_list_before_the_first_opening_gets_nothing(trade):
    invitation = trade.portal.add_user(admin(), "user2@north1.example", Role.ADMIN)

    trade.portal.withdraw_invitation(admin(), invitation.id)

    assert role_of(trade, sign_in(trade, SAM)) is None
    with pytest.raises(NotFound):
        trade.portal.withdraw_invitation(admin(), invitation.id)


def test_a_removed_user_is_out_and_starts_anew(trade):
    """T-4."""
    session = sign_in(trade, SAM)
    trade.portal.assign_role(admin(), SAM, Role.FINANCE)

    trade.portal.remove_user(admin(), SAM)

    with pytest.raises(NotSignedIn):
        trade.portal.recognise_staff(session)
    assert role_of(trade, sign_in(trade, SAM)) is None


def test_neither_the_owner_nor_the_last_admin_nor_oneself_can_be_removed(trade):
    sign_in(trade, OLIVIA)
    manager = replace(sales(), rights=frozenset({Right.MANAGE_USERS}))
    with pytest.raises(OwnerStays):
        trade.portal.remove_user(admin(), OLIVIA)
    sign_in(trade, ADAM, owner_id=ADAM)
    trade.portal.remove_user(manager, OLIVIA)

    sign_in(trade, FIONA)
    with trade.work() as work:
        work.staff.put(replace(work.staff.find(ADAM), is_owner=False, role=Role.ADMIN))
        work.commit()
    with pytest.raises(OwnRole):
        trade.portal.remove_user(admin(), ADAM)
    with pytest.raises(LastAdmin):
        trade.portal.remove_user(manager, ADAM)


def test_a_person_shut_out_stays_out_whatever_the_default_says(trade):
    trade.set(default_role="Viewer")
    session = sign_in(trade, SAM)

    trade.portal.assign_role(admin(), SAM, None)

    assert role_of(trade, session) is None


def test_a_request_for_access_waits_until_it_is_granted(trade):
    session = sign_in(trade, SAM)
    asking = trade.portal.recognise_staff(session).actor
    trade.portal.ask_for_access(asking)
    trade.portal.ask_for_access(asking)

    def waiting() -> list[int]:
        people = trade.portal.list_staff(admin()).people
        return [one.member.user_id for one in people if one.member.asked_at is not None]

    assert waiting() == [SAM]
    trade.portal.assign_role(admin(), SAM, Role.VIEWER)
    assert waiting() == []
    trade.portal.ask_for_access(trade.portal.recognise_staff(session).actor)
    assert waiting() == []
    with trade.work() as work:
        assert [one.act.what for one in work._data.audit].count("staff.asked") == 1


# --- BundleB2B ----------------------------------------------------------------------------------------
def read_sales_staff(trade: Trade, *people: SalesPerson) -> None:
    trade.world.shops.of("north1").directory.sales = list(people)
    trade.portal.read_sales_staff(admin())
    trade.portal.work_through(trade.store.id, "outbox")


RITA = SalesPerson(301, "User2@North1.example", "Rita", "Sales Rep", frozenset({SOUTHSIDE}))


def test_sales_staff_of_bundleb2b_sign_in_with_their_role_and_companies(trade):
    read_sales_staff(trade, RITA)

    found = trade.portal.recognise_staff(sign_in(trade, SAM))

    assert (found.role, found.standing.source) == (Role.SALES, RoleSource.BUNDLEB2B)
    assert found.actor.companies == {SOUTHSIDE}


def test_a_company_taken_away_in_bundleb2b_is_gone_after_the_next_reading(trade):
    read_sales_staff(trade, RITA)
    session = sign_in(trade, SAM)

    read_sales_staff(trade, replace(RITA, companies=frozenset()))

    assert trade.portal.recognise_staff(session).actor.companies == frozenset()


def test_while_bundleb2b_is_away_the_last_reading_counts(trade):
    """Nobody sees more by it."""
    read_sales_staff(trade, RITA)
    trade.world.shops.of("north1").directory.is_away = True

    read_sales_staff(trade)

    found = trade.portal.list_staff(admin())
    assert "B2B Edition did not answer" in found.problem
    assert trade.portal.recognise_staff(sign_in(trade, SAM)).actor.companies == {SOUTHSIDE}


def test_signing_in_asks_bundleb2b_again_after_a_quarter_of_an_hour(trade):
    def asked_anew() -> bool:
        sign_in(trade, SAM)
        with trade.work() as work:
            waits = any(row.kind == "sync_sales_staff" for row in work._data.outbox.values())
        trade.portal.work_through(trade.store.id, "outbox")
        return waits

    assert [asked_anew(), asked_anew()] == [True, False]
    trade.clock.forward(minutes=16)
    assert asked_anew()


# --- rules --------------------------------------------------------------------------------------------
def rules(trade: Trade, **changes: object) -> None:
    trade.portal.set_staff_rules(admin(), replace(trade.portal.list_staff(admin()).rules, **changes))


def test_rules_count_from_the_next_request_and_are_kept_in_the_audit_log(trade):
    read_sales_staff(trade, RITA)
    session = sign_in(trade, SAM)

    rules(trade, b2b_roles={"Sales Rep": "Viewer"}, assigned_only=False, default_role="IP-Sales")

    found = trade.portal.recognise_staff(session)
    assert (found.role, found.actor.companies) == (Role.VIEWER, None)
    assert role_of(trade, sign_in(trade, FIONA)) is Role.SALES
    with trade.work() as work:
        changes = work._data.audit[-1].act.changes
    assert changes["assigned companies only"] == [True, False]
    assert changes["default role"] == [None, "IP-Sales"]
    assert changes["BundleB2B role Sales Rep"] == ["IP-Sales", "Viewer"]


def test_rules_can_take_neither_the_last_admin_nor_the_own_role(trade):
    read_sales_staff(trade, replace(RITA, role_name="Administrator"))
    sign_in(trade, SAM)
    with pytest.raises(LastAdmin):
        rules(trade, b2b_roles={"Administrator": "Viewer"})

    myself = replace(admin(), id=str(SAM))
    sign_in(trade, OLIVIA)
    changed = replace(trade.portal.list_staff(admin()).rules, b2b_roles={"Administrator": ""})
    with pytest.raises(OwnRole):
        trade.portal.set_staff_rules(myself, changed)
    with pytest.raises(InputInvalid):
        rules(trade, default_role="IP-Admin")


# --- roles & permissions ------------------------------------------------------------------------------
def test_a_switched_right_counts_at_once_and_brings_the_right_to_look_along(trade):
    """DESIGN 5."""
    session = sign_in(trade, SAM)
    trade.portal.assign_role(admin(), SAM, Role.SALES)

    trade.portal.switch_rights(admin(), {Role.SALES: frozenset({Right.RECORD_PAYMENTS})})

    rights = trade.portal.recognise_staff(session).actor.rights
    assert rights == {Right.RECORD_PAYMENTS, Right.VIEW_PAYMENTS}
    trade.portal.reset_role(admin(), Role.SALES)
    assert trade.portal.recognise_staff(session).actor.rights == sales().rights


def test_the_rights_of_an_admin_cannot_be_switched(trade):
    """Nobody locks everybody out."""
    session = sign_in(trade, OLIVIA)

    assert trade.portal.switch_rights(admin(), {Role.ADMIN: frozenset()}) == {}
    with trade.work() as work:
        work.notes.put_fact("role_rights", {"IP-Admin": {"manage users": False}})
        work.commit()

    assert trade.portal.recognise_staff(session).actor.rights == set(Right)


def test_nobody_switches_the_rights_of_the_own_role(trade):
    manager = replace(sales(), rights=frozenset({Right.MANAGE_USERS}))

    with pytest.raises(OwnRights):
        trade.portal.switch_rights(manager, {Role.SALES: frozenset(Right)})
    with pytest.raises(OwnRights):
        trade.portal.switch_rights(manager, {Role.VIEWER: frozenset(), Role.SALES: frozenset(Right)})

    assert trade.portal.show_roles(admin()).rights[Role.SALES] == sales().rights
    assert trade.portal.show_roles(admin()).rights[Role.VIEWER] == viewer().rights


def test_a_change_made_meanwhile_is_not_overwritten(trade):
    seen = {Role.VIEWER: trade.portal.show_roles(admin()).rights[Role.VIEWER]}
    trade.portal.switch_rights(admin(), {Role.VIEWER: frozenset({Right.VIEW_INVOICES})}, seen)

    with pytest.raises(ChangedMeanwhile):
        trade.portal.switch_rights(admin(), {Role.VIEWER: frozenset(Right)}, seen)


def test_each_changed_role_is_in_the_audit_log_with_before_and_after(trade):
    """I-13."""
    wanted = {Role.VIEWER: viewer().rights - {Right.EXPORT}, Role.SALES: sales().rights}

    trade.portal.switch_rights(admin(), wanted)

    with trade.work() as work:
        acts = [one.act for one in work._data.audit if one.act.what == "role.rights_changed"]
    assert [(act.subject_id, act.changes) for act in acts] == [("Viewer", {"export": [True, False]})]


def test_roles_say_how_many_people_use_them(trade):
    sign_in(trade, OLIVIA)
    sign_in(trade, SAM)
    trade.portal.add_user(admin(), "new@example.com", Role.FINANCE)

    used = trade.portal.show_roles(admin()).used_by

    assert used == {Role.ADMIN: 1, Role.FINANCE: 1, Role.SALES: 0, Role.VIEWER: 0}
