"""Webhooks going out: who hears an event, signed deliveries, the retry ladder, the delivery log."""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

from adapters.sandbox import faults
from adapters.sandbox.settings import NORTH, SOUTH
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.world import World, unix

# Seconds to the next try after each failure, as documented; after the last one the hook is switched off.
LADDER = (60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400)


def matches(subscribed: str, scope: str) -> bool:
    """Whether a hook on `subscribed` hears `scope`.

    A star covers one level: `store/order/*` hears `store/order/updated`, not
    `store/order/refund/created`. The documentation leaves nested scopes open; we serve the narrower reading.
    """
    if subscribed == scope:
        return True
    head, _, tail = subscribed.rpartition("/")
    return tail == "*" and scope.rpartition("/")[0] == head


def emit(store: Store, scope: str, data: Doc) -> None:
    """Queue one event for every active hook that listens; a switched-on drop fault swallows it."""
    event = _payload(store, scope, data)
    for hook in store.rows("hook"):
        if not hook["is_active"] or not matches(hook["scope"], scope):
            continue
        if faults.take(store.state, store.hash, "drop_hooks", scope):
            continue
        copies = 2 if faults.take(store.state, store.hash, "duplicate_hooks", scope) else 1
        message_id = f"msg_{uuid.uuid4().hex}"
        for _ in range(copies):
            _queue(store, hook, scope, event, message_id)


def _payload(store: Store, scope: str, data: Doc) -> str:
    profile = store.get("store", "profile")
    base = {"scope": scope, "store_id": profile["store_id"], "producer": f"stores/{store.hash}"}
    event = {**base, "created_at": _moment(store), "data": data}
    digest = hashlib.sha1(json.dumps(event, sort_keys=True).encode(), usedforsecurity=False).hexdigest()
    return json.dumps({**event, "hash": digest})


def _moment(store: Store) -> int:
    clock = store.state.find("", "clock", "clock")
    return int(time.time()) + (clock["offset_seconds"] if clock else 0)


def _queue(store: Store, hook: Doc, scope: str, event: str, message_id: str) -> None:
    delivery_id = store.next_id("delivery")
    # Waiting ones lie apart, so that the postman never reads through the log.
    store.put(
        "outgoing",
        delivery_id,
        {
            "id": delivery_id,
            "message_id": message_id,
            "hook_id": hook["id"],
            "scope": scope,
            "destination": hook["destination"],
            "headers": hook["headers"] or {},
            "body": event,
            "tries": 0,
            "due": time.time(),
            "state": "waiting",
            "answers": [],
        },
    )


def signature(secret: str, message_id: str, stamp: int, body: str) -> str:
    """Standard Webhooks, keyed with the bytes of the app's client secret."""
    signed = f"{message_id}.{stamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def deliver(world: World, store: Store, delivery: Doc) -> Doc:
    """Post one delivery now and book what came back."""
    stamp = unix(world.now())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "sandbox-hooks/1",
        "webhook-id": delivery["message_id"],
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(world.settings.client_secret, delivery["message_id"], stamp, delivery["body"]),
        **delivery["headers"],
    }
    status, detail = _post(world, delivery, headers)
    with store.unit():
        return _book(world, store, delivery, status, detail)


def _post(world: World, delivery: Doc, headers: dict[str, str]) -> tuple[int, str]:
    request = urllib.request.Request(  # noqa: S310 - the destination is what the app registered
        delivery["destination"], delivery["body"].encode(), headers, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=world.settings.hook_timeout) as answer:  # noqa: S310
            return answer.status, ""
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, error.reason
    except (OSError, ValueError) as error:
        return 0, str(error)


def _book(world: World, store: Store, delivery: Doc, status: int, detail: str) -> Doc:
    delivery["tries"] += 1
    delivery["answers"].append({"status": status, "detail": detail, "at": unix(world.now())})
    if 200 <= status < 300:
        delivery["state"] = "delivered"
    elif delivery["tries"] > len(LADDER):
        delivery["state"] = "given up"
        _switch_off(store, delivery["hook_id"])
    else:
        wait = LADDER[delivery["tries"] - 1] * world.settings.retry_scale
        delivery["due"] = time.time() + wait
        return store.put("outgoing", delivery["id"], delivery)
    store.remove("outgoing", delivery["id"])
    return store.put("delivery", delivery["id"], delivery)


def _switch_off(store: Store, hook_id: int) -> None:
    hook = store.find("hook", hook_id)
    if hook is not None:
        store.put("hook", hook_id, {**hook, "is_active": False})


def waiting(store: Store, due_before: float | None = None) -> list[Doc]:
    """Deliveries not yet answered with 2xx, oldest first; newest first while the shuffle fault is on."""
    found = [row for row in store.rows("outgoing") if due_before is None or row["due"] <= due_before]
    if len(found) > 1 and faults.take(store.state, store.hash, "shuffle_hooks", ""):
        found.reverse()
    return found


def log(store: Store) -> list[Doc]:
    """Every delivery so far, waiting or finished, oldest first."""
    return sorted(store.rows("delivery") + store.rows("outgoing"), key=lambda row: int(row["id"]))


class Postman(threading.Thread):
    """Delivers what is due in the background until stopped."""

    def __init__(self, world: World, pause: float = 0.05) -> None:
        super().__init__(name="sandbox-postman", daemon=True)
        self._world = world
        self._pause = pause
        self._over = threading.Event()

    def run(self) -> None:
        """Look for due deliveries, several times a second."""
        while not self._over.wait(self._pause):
            self.round()

    def round(self) -> int:
        """Deliver everything due now, of both stores; returns how many were tried."""
        tried = 0
        for store_hash in (NORTH, SOUTH):
            shop = Store(self._world.state, store_hash)
            for delivery in waiting(shop, time.time()):
                if self._over.is_set():
                    return tried
                deliver(self._world, shop, delivery)
                tried += 1
        return tried

    def stop(self) -> None:
        """End the thread; a delivery under way is finished first."""
        self._over.set()
        if self.is_alive():
            self.join(timeout=15)


def hook_row(hook: Doc) -> dict[str, Any]:
    """A hook as the API shows it."""
    names = ("id", "client_id", "store_hash", "scope", "destination", "headers", "is_active")
    return {name: hook[name] for name in (*names, "created_at", "updated_at")}
