"""Exports under way and finished (`domain.ports.Exports`)."""

from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, and_, select

from adapters.sql.scope import Scope, known_id
from adapters.sql.tables import export
from domain.audit_log import AuditFilter
from domain.company_accounts import CompanyFilter
from domain.errors import NotFound
from domain.export import Export, ExportState, Form
from domain.listing import InvoiceFilter, OrderFilter, PaymentFilter

FILTERS: Final[dict[str, TypeAdapter[Any]]] = {
    "invoices": TypeAdapter(InvoiceFilter),
    "payments": TypeAdapter(PaymentFilter),
    "orders": TypeAdapter(OrderFilter),
    "audit": TypeAdapter(AuditFilter),
    "companies": TypeAdapter(CompanyFilter),
}
"""The filter of each list that can be exported, as it is written to JSON and read back."""


class SqlExports:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def put(self, one: Export) -> None:
        row = {name: getattr(one, name) for name in _COLUMNS}
        self._scope.upsert(export, [{**row, "chosen": FILTERS[one.list_name].dump_python(one.chosen, mode="json")}])

    def get(self, export_id: str) -> Export:
        return self._one(select(export).where(self._mine(export_id)))

    def locked(self, export_id: str) -> Export:
        return self._one(select(export).where(self._mine(export_id)).with_for_update())

    def of(self, asked_by: str, limit: int = 50) -> list[Export]:
        chosen = select(export).where(self._scope.own(export), export.c.asked_by == asked_by)
        rows = self._scope.all(chosen.order_by(export.c.asked_at.desc(), export.c.id.desc()).limit(limit))
        return [_export(row) for row in rows]

    def _one(self, chosen: Any) -> Export:
        row = self._scope.first(chosen)
        if row is None:
            raise NotFound("export")
        return _export(row)

    def _mine(self, export_id: str) -> ColumnElement[bool]:
        return and_(self._scope.own(export), export.c.id == known_id(export_id, "export"))


_COLUMNS: Final = [column.name for column in export.columns if column.name not in ("store_id", "chosen")]


def _export(row: Row[Any]) -> Export:
    values = {name: getattr(row, name) for name in _COLUMNS}
    words = {"form": Form(row.form), "state": ExportState(row.state)}
    return Export(**{**values, **words, "chosen": FILTERS[row.list_name].validate_python(row.chosen)})
