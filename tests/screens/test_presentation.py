"""How values read on the seller's screens."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from admin_app import presentation
from admin_app.presentation import BADGES, MINUS, Display, badge_for, bar_segments, invoice_badge, with_query
from domain.invoice import ClosedBy, Status
from domain.money import ISO_DIGITS, Money
from domain.payment import PaymentStatus
from domain.price import UnitPrice

NOW = datetime(2026, 11, 22, 10, 4, tzinfo=UTC)
AMERICAN = Display(now=NOW)
LOCALES = ("en_US", "en_GB", "de_DE", "de_CH", "fr_CA", "nl_NL", "en_IN")


# --- amounts --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (640000, "USD", "$6,400.00"),
        (5, "EUR", "€0.05"),
        (1600, "JPY", "¥1,600"),
        (1234567, "KWD", "KWD\N{NO-BREAK SPACE}1,234.567"),
        (1234567, "IQD", "IQD\N{NO-BREAK SPACE}1,234.567"),
        (0, "USD", "$0.00"),
    ],
)
def test_money_has_the_digits_of_iso_4217_and_a_sign_or_code(minor: int, currency: str, shown: str) -> None:
    """IQD has none in Babel's own data and three by ISO 4217."""
    assert presentation.money(Money(minor, currency), AMERICAN) == shown


def test_money_follows_the_store_and_not_the_currency() -> None:
    german = Display(locale="de_DE", now=NOW)

    assert presentation.money(Money(123456, "USD"), german) == "1.234,56\N{NO-BREAK SPACE}$"


def test_amounts_below_zero_carry_a_minus_that_is_read_out() -> None:
    assert presentation.money(Money(-10885, "USD"), AMERICAN) == f"{MINUS}$108.85"
    assert presentation.signed_money(Money(-10885, "USD"), AMERICAN) == f"{MINUS}$108.85"


def test_only_an_increase_has_a_plus() -> None:
    assert presentation.signed_money(Money(1000, "USD"), AMERICAN) == "+$10.00"
    assert presentation.signed_money(Money(0, "USD"), AMERICAN) == "$0.00"


@given(st.sampled_from(LOCALES), st.sampled_from(sorted(ISO_DIGITS)), st.integers(0, 10**12 - 1))
def test_an_amount_field_is_read_back_as_it_was_filled(locale: str, currency: str, minor: int) -> None:
    amount = Money(minor, currency)

    filled = presentation.plain_amount(amount, Display(locale=locale, now=NOW))

    assert Money.parse(presentation.typed_amount(filled, locale), currency) == amount


@pytest.mark.parametrize(
    ("locale", "typed", "understood"),
    [
        ("en_US", "1,234.50", "1234.50"),
        ("en_US", " 1234.5 ", "1234.5"),
        ("de_DE", "1.234,50", "1234.50"),
        ("de_DE", "1.234", "1234"),
        ("de_DE", "12,5", "12.5"),
        ("fr_CA", "1\N{NO-BREAK SPACE}234,50", "1234.50"),
        ("fr_CA", "1 234,50", "1234.50"),
        ("de_CH", "1'234.50", "1234.50"),
        ("en_IN", "12,34,567.00", "1234567.00"),
    ],
)
def test_a_typed_amount_is_read_by_the_stores_locale(locale: str, typed: str, understood: str) -> None:
    assert presentation.typed_amount(typed, locale) == understood


@pytest.mark.parametrize("typed", ["1,50", "1.234,50", "12,34", "abc", "1e5", "", "--5", "1,2345"])
def test_a_typed_amount_that_is_not_understood_is_left_for_the_refusal(typed: str) -> None:
    assert presentation.typed_amount(typed, "en_US") == typed


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        (UnitPrice(Decimal("10")), "$10.00"),
        (UnitPrice(Decimal("187.125")), "$187.125"),
        (UnitPrice(Decimal("0.00000001")), "$0.00000001"),
        (UnitPrice(Decimal("18.5"), 100), "$18.50 per 100"),
        (UnitPrice(Decimal("2400"), 1000), "$2,400.00 per 1,000"),
    ],
)
def test_a_unit_price_is_exact_and_names_its_base(price: UnitPrice, shown: str) -> None:
    """R-6."""
    assert presentation.unit_price(price, "USD", AMERICAN) == shown


def test_quantities_lose_needless_zeros_only() -> None:
    assert presentation.quantity(Decimal("1200.50"), AMERICAN) == "1,200.5"
    assert presentation.quantity(Decimal("2.00"), AMERICAN) == "2"


def test_a_long_amount_may_be_broken_between_groups_and_never_inside_one() -> None:
    assert presentation.in_groups("$999,999,999,999.99") == ["$999,", "999,", "999,", "999.99"]
    assert presentation.in_groups("KWD 1,234.567") == ["KWD 1,", "234.567"]


