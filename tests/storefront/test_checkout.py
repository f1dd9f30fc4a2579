"""The checkout page with the script on it (checkout-page.md section 10): a courtesy that never gets in the way."""

import pytest
from playwright.sync_api import Page, expect

from tests.storefront.fake_portal import Portal
from tests.storefront.fake_shop import Shop, invoice_cart, invoice_line

pytestmark = pytest.mark.browser

PANEL = "You are paying 2 invoices of Harbor Dental Group"
GOODS = {"id": "g", "sku": "PIPE-1", "name": "Pipe", "quantity": 1, "extendedListPrice": 3}


@pytest.fixture
def ours(shop: Shop, portal: Portal) -> Portal:
    """A cart of two invoices, known to our server."""
    shop.cart = invoice_cart(invoice_line("INV-7141", 2600), invoice_line("INV-7190", 3275))
    portal.cart = {
        "company_name": "Harbor Dental Group", "currency": "USD", "total": "5875.00", "matches": True,
        "allowed_methods": ["testcard.card"], "back_url": "/invoices/",
        "lines": [
            {"number": "INV-7141", "due_on": "2026-09-13", "balance": "2600.00", "amount": "2600.00"},
            {"number": "INV-7190", "due_on": "2026-11-24", "balance": "4275.00", "amount": "3275.00"},
        ],
    }  # fmt: skip
    return portal


def open_checkout(page: Page) -> None:
    page.goto("/checkout")
    expect(page.get_by_role("button", name="Place order")).to_be_visible()


def test_the_panel_says_what_is_paid(page: Page, ours: Portal) -> None:
    open_checkout(page)

    panel = page.get_by_role("region", name=PANEL)
    assert panel.get_by_role("row").last.inner_text().split("\t") == ["Total to pay", "$5,875.00"]
    expect(panel.get_by_role("row").nth(2)).to_contain_text("24 Nov 2026")
    expect(panel.get_by_role("link", name="Change amounts")).to_have_attribute("href", "/invoices/")


def test_what_cannot_change_an_invoice_payment_is_not_offered(page: Page, ours: Portal) -> None:
    open_checkout(page)
    expect(page.get_by_role("region", name=PANEL)).to_be_visible()

    for hidden in ("#cart-edit-link", ".redeemable-label", ".redeemable-payments", '[data-test="cart-shipping"]',
                   '[data-test="checkout-shipping-comments"]', '[data-test="cart-item-digital-product"]'):  # fmt: skip
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_shipping_charge_is_never_hidden(page: Page, shop: Shop, ours: Portal) -> None:
    shop.page = {"shipping": "$12.00"}
    open_checkout(page)
    expect(page.get_by_role("region", name=PANEL)).to_be_visible()

    expect(page.locator('[data-test="cart-shipping"]')).to_be_visible()


def test_only_allowed_methods_are_offered_and_one_of_them_is_chosen(page: Page, ours: Portal) -> None:
    """The page preselects its first method, hidden or not."""
    open_checkout(page)

    expect(page.get_by_label("Test card")).to_be_checked()
    expect(page.get_by_label("Pay by check")).to_be_hidden()
    page.get_by_role("button", name="Place order").click()
    page.wait_for_url("**/checkout/order-confirmation")


@pytest.mark.parametrize(
    ("allowed", "offered"),
    [
        (["testcard"], ["Test card"]),
        (["testcard.card", "cod"], ["Test card", "Cash on delivery"]),
        (["test"], []),
        ([], []),
    ],
)
def test_a_gateway_allows_all_its_methods_and_no_other_s(
    page: Page, ours: Portal, allowed: list[str], offered: list[str]
) -> None:
    assert ours.cart
    ours.cart["allowed_methods"] = allowed
    open_checkout(page)
    expect(page.get_by_role("region", name=PANEL)).to_be_visible()

    for method in ("Pay by check", "Test card", "Cash on delivery"):
        expect(page.get_by_label(method)).to_be_visible(visible=method in offered)


def test_the_panel_survives_every_redrawing(page: Page, ours: Portal) -> None:
    open_checkout(page)
    expect(page.get_by_role("region", name=PANEL)).to_be_visible()

    for _ in range(3):
        page.evaluate("redraw({})")
        expect(page.get_by_role("region", name=PANEL)).to_have_count(1)
        expect(page.get_by_label("Test card")).to_be_checked()

    assert ours.requests("GET /storefront/v1/carts") == 1


