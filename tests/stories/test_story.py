"""The story of the product, told once from install to reinstall by people in a browser."""

import contextlib
import io
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from admin_app.audit import audit_url
from admin_app.demo.trade import cut_over_day
from admin_app.demo.visitors import document, until
from tests.stories.people import CARD_APPROVED, CARD_AUTHORISED, CARD_DECLINED, Buyer, Seller, at_work
from tests.stories.stage import Stage, day_from_now

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OLDER, NEWER = "2026-1001", "2026-1002"
"""Invoices the ERP pushes, of 1000.00 and of 600.00 with 350.00 still owed."""


@dataclass
class Story:
    """The stage, the cast, and what earlier chapters left behind."""

    stage: Stage
    owner: Seller
    sales: Seller
    finance: Seller
    buyer: Buyer
    numbers: dict[str, str] = field(default_factory=dict)

    def balance(self, number: str) -> int:
        """In cents, folded from the movements."""
        return self.stage.ledger.balance(number)


@pytest.mark.timeout(300)
def test_from_an_order_to_a_paid_invoice_and_back(stage: Stage) -> None:
    people = [Seller(stage, user_id, stage.window()) for user_id in (1, 2, 3)]
    buyer = Buyer(stage, "dana@harborfinch.example", stage.window())
    story = Story(stage, *people, buyer)

    with at_work(*people, buyer):
        the_owner_installs(story)
        a_colleague_gets_a_role(story)
        an_order_becomes_one_invoice(story)
        the_erp_pushes_two(story)
        the_buyer_pays_two(story)
        finance_books_a_check(story)
        the_check_bounces(story)
        a_declined_card_then_an_authorised_one(story)
        a_refund_reopens_the_invoice_it_names(story)
        a_removed_user_is_out(story)
        uninstalled_and_installed_again(story)

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert audit_url(stage.local.environment["DATABASE_URL"]) == 0, said.getvalue()


def the_owner_installs(story: Story) -> None:
    owner, app = story.owner, story.owner.app
    owner.open_app()
    expect(owner.title).to_have_text("Get started with Invoice Portal")
    cookie = next(one for one in owner.window.cookies() if one["name"] == "__Host-portal")
    assert (cookie["sameSite"], cookie["secure"], cookie["httpOnly"]) == ("None", True, True)

    expect(app.get_by_text(re.compile(r"^\d+ orders read, \d+ of them of companies\.$"))).to_be_visible(timeout=60_000)
    expect(app.get_by_text("6 companies and 18 buyers.")).to_be_visible()
    expect(app.get_by_text("Ready: webhooks, the page /invoices/")).to_be_visible(timeout=60_000)
    kept = story.stage.ledger.count("shop_order")
    expect(app.get_by_text(f"{kept} of them of companies.")).to_be_visible()

    app.get_by_label("Cut-over date").fill(cut_over_day().isoformat())
    owner.press("End opening mode")
    expect(app.get_by_role("status")).to_contain_text("Opening mode ended.")


def a_colleague_gets_a_role(story: Story) -> None:
    story.sales.open_app()
    expect(story.sales.title).to_have_text("You have no access yet")
    story.finance.open_app()

    owner = story.owner
    owner.go_to("Users")
    for name, role in (("sam", "IP-Sales"), ("fiona", "IP-Finance")):
        row = owner.row(f"{name}@")
        row.get_by_role("combobox").select_option(role)
        row.get_by_role("button", name="Save").click()
        expect(owner.app.get_by_role("status")).to_contain_text(f"is now {role}")

    story.sales.open_app()
    story.sales.go_to("Orders")
    expect(story.sales.app.get_by_role("link", name="Users")).to_have_count(0)


def an_order_becomes_one_invoice(story: Story) -> None:
    story.buyer.sign_in()
    order_id = story.buyer.order("Work gloves, box of 24", 5)

    sales = story.sales
    sales.go_to("Orders")
    sales.reload_until(sales.order_row(order_id))
    sales.order_row(order_id).get_by_role("link", name="Create invoice").click()
    expect(sales.title).to_have_text("Create invoice")
    expect(sales.app.get_by_text("Work gloves, box of 24")).to_be_visible()
    sales.app.get_by_role("button", name="Create invoice").dblclick()

    expect(sales.title).to_have_text(re.compile(r"^INV-\d+$"))
    number = sales.title.inner_text()
    story.numbers["order"], story.numbers["order_id"] = number, str(order_id)
    query = "SELECT number, live_total_minor FROM invoice WHERE store_id = %s AND order_id = %s"
    assert [row[0] for row in story.stage.ledger.rows(query, order_id)] == [number]
    sales.open_app()
    sales.go_to("Orders")
    sales.press("Invoiced")
    expect(sales.order_row(order_id)).to_contain_text(number)


