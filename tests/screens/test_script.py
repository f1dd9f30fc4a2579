"""What the script adds to the screens, and that everything can be done with the keys alone (ui.md 1.5, 1.7)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from admin_app.main import Composed
from domain.invoice import Status
from domain.listing import PaymentFilter
from tests.builders import an_invoice, usd
from tests.screens.kit import ADAM, Office
from tests.screens.serving import serving_office

pytestmark = pytest.mark.browser


@pytest.fixture
def page(office: Office, composed: Composed, chromium: Browser) -> Iterator[Page]:
    """An IP-Admin's browser, with three invoices to see."""
    for number in ("INV-1", "INV-2", "INV-3"):
        office.invoice(an_invoice(usd(100_00), number))
    with serving_office(office, composed) as origin:
        context = chromium.new_context(base_url=origin, reduced_motion="reduce")
        context.set_default_timeout(15_000)
        expect.set_options(timeout=15_000)
        page = context.new_page()
        page.goto(f"/load?signed_payload_jwt={office.world.login.let_in(office.north.hash, ADAM)}")
        yield page
        context.close()


def focused(page: Page) -> str:
    """What a screen reader would say of the element with the focus, roughly."""
    return page.evaluate(
        """() => { const at = document.activeElement;
        const label = at.labels?.[0]?.innerText ?? "";
        return `${at.getAttribute("aria-label") ?? ""} ${label} ${at.innerText ?? ""}`.replace(/\\s+/g, " ").trim() }"""
    )


def tab_to(page: Page, name: str) -> None:
    """By the Tab key alone, as far as a page may be long."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    raise AssertionError(f"The Tab key never comes to “{name}”")


def test_filters_are_applied_without_a_reload_and_the_focus_goes_to_the_count(page: Page) -> None:
    page.goto("/invoices")
    page.evaluate("window.sameDocument = true")

    page.keyboard.press("/")
    page.keyboard.type("INV-2")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Clear all").first.click()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert page.evaluate("document.activeElement.matches('[data-count]')")

    page.context.set_offline(True)
    page.get_by_role("link", name="Unpaid").click()
    expect(page.locator(".flash.error")).to_contain_text("the connection failed")
    expect(page.locator("tbody tr")).to_have_count(3)

    assert page.evaluate("window.sameDocument")
    assert "q=" not in page.url


def test_a_decision_is_asked_in_a_dialog_refused_beside_its_field_and_told_as_a_toast(
    page: Page, office: Office
) -> None:
    page.goto("/invoices?status=unpaid&sort=number")
    menu = page.locator("details[data-menu]").filter(has=page.get_by_label("INV-1")).locator("summary")
    menu.click()
    page.locator("details[open]").get_by_role("link", name="Void").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(menu).to_be_focused()

    menu.click()
    page.locator("details[open]").get_by_role("link", name="Void").click()
    dialog.get_by_role("button", name="Void invoice").click()
    expect(dialog.locator(".field-error").first).to_be_visible()
    dialog.get_by_label("Reason").fill("Written twice")
    dialog.get_by_role("button", name="Void invoice").click()

    toast = page.locator(".flash.success")
    expect(toast).to_contain_text("INV-1")
    toast.get_by_role("button", name="Close").click()
    expect(toast).to_have_count(0)
    with office.read() as work:
        assert work.invoices.find_number("portal", "INV-1").status is Status.VOID


def test_leaving_with_changes_asks_and_saving_does_not(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/settings/look")

    page.get_by_label("Your address").fill("1 Quay")
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    assert asked == ["beforeunload"]

    page.goto("/settings/look")
    page.get_by_label("Your address").fill("1 Quay")
    page.get_by_role("button", name="Save settings").first.click()
    expect(page.locator(".flash.success")).to_be_visible()
    assert asked == ["beforeunload"]


def test_two_presses_send_one_request(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/settings/look")

    page.evaluate("""() => { const form = document.querySelector("form[data-once]");
        const button = form.querySelector("button"); form.requestSubmit(button); form.requestSubmit(button); }""")
    expect(page.locator(".flash").first).to_be_visible()

    assert len(sent) == 1


def test_a_payment_is_recorded_with_the_keys_alone(page: Page, office: Office) -> None:
    page.goto("/payments/record?company=11&currency=USD")

    tab_to(page, "Amount")
    page.keyboard.type("150")
    tab_to(page, "Check number or cash payment memo")
    page.keyboard.type("Check 7")
    tab_to(page, "Oldest first")
    page.keyboard.press("Enter")
    expect(page.locator('[data-part="record-label"]')).to_have_text("Record payment of $150.00")
    tab_to(page, "Record payment of")
    page.keyboard.press("Enter")
    expect(page.locator(".flash.success")).to_be_visible()

    with office.read() as work:
        [made] = work.queries.payments(PaymentFilter(), 5, None).rows
    assert (made.amount, made.applied) == (usd(150_00), usd(150_00))


def test_the_tab_key_skips_to_the_content_and_menus_close_by_escape(page: Page) -> None:
    page.goto("/invoices")

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to content"
    page.keyboard.press("Enter")
    tab_to(page, "Actions for INV")
    page.keyboard.press("Enter")
    expect(page.locator("details[data-menu][open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("details[data-menu][open]")).to_have_count(0)
    assert focused(page).startswith("Actions for INV")
