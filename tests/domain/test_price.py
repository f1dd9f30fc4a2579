"""Unit prices are exact decimals; only extended amounts are money (R-6)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InputInvalid
from domain.invoice import Line
from domain.money import Money
from domain.price import UnitPrice, exact_decimal, plain
from tests.builders import usd

prices = st.decimals(0, 10**6, places=8, allow_nan=False)
quantities = st.decimals(0, 10**4, places=8, allow_nan=False)


@given(prices, quantities, st.sampled_from([1, 10, 100, 1000]), st.sampled_from(["USD", "JPY", "KWD"]))
def test_quantity_times_price_is_rounded_once(price, quantity, base, currency):
    extended = UnitPrice(price, base).extended(quantity, currency)

    exact = Fraction(price) * Fraction(quantity) / base * 10 ** {"USD": 2, "JPY": 0, "KWD": 3}[currency]
    assert extended.minor == int(exact + Fraction(1, 2))


def test_long_decimals_are_not_rounded_twice():
    """20 digits times 20 digits do not fit the 28 of decimal arithmetic: 1.00499...9 stays below half."""
    quantity = Decimal("100.49999999")
    price = Decimal("0.01")
    assert UnitPrice(price).extended(quantity, "USD") == usd(1_00)
    assert UnitPrice(Decimal("9999999999.99999999")).extended(Decimal("0.00000050"), "USD") == usd(5000_00)
    tiny = Decimal("0.00000001")
    assert UnitPrice(tiny).extended(Decimal("499999999999.99999999"), "JPY") == Money(5000, "JPY")
    assert UnitPrice(tiny).extended(Decimal("49999999.99999999"), "JPY") == Money(0, "JPY")


@pytest.mark.parametrize(
    ("price", "base", "quantity", "minor"),
    [("12.5", 100, "40", 5_00), ("0.035", 1, "1000", 35_00), ("7", 1000, "1500", 10_50), ("0.005", 1, "1", 1)],
)
def test_a_price_may_be_per_hundred_or_thousand(price, base, quantity, minor):
    assert UnitPrice(Decimal(price), base).extended(Decimal(quantity), "USD") == usd(minor)


@pytest.mark.parametrize("base", [0, 2, -1, 10000])
def test_other_price_bases_are_refused(base):
    with pytest.raises(InputInvalid):
        UnitPrice(Decimal(1), base)


@pytest.mark.parametrize("text", ["1", "-2.5", "0.00000001", "123456789012.12345678"])
def test_plain_decimals_are_read_exactly(text):
    assert exact_decimal(text, "quantity") == Decimal(text)


@pytest.mark.parametrize(
    "text", ["", " 1", "1e3", "1_0", "NaN", "Infinity", "１", "1.123456789", "1.", ".1", "1,5", "+1"]
)
def test_other_decimals_are_refused_and_the_field_is_named(text):
    with pytest.raises(InputInvalid) as refusal:
        exact_decimal(text, "lines[0].quantity")

    assert refusal.value.field == "lines[0].quantity"


@pytest.mark.parametrize(
    ("value", "text"),
    [("2", "2"), ("2.00", "2"), ("2.50", "2.5"), ("1E+2", "100"), ("0.00", "0"), ("100", "100"), ("0.0001", "0.0001")],
)
def test_decimals_are_shown_without_needless_zeros(value, text):
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("amount", "discount", "is_off"),
    [(20_00, None, False), (20_01, None, False), (20_02, None, True), (19_98, None, True), (15_00, 5_00, False)],
)
def test_a_line_that_does_not_multiply_out_by_over_one_unit_is_a_finding(amount, discount, is_off):
    """R-6: the amount is taken as stated."""
    line = Line(
        *("Bolts", Decimal(2), UnitPrice(Decimal("10.00")), usd(amount)),
        discount=usd(discount) if discount is not None else None,
    )

    assert line.is_off is is_off
