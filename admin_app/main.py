"""The composition root: settings, adapters, portal, web app. The one file that knows everyone."""

import logging
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from flask import Flask, url_for
from prometheus_client import CollectorRegistry, Counter
from redis import Redis

from adapters.bigcommerce.login import BigCommerceLogin
from adapters.bigcommerce.shop import BigCommerce
from adapters.bigcommerce.traffic import Policy as BigCommercePolicy
from adapters.bigcommerce.webhooks import is_signed
from adapters.bundleb2b.directory import BundleB2B
from adapters.bundleb2b.traffic import Policy as BundleB2BPolicy
from adapters.documents.typst_papers import TypstPapers
from adapters.email.smtp import SmtpMailer
from adapters.http.erp_api import erp_api
from adapters.http.errors import register_problems
from adapters.http.health import health
from adapters.http.ip_mapper import ip_mapper
from adapters.http.scripts import scripts
from adapters.http.storefront_api import storefront_api
from adapters.http.webhooks import webhooks
from adapters.queue.doorbell import RqDoorbell, connect
from adapters.spreadsheets.tables import SpreadsheetTables
from adapters.sql.vault import Vault
from adapters.sql.work import SqlDatabase
from admin_app import presentation
from admin_app.context import display, own_companies, shell
from admin_app.export_words import column_title
from admin_app.guard import guard
from admin_app.language import current
from admin_app.published import PublishedScripts
from admin_app.settings import Settings, read_settings
from admin_app.sheets import sheet_of
from admin_app.views import SCREENS
from admin_app.views.errors import show_error
from domain.portal import Portal, World, build_portal
from domain.ports import CompanyDirectory, Item, Shop, StoreCheckout, StoreOrders, StoreSetup
from domain.store import Store
from storefront_scripts.texts import texts

LARGEST_FORM = 1024 * 1024
ORIGINS_KEPT_SECONDS = 30.0


@dataclass(frozen=True)
class ConnectedShop:
    """One store's BigCommerce and its BundleB2B, joined."""

    orders: StoreOrders
    checkout: StoreCheckout
    setup: StoreSetup
    directory: CompanyDirectory


@dataclass(frozen=True)
class ConnectedShops:
    """Opens both sides of a store with the one token (bundleb2b.md section 2)."""

    bigcommerce: BigCommerce
    bundleb2b: BundleB2B

    def open(self, store: Store, access_token: str) -> Shop:
        shop = self.bigcommerce.open(store.hash, access_token)
        directory = self.bundleb2b.open(store.hash, access_token)
        return ConnectedShop(shop.orders, shop.checkout, shop.setup, directory)


@dataclass(frozen=True)
class Composed:
    """Everything a process may need."""

    settings: Settings
    database: SqlDatabase
    redis: Redis
    doorbell: RqDoorbell
    published: PublishedScripts
    world: World
    portal: Portal


def compose(settings: Settings, *, pooled: bool) -> Composed:
    """`pooled` False for processes that fork: each unit of work then opens its own connection (stack.md section 8)."""
    _log_as_json()
    database = SqlDatabase(settings.database_url, Vault.parse(settings.encryption_keys), pooled=pooled)
    redis = connect(settings.redis_url)
    doorbell = RqDoorbell(redis)
    published = PublishedScripts(settings.script_folder, settings.public_url, settings.bc_client_id)
    shops = _shops(settings, pooled)
    world = World(
        open_work=database.open_work,
        stores=database.stores,
        sessions=database.sessions,
        keys=database.api_keys,
        login=BigCommerceLogin(
            settings.bc_login_url, settings.bc_client_id, settings.bc_client_secret, f"{settings.public_url}/auth"
        ),
        shops=shops,
        mailer=SmtpMailer(settings.mail_url, settings.public_host),
        papers=TypstPapers(sheet_of),
        tables=SpreadsheetTables(column_title),
        doorbell=doorbell,
        script=published.current,
        hook_secret=lambda: secrets.token_urlsafe(32),
        report=_report,
        public_url=settings.public_url,
    )
    return Composed(settings, database, redis, doorbell, published, world, build_portal(world))


