"""What B2B Edition's permission codes let a buyer do (bundleb2b.md 3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.company import Company, CompanyStatus, buyer_rights, legacy_rights
from domain.roles import BuyerRight
from tests.builders import a_buyer

CODES = {
    "get_invoices": BuyerRight.VIEW,
    "get_invoice_detail": BuyerRight.DETAIL,
    "export_invoices": BuyerRight.EXPORT,
    "get_invoice_pdf": BuyerRight.PDF,
    "get_invoice_payments_history": BuyerRight.HISTORY,
    "pay_invoice": BuyerRight.PAY,
}
ALL = [*CODES, "purchase_enable"]


@pytest.mark.parametrize("level", [2, 3])
@pytest.mark.parametrize("code", CODES)
def test_each_code_gives_its_right_at_company_level(code, level):
    others = [("get_invoices", 2), ("purchase_enable", 2), (code, level)]

    assert buyer_rights(others) == {BuyerRight.VIEW, CODES[code]}


@pytest.mark.parametrize("code", CODES)
def test_a_right_for_the_own_documents_only_is_none(code):
    """Level 1 is the user's own; invoices belong to the company."""
    rest = [(one, 2) for one in ALL if one != code]

    assert CODES[code] not in buyer_rights([*rest, (code, 1)])


@pytest.mark.parametrize("missing", [[], [("purchase_enable", 1)]], ids=["without", "own only"])
def test_paying_also_needs_the_right_to_purchase(missing):
    """B2B Edition's own rule."""
    rights = buyer_rights([(code, 2) for code in CODES] + missing)

    assert rights == frozenset(BuyerRight) - {BuyerRight.PAY}


def test_who_may_not_see_the_list_may_nothing():
    assert buyer_rights([(code, 3) for code in ALL if code != "get_invoices"]) == frozenset()


@given(st.lists(st.tuples(st.sampled_from([*ALL, "get_orders", "made_up"]), st.integers(0, 3))))
def test_more_permissions_never_take_a_right_away(permissions):
    assert buyer_rights(permissions) <= buyer_rights([*permissions, *((code, 2) for code in ALL)])


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (0, frozenset(BuyerRight)),
        (1, frozenset({BuyerRight.VIEW, BuyerRight.DETAIL})),
        (2, frozenset()),
        (3, frozenset()),
        (-1, frozenset()),
    ],
)
def test_where_roles_cannot_be_read_the_old_three_count(role, rights):
    assert legacy_rights(role) == rights


@pytest.mark.parametrize("status", CompanyStatus)
def test_only_an_approved_company_is_active(status):
    assert Company(1, "X", status).is_active is (status is CompanyStatus.APPROVED)


@pytest.mark.parametrize(
    ("first", "last", "name"), [("Bea", "Buyer", "Bea Buyer"), ("", "Buyer", "Buyer"), ("", "", "buyer101@example.com")]
)
def test_a_buyer_without_a_name_is_called_by_mail(first, last, name):
    assert a_buyer(first_name=first, last_name=last).name == name
