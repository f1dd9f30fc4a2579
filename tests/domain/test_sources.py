"""Payments and credit memos: setting money off, taking it back, sending it back (R-1, R-2, R-19 to R-21, R-25)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import (
    MemoRequired,
    MixedCurrencies,
    MoreThanAvailable,
    MoreThanOwed,
    NotReversible,
    ReceivedInFuture,
)
from domain.invoice import Status
from domain.ledger import Kind, Movement, SourceKind
from domain.payment import OFFLINE, Method, PaymentStatus, check_offline
from tests.builders import SOUTHSIDE, eur, usd
from tests.builders import a_payment as an_empty_payment
from tests.domain.given import TODAY, credited, keyed, owed, received

EARLY, MIDDLE, LATE = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


def three_invoices():
    return [
        owed(usd(100_00), "INV-00003", due_on=EARLY),
        owed(usd(100_00), "INV-00001", due_on=MIDDLE),
        owed(usd(100_00), "INV-00002", due_on=LATE),
    ]


def moved(movements: list[Movement]) -> list[tuple[str, str | None, int]]:
    return [(one.kind.value, one.invoice_id, one.amount.minor) for one in movements]


# --- setting off ----------------------------------------------------------------------------------------
def test_money_set_off_lowers_the_balance_and_what_is_available():
    invoice, payment = owed(usd(100_00)), received(usd(60_00))

    movement = payment.allocate(invoice, usd(25_00))

    assert (invoice.balance, payment.available, payment.applied) == (usd(75_00), usd(35_00), usd(25_00))
    assert (movement.kind, movement.source_kind, movement.company_id) == (
        *(Kind.ALLOCATED, SourceKind.PAYMENT),
        invoice.company_id,
    )
    assert payment.allocations == {invoice.id: 25_00}


def test_an_allocation_beyond_the_balance_changes_nothing():
    """I-2."""
    invoice, payment = owed(usd(100_00)), received(usd(200_00))

    with pytest.raises(MoreThanOwed):
        payment.allocate(invoice, usd(100_01))

    assert (invoice.balance, payment.available, payment.allocations) == (usd(100_00), usd(200_00), {})


def test_an_allocation_beyond_what_is_available_changes_nothing():
    """I-2."""
    invoice, payment = owed(usd(100_00)), received(usd(50_00))

    with pytest.raises(MoreThanAvailable):
        payment.allocate(invoice, usd(50_01))

    assert (invoice.balance, payment.available) == (usd(100_00), usd(50_00))


@pytest.mark.parametrize("source", [received(eur(50_00)), credited(eur(50_00))])
def test_money_pays_invoices_of_its_own_currency_only(source):
    """I-14."""
    with pytest.raises(MixedCurrencies):
        source.allocate(owed(usd(100_00)), eur(10_00))
    with pytest.raises(MixedCurrencies):
        source.allocate(owed(usd(100_00)), usd(10_00))


def test_money_comes_in_and_leaves_in_one_currency():
    """I-14: also taking back and posting."""
    invoice, payment = owed(usd(100_00)), received(usd(60_00))
    payment.allocate(invoice, usd(25_00))

    with pytest.raises(MixedCurrencies):
        payment.receive(eur(1_00), TODAY)
    with pytest.raises(MixedCurrencies):
        payment.deallocate(invoice, eur(1_00), TODAY)


def test_a_deallocation_never_takes_more_than_was_given():
    invoice, payment = owed(usd(100_00)), received(usd(60_00))
    payment.allocate(invoice, usd(25_00))

    with pytest.raises(MoreThanAvailable):
        payment.deallocate(invoice, usd(25_01), TODAY)
    payment.deallocate(invoice, usd(10_00), TODAY)
    assert payment.allocations == {invoice.id: 15_00}
    payment.deallocate(invoice, usd(15_00), TODAY)

    assert (payment.allocations, invoice.status) == ({}, Status.OPEN)


@pytest.mark.parametrize(
    ("issued", "paid", "asked", "effective"),
    [
        (date(2026, 8, 14), date(2026, 11, 20), {}, date(2026, 11, 20)),
        (date(2026, 11, 21), date(2026, 11, 20), {}, date(2026, 11, 21)),
        (date(2026, 8, 14), date(2026, 11, 20), {"not_before": date(2026, 11, 22)}, date(2026, 11, 22)),
        (date(2026, 11, 23), date(2026, 11, 20), {"not_before": date(2026, 11, 22)}, date(2026, 11, 23)),
        (date(2026, 8, 14), date(2026, 11, 20), {"on": date(2026, 11, 1)}, date(2026, 11, 1)),
    ],
)
def test_an_allocation_is_effective_on_the_later_of_source_and_invoice_date(issued, paid, asked, effective):
    """R-2: and never before the money came in or the books were open."""
    payment = received(usd(10_00), effective_on=paid)

    assert payment.allocate(owed(usd(10_00), issued_on=issued), usd(10_00), **asked).effective_on == effective


def test_head_office_pays_for_a_branch():
    """R-1: the row names both companies."""
    payment = received(usd(10_00), company_id=SOUTHSIDE)

    movement = payment.allocate(owed(usd(10_00)), usd(10_00))

    assert movement.payer_company_id == SOUTHSIDE
    assert movement.company_effects() == {11: -10_00, SOUTHSIDE: +10_00}


@pytest.mark.parametrize(
    ("available", "limit", "expected"),
    [
        (150_00, None, {"inv-00003": 100_00, "inv-00001": 50_00}),
        (150_00, 120_00, {"inv-00003": 100_00, "inv-00001": 20_00}),
        (350_00, None, {"inv-00003": 100_00, "inv-00001": 100_00, "inv-00002": 100_00}),
        (50_00, 500_00, {"inv-00003": 50_00}),
        (50_00, 0, {}),
    ],
)
def test_filling_goes_by_the_oldest_due_date(available, limit, expected):
    """R-19: each up to its balance; the rest stays available."""
    payment = received(usd(available))

    payment.fill(three_invoices(), None if limit is None else usd(limit))

    assert payment.allocations == expected
    assert payment.available.minor == available - sum(expected.values())


# --- taking back --------------------------------------------------------------------------------------
def spread(*parts: int, extra: int = 0):
    """A payment over the three invoices, and what stayed available."""
    invoices = three_invoices()
    payment = received(usd(sum(parts) + extra), method=Method.ONLINE)
    for invoice, part in zip(invoices, parts, strict=True):
        if part:
            payment.allocate(invoice, usd(part))
    return payment, keyed(*invoices)


@pytest.mark.parametrize(
    ("extra", "back", "expected"),
    [
        (20_00, 15_00, [("refunded", None, 15_00)]),
        (20_00, 30_00, [("deallocated", "inv-00002", 10_00), ("refunded", None, 30_00)]),
        (
            *(0, 120_00),
            [("deallocated", "inv-00002", 100_00), ("deallocated", "inv-00001", 20_00), ("refunded", None, 120_00)],
        ),
        (
            *(0, 300_00),
            [
                *(("deallocated", "inv-00002", 100_00), ("deallocated", "inv-00001", 100_00)),
                *(("deallocated", "inv-00003", 100_00), ("refunded", None, 300_00)),
            ],
        ),
    ],
)
def test_an_order_level_refund_takes_credit_first_then_the_latest_due(extra, back, expected):
    """R-20."""
    payment, invoices = spread(100_00, 100_00, 100_00, extra=extra)

    assert moved(payment.refund(usd(back), invoices, TODAY)) == expected


@pytest.mark.parametrize(
    ("named", "back", "expected"),
    [
        ({"inv-00003": 40_00}, 40_00, [("deallocated", "inv-00003", 40_00)]),
        (
            *({"inv-00003": 30_00, "inv-00001": 20_00}, 50_00),
            [("deallocated", "inv-00003", 30_00), ("deallocated", "inv-00001", 20_00)],
        ),
        ({"inv-00003": 40_00}, 45_00, [("deallocated", "inv-00003", 40_00)]),
        (
            *({"inv-00003": 40_00}, 60_00),
            [("deallocated", "inv-00003", 40_00), ("deallocated", "inv-00002", 10_00)],
        ),
        ({"inv-00003": 500_00}, 120_00, [("deallocated", "inv-00003", 100_00), ("deallocated", "inv-00002", 10_00)]),
        ({"inv-00003": 40_00}, 15_00, [("deallocated", "inv-00003", 15_00)]),
    ],
)
def test_a_refund_that_names_lines_hits_their_invoices_for_what_it_says(named, back, expected):
    """R-20: 10.00 is available; only what the lines do not explain takes it, then the latest due."""
    payment, invoices = spread(100_00, 100_00, 100_00, extra=10_00)

    movements = payment.refund(usd(back), invoices, TODAY, named={key: usd(minor) for key, minor in named.items()})

    assert moved(movements) == [*expected, ("refunded", None, back)]


def test_a_refund_is_capped_at_what_is_held():
    """R-1."""
    payment, invoices = spread(100_00, 0, 0)
    payment.refund(usd(60_00), invoices, TODAY)

    assert moved(payment.refund(usd(100_00), invoices, TODAY)) == [
        *(("deallocated", "inv-00003", 40_00), ("refunded", None, 40_00))
    ]
    assert payment.refund(usd(1), invoices, TODAY) == []


def test_a_bounced_check_opens_its_invoices_with_their_due_dates():
    """R-20: everything it still holds leaves, what was applied and what was not."""
    invoices = three_invoices()
    payment = received(usd(210_00))
    payment.fill(invoices)

    movements = payment.reverse(keyed(*invoices), TODAY)

    assert moved(movements)[-1] == ("reversed", None, 210_00)
    assert [one.status for one in invoices] == [Status.OPEN] * 3
    assert [one.content.due_on for one in invoices] == [EARLY, MIDDLE, LATE]
    assert (payment.available, payment.status) == (usd(0), PaymentStatus.REVERSED)


def test_a_payment_is_reversed_once():
    payment = received(usd(10_00))
    payment.reverse({}, TODAY)

    with pytest.raises(NotReversible):
        payment.reverse({}, TODAY)


@pytest.mark.parametrize("method", sorted(set(Method) - OFFLINE))
def test_only_what_a_person_recorded_can_be_reversed(method):
    """R-20: online money goes back by a refund, what was paid elsewhere is corrected there."""
    with pytest.raises(NotReversible) as refusal:
        received(usd(10_00), method=method).reverse({}, TODAY)

    assert ("BigCommerce" in refusal.value.sentence) is (method is not Method.ELSEWHERE)


# --- status -------------------------------------------------------------------------------------------
def posted(*kinds: tuple[Kind, int]):
    payment = received(usd(100_00), method=Method.ONLINE)
    for kind, minor in kinds:
        payment.post(kind, usd(minor), TODAY)
    return payment


@pytest.mark.parametrize(
    ("history", "status"),
    [
        ([], PaymentStatus.COMPLETED),
        ([(Kind.REFUNDED, 40_00)], PaymentStatus.PARTLY_REFUNDED),
        ([(Kind.REFUNDED, 100_00)], PaymentStatus.REFUNDED),
        ([(Kind.REFUNDED, 40_00), (Kind.PAID_OUT, 60_00)], PaymentStatus.REFUNDED),
        ([(Kind.PAID_OUT, 100_00)], PaymentStatus.COMPLETED),
        ([(Kind.REVERSED, 100_00)], PaymentStatus.REVERSED),
        ([(Kind.REFUNDED, 40_00), (Kind.REVERSED, 60_00)], PaymentStatus.REVERSED),
        ([(Kind.CHARGED_BACK, 100_00)], PaymentStatus.CHARGED_BACK),
        ([(Kind.CHARGED_BACK, 100_00), (Kind.CHARGEBACK_WON, 100_00)], PaymentStatus.COMPLETED),
    ],
)
def test_a_payments_status_is_one_of_one_list(history, status):
    """R-25; a chargeback that was won is completed again (R-20)."""
    assert posted(*history).status is status


@pytest.mark.parametrize(("failed", "status"), [(False, PaymentStatus.PENDING), (True, PaymentStatus.FAILED)])
def test_before_any_money_came_a_payment_is_pending_or_failed(failed, status):
    payment = an_empty_payment(method=Method.ONLINE, failed=failed, pending={"inv": 25_00})

    assert (payment.status, payment.amount) == (status, usd(25_00))


def test_a_payments_amount_is_everything_it_received():
    assert posted((Kind.REFUNDED, 40_00)).amount == usd(100_00)


# --- offline ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", sorted(OFFLINE))
@pytest.mark.parametrize("memo", ["", "  ", "10442"])
def test_a_check_needs_its_number(method, memo):
    """R-21."""
    if method is Method.CHECK and not memo.strip():
        with pytest.raises(MemoRequired):
            check_offline(method, memo, TODAY, TODAY)
    else:
        check_offline(method, memo, TODAY, TODAY)


def test_money_is_not_received_tomorrow():
    """R-2."""
    check_offline(Method.CASH, "", TODAY, TODAY)

    with pytest.raises(ReceivedInFuture):
        check_offline(Method.CASH, "", TODAY + timedelta(days=1), TODAY)


# --- all together --------------------------------------------------------------------------------------
amounts = st.integers(1, 150)


@given(st.lists(st.tuples(st.sampled_from(["fill", "free", "refund", "receive"]), amounts), max_size=12))
def test_money_is_conserved_whatever_is_done_with_it(steps):
    """I-1, I-2: in - out = live allocations + available; every balance is what it lost."""
    invoices = three_invoices()
    payment = received(usd(1), method=Method.ONLINE)
    for act, minor in steps:
        if act == "fill":
            payment.fill(invoices, usd(minor))
        elif act == "free":
            payment.free(usd(minor), keyed(*invoices), TODAY)
        elif act == "refund":
            payment.refund(usd(minor), keyed(*invoices), TODAY)
        else:
            payment.receive(usd(minor), TODAY)

    account = payment.account
    assert account.inflow - account.outflow == sum(payment.allocations.values()) + account.available
    assert account.available >= 0
    for invoice in invoices:
        assert invoice.balance == usd(100_00 - payment.allocations.get(invoice.id, 0))
