"""Where a person's role comes from, and which companies they see (bundleb2b.md section 4)."""

import pytest

from domain.roles import Role
from domain.staff import B2B_ROLES, RoleSource, SalesPerson, StaffMember, StaffRules, by_email, standing_of

SHUT_OUT = object()


def a_person(role: object, *, is_owner: bool = False) -> StaffMember:
    given = role if isinstance(role, Role) else None
    return StaffMember(2, "sam@example.com", given, is_owner=is_owner, is_shut_out=role is SHUT_OUT)


def a_sales_person(role_name: str) -> SalesPerson:
    return SalesPerson(301, "sam@example.com", "Sam", role_name, frozenset({11, 12}))


@pytest.mark.parametrize(
    ("is_owner", "given", "in_bundleb2b", "default", "role", "source"),
    [
        (True, Role.VIEWER, "Sales Rep", "Viewer", Role.ADMIN, RoleSource.OWNER),
        (True, SHUT_OUT, None, None, Role.ADMIN, RoleSource.OWNER),
        (False, Role.FINANCE, "Administrator", "Viewer", Role.FINANCE, RoleSource.ASSIGNED),
        (False, SHUT_OUT, "Administrator", "Viewer", None, RoleSource.ASSIGNED),
        (False, None, "Administrator", "Viewer", Role.ADMIN, RoleSource.BUNDLEB2B),
        (False, None, "Financial Manager", None, Role.FINANCE, RoleSource.BUNDLEB2B),
        (False, None, "accountant ", None, Role.VIEWER, RoleSource.BUNDLEB2B),
        (False, None, "Sales Rep", "Viewer", Role.SALES, RoleSource.BUNDLEB2B),
        (False, None, "Field agent", None, Role.SALES, RoleSource.BUNDLEB2B),
        (False, None, "Unmapped", "Viewer", Role.VIEWER, RoleSource.DEFAULT),
        (False, None, "Unmapped", None, None, RoleSource.NONE),
        (False, None, None, "IP-Sales", Role.SALES, RoleSource.DEFAULT),
        (False, None, None, None, None, RoleSource.NONE),
    ],
)
def test_the_first_that_says_something_decides(is_owner, given, in_bundleb2b, default, role, source):
    """Owner, given here, BundleB2B's role by the table of names, default."""
    rules = StaffRules(default, {**B2B_ROLES, "Unmapped": ""}, assigned_only=True)
    sales = a_sales_person(in_bundleb2b) if in_bundleb2b else None

    found = standing_of(a_person(given, is_owner=is_owner), sales, rules)

    assert (found.role, found.source) == (role, source)


@pytest.mark.parametrize("assigned_only", [True, False])
@pytest.mark.parametrize("role", [*Role, None])
def test_sales_staff_see_their_companies_where_that_is_on_whatever_their_role(role, assigned_only):
    """But for IP-Admin, who could change the rule."""
    rules = StaffRules(None, B2B_ROLES, assigned_only)

    found = standing_of(a_person(role), a_sales_person("Sales Rep"), rules)

    is_limited = assigned_only and role is not Role.ADMIN
    assert found.companies == (frozenset({11, 12}) if is_limited else None)
    assert standing_of(a_person(role), None, rules).companies is None


def test_people_are_joined_by_their_e_mail_whatever_its_case():
    twins = [SalesPerson(7, "Sam@Example.com"), SalesPerson(3, "sam@example.COM ")]

    assert by_email(twins)["sam@example.com"].id == 3
