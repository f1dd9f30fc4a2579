"""The sandbox as one Flask application on three ports: API, control panel and control endpoints on the
first, the two storefronts on the others. The port a request came in on decides.
"""

from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue

from adapters.sandbox import b2b_guard, guard
from adapters.sandbox.b2b_companies import b2b_companies
from adapters.sandbox.b2b_invoices import b2b_invoices
from adapters.sandbox.b2b_orders import b2b_orders
from adapters.sandbox.b2b_people import b2b_people
from adapters.sandbox.carts import carts
from adapters.sandbox.catalog import catalog
from adapters.sandbox.checkout_page import checkout_page
from adapters.sandbox.checkouts import checkouts
from adapters.sandbox.content import content
from adapters.sandbox.control import control
from adapters.sandbox.control_orders import control_orders
from adapters.sandbox.control_panel import control_panel
from adapters.sandbox.customers import customers_v2, customers_v3
from adapters.sandbox.hooks_v3 import hooks_v3
from adapters.sandbox.inbox import inbox
from adapters.sandbox.metafields import metafields
from adapters.sandbox.oauth import oauth
from adapters.sandbox.orders_v2 import orders_v2
from adapters.sandbox.payments_v3 import payments_v3
from adapters.sandbox.seed import is_seeded, seed
from adapters.sandbox.settings import SandboxSettings
from adapters.sandbox.state import State
from adapters.sandbox.store_info import store_v2, store_v3
from adapters.sandbox.storefront import enter_shop, storefront
from adapters.sandbox.storefront_api import storefront_api
from adapters.sandbox.storefront_cart import storefront_cart
from adapters.sandbox.world import World

_V2 = (orders_v2, store_v2, customers_v2)
_V3 = (payments_v3, metafields, store_v3, customers_v3, hooks_v3, carts, checkouts, catalog, content)
_B2B = (b2b_companies, b2b_invoices, b2b_orders, b2b_people)


def create_sandbox(settings: SandboxSettings) -> Flask:
    """The whole sandbox behind one WSGI entry; the data file is planted when it is empty."""
    state = State(settings.data_file)
    world = World(settings, state)
    if not is_seeded(state):
        seed(state, settings.seed_day)
    main = _main_app(world)
    shop = _shop_app(world)
    ports = (settings.north_port, settings.south_port)
    main.wsgi_app = _by_port(main.wsgi_app, shop.wsgi_app, ports)  # type: ignore[assignment, method-assign]
    return main


def _by_port(main: WSGIApplication, shop: WSGIApplication, shop_ports: tuple[int, ...]) -> WSGIApplication:
    def choose(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen = shop if int(environ["SERVER_PORT"]) in shop_ports else main
        return chosen(environ, start_response)

    return choose


def _bare_app(world: World, name: str) -> Flask:
    app = Flask(name, root_path=str(Path(__file__).parent))
    app.extensions["sandbox"] = world
    # Keys stay in the published order.
    app.json = DefaultJSONProvider(app)
    app.json.sort_keys = False
    return app


def _main_app(world: World) -> Flask:
    app = _bare_app(world, "sandbox")
    guard.install_errors(app)
    guard.install_quotas(app)
    app.before_request(_enter)
    app.after_request(_leave)
    for plain in (oauth, control_panel, inbox):
        app.register_blueprint(plain)
    for steering in (control, control_orders):
        app.register_blueprint(steering, url_prefix="/_sandbox")
    for blueprints, prefix in ((_V2, "v2"), (_V3, "v3")):
        for blueprint in blueprints:
            app.register_blueprint(blueprint, url_prefix=f"/stores/<store_hash>/{prefix}")
    for blueprint in _B2B:
        app.register_blueprint(blueprint, url_prefix="/b2b/api/v3/io")
    return app


def _shop_app(world: World) -> Flask:
    app = _bare_app(world, "sandbox-shop")
    guard.install_errors(app)
    app.before_request(enter_shop)
    app.register_blueprint(storefront_api, url_prefix="/api/storefront")
    for blueprint in (checkout_page, storefront_cart, storefront):
        app.register_blueprint(blueprint)
    return app


def _enter() -> ResponseReturnValue | None:
    if request.path.startswith("/stores/"):
        return guard.enter_store()
    if request.path.startswith("/b2b/"):
        return b2b_guard.enter_b2b()
    return None


def _leave(response: Response) -> Response:
    if request.path.startswith("/stores/"):
        return guard.leave_store(response)
    if request.path.startswith("/b2b/"):
        return b2b_guard.leave_b2b(response)
    return response
