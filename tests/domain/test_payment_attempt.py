"""What captured money of a cart is meant for, and how long a cart reserves (R-17, R-19, F-5, F-6, T-16)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import Money
from domain.payment_attempt import (
    MOST_SINGLE_LINES,
    RESERVED_FOR,
    SKU,
    AttemptState,
    CartLine,
    PaymentAttempt,
    shares,
    standing_lines,
)
from tests.builders import an_attempt, an_instant, usd
from tests.domain.given import owed

FOREIGN = CartLine("HB-8", "Hex bolts", usd(40_00), 1)


def an_attempt_over(*amounts: int, numbers: list[str] | None = None) -> PaymentAttempt:
    """Invoices INV-00001 and on, of which the later numbers are due earlier."""
    numbers = numbers or [f"INV-{count:05d}" for count in range(1, len(amounts) + 1)]
    last = date(2026, 12, 31)
    invoices = [
        replace(owed(usd(amount), number), id=f"id-{count}")
        for count, (amount, number) in enumerate(zip(amounts, numbers, strict=True), 1)
    ]
    for count, invoice in enumerate(invoices):
        invoice.content = replace(invoice.content, due_on=last - timedelta(days=count))
    return an_attempt([(invoice, invoice.balance) for invoice in invoices], payment_number="PAY-00007")


def split_of(attempt: PaymentAttempt, lines: list[CartLine], captured: int) -> tuple[dict[str, int], list[str]]:
    found, remarks = shares(attempt, lines, usd(captured))
    return {key: money.minor for key, money in found.items()}, remarks


# --- the cart -----------------------------------------------------------------------------------------
def test_each_invoice_is_a_line_of_the_payment_product():
    """R-17."""
    assert an_attempt_over(60_00, 40_00).cart_lines() == (
        CartLine(SKU, "Invoice INV-00001", usd(60_00), 1),
        CartLine(SKU, "Invoice INV-00002", usd(40_00), 1),
    )


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (25, 25), (26, 1), (312, 1)])
def test_above_25_invoices_the_cart_has_one_line(count, lines):
    """R-17: with the number of invoices and of the payment."""
    attempt = an_attempt_over(*[1_00] * count)

    cart = attempt.cart_lines()

    assert (len(cart), sum(line.price.minor for line in cart)) == (lines, count * 1_00)
    if count > MOST_SINGLE_LINES:
        assert cart[0].name == f"Payment of {count} invoices (PAY-00007)"


# --- what came back -----------------------------------------------------------------------------------
ATTEMPT = an_attempt_over(60_00, 40_00)
FIRST, SECOND = ATTEMPT.cart_lines()


def test_lines_equal_to_the_attempt_apply_its_split():
    assert split_of(ATTEMPT, [SECOND, FIRST], 100_00) == ({"id-2": 40_00, "id-1": 60_00}, [])


@pytest.mark.parametrize(
    ("captured", "expected"),
    [(99_99, {"id-2": 40_00, "id-1": 59_99}), (40_00, {"id-2": 40_00}), (0, {}), (1, {"id-2": 1})],
)
def test_less_captured_fills_the_oldest_due_first(captured, expected):
    """R-19: INV-00002 is due a day before INV-00001."""
    found, remarks = split_of(ATTEMPT, [FIRST, SECOND], captured)

    assert found == expected
    assert len(remarks) == 1


def test_due_on_one_day_the_lower_number_comes_first():
    """R-19."""
    tied = replace(ATTEMPT, lines=tuple(replace(line, due_on="2026-12-01") for line in reversed(ATTEMPT.lines)))

    assert split_of(tied, list(tied.cart_lines()), 70_00)[0] == {"id-1": 60_00, "id-2": 10_00}


def test_more_captured_stays_unapplied():
    """R-19."""
    found, remarks = split_of(ATTEMPT, [FIRST, SECOND], 100_01)

    assert found == {"id-2": 40_00, "id-1": 60_00}
    assert remarks == ["100.01 USD was captured instead of 100.00 USD"]


def test_a_raised_quantity_pays_an_invoice_once():
    """T-16."""
    found, remarks = split_of(ATTEMPT, [replace(FIRST, quantity=3), SECOND], 220_00)

    assert found == {"id-2": 40_00, "id-1": 60_00}
    assert remarks[0] == "the quantity of a line was raised"


def test_a_removed_line_is_not_paid():
    """T-16: the captured money is the other line's."""
    found, remarks = split_of(ATTEMPT, [FIRST], 60_00)

    assert found == {"id-1": 60_00}
    assert remarks[0] == "1 of 2 lines were removed or changed"


