"""The store owner installs or re-installs the app (R-23, T-8, F-16)."""

from dataclasses import dataclass, replace

from domain.events import Act
from domain.ports import Doorbell, Login, OpenWork, Sessions, Stores
from domain.roles import system
from domain.staff import StaffMember
from domain.store import Connection, missing_scopes
from domain.use_cases.open_shop import ACCESS_TOKEN
from domain.use_cases.sign_in_staff import remember, start_session


@dataclass(frozen=True)
class Installed:
    """`session` is the token for the cookie; `missing` the scopes that were not granted, with their purpose."""

    store_id: int
    session: str
    missing: dict[str, str]


@dataclass(frozen=True)
class InstallStore:
    """An upsert: a reinstall or re-consent gives a new token, mends what is missing and keeps all data.

    The rest is work for the outbox, so that the page answers at once. Raises TokenRefused, StoreUnreachable.
    """

    login: Login
    stores: Stores
    sessions: Sessions
    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, code: str, scope: str, context: str) -> Installed:
        grant = self.login.exchange(code, scope, context)
        store = self.stores.put(grant.store_hash, Connection.CONNECTED)
        actor = system(store.id, "install")
        missing = missing_scopes(grant.scopes)
        with self.open_work(store.id) as work:
            work.notes.put_secret(ACCESS_TOKEN, grant.access_token)
            work.notes.put_fact("scopes", {"granted": sorted(grant.scopes), "missing": missing})
            is_owner = grant.user_id == grant.owner_id
            known = work.staff.find(grant.user_id) or StaffMember(grant.user_id, grant.user_email, None)
            remember(work, replace(known, email=grant.user_email, is_owner=is_owner))
            work.outbox.put("set_up_store", "setup")
            work.outbox.put("sync_directory", "directory")
            work.outbox.put("sync_sales_staff", "sales_staff")
            work.outbox.put("sync_orders", "orders")
            work.book(actor, Act("store.installed", "store", str(store.id), {"by_user": grant.user_id}))
            work.commit()
        self.doorbell.ring(store.id, "outbox")
        return Installed(store.id, start_session(self.sessions, store.id, grant.user_id), missing)
