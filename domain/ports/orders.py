"""Synced orders inside one unit of work."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from domain.order import Order


class Orders(Protocol):
    def put(self, orders: Iterable[Order]) -> int:
        """Inserts or replaces by id where the reading is newer (`modified_at`); how many were. Old news is ignored."""

    def get(self, order_id: int) -> Order: ...

    def find(self, order_id: int) -> Order | None: ...

    def lock(self, order_id: int) -> None:
        """Serialises acts on one order, such as two presses of Create invoice."""

    def without_company(self, since: datetime, until: datetime | None = None) -> list[int]:
        """Kept orders with a shopper but no company yet, placed since and before `until`: re-checked for 24 h (R-8)."""

    def count(self) -> int: ...

    def newest(self) -> tuple[int, datetime] | None:
        """Id and moment of the order of a company that was placed last."""
