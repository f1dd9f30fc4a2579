"""Review items: one open item per kind and subject."""

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.filters import within
from adapters.sql.scope import Scope
from adapters.sql.tables import review
from domain.review import Review, ReviewKind


class SqlReviews:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def open(self, item: Review) -> None:
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

    def settle(self, kind: ReviewKind, subject_id: str) -> None:
        mine = self._scope.own(review) & (review.c.kind == kind.value) & (review.c.subject_id == subject_id)
        self._scope.run(update(review).where(mine, review.c.settled_at.is_(None)).values(settled_at=func.now()))

    def list_open(self, limit: int = 200, companies: frozenset[int] | None = None) -> list[Review]:
        chosen = select(review).where(
            self._scope.own(review), review.c.settled_at.is_(None), within(review.c.company_id, companies)
        )
        rows = self._scope.all(chosen.order_by(review.c.opened_at, review.c.id).limit(limit))
        return [
            Review(
                id=row.id,
                kind=ReviewKind(row.kind),
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                expected=row.expected,
                found=row.found,
                company_id=row.company_id,
                opened_at=row.opened_at,
                settled_at=None,
                facts=row.facts,
            )
            for row in rows
        ]
