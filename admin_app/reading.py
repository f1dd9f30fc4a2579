"""What a query string or form says, as domain values: a list never fails on a mistyped filter, a form refuses it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from admin_app.context import told
from domain.company import Company
from domain.errors import InputInvalid, Refusal
from domain.listing import Page

PER_PAGE = (25, 50, 100)
LARGEST_ID = 2**63 - 1
"""What a number in an address may be at most: no store counts further."""


def day(text: str | None) -> date | None:
    """An ISO date, None for nothing or anything else."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def number(text: str | None) -> int | None:
    """Plain digits that fit a 64-bit integer."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


Reader = Callable[[str], object]


def one_of(known: Collection[str]) -> Reader:
    """Reads only these words."""
    return lambda text: text if text in known else None


def asked(**readers: Reader) -> dict[str, str]:
    """The query parameters in use, cleaned. What its reader makes nothing of counts as not given, so that a filter
    shown is always a filter applied."""
    values = {name: request.args.get(name, "").strip()[:200] for name in readers}
    return {name: value for name, value in values.items() if value and readers[name](value) is not None}


def per_page(query: Mapping[str, str]) -> int:
    """25, 50 or 100 rows."""
    wanted = number(query.get("limit"))
    return wanted if wanted in PER_PAGE else PER_PAGE[0]


Found = TypeVar("Found")


def at_cursor(read: Callable[[str | None], Found]) -> Found:
    """The page of a list that the address names; for a cursor that is none of this list's, the first one."""
    cursor = request.args.get("cursor")
    try:
        return read(cursor or None)
    except InputInvalid:
        return read(None)


def listing(page: Page[Any], limit: int, summary: str, **more: object) -> dict[str, object]:
    """What the pager and the count line need."""
    return {
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "limit": limit,
        "summary": summary,
        **more,
    }


def chips(query: Mapping[str, str], words: Mapping[str, str]) -> list[dict[str, object]]:
    """One chip per filter in use; `words` says how each reads, with `{}` for its value."""
    return [
        {"label": pattern.format(query[name]), "changes": {name: None, "cursor": None}}
        for name, pattern in words.items()
        if name in query
    ]


def company_choices(companies: Iterable[Company], whole: str) -> list[dict[str, str]]:
    return [{"value": "", "label": whole}, *({"value": str(one.id), "label": one.name} for one in companies)]


def company_name(companies: Iterable[Company], company_id: str) -> str:
    return next((one.name for one in companies if str(one.id) == company_id), company_id)


def sync_state(watermark: Mapping[str, object], progress: Mapping[str, object], now: datetime) -> dict[str, object]:
    """The freshness line: late when BigCommerce was not asked for 15 minutes."""
    at = watermark.get("at")
    last_at = datetime.fromisoformat(str(at)) if at else None
    running = progress.get("state") == "running"
    return {
        "last_at": last_at,
        "running": running,
        "late": not running and last_at is not None and (now - last_at).total_seconds() > 15 * 60,
        "done": number(str(progress.get("seen", 0))) or 0,
        "total": number(str(progress.get("total", ""))),
    }


FieldErrors = Sequence[Mapping[str, str | None]]


def field_errors(refusal: Refusal, otherwise: str | None = None, **places: str) -> FieldErrors:
    """One entry for the error summary, at the field it belongs to. `places` says what the page calls a field of the
    domain, `otherwise` where a refusal belongs that is about no field; None is nowhere in particular."""
    named = refusal.facts.get("field")
    field = places.get(str(named), str(named)) if named else otherwise
    return [{"field": field, "message": told(refusal), "code": refusal.code}]


def typed_day(form: Mapping[str, str], name: str) -> date | None:
    """A date field of a form, None where nothing was entered. Raises InputInvalid: a date is never guessed."""
    text = form.get(name, "").strip()
    found = day(text)
    if text and found is None:
        raise InputInvalid(name, "Enter a date such as 2026-09-13.")
    return found


def query_string(values: Mapping[str, object]) -> str:
    return urlencode({name: str(value) for name, value in values.items() if value not in (None, "")})
