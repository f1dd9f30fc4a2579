"""What a buyer sees when something is missing: a sign-in, a right, our server; and that the shop never suffers."""

import pytest
from playwright.sync_api import Page, expect

from tests.storefront.fake_portal import Portal
from tests.storefront.fake_shop import Shop

pytestmark = pytest.mark.browser


def test_a_guest_is_led_to_the_sign_in_and_back(page: Page, shop: Shop, portal: Portal) -> None:
    shop.signed_in = False

    page.goto("/invoices/?status=overdue")

    link = page.get_by_role("main").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", "/login.php?from=invoices%2F%3Fstatus%3Doverdue")
    assert portal.requests("POST") == 0


def test_a_guest_elsewhere_causes_no_request_at_all(page: Page, shop: Shop, portal: Portal) -> None:
    shop.signed_in = False

    page.goto("/", wait_until="networkidle")

    assert shop.requests("GET /customer") == 0
    assert portal.log == [entry for entry in portal.log if entry.startswith("GET /s/")]


@pytest.mark.parametrize("code", ["no_company", "company_inactive", "no_right"])
def test_a_refused_buyer_reads_the_server_s_sentence_and_sees_no_table(page: Page, portal: Portal, code: str) -> None:
    portal.refuse_session = (403, code, f"A sentence about {code}.")

    page.goto("/invoices/")

    expect(page.get_by_text(f"A sentence about {code}.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)


def test_a_directory_out_of_reach_can_be_tried_again(page: Page, portal: Portal) -> None:
    portal.refuse_session = (503, "directory_unreachable", "Your company's rights cannot be read right now.")
    page.goto("/invoices/")
    expect(page.get_by_text("Your company's rights cannot be read right now.")).to_be_visible()

    portal.refuse_session = None
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("rowheader", name="INV-7141")).to_be_visible()


def test_with_our_server_away_the_shop_works_and_the_list_says_so(page: Page, portal: Portal) -> None:
    portal.down = {"/storefront"}
    page.goto("/invoices/")
    expect(page.get_by_text("We could not reach your invoices.")).to_be_visible()
    expect(page.get_by_role("link", name="Catalog")).to_be_visible()

    portal.down = set()
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("rowheader", name="INV-7141")).to_be_visible()


def test_somebody_else_signing_in_meanwhile_starts_the_page_anew(page: Page, portal: Portal) -> None:
    page.goto("/invoices/")
    page.get_by_label("Pay INV-7141", exact=True).check()
    portal.valid_tokens.clear()
    portal.company = "c-2"

    page.get_by_role("link", name="Next page").click()

    expect(page.get_by_text("Select the invoices you want to pay")).to_be_visible()


def test_a_page_of_the_list_that_fails_keeps_the_filters(page: Page, portal: Portal) -> None:
    page.goto("/invoices/")
    expect(page.get_by_role("rowheader", name="INV-7141")).to_be_visible()
    portal.down = {"/storefront/v1/invoices"}

    page.get_by_label("Status").select_option("Overdue")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_text("We could not reach your invoices.")).to_be_visible()
    expect(page.get_by_label("Status")).to_have_value("overdue")
    portal.down = set()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("2 invoices on this page")).to_be_visible()


def test_without_the_script_the_page_is_the_shop_s_own(page: Page, shop: Shop) -> None:
    shop.script = False

    page.goto("/invoices/")

    expect(page.get_by_role("heading", name="Invoices")).to_be_visible()


def test_the_menu_gets_its_entry_and_asks_once(page: Page, portal: Portal) -> None:
    page.goto("/")
    expect(page.get_by_role("navigation").get_by_role("link", name="Invoices")).to_have_attribute("href", "/invoices/")

    page.goto("/")
    expect(page.get_by_role("navigation").get_by_role("link", name="Invoices")).to_have_count(1)

    assert portal.requests("POST /storefront/v1/session") == 1


def test_the_menu_stays_as_it_is_for_who_may_not_see_invoices(page: Page, portal: Portal) -> None:
    portal.refuse_session = (403, "no_right", "No.")

    page.goto("/", wait_until="networkidle")
    page.goto("/", wait_until="networkidle")

    expect(page.get_by_role("link", name="Invoices")).to_have_count(0)
    assert portal.requests("POST /storefront/v1/session") == 1


def test_a_page_left_before_the_answer_is_made_up_for_on_the_next(page: Page, portal: Portal) -> None:
    portal.down = {"/storefront"}
    page.goto("/")
    expect(page.get_by_role("link", name="Catalog")).to_be_visible()

    portal.down = set()
    page.goto("/")

    expect(page.get_by_role("link", name="Invoices")).to_be_visible()


def test_signing_out_forgets_the_entry(page: Page, shop: Shop, portal: Portal) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="Invoices")).to_be_visible()

    shop.signed_in = False
    page.goto("/", wait_until="networkidle")
    shop.signed_in = True
    page.goto("/")

    expect(page.get_by_role("link", name="Invoices")).to_be_visible()
    assert portal.requests("POST /storefront/v1/session") == 2
