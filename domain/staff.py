"""The seller's people: who opened the app, who was invited, and where each one's role comes from.

BigCommerce signs them in, so the e-mail of the control panel is what joins them with BundleB2B and with invitations
(bundleb2b.md section 4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.roles import Role


class RoleSource(StrEnum):
    """Where a role comes from, in the order of decision: the first that says something counts."""

    OWNER = "owner"
    ASSIGNED = "assigned"
    BUNDLEB2B = "bundleb2b"
    DEFAULT = "default"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A control-panel user who opened the app. `role` is the one given here; `is_shut_out` that none was given on
    purpose, whatever BundleB2B or the default say. `asked_at` is when the person asked for a role."""

    user_id: int
    email: str
    role: Role | None
    is_owner: bool = False
    last_seen: str | None = None
    is_shut_out: bool = False
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A person added by e-mail before the first opening: the role waits for them."""

    id: str
    email: str
    role: Role
    added_at: datetime


@dataclass(frozen=True, slots=True)
class SalesPerson:
    """BundleB2B's Sales Staff: a system user whose role has that mark, with the companies assigned."""

    id: int
    email: str
    name: str = ""
    role_name: str = ""
    companies: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class StaffRules:
    """How people get a role whom nobody gave one. `b2b_roles` maps names of BundleB2B's roles to roles here, "" to
    none; Sales Staff of any other name are IP-Sales."""

    default_role: str | None
    b2b_roles: Mapping[str, str]
    assigned_only: bool

    def role_of(self, role_name: str) -> Role | None:
        known = {name.casefold(): role for name, role in self.b2b_roles.items()}
        found = known.get(role_name.strip().casefold(), Role.SALES.value)
        return Role(found) if found else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is in this store now. `companies` None is all of them; `b2b_role` the name BundleB2B uses."""

    role: Role | None
    source: RoleSource
    companies: frozenset[int] | None = None
    b2b_role: str = ""


def standing_of(member: StaffMember, sales: SalesPerson | None, rules: StaffRules) -> Standing:
    """Resolves a person. Sales Staff see their assigned companies only where the rules say so; an IP-Admin, who could
    change that rule, sees all."""
    role, source = _role_of(member, sales, rules)
    is_limited = sales is not None and rules.assigned_only and role is not Role.ADMIN
    companies = sales.companies if sales is not None and is_limited else None
    return Standing(role, source, companies, sales.role_name if sales else "")


def _role_of(member: StaffMember, sales: SalesPerson | None, rules: StaffRules) -> tuple[Role | None, RoleSource]:
    if member.is_owner:
        return Role.ADMIN, RoleSource.OWNER
    if member.role is not None or member.is_shut_out:
        return member.role, RoleSource.ASSIGNED
    mapped = rules.role_of(sales.role_name) if sales is not None else None
    if mapped is not None:
        return mapped, RoleSource.BUNDLEB2B
    if rules.default_role:
        return Role(rules.default_role), RoleSource.DEFAULT
    return None, RoleSource.NONE


def folded(email: str) -> str:
    """How two spellings of one e-mail are found equal."""
    return email.strip().casefold()


def by_email(people: Iterable[SalesPerson]) -> dict[str, SalesPerson]:
    """Sales Staff by folded e-mail; of two with the same, the one made first."""
    return {folded(one.email): one for one in sorted(people, key=lambda one: one.id, reverse=True)}


B2B_ROLES: Final[Mapping[str, str]] = {
    "Administrator": Role.ADMIN.value,
    "Financial Manager": Role.FINANCE.value,
    "Accountant": Role.VIEWER.value,
    "Sales Rep": Role.SALES.value,
}
"""BundleB2B's own roles for sellers, as they are mapped until somebody decides otherwise."""
