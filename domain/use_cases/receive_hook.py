"""BigCommerce or BundleB2B says that something may have changed: one inbox row, nothing else (D5, T-21, T-22)."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.ports import Doorbell, OpenWork, Stores, Work
from domain.store import Connection

LAST_HOOK: Final = "hooks.last"
"""The fact with the time of the last webhook."""


@dataclass(frozen=True)
class Hook:
    """A webhook as it came in; `data` is its payload, of which only ids are believed to exist."""

    scope: str
    producer: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class ReceiveHook:
    """Whether it was taken. Unknown routes, wrong secrets and foreign stores are dropped without work; the caller
    answers 2xx all the same. A failing database raises, so that BigCommerce repeats it (F-24).
    """

    stores: Stores
    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, route: str, secret: str, hook: Hook) -> bool:
        store = self.stores.find_by_route(route)
        if store is None or store.connection is not Connection.CONNECTED:
            return False
        if hook.producer and hook.producer != f"stores/{store.hash}":
            return False
        with self.open_work(store.id) as work:
            known = work.notes.secret("hook_secret") or ""
            if not known or not hmac.compare_digest(known.encode(), secret.encode()):
                return False
            about = subject_of(hook)
            if about is None:
                return False
            work.inbox.put(*about)
            _remember(work)
            work.commit()
        self.doorbell.ring(store.id, "inbox")
        return True


def _remember(work: Work) -> None:
    """When the last hook came, for store health; to the minute, so that a burst does not wait for one row."""
    last = (work.notes.fact(LAST_HOOK) or {}).get("at")
    now = work.now()
    if last is None or now - datetime.fromisoformat(str(last)) > timedelta(minutes=1):
        work.notes.put_fact(LAST_HOOK, {"at": now.isoformat()})


def subject_of(hook: Hook) -> tuple[str, str] | None:
    """What to read again: (`order`, id), (`company`, id) or (`uninstall`, `store`); None for what we do not follow.

    Scopes of one channel, `store/channel/2/order/updated`, mean the same as the store's; their payload names the
    order as `order_id`.
    """
    data = hook.data
    scope = _CHANNEL.sub("store/", hook.scope)
    if scope == "store/app/uninstalled":
        return "uninstall", "store"
    if scope == "store/cart/converted":
        return _id("order", data.get("orderId"))
    if scope.startswith("store/company/"):
        return _id("company", data.get("company_id"))
    if scope.startswith("store/order/metafield/"):
        return None
    if scope.startswith("store/order/"):
        return _id("order", data.get("order_id") or data.get("id"))
    return None


_CHANNEL: Final = re.compile(r"^store/channel/[0-9]+/")


def _id(kind: str, value: object) -> tuple[str, str] | None:
    """Ids come as number or text; anything else is no id."""
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return kind, text
