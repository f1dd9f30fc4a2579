"""Lists mean what `domain.listing` says: pages of SQL equal filter and sort in Python, whatever the rows and filters.

The same trade is written to both storages; every page, forwards and back, must be the same on both.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.sql.work import SqlDatabase
from domain.errors import InputInvalid, NotFound
from domain.events import Act
from domain.ids import new_id
from domain.invoice import Invoice, Source
from domain.ledger import Movement
from domain.listing import INVOICE_SORTS, InvoiceFilter, OrderFilter, Page, PaymentFilter, View
from domain.money import Money
from domain.order import Order
from domain.payment import Method, Payment, PaymentStatus
from domain.ports import Work
from domain.store import Connection
from tests.builders import (
    a_company,
    a_credit_memo,
    a_payment,
    a_review,
    an_attempt,
    an_invoice,
    an_order,
    finance,
    given_credit_memo,
    given_invoice,
    given_payment,
    usd,
)
from tests.contracts.conftest import Storage
from tests.memory import MemoryDatabase

TODAY = datetime.now(UTC).date()
DAYS = st.sampled_from([TODAY + timedelta(days=days) for days in (-40, -2, -1, 0, 1, 30)])
NAMES = {11: "Northwind Straße", 12: "SOUTHSIDE Ünal", 13: "northwind 2"}
OWN_COMPANIES = st.sampled_from([None, None, frozenset({11, 13}), frozenset()])
FRAGMENTS = st.sampled_from(
    ["", " ", "1", "inv-", "INV-0001", "north", "STRASSE", "ünal", "po", "100%", "%", "_", "\\", "a_b", "PO-7", "116"]
)
PO_NUMBERS = st.sampled_from(["", "PO-7", "po 12", "100%", "a_b", "\\", "Straße"])


# --- invoices ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class InvoicePlan:
    invoice: Invoice
    fate: str


FATES = ["open", "part paid", "paid", "credited", "written off", "mixed", "void", "deleted", "pending", "being paid"]


@st.composite
def invoice_plans(draw: st.DrawFn) -> list[InvoicePlan]:
    numbers = draw(st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True))
    return [InvoicePlan(draw(_invoices(number)), draw(st.sampled_from(FATES))) for number in numbers]


@st.composite
def _invoices(draw: st.DrawFn, number: int) -> Invoice:
    company_id = draw(st.sampled_from(list(NAMES)))
    total = Money(draw(st.sampled_from([0, 100, 2_00, 500_00])), draw(st.sampled_from(["USD", "JPY"])))
    return an_invoice(
        total,
        f"INV-{number:05d}",
        id=_id_of(number),
        source=draw(st.sampled_from([Source.ERP, Source.MANUAL])),
        company_id=company_id,
        company_name=NAMES[company_id],
        order_id=draw(st.sampled_from([None, 60, 1160, 1161])),
        po_number=draw(PO_NUMBERS),
        issued_on=draw(DAYS),
        due_on=draw(DAYS),
        channel_id=draw(st.sampled_from([None, 1, 2])),
    )


invoice_filters = st.builds(
    InvoiceFilter,
    view=st.sampled_from(View),
    search=FRAGMENTS,
    company_id=st.sampled_from([None, None, *NAMES]),
    companies=OWN_COMPANIES,
    source=st.sampled_from([None, None, Source.ERP]),
    issued_from=st.none() | DAYS,
    issued_to=st.none() | DAYS,
    due_from=st.none() | DAYS,
    due_to=st.none() | DAYS,
    order_id=st.sampled_from([None, None, None, 1160]),
    number=st.sampled_from(["", "", "inv-0001", "PO", "1\x1f"]),
    channel_id=st.sampled_from([None, None, None, 2]),
    currency=st.sampled_from([None, None, "USD"]),
    ids=st.sampled_from(
        [None, None, None, (), ("no id",), tuple(f"01900000-0000-7000-8000-{n:012d}" for n in range(20))]
    ),
    total_from=st.sampled_from([None, None, usd(2_00), Money(100, "JPY")]),
    total_to=st.sampled_from([None, None, usd(2_00), usd(499_99)]),
    sort=st.sampled_from([sign + name for name in INVOICE_SORTS for sign in ("", "-")]),
)


def write_invoices(work: Work, plans: list[InvoicePlan]) -> None:
    for plan in plans:
        invoice = given_invoice(work, copy.deepcopy(plan.invoice), finance(work.store.id))
        _befall(work, invoice, plan.fate)


def _befall(work: Work, invoice: Invoice, fate: str) -> None:
    whole = invoice.balance
    part = Money(max(whole.minor // 2, 0), whole.currency)
    movements: list[Movement] = []
    match fate:
        case "part paid" | "paid" | "mixed" if part:
            given_payment(work, whole, [(invoice, part if fate != "paid" else whole)], _payment_for(invoice))
        case "credited" if whole:
            memo = a_credit_memo(f"CM-{invoice.number}", currency=whole.currency, company_id=invoice.company_id)
            given_credit_memo(work, whole, [(invoice, whole)], memo)
        case "void":
            movements = invoice.void(TODAY)
        case "deleted" if whole:
            movements = invoice.delete(TODAY)
        case "pending" if whole:
            work.payments.add(_payment_for(invoice, pending={invoice.id: part.minor or 1}))
        case "being paid" if whole:
            work.attempts.add(an_attempt([(invoice, whole)], started_at=work.now() - timedelta(minutes=5)))
    if fate in ("written off", "mixed") and invoice.balance:
        movements = [invoice.write_off(invoice.balance, TODAY)]
    if invoice.removed is not None:
        work.invoices.save(invoice)
    work.book(finance(work.store.id), Act(fate, "invoice", invoice.id), movements)


def _payment_for(invoice: Invoice, **changes: Any) -> Payment:
    """Its id follows from the invoice's, so that both storages write the same."""
    return a_payment(
        f"PAY-{invoice.number}", id=invoice.id, currency=invoice.currency, company_id=invoice.company_id, **changes
    )


