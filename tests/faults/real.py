"""The portal on the real database, with the outside world as fakes: for what only real sessions at once can show."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters.sql.work import SqlDatabase
from domain.order import Order, OrderMoney
from domain.portal import Portal
from domain.store import Connection, Settings, Store
from domain.use_cases.open_shop import ACCESS_TOKEN
from tests.builders import an_order, given_companies
from tests.fakes import FakeShop, FakeWorld, a_portal, a_shop_profile

AT_ONCE = 8
"""Sessions at once: the pool holds ten connections."""


@dataclass(frozen=True)
class Real:
    """One connected store after its opening, with two companies."""

    database: SqlDatabase
    world: FakeWorld
    portal: Portal
    store: Store

    @property
    def shop(self) -> FakeShop:
        return self.world.shops.of(self.store.hash)

    def work(self):
        return self.database.open_work(self.store.id)

    def sold(self, order_id: int) -> Order:
        """An order of Northwind, taken in."""
        order = self.shop.orders.add(an_order(order_id), OrderMoney())
        with self.work() as work:
            work.orders.put([order])
            work.commit()
        return order

    def live(self, order_id: int) -> list[str]:
        """Sources of the live invoices that cite the order."""
        with self.work() as work:
            return [invoice.source.value for invoice in work.invoices.live_for_order(order_id)]

    def violations(self) -> list[str]:
        return [f"{one.id}: {one.sentence}" for one in self.database.auditor.violations()]


def opened(database: SqlDatabase) -> Real:
    world = FakeWorld()
    store = database.stores.put("north1", Connection.CONNECTED)
    with database.open_work(store.id) as work:
        given_companies(work)
        work.notes.put_secret(ACCESS_TOKEN, "token")
        work.notes.put_profile(a_shop_profile())
        work.notes.put_settings(Settings(cut_over=date(2026, 1, 1), payment_product_id=900, payment_option_id=901))
        work.commit()
    return Real(database, world, a_portal(database, world), store)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs all acts at the same moment, each in a thread; answers or exceptions, in order."""
    meet = threading.Barrier(len(acts), timeout=30)

    def run(act: Callable[[], Any]) -> Any:
        meet.wait()
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
