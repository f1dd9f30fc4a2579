"""The order dashboard: `domain.listing.OrderFilter` in SQL, with the live invoice of each order."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, Text, and_, cast, false, func, or_, select, true

from adapters.sql.filters import at_least, contains, equals, within
from adapters.sql.paging import Key, page, read_instant, read_number
from adapters.sql.scope import Scope
from adapters.sql.tables import company, invoice, review, shop_order
from domain.invoice import Source, Status
from domain.listing import OrderFilter, OrderRow, Page
from domain.money import Money
from domain.order import Order
from domain.order_change import ChangeKind
from domain.review import ReviewKind

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
        is_old = _before(chosen)
        view = true() if chosen.historic is None else is_old if chosen.historic else ~is_old
        statement = statement.where(self._matching(chosen), view, _invoiced(live, chosen.invoiced))
        chunk = page(self._scope.all, statement, KEYS, Key(shop_order.c.id, read_number), chosen.sort, limit, cursor)
        return Page(tuple(map(_row, chunk.rows)), chunk.next_cursor, chunk.previous_cursor)

    def counts(self, chosen: OrderFilter) -> Mapping[str, int]:
        statement, live = self._joined()
        is_old = _before(chosen)
        counted = statement.with_only_columns(
            func.count().filter(~is_old).label("all"),
            func.count(live.c.invoice_id).filter(~is_old).label("invoiced"),
            func.count().filter(is_old).label("historic"),
            maintain_column_froms=True,
        )
        row = self._scope.run(counted.where(self._matching(chosen))).one()
        new = row.all - row.invoiced
        return {"not_invoiced": new, "invoiced": row.invoiced, "all": row.all, "historic": row.historic}

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
        changed = (
            (review.c.store_id == shop_order.c.store_id)
            & (review.c.kind == ReviewKind.ORDER_CHANGED.value)
            & (review.c.subject_id == cast(shop_order.c.id, Text))
            & review.c.settled_at.is_(None)
        )
        joined = shop_order.outerjoin(company, whose).outerjoin(review, changed).outerjoin(live, true())
        name = func.coalesce(company.c.name, "").label("company_name")
        kind = review.c.facts["change"].as_string().label("changed")
        return select(*columns, name, kind, *live.columns).select_from(joined), live

    def _matching(self, chosen: OrderFilter) -> ColumnElement[bool]:
        """The filter without its view."""
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
            contains(cast(row.id, Text), chosen.number),
            at_least(row.placed_at, _midnight(chosen.placed_from, chosen.time_zone)),
            row.placed_at < _midnight(chosen.placed_to, chosen.time_zone, after_days=1) if chosen.placed_to else true(),
        )


def _before(chosen: OrderFilter) -> ColumnElement[bool]:
    """Placed before the cut-over date (R-12)."""
    cut_over = _midnight(chosen.cut_over, chosen.time_zone)
    return shop_order.c.placed_at < cut_over if cut_over is not None else false()


def _invoiced(live: Any, wanted: bool | None) -> ColumnElement[bool]:
    if wanted is None:
        return true()
    has_one: ColumnElement[bool] = live.c.invoice_id.is_not(None)
    return has_one if wanted else ~has_one


_FIRST: Final = date.min + timedelta(days=2)
_LAST: Final = date.max - timedelta(days=2)
"""Within these every time zone's midnight is a moment that can be told."""


def _midnight(day: date | None, time_zone: str, after_days: int = 0) -> datetime | None:
    """The instant at which the day, or one after it, begins in the time zone."""
    if day is None:
        return None
    begins = min(max(day, _FIRST), _LAST) + timedelta(days=after_days)
    return datetime.combine(begins, time(), ZoneInfo(time_zone)).astimezone(UTC)


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
        changed=ChangeKind(row.changed) if row.changed and row.invoice_id else None,
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
