"""Opens a store's BigCommerce: its orders, checkout and set-up behind one client."""

from dataclasses import dataclass
from typing import Final

from requests.adapters import HTTPAdapter

from adapters.bigcommerce.checkout import BigCommerceCheckout
from adapters.bigcommerce.client import StoreClient
from adapters.bigcommerce.connection import Line
from adapters.bigcommerce.orders import BigCommerceOrders
from adapters.bigcommerce.setup import BigCommerceSetup
from adapters.bigcommerce.traffic import Policy, Timing, TrafficBook

_SOCKETS: Final = 32


@dataclass(frozen=True, slots=True)
class BigCommerceShop:
    """The three ports of one store; the composition root adds the directory."""

    orders: BigCommerceOrders
    checkout: BigCommerceCheckout
    setup: BigCommerceSetup


class BigCommerce:
    """One per process: it remembers each store's quota and health and keeps sockets open between calls.

    `api_url` with scheme, such as https://api.bigcommerce.com.
    """

    def __init__(
        self, api_url: str, client_id: str, policy: Policy | None = None, timing: Timing | None = None
    ) -> None:
        timing = timing or Timing()
        sockets = HTTPAdapter(pool_connections=_SOCKETS, pool_maxsize=_SOCKETS, max_retries=0)
        self._line = Line(api_url, client_id, policy or Policy(), timing, sockets)
        self._traffic = TrafficBook(timing)

    def open(self, store_hash: str, access_token: str) -> BigCommerceShop:
        """For one job or request. Raises TokenRefused for what is no store hash."""
        client = StoreClient(self._line, self._traffic.of(store_hash), store_hash, access_token)
        return BigCommerceShop(BigCommerceOrders(client), BigCommerceCheckout(client), BigCommerceSetup(client))
