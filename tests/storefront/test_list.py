"""The invoice list in a browser: what is shown, chosen and sent (story step 7; ui.md 5.1, 5.2, 5.5)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.storefront.fake_portal import Portal, invoice
from tests.storefront.fake_shop import Shop, invoice_cart, invoice_line

pytestmark = pytest.mark.browser


def open_list(page: Page, query: str = "") -> None:
    page.goto(f"/invoices/{query}")
    expect(page.get_by_role("rowheader").first).to_be_visible()


def tick(page: Page, *numbers: str) -> None:
    for number in numbers:
        page.get_by_label(f"Pay {number}", exact=True).check()


def amount(page: Page, number: str):
    return page.get_by_label(re.compile(f"^Amount to pay for {number}"))


def row(page: Page, number: str):
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=number))


def test_one_look_at_the_shop_and_one_answer_of_ours_fill_the_page(page: Page, shop: Shop, portal: Portal) -> None:
    open_list(page)

    expect(page.get_by_text("Harbor Dental Group", exact=True)).to_be_visible()
    expect(row(page, "INV-7190")).to_contain_text("Order 1240 · PO 88-4188")
    expect(row(page, "INV-7190")).to_contain_text("$1,035.00 paid")
    expect(row(page, "INV-7141")).to_contain_text("70 days late")
    assert shop.requests("GET /customer/current.jwt") == 1
    assert [entry for entry in portal.log if not entry.startswith(("OPTIONS", "GET /s/"))] == [
        "POST /storefront/v1/session"
    ]


def test_totals_stand_apart_per_currency(page: Page) -> None:
    open_list(page)

    totals = page.locator(".ip-totals > div").all_inner_texts()
    assert [" ".join(total.split("\n")) for total in totals] == [
        "Open balance, USD $18,420.50", "Overdue, USD $4,210.00", "Available credit, USD $120.00",
        "Open balance, EUR €2,300.00", "Overdue, EUR None",
    ]  # fmt: skip


def test_a_tick_offers_the_whole_balance_and_the_bar_adds_up(page: Page) -> None:
    open_list(page)
    expect(page.get_by_role("button", name="Pay")).to_be_hidden()

    tick(page, "INV-7141", "INV-7190")
    expect(amount(page, "INV-7190")).to_have_value("4275.00")
    amount(page, "INV-7190").fill("3.275,00")

    expect(row(page, "INV-7190")).to_contain_text("leaves $1,000.00 open")
    expect(page.get_by_text("2 invoices selected")).to_be_visible()
    expect(page.get_by_role("button", name="Pay $5,875.00")).to_be_enabled()
    expect(amount(page, "INV-7190")).to_have_value("3.275,00")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("4275.01", "Only $4,275.00 is owed."),
        ("0", "Enter an amount above zero."),
        ("1.250", "Enter an amount such as 4275.00."),
        ("", "Enter an amount such as"),
    ],
)
def test_an_amount_that_cannot_be_paid_says_so_and_holds_the_payment(page: Page, typed: str, said: str) -> None:
    open_list(page)
    tick(page, "INV-7190")

    amount(page, "INV-7190").fill(typed)

    expect(row(page, "INV-7190")).to_contain_text(said)
    expect(amount(page, "INV-7190")).to_have_attribute("aria-invalid", "true")
    expect(amount(page, "INV-7190")).to_have_accessible_description(re.compile(re.escape(said)))
    expect(page.get_by_role("button", name="Pay", exact=True)).to_be_disabled()


def test_the_first_tick_fixes_the_currency(page: Page) -> None:
    open_list(page)

    tick(page, "INV-7203")

    expect(page.get_by_label("Pay INV-7141", exact=True)).to_be_disabled()
    expect(row(page, "INV-7141")).to_contain_text("Another currency: pay it separately")
    page.get_by_label("Pay INV-7203", exact=True).uncheck()
    expect(page.get_by_label("Pay INV-7141", exact=True)).to_be_enabled()


def test_money_on_its_way_cannot_be_paid_again(page: Page) -> None:
    open_list(page)

    expect(page.get_by_label("Pay INV-7171", exact=True)).to_be_disabled()
    expect(row(page, "INV-7171")).to_contain_text("$1,870.00 on its way since 20 Nov 2026")


def test_select_all_takes_what_can_be_paid_together(page: Page) -> None:
    open_list(page)

    page.locator("#ip-all").check()

    expect(page.get_by_text("8 invoices selected")).to_be_visible()
    expect(page.get_by_label("Pay INV-7203", exact=True)).not_to_be_checked()
    page.get_by_role("button", name="Clear selection").click()
    expect(page.get_by_text("Select the invoices you want to pay")).to_be_visible()


def test_the_selection_lasts_over_pages_and_a_reload(page: Page) -> None:
    open_list(page)
    tick(page, "INV-7190")
    amount(page, "INV-7190").fill("12,50")

    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("rowheader", name="INV-7307")).to_be_visible()
    tick(page, "INV-7307")
    page.reload()

    expect(page.get_by_role("button", name="Pay $119.50")).to_be_enabled()
    page.get_by_role("link", name="Previous page").click()
    expect(amount(page, "INV-7190")).to_have_value("12,50")


def test_paying_sends_ids_and_exact_amounts_and_leaves_for_the_checkout(page: Page, portal: Portal) -> None:
    open_list(page)
    tick(page, "INV-7141", "INV-7190")
    amount(page, "INV-7190").fill("3,275")

    page.get_by_role("button", name="Pay $5,875.00").dblclick()

    page.wait_for_url("**/checkout")
    lines = [{"invoice_id": "id-INV-7141", "amount": "2600.00"}, {"invoice_id": "id-INV-7190", "amount": "3275.00"}]
    assert portal.sent == [{"currency": "USD", "lines": lines}]
    assert len(portal.keys[0]) == 36


def test_a_refusal_stands_beside_its_row(page: Page, portal: Portal) -> None:
    lines = [
        {
            "invoice_id": "id-INV-7141",
            "code": "not_payable",
            "detail": "Someone at your company is paying INV-7141 now.",
        }
    ]
    portal.refuse_payment = {
        "status": 409,
        "code": "not_payable",
        "detail": "One invoice cannot be paid now.",
        "lines": lines,
    }
    open_list(page)
    tick(page, "INV-7141", "INV-7190")

    page.get_by_role("button", name="Pay $6,875.00").click()

    expect(row(page, "INV-7141")).to_contain_text("Someone at your company is paying INV-7141 now.")
    expect(page.get_by_text("One invoice cannot be paid now.")).to_be_visible()
    page.get_by_label("Pay INV-7141", exact=True).uncheck()
    page.get_by_role("button", name="Pay $4,275.00").click()
    expect(page.get_by_text("One invoice cannot be paid now.")).to_be_visible()
    assert len(set(portal.keys)) == 2


def test_a_payment_nobody_answered_is_tried_again_under_its_key(page: Page, portal: Portal) -> None:
    portal.down = {"/storefront/v1/payments"}
    open_list(page)
    tick(page, "INV-7141")

    page.get_by_role("button", name="Pay $2,600.00").click()
    expect(page.get_by_text("We could not reach the invoice service")).to_be_visible()
    expect(page.get_by_role("button", name="Pay $2,600.00")).to_be_enabled()
    portal.down = set()
    page.get_by_role("button", name="Pay $2,600.00").click()

    page.wait_for_url("**/checkout")
    assert len(portal.sent) == 1


def leave_a_checkout(page: Page) -> None:
    open_list(page)
    tick(page, "INV-7141")
    page.get_by_role("button", name="Pay $2,600.00").click()
    page.wait_for_url("**/checkout")


@pytest.mark.parametrize(("sku", "deleted"), [("IP-INVOICE", 1), ("PIPE-1", 0)])
def test_the_cart_of_a_checkout_that_was_left_goes_and_no_other(page: Page, shop: Shop, sku: str, deleted: int) -> None:
    """R-18: the shop would go on offering it, and send mails about it."""
    shop.cart = invoice_cart({**invoice_line("INV-7141", 2600), "sku": sku})
    leave_a_checkout(page)

    with page.expect_response(lambda answer: answer.url.endswith("/carts") and "/invoices/" in page.url):
        page.goto("/invoices/")
    expect(page.get_by_text("Nothing was paid.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Pay $2,600.00")).to_be_enabled()

    assert shop.requests("DELETE /api/storefront/carts/cart-1") == deleted


def test_a_checkout_that_was_left_is_said_once_and_keeps_the_selection(page: Page) -> None:
    leave_a_checkout(page)

    page.go_back()

    expect(page.get_by_text("Nothing was paid. Your selection is still here.")).to_be_visible()
    expect(page.get_by_role("button", name="Pay $2,600.00")).to_be_enabled()
    page.reload()
    expect(page.get_by_role("button", name="Pay $2,600.00")).to_be_enabled()
    expect(page.get_by_text("Nothing was paid.")).to_have_count(0)


def test_filters_live_in_the_address_and_back_undoes_them(page: Page, portal: Portal) -> None:
    open_list(page)

    page.get_by_label("Status").select_option("Overdue")
    page.get_by_label("Invoice, order or PO number").fill("88-41")
    page.get_by_label("Invoice, order or PO number").press("Enter")

    expect(page.get_by_text("1 invoice on this page")).to_be_visible()
    assert page.url.endswith("/invoices/?q=88-41&status=overdue")
    page.go_back()
    expect(page.get_by_text("10 invoices on this page")).to_be_visible()
    page.go_forward()
    expect(page.get_by_label("Status")).to_have_value("overdue")
    page.get_by_role("link", name="Clear filters").click()
    expect(page.get_by_text("10 invoices on this page")).to_be_visible()


def test_due_dates_hide_behind_more_filters_until_they_are_used(page: Page) -> None:
    open_list(page)
    expect(page.get_by_label("Due from")).to_be_hidden()

    page.get_by_role("button", name="More filters").click()
    page.get_by_label("Due from").fill("2026-11-24")
    page.get_by_label("Due to").fill("2026-11-30")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_text("Unpaid · due 24 Nov 2026 – 30 Nov 2026").last).to_be_visible()
    expect(page.get_by_text("2 invoices on this page")).to_be_visible()
    expect(page.get_by_label("Due from")).to_have_value("2026-11-24")


def test_a_column_head_sorts_and_says_so(page: Page) -> None:
    open_list(page)

    page.get_by_role("columnheader", name="Balance").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Balance")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("columnheader", name="Balance").get_by_role("link").click()

    expect(page.get_by_role("columnheader", name="Balance")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("rowheader").first).to_contain_text("INV-7190")
    expect(page.get_by_role("table")).to_have_accessible_name(re.compile("Balance, largest first"))


def test_without_the_right_to_pay_there_is_nothing_to_tick(page: Page, portal: Portal) -> None:
    portal.rights = ["view", "detail", "history"]
    open_list(page)

    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_text("You can view invoices.")).to_be_visible()
    expect(page.get_by_role("button", name="Pay")).to_have_count(0)


def test_without_the_right_to_details_numbers_are_no_links(page: Page, portal: Portal) -> None:
    portal.rights = ["view", "pay"]
    open_list(page)

    expect(page.get_by_role("link", name="INV-7141")).to_have_count(0)
    expect(page.get_by_role("link", name="History")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?status=partially_paid&q=zzz", "No invoices match these filters."),
        ("?status=all", "No invoices yet."),
        ("", "No unpaid invoices."),
    ],
)
def test_an_empty_list_says_why(page: Page, portal: Portal, query: str, said: str) -> None:
    portal.invoices = []

    page.goto(f"/invoices/{query}")

    expect(page.get_by_text(said)).to_be_visible()


def test_whatever_is_in_a_name_is_only_text(page: Page, portal: Portal) -> None:
    evil = "<img src=x onerror=document.title='owned'>"
    portal.invoices = [invoice(evil, "2026-08-14", "2026-09-13", 70, "1.00", po_number=evil)]

    open_list(page)

    expect(page.get_by_role("rowheader")).to_contain_text(evil)
    assert page.locator(".ip-portal img").count() == 0


def test_everything_can_be_done_from_the_keyboard(page: Page, portal: Portal) -> None:
    """ui.md 5.1: Space ticks, Tab goes on to the amount, Enter in the amount does not pay."""
    open_list(page)

    page.get_by_label("Pay INV-7141", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(amount(page, "INV-7141")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("600")
    page.keyboard.press("Enter")
    assert portal.sent == []
    page.get_by_role("button", name="Pay $600.00").focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/checkout")
    assert portal.sent[0]["lines"] == [{"invoice_id": "id-INV-7141", "amount": "600.00"}]


def test_an_expired_session_renews_without_a_word(page: Page, shop: Shop, portal: Portal) -> None:
    open_list(page)
    portal.valid_tokens.clear()

    page.get_by_role("link", name="Next page").click()

    expect(page.get_by_role("rowheader", name="INV-7307")).to_be_visible()
    assert shop.requests("GET /customer/current.jwt") == 2
