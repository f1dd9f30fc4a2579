"""The Users page: who of the seller's people may do what, and who asks for it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.errors import AlreadyHere, InputInvalid, LastAdmin, NotFound, OwnerStays, OwnRole
from domain.events import Act
from domain.ids import new_id
from domain.ports import OpenWork, Sessions, Work
from domain.roles import Actor, Right, Role
from domain.staff import Invitation, StaffMember, StaffRules, Standing, by_email, folded, standing_of
from domain.use_cases.sign_in_staff import standing_in
from domain.use_cases.sync_sales_staff import FACT

_EMAIL: Final = re.compile(r"[^@\s<>\"',;]{1,64}@[^@\s<>\"',;]{1,190}\.[^@\s<>\"',;.]{2,}")


@dataclass(frozen=True)
class Person:
    """A user with what they are here now."""

    member: StaffMember
    standing: Standing


@dataclass(frozen=True)
class StaffList:
    """`b2b_names` are the role names to map: those with a rule and those BundleB2B uses; `read_at` when it was asked
    for Sales Staff last, `problem` why that failed."""

    people: tuple[Person, ...]
    invitations: tuple[Invitation, ...]
    rules: StaffRules
    b2b_names: tuple[str, ...]
    read_at: datetime | None
    problem: str


@dataclass(frozen=True)
class ListStaff:
    """Everyone who ever opened the app or was invited. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> StaffList:
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            rules = work.notes.settings().staff_rules
            seen = {one.role_name for one in work.staff.sales_people() if one.role_name}
            fact = work.notes.fact(FACT) or {}
            at = fact.get("at")
            return StaffList(
                tuple(everyone(work)),
                tuple(work.staff.invitations()),
                rules,
                tuple(sorted(seen | set(rules.b2b_roles))),
                datetime.fromisoformat(str(at)) if at else None,
                str(fact.get("problem", "")),
            )


def everyone(work: Work, rules: StaffRules | None = None) -> list[Person]:
    """All users with their standing, by the store's rules or by other ones."""
    rules = rules or work.notes.settings().staff_rules
    sales = by_email(work.staff.sales_people())
    return [Person(member, standing_of(member, sales.get(folded(member.email)), rules)) for member in work.staff.all()]


@dataclass(frozen=True)
class AssignRole:
    """Gives a user a role, or shuts the user out; a request for access is answered by it.

    Raises NotAllowed, NotFound, OwnRole, OwnerStays, LastAdmin.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, user_id: int, role: Role | None) -> StaffMember:
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            member = _other_member(work, actor, user_id)
            before = standing_in(work, member)
            changed = replace(member, role=role, is_shut_out=role is None, asked_at=None)
            with _keeping_an_admin(work):
                work.staff.put(changed)
            change = {"role": [before.role, role]}
            work.book(actor, Act("staff.role_changed", "staff", str(user_id), change, {"email": member.email}))
            work.commit()
        return changed


@dataclass(frozen=True)
class RemoveUser:
    """Forgets a user: all sessions end. Whoever opens the app again starts anew, with what BundleB2B or the default
    role says. Raises NotAllowed, NotFound, OwnRole, OwnerStays, LastAdmin."""

    open_work: OpenWork
    sessions: Sessions

    def __call__(self, actor: Actor, user_id: int) -> StaffMember:
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            member = _other_member(work, actor, user_id)
            before = standing_in(work, member)
            with _keeping_an_admin(work):
                work.staff.remove(user_id)
            act = Act("staff.removed", "staff", str(user_id), {"role": [before.role, None]}, {"email": member.email})
            work.book(actor, act)
            work.commit()
        self.sessions.end_user(actor.store_id, user_id)
        return member


@contextmanager
def _keeping_an_admin(work: Work) -> Iterator[None]:
    """Around a change of users or rules: where there was an IP-Admin before, there must be one after it.

    Raises LastAdmin.
    """
    had_one = _has_admin(work)
    yield
    if had_one and not _has_admin(work):
        raise LastAdmin


def _has_admin(work: Work) -> bool:
    return any(one.standing.role is Role.ADMIN for one in everyone(work))


def _other_member(work: Work, actor: Actor, user_id: int) -> StaffMember:
    if str(user_id) == actor.id:
        raise OwnRole
    work.staff.lock()
    member = work.staff.find(user_id)
    if member is None:
        raise NotFound("user")
    if member.is_owner:
        raise OwnerStays
    return member


@dataclass(frozen=True)
class AddUser:
    """Somebody who has not opened the app yet: the role waits for the e-mail BigCommerce signs in with.

    Raises NotAllowed, InputInvalid, AlreadyHere.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, email: str, role: Role) -> Invitation:
        actor.must(Right.MANAGE_USERS)
        if not _EMAIL.fullmatch(email.strip()):
            raise InputInvalid("email", "Enter the e-mail the person signs in to BigCommerce with.")
        with self.open_work(actor.store_id) as work:
            known = {folded(one.email) for one in work.staff.all()}
            known |= {folded(one.email) for one in work.staff.invitations()}
            if folded(email) in known:
                raise AlreadyHere(email.strip())
            invitation = Invitation(new_id(), email.strip(), role, work.now())
            work.staff.invite(invitation)
            act = Act("staff.added", "invitation", invitation.id, {"role": [None, role]}, {"email": invitation.email})
            work.book(actor, act)
            work.commit()
        return invitation