# --- orders ------------------------------------------------------------------------------------------------
@st.composite
def orders(draw: st.DrawFn) -> list[Order]:
    ids = draw(st.lists(st.integers(1100, 1200), min_size=1, max_size=8, unique=True))
    return [draw(_orders(order_id)) for order_id in ids]


@st.composite
def _orders(draw: st.DrawFn, order_id: int) -> Order:
    days = draw(st.sampled_from([0, 1, 2]))
    return an_order(
        order_id,
        draw(st.sampled_from([None, 99, *NAMES])),
        placed_at=datetime(2026, 11, 20, draw(st.sampled_from([0, 12, 23])), tzinfo=UTC) - timedelta(days=days),
        total=usd(draw(st.sampled_from([100, 2_00, 500_00]))),
        po_number=draw(PO_NUMBERS),
        buyer_name=draw(st.sampled_from(["Bea Buyer", "Ünal", ""])),
        status_id=draw(st.sampled_from([0, 5, 11])),
        is_archived=draw(st.booleans()),
        is_invoice_payment=draw(st.sampled_from([False, False, True])),
    )


order_filters = st.builds(
    OrderFilter,
    search=FRAGMENTS,
    company_id=st.sampled_from([None, None, *NAMES]),
    companies=OWN_COMPANIES,
    invoiced=st.sampled_from([None, True, False]),
    status_id=st.sampled_from([None, None, 11]),
    placed_from=st.sampled_from([None, date(2026, 11, 19), date.min]),
    placed_to=st.sampled_from([None, date(2026, 11, 19), date.max]),
    number=st.sampled_from(["", "", "1", "60"]),
    cut_over=st.sampled_from([None, date(2026, 11, 19), date.min]),
    historic=st.sampled_from([None, False, True]),
    time_zone=st.sampled_from(["UTC", "America/Los_Angeles"]),
    sort=st.sampled_from(["placed", "-placed", "order", "-order", "total", "-total"]),
)


def write_orders(work: Work, placed: list[Order]) -> None:
    work.orders.put(placed)
    for order in placed:
        if order.id % 3 == 0 and order.company_id in NAMES:
            source = Source.ORDER if order.id % 2 else Source.ERP
            invoice = an_invoice(number=f"INV-{order.id}", order_id=order.id, source=source, id=_id_of(order.id))
            given_invoice(work, invoice, finance(work.store.id))
        if order.id % 2 == 0:
            kind = "gone" if order.id % 4 else "larger"
            work.reviews.open(a_review(subject_id=str(order.id), facts={"change": kind}))
    work.book(finance(work.store.id), Act("orders.written", "order", "1"))


