"""What companies owe, as both storages say it: the list, aging, statements, billing contacts (R-2, R-16, R-27)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.company import CompanyStatus
from domain.company_accounts import COMPANY_SORTS, CompanyFilter, CompanyView, CreditMemoFilter, WhyNotOnline
from domain.errors import CompanyUnknown, NotFound
from domain.events import Act
from domain.ledger import Kind
from domain.money import total
from domain.payment import Method
from domain.ports import Work
from domain.roles import BuyerRight
from domain.statement import Group
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_buyer,
    a_company,
    a_credit_memo,
    a_payment,
    an_invoice,
    eur,
    finance,
    given_credit_memo,
    given_invoice,
    given_payment,
    usd,
)
from tests.contracts.conftest import Storage

EASTGATE, WESTEND, QUIET = 13, 14, 15


@contextmanager
def trading(storage: Storage) -> Iterator[Work]:
    """One company owes in two currencies, one has credit, one is suspended, one has no methods, one is quiet."""
    with storage.work() as work:
        work.companies.put(
            [
                a_company(EASTGATE, "eastgate Ltd", status=CompanyStatus.INACTIVE, external_id=None),
                a_company(WESTEND, "Westend", allowed_methods=frozenset({"cheque", "klarna"})),
                a_company(QUIET, "Quiet Co", allowed_methods=frozenset({"stripe.card"})),
            ]
        )
        view_only = frozenset({BuyerRight.VIEW})
        work.companies.put_buyers(
            [
                a_buyer(1, NORTHWIND),
                a_buyer(2, SOUTHSIDE, rights=view_only),
                a_buyer(3, WESTEND),
                a_buyer(4, QUIET),
                a_buyer(5, QUIET, rights=frozenset()),
            ]
        )
        today = work.today()
        for one in (
            an_invoice(usd(300_00), due_on=today - timedelta(days=40)),
            an_invoice(usd(50_00), due_on=today),
            an_invoice(eur(70_00), due_on=today - timedelta(days=100)),
            an_invoice(usd(20_00), company_id=SOUTHSIDE, due_on=today + timedelta(days=9)),
        ):
            given_invoice(work, one)
        given_payment(work, usd(500_00), payment=a_payment(company_id=WESTEND, effective_on=date(2026, 10, 2)))
        given_payment(work, usd(9_00), payment=a_payment(company_id=WESTEND, effective_on=date(2026, 9, 2)))
        given_payment(work, usd(8_00), payment=a_payment(method=Method.ELSEWHERE))
        given_credit_memo(work, eur(11_00), memo=a_credit_memo(currency="EUR"))
        yield work


@pytest.mark.parametrize("sort", [*COMPANY_SORTS, *(f"-{name}" for name in COMPANY_SORTS)])
def test_companies_are_sorted_and_paged_alike(storage: Storage, sort: str) -> None:
    with trading(storage) as work:
        chosen = CompanyFilter(sort=sort)
        whole = [row.id for row in work.accounts.companies(chosen, 50, None).rows]
        first = work.accounts.companies(chosen, 2, None)
        second = work.accounts.companies(chosen, 2, first.next_cursor)
        back = work.accounts.companies(chosen, 2, second.previous_cursor)

    assert [row.id for row in (*first.rows, *second.rows)] == whole[:4]
    assert [row.id for row in back.rows] == whole[:2]
    expected = {
        "name": [EASTGATE, NORTHWIND, QUIET, SOUTHSIDE, WESTEND],
        "open": [EASTGATE, WESTEND, QUIET, SOUTHSIDE, NORTHWIND],
        "overdue": [SOUTHSIDE, EASTGATE, WESTEND, QUIET, NORTHWIND],
        "oldest": [NORTHWIND, SOUTHSIDE, EASTGATE, WESTEND, QUIET],
        "paid": [NORTHWIND, SOUTHSIDE, EASTGATE, QUIET, WESTEND],
    }[sort.removeprefix("-")]
    assert whole == (expected[::-1] if sort.startswith("-") else expected)


def test_each_filter_means_what_the_domain_says(storage: Storage) -> None:
    """SQL and `CompanyFilter.matches` find the same companies, and every count is that of its list."""
    with trading(storage) as work:
        today = work.today()
        rows = work.accounts.companies(CompanyFilter(), 50, None).rows
        filters = [
            CompanyFilter(search="EAST"),
            CompanyFilter(search="c-1"),
            CompanyFilter(search="nobody"),
            CompanyFilter(status=CompanyStatus.INACTIVE),
            CompanyFilter(companies=frozenset({NORTHWIND, WESTEND})),
            CompanyFilter(companies=frozenset()),
        ]
        for chosen in (replace(one, view=view) for one in filters for view in CompanyView):
            found = [row.id for row in work.accounts.companies(chosen, 50, None).rows]
            assert found == [row.id for row in rows if chosen.matches(row, today)], chosen
            assert work.accounts.company_counts(chosen)[chosen.view.value] == len(found), chosen

        def ids(view: CompanyView) -> list[int]:
            return [row.id for row in work.accounts.companies(CompanyFilter(view=view), 50, None).rows]

        assert ids(CompanyView.OWING) == [NORTHWIND, SOUTHSIDE]
        assert ids(CompanyView.OVERDUE) == [NORTHWIND]
        assert ids(CompanyView.CREDIT) == [NORTHWIND, WESTEND]
        assert ids(CompanyView.NOBODY_CAN_OPEN) == [EASTGATE, SOUTHSIDE]
        assert ids(CompanyView.NOT_ONLINE) == [EASTGATE, SOUTHSIDE, WESTEND]


def test_a_row_says_what_is_owed_per_currency_and_why_nothing_can_be_paid_online(storage: Storage) -> None:
    with trading(storage) as work:
        rows = {row.id: row for row in work.accounts.companies(CompanyFilter(), 50, None).rows}
        assert work.accounts.company_row(NORTHWIND) == rows[NORTHWIND]
        with pytest.raises(NotFound):
            work.accounts.company_row(999)
        today = work.today()

    northwind = rows[NORTHWIND]
    assert [(one.currency, one.open, one.overdue, one.credit) for one in northwind.figures] == [
        ("EUR", eur(70_00), eur(70_00), eur(11_00)),
        ("USD", usd(350_00), usd(300_00), usd(8_00)),
    ]
    assert northwind.oldest_due == today - timedelta(days=100)
    assert (northwind.last_payment_on, northwind.last_payment) == (None, None)
    assert (rows[WESTEND].last_payment_on, rows[WESTEND].last_payment) == (date(2026, 10, 2), usd(500_00))
    assert rows[EASTGATE].why_not_online == (WhyNotOnline.NOT_ACTIVE, WhyNotOnline.NOBODY_MAY_PAY)
    assert rows[WESTEND].why_not_online == (WhyNotOnline.NO_METHOD,)
    assert (rows[QUIET].why_not_online, rows[QUIET].can_open) == ((), True)


def test_a_method_unticked_in_the_settings_lets_no_company_pay_online(storage: Storage) -> None:
    """R-16: what the store takes for invoices counts, not what could be money."""
    card = frozenset({"braintree"})
    with storage.work() as work:
        work.companies.put([replace(a_company(NORTHWIND), allowed_methods=card)])
        work.companies.put_buyers([a_buyer()])
        before = work.accounts.company_row(NORTHWIND).why_not_online
        work.notes.put_settings(replace(work.notes.settings(), payment_methods=frozenset({"paypal"})))
        after = work.accounts.company_row(NORTHWIND).why_not_online
        in_view = work.accounts.companies(CompanyFilter(view=CompanyView.NOT_ONLINE), 50, None).rows

    assert (before, after) == ((), (WhyNotOnline.NO_METHOD,))
    assert NORTHWIND in [row.id for row in in_view]


def given_year(work: Work) -> None:
    """A year of Northwind: two invoices, a part payment, a credit memo, a write-off and its reversal, and a branch's
    invoice paid by it."""
    first = given_invoice(work, an_invoice(usd(100_00), "INV-1", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 31)))
    branch = given_invoice(
        work, an_invoice(usd(40_00), "INV-2", company_id=SOUTHSIDE, issued_on=date(2026, 4, 1), due_on=date(2026, 5, 1))
    )
    check = a_payment("PAY-1", effective_on=date(2026, 4, 10), memo="Check 7")
    given_payment(work, usd(120_00), [(first, usd(60_00)), (branch, usd(40_00))], check)
    memo = a_credit_memo("CM-1", effective_on=date(2026, 5, 5))
    given_credit_memo(work, usd(10_00), [(first, usd(10_00))], memo)
    act = Act("write_off.created", "invoice", first.id)
    movements = [first.write_off(usd(30_00), date(2026, 6, 1)), first.reverse_write_off(usd(5_00), date(2026, 7, 1))]
    work.book(finance(work.store.id), act, movements)


def test_a_statement_adds_up_and_agrees_with_the_aging_of_its_last_day(storage: Storage) -> None:
    """R-2, for every month: opening + groups = closing = open balances - available credit."""
    with storage.work() as work:
        given_year(work)
        for company_id in (NORTHWIND, SOUTHSIDE):
            owed = usd(0)
            for month in range(2, 9):
                first, last = date(2026, month, 1), date(2026, month + 1, 1) - timedelta(days=1)
                found = work.accounts.statement(company_id, "USD", first, last)
                assert found.opening == owed
                assert found.opening + total((amount for _, amount in found.groups), "USD") == found.closing
                owed = found.closing
                aging = [one.net for one in work.accounts.aging(company_id, last)]
                assert total(aging, "USD") == owed, (company_id, month)


def test_a_statement_names_its_documents(storage: Storage) -> None:
    with storage.work() as work:
        given_year(work)
        found = work.accounts.statement(NORTHWIND, "USD", date(2026, 4, 1), date(2026, 12, 31))
        branch = work.accounts.statement(SOUTHSIDE, "USD", date(2026, 1, 1), date(2026, 12, 31))
        assert work.accounts.currencies(NORTHWIND) == ["USD"]

    assert found.opening == usd(100_00)
    assert [(line.on, line.kind, line.number, line.reference, line.amount) for line in found.lines] == [
        (date(2026, 4, 10), Kind.RECEIVED, "PAY-1", "Check 7", usd(-120_00)),
        (date(2026, 4, 10), Kind.ALLOCATED, "INV-2", "", usd(40_00)),
        (date(2026, 5, 5), Kind.CREDITED, "CM-1", "", usd(-10_00)),
        (date(2026, 6, 1), Kind.WRITTEN_OFF, "INV-1", "", usd(-30_00)),
        (date(2026, 7, 1), Kind.WRITE_OFF_REVERSED, "INV-1", "", usd(5_00)),
    ]
    assert found.groups == [
        (Group.CREDITS, usd(-10_00)),
        (Group.RECEIPTS, usd(-120_00)),
        (Group.ADJUSTMENTS, usd(-25_00)),
        (Group.PAID_ACROSS, usd(40_00)),
    ]
    assert (found.closing, branch.closing) == (usd(-15_00), usd(0))


def test_aging_is_by_due_date_as_of_any_day(storage: Storage) -> None:
    with storage.work() as work:
        given_year(work)
        (late,) = work.accounts.aging(NORTHWIND, date(2026, 5, 1))
        (very_late,) = work.accounts.aging(NORTHWIND, date(2026, 8, 1))
        before = work.accounts.aging(NORTHWIND, date(2026, 2, 1))

    assert (late.buckets[2], late.open, late.credit, late.net) == (usd(40_00), usd(40_00), usd(20_00), usd(20_00))
    assert (very_late.buckets[4], very_late.credit, very_late.net) == (usd(5_00), usd(20_00), usd(-15_00))
    assert before == []


def test_credit_memos_are_listed_by_filter(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work, an_invoice(usd(100_00), "INV-9"))
        cited = a_credit_memo("CM-1", invoice_id=invoice.id, effective_on=date(2026, 5, 5))
        given_credit_memo(work, usd(10_00), [(invoice, usd(10_00))], cited)
        given_credit_memo(work, usd(30_00), memo=a_credit_memo("CM-2", company_id=SOUTHSIDE))
        rows = work.accounts.credit_memos(CreditMemoFilter(sort="number"), 10, None).rows
        for chosen in (
            CreditMemoFilter(search="cm-2"),
            CreditMemoFilter(search="north"),
            CreditMemoFilter(available_only=True),
            CreditMemoFilter(company_id=NORTHWIND),
            CreditMemoFilter(companies=frozenset({SOUTHSIDE})),
            CreditMemoFilter(issued_to=date(2026, 6, 1)),
            CreditMemoFilter(issued_from=date(2026, 6, 1)),
        ):
            found = work.accounts.credit_memos(replace(chosen, sort="number"), 10, None).rows
            assert found == tuple(row for row in rows if chosen.matches(row)), chosen
            assert len(found) == 1, chosen
        assert [one.number for one in work.credit_memos.of_invoice(invoice.id)] == ["CM-1"]

    assert [(row.number, row.invoice_number, row.amount, row.applied, row.available) for row in rows] == [
        ("CM-1", "INV-9", usd(10_00), usd(10_00), usd(0)),
        ("CM-2", "", usd(30_00), usd(0), usd(30_00)),
    ]


def test_billing_contacts_are_kept_in_the_order_entered(storage: Storage) -> None:
    with storage.work() as work:
        work.companies.put_billing_contacts(NORTHWIND, ["z@n.example", "a@n.example"])
        work.companies.put_billing_contacts(SOUTHSIDE, ["s@s.example"])
        work.companies.put_billing_contacts(NORTHWIND, ["z@n.example", "b@n.example"])
        work.commit()
    with storage.work() as work:
        assert work.companies.billing_contacts(NORTHWIND) == ("z@n.example", "b@n.example")
        work.companies.put(work.companies.all())
        assert work.companies.billing_contacts(SOUTHSIDE) == ("s@s.example",)
        with pytest.raises(CompanyUnknown):
            work.companies.put_billing_contacts(999, ["x@x.example"])
