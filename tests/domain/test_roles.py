"""Who may do what by default: DESIGN section 5, typed a second time (T-5)."""

from dataclasses import replace

import pytest

from domain.errors import NoRight, NotAllowed, NotFound
from domain.roles import DEFAULT_RIGHTS, ActorKind, BuyerRight, Right, Role, rights_of, system
from tests.builders import buyer_of, finance, sales

READS = {Right.VIEW_ORDERS, Right.VIEW_INVOICES, Right.VIEW_PAYMENTS, Right.VIEW_COMPANIES, Right.EXPORT}
SALES = {Right.CREATE_INVOICES, Right.EDIT_INVOICES, Right.DELETE_INVOICES, Right.SEND}
FINANCE = {
    *(Right.RECORD_PAYMENTS, Right.REVERSE_PAYMENTS, Right.CREDIT, Right.WRITE_OFF),
    *(Right.VOID_INVOICES, Right.SETTLE_REVIEWS, Right.MANAGE_COMPANIES, Right.VIEW_AUDIT, Right.VIEW_SETTINGS),
}
ADMIN = {Right.MANAGE_USERS, Right.MANAGE_SETTINGS, Right.MANAGE_KEYS, Right.IMPORT}
TABLE = {
    "Viewer": READS,
    "IP-Sales": READS | SALES,
    "IP-Finance": READS | SALES | FINANCE,
    "IP-Admin": READS | SALES | FINANCE | ADMIN,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_each_role_has_the_rights_of_the_design(role, right):
    """Every cell."""
    assert (right in DEFAULT_RIGHTS[role]) is (right in TABLE[role.value])


def test_each_right_is_named_and_somebodys():
    assert set(Right) == TABLE["IP-Admin"]
    assert len({right.value for right in Right}) == len(Right)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
@pytest.mark.parametrize("right", Right)
def test_each_right_can_be_switched_per_role(role, right):
    """DESIGN 5."""
    held = right in DEFAULT_RIGHTS[role]

    switched = rights_of(role, {role.value: {right.value: not held}})

    assert switched ^ DEFAULT_RIGHTS[role] == {right}


def test_no_switch_takes_a_right_from_ip_admin():
    """Nobody can lock everyone out."""
    switches = {"IP-Admin": {right.value: False for right in Right}}

    assert rights_of(Role.ADMIN, switches) == frozenset(Right)


def test_a_switch_of_one_role_leaves_the_others():
    switches = {"IP-Sales": {Right.DELETE_INVOICES.value: False}}

    assert rights_of(Role.FINANCE, switches) == DEFAULT_RIGHTS[Role.FINANCE]
    assert rights_of(Role.SALES, {}) == DEFAULT_RIGHTS[Role.SALES]


def test_a_refusal_names_the_role_and_what_it_cannot():
    with pytest.raises(NotAllowed) as refused:
        sales().must(Right.RECORD_PAYMENTS)

    assert "IP-Sales" in refused.value.sentence
    assert "record payments" in refused.value.sentence


def test_the_portal_itself_may_everything_and_nobody_else_without_a_right():
    assert all(system(1, "worker").may(right) for right in Right)
    for kind in set(ActorKind) - {ActorKind.SYSTEM}:
        actor = replace(finance(), kind=kind, rights=frozenset())
        assert not any(actor.may(right) for right in Right)


@pytest.mark.parametrize("right", BuyerRight)
def test_a_buyers_right_is_the_companys(right):
    assert buyer_of().must_as_buyer(right) == 11
    for actor in (
        replace(buyer_of(), buyer_rights=frozenset(BuyerRight) - {right}),
        replace(buyer_of(), company_id=None),
        replace(buyer_of(), kind=ActorKind.STAFF),
        replace(buyer_of(), kind=ActorKind.SYSTEM),
    ):
        with pytest.raises(NoRight):
            actor.must_as_buyer(right)


def test_a_sales_person_sees_the_assigned_companies_only():
    """As if the others were not there (T-6)."""
    assigned = replace(sales(), companies=frozenset({4101}))

    assigned.must_see(4101, "invoice")
    with pytest.raises(NotFound):
        assigned.must_see(4102, "invoice")
    sales().must_see(4102, "invoice")
