"""Money is whole minor units: what may be typed, what arithmetic may do (T-15, I-14, D1)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import AmountInvalid, CurrencyUnknown, MixedCurrencies
from domain.money import ISO_DIGITS, LARGEST_MINOR, Money, digits_of, total

currencies = st.sampled_from(["USD", "EUR", "JPY", "KWD"])
minors = st.integers(-(10**12) + 1, 10**12 - 1)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("0", "USD", 0),
        ("125", "USD", 125_00),
        ("125.5", "USD", 125_50),
        ("125.50", "USD", 125_50),
        ("0.01", "USD", 1),
        ("007", "USD", 7_00),
        ("-5.00", "USD", -5_00),
        ("999999999999.99", "USD", 999_999_999_999_99),
        ("1500", "JPY", 1500),
        ("1.5", "KWD", 1500),
        ("1.234", "KWD", 1234),
        ("999999999999.999", "KWD", 999_999_999_999_999),
    ],
)
def test_an_amount_in_the_edge_grammar_is_read_exactly(text, currency, minor):
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "USD"),
        (" ", "USD"),
        (" 1", "USD"),
        ("1 ", "USD"),
        ("1\n", "USD"),
        ("+1", "USD"),
        ("--1", "USD"),
        (".5", "USD"),
        ("5.", "USD"),
        ("1e3", "USD"),
        ("1E3", "USD"),
        ("1_000", "USD"),
        ("1,000.00", "USD"),
        ("1 000", "USD"),
        ("0x10", "USD"),
        ("NaN", "USD"),
        ("nan", "USD"),
        ("Infinity", "USD"),
        ("-Infinity", "USD"),
        ("１０", "USD"),
        ("٣", "USD"),
        ("1.２", "USD"),
        ("1.005", "USD"),
        ("1.000", "USD"),
        ("1.0000", "USD"),
        ("1.0", "JPY"),
        ("1.00", "JPY"),
        ("0.1", "JPY"),
        ("1.2345", "KWD"),
        ("1.2340", "KWD"),
        ("1000000000000", "USD"),
        ("$5", "USD"),
        ("5 USD", "USD"),
        ("5\x00", "USD"),
    ],
)
def test_what_is_not_in_the_edge_grammar_is_no_amount(text, currency):
    """T-15: also not `1.000` dollars, which is a thousand to half of the world."""
    with pytest.raises(AmountInvalid):
        Money.parse(text, currency)


@given(st.text(max_size=20), currencies)
def test_the_accepted_set_is_the_grammar(text, currency):
    """T-15: written here a second time, without a regular expression."""
    digits = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}[currency]
    whole, point, rest = text.removeprefix("-").partition(".")
    plain = all(part == "" or (part.isascii() and part.isdecimal()) for part in (whole, rest))
    expected = plain and 1 <= len(whole) <= 12 and len(rest) <= digits and bool(point) == bool(rest)

    try:
        Money.parse(text, currency)
        accepted = True
    except AmountInvalid:
        accepted = False

    assert accepted == expected


@pytest.mark.parametrize("text", ["0", "0.00", "-1", "-0.01", "-0"])
def test_what_a_person_pays_is_above_zero(text):
    with pytest.raises(AmountInvalid):
        Money.parse_positive(text, "USD")


@given(minors, currencies)
def test_text_and_money_are_the_same(minor, currency):
    money = Money(minor, currency)

    assert Money.parse(money.text, currency) == money
    assert Money.exact(money.amount, currency) == money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(6400_00, "USD", "6400.00"), (5, "USD", "0.05"), (-5, "USD", "-0.05"), (1500, "JPY", "1500"), (7, "KWD", "0.007")],
)
def test_text_has_exactly_the_places_of_the_currency(minor, currency, text):
    assert Money(minor, currency).text == text


@pytest.mark.parametrize("currency", ["usd", "US", "XXX", "XAU", "", "EURO", "ＵＳＤ"])
def test_a_currency_that_iso_4217_does_not_know_is_refused(currency):
    with pytest.raises(CurrencyUnknown):
        Money(1, currency)


def test_minor_units_are_those_of_iso_4217():
    """D1: never the display decimals a merchant can edit."""
    assert {digits_of(code) for code in ISO_DIGITS} == {0, 2, 3}
    assert [digits_of(code) for code in ("USD", "EUR", "JPY", "KRW", "KWD", "BHD", "ISK", "HUF")] == [
        *(2, 2, 0, 0, 3, 3, 0, 2)
    ]


def test_an_amount_beyond_what_sums_can_hold_is_a_typing_error():
    Money(LARGEST_MINOR, "USD")

    for minor in (LARGEST_MINOR + 1, -LARGEST_MINOR - 1):
        with pytest.raises(AmountInvalid):
            Money(minor, "USD")


@pytest.mark.parametrize(
    "text",
    ["NaN", "sNaN", "Infinity", "-Infinity", "0.001", "1.00000000000000000000000000000001", "1E+30", "1E+999999"],
)
def test_only_a_decimal_of_whole_minor_units_is_exact(text):
    with pytest.raises(AmountInvalid):
        Money.exact(Decimal(text), "USD")


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "1E+999999"])
def test_what_is_no_number_cannot_be_rounded_into_money(text):
    with pytest.raises(AmountInvalid):
        Money.rounded(Decimal(text), "USD")


@given(st.integers(-(10**11), 10**11), st.integers(0, 8), currencies)
def test_rounding_goes_to_the_nearest_minor_unit_and_half_away_from_zero(number, places, currency):
    rounded = Money.rounded(Decimal(number).scaleb(-places), currency)

    exact = Fraction(abs(number), 10**places) * 10 ** digits_of(currency)
    assert abs(rounded.minor) == int(exact + Fraction(1, 2))
    assert rounded.minor == 0 or (rounded.minor < 0) == (number < 0)


def test_a_hair_below_half_rounds_down_however_long_it_is():
    assert Money.rounded(Decimal("1.00" + "4" + "9" * 40), "USD") == Money(1_00, "USD")


@given(minors, minors, currencies)
def test_adding_and_taking_away_are_exact(one, other, currency):
    a, b = Money(one, currency), Money(other, currency)

    assert (a + b).minor == one + other
    assert (a - b).minor == one - other
    assert a - b == -(b - a)
    assert (a < b, a <= b, a > b, a >= b) == (one < other, one <= other, one > other, one >= other)
    assert bool(a) == (one != 0)
    assert abs(a).minor == abs(one)
    assert total([a, b], currency) == a + b


@pytest.mark.parametrize(
    "act",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        lambda a, b: min(a, b),
        lambda a, b: total([a, b], "USD"),
        lambda a, b: total([b], "USD"),
    ],
)
def test_two_currencies_never_meet(act):
    """I-14."""
    with pytest.raises(MixedCurrencies):
        act(Money(1_00, "USD"), Money(1_00, "EUR"))


def test_the_same_number_of_another_currency_is_other_money():
    assert Money(1_00, "USD") != Money(1_00, "EUR")


def test_the_sum_of_nothing_is_zero_of_its_currency():
    assert total([], "KWD") == Money(0, "KWD")
