"""The first synchronisation: orders of B2B customers of the last year, with counts that grow (R-8, R-12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.order import Order
from domain.payment_attempt import SKU
from domain.ports import Doorbell, OpenWork, OrderPage, OrderRecord, Shop, Work
from domain.use_cases.open_shop import OpenShop

LOOK_BACK: Final = timedelta(days=366)
RECHECK_FOR: Final = timedelta(hours=24)


def with_record(work: Work, order: Order, record: OrderRecord | None) -> Order:
    """Adds what B2B Edition knows: the record's company wins, else the one it had so far, also when the shopper has
    moved since, else the shopper's (R-8). Without a record, what was known of the order stays."""
    known = work.orders.find(order.id)
    company_id = record.company_id if record else None
    if company_id is None and known is not None:
        company_id = known.company_id
    if company_id is None and order.customer_id:
        buyer = work.companies.find_buyer(order.customer_id)
        company_id = buyer.company_id if buyer else None
    ours = any(line.sku == SKU for line in order.lines) or bool(known and known.is_invoice_payment)
    if not ours and order.cart_id is not None:
        ours = work.attempts.find_by_cart(order.cart_id) is not None
    po_number = known.po_number if known and not record else order.po_number
    return replace(
        order,
        company_id=company_id,
        po_number=record.po_number if record else po_number,
        is_invoice_payment=ours or order.is_invoice_payment or bool(record and record.is_invoice_order),
    )


def keep(order: Order, now: datetime) -> bool:
    """Guest and B2C orders are left out; a shopper's fresh order waits 24 h for B2B Edition to know it."""
    if order.is_b2b or order.is_invoice_payment:
        return True
    return order.customer_id != 0 and now - order.placed_at < RECHECK_FOR


def ask_for_companies(work: Work, orders: Iterable[Order]) -> None:
    """Orders can name a company that is younger than our reading of the directory."""
    for company_id in {order.company_id for order in orders if order.company_id is not None}:
        if work.companies.find(company_id) is None:
            work.inbox.put("company", str(company_id))


def _has_changed(work: Work, order: Order) -> bool:
    """Since it was read last, such as while the app was removed: an invoice may hang on it, and its money (R-9). It is
    then taken in by itself, because what changed is only seen beside the old reading (R-11)."""
    known = work.orders.find(order.id)
    return known is not None and known.modified_at < order.modified_at


def _may_be_invoiced(work: Work, order: Order) -> bool:
    """Placed since invoices are made by themselves, and never seen: only with its money read is it known (R-12)."""
    since = work.notes.settings().automatic_since
    return since is not None and order.placed_at >= since and work.orders.find(order.id) is None


@dataclass(frozen=True)
class SyncOrders:
    """Walks by order id, one page of up to 250 and one commit at a time; continues where it stopped.

    Raises StoreUnreachable, StoreDisconnected and DirectoryUnreachable, so that the outbox repeats it.
    """

    open_work: OpenWork
    open_shop: OpenShop
    doorbell: Doorbell

    def __call__(self, store_id: int) -> None:
        shop = self.open_shop(store_id)
        with self.open_work(store_id) as work:
            now = work.now()
            progress = dict(work.notes.fact("sync.orders") or {})
        since = now - LOOK_BACK
        if progress.get("state") != "running":
            progress = {"state": "running", "seen": 0, "kept": 0, "after_id": 0, "started_at": now.isoformat()}
        progress["total"] = shop.orders.count(since)
        self._note(store_id, progress)
        records = self._records(shop, since)
        payments = shop.orders.invoice_payments()
        while True:
            page = shop.orders.page(placed_since=since, after_id=int(str(progress["after_id"])))
            progress = self._take(store_id, page, records, payments, progress)
            if not page.more:
                break
        progress.update(state="done", finished_at=now.isoformat())
        self._finish(store_id, progress)

    def _records(self, shop: Shop, since: datetime) -> Mapping[int, OrderRecord]:
        """Without them orders of companies could not be told from others, and would be left out for good."""
        return {record.order_id: record for record in shop.directory.order_records(since)}

    def _take(
        self,
        store_id: int,
        page: OrderPage,
        records: Mapping[int, OrderRecord],
        payments: set[int],
        progress: Mapping[str, object],
    ) -> dict[str, object]:
        with self.open_work(store_id) as work:
            now = work.now()
            marked = [replace(order, is_invoice_payment=order.id in payments) for order in page.orders]
            read = [with_record(work, order, records.get(order.id)) for order in marked]
            kept = [order for order in read if keep(order, now)]
            changed = {order.id for order in kept if _has_changed(work, order) or _may_be_invoiced(work, order)}
            work.orders.put([order for order in kept if order.id not in changed])
            ask_for_companies(work, kept)
            to_settle = [order.id for order in kept if order.is_invoice_payment and order.id not in changed]
            for order_id in (*sorted(changed), *to_settle, *page.unreadable):
                work.inbox.put("order", str(order_id))
            after = {
                **progress,
                "seen": int(str(progress["seen"])) + len(read),
                "kept": int(str(progress["kept"])) + len(kept),
                "after_id": page.last_id,
            }
            work.notes.put_fact("sync.orders", after)
            work.commit()
        return after

    def _note(self, store_id: int, progress: Mapping[str, object]) -> None:
        with self.open_work(store_id) as work:
            work.notes.put_fact("sync.orders", progress)
            work.commit()

    def _finish(self, store_id: int, progress: Mapping[str, object]) -> None:
        """The sweep goes on from when this walk began, also when it was interrupted, so that nothing falls between;
        after a reinstall from where it stopped, because orders older than this walk's change too (F-16)."""
        with self.open_work(store_id) as work:
            before = (work.notes.fact("orders.watermark") or {}).get("at", progress["started_at"])
            work.notes.put_fact("sync.orders", progress)
            work.notes.put_fact("orders.watermark", {"at": min(str(before), str(progress["started_at"]))})
            work.commit()
        self.doorbell.ring(store_id, "inbox")
