"""Number series without gaps: a number is taken with the document's own commit (R-5)."""

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
