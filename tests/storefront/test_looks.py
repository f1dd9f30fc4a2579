"""Layout and accessibility in a light and a hostile dark theme, at the widths people have (ui.md 1.5, 5.0, 5.5)."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from storefront_scripts.bundle import HERE, joined
from tests.storefront.fake_portal import Portal, invoice
from tests.storefront.fake_shop import Shop, invoice_cart, invoice_line
from tests.storefront.test_confirmation import outcome

pytestmark = pytest.mark.browser


def show_list(page: Page, shop: Shop, portal: Portal) -> None:
    page.goto("/invoices/")
    page.get_by_label("Pay INV-7190", exact=True).check()
    page.get_by_label("Amount to pay for INV-7190").fill("9999")


def show_detail(page: Page, shop: Shop, portal: Portal) -> None:
    page.goto("/invoices/?invoice=id-INV-7190")
    expect(page.get_by_role("heading", name="Invoice INV-7190")).to_be_visible()


def show_checkout(page: Page, shop: Shop, portal: Portal) -> None:
    shop.cart = invoice_cart(invoice_line("INV-7190", 4275))
    show_detail(page, shop, portal)
    page.get_by_role("button", name="Pay $4,275.00").click()
    expect(page.get_by_role("region", name="You are paying 1 invoice of Harbor Dental Group")).to_be_visible()


def show_confirmation(page: Page, shop: Shop, portal: Portal) -> None:
    shop.order = {"lineItems": invoice_cart(invoice_line("INV-7141", 2600))["lineItems"]}
    portal.order_states = [outcome("paid")]
    page.goto("/checkout/order-confirmation")
    expect(page.get_by_role("heading", name="was applied")).to_be_visible()


Show = Callable[[Page, Shop, Portal], None]
SCREENS = [show_list, show_detail, show_checkout, show_confirmation]


def widest(page: Page) -> int:
    """How far the page can be scrolled sideways, in pixels."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize(("theme", "width"), [("light", 390), ("dark", 1280)])
@pytest.mark.parametrize("show", SCREENS, ids=lambda show: show.__name__)
def test_no_screen_has_a_fault_axe_can_find(
    page: Page, shop: Shop, portal: Portal, show: Show, theme: str, width: int
) -> None:
    shop.theme = theme
    page.set_viewport_size({"width": width, "height": 900})
    show(page, shop, portal)

    found = Axe().run(page, context=".ip-portal").response["violations"]

    assert [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("show", SCREENS, ids=lambda show: show.__name__)
def test_nothing_scrolls_sideways(page: Page, shop: Shop, portal: Portal, show: Show) -> None:
    long = "INV-" + "9" * 26
    portal.invoices.append(invoice(long, "2026-01-01", "2026-02-01", 300, "999999999999.99", po_number="P" * 60))
    show(page, shop, portal)

    for width in (320, 390, 800, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert widest(page) <= 0, width


def test_right_to_left_nothing_scrolls_sideways_either(page: Page, shop: Shop, portal: Portal) -> None:
    shop.direction = "rtl"
    show_list(page, shop, portal)

    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert widest(page) <= 0, width
    head = page.get_by_role("columnheader", name="Invoice").bounding_box()
    status = page.get_by_role("columnheader", name="Status").bounding_box()
    assert head
    assert status
    assert head["x"] > status["x"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_fingers_find_every_control(page: Page, shop: Shop, portal: Portal, theme: str) -> None:
    """Targets are at least 44 px high for buyers, whatever the theme's root size."""
    shop.theme = theme
    page.set_viewport_size({"width": 390, "height": 844})
    show_list(page, shop, portal)
    page.get_by_role("button", name="Filters").click()

    controls = page.locator(".ip-portal :is(button, select, a, label:has(.ip-tick), input:not(.ip-tick))")
    small = controls.evaluate_all(
        """all => all.filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 43.5)
            .map((each) => each.outerHTML.slice(0, 90))"""
    )
    assert small == []


def test_on_a_phone_rows_are_cards_with_everything_in_them(page: Page, shop: Shop, portal: Portal) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show_list(page, shop, portal)

    card = page.get_by_role("row").filter(has_text="INV-7190")
    for text in ("Order 1240 · PO 88-4188", "Issued 25 Oct 2026", "Due 24 Nov 2026", "Total $5,310.00", "$4,275.00"):
        expect(card).to_contain_text(text)
    expect(card).to_contain_text("Partially paid")
    expect(card.get_by_role("link", name="History INV-7190")).to_be_visible()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Sort by").select_option("Balance, largest first")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("rowheader").first).to_contain_text("INV-7190")
    expect(page.locator("#ip-all-small")).to_be_visible()


def test_colours_are_the_theme_s(page: Page, shop: Shop, portal: Portal) -> None:
    shop.theme = "dark"
    show_list(page, shop, portal)
    page.get_by_label("Amount to pay for INV-7190").fill("1")

    button = page.get_by_role("button", name="Pay $1.00")
    expect(button).to_have_css("background-color", "rgb(255, 176, 0)")
    expect(button).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.locator("ip-pay-bar")).to_have_css("background-color", "rgb(20, 23, 29)")


def test_no_style_is_written_into_the_page(page: Page, shop: Shop, portal: Portal) -> None:
    show_list(page, shop, portal)

    assert page.locator(".ip-portal [style], .ip-portal style").count() == 0


def test_minifying_loses_no_rule_of_the_style_sheet(page: Page, shop: Shop) -> None:
    """The minifier once joined `.a :is(b)` to `.a:is(b)` inside a container query."""
    page.goto("/")
    selectors = """(css) => {
        const sheet = new CSSStyleSheet(), all = [];
        sheet.replaceSync(css);
        const walk = (rules) => {
            for (const rule of rules) {
                if (rule.cssRules?.length) walk(rule.cssRules); else all.push(rule.selectorText ?? rule.name);
            }
        };
        walk(sheet.cssRules);
        return all;
    }"""

    whole = page.evaluate(selectors, (HERE / "style" / "portal.css").read_text("utf-8"))

    assert page.evaluate(selectors, joined(("style/portal.css",), ["rcssmin"])) == whole
    assert len(whole) > 100
