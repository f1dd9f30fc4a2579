"""I-10: two stores with the same ids, numbers and names; nothing of one is read, changed or counted in the other."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.errors import NotFound
from domain.events import Act, Event
from domain.invoice import Invoice
from domain.listing import InvoiceFilter, OrderFilter, PaymentFilter
from domain.payment import Payment
from domain.ports import Work
from domain.roles import Role
from domain.store import Settings
from tests.builders import (
    a_buyer,
    a_company,
    a_credit_memo,
    a_payment,
    a_profile,
    a_review,
    a_staff_member,
    an_attempt,
    an_instant,
    an_invoice,
    an_order,
    finance,
    given_credit_memo,
    given_invoice,
    given_payment,
    usd,
)
from tests.contracts.conftest import Storage

INVOICE, PAYMENT, MEMO, ATTEMPT = (f"01900000-0000-7000-8000-00000000000{n}" for n in range(1, 5))

READS: dict[str, Callable[[Work], Any]] = {
    "invoice by number": lambda work: work.invoices.find_number("portal", "INV-1"),
    "invoice by external id": lambda work: work.invoices.find_external("portal", "E-1"),
    "invoices of an order": lambda work: work.invoices.live_for_order(1160),
    "open invoices": lambda work: work.invoices.open_of(11, "USD"),
    "payment of an order": lambda work: work.payments.find_by_order(77),
    "booked transactions": lambda work: work.payments.booked_transactions(["tx-1"]),
    "allocations": lambda work: work.payments.allocated_to(INVOICE),
    "pending": lambda work: work.payments.pending_on([INVOICE]),
    "payment number": lambda work: work.payments.number_is_used("PAY-1"),
    "similar payment": lambda work: work.payments.find_similar(
        a_payment(memo="Check 7"), usd(50_00), an_instant(1).date()
    ),
    "locked payments": lambda work: work.payments.locked([PAYMENT]),
    "credit memo": lambda work: work.credit_memos.find_external("portal", "CME-1"),
    "locked credit memos": lambda work: work.credit_memos.locked([MEMO]),
    "order": lambda work: work.orders.find(1160),
    "waiting orders": lambda work: work.orders.without_company(an_instant(1)),
    "order count": lambda work: work.orders.count(),
    "buyer": lambda work: work.companies.find_buyer(101),
    "buyers": lambda work: work.companies.buyers_of(11),
    "company by ERP id": lambda work: work.companies.find_external("ERP-1"),
    "companies": lambda work: [company.id for company in work.companies.all()][2:],
    "attempt of a cart": lambda work: work.attempts.find_by_cart("cart-1"),
    "reservations": lambda work: work.attempts.reserving([INVOICE], an_instant()),
    "unpaid carts": lambda work: work.attempts.unpaid_before(an_instant(21)),
    "reviews": lambda work: work.reviews.list_open(),
    "staff": lambda work: work.staff.all(),
    "member": lambda work: work.staff.find(2),
    "profile": lambda work: work.notes.profile(),
    "secret": lambda work: work.notes.secret("access_token"),
    "fact": lambda work: work.notes.fact("sync"),
    "inbox": lambda work: work.inbox.waiting(),
    "outbox": lambda work: work.outbox.waiting(),
    "claim": lambda work: work.outbox.claim(),
    "invoice list": lambda work: list(work.queries.invoices(InvoiceFilter(), 10, None).rows),
    "invoice counts": lambda work: sum(work.queries.invoice_counts(InvoiceFilter()).values()),
    "totals": lambda work: work.queries.totals(None),
    "order list": lambda work: list(work.queries.orders(OrderFilter(), 10, None).rows),
    "order counts": lambda work: work.queries.order_counts(OrderFilter())["all"],
    "payment list": lambda work: list(work.queries.payments(PaymentFilter(), 10, None).rows),
    "payments of an invoice": lambda work: work.queries.payments_of(INVOICE),
    "invoices of a payment": lambda work: work.queries.invoices_of(PAYMENT),
    "history": lambda work: work.queries.history("invoice", INVOICE),
    "events": lambda work: work.queries.events_after(0, 10),
}

GETS: dict[str, Callable[[Work], Any]] = {
    "invoice": lambda work: work.invoices.get(INVOICE),
    "locked invoice": lambda work: work.invoices.locked([INVOICE]),
    "payment": lambda work: work.payments.get(PAYMENT),
    "credit memo": lambda work: work.credit_memos.get(MEMO),
    "order": lambda work: work.orders.get(1160),
    "company": lambda work: work.companies.get(500),
    "attempt": lambda work: work.attempts.get(ATTEMPT),
    "row": lambda work: work.queries.invoice_row(INVOICE),
}


def fill(work: Work) -> tuple[Invoice, Payment]:
    """One of everything."""
    work.companies.put([a_company(500, "Five Hundred", external_id="ERP-1")])
    work.companies.put_buyers([a_buyer()])
    work.orders.put([an_order(), an_order(1161, None)])
    invoice = given_invoice(work, an_invoice(number="INV-1", id=INVOICE, external_id="E-1", order_id=1160))
    work.attempts.add(an_attempt([(invoice, usd(1))], id=ATTEMPT).with_cart("cart-1"))
    check = a_payment("PAY-1", id=PAYMENT, memo="Check 7", bc_order_id=77)
    payment = given_payment(work, usd(50_00), [(invoice, usd(50_00))], check, transaction_id="tx-1")
    work.payments.add(a_payment("PAY-2", pending={invoice.id: 5}))
    given_credit_memo(work, usd(5_00), memo=a_credit_memo("CM-1", id=MEMO, external_id="CME-1"))
    work.reviews.open(a_review())
    work.staff.put(a_staff_member())
    work.notes.put_settings(Settings(invoice_prefix="X-"))
    work.notes.put_profile(a_profile())
    work.notes.put_secret("access_token", "secret")
    work.notes.put_fact("sync", {"seen": 1})
    work.notes.put_fact("role_rights", {"Viewer": {"view orders": False}})
    work.numbers.take("invoice")
    work.once.claim("scope", "key", "fingerprint")
    work.inbox.put("order", "1160")
    return invoice, payment


@pytest.fixture
def one_is_full(storage: Storage) -> Storage:
    """The first store has one of everything, the second only its two companies."""
    with storage.work() as work:
        fill(work)
        work.commit()
    return storage


def test_a_read_finds_its_own_store_s_rows_only(one_is_full: Storage) -> None:
    with one_is_full.work() as work:
        assert [name for name, read in READS.items() if not read(work)] == []
    with one_is_full.work(one_is_full.other) as work:
        assert {name: read(work) for name, read in READS.items() if read(work)} == {}


def test_what_is_another_store_s_is_not_there(one_is_full: Storage) -> None:
    """T-6: the same answer as for what does not exist."""
    for get in GETS.values():
        with one_is_full.work() as work:
            assert get(work)
        with one_is_full.work(one_is_full.other) as work, pytest.raises(NotFound):
            get(work)


def test_settings_rights_numbers_and_keys_are_the_store_s_own(one_is_full: Storage) -> None:
    with one_is_full.work(one_is_full.other) as work:
        assert work.notes.settings() == Settings()
        assert "view orders" in {right.value for right in work.notes.role_rights(Role.VIEWER)}
        assert work.numbers.take("invoice") == 1
        assert work.once.claim("scope", "key", "another") is None


def test_two_stores_hold_the_same_ids_numbers_and_keys_side_by_side(one_is_full: Storage) -> None:
    """T-39: a duplicate error would tell one store what the other has."""
    with one_is_full.work(one_is_full.other) as work:
        invoice, payment = fill(work)
        work.book(
            finance(work.store.id),
            Act("written off", "invoice", invoice.id),
            [invoice.write_off(usd(7_00), an_instant().date())],
            [Event("invoice.updated", invoice.id)],
        )
        work.staff.remove(2)
        work.companies.remove_buyer(101)
        work.notes.put_secret("access_token", None)
        work.commit()

    with one_is_full.work() as work:
        assert work.invoices.get(INVOICE).balance == usd(50_00)
        assert work.payments.get(PAYMENT) == payment
        assert work.staff.find(2) is not None
        assert work.companies.find_buyer(101) is not None
        assert work.notes.secret("access_token") == "secret"
        assert len(work.queries.events_after(0, 10)) == 2