@pytest.mark.parametrize(
    "changed",
    [
        replace(FIRST, price=usd(50_00)),
        replace(FIRST, name="Invoice INV-09999"),
        replace(FIRST, sku="OTHER"),
    ],
    ids=["price", "name", "product"],
)
def test_a_changed_line_is_not_guessed(changed):
    """R-17: a line is the attempt's by product, name and price."""
    found, remarks = split_of(ATTEMPT, [changed, SECOND], 100_00)

    assert found == {"id-2": 40_00}
    assert "1 of 2 lines were removed or changed" in remarks


def test_with_no_line_of_ours_left_everything_stays_unapplied():
    found, remarks = split_of(ATTEMPT, [FOREIGN], 40_00)

    assert found == {}
    assert remarks


def test_a_foreign_line_beside_ours_keeps_its_own_money():
    """T-16: everything was captured, so the rest is told apart and stays available credit."""
    found, remarks = split_of(ATTEMPT, [FIRST, SECOND, FOREIGN], 140_00)

    assert found == {"id-2": 40_00, "id-1": 60_00}
    assert remarks[0] == "“Hex bolts” is not part of the payment"


@pytest.mark.parametrize("captured", [1, 100_00, 139_99])
def test_a_foreign_line_that_cannot_be_separated_leaves_all_unapplied(captured):
    """R-19: nobody can say which part of the captured money was for the bolts."""
    found, remarks = split_of(ATTEMPT, [FIRST, SECOND, FOREIGN], captured)

    assert found == {}
    assert remarks


def test_one_line_for_many_invoices_has_its_split_in_the_attempt():
    """R-17, R-19."""
    attempt = an_attempt_over(*[10_00] * 30)

    found, remarks = split_of(attempt, list(attempt.cart_lines()), 300_00)

    assert (len(found), set(found.values()), remarks) == (30, {10_00}, [])
    assert split_of(attempt, list(attempt.cart_lines()), 25_00)[0] == {"id-30": 10_00, "id-29": 10_00, "id-28": 5_00}
    assert split_of(attempt, [FOREIGN], 300_00)[0] == {}


def test_two_invoices_of_one_number_are_two_lines():
    """R-5: the ERP's INV-00001 and ours; a line of the order stands for one of them only."""
    attempt = an_attempt_over(60_00, 60_00, numbers=["INV-00001", "INV-00001"])
    line = attempt.cart_lines()[0]

    assert split_of(attempt, [line, line], 120_00) == ({"id-2": 60_00, "id-1": 60_00}, [])
    assert split_of(attempt, [replace(line, quantity=2)], 120_00) == ({"id-2": 60_00, "id-1": 60_00}, [])
    assert split_of(attempt, [line], 60_00)[0] == {"id-1": 60_00}


def test_two_invoices_of_one_number_are_told_apart_by_price():
    attempt = an_attempt_over(60_00, 40_00, numbers=["INV-00001", "INV-00001"])
    first, second = attempt.cart_lines()

    assert split_of(attempt, [second], 40_00)[0] == {"id-2": 40_00}
    assert [paid[0].invoice_id for _, paid in standing_lines(attempt, [second, first])] == ["id-1", "id-2"]


lines = st.lists(st.sampled_from([FIRST, SECOND, FOREIGN, replace(FIRST, quantity=2), replace(SECOND, price=usd(1))]))


@given(lines, st.integers(0, 300_00))
def test_no_more_is_meant_than_was_captured_or_asked(found_lines, captured):
    found, _ = split_of(ATTEMPT, found_lines, captured)

    assert sum(found.values()) <= captured
    assert all(minor <= {"id-1": 60_00, "id-2": 40_00}[key] for key, minor in found.items())


@given(st.integers(1, 100_00), st.integers(1, 100_00))
def test_further_captures_only_ever_add(early, more):
    """R-19: shares of more money are at least those of less."""
    cart = [FIRST, SECOND]
    before, after = split_of(ATTEMPT, cart, early)[0], split_of(ATTEMPT, cart, early + more)[0]

    assert all(after.get(key, 0) >= minor for key, minor in before.items())


# --- reservation --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "reserves"), [(0, True), (29, True), (30, False), (31, False), (14_400, False)])
@pytest.mark.parametrize("state", AttemptState)
def test_a_cart_reserves_for_half_an_hour(state, minutes, reserves):
    """F-5, F-6: soft, by time alone, and only while nothing came of it."""
    attempt = replace(ATTEMPT, state=state, started_at=an_instant(20))
    waits = state in (AttemptState.STARTED, AttemptState.CART_MADE)

    assert attempt.reserves(an_instant(20) + timedelta(minutes=minutes)) is (waits and reserves)
    assert attempt.expires_at == an_instant(20) + RESERVED_FOR


def test_an_attempts_total_is_what_its_cart_must_cost():
    assert ATTEMPT.total == Money(100_00, "USD")
    assert ATTEMPT.with_cart("cart-1").state is AttemptState.CART_MADE
