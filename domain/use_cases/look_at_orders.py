"""The order dashboard: synced orders of companies, and whether each has its invoice."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.listing import OrderFilter, OrderRow, Page
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.use_cases.create_invoices import Run, latest_runs
from domain.use_cases.order_payment import time_zone_of
from domain.use_cases.watch_sync import SyncState, sync_state_of


@dataclass(frozen=True)
class OrderList:
    """`runs` are the newest presses of *Create for selected*."""

    page: Page[OrderRow]
    counts: Mapping[str, int]
    sync: SyncState
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class ListOrders:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor, chosen: OrderFilter, limit: int = 25, cursor: str | None = None) -> OrderList:
        actor.must(Right.VIEW_ORDERS)
        with self.open_work(actor.store_id) as work:
            own = replace(in_store_days(work, chosen), companies=actor.companies)
            page = work.queries.orders(own, limit, cursor)
            if own.historic:
                page = replace(
                    page, rows=tuple(replace(row, why_not=_historic(row, own.cut_over)) for row in page.rows)
                )
            runs = tuple(latest_runs(work, actor))
            return OrderList(page, work.queries.order_counts(own), sync_state_of(work), runs)


def in_store_days(work: Work, chosen: OrderFilter) -> OrderFilter:
    """The filter with what only the store knows: its cut-over date, and where its days begin."""
    return replace(chosen, cut_over=work.notes.settings().cut_over, time_zone=time_zone_of(work))


def _historic(row: OrderRow, cut_over: date | None) -> str:
    """The rule of R-8 that holds first, else that of R-12."""
    return row.why_not or f"it was placed before the cut-over date {cut_over}"