def _id_of(number: int) -> str:
    return f"01900000-0000-7000-8000-{number:012d}"


# --- payments ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PaymentPlan:
    payment: Payment
    amount: int
    fate: str


@st.composite
def payment_plans(draw: st.DrawFn) -> list[PaymentPlan]:
    numbers = draw(st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True))
    return [draw(_payment_plans(number)) for number in numbers]


@st.composite
def _payment_plans(draw: st.DrawFn, number: int) -> PaymentPlan:
    payment = a_payment(
        f"PAY-{number:05d}",
        id=_id_of(number),
        company_id=draw(st.sampled_from(list(NAMES))),
        method=draw(st.sampled_from([Method.CHECK, Method.ONLINE, Method.ELSEWHERE])),
        memo=draw(st.sampled_from(["", "Check 116", "straße", "100%"])),
        bc_order_id=draw(st.sampled_from([None, 1160 + number])),
        effective_on=draw(DAYS),
        failed=draw(st.booleans()),
        announced=draw(st.sampled_from([0, 0, 30])),
        needs_review=draw(st.booleans()),
    )
    amount = draw(st.sampled_from([0, 100, 500_00]))
    return PaymentPlan(payment, amount, draw(st.sampled_from(["kept", "refunded", "partly refunded", "reversed"])))


payment_filters = st.builds(
    PaymentFilter,
    search=FRAGMENTS,
    company_id=st.sampled_from([None, None, *NAMES]),
    companies=OWN_COMPANIES,
    status=st.sampled_from([None, None, *PaymentStatus]),
    method=st.sampled_from([None, None, Method.CHECK]),
    received_from=st.none() | DAYS,
    received_to=st.none() | DAYS,
    unapplied_only=st.booleans(),
    invoice=st.sampled_from(["", "", "", "INV-1", "inv-a1", "2"]),
    is_online=st.sampled_from([None, None, True, False]),
    needs_review=st.sampled_from([False, False, True]),
    sort=st.sampled_from(["received", "-received", "number", "-number", "amount", "-amount", "-available"]),
)


def write_payments(work: Work, plans: list[PaymentPlan]) -> None:
    invoices = {
        company_id: given_invoice(
            work,
            an_invoice(usd(10_000_00), f"INV-a{number}", id=_id_of(90 + number), company_id=company_id),
            finance(work.store.id),
        )
        for number, company_id in enumerate(NAMES)
    }
    for plan in plans:
        payment = copy.deepcopy(plan.payment)
        work.payments.add(payment)
        if not plan.amount:
            continue
        amount = usd(plan.amount)
        transaction_id = f"{payment.number}-x116" if payment.is_online else None
        movements = [payment.receive(amount, TODAY, transaction_id=transaction_id)]
        invoice = invoices[payment.company_id]
        if plan.amount == 500_00:
            movements.append(payment.allocate(invoice, usd(2_00)))
        match plan.fate:
            case "refunded":
                movements += payment.refund(amount, {invoice.id: invoice}, TODAY)
            case "partly refunded":
                movements += payment.refund(usd(1), {invoice.id: invoice}, TODAY)
            case "reversed" if not payment.is_online:
                movements += payment.reverse({invoice.id: invoice}, TODAY)
        work.book(finance(work.store.id), Act(plan.fate, "payment", payment.id), movements)


# --- both storages side by side ------------------------------------------------------------------------------
class Pair:
    """Writes to both storages, each time into a new store, and asks both."""

    def __init__(self, sql: SqlDatabase) -> None:
        self._databases = (MemoryDatabase(), sql)
        self._stores = 0

    def write(self, write: Callable[[Work, Any], None], plan: Any) -> None:
        self._stores += 1
        for database in self._databases:
            store = database.stores.put(f"store{self._stores}", Connection.CONNECTED)
            with database.open_work(store.id) as work:
                work.companies.put([a_company(company_id, name) for company_id, name in NAMES.items()])
                write(work, plan)
                work.commit()

    def ask(self, question: Callable[[Work], Any]) -> tuple[Any, Any]:
        answers = []
        for database in self._databases:
            store = database.stores.find(f"store{self._stores}")
            assert store is not None
            with database.open_work(store.id) as work:
                answers.append(question(work))
        return answers[0], answers[1]

    def must_agree(self, question: Callable[[Work], Any]) -> Any:
        expected, found = self.ask(question)
        assert found == expected
        return found


