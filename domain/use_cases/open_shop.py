"""Opens a store's BigCommerce and BundleB2B with its kept token."""

from dataclasses import dataclass

from domain.errors import StoreDisconnected
from domain.ports import OpenWork, Shop, Shops
from domain.store import Connection

ACCESS_TOKEN = "access_token"  # noqa: S105 - the name of a secret, not the secret


@dataclass(frozen=True)
class OpenShop:
    """Called before any transaction of the act is opened. Raises StoreDisconnected without a living token."""

    open_work: OpenWork
    shops: Shops

    def __call__(self, store_id: int) -> Shop:
        with self.open_work(store_id) as work:
            store = work.store
            token = work.notes.secret(ACCESS_TOKEN)
        if store.connection is not Connection.CONNECTED or token is None:
            raise StoreDisconnected
        return self.shops.open(store, token)
