"""Finds what hints missed: orders changed since the watermark, unpaid carts, forgotten setup (F-1, F-6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.order import Order
from domain.payment_attempt import UNPAID_CART_LIVES, AttemptState
from domain.ports import Doorbell, OpenWork, Work
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.sync_sales_staff import renew_sales_staff

OVERLAP: Final = timedelta(minutes=15)
"""Orders may be shown late by BigCommerce: each sweep looks back this far before the watermark."""

SAME_SECOND: Final = timedelta(minutes=1)
"""BigCommerce tells in whole seconds when an order changed: a reading within that second may have missed the end of
it. Longer, because the clocks of both may differ."""

RECHECK_AT: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 80, 160, 320, 640, 1440))
"""Ages at which an order without a company is asked for again (R-8): most are of shoppers who never have one, and a
reading costs seven calls of a quota that all apps of the store share."""

SETUP_EVERY: Final = timedelta(hours=24)
SALES_STAFF_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Sweep:
    """Every five minutes per store. Puts rows into the inbox; nothing is decided here. Raises StoreUnreachable,
    StoreDisconnected."""

    open_work: OpenWork
    open_shop: OpenShop
    doorbell: Doorbell

    def __call__(self, store_id: int) -> int:
        with self.open_work(store_id) as work:
            started = work.now()
            watermark = work.notes.fact("orders.watermark")
        if watermark is None:
            return self._start_anew(store_id)
        before = datetime.fromisoformat(str(watermark["at"]))
        found = self._newer_orders(store_id, before) | self._orders_of_unpaid(store_id, started)
        with self.open_work(store_id) as work:
            for age in RECHECK_AT:
                found |= set(work.orders.without_company(before - age, started - age))
            for order_id in sorted(found):
                work.inbox.put("order", str(order_id))
            _expire_carts(work, started)
            _renew(work, started)
            work.files.remove_expired(started)
            work.notes.put_fact("orders.watermark", {"at": started.isoformat()})
            work.commit()
        if found:
            self.doorbell.ring(store_id, "inbox")
        self.doorbell.ring(store_id, "outbox")
        return len(found)

    def _start_anew(self, store_id: int) -> int:
        """The first synchronisation never ended, such as with B2B Edition away for long: it is rung again."""
        with self.open_work(store_id) as work:
            work.outbox.put("sync_orders", "orders")
            work.commit()
        self.doorbell.ring(store_id, "outbox")
        return 0

    def _newer_orders(self, store_id: int, before: datetime) -> set[int]:
        """Orders that changed after our own reading of them, so that a sweep costs little when hints came through; and
        those with money of ours that changed since the sweep `before`, whose reading may have come too early."""
        shop = self.open_shop(store_id)
        found: set[int] = set()
        after = 0
        while True:
            page = shop.orders.page(modified_since=before - OVERLAP, after_id=after)
            with self.open_work(store_id) as work:
                for order in page.orders:
                    known = work.orders.find(order.id)
                    is_unsure = order.modified_at >= before - SAME_SECOND
                    if (
                        known is None
                        or known.modified_at < order.modified_at
                        or (is_unsure and _has_money(work, known))
                    ):
                        found.add(order.id)
            found |= set(page.unreadable)
            after = page.last_id
            if not page.more:
                return found

    def _orders_of_unpaid(self, store_id: int, now: datetime) -> set[int]:
        """Orders made from carts whose attempt is not finished, in case their hint and date were both missed."""
        with self.open_work(store_id) as work:
            open_attempts = work.attempts.unpaid_before(now - UNPAID_CART_LIVES)
        shop = self.open_shop(store_id)
        found: set[int] = set()
        for attempt in open_attempts:
            if attempt.cart_id is not None:
                found |= set(shop.orders.made_from_cart(attempt.cart_id))
        return found


def _has_money(work: Work, order: Order) -> bool:
    """Whether the order pays invoices, or an invoice or payment of ours hangs on it."""
    if order.is_invoice_payment or work.payments.find_by_order(order.id) is not None:
        return True
    return bool(work.invoices.live_for_order(order.id))


def _expire_carts(work: Work, now: datetime) -> None:
    """Unpaid carts go after 45 minutes; money that still comes from one is booked all the same (R-18, F-6)."""
    for attempt in work.attempts.unpaid_before(now - UNPAID_CART_LIVES):
        work.attempts.save(attempt.in_state(AttemptState.EXPIRED))
        if attempt.cart_id is not None:
            work.outbox.put("delete_cart", attempt.cart_id)


def _renew(work: Work, now: datetime) -> None:
    """Hooks, scripts and the directory are looked at again once a day (F-1), Sales Staff each hour: they tell who may
    see which companies, and no webhook says so."""
    renew_sales_staff(work, SALES_STAFF_EVERY)
    at = (work.notes.fact("setup") or {}).get("at")
    if at is None or now - datetime.fromisoformat(str(at)) > SETUP_EVERY:
        work.outbox.put("set_up_store", "setup")
        work.outbox.put("sync_directory", "directory")