def the_erp_pushes_two(story: Story) -> None:
    erp = story.stage.new_erp()
    for external_id, number, total, more in (
        ("ERP-1", OLDER, "1000.00", {"due_on": day_from_now(-12)}),
        ("ERP-2", NEWER, "600.00", {"amount_due": "350.00"}),
    ):
        answer = erp.call("POST", "/api/v1/invoices", document(external_id, number, total, **more))
        assert answer.status_code == 201, answer.text

    sales = story.sales
    sales.go_to("Invoices")
    expect(sales.row(OLDER)).to_contain_text("Overdue")
    expect(sales.row(NEWER)).to_contain_text("$250.00 paid")
    sales.app.get_by_role("link", name=OLDER).click()
    expect(sales.app.get_by_text("ERP", exact=True)).to_be_visible()


def the_buyer_pays_two(story: Story) -> None:
    buyer, page, first = story.buyer, story.buyer.page, story.numbers["order"]
    before = story.balance(first)
    page.get_by_role("link", name="Northwind Supply").click()
    page.get_by_label("Account").get_by_role("link", name="Invoices").click()
    expect(buyer.row(OLDER)).to_contain_text("Overdue")
    buyer.pick(first, "100")
    buyer.pick(OLDER)
    expect(page.get_by_text("2 invoices selected")).to_be_visible()
    buyer.start_payment()

    panel = page.get_by_role("region", name="You are paying 2 invoices of Harbor & Finch Hotels")
    expect(panel.get_by_role("row", name=re.compile(f"^{first}"))).to_contain_text("$100.00")
    expect(page.locator("li.checkout-step--shipping")).to_have_count(0)
    expect(page.locator(".redeemable-payments")).to_be_hidden()
    buyer.pay_by_card(CARD_APPROVED)

    page.wait_for_url("**/checkout/order-confirmation")
    expect(page.get_by_role("heading", name="Thank you. $1,100.00 was applied")).to_be_visible(timeout=60_000)
    story.numbers["paid_order"] = page.locator("[data-test='order-confirmation-order-number-text'] strong").inner_text()
    assert (story.balance(OLDER), story.balance(first)) == (0, before - 10_000)
    page.get_by_role("link", name="Back to invoices").click()
    expect(buyer.row(OLDER)).to_have_count(0)
    expect(buyer.row(first)).to_contain_text("$100.00 paid")
    buyer.row(first).get_by_role("link", name=f"History {first}").click()
    history = page.get_by_role("table", name=f"Payment history of {first}")
    expect(history.get_by_role("row").filter(has_text="$100.00")).to_contain_text("Completed")


def finance_books_a_check(story: Story) -> None:
    finance, app, first = story.finance, story.finance.app, story.numbers["order"]
    owed = story.balance(first) + story.balance(NEWER)
    finance.open_app()
    finance.go_to("Payments")
    finance.press("Record payment")
    app.get_by_role("combobox", name="Company").select_option("Harbor & Finch Hotels")
    finance.press("Show open invoices")
    for number in (first, NEWER):
        finance.press(f"Full balance of {number}")
        expect(app.get_by_label(f"Apply to {number}")).not_to_have_value("")
    app.get_by_label("Amount").fill(f"{(owed + 1000) / 100:.2f}")
    app.get_by_label("Check number or cash payment memo").fill("Check 20077")
    expect(app.get_by_text("stays as credit of Harbor & Finch Hotels")).to_be_visible()
    app.get_by_role("button", name="Record payment of").dblclick()

    expect(finance.title).to_have_text(re.compile(r"^PAY-\d+$"))
    number = story.numbers["check"] = finance.title.inner_text()
    moved = story.stage.ledger.of_payment(number)
    assert (moved["received"], moved["allocated"]) == (owed + 1000, owed)
    assert story.balance(first) == story.balance(NEWER) == 0

    page = story.buyer.page
    page.goto(f"{story.stage.shop_url}/invoices/?status=all")
    expect(page.get_by_text("Available credit, USD")).to_be_visible()
    expect(page.get_by_text("$10.00", exact=True)).to_be_visible()
    story.buyer.row(NEWER).get_by_role("link", name=NEWER, exact=True).click()
    expect(page.get_by_role("table", name=f"Payment history of {NEWER}")).to_contain_text("Check 20077")


