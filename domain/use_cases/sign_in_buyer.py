"""A buyer signed in through the store gets a short session bound to store, customer and company (R-26, I-11)."""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from domain.company import Buyer, Company
from domain.errors import (
    CompanyInactive,
    DirectoryUnreachable,
    NoCompany,
    NoRight,
    NotSignedIn,
    StoreDisconnected,
)
from domain.ports import Login, OpenWork, Session, Sessions, Shopper, Stores, Work
from domain.roles import Actor, ActorKind, BuyerRight
from domain.store import Connection, Profile, Store
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.sync_directory import is_fresh, put_company

RIGHTS_FRESH: Final = 5 * 60
"""Seconds after which rights are read again at an exchange or renewal."""
RIGHTS_OLDEST: Final = 60 * 60
"""Seconds for which cached rights serve while B2B Edition cannot be reached."""


@dataclass(frozen=True)
class BuyerSignedIn:
    """`token` only when a session was just started; `today` is the store's day."""

    store: Store
    actor: Actor
    buyer: Buyer
    company: Company
    profile: Profile | None
    today: date
    channel_id: int | None = None
    token: str = ""


def buyer_actor(store: Store, buyer: Buyer, request_id: str, came_from: str = "") -> Actor:
    return Actor(
        store.id,
        ActorKind.BUYER,
        str(buyer.customer_id),
        name=buyer.name,
        role=buyer.role_name,
        buyer_rights=buyer.rights,
        company_id=buyer.company_id,
        customer_id=buyer.customer_id,
        request_id=request_id,
        came_from=came_from,
    )


@dataclass(frozen=True)
class SignInBuyer:
    """Exchanges a current-customer token. Raises TokenRefused, StoreDisconnected, NoCompany, CompanyInactive,
    NoRight, DirectoryUnreachable.
    """

    login: Login
    stores: Stores
    sessions: Sessions
    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, jwt: str, channel_id: int | None, request_id: str = "") -> BuyerSignedIn:
        shopper = self.login.shopper(jwt)
        store = self.stores.find(shopper.store_hash)
        if store is None or store.connection is not Connection.CONNECTED:
            raise StoreDisconnected
        buyer = self._buyer(store, shopper)
        with self.open_work(store.id) as work:
            company = work.companies.find(buyer.company_id)
            profile = work.notes.profile()
            today = work.today()
        if company is None:
            raise NoCompany
        if not company.is_active:
            raise CompanyInactive(company.name)
        if BuyerRight.VIEW not in buyer.rights:
            raise NoRight("see invoices")
        now = datetime.now(UTC)
        token = self.sessions.start(
            Session(
                store.id,
                "buyer",
                buyer.customer_id,
                secrets.token_urlsafe(32),
                now,
                now,
                company_id=company.id,
                channel_id=channel_id,
            )
        )
        actor = buyer_actor(store, buyer, request_id)
        return BuyerSignedIn(store, actor, buyer, company, profile, today, channel_id, token)

    def _buyer(self, store: Store, shopper: Shopper) -> Buyer:
        """The cached person while fresh, else read from B2B Edition; an hour-old one only while that is away."""
        with self.open_work(store.id) as work:
            cached = work.companies.find_buyer(shopper.customer_id)
            now = work.now()
        if cached is not None and is_fresh(cached.read_at, now, RIGHTS_FRESH):
            return cached
        directory = self.open_shop(store.id).directory
        try:
            buyer = directory.buyer(shopper.customer_id)
            company = directory.company(buyer.company_id) if buyer else None
        except DirectoryUnreachable:
            if cached is not None and is_fresh(cached.read_at, now, RIGHTS_OLDEST):
                return cached
            raise
        with self.open_work(store.id) as work:
            _remember(work, shopper.customer_id, buyer, company)
            work.commit()
        if buyer is None:
            raise NoCompany
        return buyer


def _remember(work: Work, customer_id: int, buyer: Buyer | None, company: Company | None) -> None:
    if company is not None:
        put_company(work, company)
    if buyer is None or work.companies.find(buyer.company_id) is None:
        work.companies.remove_buyer(customer_id)
    else:
        work.companies.put_buyers([buyer])


@dataclass(frozen=True)
class RecogniseBuyer:
    """The buyer behind a bearer token, with rights as they are now in our cache. Raises NotSignedIn when the
    session ended, the person left the company, or the rights are too old to trust."""

    sessions: Sessions
    stores: Stores
    open_work: OpenWork

    def __call__(self, token: str, request_id: str = "", came_from: str = "") -> BuyerSignedIn:
        session = self.sessions.find(token)
        if session is None or session.kind != "buyer":
            raise NotSignedIn("Your session has ended. Reload the page.")
        store = self.stores.get(session.store_id)
        if store.connection is not Connection.CONNECTED:
            raise NotSignedIn("This store is not connected at the moment. Reload the page later.")
        with self.open_work(store.id) as work:
            buyer = work.companies.find_buyer(session.user_id)
            company = work.companies.find(session.company_id or 0)
            profile = work.notes.profile()
            now, today = work.now(), work.today()
        if buyer is None or company is None or buyer.company_id != session.company_id:
            raise NotSignedIn("Your company membership has changed. Reload the page.")
        if not company.is_active:
            raise CompanyInactive(company.name)
        if not is_fresh(buyer.read_at, now, RIGHTS_OLDEST):
            raise NotSignedIn("Your session has ended. Reload the page.")
        actor = buyer_actor(store, buyer, request_id, came_from)
        return BuyerSignedIn(store, actor, buyer, company, profile, today, session.channel_id)
