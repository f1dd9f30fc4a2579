"""Orders of one BigCommerce store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.order import Order, OrderMoney


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Up to 250 orders with embedded lines; `last_id` continues the walk, `more` whether there may be any.

    `unreadable` are ids of orders left out because they could not be read: they hold back no others (F-23).
    """

    orders: tuple[Order, ...]
    last_id: int
    more: bool
    unreadable: tuple[int, ...] = ()


class StoreOrders(Protocol):
    """Orders of one store. Raises StoreUnreachable, StoreDisconnected, ScopeMissing, NotFound."""

    def get(self, order_id: int) -> Order:
        """One order with all lines, addresses, coupons and taxes; company and PO are not known here."""

    def page(
        self,
        *,
        placed_since: datetime | None = None,
        modified_since: datetime | None = None,
        after_id: int = 0,
    ) -> OrderPage:
        """Walks by id, 250 per call, lines embedded."""

    def count(self, placed_since: datetime) -> int: ...

    def money(self, order_id: int, currency: str) -> OrderMoney: ...

    def made_from_cart(self, cart_id: str) -> list[int]:
        """Ids of orders made from a cart; several are possible, failed tries among them."""

    def invoice_payments(self) -> set[int]:
        """Orders marked as payments of B2B Edition's own invoices: lists of orders do not say it (R-8)."""

    def mark(self, order_id: int, metafields: Mapping[str, str], staff_note: str) -> None:
        """Namespace `invoice_portal`, permission `read`; looks first what is there, so it can be repeated (R-23)."""
