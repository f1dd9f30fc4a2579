"""A walk over every seller screen, as wide as a desktop and as a phone: nothing for axe to find, nothing in the
console, nothing the content policy stopped, nothing to scroll sideways, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from admin_app.main import Composed
from admin_app.views import SCREENS
from tests.builders import NORTHWIND
from tests.screens.kit import ADAM, Office
from tests.screens.routes import Stop, stops
from tests.screens.serving import serving_office
from tests.screens.trade import filled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 700)
SECTIONS = sorted({screen.name for screen in SCREENS} - {"entry"})

ALSO = {
    "overview.index": ("?currency=JPY",),
    "invoices.index": ("?q=nothing-of-that-name", "?status=all&sort=-total&limit=100"),
    "orders.index": ("?q=nothing-of-that-name",),
    "payments.index": ("?q=nothing-of-that-name",),
    "companies.index": ("?q=nothing-of-that-name", "?view=not_online&sort=-overdue"),
    "companies.show": ("?tab=invoices", "?tab=payments", "?tab=buyers", "?from=2026-02-01&to=2026-01-01"),
    "credit_memos.index": ("?q=nothing-of-that-name",),
    "credit_memos.new": (f"?company={NORTHWIND}",),
}
"""More addresses of a screen that look otherwise."""

NO_PAGES = frozenset({"application/pdf", "text/csv", "application/json", "image/png", "application/octet-stream"})

LISTEN = """window.stopped = [];
addEventListener("securitypolicyviolation", (one) => stopped.push(`${one.violatedDirective} ${one.blockedURI}`));"""


@dataclass
class Walker:
    """Opens addresses as an IP-Admin and keeps what was wrong with each."""

    office: Office
    context: BrowserContext
    origin: str
    faults: list[str] = field(default_factory=list)

    def sign_in(self) -> Page:
        page = self.context.new_page()
        page.add_init_script(LISTEN)
        page.on("console", lambda message: message.type in ("error", "warning") and self._note(page, message.text))
        page.on("pageerror", lambda error: self._note(page, str(error)))
        token = self.office.world.login.let_in(self.office.north.hash, ADAM)
        page.goto(f"{self.origin}/load?signed_payload_jwt={token}")
        return page

    def look_at(self, page: Page, address: str) -> None:
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        answer = page.goto(self.origin + address)
        if answer is None or answer.status != 200:
            self._note(
                page, f"answered {answer.status if answer else 'nothing'}: {page.locator('h1').first.inner_text()}"
            )
            return
        for stopped in page.evaluate("window.stopped"):
            self._note(page, f"stopped by the content policy: {stopped}")
        for width, height in (DESKTOP, PHONE, NARROW):
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
                self._note(page, f"scrolls sideways at {width}")
            if width != NARROW[0]:
                self._ask_axe(page, width)

    def _ask_axe(self, page: Page, width: int) -> None:
        for each in Axe().run(page).response["violations"]:
            nodes = [f"{node['html'][:160]} {node['failureSummary'][:160]}" for node in each["nodes"][:3]]
            self._note(page, f"{each['id']} at {width}: {nodes}")

    def _note(self, page: Page, what: str) -> None:
        self.faults.append(f"{page.url.removeprefix(self.origin)}: {what}")


@pytest.fixture
def walker(office: Office, composed: Composed, chromium: Browser) -> Iterator[Walker]:
    with serving_office(office, composed) as origin:
        context = chromium.new_context(reduced_motion="reduce")
        yield Walker(office, context, origin)
        context.close()


def addresses(office: Office, section: str, walk: list[Stop]) -> list[str]:
    """Those of the section that answer with a page; what a person downloads is read, not looked at."""
    adam = office.sign_in(ADAM)
    mine = [stop for stop in walk if stop.endpoint.split(".")[0] == section and stop.method == "GET"]
    pages = [stop for stop in mine if adam.get(stop.path).headers.get("Content-Type", "").split(";")[0] not in NO_PAGES]
    return [stop.path + more for stop in pages for more in ("", *ALSO.get(stop.endpoint, ()))]


@pytest.mark.parametrize("section", SECTIONS)
def test_no_screen_has_a_fault(walker: Walker, office: Office, section: str) -> None:
    """Takes the routes from the URL map: a new screen is walked over, and fails here without a document to open."""
    documents = filled(office)
    page = walker.sign_in()

    for address in addresses(office, section, stops(office, documents)):
        walker.look_at(page, address)

    assert "\n".join(walker.faults) == ""
