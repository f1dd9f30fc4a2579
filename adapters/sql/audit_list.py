"""The audit log: `domain.audit_log.AuditFilter` in SQL."""

from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Row, Select, Text, Uuid, and_, case, cast, func, select, true

from adapters.sql.filters import at_least, equals, within
from adapters.sql.paging import Key, page, read_number
from adapters.sql.scope import Scope
from adapters.sql.tables import audit, audit_text, company, credit_memo, invoice, payment, shop_order
from domain.audit_log import AREAS, AuditFilter, AuditRow
from domain.listing import Page
from domain.roles import ActorKind

KEYS: Final = {"at": Key(audit.c.seq, read_number)}

_UUID: Final = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_NUMBER: Final = "^[0-9]{1,18}$"


def _document_id(kind: str) -> ColumnElement[Any]:
    """The subject's id as a document's, where it is one of that kind."""
    is_one = and_(audit.c.subject_kind == kind, audit.c.subject_id.op("~")(_UUID))
    return case((is_one, cast(audit.c.subject_id, Uuid(as_uuid=False))))


def _numbered(kind: str) -> ColumnElement[Any]:
    is_one = and_(audit.c.subject_kind == kind, audit.c.subject_id.op("~")(_NUMBER))
    return case((is_one, cast(audit.c.subject_id, BigInteger)))


_THING: Final = func.coalesce(
    invoice.c.number,
    payment.c.number,
    credit_memo.c.number,
    company.c.name,
    case((audit.c.subject_kind == "order", audit.c.subject_id), else_=""),
)
_COMPANY: Final = func.coalesce(
    invoice.c.company_id, payment.c.company_id, credit_memo.c.company_id, company.c.id, shop_order.c.company_id
)


class AuditList:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def page(self, chosen: AuditFilter, limit: int, cursor: str | None) -> Page[AuditRow]:
        statement = self._joined().where(self._matching(chosen))
        chunk = page(self._scope.all, statement, KEYS, Key(audit.c.seq, read_number), "-at", limit, cursor)
        return Page(tuple(map(_row, chunk.rows)), chunk.next_cursor, chunk.previous_cursor)

    def _joined(self) -> Select[Any]:
        """Acts with what they were done to, looked up row by row: only those of the page are."""
        row = audit.c
        joined = audit.join(audit_text, (audit_text.c.store_id == row.store_id) & (audit_text.c.audit_seq == row.seq))
        for table, subject in (
            (invoice, _document_id("invoice")),
            (payment, _document_id("payment")),
            (credit_memo, _document_id("credit_memo")),
            (company, _numbered("company")),
            (shop_order, _numbered("order")),
        ):
            joined = joined.outerjoin(table, (table.c.store_id == row.store_id) & (table.c.id == subject))
        told = (audit_text.c.who, audit_text.c.texts, audit_text.c.came_from)
        columns = [column for column in audit.columns if column.name not in ("hash", "text_digest")]
        return select(
            *columns, row.seq.label("id"), *told, _THING.label("thing"), _COMPANY.label("company_id")
        ).select_from(joined)

    def _matching(self, chosen: AuditFilter) -> ColumnElement[bool]:
        row = audit.c
        first_word = func.split_part(row.what, ".", 1)
        wanted = chosen.thing.strip().lower()
        return and_(
            self._scope.own(audit),
            equals(row.actor_kind, chosen.actor_kind.value if chosen.actor_kind else None),
            equals(row.actor_id, chosen.actor_id),
            first_word.in_(AREAS[chosen.area]) if chosen.area else true(),
            func.strpos(func.lower(cast(_THING, Text)), wanted) > 0 if wanted else true(),
            at_least(row.at, chosen.since),
            row.at < chosen.before if chosen.before else true(),
            within(_COMPANY, chosen.companies),
        )


def _row(row: Row[Any]) -> AuditRow:
    return AuditRow(
        id=row.seq,
        at=row.at,
        actor_kind=ActorKind(row.actor_kind),
        actor_id=row.actor_id,
        role=row.actor_role,
        who=row.who,
        what=row.what,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        thing=row.thing,
        company_id=row.company_id,
        changes=row.changes,
        texts=row.texts,
        request_id=row.request_id,
        came_from=row.came_from,
    )
