"""The order dashboard: `domain.listing.OrderFilter` in SQL, with the live invoice of each order."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true

from adapters.sql.filters import at_least, contains, equals, within
from adapters.sql.paging import Key, page, read_instant, read_number
from adapters.sql.scope import Scope
from adapters.sql.tables import company, invoice, shop_order
from domain.invoice import Source, Status
from domain.listing import OrderFilter, OrderRow, Page
from domain.money import Money
from domain.order import Order

KEYS: Final = {
    "placed": Key(shop_order.c.placed_at, read_instant),
    "order": Key(shop_order.c.id, read_number),
    "total": Key(shop_order.c.total_minor, read_number),
}


class OrderList:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def page(self, chosen: OrderFilter, limit: int, cursor: str | None) -> Page[OrderRow]:
        statement, live = self._joined()
        statement = statement.where(self._matching(chosen), _invoiced(live, chosen.invoiced))
        chunk = page(self._scope.all, statement, KEYS, Key(shop_order.c.id, read_number), chosen.sort, limit, cursor)
        return Page(tuple(map(_row, chunk.rows)), chunk.next_cursor, chunk.previous_cursor)

    def counts(self, chosen: OrderFilter) -> Mapping[str, int]:
        statement, live = self._joined()
        counted = statement.with_only_columns(
            func.count().label("all"), func.count(live.c.invoice_id).label("invoiced"), maintain_column_froms=True
        )
        row = self._scope.run(counted.where(self._matching(chosen))).one()
        return {"not_invoiced": row.all - row.invoiced, "invoiced": row.invoiced, "all": row.all}

    def _joined(self) -> tuple[Select[Any], Any]:
        """Orders with their company and the invoice that is shown for them: portal-made first (R-11)."""
        live = (
            select(invoice.c.id.label("invoice_id"), invoice.c.number.label("invoice_number"))
            .add_columns(invoice.c.status.label("invoice_status"))
            .where(
                self._scope.own(invoice),
                invoice.c.order_id == shop_order.c.id,
                invoice.c.removed.is_(None),
            )
            .order_by((invoice.c.source == Source.ORDER).desc(), invoice.c.id)
            .limit(1)
            .lateral("live")
        )
        columns = [column for column in shop_order.columns if column.name not in ("reading", "search_text")]
        whose = (company.c.store_id == shop_order.c.store_id) & (company.c.id == shop_order.c.company_id)
        joined = shop_order.outerjoin(company, whose).outerjoin(live, true())
        name = func.coalesce(company.c.name, "").label("company_name")
        return select(*columns, name, *live.columns).select_from(joined), live

    def _matching(self, chosen: OrderFilter) -> ColumnElement[bool]:
        """The filter without `invoiced`."""
        row = shop_order.c
        found = or_(
            contains(row.search_text, chosen.search), contains(func.coalesce(company.c.name_folded, ""), chosen.search)
        )
        return and_(
            self._scope.own(shop_order),
            row.company_id.is_not(None),
            ~row.is_invoice_payment,
            found,
            within(row.company_id, chosen.companies),
            equals(row.company_id, chosen.company_id),
            equals(row.status_id, chosen.status_id),
            at_least(row.placed_at, _midnight(chosen.placed_from)),
            row.placed_at < _midnight(chosen.placed_to, after_days=1) if chosen.placed_to else true(),
        )


def _invoiced(live: Any, wanted: bool | None) -> ColumnElement[bool]:
    if wanted is None:
        return true()
    has_one: ColumnElement[bool] = live.c.invoice_id.is_not(None)
    return has_one if wanted else ~has_one


def _midnight(day: date | None, after_days: int = 0) -> datetime | None:
    """The UTC instant at which the day, or one after it, begins."""
    if day is None:
        return None
    if date.max - day < timedelta(days=after_days):
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(day + timedelta(days=after_days), time(), UTC)


def _row(row: Row[Any]) -> OrderRow:
    total = Money(row.total_minor, row.currency)
    return OrderRow(
        id=row.id,
        placed_at=row.placed_at,
        company_id=row.company_id,
        company_name=row.company_name,
        buyer_name=row.buyer_name,
        po_number=row.po_number,
        total=total,
        status_id=row.status_id,
        status=row.status,
        is_archived=row.is_archived,
        invoice_id=row.invoice_id,
        invoice_number=row.invoice_number,
        invoice_status=Status(row.invoice_status) if row.invoice_status else None,
        why_not=_order(row, total).why_not_invoiceable(),
    )


def _order(row: Row[Any], total: Money) -> Order:
    """As much of the order as its own rule needs: no lines, which a list does not read."""
    return Order(
        id=row.id,
        customer_id=row.customer_id,
        company_id=row.company_id,
        placed_at=row.placed_at,
        modified_at=row.modified_at,
        status_id=row.status_id,
        status=row.status,
        currency=row.currency,
        total=total,
        total_tax=Money.zero(row.currency),
        total_ex_tax=total,
        subtotal_ex_tax=total,
        is_archived=row.is_archived,
        is_invoice_payment=row.is_invoice_payment,
    )
