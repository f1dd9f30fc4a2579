"""Roles & permissions: which role holds which named right, switched per store (DESIGN section 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.errors import ChangedMeanwhile, OwnRights
from domain.events import Act
from domain.ports import OpenWork, Work
from domain.roles import DEFAULT_RIGHTS, Actor, Right, Role
from domain.use_cases.manage_staff import everyone

SWITCHES: Final = "role_rights"
"""The fact with a store's switches: role to right to whether the role holds it."""

SWITCHABLE: Final[tuple[Role, ...]] = tuple(role for role in Role if role is not Role.ADMIN)
"""IP-Admin always holds every right, so that nobody can lock everybody out."""

_BRINGS: Final[Mapping[Right, Right]] = {
    Right.CREATE_INVOICES: Right.VIEW_INVOICES,
    Right.EDIT_INVOICES: Right.VIEW_INVOICES,
    Right.DELETE_INVOICES: Right.VIEW_INVOICES,
    Right.VOID_INVOICES: Right.VIEW_INVOICES,
    Right.WRITE_OFF: Right.VIEW_INVOICES,
    Right.CREDIT: Right.VIEW_INVOICES,
    Right.RECORD_PAYMENTS: Right.VIEW_PAYMENTS,
    Right.REVERSE_PAYMENTS: Right.VIEW_PAYMENTS,
    Right.SETTLE_REVIEWS: Right.VIEW_PAYMENTS,
    Right.MANAGE_COMPANIES: Right.VIEW_COMPANIES,
    Right.MANAGE_SETTINGS: Right.VIEW_SETTINGS,
}
"""Who may act on something may look at it: the right to view comes along."""


@dataclass(frozen=True)
class RoleTable:
    """`rights` of each role as they are now, and how many people, invited ones too, each role is used by."""

    rights: Mapping[Role, frozenset[Right]]
    used_by: Mapping[Role, int]


@dataclass(frozen=True)
class ShowRoles:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> RoleTable:
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            held = [one.standing.role for one in everyone(work)] + [one.role for one in work.staff.invitations()]
            return RoleTable(
                {role: work.notes.role_rights(role) for role in Role},
                {role: held.count(role) for role in Role},
            )


@dataclass(frozen=True)
class SwitchRights:
    """Sets the rights of some roles, all or none; each changed role is one row of the audit log, and counts from the
    next request. `seen` are the rights the person looked at.

    Raises NotAllowed, OwnRights, ChangedMeanwhile.
    """

    open_work: OpenWork

    def __call__(
        self,
        actor: Actor,
        wanted: Mapping[Role, frozenset[Right]],
        seen: Mapping[Role, frozenset[Right]] | None = None,
    ) -> dict[Role, frozenset[Right]]:
        """The changed roles with the rights that changed."""
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            before = {role: work.notes.role_rights(role) for role in SWITCHABLE if role in wanted}
            if seen is not None and any(before[role] != seen.get(role) for role in before):
                raise ChangedMeanwhile("the roles")
            after = {role: _whole(wanted[role]) for role in before}
            changed = {role: before[role] ^ after[role] for role in before if before[role] != after[role]}
            _keep(work, actor, after, changed)
            work.commit()
        return changed


@dataclass(frozen=True)
class ResetRole:
    """Back to the rights the role has in a new store. Raises NotAllowed, OwnRights."""

    open_work: OpenWork

    def __call__(self, actor: Actor, role: Role) -> dict[Role, frozenset[Right]]:
        return SwitchRights(self.open_work)(actor, {role: DEFAULT_RIGHTS[role]})


def _whole(rights: frozenset[Right]) -> frozenset[Right]:
    return rights | {_BRINGS[right] for right in rights if right in _BRINGS}


def _keep(
    work: Work, actor: Actor, after: Mapping[Role, frozenset[Right]], changed: Mapping[Role, frozenset[Right]]
) -> None:
    """Only what differs from a new store is kept, so that rights added later get their default."""
    if not changed:
        return
    switches = dict(work.notes.fact(SWITCHES) or {})
    for role, rights in changed.items():
        if role.value == actor.role:
            raise OwnRights(role.value)
        others = sorted(after[role] ^ DEFAULT_RIGHTS[role])
        switches[role.value] = {right.value: right in after[role] for right in others}
        change = {right.value: [right not in after[role], right in after[role]] for right in sorted(rights)}
        work.book(actor, Act("role.rights_changed", "role", role.value, change))
    work.notes.put_fact(SWITCHES, switches)
