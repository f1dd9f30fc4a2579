"""Keyset pages of rows in memory."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapters.sql.paging import Cursor, Key, parse_sort
from domain.listing import Page


def cut_page(
    rows: Sequence[Any],
    sorts: Mapping[str, Callable[[Any], Any]],
    keys: Mapping[str, Key],
    read_id: Callable[[Any], Any],
    sort: str,
    limit: int,
    cursor: str | None,
) -> Page[Any]:
    name, descending = parse_sort(sort, list(sorts))

    def place(row: Any) -> tuple[Any, Any]:
        return sorts[name](row), row.id

    ordered = sorted(rows, key=place, reverse=descending)
    at = Cursor.decode(cursor, sort, keys[name].read, read_id) if cursor else None
    if at is None:
        chosen, has_previous, has_next = ordered[:limit], False, len(ordered) > limit
    elif at.before:
        earlier = [row for row in ordered if _comes_before(place(row), (at.value, at.id), descending)]
        chosen, has_previous, has_next = earlier[-limit:], len(earlier) > limit, True
    else:
        later = [row for row in ordered if _comes_before((at.value, at.id), place(row), descending)]
        chosen, has_previous, has_next = later[:limit], True, len(later) > limit

    def mark(row: Any, *, before: bool) -> str:
        return Cursor(sort, before, *place(row)).encode()

    return Page(
        tuple(chosen),
        mark(chosen[-1], before=False) if chosen and has_next else None,
        mark(chosen[0], before=True) if chosen and has_previous else None,
    )


def _comes_before(one: tuple[Any, Any], other: tuple[Any, Any], descending: bool) -> bool:
    return one > other if descending else one < other
