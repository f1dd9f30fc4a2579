"""Orders as last read from BigCommerce: columns for the dashboard, the whole reading beside them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.filters import folded
from adapters.sql.papers import order_from_json, order_to_json
from adapters.sql.scope import Scope, replacing
from adapters.sql.tables import shop_order
from domain.errors import NotFound
from domain.order import Order


class SqlOrders:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def put(self, orders: Iterable[Order]) -> int:
        newest: dict[int, Order] = {}
        for order in orders:
            kept = newest.get(order.id)
            if kept is None or order.modified_at >= kept.modified_at:
                newest[order.id] = order
        if not newest:
            return 0
        # Sorted, so that two batches with the same orders lock them in one order.
        rows = [{"store_id": self._scope.store_id, **_row(newest[order_id])} for order_id in sorted(newest)]
        statement = insert(shop_order).values(rows)
        fresh, kept_row = statement.excluded, shop_order.c
        # An older reading, or the same one again, leaves the row alone.
        is_news = or_(
            fresh.modified_at > kept_row.modified_at,
            (fresh.modified_at == kept_row.modified_at) & (cast(fresh.reading, Text) != cast(kept_row.reading, Text)),
        )
        upsert = replacing(statement, shop_order, is_news)
        return len(self._scope.all(upsert.returning(shop_order.c.id)))

    def get(self, order_id: int) -> Order:
        found = self.find(order_id)
        if found is None:
            raise NotFound("order")
        return found

    def find(self, order_id: int) -> Order | None:
        chosen = select(shop_order.c.reading).where(self._scope.own(shop_order), shop_order.c.id == order_id)
        row = self._scope.first(chosen)
        return order_from_json(row.reading) if row is not None else None

    def lock(self, order_id: int) -> None:
        """An advisory lock, because acts may be serialised on an order that is not kept."""
        name = f"order:{self._scope.store_id}:{order_id}"
        self._scope.run(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))

    def without_company(self, since: datetime, until: datetime | None = None) -> list[int]:
        chosen = select(shop_order.c.id).where(
            self._scope.own(shop_order),
            shop_order.c.company_id.is_(None),
            shop_order.c.customer_id != 0,
            shop_order.c.placed_at >= since,
            shop_order.c.placed_at < until if until is not None else true(),
        )
        return [row.id for row in self._scope.all(chosen.order_by(shop_order.c.id))]

    def newest(self) -> tuple[int, datetime] | None:
        chosen = select(shop_order.c.id, shop_order.c.placed_at).where(
            self._scope.own(shop_order), shop_order.c.company_id.is_not(None)
        )
        row = self._scope.first(chosen.order_by(shop_order.c.placed_at.desc(), shop_order.c.id.desc()).limit(1))
        return (row.id, row.placed_at) if row is not None else None

    def count(self) -> int:
        return int(self._scope.scalar(select(func.count()).select_from(shop_order).where(self._scope.own(shop_order))))


def _row(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "customer_id": order.customer_id,
        "company_id": order.company_id,
        "placed_at": order.placed_at,
        "modified_at": order.modified_at,
        "status_id": order.status_id,
        "status": order.status,
        "currency": order.currency,
        "total_minor": order.total.minor,
        "po_number": order.po_number,
        "buyer_name": order.buyer_name,
        "cart_id": order.cart_id,
        "is_archived": order.is_archived,
        "is_invoice_payment": order.is_invoice_payment,
        "search_text": folded(str(order.id), order.po_number, order.buyer_name),
        "reading": order_to_json(order),
    }
