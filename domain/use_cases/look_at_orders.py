"""The order dashboard: synced orders of companies, and whether each has its invoice."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.listing import OrderFilter, OrderRow, Page
from domain.ports import OpenWork
from domain.roles import Actor, Right


@dataclass(frozen=True)
class OrderList:
    """`synced` is the freshness line: when the last order reading happened and what still waits."""

    page: Page[OrderRow]
    counts: Mapping[str, int]
    synced: Mapping[str, object]
    waiting: int


@dataclass(frozen=True)
class ListOrders:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor, chosen: OrderFilter, limit: int = 25, cursor: str | None = None) -> OrderList:
        actor.must(Right.VIEW_ORDERS)
        with self.open_work(actor.store_id) as work:
            return OrderList(
                work.queries.orders(chosen, limit, cursor),
                work.queries.order_counts(chosen),
                work.notes.fact("orders.watermark") or {},
                work.inbox.waiting(),
            )
