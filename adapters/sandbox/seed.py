"""Plants both stores when the data file is empty. The same day gives the same stores."""

from datetime import UTC, datetime

from adapters.sandbox.seed_orders import SPECIAL, plant_orders
from adapters.sandbox.seed_people import plant_people
from adapters.sandbox.seed_stores import plant_store
from adapters.sandbox.settings import NORTH, SOUTH
from adapters.sandbox.state import State, Store


def seed(state: State, day: str = "") -> None:
    """Plant everything, as of `day` (ISO date; empty = today)."""
    start = datetime.fromisoformat(day) if day else datetime.now(UTC)
    today = datetime(start.year, start.month, start.day, tzinfo=UTC)
    with state.unit():
        for store_hash in (NORTH, SOUTH):
            store = Store(state, store_hash)
            plant_store(store, today)
            plant_people(store, today)
            plant_orders(store, today)
            _mark_invoice_payments(store)
        state.put("", "seed", "seed", {"day": today.date().isoformat()})


def _mark_invoice_payments(store: Store) -> None:
    for order in store.rows("order"):
        if order["b2b"].get("is_invoice_order"):
            head = order["head"]
            row = {"id": store.next_id("metafield", 7), "permission_set": "read", "namespace": "B2B Edition"}
            row |= {"key": "orderType", "value": "invoice payment", "description": ""}
            row |= {"resource_type": "order", "resource_id": head["id"], "owner_client_id": "b2b-edition"}
            stamp = "2026-01-01T00:00:00Z"
            store.put("metafield", row["id"], {**row, "date_created": stamp, "date_modified": stamp})


def is_seeded(state: State) -> bool:
    """Whether the stores are there already."""
    return state.find("", "seed", "seed") is not None


def special_orders() -> dict[str, list[int]]:
    """Which order numbers of the first store show which kind of order."""
    found: dict[str, list[int]] = {}
    for order_id, kind in SPECIAL.items():
        found.setdefault(kind, []).append(order_id)
    return found
