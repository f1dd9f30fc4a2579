"""BigCommerce tells that the app or one of its users was removed (F-16, T-4)."""

from dataclasses import dataclass

from domain.events import Act
from domain.ports import Login, OpenWork, Sessions, Stores
from domain.roles import system
from domain.store import Connection
from domain.use_cases.open_shop import ACCESS_TOKEN


@dataclass(frozen=True)
class UninstallStore:
    """Token wiped, sessions ended, jobs stopped; the books stay. Unknown stores are no error. Raises TokenRefused."""

    login: Login
    stores: Stores
    sessions: Sessions
    open_work: OpenWork

    def __call__(self, signed_payload_jwt: str) -> None:
        caller = self.login.caller(signed_payload_jwt)
        self.by_hash(caller.store_hash)

    def by_hash(self, store_hash: str) -> None:
        """The same, known from a webhook of the store itself."""
        if self.stores.find(store_hash) is None:
            return
        store = self.stores.put(store_hash, Connection.UNINSTALLED)
        with self.open_work(store.id) as work:
            work.notes.put_secret(ACCESS_TOKEN, None)
            work.book(system(store.id, "uninstall"), Act("store.uninstalled", "store", str(store.id)))
            work.commit()
        self.sessions.end_store(store.id)


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
