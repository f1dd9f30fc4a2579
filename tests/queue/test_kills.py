"""Workers die at the worst moments, Redis forgets everything, and every cent is booked once (F-13, F-14, I-6, I-7)."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import requests
from cryptography.fernet import Fernet
from redis import Redis

from adapters.sandbox.serve import Sandbox
from adapters.sandbox.settings import NORTH, SandboxSettings
from admin_app.audit import audit_url
from admin_app.main import Composed, compose
from admin_app.settings import Settings
from domain.invoice import Status
from domain.roles import system
from domain.store import Store
from tests.adapters.bigcommerce.conftest import free_port
from tests.queue.kit import Process, eventually, running
from tests.servers import Database

ARRIVALS = 4
ENDLESS = "86400"


@dataclass(frozen=True)
class Plant:
    """An installed store of the sandbox, and the portal's processes beside it."""

    sandbox_url: str
    environment: Mapping[str, str]
    composed: Composed
    store: Store
    superuser_url: str
    redis: Redis
    logs: Path

    def control(self, path: str, body: Any = None) -> Any:
        answer = requests.post(f"{self.sandbox_url}/_sandbox/{NORTH}{path}", json=body or {}, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def process(self, command: str) -> Any:
        return running(["-m", "admin_app.cli", command], self.environment, self.logs / f"{command}.log")

    def hint(self, *order_ids: int) -> None:
        """What a webhook leaves behind: a row, committed before it is answered."""
        with self.composed.database.open_work(self.store.id) as work:
            for order_id in order_ids:
                work.inbox.put("order", str(order_id))
            work.commit()

    def fact(self, name: str) -> Mapping[str, object]:
        with self.composed.database.open_work(self.store.id) as work:
            return work.notes.fact(name) or {}

    def waiting(self) -> int:
        with self.composed.database.open_work(self.store.id) as work:
            return work.inbox.waiting() + work.outbox.waiting()

    def received(self, order_ids: list[int]) -> dict[int, int]:
        """Minor units booked so far, by order."""
        with self.composed.database.open_work(self.store.id) as work:
            found = {order_id: work.payments.find_by_order(order_id) for order_id in order_ids}
        return {order_id: payment.account.inflow for order_id, payment in found.items() if payment is not None}

    def booked(self, order_ids: list[int]) -> int:
        return sum(1 for minor in self.received(order_ids).values() if minor)

    def pass_a_minute(self) -> None:
        """Leases of the dead end after a minute by the database's clock; the rows are moved instead of it."""
        with psycopg.connect(self.superuser_url) as connection:
            connection.execute("UPDATE inbox SET next_at = next_at - interval '61 seconds'")

    def has_struck(self) -> bool:
        """Whether the sandbox is holding back an answer."""
        faults = requests.get(f"{self.sandbox_url}/_sandbox/faults", timeout=10).json()
        return any(fault["struck"] for fault in (faults if isinstance(faults, list) else faults["faults"]))


@pytest.fixture
def plant(clean_database: Database, redis_url: str, tmp_path: Path) -> Iterator[Plant]:
    with ExitStack() as stack:
        secret = "a client secret of more than sixty-four characters, for HMAC tests only!"
        ports = (free_port(), free_port(), free_port())
        app_url = "http://localhost:9999"
        sandbox = SandboxSettings(
            tmp_path / "sandbox.db", *ports, app_url, "client-of-the-tests", secret, deliver_hooks=False
        )
        stack.enter_context(Sandbox(sandbox))
        environment = {
            "DATABASE_URL": clean_database.application_url,
            "REDIS_URL": redis_url,
            "PUBLIC_URL": app_url,
            "BC_API_URL": sandbox.main_url,
            "BC_LOGIN_URL": sandbox.main_url,
            "B2B_API_URL": f"{sandbox.main_url}/b2b",
            "BC_CLIENT_ID": sandbox.client_id,
            "BC_CLIENT_SECRET": secret,
            "ENCRYPTION_KEYS": f"test:{Fernet.generate_key().decode()}",
            "SCRIPTS_DIR": str(tmp_path / "scripts"),
            "SWEEP_SECONDS": ENDLESS,
        }
        composed = compose(Settings.model_validate({k.lower(): v for k, v in environment.items()}), pooled=True)
        redis = stack.enter_context(Redis.from_url(redis_url))
        store = install(composed, sandbox.main_url)
        superuser = clean_database.superuser_url
        yield Plant(sandbox.main_url, environment, composed, store, superuser, redis, tmp_path)
        composed.database.close()
        composed.redis.close()


def install(composed: Composed, sandbox_url: str) -> Store:
    """As the owner does it from the control panel. Companies are read; what else an installation sets up and reads
    is taken for done, so that no sweep starts it."""
    url = requests.get(f"{sandbox_url}/_sandbox/{NORTH}/auth-url?user=1", timeout=10).json()["url"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    installed = composed.portal.install_store(query["code"], query["scope"], query["context"])
    with composed.database.open_work(installed.store_id) as work:
        while (item := work.outbox.claim()) is not None:
            work.outbox.done(item)
        work.outbox.put("sync_directory", "directory")
        now = work.now().isoformat()
        for fact in ("setup", "orders.watermark"):
            work.notes.put_fact(fact, {"at": now})
        work.commit()
    composed.portal.work_through(installed.store_id, "outbox")
    return composed.world.stores.get(installed.store_id)


def authorised_and_invoiced(plant: Plant) -> dict[int, int]:
    """Orders of companies with an invoice each, on which a card was authorised: id to what will be captured."""
    wish = {"customer_id": 2, "lines": [{"sku": "NS-TWL-12", "quantity": 2}], "paid": "authorised"}
    orders = {made["id"]: made for made in (plant.control("/orders", wish) for _ in range(ARRIVALS))}
    plant.hint(*orders)
    plant.composed.portal.work_through(plant.store.id, "inbox")
    owed = {}
    for order_id in orders:
        created = plant.composed.portal.create_invoice(system(plant.store.id, "test"), order_id)
        with plant.composed.database.open_work(plant.store.id) as work:
            owed[order_id] = work.invoices.get(created.invoice_id).balance.minor
    return owed


def kill_parent_only(process: Process) -> list[int]:
    """R1: the work horse sits in a process group of its own and goes on alone. Its id."""
    horses = process.children()
    process.kill(with_children=False)
    return horses


@pytest.mark.slow
def test_orders_that_arrive_while_workers_are_killed_and_redis_is_emptied_are_booked_once(plant: Plant) -> None:
    owed = authorised_and_invoiced(plant)
    order_ids = list(owed)
    orphans: list[int] = []
    with ExitStack() as stack:
        swept = plant.fact("orders.watermark")
        first = stack.enter_context(plant.process("worker"))
        stack.enter_context(plant.process("clock"))
        assert eventually(lambda: plant.fact("orders.watermark") != swept and not plant.waiting(), 40)
        watermark = plant.fact("orders.watermark")

        # Killed with its child, while the child waits for BigCommerce.
        plant.control("/faults", {"kind": "timeout_after", "path": f"/orders/{order_ids[0]}", "seconds": 6})
        for order_id in order_ids:
            plant.control(f"/orders/{order_id}/capture")
        plant.hint(*order_ids)
        assert eventually(plant.has_struck)
        first.kill()
        plant.redis.flushall()
        left = plant.waiting()

        # The next one loses its parent only, somewhere in the middle: child and successor work side by side.
        plant.pass_a_minute()
        second = stack.enter_context(plant.process("worker"))
        assert eventually(lambda: plant.booked(order_ids) >= 2, 40)
        orphans += kill_parent_only(second)
        plant.redis.flushall()
        plant.pass_a_minute()
        stack.enter_context(plant.process("worker"))

        assert eventually(lambda: plant.received(order_ids) == owed and not plant.waiting(), 40)
        assert plant.fact("orders.watermark") == watermark, "a sweep helped"

    for pid in orphans:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert left > 0
    check_booked_once(plant, owed)


def check_booked_once(plant: Plant, owed: Mapping[int, int]) -> None:
    """One payment per order, each transaction in the ledger once, every invoice paid, and the books add up."""
    with psycopg.connect(plant.superuser_url) as connection:
        twice = "SELECT transaction_id FROM movement WHERE transaction_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
        assert connection.execute(twice).fetchall() == []
        assert connection.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
        paid = "SELECT bc_order_id, inflow_minor FROM payment WHERE bc_order_id = ANY(%s)"
        assert dict(connection.execute(paid, [list(owed)]).fetchall()) == dict(owed)
    with plant.composed.database.open_work(plant.store.id) as work:
        invoices = [work.invoices.live_for_order(order_id) for order_id in owed]
    assert [[one.status for one in live] for live in invoices] == [[Status.CLOSED]] * len(owed)
    assert audit_url(plant.environment["DATABASE_URL"]) == 0
