"""How the synchronisation of orders goes, what failed in it, and starting it by hand (F-23)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.errors import NotFound
from domain.ports import Doorbell, Failed, OpenWork, Work
from domain.roles import Actor, Right

INBOX_KINDS: Final = frozenset({"order", "cart", "company"})
OUTBOX_KINDS: Final = frozenset({"sync_orders", "sync_directory", "create_invoices", "invoice_order"})
"""Rows that say how the synchronisation goes."""


@dataclass(frozen=True)
class SyncState:
    """`watermark` is when BigCommerce was last asked for changes, `progress` the walk over all orders, `newest` the
    order of a company placed last, `waiting` the hints not worked through yet, `failed` rows by box."""

    watermark: Mapping[str, object]
    progress: Mapping[str, object]
    newest: tuple[int, datetime] | None
    waiting: int
    failed: tuple[tuple[str, Failed], ...]


def sync_state_of(work: Work) -> SyncState:
    failed = [("inbox", one) for one in work.inbox.failed(INBOX_KINDS)]
    failed += [("outbox", one) for one in work.outbox.failed(OUTBOX_KINDS)]
    return SyncState(
        work.notes.fact("orders.watermark") or {},
        work.notes.fact("sync.orders") or {},
        work.orders.newest(),
        work.inbox.waiting(),
        tuple(failed),
    )


@dataclass(frozen=True)
class LookAtSync:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> SyncState:
        actor.must(Right.VIEW_ORDERS)
        with self.open_work(actor.store_id) as work:
            return sync_state_of(work)


@dataclass(frozen=True)
class SyncNow:
    """Reads all orders of the last year again. While a walk runs it goes on: it is only rung. Raises NotAllowed."""

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor) -> None:
        actor.must(Right.CREATE_INVOICES)
        with self.open_work(actor.store_id) as work:
            progress = work.notes.fact("sync.orders") or {}
            if progress.get("state") != "running":
                begun = {"state": "running", "seen": 0, "kept": 0, "after_id": 0, "started_at": work.now().isoformat()}
                work.notes.put_fact("sync.orders", begun)
            work.outbox.put("sync_orders", "orders")
            work.commit()
        self.doorbell.ring(actor.store_id, "outbox")


@dataclass(frozen=True)
class TryAgain:
    """A row that failed is due now. Raises NotAllowed, NotFound for what is done or worked on meanwhile."""

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor, box: str, item_id: int) -> None:
        actor.must(Right.CREATE_INVOICES)
        with self.open_work(actor.store_id) as work:
            rows, kinds = (work.inbox, INBOX_KINDS) if box == "inbox" else (work.outbox, OUTBOX_KINDS)
            shown = {one.id for one in rows.failed(kinds)}
            if item_id not in shown or not rows.try_again(item_id):
                raise NotFound("failed row")
            work.commit()
        self.doorbell.ring(actor.store_id, box)
