"""The confirmation page: our server's word on what became of the payment, and never more than that."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.storefront.fake_portal import Portal
from tests.storefront.fake_shop import Shop, invoice_cart, invoice_line

pytestmark = pytest.mark.browser

LINES = [
    {"number": "INV-7141", "amount": "2600.00", "new_balance": "0.00"},
    {"number": "INV-7190", "amount": "3275.00", "new_balance": "1000.00"},
]


def outcome(state: str, **more: Any) -> dict[str, Any]:
    """The contract's answer about an order."""
    known = {"payment_number": "PAY-00012", "currency": "USD", "total": "5875.00", "lines": LINES, "credit": None}
    return {"state": state, **known, "back_url": "/invoices/", **more}


@pytest.fixture
def ordered(shop: Shop) -> Shop:
    """An order that pays two invoices."""
    shop.order = {
        "lineItems": invoice_cart(invoice_line("INV-7141", 2600), invoice_line("INV-7190", 3275))["lineItems"]
    }
    return shop


def open_confirmation(page: Page) -> None:
    page.goto("/checkout/order-confirmation")
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()


def test_paid_shows_each_invoice_with_its_new_balance_and_the_way_back(
    page: Page, ordered: Shop, portal: Portal
) -> None:
    portal.order_states = [outcome("paid", credit="10.00")]
    open_confirmation(page)

    expect(page.get_by_role("heading", name="Thank you. $5,875.00 was applied")).to_be_visible()
    rows = [row.split("\t") for row in page.get_by_role("row").all_inner_texts()]
    assert rows == [
        ["Invoice", "Paid", "New balance"], ["INV-7141", "$2,600.00", "$0.00"], ["INV-7190", "$3,275.00", "$1,000.00"],
        ["Total", "$5,875.00", ""],
    ]  # fmt: skip
    expect(page.get_by_text("$10.00 is kept as available credit")).to_be_visible()
    expect(page.locator(".continueButtonContainer")).to_be_hidden()
    page.get_by_role("link", name="Back to invoices").click()
    expect(page.get_by_text("Payment PAY-00012 of $5,875.00 was applied to your invoices.")).to_be_visible()


def test_it_waits_for_the_server_to_hear_of_the_order(page: Page, ordered: Shop, portal: Portal) -> None:
    portal.order_states = [None, outcome("unknown", lines=[], total=None), outcome("paid")]
    open_confirmation(page)

    expect(page.get_by_role("heading", name="Your order was placed")).to_be_visible()
    expect(page.get_by_text("was applied")).to_have_count(0)
    expect(page.get_by_role("heading", name="Thank you. $5,875.00 was applied")).to_be_visible()
    assert portal.requests("GET /storefront/v1/orders/501") == 3


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pending", "Your payment is on its way"),
        ("awaiting_payment", "Your order awaits payment"),
        ("needs_review", "Your payment is being checked"),
    ],
)
def test_what_is_not_paid_is_never_called_paid(
    page: Page, ordered: Shop, portal: Portal, state: str, said: str
) -> None:
    portal.order_states = [outcome(state)]
    open_confirmation(page)

    expect(page.get_by_role("heading", name=said)).to_be_visible()
    words = page.locator("ip-confirmation-panel").inner_text()
    assert "applied" not in words.replace("Nothing has been applied", "")
    assert "New balance" not in words
    if state != "awaiting_payment":
        assert portal.requests("GET /storefront/v1/orders/501") == 1


def test_an_order_read_before_its_payment_is_looked_at_again(page: Page, ordered: Shop, portal: Portal) -> None:
    """BigCommerce may tell of the order before its transaction is there: awaiting payment is no last word (T-18)."""
    portal.order_states = [outcome("awaiting_payment"), outcome("awaiting_payment"), outcome("pending")]
    open_confirmation(page)

    expect(page.get_by_role("heading", name="Your order awaits payment")).to_be_visible()
    expect(page.get_by_role("heading", name="Your payment is on its way")).to_be_visible(timeout=15_000)
    assert portal.requests("GET /storefront/v1/orders/501") == 3


def test_an_ordinary_order_is_left_alone_after_one_look(page: Page, shop: Shop, portal: Portal) -> None:
    shop.order = {"lineItems": {"physicalItems": [{"sku": "PIPE-1", "name": "Pipe"}], "digitalItems": []}}

    page.goto("/checkout/order-confirmation", wait_until="networkidle")

    expect(page.locator(".continueButtonContainer")).to_be_visible()
    assert page.locator(".ip-portal").count() == 0
    assert shop.requests("GET /customer") == 0
    assert portal.requests("POST") == 0


def test_with_our_server_away_the_shop_s_own_page_stands(page: Page, ordered: Shop, portal: Portal) -> None:
    portal.down = {"/storefront"}
    open_confirmation(page)
    page.wait_for_timeout(500)

    expect(page.locator(".continueButtonContainer")).to_be_visible()


def test_the_whole_way_from_the_list_to_the_receipt(page: Page, ordered: Shop, portal: Portal) -> None:
    """Story step 7 as the browser sees it."""
    ordered.cart = invoice_cart(invoice_line("INV-7141", 2600), invoice_line("INV-7190", 3275))
    portal.order_states = [outcome("paid")]
    page.goto("/invoices/")
    for number in ("INV-7141", "INV-7190", "INV-7195"):
        page.get_by_label(f"Pay {number}", exact=True).check()
    page.get_by_label("Pay INV-7195", exact=True).uncheck()
    page.get_by_label("Amount to pay for INV-7190").fill("3275")
    page.get_by_role("button", name="Pay $5,875.00").click()

    expect(page.get_by_label("Test card")).to_be_checked()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("heading", name="Thank you. $5,875.00 was applied")).to_be_visible()
    page.get_by_role("link", name="Back to invoices").click()

    expect(page.get_by_text("Payment PAY-00012 of $5,875.00 was applied")).to_be_visible()
    expect(page.get_by_text("Select the invoices you want to pay")).to_be_visible()
