"""The make-believe checkout in a browser: the anchors scripts hold on to, and nodes that come and go."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.sandbox.serve import Sandbox
from adapters.sandbox.settings import NORTH, SandboxSettings
from tests.sandbox.kit import CLIENT, SECRET

ADDRESS = {"first_name": "M", "last_name": "R", "email": "m@h.example", "country_code": "US"}
ADDRESS |= {"address1": "1 Way", "city": "Portland", "postal_code": "97205", "state_or_province": "Oregon"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def running(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    copy = shutil.copy(planted, tmp_path_factory.mktemp("browser") / "sandbox.db")
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    settings = SandboxSettings(Path(copy), *ports, "http://localhost:9999", CLIENT, SECRET, retry_scale=0)
    with Sandbox(settings) as made:
        yield made


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def _app_cart(running: Sandbox, lines: int) -> str:
    """A cart the app made for customer 2, ready to pay; returns its checkout address."""
    client = running.app.test_client()
    token = client.post(f"/_sandbox/{NORTH}/token", json={}).json["access_token"]

    def call(path: str, body: Any) -> Any:
        answer = client.post(f"/stores/{NORTH}/v3{path}", json=body, headers={"X-Auth-Token": token})
        return answer.json["data"]

    items = [
        {"product_id": 88, "quantity": 1, "list_price": 10.5, "name": f"Invoice INV-{number}"}
        for number in range(1, lines + 1)
    ]
    cart = call("/carts", {"customer_id": 2, "line_items": items})
    call(f"/checkouts/{cart['id']}/billing-address", ADDRESS)
    return str(call(f"/carts/{cart['id']}/redirect_urls", {})["checkout_url"])


def _fill_card(page: Page, number: str) -> None:
    for field, value in (("ccNumber", number), ("ccExpiry", "12/31"), ("ccName", "M R"), ("ccCvv", "123")):
        page.fill(f"#{field}", value)


def _open(page: Page, running: Sandbox, lines: int = 5) -> None:
    """Sign in on the way, as a buyer does whose session has ended."""
    page.goto(_app_cart(running, lines))
    page.fill("#login_email", "marcus@harborfinch.example")
    page.click("text=Sign in >> nth=-1")
    page.wait_for_selector('[data-test="payment-form"]')


def test_an_invoice_cart_opens_at_payment_with_the_known_anchors(page: Page, running: Sandbox) -> None:
    _open(page, running)

    for anchor in (
        '#checkout-app > #checkout-page-container[data-test="checkout-page-container"] > div.layout > div.layout-main',
        "ol.checkout-steps > li.checkout-step--customer [data-test='customer-info']",
        "li.checkout-step--billing [data-test='static-address']",
        "li.checkout-step--payment form[data-test='payment-form'].checkout-form",
        "li.form-checklist-item--selected input#radio-testgateway[name='paymentProviderRadio']",
        "[data-test='payment-method-cheque'] [data-test='payment-method-name']",
        "#ccNumber",
        "#checkout-payment-continue",
        "aside.layout-cart article.cart[data-test='cart'] #cart-edit-link[data-test='cart-edit-link']",
        "[data-test='cart-total'] [data-test='cart-price-value']",
        "fieldset.redeemable-payments a.redeemable-label",
    ):
        expect(page.locator(anchor)).to_have_count(1)
    expect(page.locator("li.checkout-step--shipping")).to_have_count(0)
    expect(page.locator("[data-test='cart-item']")).to_have_count(4)
    expect(page.locator("[data-test='redeemable-label']")).to_have_count(2)
    page.click(".cart-actions button")
    expect(page.locator("[data-test='cart-item']")).to_have_count(5)


def test_the_summary_moves_into_a_drawer_on_phones(page: Page, running: Sandbox) -> None:
    _open(page, running)

    page.set_viewport_size({"width": 390, "height": 800})

    expect(page.locator("aside.layout-cart")).to_have_count(0)
    expect(page.locator(".cartDrawer .cartDrawer-total")).to_have_text("$56.85")
    page.click(".cartDrawer-link")
    expect(page.locator("body > .ReactModalPortal #cart-edit-link")).to_have_count(1)
    page.click(".cart-modal-close")
    expect(page.locator(".ReactModalPortal")).to_have_count(0)


def test_a_section_put_in_by_a_script_stays_while_the_list_is_rebuilt(page: Page, running: Sandbox) -> None:
    _open(page, running)
    page.evaluate(
        """() => {
            const own = document.createElement('section');
            own.id = 'own-panel';
            document.querySelector('.layout-main').prepend(own);
            document.querySelector('.form-checklist').dataset.old = 'yes';
        }"""
    )

    page.click("#radio-bankdebit")
    page.set_viewport_size({"width": 700, "height": 800})

    expect(page.locator(".layout-main > #own-panel:first-child")).to_have_count(1)
    expect(page.locator(".form-checklist[data-old]")).to_have_count(0)
    expect(page.locator("#radio-bankdebit")).to_be_checked()


def test_a_submit_listener_on_the_window_can_stop_the_payment(page: Page, running: Sandbox) -> None:
    _open(page, running, lines=1)
    _fill_card(page, "4111 1111 1111 1111")
    page.evaluate(
        "() => window.addEventListener('submit', (e) => { e.preventDefault(); e.stopImmediatePropagation(); }, true)"
    )

    page.click("#checkout-payment-continue")

    expect(page.locator("#checkout-payment-continue")).to_be_enabled()
    assert page.url.endswith("/checkout")


def test_a_declined_card_opens_the_dialog_and_a_good_one_the_confirmation(page: Page, running: Sandbox) -> None:
    _open(page, running)
    _fill_card(page, "4000 0000 0000 0002")

    page.click("#checkout-payment-continue")
    expect(page.locator("[data-test='modal-body'] #errorModalMessage")).to_contain_text("declined")
    page.click(".cart-modal-close")
    _fill_card(page, "4111 1111 1111 1111")
    page.click("#checkout-payment-continue")

    page.wait_for_url("**/checkout/order-confirmation")
    number = page.locator("[data-test='order-confirmation-order-number-text'] strong")
    expect(number).to_have_text("221")
    expect(page.locator(".orderConfirmation .continueButtonContainer")).to_have_count(1)
    expect(page.locator("#cart-print-link")).to_have_count(1)
