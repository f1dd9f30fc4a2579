"""Orders, companies, payment attempts and staff as stored."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.company import CompanyStatus
from domain.errors import ChangedMeanwhile, CompanyUnknown, NotFound
from domain.ids import new_id
from domain.payment_attempt import AttemptState
from domain.roles import BuyerRight, Role
from domain.staff import Invitation, SalesPerson
from domain.terms import Terms
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_buyer,
    a_company,
    a_staff_member,
    an_attempt,
    an_instant,
    an_invoice,
    an_order,
    eur,
    given_invoice,
    usd,
)
from tests.contracts.conftest import Storage

MINUTE = timedelta(minutes=1)


# --- orders ------------------------------------------------------------------------------------------------
def test_an_order_comes_back_as_it_was_read(storage: Storage) -> None:
    with storage.work() as work:
        order = an_order(cart_id="c-1", is_archived=True, discounts=(("Coupon", usd(5)),))
        assert work.orders.put([order]) == 1
        work.commit()

    with storage.work() as work:
        assert work.orders.get(order.id) == order
        assert work.orders.find(order.id + 1) is None
        assert work.orders.count() == 1
        with pytest.raises(NotFound):
            work.orders.get(order.id + 1)


def test_old_news_after_newer_news_changes_nothing(storage: Storage) -> None:
    """F-2."""
    newer = an_order(status="Shipped", modified_at=an_instant(3))
    with storage.work() as work:
        assert work.orders.put([newer]) == 1
        assert work.orders.put([an_order(status="Pending", modified_at=an_instant(2))]) == 0
        assert work.orders.get(newer.id) == newer

        newest = replace(newer, status="Completed", modified_at=an_instant(4))
        assert work.orders.put([newest]) == 1
        assert work.orders.get(newer.id) == newest


def test_the_same_reading_counts_only_when_more_is_known_about_it(storage: Storage) -> None:
    """R-8: the company of a shopper may become known later, without a change of the order."""
    with storage.work() as work:
        work.orders.put([an_order(company_id=None)])
        assert work.orders.put([an_order(company_id=None)]) == 0
        assert work.orders.put([an_order(company_id=NORTHWIND)]) == 1
        assert work.orders.get(1160).company_id == NORTHWIND


def test_many_orders_are_put_at_once_even_when_one_comes_twice(storage: Storage) -> None:
    orders = [an_order(order_id) for order_id in range(1, 301)]
    twice = [replace(orders[0], status="Old", modified_at=an_instant(1)), replace(orders[0], modified_at=an_instant(5))]
    with storage.work() as work:
        assert work.orders.put([*orders, *twice]) == 300
        assert work.orders.get(1).modified_at == an_instant(5)
        assert work.orders.put([]) == 0


def test_orders_that_wait_for_a_company_are_known(storage: Storage) -> None:
    """R-8."""
    with storage.work() as work:
        work.orders.put(
            [
                an_order(1, None),
                an_order(2, NORTHWIND),
                an_order(3, None, customer_id=0),
                an_order(4, None, placed_at=an_instant(1) - MINUTE),
                an_order(5, None),
            ]
        )

        assert work.orders.without_company(an_instant(1)) == [1, 5]


def test_an_order_that_is_not_kept_can_be_locked(storage: Storage) -> None:
    with storage.work() as work:
        work.orders.lock(4711)
        work.orders.lock(4711)


# --- companies -----------------------------------------------------------------------------------------------
def test_a_company_comes_back_as_it_was_put(storage: Storage) -> None:
    plain = a_company(1, "Ä & B GmbH", external_id=None, terms=None)
    full = a_company(
        2,
        "Acme",
        status=CompanyStatus.INACTIVE,
        group_id=5,
        parent_id=1,
        b2b_terms=Terms.parse("day:15+1"),
        credit_hold=True,
        allowed_methods=frozenset({"cheque", "cards"}),
    )
    with storage.work() as work:
        work.companies.put([plain, full])
        work.companies.put([replace(plain, allowed_methods=frozenset())])
        work.commit()

    with storage.work() as work:
        assert work.companies.get(1) == replace(plain, allowed_methods=frozenset())
        assert work.companies.get(2) == full
        assert work.companies.find(3) is None
        with pytest.raises(NotFound):
            work.companies.get(3)


def test_companies_are_listed_by_name_and_found_by_their_erp_id(storage: Storage) -> None:
    with storage.work() as work:
        work.companies.put([a_company(1, "alpha"), a_company(2, "Beta"), a_company(3, "Zeta", external_id="C-1")])
        work.companies.put([])

        names = [company.name for company in work.companies.all()]
        assert names == ["alpha", "Beta", "Northwind Traders", "Southside Fabrication", "Zeta"]
        assert [company.id for company in work.companies.find_external("C-1")] == [1, 3]
        assert work.companies.find_external("c-1") == []


def test_a_buyer_belongs_to_one_company_at_a_time(storage: Storage) -> None:
    """I-11."""
    buyer = a_buyer(rights=frozenset({BuyerRight.VIEW}), role_id=None, read_at=None)
    with storage.work() as work:
        work.companies.put_buyers([a_buyer(102), buyer, a_buyer(103, SOUTHSIDE)])
        assert work.companies.buyers_of(NORTHWIND) == [buyer, a_buyer(102)]

        work.companies.put_buyers([replace(buyer, company_id=SOUTHSIDE)])
        work.companies.remove_buyer(103)
        work.companies.remove_buyer(999)
        work.companies.put_buyers([])
        assert work.companies.buyers_of(SOUTHSIDE) == [replace(buyer, company_id=SOUTHSIDE)]
        assert work.companies.find_buyer(101) == replace(buyer, company_id=SOUTHSIDE)
        assert work.companies.find_buyer(103) is None


# --- attempts ------------------------------------------------------------------------------------------------
def test_an_attempt_comes_back_with_its_lines_in_order(storage: Storage) -> None:
    with storage.work() as work:
        invoices = [given_invoice(work) for _ in range(3)]
        attempt = an_attempt(
            [(one, usd(10_00 + n)) for n, one in enumerate(invoices)], masquerading_rep="rep@x.example"
        )
        work.attempts.add(attempt)
        work.commit()

    with storage.work() as work:
        assert work.attempts.get(attempt.id) == attempt
        assert work.attempts.find_by_cart("cart-1") is None
        work.attempts.save(attempt.with_cart("cart-1"))
        assert work.attempts.find_by_cart("cart-1") == attempt.with_cart("cart-1")
        for unknown in (new_id(), "x"):
            with pytest.raises(NotFound):
                work.attempts.get(unknown)


def test_a_cart_belongs_to_one_attempt(storage: Storage) -> None:
    """T-17."""
    with storage.work() as work:
        invoice = given_invoice(work)
        work.attempts.add(an_attempt([(invoice, usd(1))], cart_id="cart-1"))
        with pytest.raises(ChangedMeanwhile):
            work.attempts.add(an_attempt([(invoice, usd(1))], cart_id="cart-1"))


def test_an_attempt_pays_invoices_of_the_store_in_their_currency(storage: Storage) -> None:
    """I-14."""
    with storage.work() as work:
        invoice = given_invoice(work)
        with pytest.raises(NotFound):
            work.attempts.add(an_attempt([(invoice, eur(1))]))
    with storage.work() as work, pytest.raises(NotFound):
        work.attempts.add(an_attempt([(an_invoice(), usd(1))]))
    with storage.work() as work, pytest.raises(CompanyUnknown):
        work.attempts.add(an_attempt([(an_invoice(), usd(1))], company_id=99))


def test_a_reservation_ends_after_half_an_hour_or_with_the_attempt(storage: Storage) -> None:
    """F-5, F-6: at 29 minutes it holds, at 30 it does not."""
    start = an_instant()
    with storage.work() as work:
        first, second = given_invoice(work), given_invoice(work)
        attempt = an_attempt([(first, usd(1))], started_at=start)
        work.attempts.add(attempt)

        assert work.attempts.reserving([first.id, second.id], start + 29 * MINUTE) == [attempt]
        assert work.attempts.reserving([first.id], start + 30 * MINUTE) == []
        assert work.attempts.reserving([second.id], start) == []
        for state in (AttemptState.SETTLED, AttemptState.EXPIRED, AttemptState.REFUSED):
            work.attempts.save(attempt.in_state(state))
            assert work.attempts.reserving([first.id], start) == []


def test_unpaid_carts_are_known_until_they_are_settled_or_expired(storage: Storage) -> None:
    """R-18."""
    with storage.work() as work:
        invoice = given_invoice(work)
        made = an_attempt([(invoice, usd(1))], started_at=an_instant()).with_cart("cart-1")
        work.attempts.add(made)
        work.attempts.add(an_attempt([(invoice, usd(1))], started_at=an_instant()))

        assert work.attempts.unpaid_before(an_instant() + MINUTE) == [made]
        assert work.attempts.unpaid_before(an_instant()) == []
        work.attempts.save(made.in_state(AttemptState.EXPIRED))
        assert work.attempts.unpaid_before(an_instant() + MINUTE) == []


# --- staff -----------------------------------------------------------------------------------------------------
def test_staff_are_kept_with_their_roles(storage: Storage) -> None:
    with storage.work() as work:
        owner, sam = a_staff_member(1, None, is_owner=True), a_staff_member(2)
        work.staff.put(sam)
        work.staff.put(owner)
        work.staff.put(replace(sam, role=Role.FINANCE, last_seen="2026-11-20"))
        assert work.staff.all() == [owner, replace(sam, role=Role.FINANCE, last_seen="2026-11-20")]

        work.staff.remove(2)
        work.staff.remove(99)
        assert work.staff.find(2) is None
        assert work.staff.find(1) == owner


def test_an_invited_person_is_found_by_e_mail_until_withdrawn(storage: Storage) -> None:
    with storage.work() as work:
        later = Invitation(new_id(), "Zoe@Example.com", Role.FINANCE, an_instant())
        sooner = Invitation(new_id(), "amy@example.com", Role.VIEWER, an_instant())
        work.staff.invite(later)
        work.staff.invite(sooner)

        assert work.staff.invitations() == [sooner, later]
        assert work.staff.invitation_for(" zoe@example.COM") == later
        work.staff.withdraw(later.id)
        assert work.staff.invitation_for("zoe@example.com") is None
        for gone in (later.id, "no id"):
            with pytest.raises(NotFound):
                work.staff.withdraw(gone)
    with storage.work() as work:
        work.staff.invite(sooner)
        with pytest.raises(ChangedMeanwhile):
            work.staff.invite(replace(later, email="AMY@example.com"))


def test_sales_staff_are_those_of_the_last_reading(storage: Storage) -> None:
    with storage.work() as work:
        rita = SalesPerson(301, "Rita@example.com", "Rita", "Sales Rep", frozenset({11, 12}))
        work.staff.put_sales([SalesPerson(300, "old@example.com"), rita])
        work.staff.put_sales([rita])

        assert work.staff.sales_people() == [rita]
        assert work.staff.sales_person("rita@EXAMPLE.com") == rita
        assert work.staff.sales_person("old@example.com") is None


def test_a_person_keeps_being_shut_out_and_the_time_of_asking(storage: Storage) -> None:
    with storage.work() as work:
        asking = replace(a_staff_member(2, None), is_shut_out=True, asked_at=an_instant())
        work.staff.put(asking)
        work.staff.lock()
        assert work.staff.find(2) == asking
