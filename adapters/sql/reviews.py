"""Review items: one open item per kind and subject."""

from typing import Any, Final

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.filters import within
from adapters.sql.paging import Key, page, read_instant, read_text
from adapters.sql.scope import Scope
from adapters.sql.tables import review
from domain.errors import NotFound
from domain.listing import Page
from domain.review import BY_ITSELF, Outcome, Review, ReviewKind, Settlement


class SqlReviews:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def open(self, item: Review) -> None:
        if self._is_decided(item):
            return
        row = {
            "store_id": self._scope.store_id,
            "id": item.id,
            "kind": item.kind.value,
            "subject_kind": item.subject_kind,
            "subject_id": item.subject_id,
            "expected": item.expected,
            "found": item.found,
            "company_id": item.company_id,
            "facts": dict(item.facts),
            "opened_at": func.now(),
        }
        statement = insert(review).values(row)
        fresh = statement.excluded
        self._scope.run(
            statement.on_conflict_do_update(
                index_elements=["store_id", "kind", "subject_id"],
                index_where=review.c.settled_at.is_(None),
                set_={name: fresh[name] for name in ("subject_kind", "expected", "found", "company_id", "facts")},
            )
        )

    def _is_decided(self, item: Review) -> bool:
        """Whether a person settled the last item of this kind and subject, which said the same."""
        mine = (
            self._scope.own(review),
            review.c.kind == item.kind.value,
            review.c.subject_id == item.subject_id,
        )
        last = self._scope.first(select(review).where(*mine).order_by(review.c.opened_at.desc()).limit(1))
        if last is None or last.settled_at is None or last.outcome in (None, Outcome.BY_ITSELF.value):
            return False
        return bool((last.expected, last.found) == (item.expected, item.found))

    def settle(self, kind: ReviewKind, subject_id: str, settlement: Settlement = BY_ITSELF) -> bool:
        mine = self._scope.own(review) & (review.c.kind == kind.value) & (review.c.subject_id == subject_id)
        values = {"settled_by": settlement.by, "outcome": settlement.outcome.value, "note": settlement.note}
        unsettled = update(review).where(mine, review.c.settled_at.is_(None))
        return self._scope.run(unsettled.values(settled_at=func.now(), **values)).rowcount > 0

    def get(self, review_id: str) -> Review:
        row = self._scope.first(select(review).where(self._scope.own(review), review.c.id == review_id))
        if row is None:
            raise NotFound("review item")
        return _review(row)

    def list_open(self, limit: int = 200, companies: frozenset[int] | None = None) -> list[Review]:
        chosen = select(review).where(
            self._scope.own(review), review.c.settled_at.is_(None), within(review.c.company_id, companies)
        )
        rows = self._scope.all(chosen.order_by(review.c.opened_at, review.c.id).limit(limit))
        return [_review(row) for row in rows]

    def page(
        self, *, settled: bool, limit: int, cursor: str | None, companies: frozenset[int] | None = None
    ) -> Page[Review]:
        chosen = select(review).where(
            self._scope.own(review),
            review.c.settled_at.is_not(None) if settled else review.c.settled_at.is_(None),
            within(review.c.company_id, companies),
        )
        sort = "-settled" if settled else "opened"
        chunk = page(self._scope.all, chosen, KEYS, Key(review.c.id, read_text), sort, limit, cursor)
        return Page(tuple(map(_review, chunk.rows)), chunk.next_cursor, chunk.previous_cursor)


KEYS: Final = {
    "opened": Key(review.c.opened_at, read_instant),
    "settled": Key(review.c.settled_at, read_instant),
}


def _review(row: Row[Any]) -> Review:
    settlement = None
    if row.settled_at is not None:
        settlement = Settlement(Outcome(row.outcome or Outcome.BY_ITSELF), row.settled_by or "", row.note or "")
    return Review(
        id=row.id,
        kind=ReviewKind(row.kind),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        expected=row.expected,
        found=row.found,
        company_id=row.company_id,
        opened_at=row.opened_at,
        settled_at=row.settled_at,
        settlement=settlement,
        facts=row.facts,
    )
