"""The fake shop and our fake server on two loopback ports, and a browser to walk through them."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

from tests.storefront import fake_portal, fake_shop
from tests.storefront.fake_portal import Portal
from tests.storefront.fake_shop import Shop

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


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
def chromium() -> Iterator[Browser]:
    """A headless browser for the tests of this folder. Closed with them: others may drive one of their own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("NO BROWSER: the storefront script was not tried in Chromium (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def portal() -> Portal:
    """Our server's state."""
    return Portal()


@pytest.fixture
def shop(portal: Portal) -> Iterator[Shop]:
    """The shop's state, both servers running."""
    state = Shop()
    with serving(fake_portal.create(portal)) as ours, serving(fake_shop.create(state)) as theirs:
        state.portal_origin, portal.shop_origin = ours, theirs
        yield state


@pytest.fixture
def page(chromium: Browser, shop: Shop, portal: Portal) -> Iterator[Page]:
    """A page of the shop. At the end nothing may have been thrown, and nothing logged as an error but failed loads."""
    context = chromium.new_context(base_url=portal.shop_origin, viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(6000)
    tab = context.new_page()
    troubles: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(message.text)

    tab.on("console", listen)
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    yield tab
    context.close()
    assert troubles == []