# --- dates ----------------------------------------------------------------------------------------
def test_tables_leave_the_year_out_inside_the_current_year_only() -> None:
    assert presentation.short_day(date(2026, 9, 13), AMERICAN) == "13 Sep"
    assert presentation.short_day(date(2025, 12, 30), AMERICAN) == "30 Dec 2025"
    assert presentation.day(date(2026, 9, 13), AMERICAN) == "13 Sep 2026"


def test_moments_and_days_are_those_of_the_stores_zone() -> None:
    auckland = Display(now=NOW, zone=ZoneInfo("Pacific/Auckland"))

    assert presentation.moment(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), auckland) == "22 Nov, 12:30"
    assert presentation.short_day(datetime(2026, 11, 21, 23, 30, tzinfo=UTC), auckland) == "22 Nov"


def test_today_is_the_stores_day() -> None:
    """R-7: overdue begins the day after due, in the store's zone."""
    late_evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    assert Display(now=late_evening).today == date(2026, 11, 22)
    assert Display(now=late_evening, zone=ZoneInfo("Europe/Berlin")).today == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 9, 13), "70 days late"),
        (date(2026, 11, 21), "1 day late"),
        (date(2026, 11, 22), "due today"),
        (date(2026, 11, 23), "in 1 day"),
        (date(2026, 11, 24), "in 2 days"),
    ],
)
def test_the_due_date_itself_is_not_late(due_on: date, words: str) -> None:
    """R-7."""
    assert presentation.due_help(due_on, AMERICAN) == words


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=2), "2 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_freshness_reads_in_words(passed: timedelta, words: str) -> None:
    assert presentation.ago(NOW - passed, AMERICAN) == words


# --- badges ---------------------------------------------------------------------------------------
def test_every_payment_status_has_its_badge() -> None:
    """R-25: the list of payment states is one list, in the same words."""
    assert [badge_for("payment", status).label for status in PaymentStatus] == list(PaymentStatus)


def test_every_way_to_close_has_its_badge_and_is_green() -> None:
    """R-3."""
    codes = [invoice_badge(Status.CLOSED, way, pending=False, overdue=False) for way in ClosedBy]

    assert [badge_for("invoice", code) for code in codes] == [(way.value, "green") for way in ClosedBy]


@pytest.mark.parametrize(
    ("status", "pending", "overdue", "badge"),
    [
        (Status.VOID, True, True, ("Void", "light")),
        (Status.DELETED, True, True, ("Deleted", "light")),
        (Status.CLOSED, True, True, ("Paid", "green")),
        (Status.PARTIALLY_PAID, True, True, ("Payment pending", "yellow")),
        (Status.PARTIALLY_PAID, False, True, ("Overdue", "red")),
        (Status.PARTIALLY_PAID, False, False, ("Partially paid", "blue")),
        (Status.OPEN, False, True, ("Overdue", "red")),
        (Status.OPEN, False, False, ("Open", "grey")),
    ],
)
def test_the_first_badge_that_fits_is_shown(
    status: Status, pending: bool, overdue: bool, badge: tuple[str, str]
) -> None:
    closed_by = ClosedBy.PAID if status is Status.CLOSED else None

    code = invoice_badge(status, closed_by, pending=pending, overdue=overdue)

    assert badge_for("invoice", code) == badge


def test_an_unknown_state_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        badge_for("invoice", "misplaced")


def test_colours_are_those_the_style_sheet_knows() -> None:
    tones = {badge.tone for family in BADGES.values() for badge in family.values()}

    assert tones <= {"grey", "light", "blue", "green", "yellow", "red"}


# --- lists and bars -------------------------------------------------------------------------------
def test_a_filter_is_changed_and_the_others_are_kept() -> None:
    query = {"q": "INV 21", "status": "overdue"}

    assert with_query(query, sort="-due") == "?q=INV+21&status=overdue&sort=-due"
    assert with_query(query, status=None) == "?q=INV+21"
    assert with_query({}, status=None) == "?"


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=8))
def test_the_parts_of_a_bar_fit_and_the_smallest_is_seen(minors: list[int]) -> None:
    amounts = [Money(minor, "USD") for minor in minors]

    segments = bar_segments(amounts)

    assert [segment.width > 0 for segment in segments] == [minor > 0 for minor in minors]
    assert all(segment.width >= 8 for segment in segments if segment.width)
    seen = [segment for segment in segments if segment.width]
    assert all(one.x + one.width < other.x for one, other in pairwise(seen))
    assert not seen or seen[-1].x + seen[-1].width <= presentation.BAR_WIDTH


# --- Jinja ----------------------------------------------------------------------------------------
def test_templates_format_by_the_display_of_the_moment() -> None:
    environment = Environment(autoescape=True)
    displays = iter([AMERICAN, Display(locale="de_DE", now=NOW)])
    presentation.install(environment, lambda: next(displays))
    template = environment.from_string("{{ total | money }}")

    assert template.render(total=Money(640000, "EUR")) == "€6,400.00"
    assert template.render(total=Money(640000, "EUR")) == "6.400,00\N{NO-BREAK SPACE}€"
