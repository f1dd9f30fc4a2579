"""What only a browser can show: the app inside the control panel's frame, on another site than ours (T-11, T-12)."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import quote

import pytest
from flask import Flask, request
from markupsafe import Markup
from playwright.sync_api import Browser, BrowserContext, FrameLocator, expect

from admin_app.main import Composed
from domain.roles import Role
from tests.builders import an_invoice, an_order, usd
from tests.screens.kit import ADAM, NED, Office
from tests.screens.serving import serving, serving_office

pytestmark = pytest.mark.browser


def control_panel(origin: str) -> Flask:
    """A page that frames whatever its address says."""
    app = Flask("panel")
    frame = Markup('<!doctype html><iframe src="{}" width="1200" height="800"></iframe>')
    app.add_url_rule("/", "frame", lambda: str(frame.format(request.args["app"])))
    return app


@dataclass
class Panel:
    """`url` is the control panel we may be framed by, `other_url` a page of somebody else."""

    office: Office
    context: BrowserContext
    app_url: str
    url: str
    other_url: str

    def open(self, user_id: int = ADAM, panel: str = "") -> FrameLocator:
        """The app, opened by a page that frames it."""
        token = self.office.world.login.let_in("north1", user_id)
        page = self.context.new_page()
        page.goto(f"{panel or self.url}/?app={quote(f'{self.app_url}/load?signed_payload_jwt={token}')}")
        return page.frame_locator("iframe")


@pytest.fixture
def panel(office: Office, composed: Composed, chromium: Browser) -> Iterator[Panel]:
    """We on localhost, the panel on 127.0.0.1: two sites for the browser, and both may set secure cookies."""
    with ExitStack() as running:
        theirs = running.enter_context(serving("127.0.0.1", control_panel))
        other = running.enter_context(serving("127.0.0.1", control_panel))

        ours = running.enter_context(serving_office(office, composed, theirs))
        context = chromium.new_context()
        context.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        yield Panel(office, context, ours, theirs, other)
        context.close()


def test_a_form_sent_from_the_frame_is_taken(panel: Panel) -> None:
    """Session cookie, origin check and policy as the browser applies them to a frame of another site."""
    app = panel.open()

    app.get_by_role("link", name="Users").click()
    app.get_by_label("Role of User6").select_option("Viewer")
    app.get_by_role("button", name="Save role of User6").click()

    expect(app.locator(".flash")).to_have_text("user6@north1.example is now Viewer.")
    with panel.office.read() as work:
        assert work.staff.find(NED).role is Role.VIEWER


def test_ticks_and_amounts_are_reckoned_by_the_server_as_one_types(panel: Panel) -> None:
    """The script sends the form for a preview, with the same token and checks as for keeps."""
    panel.office.order(an_order())
    panel.office.invoice(an_invoice(usd(100_00), "INV-1"))
    app = panel.open()

    app.get_by_role("link", name="Orders").click()
    app.get_by_role("link", name="Create invoice for order 1160").click()
    app.get_by_label("Bill Product 1").uncheck()
    expect(app.locator('[data-part="totals"] .sum dd')).to_have_text("$62.50")
    app.get_by_role("button", name="Create invoice").click()
    expect(app.locator(".flash")).to_have_text("Order 1160 is now invoice INV-00001.")

    app.get_by_role("link", name="Record payment").click()
    app.get_by_label("Amount", exact=True).fill("150")
    app.get_by_role("button", name="Oldest first").click()
    expect(app.locator('[data-part="record-label"]')).to_have_text("Record payment of $150.00")
    app.get_by_label("Check number or cash payment memo").fill("Check 7")
    app.get_by_role("button", name="Record payment").click()

    expect(app.locator(".flash")).to_contain_text("recorded.")
    expect(app.locator("#applied tbody tr")).to_have_count(2)


def test_a_page_of_somebody_else_cannot_frame_the_app(panel: Panel) -> None:
    """T-12: the browser shows nothing of ours there, so nothing can be clicked by trick."""
    app = panel.open(panel=panel.other_url)

    expect(app.locator("body.neterror")).to_be_attached()
    assert "Invoice Portal" not in app.locator("body").inner_text()
