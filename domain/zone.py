"""Instants are UTC, days are the store's: one place where they meet (F-19)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def local_day(at: datetime, time_zone: str) -> date:
    """The calendar date of a UTC instant in the store's IANA zone."""
    return at.astimezone(ZoneInfo(time_zone)).date()
