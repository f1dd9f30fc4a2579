"""Conditions of list filters: what is not asked for is true; texts are searched as `domain.listing` says."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, false, func, true

from adapters.sql.scope import among


def equals(column: ColumnElement[Any], value: object | None) -> ColumnElement[bool]:
    return true() if value is None else column == value


def within(column: ColumnElement[Any], values: Collection[Any] | None) -> ColumnElement[bool]:
    """One of the values; None is no condition, and none of them finds nothing."""
    return true() if values is None else among(column, values)


def at_least(column: ColumnElement[Any], value: object | None) -> ColumnElement[bool]:
    return true() if value is None else column >= value


def at_most(column: ColumnElement[Any], value: object | None) -> ColumnElement[bool]:
    return true() if value is None else column <= value


_BETWEEN = "\x1f"
"""Stands between the texts of a row, so that no fragment is found across two of them."""


def folded(*texts: str) -> str:
    """What a row can be found by: texts folded as Python folds them, before they are stored."""
    return _BETWEEN.join(text.replace(_BETWEEN, " ").casefold() for text in texts)


def first_of(column: ColumnElement[str]) -> ColumnElement[str]:
    """The first of the texts that `folded` joined."""
    return func.split_part(column, _BETWEEN, 1)


def contains(column: ColumnElement[str], search: str) -> ColumnElement[bool]:
    """Whether a folded text has the fragment; an empty search finds everything.

    A trigram index would not help: row-level security lets only leakproof operators near an index, and LIKE is none.
    """
    wanted = search.strip().casefold()
    if not wanted:
        return true()
    if _BETWEEN in wanted or "\x00" in wanted:
        return false()
    return func.strpos(column, wanted) > 0
