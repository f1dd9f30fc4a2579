"""BigCommerce tells that the app or one of its users was removed (F-16, T-4)."""

from dataclasses import dataclass

from domain.errors import StoreDisconnected, TokenRefused
from domain.events import Act
from domain.ports import Login, OpenWork, Sessions, Stores
from domain.roles import system
from domain.store import Connection, Store
from domain.use_cases.open_shop import ACCESS_TOKEN, OpenShop


@dataclass(frozen=True)
class UninstallStore:
    """Token wiped, sessions ended, jobs stopped; the books stay. Unknown stores are no error.

    Only the owner uninstalls: every user holds load tokens that look alike. Raises TokenRefused, also for a token
    that was used before (T-3).
    """

    login: Login
    stores: Stores
    sessions: Sessions
    open_work: OpenWork

    def __call__(self, signed_payload_jwt: str) -> None:
        caller = self.login.caller(signed_payload_jwt)
        if caller.user_id != caller.owner_id:
            raise TokenRefused("it is not the store owner's")
        if not self.sessions.use_once(caller.token_id, caller.expires_at):
            raise TokenRefused("this link was used before")
        store = self.stores.find(caller.store_hash)
        if store is not None:
            self.end(store)

    def end(self, store: Store) -> None:
        """The same for a store that is known to have removed the app; once is enough."""
        if store.connection is Connection.UNINSTALLED:
            return
        self.stores.put(store.hash, Connection.UNINSTALLED)
        with self.open_work(store.id) as work:
            work.notes.put_secret(ACCESS_TOKEN, None)
            work.book(system(store.id, "uninstall"), Act("store.uninstalled", "store", str(store.id)))
            work.commit()
        self.sessions.end_store(store.id)


@dataclass(frozen=True)
class FollowUninstall:
    """A webhook says that the app was removed. It can be late or from before a reinstall, so the store is asked:
    only a token that no longer works proves it (ground rule 5). Raises StoreUnreachable."""

    stores: Stores
    open_shop: OpenShop
    uninstall: UninstallStore

    def __call__(self, store_id: int) -> None:
        try:
            self.open_shop(store_id).setup.profile()
        except StoreDisconnected:
            self.uninstall.end(self.stores.get(store_id))


@dataclass(frozen=True)
class RemoveStaff:
    """The store owner took one user's access to the app away: the next request of that user is refused."""

    login: Login
    stores: Stores
    sessions: Sessions
    open_work: OpenWork

    def __call__(self, signed_payload_jwt: str) -> None:
        caller = self.login.caller(signed_payload_jwt)
        store = self.stores.find(caller.store_hash)
        if store is None:
            return
        with self.open_work(store.id) as work:
            work.staff.remove(caller.user_id)
            act = Act("staff.removed", "staff", str(caller.user_id))
            work.book(system(store.id, "remove_user"), act)
            work.commit()
        self.sessions.end_user(store.id, caller.user_id)