@pytest.fixture(scope="module")
def pair(sql_database: SqlDatabase, _cleaner: Any) -> Iterator[Pair]:
    yield Pair(sql_database)
    _cleaner.clean()


def walk(fetch: Callable[[str | None], Page[Any]]) -> list[Page[Any]]:
    """All pages to the end and back to the beginning."""
    pages = [fetch(None)]
    while pages[-1].next_cursor is not None:
        pages.append(fetch(pages[-1].next_cursor))
        assert len(pages) < 100
    forward = [row.id for page in pages for row in page.rows]
    assert len(set(forward)) == len(forward)
    back = [pages[-1]]
    while back[-1].previous_cursor is not None:
        back.append(fetch(back[-1].previous_cursor))
    assert [row.id for page in reversed(back) for row in page.rows] == forward
    return pages


SETTINGS = settings(max_examples=20, print_blob=True)
FEW_FILTERS = 4


@SETTINGS
@given(invoice_plans(), st.lists(invoice_filters, min_size=FEW_FILTERS, max_size=FEW_FILTERS), st.integers(2, 5))
def test_the_invoice_list_is_its_filter(
    pair: Pair, plans: list[InvoicePlan], filters: list[InvoiceFilter], limit: int
) -> None:
    pair.write(write_invoices, plans)

    for chosen in filters:
        pages = pair.must_agree(lambda work, chosen=chosen: walk(lambda at: work.queries.invoices(chosen, limit, at)))
        counts = pair.must_agree(lambda work, chosen=chosen: work.queries.invoice_counts(chosen))
        assert counts[chosen.view] == sum(len(page.rows) for page in pages)
        assert counts["all"] == counts["unpaid"] + counts["closed"] + counts["void"]
        sums = pair.must_agree(lambda work, chosen=chosen: work.queries.invoice_sums(chosen))
        assert sum(one.count for one in sums) == counts[chosen.view]
    for company_id in (None, *NAMES, 99):
        pair.must_agree(lambda work, company_id=company_id: work.queries.totals(company_id))
        pair.must_agree(lambda work, company_id=company_id: work.queries.totals(company_id, frozenset({11, 99})))
    for companies in (None, frozenset({11, 99})):
        pair.must_agree(lambda work, companies=companies: work.queries.figures(companies))
    for plan in plans:
        pair.must_agree(lambda work, plan=plan: work.queries.invoice_row(plan.invoice.id))
        pair.must_agree(lambda work, plan=plan: [_no_source(one) for one in work.queries.payments_of(plan.invoice.id)])
        moved = pair.must_agree(
            lambda work, plan=plan: [_no_times(one) for one in work.queries.movements_of(plan.invoice.id)]
        )
        shown = pair.must_agree(lambda work, plan=plan: work.queries.invoice_row(plan.invoice.id).balance)
        assert (moved[-1].balance if moved else shown) == shown


def _no_times(line: Any) -> Any:
    """The moments differ as well."""
    return replace(line, source_id="", recorded_at=datetime.min.replace(tzinfo=UTC))


def _no_source(line: Any) -> Any:
    """Credit memos get an id of their own in each storage."""
    return replace(line, source_id="")


@SETTINGS
@given(orders(), st.lists(order_filters, min_size=FEW_FILTERS, max_size=FEW_FILTERS), st.integers(2, 5))
def test_the_order_list_is_its_filter(pair: Pair, placed: list[Order], filters: list[OrderFilter], limit: int) -> None:
    pair.write(write_orders, placed)

    for chosen in filters:
        pair.must_agree(lambda work, chosen=chosen: walk(lambda at: work.queries.orders(chosen, limit, at)))
        pair.must_agree(lambda work, chosen=chosen: work.queries.order_counts(chosen))


