"""The audit log: every row built, asked, cut into pages."""

from collections.abc import Mapping
from typing import Any

from adapters.sql import audit_list
from adapters.sql.paging import read_number
from domain.audit_log import AuditFilter, AuditRow
from domain.listing import Page
from tests.memory.data import Entry, StoreData
from tests.memory.pages import cut_page


def audit_log(data: StoreData, chosen: AuditFilter, limit: int, cursor: str | None) -> Page[AuditRow]:
    rows = [_row(data, number, one) for number, one in enumerate(data.audit, 1)]
    found = [row for row in rows if chosen.matches(row)]
    return cut_page(found, {"at": lambda row: row.id}, audit_list.KEYS, read_number, "-at", limit, cursor)


def _row(data: StoreData, number: int, one: Entry) -> AuditRow:
    act, actor = one.act, one.actor
    thing, company_id = _subject(data, act.subject_kind, act.subject_id)
    return AuditRow(
        *(number, one.at, actor.kind, actor.id, actor.role, actor.name, act.what, act.subject_kind),
        *(act.subject_id, thing, company_id, dict(act.changes), dict(act.texts)),
        request_id=actor.request_id,
        came_from=actor.came_from,
    )


def _subject(data: StoreData, kind: str, subject_id: str) -> tuple[str, int | None]:
    documents: dict[str, Mapping[str, Any]] = {
        "invoice": data.invoices,
        "payment": data.payments,
        "credit_memo": data.memos,
    }
    if subject_id in documents.get(kind, {}):
        found = documents[kind][subject_id]
        return found.number, found.company_id
    number = int(subject_id) if subject_id.isdigit() else 0
    if kind == "company" and number in data.companies:
        return data.companies[number].name, number
    if kind == "order":
        return subject_id, data.orders[number].company_id if number in data.orders else None
    return "", None
