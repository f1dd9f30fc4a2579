"""One transaction on one store, as the repositories see it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, Insert, Row, Table, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY, insert

from adapters.sql.constraints import refusals
from domain.errors import NotFound


class Scope:
    """Runs statements of one unit of work. Row-level security is set to the store; the repositories name the store
    as well, because it leads every index."""

    def __init__(self, connection: Connection, store_id: int) -> None:
        self.store_id = store_id
        self._connection = connection
        self._is_open = True

    def run(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None, /, **facts: object
    ) -> CursorResult[Any]:
        """Executes, for many `rows` at once where given. What the database refuses comes back as a refusal, with
        `facts` for its sentence."""
        self._must_be_open()
        with refusals(**facts):
            return self._connection.execute(statement, rows)

    def all(self, statement: Executable) -> Sequence[Row[Any]]:
        return self.run(statement).all()

    def first(self, statement: Executable) -> Row[Any] | None:
        return self.run(statement).first()

    def scalar(self, statement: Executable) -> Any:
        return self.run(statement).scalar()

    def own(self, table: Table) -> ColumnElement[bool]:
        """The condition that a row belongs to this store."""
        return table.c.store_id == self.store_id

    def add(self, table: Table, rows: Mapping[str, Any] | Sequence[Mapping[str, Any]], **facts: object) -> None:
        """Inserts one or many rows of this store."""
        many = [rows] if isinstance(rows, Mapping) else rows
        if many:
            self.run(table.insert(), [{"store_id": self.store_id, **row} for row in many], **facts)

    def upsert(self, table: Table, rows: Sequence[Mapping[str, Any]], **facts: object) -> CursorResult[Any] | None:
        """Inserts rows of this store or replaces those with the same primary key."""
        if not rows:
            return None
        statement = insert(table).values([{"store_id": self.store_id, **row} for row in rows])
        return self.run(replacing(statement, table), **facts)

    def commit(self) -> None:
        self._must_be_open()
        with refusals():
            self._connection.commit()
        self._is_open = False

    def _must_be_open(self) -> None:
        if not self._is_open:
            raise RuntimeError("This unit of work was committed; open another one.")


def replacing(statement: Any, table: Table, where: ColumnElement[bool] | None = None) -> Insert:
    """The upsert that takes over every column but the key, where the condition holds."""
    keys = [column.name for column in table.primary_key]
    others = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys and column.computed is None
    }
    updated: Insert = statement.on_conflict_do_update(index_elements=keys, set_=others, where=where)
    return updated


def among(column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column` is one of the values, sent as one array whatever their number."""
    return column == any_(literal(list(values), ARRAY(column.type)))


def known_ids(values: Iterable[str]) -> list[str]:
    """Those of the texts that can be ids of ours, in canonical form, sorted and each once."""
    return sorted({found for found in map(_canonical, values) if found is not None})


def known_id(value: str, what: str) -> str:
    """The id in canonical form. Raises NotFound: a text that is no id names nothing."""
    found = _canonical(value)
    if found is None:
        raise NotFound(what)
    return found


def _canonical(value: str) -> str | None:
    try:
        return str(UUID(value))
    except ValueError:
        return None
