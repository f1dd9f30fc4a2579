"""Keyset pages with opaque cursors: the same speed on every page, no counting, no row twice or missed."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, literal, tuple_

from adapters.sql.json_text import from_json, to_json
from domain.errors import InputInvalid

_LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Key:
    """A column to sort by, and how its value is read back from a cursor."""

    column: ColumnElement[Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a sorted list: after, or `before`, the row with this sort value and id."""

    sort: str
    before: bool
    value: Any
    id: Any

    def encode(self) -> str:
        text = to_json([self.sort, self.before, self.value, self.id])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, sort: str, value: Callable[[Any], Any], row_id: Callable[[Any], Any]) -> "Cursor":
        """Raises InputInvalid for anything we did not hand out for this sort order."""
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            found, before, raw_value, raw_id = from_json(base64.b64decode(padded, altchars=b"-_", validate=True))
            if found != sort or not isinstance(before, bool):
                raise ValueError
            return cls(sort, before, value(raw_value), row_id(raw_id))
        except (ValueError, TypeError, binascii.Error):
            raise InputInvalid("cursor", "This cursor does not belong to the list. Start again without one.") from None


def read_day(value: Any) -> date:
    return date.fromisoformat(value)


def read_instant(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError
    return found


def read_number(value: Any) -> int:
    if type(value) is not int or abs(value) > _LARGEST:
        raise ValueError
    return value


def read_text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError
    return value


def read_uuid(value: Any) -> str:
    return str(UUID(value))


def parse_sort(sort: str, names: Sequence[str]) -> tuple[str, bool]:
    """The name and whether it descends: `-issued`. Raises InputInvalid."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in names:
        raise InputInvalid(
            "sort", "The list can be sorted by {names}, descending with a minus in front.", names=", ".join(names)
        )
    return name, descending


@dataclass(frozen=True, slots=True)
class Chunk:
    """The rows of one page and the cursors to its neighbours."""

    rows: Sequence[Any]
    next_cursor: str | None
    previous_cursor: str | None


def page(
    fetch: Callable[[Select[Any]], Sequence[Row[Any]]],
    chosen: Select[Any],
    keys: Mapping[str, Key],
    id_key: Key,
    sort: str,
    limit: int,
    cursor: str | None,
) -> Chunk:
    """One page of `chosen`. Ties are broken by the id, in the direction of the sort.

    The statement must select the sort column as `sort_value` is added here, and the id as `id`.
    """
    name, descending = parse_sort(sort, list(keys))
    key = keys[name]
    at = Cursor.decode(cursor, sort, key.read, id_key.read) if cursor else None
    backwards = at is not None and at.before
    falling = descending != backwards
    statement = chosen.add_columns(key.column.label("sort_value"))
    if at is not None:
        place = tuple_(literal(at.value, key.column.type), literal(at.id, id_key.column.type))
        here = tuple_(key.column, id_key.column)
        statement = statement.where(here < place if falling else here > place)
    order = [key.column, id_key.column]
    statement = statement.order_by(*((one.desc() for one in order) if falling else order)).limit(limit + 1)
    rows = list(fetch(statement))
    has_more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, has_more) if backwards else (has_more, at is not None)
    return Chunk(
        rows,
        _cursor_at(rows[-1], sort, before=False) if rows and has_next else None,
        _cursor_at(rows[0], sort, before=True) if rows and has_previous else None,
    )


def _cursor_at(row: Row[Any], sort: str, *, before: bool) -> str:
    return Cursor(sort, before, row.sort_value, row.id).encode()
