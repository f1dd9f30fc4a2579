"""The fake shop and our fake server on two loopback ports, and a browser to walk through them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Error, Page
from werkzeug.serving import make_server

from tests.storefront import fake_portal, fake_shop
from tests.storefront.fake_portal import Portal
from tests.storefront.fake_shop import Shop


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application on a free loopback port, as an origin."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="package")
def servers() -> Iterator[tuple[Portal, Shop]]:
    """Both servers, running; what they hold is renewed for each test."""
    portal, shop = Portal(), Shop()
    with serving(fake_portal.create(portal)) as ours, serving(fake_shop.create(shop)) as theirs:
        portal.origin, portal.shop_origin = ours, theirs
        yield portal, shop


@pytest.fixture
def portal(servers: tuple[Portal, Shop]) -> Portal:
    """Our server's state, as new."""
    state = servers[0]
    vars(state).update(vars(Portal(origin=state.origin, shop_origin=state.shop_origin)))
    return state


@pytest.fixture
def shop(servers: tuple[Portal, Shop]) -> Shop:
    """The shop's state, as new."""
    portal, state = servers
    vars(state).update(vars(Shop(portal_origin=portal.origin)))
    return state


@pytest.fixture(scope="package")
def tab(chromium: Browser, servers: tuple[Portal, Shop]) -> Iterator[Page]:
    """One tab for all tests: making one takes longer than most tests."""
    context = chromium.new_context(base_url=servers[0].shop_origin, locale="en-US")
    context.set_default_timeout(6000)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(tab: Page, shop: Shop, portal: Portal) -> Iterator[Page]:
    """The tab without memory. At the end nothing may have been thrown, nor logged as an error but failed loads."""
    troubles: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(message.text)

    def caught(error: Error) -> None:
        troubles.append(str(error))

    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.on("console", listen)
    tab.on("pageerror", caught)
    yield tab
    # Leaving ends what the page still does; a page of the shop is needed to empty its memory.
    tab.emulate_media(media="screen")
    tab.goto("/theme/light.css")
    tab.evaluate("sessionStorage.clear()")
    tab.remove_listener("console", listen)
    tab.remove_listener("pageerror", caught)
    assert troubles == []
