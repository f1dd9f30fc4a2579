"""Two stores behind the real web app and real PostgreSQL, and browsers of the people who work in them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adapters.sql.work import SqlDatabase
from admin_app.guard import COOKIE, CSRF_FIELD
from domain.invoice import Invoice
from domain.money import Money
from domain.order import Order, OrderMoney
from domain.payment import Payment
from domain.portal import Portal
from domain.ports import Work
from domain.roles import Role
from domain.staff import StaffMember
from domain.store import Connection, Store
from domain.use_cases.open_shop import ACCESS_TOKEN
from tests.builders import SOUTHSIDE, a_company, given_invoice, given_payment
from tests.fakes import FakeShop, FakeWorld, a_shop_profile
from tests.screens.html import Element, parse

PUBLIC = "https://portal.example"
FRAMES = "https://*.mybigcommerce.com https://*.bigcommerce.com"

OLIVIA, SAM, FIONA, VERA, ADAM, NED = 1, 2, 3, 4, 5, 6
"""User ids, the same in both stores: the owner, then one of each role, and Ned without any."""

ROLES = {OLIVIA: Role.ADMIN, SAM: Role.SALES, FIONA: Role.FINANCE, VERA: Role.VIEWER, ADAM: Role.ADMIN, NED: None}


class Page:
    """An answer of the web app."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.location = response.headers.get("Location", "")
        self.bytes = response.get_data()
        self.source = self.bytes.decode(errors="replace")
        is_ours = response.mimetype == "text/html" and not self.location
        self.root: Element = parse(self.source) if is_ours else Element("none", {})

    @property
    def text(self) -> str:
        return self.root.text

    @property
    def code(self) -> str:
        """The code of the refusal a page is about, empty for any other page."""
        marked = [one for one in self.root.all("section") if one.get("data-code")]
        return marked[0]["data-code"] if marked else ""

    @property
    def errors(self) -> dict[str, str]:
        """Code by field; every one must be in the summary, link to its field and stand beside it."""
        found = {}
        for item in [one for box in self.root.all(id="errors") for one in box.all("li")]:
            field = item.one("a")["href"].removeprefix("#")
            assert self.root.one(id=field)
            assert self.root.one(id=f"{field}-error")["data-code"] == item["data-code"]
            found[field] = item["data-code"]
        return found

    @property
    def flash(self) -> str:
        """What the last act came to."""
        return " ".join(one.text for one in self.root.all(class_="flash"))

    @property
    def totals(self) -> dict[str, str]:
        """Label to amount of the sums shown."""
        rows = [row for part in self.root.all("dl", class_="totals") for row in part.all("div")]
        return {row.one("dt").children[0]: row.one("dd").text for row in rows}  # type: ignore[misc]

    @property
    def rows(self) -> list[str]:
        """The table rows of a list, as text."""
        return [row.text for body in self.root.all("tbody") for row in body.all("tr")]

    def form(self, action: str) -> Element:
        """The form that posts to a path."""
        return self.root.one("form", method="post", action=action)


class Browser:
    """One browser of one person. Forms are sent as a browser sends them from our own page."""

    def __init__(self, app: Flask, portal: Portal) -> None:
        self.client: FlaskClient = app.test_client()
        self._portal = portal

    def get(self, path: str, headers: Mapping[str, str] | None = None, **query: Any) -> Page:
        answer = self.client.get(path, base_url=PUBLIC, query_string=query or None, headers=headers, buffered=True)
        return Page(answer)

    def open(self, method: str, path: str, data: Any = None, headers: Mapping[str, str] | None = None) -> Page:
        """A request with nothing added to it."""
        return Page(self.client.open(path, method=method, base_url=PUBLIC, data=data, headers=headers, buffered=True))

    def post(self, path: str, fields: Mapping[str, Any] | None = None) -> Page:
        """The form of our page, sent with its token."""
        return self.open("POST", path, {CSRF_FIELD: self.csrf, **(fields or {})}, OWN_FORM)

    def follow(self, page: Page) -> Page:
        assert page.status == 303, page.text
        return self.get(page.location)

    @property
    def token(self) -> str:
        """The session in the cookie, empty when there is none."""
        cookie = self.client.get_cookie(COOKIE, domain="portal.example")
        return cookie.value if cookie else ""

    @property
    def csrf(self) -> str:
        return self._portal.recognise_staff(self.token).session.csrf