def test_a_changed_total_is_checked_and_a_changed_cart_not_paid(page: Page, ours: Portal) -> None:
    open_checkout(page)
    expect(page.get_by_role("region", name=PANEL)).to_be_visible()
    assert ours.cart
    ours.cart["matches"] = False

    page.evaluate("redraw({ total: '$5,865.00' })")

    expect(page.get_by_text("This cart no longer matches your invoices.")).to_be_visible()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert page.url.endswith("/checkout")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("body")).to_have_attribute("data-billing", "sent")


def test_no_allowed_method_is_said_and_holds_the_payment(page: Page, shop: Shop, ours: Portal) -> None:
    shop.page = {"methods": ["radio-cheque", "radio-cod"]}
    open_checkout(page)

    expect(page.get_by_text("This store takes no online payments for invoices.")).to_be_visible()
    page.get_by_role("button", name="Place order").click()
    assert page.url.endswith("/checkout")


def test_store_credit_is_taken_off(page: Page, shop: Shop, ours: Portal) -> None:
    shop.page = {"credit": "-$10.00"}
    open_checkout(page)

    expect(page.locator('[data-test="cart-store-credit"]')).to_have_count(0)
    expect(page.locator("#useStoreCredit")).to_be_hidden()
    page.get_by_role("button", name="Place order").click()
    page.wait_for_url("**/checkout/order-confirmation")


def test_store_credit_without_its_tick_is_removed_and_the_page_loaded_again(
    page: Page, shop: Shop, ours: Portal
) -> None:
    shop.page = {"credit": "-$10.00", "creditBox": False}
    open_checkout(page)

    expect(page.locator('[data-test="cart-store-credit"]')).to_have_count(0)
    expect(page.get_by_role("region", name=PANEL)).to_be_visible()
    assert shop.requests("DELETE /api/storefront/checkouts/cart-1/store-credit") == 1
    assert shop.requests("GET /checkout") == 2


def test_an_inline_tag_tells_the_id(page: Page, shop: Shop, ours: Portal) -> None:
    shop.inline_id = True
    open_checkout(page)

    expect(page.get_by_role("region", name=PANEL)).to_be_visible()
    assert shop.requests("GET /api/storefront/carts") == 0


@pytest.mark.parametrize("down", ["/storefront", "/storefront/v1/carts"])
def test_with_our_server_silent_the_lines_come_from_the_cart_and_nothing_is_held(
    page: Page, ours: Portal, down: str
) -> None:
    ours.down = {down}
    open_checkout(page)

    panel = page.get_by_role("region", name="You are paying 2 invoices")
    expect(panel.get_by_role("row").nth(1)).to_contain_text("Invoice INV-7141")
    expect(panel).to_contain_text("You can pay all the same.")
    expect(page.get_by_label("Pay by check")).to_be_visible()
    page.get_by_role("button", name="Place order").click()
    page.wait_for_url("**/checkout/order-confirmation")


def test_a_cart_our_server_does_not_know_gets_the_ordinary_checkout(page: Page, ours: Portal) -> None:
    """R-17: a reorder of the payment product is not a payment attempt."""
    ours.cart = None
    open_checkout(page)

    expect(page.locator(".redeemable-label").first).to_be_visible()
    expect(page.locator(".ip-portal")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("class", "")


@pytest.mark.parametrize(
    "cart",
    [
        invoice_cart(physicalItems=[GOODS]),
        invoice_cart(customItems=[{**GOODS, "sku": "B2B-INVOICE", "name": "Invoice 00042"}]),
        None,
    ],
    ids=["goods", "native B2B invoice", "no cart"],
)
def test_other_carts_are_left_alone_after_one_look(page: Page, shop: Shop, portal: Portal, cart: dict | None) -> None:
    shop.cart = cart

    page.goto("/checkout", wait_until="networkidle")
    page.evaluate("redraw({ total: '$1.00' })")
    page.wait_for_timeout(200)

    assert page.locator("html").get_attribute("class") is None
    assert page.locator(".ip-portal").count() == 0
    assert shop.requests("GET /api") == 1
    assert shop.requests("GET /customer") == 0
    assert portal.requests("GET /storefront") + portal.requests("POST") == 0


def test_a_mixed_cart_is_warned_about_and_not_touched(page: Page, shop: Shop, portal: Portal) -> None:
    shop.cart = invoice_cart(invoice_line("INV-7141", 2600), physicalItems=[GOODS])
    open_checkout(page)

    expect(page.get_by_text("This cart mixes invoices with other products.")).to_be_visible()
    expect(page.locator(".redeemable-label").first).to_be_visible()
    assert portal.requests("POST") == 0
