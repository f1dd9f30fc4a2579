"""Orders of one store: one with everything, pages of 250 with their lines, their money, and our mark on them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

import structlog

from adapters.bigcommerce import marks, money
from adapters.bigcommerce.client import PAGE, Doc, StoreClient
from adapters.bigcommerce.errors import Unreadable
from adapters.bigcommerce.order_reading import Parts, order_of
from adapters.bigcommerce.order_shapes import (
    AddressShape,
    ConsignmentsShape,
    CouponShape,
    FeeShape,
    LineShape,
    OrderShape,
    TaxShape,
)
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.reading import Count, Shape, read
from domain.order import Order, OrderMoney
from domain.ports import OrderPage

_log: Final = structlog.get_logger("adapters.bigcommerce")

_EMBED: Final = {"include": "consignments.line_items,fees", "consignment_structure": "object"}


class _CountShape(Shape):
    count: Count


class BigCommerceOrders:
    """The domain's StoreOrders."""

    def __init__(self, client: StoreClient) -> None:
        self._client = client

    def get(self, order_id: int) -> Order:
        found = self._client.v2_one(path("orders", order_id), {"include": "fees"})
        head = read(OrderShape, found, f"order {order_id}")
        shipping = self._rows(order_id, "shipping_addresses")
        parts = Parts(
            lines=self._lines(order_id),
            fees=self._fees(found),
            shipping=[read(AddressShape, row, "an address") for row in shipping],
            coupons=self._coupons(head),
            taxes=[read(TaxShape, row, "a tax") for row in self._rows(order_id, "taxes")],
        )
        return order_of(head, parts)

    def page(
        self,
        *,
        placed_since: datetime | None = None,
        modified_since: datetime | None = None,
        after_id: int = 0,
    ) -> OrderPage:
        """Coupons and taxes are not embedded: their amounts come from the head, without names; `get` knows them.

        An order that cannot be read holds back no others: it is left out and named in `unreadable`.
        """
        query = {**_EMBED, "sort": "id:asc", "limit": str(PAGE)}
        if after_id:
            # Read from the last known one on: it does not matter then whether the bound itself is included.
            query["min_id"] = str(after_id)
        if placed_since is not None:
            query["min_date_created"] = _rfc2822(placed_since)
        if modified_since is not None:
            query["min_date_modified"] = _rfc2822(modified_since)
        rows = self._client.v2_page("orders", query)
        ids = [_id_of(row) for row in rows]
        found, unreadable = [], []
        for order_id, row in zip(ids, rows, strict=True):
            if order_id <= after_id:
                continue
            try:
                found.append(self._embedded(order_id, row))
            except Unreadable:
                unreadable.append(order_id)
        last = max([after_id, *ids])
        return OrderPage(tuple(found), last, more=len(rows) >= PAGE and last > after_id, unreadable=tuple(unreadable))

    def count(self, placed_since: datetime) -> int:
        found = self._client.v2_one("orders/count", {"min_date_created": _rfc2822(placed_since)})
        return read(_CountShape, found, "a number of orders").count

    def money(self, order_id: int, currency: str) -> OrderMoney:
        """Transactions and refunds. An order without any has none: both lists answer empty."""
        return money.read_order_money(self._client, order_id, currency)

    def made_from_cart(self, cart_id: str) -> list[int]:
        rows = self._client.v2_page("orders", {"cart_id": cart_id, "limit": str(PAGE)})
        # A filter the store ignored would hand over strangers' orders.
        return sorted(_id_of(row) for row in rows if row.get("cart_id") == cart_id)

    def invoice_payments(self) -> set[int]:
        return marks.invoice_payments(self._client)

    def mark(self, order_id: int, metafields: Mapping[str, str], staff_note: str) -> None:
        marks.mark(self._client, order_id, metafields, staff_note)

    # --- parts ----------------------------------------------------------------------------------------
    def _rows(self, order_id: int, part: str) -> list[Any]:
        return list(self._client.v2_all(path("orders", order_id, part)))

    def _lines(self, order_id: int) -> list[LineShape]:
        return [read(LineShape, row, "an order line") for row in self._rows(order_id, "products")]

    def _coupons(self, head: OrderShape) -> list[CouponShape]:
        if not head.coupon_discount:
            return []
        return [read(CouponShape, row, "a coupon") for row in self._rows(head.id, "coupons")]

    def _fees(self, order: Doc) -> list[FeeShape]:
        """As embedded. A link in their place means there is nothing to tell; R-10 would show the difference."""
        fees = order.get("fees")
        return [read(FeeShape, row, "a fee") for row in fees] if isinstance(fees, list) else []

    def _embedded(self, order_id: int, row: Doc) -> Order:
        head = read(OrderShape, row, f"order {order_id}")
        consignments = read(ConsignmentsShape, row.get("consignments") or {}, f"consignments of order {order_id}")
        raw = consignments.embedded_lines
        lines = [read(LineShape, line, "an order line") for line in raw if "id" in line]
        # Whether long orders are embedded whole is not documented; links have no id.
        if len(lines) < len(raw) or sum(line.quantity for line in lines) < head.items_total:
            lines = self._lines(order_id)
        return order_of(head, Parts(lines, self._fees(row), consignments.shipping))


def _id_of(row: Any) -> int:
    if not isinstance(row, dict) or not isinstance(row.get("id"), int):
        raise Unreadable("an order without a number")
    return int(row["id"])


def _rfc2822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC).replace(microsecond=0))