OWN_FORM = {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Office:
    """The web app with the stores `north` and `south`, whose companies, people and order numbers are alike."""

    app: Flask
    portal: Portal
    world: FakeWorld
    database: SqlDatabase
    superuser_url: str
    north: Store
    south: Store

    def sign_in(self, user_id: int, store: Store | None = None) -> Browser:
        """Opens the app from the control panel."""
        browser = self.visitor()
        token = self.world.login.let_in((store or self.north).hash, user_id)
        entered = browser.get("/load", signed_payload_jwt=token)
        assert entered.status == 303
        return browser

    def visitor(self) -> Browser:
        return Browser(self.app, self.portal)

    @contextmanager
    def work(self, store: Store | None = None) -> Iterator[Work]:
        """Committed at the end."""
        with self.database.open_work((store or self.north).id) as work:
            yield work
            work.commit()

    def read(self, store: Store | None = None) -> Any:
        """A unit of work to look with."""
        return self.database.open_work((store or self.north).id)

    def shop(self, store: Store | None = None) -> FakeShop:
        return self.world.shops.of((store or self.north).hash)

    def invoice(self, invoice: Invoice | None = None, store: Store | None = None) -> Invoice:
        """Issued, as it is in the books afterwards."""
        with self.work(store) as work:
            made = given_invoice(work, invoice)
        return self.booked(made.id, store)

    def booked(self, invoice_id: str, store: Store | None = None) -> Invoice:
        with self.read(store) as work:
            return work.invoices.get(invoice_id)

    def payment(
        self,
        amount: Money,
        split: list[tuple[Invoice, Money]] | None = None,
        payment: Payment | None = None,
        store: Store | None = None,
    ) -> Payment:
        """Received and applied."""
        with self.work(store) as work:
            locked = work.invoices.locked([invoice.id for invoice, _ in split or []])
            parts = [(locked[invoice.id], part) for invoice, part in split or []]
            return given_payment(work, amount, parts, payment)

    def order(self, order: Order, money: OrderMoney | None = None, store: Store | None = None) -> Order:
        """In the shop and synced."""
        self.shop(store).orders.add(order, money)
        with self.work(store) as work:
            work.orders.put([order])
        return order

    def facts(self, store: Store | None = None, **facts: Mapping[str, object]) -> None:
        """Facts as the workers note them; `sync__orders` is `sync.orders`."""
        with self.work(store) as work:
            for name, value in facts.items():
                work.notes.put_fact(name.replace("__", "."), value)

    def digest(self, *leave_out: str) -> dict[str, str]:
        """The content of every table but those left out, to see that nothing changed."""
        with psycopg.connect(self.superuser_url) as connection:
            names = [
                row[0]
                for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                if row[0] not in leave_out
            ]
            content = "SELECT md5(coalesce(string_agg(row::text, chr(10) ORDER BY row::text), '')) FROM {} AS row"
            return {name: connection.execute(content.format(name)).fetchone()[0] for name in names}


def a_store(database: SqlDatabase, store_hash: str) -> Store:
    """Connected, set up, past its opening; everybody of ROLES has opened the app before."""
    store = database.stores.put(store_hash, Connection.CONNECTED)
    with database.open_work(store.id) as work:
        site = f"https://{store_hash}.example"
        panel = f"https://store-{store_hash}.mybigcommerce.com"
        work.notes.put_profile(
            a_shop_profile(
                name=f"Supplies {store_hash}", domain=site, storefront_origins=(site,), control_panel_url=panel
            )
        )
        work.notes.put_settings(replace(work.notes.settings(), cut_over=date(2026, 1, 1), payment_product_id=900))
        work.notes.put_secret(ACCESS_TOKEN, f"token-of-{store_hash}")
        work.companies.put([a_company(), a_company(SOUTHSIDE, "Southside Fabrication")])
        for user_id, role in ROLES.items():
            mail = f"user{user_id}@{store_hash}.example"
            work.staff.put(StaffMember(user_id, mail, role, is_owner=user_id == OLIVIA))
        work.commit()
    return store