def the_check_bounces(story: Story) -> None:
    finance, first = story.finance, story.numbers["order"]
    finance.app.get_by_label(f"More about {story.numbers['check']}").click()
    finance.press("Reverse payment")
    dialog = finance.app.get_by_role("dialog", name=f"Reverse {story.numbers['check']}?")
    dialog.get_by_label("Reason").fill("The bank returned the check")
    dialog.get_by_role("button", name="Reverse payment").dblclick()
    expect(dialog).to_be_hidden()

    expect(finance.title.locator("xpath=..")).to_contain_text("Reversed")
    assert story.balance(NEWER) == 35_000
    assert story.balance(first) > 0
    story.buyer.open_invoices()
    expect(story.buyer.row(NEWER)).to_contain_text("$350.00")
    expect(story.buyer.row(first)).to_be_visible()


def a_declined_card_then_an_authorised_one(story: Story) -> None:
    buyer, page = story.buyer, story.buyer.page
    buyer.pick(NEWER, "50.00")
    buyer.start_payment()
    buyer.pay_by_card(CARD_DECLINED)
    expect(page.locator("#errorModalMessage")).to_contain_text("declined")
    assert story.balance(NEWER) == 35_000

    page.get_by_role("button", name="Close").click()
    buyer.pay_by_card(CARD_AUTHORISED)
    expect(page.get_by_role("heading", name="Your payment is on its way")).to_be_visible(timeout=60_000)
    order_id = page.locator("[data-test='order-confirmation-order-number-text'] strong").inner_text()
    assert story.balance(NEWER) == 35_000
    page.get_by_role("link", name="Back to invoices").click()
    expect(buyer.row(NEWER)).to_contain_text("$50.00 on its way")

    story.owner.panel_page(f"/orders/{order_id}")
    story.owner.page.get_by_role("button", name="Capture").click()
    until(lambda: story.balance(NEWER) == 30_000, "the captured money to be booked")
    buyer.open_invoices()
    expect(buyer.row(NEWER)).to_contain_text("$300.00")


def a_refund_reopens_the_invoice_it_names(story: Story) -> None:
    paid = story.balance(story.numbers["order"])
    story.owner.panel_page(f"/orders/{story.numbers['paid_order']}")
    story.owner.page.get_by_label(f"Invoice {OLDER}").last.fill("1")
    story.owner.page.get_by_role("button", name="Refund").click()
    expect(story.owner.page.get_by_text("Refund 1")).to_be_visible()

    until(lambda: story.balance(OLDER) == 100_000, "the refund to be booked")
    assert story.balance(story.numbers["order"]) == paid
    story.buyer.open_invoices()
    expect(story.buyer.row(OLDER)).to_contain_text("$1,000.00")


def a_removed_user_is_out(story: Story) -> None:
    story.sales.go_to("Invoices")
    story.owner.panel_page()
    row = story.owner.page.get_by_role("row").filter(has_text="sam@")
    row.get_by_role("button", name="Remove").click()
    expect(row).to_contain_text("withdrawn")

    story.sales.app.get_by_role("navigation").get_by_role("link", name="Orders").click()
    expect(story.sales.title).to_have_text("Your session has ended")


def uninstalled_and_installed_again(story: Story) -> None:
    owner, ledger = story.owner, story.stage.ledger
    movements = ledger.count("movement")
    owner.panel_page()
    owner.page.get_by_role("button", name="Uninstall").click()
    expect(owner.page.get_by_text("not installed")).to_be_visible()
    story.finance.app.get_by_role("navigation").get_by_role("link", name="Invoices").click()
    expect(story.finance.title).to_have_text("Your session has ended")
    until(lambda: not story.stage.has_token(), "the token to be wiped")
    lines = [{"name": "Conference chair", "unit": "125.50", "quantity": 2}]
    meanwhile = story.stage.store.call("POST", "/orders", {"customer_id": 1, "lines": lines, "paid": "check"})["id"]

    owner.page.get_by_role("link", name="Install as").click()
    owner.title.wait_for()
    owner.go_to("Invoices")
    expect(owner.row(OLDER)).to_be_visible()
    owner.go_to("Orders")
    owner.reload_until(owner.order_row(meanwhile))
    assert story.stage.has_token()
    assert ledger.count("movement") == movements
