"""Companies, buyers and their rights, order records: as B2B Edition's inconsistent records tell them (R-8, R-26)."""

import pytest
import responses

from domain.company import CompanyStatus
from domain.errors import DirectoryUnreachable
from domain.roles import BuyerRight
from domain.terms import Terms, TermsKind
from tests.adapters.bundleb2b.kit import (
    IO,
    READ_AT,
    a_company,
    a_directory,
    a_role,
    a_user,
    asked,
    ok,
    paged,
    paths_called,
)

NO = {"code": 404, "data": {}, "meta": {"message": "Does not Exist"}}
OFF = {"code": 400, "data": {"errMsg": "Store company credit is not enabled"}, "meta": {"message": "API logic error"}}
ALL_BUYER_CODES = [
    ("get_invoices", 2),
    ("get_invoice_detail", 2),
    ("export_invoices", 3),
    ("get_invoice_pdf", 2),
    ("get_invoice_payments_history", 2),
    ("pay_invoice", 2),
    ("purchase_enable", 2),
]


# --- companies ----------------------------------------------------------------------------------------------
@responses.activate
def test_companies_are_read_from_the_list_alone():
    """One call per 250, never one per row: the quota is everybody's."""
    rows = [a_company(companyId=number, bcGroupId=number) for number in range(1, 41)]
    responses.add("GET", f"{IO}companies", json=paged(rows, 40))

    companies = list(a_directory().companies())

    assert len(companies) == 40
    assert len(responses.calls) == 1
    first = companies[0]
    assert (first.id, first.name, first.external_id, first.parent_id) == (1, "Great Buys Inc.", "ERP-77", 99)
    assert (first.group_id, first.phone, first.is_active) == (1, "8001234567", True)


@pytest.mark.parametrize(
    ("status", "known"),
    [
        (0, CompanyStatus.PENDING),
        ("1", CompanyStatus.APPROVED),
        ("2", CompanyStatus.REJECTED),
        (3, CompanyStatus.INACTIVE),
        ("7", CompanyStatus.INACTIVE),
    ],
)
@responses.activate
def test_only_an_approved_company_is_active_whatever_else_there_may_be(status, known):
    responses.add("GET", f"{IO}companies", json=paged([a_company(companyStatus=status)], 1))

    (company,) = a_directory().companies()

    assert company.status is known
    assert company.is_active == (known is CompanyStatus.APPROVED)


def serve_company(terms=None, credit=None, methods=None, **changes):
    responses.add("GET", f"{IO}companies/123456", json=ok(a_company(**changes)))
    for part, answer in (("payment-terms", terms), ("credit", credit), ("payments", methods)):
        if answer is None:
            responses.add("GET", f"{IO}companies/123456/{part}", status=400, json=OFF)
        else:
            responses.add("GET", f"{IO}companies/123456/{part}", json=ok(answer))


@responses.activate
def test_one_company_comes_with_terms_hold_and_methods():
    serve_company(
        terms={"isEnabled": True, "paymentTerms": 45},
        credit={"creditEnabled": True, "creditHold": True, "availableCredit": 123.45},
        methods=[
            {"paymentId": 1, "code": "stripe", "paymentTitle": "Stripe", "isEnabled": True},
            {"paymentId": 2, "code": "cheque", "paymentTitle": "Check", "isEnabled": False},
        ],
    )

    company = a_directory().company(123456)

    assert company is not None
    assert (company.b2b_terms, company.credit_hold) == (Terms.net(45), True)
    assert company.allowed_methods == frozenset({"stripe"})
    assert company.terms is None, "the portal's own terms are not B2B Edition's"


@responses.activate
def test_features_that_are_off_in_the_store_are_no_failure():
    serve_company()

    company = a_directory().company(123456)

    assert company is not None
    assert (company.b2b_terms, company.credit_hold, company.allowed_methods) == (None, False, None)


@pytest.mark.parametrize(
    ("terms", "known"),
    [
        ({"isEnabled": True, "paymentTerms": 0}, Terms(TermsKind.ON_RECEIPT)),
        ({"isEnabled": True, "paymentTerms": "30"}, Terms.net(30)),
        ({"isEnabled": False, "paymentTerms": 30}, None),
        ({"isEnabled": True, "paymentTerms": None}, None),
    ],
)
@responses.activate
def test_terms_that_are_off_are_not_the_companys(terms, known):
    """R-7: with terms off the number told is the store's default there."""
    serve_company(terms=terms)

    company = a_directory().company(123456)

    assert company is not None
    assert company.b2b_terms == known


@responses.activate
def test_a_company_without_any_methods_listed_is_not_restricted():
    serve_company(methods=[])

    company = a_directory().company(123456)

    assert company is not None
    assert company.allowed_methods is None


@responses.activate
def test_a_company_that_is_gone_is_none():
    responses.add("GET", f"{IO}companies/5", status=404, json=NO)

    assert a_directory().company(5) is None


@responses.activate
def test_a_failure_of_a_part_is_a_failure_and_not_a_missing_feature():
    serve_company()
    responses.replace("GET", f"{IO}companies/123456/credit", status=500)

    with pytest.raises(DirectoryUnreachable):
        a_directory().company(123456)