@dataclass(frozen=True)
class WithdrawInvitation:
    """Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invitation_id: str) -> Invitation:
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            found = next((one for one in work.staff.invitations() if one.id == invitation_id), None)
            if found is None:
                raise NotFound("invitation")
            work.staff.withdraw(found.id)
            act = Act("staff.withdrawn", "invitation", found.id, {"role": [found.role, None]}, {"email": found.email})
            work.book(actor, act)
            work.commit()
        return found


@dataclass(frozen=True)
class AskForAccess:
    """Somebody without a role asks for one, once: asking again changes nothing. Raises NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> None:
        with self.open_work(actor.store_id) as work:
            member = work.staff.find(int(actor.id))
            if member is None:
                raise NotFound("user")
            if standing_in(work, member).role is not None or member.asked_at is not None:
                return
            work.staff.put(replace(member, asked_at=work.now()))
            work.book(actor, Act("staff.asked", "staff", actor.id, {}, {"email": member.email}))
            work.commit()


@dataclass(frozen=True)
class SetStaffRules:
    """How people get a role whom nobody gave one. Raises NotAllowed, InputInvalid, OwnRole, LastAdmin."""

    open_work: OpenWork

    def __call__(self, actor: Actor, rules: StaffRules) -> None:
        actor.must(Right.MANAGE_USERS)
        _check_rules(rules)
        with self.open_work(actor.store_id) as work:
            work.staff.lock()
            settings = work.notes.settings()
            before = settings.staff_rules
            if before == rules:
                return
            if _role_in(everyone(work), actor) is not _role_in(everyone(work, rules), actor):
                raise OwnRole
            changed = replace(
                settings,
                default_role=rules.default_role,
                b2b_roles=dict(rules.b2b_roles),
                assigned_only=rules.assigned_only,
            )
            with _keeping_an_admin(work):
                work.notes.put_settings(changed)
            work.book(actor, Act("staff.rules_changed", "store", str(actor.store_id), _rule_changes(before, rules)))
            work.commit()


def _check_rules(rules: StaffRules) -> None:
    if rules.default_role not in {None, *(role.value for role in Role if role is not Role.ADMIN)}:
        raise InputInvalid("default_role", "Choose a role other than IP-Admin, or no access.")
    if not set(rules.b2b_roles.values()) <= {"", *(role.value for role in Role)}:
        raise InputInvalid("b2b_roles", "Choose one of the roles for each name.")


def _role_in(people: Iterable[Person], actor: Actor) -> Role | None:
    return next((one.standing.role for one in people if str(one.member.user_id) == actor.id), None)


def _rule_changes(before: StaffRules, after: StaffRules) -> dict[str, object]:
    changes: dict[str, object] = {}
    if before.default_role != after.default_role:
        changes["default role"] = [before.default_role, after.default_role]
    if before.assigned_only != after.assigned_only:
        changes["assigned companies only"] = [before.assigned_only, after.assigned_only]
    for name in sorted(set(before.b2b_roles) | set(after.b2b_roles)):
        pair = [before.b2b_roles.get(name, ""), after.b2b_roles.get(name, "")]
        if pair[0] != pair[1]:
            changes[f"BundleB2B role {name}"] = pair
    return changes
