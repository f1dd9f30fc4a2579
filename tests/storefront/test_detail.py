"""One invoice in a browser: its own address, its figures, its payments, paying it (ui.md 5.3)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.storefront.fake_portal import Portal

pytestmark = pytest.mark.browser


def open_invoice(page: Page, number: str = "INV-7190") -> None:
    page.goto(f"/invoices/?invoice=id-{number}")
    expect(page.get_by_role("heading", name=f"Invoice {number}")).to_be_visible()


def test_an_address_opens_one_invoice_with_all_its_parts(page: Page) -> None:
    open_invoice(page)

    main = page.get_by_role("main")
    for text in ("25 Oct 2026", "in 2 days", "88-4188", "12 Mill Lane", "400 Harbor Street", "88 Pier Road", "Net 30."):
        expect(main).to_contain_text(text)
    lines = page.get_by_role("table", name="Lines of invoice INV-7190")
    expect(lines.get_by_role("row", name=re.compile("Composite resin"))).to_contain_text("$1,520.123456")
    sums = page.locator(".ip-total > div").all_inner_texts()
    assert [" ".join(each.split("\n")) for each in sums] == [
        "Shipping $45.00", "Discount SPRING -$50.00", "Sales tax 10.1 % $756.69",
        "Total $5,310.00", "Paid $1,035.00", "Balance $4,275.00",
    ]  # fmt: skip
    paid = page.get_by_role("table", name="Payment history of INV-7190").get_by_role("row").last
    assert " | ".join(paid.inner_text().split("\t")) == (
        "PAY-00009 | 2 Nov 2026 | Check | Check 10442 | Completed | $1,035.00"
    )
    assert page.title().startswith("INV-7190")


def test_the_list_leads_there_and_back_without_losing_its_place(page: Page) -> None:
    page.goto("/invoices/?status=overdue")
    page.get_by_role("link", name="INV-7165", exact=True).click()
    expect(page.get_by_role("heading", name="Invoice INV-7165")).to_be_focused()
    assert page.url.endswith("?status=overdue&invoice=id-INV-7165")

    page.get_by_role("link", name="‹ Invoices").click()

    expect(page.get_by_role("link", name="INV-7165", exact=True)).to_be_focused()
    assert page.url.endswith("?status=overdue")
    page.go_back()
    expect(page.get_by_role("heading", name="Invoice INV-7165")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("2 invoices on this page")).to_be_visible()


def test_a_click_for_a_new_tab_is_left_to_the_browser(page: Page) -> None:
    page.goto("/invoices/")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="INV-7165", exact=True).click(modifiers=["ControlOrMeta"])

    expect(opened.value.get_by_role("heading", name="Invoice INV-7165")).to_be_visible()
    opened.value.close()


def test_history_leads_to_the_payments(page: Page) -> None:
    page.goto("/invoices/")

    page.get_by_role("link", name="History INV-7190").click()

    expect(page.locator("#ip-history")).to_be_focused()


def test_a_part_can_be_paid_from_here(page: Page, portal: Portal) -> None:
    open_invoice(page)

    page.get_by_role("textbox", name="Amount to pay").fill("5000")
    expect(page.get_by_text("Only $4,275.00 is owed.")).to_be_visible()
    expect(page.get_by_role("button", name="Pay", exact=True)).to_be_disabled()
    page.get_by_role("textbox", name="Amount to pay").fill("75")
    page.get_by_role("button", name="Pay $75.00").dblclick()

    page.wait_for_url("**/checkout")
    assert portal.sent == [{"currency": "USD", "lines": [{"invoice_id": "id-INV-7190", "amount": "75.00"}]}]


def test_a_refusal_stands_at_the_amount(page: Page, portal: Portal) -> None:
    lines = [{"invoice_id": "id-INV-7190", "code": "more_than_owed", "detail": "INV-7190 is only owed $10.00."}]
    portal.refuse_payment = {"status": 409, "code": "more_than_owed", "detail": "Too much.", "lines": lines}
    open_invoice(page)

    page.get_by_role("button", name="Pay $4,275.00").click()

    expect(page.get_by_role("textbox", name="Amount to pay")).to_have_accessible_description(
        "INV-7190 is only owed $10.00."
    )
    expect(page.get_by_role("button", name="Pay $4,275.00")).to_be_enabled()


def test_not_yours_and_not_there_read_the_same(page: Page) -> None:
    page.goto("/invoices/?invoice=id-of-another-company")

    expect(page.get_by_text("There is no such invoice. It may have been withdrawn.")).to_be_visible()
    page.get_by_role("link", name="‹ Invoices").click()
    expect(page.get_by_role("rowheader", name="INV-7141")).to_be_visible()


def test_a_paid_invoice_asks_for_nothing(page: Page) -> None:
    open_invoice(page, "INV-7001")

    expect(page.get_by_role("button", name="Pay")).to_have_count(0)
    expect(page.locator(".ip-tag").first).to_have_text("Paid")


def test_without_the_right_to_it_there_is_no_history(page: Page, portal: Portal) -> None:
    portal.rights = ["view", "detail"]
    open_invoice(page)

    expect(page.get_by_text("Payment history")).to_have_count(0)
    expect(page.get_by_role("button", name="Pay")).to_have_count(0)


def test_paper_gets_the_invoice_and_nothing_of_the_shop(page: Page) -> None:
    open_invoice(page)

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Invoice INV-7190")).to_be_visible()
    for gone in (".theme-top", ".theme-foot", ".theme-crumbs", ".ip-button", ".ip-back", ".ip-pay-one"):
        expect(page.locator(gone).first).to_be_hidden()
