"""All HTTP edges on one portal, with two stores whose companies, shoppers and order numbers collide."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry

from adapters.http.erp_api import erp_api
from adapters.http.errors import register_problems
from adapters.http.health import health
from adapters.http.ip_mapper import ip_mapper
from adapters.http.scripts import scripts
from adapters.http.storefront_api import storefront_api
from adapters.http.webhooks import webhooks
from domain.invoice import Invoice
from domain.portal import Portal
from domain.ports import Work
from domain.store import Connection, Store
from domain.use_cases.manage_keys import SCOPES
from domain.use_cases.open_shop import ACCESS_TOKEN
from tests.builders import SOUTHSIDE, a_buyer, a_company, admin, given_invoice
from tests.fakes import FakeShop, FakeWorld, a_portal, a_shop_profile
from tests.memory import MemoryDatabase

NORTH_SITE = "https://north.example"
SOUTH_SITE = "https://south.example"
HOOK_SECRET = "hook-secret-of-the-store"
SCRIPT = ("portal.0123456789ab.js", b"'use strict';")

BEA, BEN, OTTO = 101, 102, 201
"""Shoppers in either store: Bea and Ben of Northwind, Otto of Southside."""


@dataclass
class Clock:
    """Noon UTC on 22 November 2026 until a test moves it."""

    now: datetime = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Edges:
    """The app and what stands behind it. `north` and `south` are stores; every helper takes one of them."""

    app: Flask
    portal: Portal
    world: FakeWorld
    clock: Clock
    north: Store
    south: Store
    dropped: list[str] = field(default_factory=list)
    signatures: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    signature_is_right: bool = True

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def work(self, store: Store):
        return self.portal.open_work(store.id)

    def shop(self, store: Store) -> FakeShop:
        return self.world.shops.of(store.hash)

    def key(self, store: Store | None = None, *scopes: str) -> dict[str, str]:
        """Headers of an ERP with a fresh key, with every scope unless some are named."""
        store = store or self.north
        _, secret = self.portal.issue_key(admin(store.id), "ERP", scopes or SCOPES)
        return {"Authorization": f"Bearer {secret}"}

    def token(self, store: Store | None = None, customer_id: int = BEA) -> dict[str, str]:
        """Headers of a buyer who signed in through the store."""
        store = store or self.north
        jwt = self.world.login.vouch_for(store.hash, customer_id)
        return {"Authorization": f"Bearer {self.portal.sign_in_buyer(jwt, 1).token}"}

    def invoice(self, store: Store | None = None, invoice: Invoice | None = None) -> Invoice:
        """An issued invoice of Northwind unless given, as it is in the books afterwards."""
        store = store or self.north
        with self.work(store) as work:
            made = given_invoice(work, invoice)
            work.commit()
        return self.booked(store, made.id)

    def booked(self, store: Store, invoice_id: str) -> Invoice:
        with self.work(store) as work:
            return work.invoices.get(invoice_id)


@pytest.fixture
def edges() -> Edges:
    return made_edges()


def made_edges() -> Edges:
    """Fresh stores, empty books."""
    clock = Clock()
    storage = MemoryDatabase(clock)
    world = FakeWorld()
    portal = a_portal(storage, world)
    north = a_store(portal, storage.stores.put("north1", Connection.CONNECTED), NORTH_SITE)
    south = a_store(portal, storage.stores.put("south1", Connection.CONNECTED), SOUTH_SITE)
    edges = Edges(Flask("edges"), portal, world, clock, north, south)

    def verify(headers, body: bytes) -> bool:
        edges.signatures.append((dict(headers), body))
        return edges.signature_is_right

    sites = {NORTH_SITE, "https://b2b.north.example", SOUTH_SITE}
    for blueprint in (
        erp_api(portal),
        ip_mapper(portal),
        storefront_api(portal, lambda locale: {"language": locale}, lambda: sites),
        webhooks(portal, verify, edges.dropped.append),
        scripts(dict([SCRIPT]).get),
        health(lambda: True, CollectorRegistry()),
    ):
        edges.app.register_blueprint(blueprint)
    register_problems(edges.app)
    return edges


def a_store(portal: Portal, store: Store, site: str) -> Store:
    """Connected, set up, past its opening, with the same companies and shoppers as every other store."""
    with portal.open_work(store.id) as work:
        origins = (site, "https://b2b.north.example") if site == NORTH_SITE else (site,)
        work.notes.put_profile(a_shop_profile(domain=site, storefront_origins=origins))
        work.notes.put_settings(
            replace(
                work.notes.settings(),
                cut_over=date(2026, 1, 1),
                payment_product_id=900,
                seller_address=("12 Mill Lane", "Portland, OR 97201"),
            )
        )
        work.notes.put_secret(ACCESS_TOKEN, f"token-of-{store.hash}")
        work.notes.put_secret("hook_secret", HOOK_SECRET)
        people(work)
        work.commit()
    return store


def people(work: Work) -> None:
    work.companies.put([a_company(), a_company(SOUTHSIDE, "Southside Fabrication")])
    now = work.now()
    work.companies.put_buyers(
        [
            a_buyer(BEA, read_at=now),
            a_buyer(BEN, first_name="Ben", read_at=now),
            a_buyer(OTTO, SOUTHSIDE, first_name="Otto", read_at=now),
        ]
    )