@responses.activate
@pytest.mark.parametrize("wrong", [{"companyId": None}, {"companyStatus": None}, {"companyStatus": "active"}])
def test_a_company_that_cannot_be_read_is_a_failure(wrong):
    responses.add("GET", f"{IO}companies", json=paged([a_company(**wrong)], 1))

    with pytest.raises(DirectoryUnreachable):
        list(a_directory().companies())


# --- buyers -------------------------------------------------------------------------------------------------
@responses.activate
def test_a_buyers_rights_come_from_the_role():
    responses.add("GET", f"{IO}users/customer/42", json=ok(a_user()))
    responses.add("GET", f"{IO}companies/roles/10", json=ok(a_role(*ALL_BUYER_CODES)))

    buyer = a_directory().buyer(42)

    assert buyer is not None
    assert (buyer.customer_id, buyer.user_id, buyer.company_id, buyer.name) == (42, 7, 123456, "Marie Curie")
    assert (buyer.role_id, buyer.role_name, buyer.read_at) == (10, "Approver", READ_AT)
    assert buyer.rights == frozenset(BuyerRight)


@responses.activate
@pytest.mark.parametrize(
    ("codes", "missing"),
    [
        ([code for code in ALL_BUYER_CODES if code[0] != "purchase_enable"], {BuyerRight.PAY}),
        ([*ALL_BUYER_CODES[:-2], ("pay_invoice", 1), ("purchase_enable", 2)], {BuyerRight.PAY}),
        ([("get_orders", 3)], set(BuyerRight)),
        ([("pay_invoice", 2), ("purchase_enable", 2)], set(BuyerRight)),
    ],
)
def test_rights_need_their_code_at_company_level(codes, missing):
    responses.add("GET", f"{IO}users/customer/42", json=ok(a_user()))
    responses.add("GET", f"{IO}companies/roles/10", json=ok(a_role(*codes)))

    buyer = a_directory().buyer(42)

    assert buyer is not None
    assert buyer.rights == frozenset(set(BuyerRight) - missing)


@responses.activate
def test_somebody_without_a_company_is_none():
    """Guests, B2C shoppers, super admins."""
    responses.add("GET", f"{IO}users/customer/42", status=404, json=NO)

    assert a_directory().buyer(42) is None


@responses.activate
def test_an_answer_about_another_shopper_is_nobody():
    responses.add("GET", f"{IO}users/customer/42", json=ok(a_user(customerId=43, companyRoleId=None)))

    assert a_directory().buyer(42) is None


@responses.activate
@pytest.mark.parametrize(
    ("role", "rights"),
    [(0, set(BuyerRight)), (1, {BuyerRight.VIEW, BuyerRight.DETAIL}), (2, set()), (9, set())],
)
def test_a_store_without_company_roles_has_the_old_three(role, rights):
    responses.add("GET", f"{IO}users/customer/42", json=ok(a_user(role=role, companyRoleId=None, companyRoleName="")))

    buyer = a_directory().buyer(42)

    assert buyer is not None
    assert buyer.rights == frozenset(rights)


@responses.activate
@pytest.mark.parametrize("status", [403, 404])
def test_a_role_that_may_not_be_read_falls_back_to_the_old_three(status):
    responses.add("GET", f"{IO}users/customer/42", json=ok(a_user(role=1)))
    responses.add("GET", f"{IO}companies/roles/10", status=status, json=NO | {"code": status})

    buyer = a_directory().buyer(42)

    assert buyer is not None
    assert buyer.rights == frozenset({BuyerRight.VIEW, BuyerRight.DETAIL})


@responses.activate
def test_a_role_that_cannot_be_read_now_gives_nobody_rights():
    """An outage must not turn a limited role into an administrator's."""
    responses.add("GET", f"{IO}users/customer/42", json=ok(a_user(role=0)))
    responses.add("GET", f"{IO}companies/roles/10", status=500)

    with pytest.raises(DirectoryUnreachable):
        a_directory().buyer(42)


@responses.activate
def test_each_role_is_read_once_for_all_buyers():
    users = [a_user(id=n, customerId=n, companyRoleId=10 + n % 2) for n in range(1, 31)]
    responses.add("GET", f"{IO}users", json=paged([*users, a_user(id=99, customerId=None)], 31))
    responses.add("GET", f"{IO}companies/roles/10", json=ok(a_role(("get_invoices", 2))))
    responses.add("GET", f"{IO}companies/roles/11", json=ok(a_role()))

    buyers = list(a_directory().buyers())

    assert len(buyers) == 30, "one is no shopper yet"
    assert sorted(paths_called()) == ["companies/roles/10", "companies/roles/11", "users"]
    assert {len(buyer.rights) for buyer in buyers} == {0, 1}


@responses.activate
def test_buyers_of_one_company_are_asked_for_as_such():
    users = [a_user(companyRoleId=None), a_user(customerId=43, companyId=5, companyRoleId=None)]
    responses.add("GET", f"{IO}users", json=paged(users, 2))

    buyers = list(a_directory().buyers(123456))

    assert [buyer.customer_id for buyer in buyers] == [42]
    assert asked()["companyId"] == "123456"