def _shops(settings: Settings, is_web: bool) -> ConnectedShops:
    """A person waits for the web process, so it gives up sooner than workers do."""
    api, client_id, b2b = settings.bc_api_url, settings.bc_client_id, settings.b2b_api_url
    if not is_web:
        return ConnectedShops(BigCommerce(api, client_id), BundleB2B(b2b))
    patient = BigCommerce(api, client_id, BigCommercePolicy(tries=2, patience=4))
    return ConnectedShops(patient, BundleB2B(b2b, BundleB2BPolicy(tries=2, patience=4)))


def create_app(settings: Settings | None = None) -> Flask:
    """The web process. Raises SettingsInvalid, DatabaseUnfit."""
    composed = compose(settings or read_settings(), pooled=True)
    composed.database.check()
    return web_app(composed)


def web_app(composed: Composed) -> Flask:
    """Screens and edges over a composed portal."""
    settings = composed.settings
    app = Flask("admin_app", static_folder="static", template_folder="templates")
    app.config.update(
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        SECRET_KEY=composed.published.flash_key(settings.encryption_keys),
        SESSION_COOKIE_NAME="__Host-portal-flash",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="None",
        SESSION_COOKIE_PARTITIONED=True,
    )
    app.extensions["portal"] = composed.portal
    presentation.install(app.jinja_env, display)
    app.jinja_env.globals.update(own_companies=own_companies, shell=None, asset_url=_asset_url, language=current)
    app.context_processor(lambda: {"shell": shell()})
    outside = _edges(app, composed)
    for screen in SCREENS:
        app.register_blueprint(screen)
    guard(app, settings.frame_ancestors, settings.public_origin, outside)
    register_problems(app, show_error)
    return app


def _edges(app: Flask, composed: Composed) -> frozenset[str]:
    """The blueprints that authenticate by themselves; their names."""
    registry = CollectorRegistry()
    dropped = Counter("portal_hooks_dropped", "Webhooks not taken, by reason", ["reason"], registry=registry)
    secret = composed.settings.bc_client_secret

    def verify(headers: Mapping[str, str], body: bytes) -> bool:
        message_id, timestamp, signature = (
            headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
        )
        return is_signed(secret, message_id, timestamp, signature, body, time.time())

    portal = composed.portal
    blueprints = (
        erp_api(portal),
        ip_mapper(portal),
        storefront_api(portal, texts, _origins(composed)),
        webhooks(portal, verify, lambda reason: dropped.labels(reason).inc()),
        scripts(composed.published.find),
        health(composed.database.is_answering, registry),
    )
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return frozenset(blueprint.name for blueprint in blueprints)


def _origins(composed: Composed) -> Callable[[], frozenset[str]]:
    """Site addresses of all connected stores, read anew every half minute."""
    kept: dict[str, tuple[float, frozenset[str]]] = {}

    def look() -> frozenset[str]:
        at, found = kept.get("origins", (0.0, frozenset()))
        if time.monotonic() - at > ORIGINS_KEPT_SECONDS or not found:
            addresses: set[str] = set()
            for store in composed.world.stores.connected():
                with composed.world.open_work(store.id) as work:
                    profile = work.notes.profile()
                addresses |= set(profile.storefront_origins) if profile else set()
            found = frozenset(addresses)
            kept["origins"] = (time.monotonic(), found)
        return found

    return look


def _asset_url(name: str) -> str:
    """A static file's address with its version, so that it may be cached."""
    return url_for("static", filename=name, v=presentation.asset_version(name))


def _report(store_id: int, item: Item, failure: Exception) -> None:
    structlog.get_logger().warning(
        "row not done", store=store_id, kind=item.kind, key=item.key, attempts=item.attempts, why=repr(failure)
    )


def _log_as_json() -> None:
    """One JSON line per event to stderr; clients that print bodies are kept quiet (T-31)."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    for name in ("bigcommerce", "urllib3", "rq.worker"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
