"""The order dashboard: synced orders of companies, and whether each has its invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.listing import OrderFilter, OrderRow, Page
from domain.ports import OpenWork
from domain.roles import Actor, Right


@dataclass(frozen=True)
class OrderList:
    """`watermark` is when BigCommerce was last asked for changes, `progress` the first synchronisation, `waiting`
    the hints not worked through yet."""

    page: Page[OrderRow]
    counts: Mapping[str, int]
    watermark: Mapping[str, object]
    progress: Mapping[str, object]
    waiting: int


@dataclass(frozen=True)
class ListOrders:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor, chosen: OrderFilter, limit: int = 25, cursor: str | None = None) -> OrderList:
        actor.must(Right.VIEW_ORDERS)
        own = replace(chosen, companies=actor.companies)
        with self.open_work(actor.store_id) as work:
            return OrderList(
                work.queries.orders(own, limit, cursor),
                work.queries.order_counts(own),
                work.notes.fact("orders.watermark") or {},
                work.notes.fact("sync.orders") or {},
                work.inbox.waiting(),
            )
