"""The pictures of docs/pictures, taken anew: `python -m tests.stories.pictures [folder]`.

Each screen of the story at a desktop's and a phone's width, with the trade of `make run` and a few documents of an ERP.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from admin_app.demo.trade import FINANCE, OWNER, open_shops
from tests.browser import a_browser
from tests.stories.people import CARD_APPROVED, Buyer, Seller
from tests.stories.stage import DESKTOP, PHONE, Stage, set_up

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
TALLEST = {DESKTOP: 1000, PHONE: 1300}
"""Where a long page is cut off."""

LISTS = {"orders": "/orders", "invoices": "/invoices", "payments": "/payments", "companies": "/companies"}

SCREENS = {
    "overview": "/",
    "invoice-new": "/invoices/new",
    "invoice-numbers": "/invoices/numbers",
    "companies": "/companies",
    "credit-memos": "/credit-memos",
    "credit-memo-new": "/credit-memos/new",
    "exports": "/exports",
    "reviews": "/reviews",
    "audit-log": "/audit",
    "users": "/users",
    "roles": "/roles",
    "api-keys": "/settings/keys",
    "settings": "/settings/general",
    "settings-invoices": "/settings/invoices",
    "settings-look": "/settings/look",
    "settings-bank": "/settings/bank",
    "settings-methods": "/settings/methods",
    "settings-emails": "/settings/emails",
    "settings-opening": "/settings/opening",
    "settings-health": "/settings/health",
    "not-found": "/invoices/none",
}
"""Screens of the owner that are reached by an address."""

OF_ONE = {
    "invoice-edit": ("/invoices?status=unpaid", "/edit"),
    "invoice-void": ("/invoices?status=unpaid", "/void"),
    "invoice-as-buyer": ("/invoices", "/as-buyer"),
    "invoice-print": ("/invoices", "/print"),
    "company": ("/companies?sort=-overdue", ""),
    "company-terms": ("/companies?sort=-overdue", "/edit"),
    "payment": ("/payments", ""),
    "payment-reverse": ("/payments?method=check", "/reverse"),
}
"""Screens of the first document of a list."""


def main(folder: Path) -> None:
    with a_browser() as browser, set_up(browser) as stage:
        take_onboarding(stage, folder)
        take_lists_before_trade(stage, folder)
        open_shops(stage.local, lambda words: print(words, flush=True))
        for size in (DESKTOP, PHONE):
            take_seller(stage, folder, size)
            take_buyer(stage, folder, size)
    taken = sorted(folder.glob("*.png"))
    print(f"{len(taken)} pictures, {sum(one.stat().st_size for one in taken) // 1024} KiB")


REDRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 150))))"
"""A frame within takes its new height after the page around it."""


class Camera:
    """Takes one person's page at its own height. A page inside the control panel's frame stretches the frame."""

    def __init__(self, folder: Path, size: tuple[int, int], page: Page) -> None:
        self.folder, self.size, self.page = folder, size, page

    def take(self, name: str) -> None:
        width, height = self.size
        self.page.wait_for_load_state("networkidle")
        chrome = self.page.locator("#app-frame")
        inner = self.page.frame("app-frame") if chrome.count() else None
        whole = "document.documentElement.scrollHeight"
        tall = inner.evaluate(whole) + chrome.bounding_box()["y"] if inner else self.page.evaluate(whole)
        self.page.set_viewport_size({"width": width, "height": int(max(height, min(tall, TALLEST[self.size])))})
        self.page.evaluate("scrollTo(0, 0)")
        self.page.evaluate(REDRAWN)
        self.page.screenshot(path=self.folder / f"{name}-{width}.png", animations="disabled", caret="hide")
        self.page.set_viewport_size({"width": width, "height": height})


def take_onboarding(stage: Stage, folder: Path) -> None:
    """While opening mode lasts: the store is connected, nothing is invoiced yet."""
    for size in (DESKTOP, PHONE):
        owner = Seller(stage, OWNER, stage.window(size))
        owner.open_app()
        expect(owner.app.get_by_text("4 of 5 steps done")).to_be_visible(timeout=90_000)
        owner.open_app()
        Camera(folder, size, owner.page).take("onboarding")
        owner.window.close()


def take_lists_before_trade(stage: Stage, folder: Path) -> None:
    """What a list says that was never filled."""
    for size in (DESKTOP, PHONE):
        owner = Seller(stage, OWNER, stage.window(size))
        owner.open_app()
        for name in ("invoices", "payments"):
            owner.frame_goto(LISTS[name])
            Camera(folder, size, owner.page).take(f"{name}-first")
        owner.window.close()


def take_owner(stage: Stage, folder: Path, size: tuple[int, int]) -> None:
    """Every screen once, and the lists where nothing fits the filters."""
    owner = Seller(stage, OWNER, stage.window(size))
    camera = Camera(folder, size, owner.page)
    owner.open_app()
    for name, path in SCREENS.items():
        owner.frame_goto(path)
        camera.take(name)
    for name, path in LISTS.items():
        owner.frame_goto(f"{path}?q=nothing-of-that-name")
        camera.take(f"{name}-nothing-fits")
    for name, (path, act) in OF_ONE.items():
        owner.frame_goto(path)
        owner.frame_goto(owner.app.locator("tbody th a").first.get_attribute("href") + act)
        camera.take(name)
    owner.window.close()


def take_seller(stage: Stage, folder: Path, size: tuple[int, int]) -> None:
    take_owner(stage, folder, size)
    finance = Seller(stage, FINANCE, stage.window(size))
    camera = Camera(folder, size, finance.page)
    finance.open_app()
    finance.go_to("Orders")
    camera.take("orders")
    finance.app.get_by_role("link", name="Create invoice").first.click()
    expect(finance.title).to_have_text("Create invoice")
    camera.take("create-invoice")
    finance.go_to("Invoices")
    camera.take("invoices")
    finance.app.get_by_role("link", name="2026-0987", exact=True).click()
    expect(finance.title).to_have_text("2026-0987")
    camera.take("invoice-detail")
    finance.go_to("Payments")
    camera.take("payments")
    record_a_check(finance)
    camera.take("record-payment")
    finance.window.close()


def record_a_check(finance: Seller) -> None:
    """Filled in, not sent: two invoices and 10.00 too much."""
    finance.press("Record payment")
    finance.app.get_by_role("combobox", name="Company").select_option("Cedar Ridge Builders")
    finance.press("Show open invoices")
    finance.app.get_by_label("Amount").fill("3215")
    finance.app.get_by_label("Check number or cash payment memo").fill("Check 20077")
    finance.press("Full balance of 2026-0987")
    expect(finance.app.get_by_text("stays as credit of")).to_be_visible()
    finance.app.get_by_label("Check number or cash payment memo").blur()


def take_buyer(stage: Stage, folder: Path, size: tuple[int, int]) -> None:
    buyer = Buyer(stage, "dana@harborfinch.example", stage.window(size))
    camera = Camera(folder, size, buyer.page)
    buyer.sign_in()
    buyer.open_invoices()
    buyer.pick("2026-1001", "250.00")
    buyer.pick("2026-1002" if size == DESKTOP else "2026-1007")
    camera.take("buyer-invoices")
    buyer.start_payment()
    buyer.page.locator("#ccNumber").wait_for()
    camera.take("checkout")
    buyer.pay_by_card(CARD_APPROVED)
    expect(buyer.page.get_by_role("heading", name="was applied")).to_be_visible(timeout=60_000)
    camera.take("confirmation")
    buyer.page.get_by_role("link", name="Back to invoices").click()
    buyer.page.goto(f"{stage.shop_url}/invoices/?status=all&q=2026-1001")
    buyer.page.get_by_role("link", name="2026-1001", exact=True).click()
    expect(buyer.page.get_by_role("heading", name="Payment history")).to_be_visible()
    camera.take("buyer-detail")
    buyer.window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
