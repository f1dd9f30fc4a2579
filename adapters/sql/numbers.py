"""Number series without gaps: a number is taken with the document's own commit (R-5)."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.scope import Scope
from adapters.sql.tables import number_series


class SqlNumbers:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def take(self, series: str) -> int:
        first = insert(number_series).values(store_id=self._scope.store_id, series=series, last=1)
        statement = first.on_conflict_do_update(
            constraint="pk_number_series", set_={"last": number_series.c.last + 1}
        ).returning(number_series.c.last)
        return int(self._scope.scalar(statement))

    def last(self, series: str) -> int:
        mine = self._scope.own(number_series) & (number_series.c.series == series)
        return int(self._scope.scalar(select(number_series.c.last).where(mine)) or 0)

    def start(self, series: str, first: int) -> bool:
        fresh = insert(number_series).values(store_id=self._scope.store_id, series=series, last=first - 1)
        statement = fresh.on_conflict_do_update(
            constraint="pk_number_series", set_={"last": first - 1}, where=number_series.c.last < first
        )
        return self._scope.scalar(statement.returning(number_series.c.last)) is not None
