"""Due dates: terms, which of them wins, and days in the store's zone (R-7, F-19)."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InputInvalid
from domain.terms import Due, DueFrom, Terms, TermsKind, due_date
from domain.zone import local_day
from tests.builders import usd
from tests.domain.given import owed


@pytest.mark.parametrize(
    ("code", "base", "due"),
    [
        ("on_receipt", "2026-08-14", "2026-08-14"),
        ("net:0", "2026-08-14", "2026-08-14"),
        ("net:30", "2026-08-14", "2026-09-13"),
        ("net:30", "2026-01-31", "2026-03-02"),
        ("net:30", "2024-01-31", "2024-03-01"),
        ("eom:0", "2026-02-10", "2026-02-28"),
        ("eom:0", "2024-02-10", "2024-02-29"),
        ("eom:30", "2026-01-31", "2026-03-31"),
        ("eom:10", "2026-12-25", "2027-01-31"),
        ("day:15+1", "2026-08-20", "2026-09-15"),
        ("day:31+1", "2026-01-15", "2026-02-28"),
        ("day:31+1", "2024-01-15", "2024-02-29"),
        ("day:31+0", "2026-04-02", "2026-04-30"),
        ("day:10+2", "2026-11-30", "2027-01-10"),
        ("day:1+13", "2026-12-31", "2028-01-01"),
        ("fixed:2026-12-31", "2026-08-14", "2026-12-31"),
    ],
)
def test_terms_lead_from_the_issue_date_to_the_due_date(code, base, due):
    """R-7: month ends clamp."""
    assert Terms.parse(code).due(date.fromisoformat(base)) == date.fromisoformat(due)


codes = st.one_of(
    st.just("on_receipt"),
    st.builds("net:{}".format, st.integers(0, 999)),
    st.builds("eom:{}".format, st.integers(0, 999)),
    st.builds("day:{}+{}".format, st.integers(1, 31), st.integers(0, 99)),
    st.builds("fixed:{}".format, st.dates(date(2000, 1, 1), date(2100, 1, 1))),
)


@given(codes, st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_terms_are_stored_as_they_were_read(code, base):
    terms = Terms.parse(code)

    assert terms.code == code
    assert Terms.parse(terms.code) == terms
    assert terms.words
    if terms.kind is TermsKind.END_OF_MONTH:
        assert (terms.due(base) + timedelta(days=1)).day == 1
    if terms.kind in (TermsKind.NET, TermsKind.END_OF_MONTH):
        assert terms.due(base) >= base + timedelta(days=terms.days)


@pytest.mark.parametrize(
    "code",
    [
        *("", "net", "net:", "net:-1", "net:1000", "NET:30", "net:30 ", "net:３０", "eom:x", "day:0+1", "day:32+1"),
        *("day:15", "fixed:", "fixed:2026-13-01", "fixed:2026-02-30", "fixed:20261231", "net:1.5", "30"),
    ],
)
def test_other_terms_are_refused(code):
    with pytest.raises(InputInvalid):
        Terms.parse(code)


STATED, TYPED = date(2026, 10, 1), date(2026, 10, 2)
NET_10, NET_20, NET_30 = Terms.net(10), Terms.net(20), Terms.net(30)


@pytest.mark.parametrize(
    ("known", "due"),
    [
        ({"stated": STATED, "typed": TYPED, "company": NET_10, "b2b": NET_20}, Due(STATED, DueFrom.STATED, "")),
        ({"typed": TYPED, "company": NET_10, "b2b": NET_20}, Due(TYPED, DueFrom.TYPED, "")),
        ({"company": NET_10, "b2b": NET_20}, Due(date(2026, 8, 24), DueFrom.COMPANY_TERMS, "Net 10")),
        ({"b2b": NET_20}, Due(date(2026, 9, 3), DueFrom.B2B_TERMS, "Net 20")),
        ({}, Due(date(2026, 9, 13), DueFrom.STORE_DEFAULT, "Net 30")),
    ],
)
def test_the_nearest_source_of_a_due_date_wins_and_is_kept(known, due):
    """R-7: stated > typed > company terms > B2B Edition terms > store default."""
    assert due_date(date(2026, 8, 14), **known, store=NET_30) == due


def test_an_invoice_is_overdue_from_the_day_after_due():
    invoice = owed(usd(10_00), due_on=date(2026, 9, 13))

    assert not invoice.is_overdue(date(2026, 9, 12))
    assert not invoice.is_overdue(date(2026, 9, 13))
    assert invoice.is_overdue(date(2026, 9, 14))


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        (datetime(2026, 4, 1, 6, 30, tzinfo=UTC), "America/Los_Angeles", date(2026, 3, 31)),
        (datetime(2026, 4, 1, 7, 0, tzinfo=UTC), "America/Los_Angeles", date(2026, 4, 1)),
        (datetime(2026, 3, 31, 23, 30, tzinfo=UTC), "Pacific/Auckland", date(2026, 4, 1)),
        (datetime(2026, 12, 31, 10, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2027, 1, 1)),
        (datetime(2026, 8, 14, 0, 0, tzinfo=UTC), "UTC", date(2026, 8, 14)),
    ],
)
def test_the_day_of_an_instant_is_the_stores(instant, zone, day):
    """F-19: 23:30 on 31 March in Los Angeles is 1 April in UTC."""
    assert local_day(instant, zone) == day


ZONES = st.sampled_from(sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone))


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)), ZONES, st.sampled_from([0, 30, 60, 365]))  # noqa: DTZ001
def test_clock_changes_move_no_due_date(wall, zone, days):
    """F-19: days are counted on the calendar, never in hours."""
    placed = wall.replace(tzinfo=zoneinfo.ZoneInfo(zone)).astimezone(UTC)

    issued = local_day(placed, zone)

    assert abs(issued - wall.date()) <= timedelta(days=1)
    assert Terms.net(days).due(issued) - issued == timedelta(days=days)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 30)), ZONES)  # noqa: DTZ001
def test_days_never_run_backwards(wall, zone):
    instant = wall.replace(tzinfo=UTC)

    assert local_day(instant, zone) <= local_day(instant + timedelta(hours=1), zone)
