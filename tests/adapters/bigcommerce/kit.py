"""A client on a clock that only moves when somebody sleeps, and small answers with business defaults."""

import json
from dataclasses import dataclass, field
from typing import Any

import responses
from requests.adapters import HTTPAdapter

from adapters.bigcommerce.client import StoreClient
from adapters.bigcommerce.connection import Line
from adapters.bigcommerce.shop import BigCommerce, BigCommerceShop
from adapters.bigcommerce.traffic import Policy, Timing, TrafficBook

API = "https://api.bigcommerce.com"
HASH = "abc123"
TOKEN = "secret-access-token"
V2 = f"{API}/stores/{HASH}/v2/"
V3 = f"{API}/stores/{HASH}/v3/"


@dataclass
class Clock:
    """Monotonic seconds; `slept` are the pauses somebody asked for."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @property
    def timing(self) -> Timing:
        return Timing(lambda: self.now, self.sleep, lambda: 0.5)


def a_client(clock: Clock | None = None, policy: Policy | None = None, book: TrafficBook | None = None) -> StoreClient:
    timing = (clock or Clock()).timing
    line = Line(API, "client-id", policy or Policy(), timing, HTTPAdapter(max_retries=0))
    return StoreClient(line, (book or TrafficBook(timing)).of(HASH), HASH, TOKEN)


def a_shop(clock: Clock | None = None, policy: Policy | None = None) -> BigCommerceShop:
    return BigCommerce(API, "client-id", policy, (clock or Clock()).timing).open(HASH, TOKEN)


def v3(data: Any, **meta: Any) -> dict[str, Any]:
    return {"data": data, "meta": meta}


def paged(data: Any, page: int = 1, pages: int = 1) -> dict[str, Any]:
    return v3(data, pagination={"total_pages": pages, "current_page": page})


def sent(index: int = -1) -> Any:
    """The JSON body of a call, numbers as text so that their digits can be compared."""
    return json.loads(responses.calls[index].request.body or b"null", parse_float=str)


def methods_called() -> list[str]:
    return [f"{call.request.method} {(call.request.url or '').split('/', 5)[-1]}" for call in responses.calls]


STORE = {
    "id": "abc123",
    "name": "Acme",
    "domain": "shop.example",
    "secure_url": "https://shop.example",
    "control_panel_base_url": "https://store-abc123.mybigcommerce.com",
    "currency": "USD",
    "timezone": {"name": "America/Chicago", "raw_offset": -21600},
    "default_channel_id": 1,
    "features": {"checkout_type": "optimized"},
}
CHANNELS = [
    {"id": 1, "type": "storefront", "status": "active"},
    {"id": 7, "type": "storefront", "status": "prelaunch"},
    {"id": 8, "type": "storefront", "status": "deleted"},
    {"id": 9, "type": "pos", "status": "active"},
]


def serve_store(channels: Any = CHANNELS, **changes: Any) -> None:
    responses.add("GET", f"{V2}store", json=STORE | changes)
    responses.add("GET", f"{V3}channels", json=paged(channels))


def writes() -> list[str]:
    return [call for call in methods_called() if not call.startswith("GET")]