@SETTINGS
@given(payment_plans(), st.lists(payment_filters, min_size=FEW_FILTERS, max_size=FEW_FILTERS), st.integers(2, 5))
def test_the_payment_list_is_its_filter(
    pair: Pair, plans: list[PaymentPlan], filters: list[PaymentFilter], limit: int
) -> None:
    pair.write(write_payments, plans)

    for chosen in filters:
        pair.must_agree(lambda work, chosen=chosen: walk(lambda at: work.queries.payments(chosen, limit, at)))
    for companies in (None, frozenset({11, 99})):
        pair.must_agree(lambda work, companies=companies: work.queries.figures(companies))


# --- single rules --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", ["", "+issued", "--issued", "status", "issued; DROP TABLE invoice", "search_text"])
def test_a_list_is_sorted_only_by_what_it_names(storage: Storage, wrong: str) -> None:
    """T-36."""
    with storage.work() as work:
        for ask in (
            lambda: work.queries.invoices(InvoiceFilter(sort=wrong), 10, None),
            lambda: work.queries.orders(OrderFilter(sort=wrong), 10, None),
            lambda: work.queries.payments(PaymentFilter(sort=wrong), 10, None),
        ):
            with pytest.raises(InputInvalid):
                ask()


def test_a_cursor_belongs_to_its_sort_order(storage: Storage) -> None:
    with storage.work() as work:
        given_invoice(work)
        given_invoice(work)
        cursor = work.queries.invoices(InvoiceFilter(sort="issued"), 1, None).next_cursor
        assert cursor is not None

        broken = [("issued", wrong) for wrong in (cursor[:-4], "é", "W10")]
        for sort, wrong in [("-issued", cursor), ("due", cursor), *broken]:
            with pytest.raises(InputInvalid):
                work.queries.invoices(InvoiceFilter(sort=sort), 1, wrong)


def test_a_payment_that_went_back_stays_in_the_history_of_its_invoice(storage: Storage) -> None:
    """R-20: the buyer sees which check bounced."""
    with storage.work() as work:
        invoice = given_invoice(work)
        payment = given_payment(work, usd(60_00), [(invoice, usd(40_00))])
        moved = given_payment(work, usd(10_00), [(invoice, usd(10_00))])
        invoices = {invoice.id: invoice}
        work.book(finance(), Act("reversed", "payment", payment.id), payment.reverse(invoices, TODAY))
        work.book(finance(), Act("moved", "payment", moved.id), [moved.deallocate(invoice, usd(10_00), TODAY)])

        lines = work.queries.payments_of(invoice.id)
        assert [(one.number, one.status, one.amount) for one in lines] == [(payment.number, "Reversed", usd(40_00))]
        assert work.queries.invoices_of(payment.id) == []
        assert work.queries.payments_of("no id") == []


def test_the_invoices_of_a_payment_come_by_number(storage: Storage) -> None:
    with storage.work() as work:
        second, first = given_invoice(work, an_invoice(number="INV-2")), given_invoice(work, an_invoice(number="INV-1"))
        payment = given_payment(work, usd(50_00), [(second, usd(30_00)), (first, usd(20_00))])

        assert work.queries.invoices_of(payment.id) == [
            (first.id, "INV-1", usd(20_00)),
            (second.id, "INV-2", usd(30_00)),
        ]


def test_an_unknown_invoice_has_no_row(storage: Storage) -> None:
    with storage.work() as work:
        for unknown in (new_id(), "INV-1"):
            with pytest.raises(NotFound):
                work.queries.invoice_row(unknown)


def test_every_movement_of_a_payment_is_told_with_who_booked_it(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work)
        payment = given_payment(work, usd(60_00), [(invoice, usd(40_00))], transaction_id="501")
        work.commit()

    with storage.work() as work:
        received, applied = work.queries.movements_of_payment(payment.id)
        assert (received.kind.value, received.effect, received.transaction_id) == ("received", usd(60_00), "501")
        assert (applied.effect, applied.invoice_id, applied.invoice_number) == (-usd(40_00), invoice.id, invoice.number)
        assert {one.who for one in (received, applied)} == {"fiona@example.com"}
