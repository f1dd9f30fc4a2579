"""Who plays in the stories. They see what is on the screen and press what is there; nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, FrameLocator, Locator, Page, expect

from tests.stories.stage import Stage

CARD_APPROVED, CARD_DECLINED, CARD_AUTHORISED = "4111 1111 1111 1111", "4000 0000 0000 0002", "4000 0000 0000 0077"


class Person:
    """Somebody at a machine of their own. `troubles` are errors the pages logged or threw, but for failed loads."""

    def __init__(self, stage: Stage, window: BrowserContext) -> None:
        self.stage = stage
        self.window = window
        self.troubles: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """One more tab of the same browser."""
        page = self.window.new_page()
        page.on("console", self._listen)
        page.on("pageerror", self._caught)
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    def _caught(self, error: Error) -> None:
        self.troubles.append(str(error))

    def sight(self) -> str:
        """What is on the screen, in words."""
        lines = [f"--- {type(self).__name__} at {self.page.url} {self.troubles or ''}"]
        for frame in self.page.frames:
            lines.append(frame.locator("body").inner_text(timeout=1000))
        return "\n".join(lines)


class Seller(Person):
    """A control-panel user, by number (1 is the owner)."""

    def __init__(self, stage: Stage, user_id: int, window: BrowserContext) -> None:
        super().__init__(stage, window)
        self.user_id = user_id

    @property
    def app(self) -> FrameLocator:
        """What is inside the control panel's frame."""
        return self.page.frame_locator("#app-frame")

    def open_app(self) -> None:
        """Opens Invoice Portal from the control panel; waits until the frame shows a page."""
        self.page.goto(self.stage.local.control_panel(self.stage.hash, self.user_id))
        self.title.wait_for()

    @property
    def title(self) -> Locator:
        return self.app.get_by_role("heading", level=1)

    def go_to(self, tab: str) -> None:
        """Presses a tab of the app."""
        link = self.app.get_by_role("navigation", name="Invoice Portal").get_by_role("link", name=tab, exact=True)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")

    def press(self, button: str) -> None:
        """Presses a button or link that begins with these words."""
        self.control(button).click()

    def control(self, name: str) -> Locator:
        named = re.compile(f"^{re.escape(name)}")
        return self.app.get_by_role("button", name=named).or_(self.app.get_by_role("link", name=named)).first

    def row(self, words: str) -> Locator:
        """The row of a table with these words in it."""
        return self.app.get_by_role("row").filter(has_text=words)

    def order_row(self, order_id: int) -> Locator:
        """The row of an order on the order dashboard; its number may occur in others, such as in a PO number."""
        return self.app.get_by_role("row").filter(has=self.page.get_by_role("link", name=re.compile(rf"^{order_id}\b")))

    def reload_until(self, what: Locator) -> None:
        """Reads the page again until it shows what a webhook brings, as an impatient person would."""
        for _ in range(40):
            if what.is_visible():
                return
            self.page.wait_for_timeout(500)
            self.frame_reload()
        expect(what).to_be_visible()

    def frame_reload(self) -> None:
        """Reload in the frame's context menu."""
        frame = self.page.frame("app-frame")
        assert frame is not None
        frame.goto(frame.url)

    def frame_goto(self, path: str) -> None:
        """An address of the app, as if a link of it were pressed."""
        frame = self.page.frame("app-frame")
        assert frame is not None
        frame.goto(self.stage.local.web_url + path)
        self.title.wait_for()

    def panel_page(self, path: str = "") -> None:
        """A page of the control panel outside the app, such as an order's."""
        self.page.goto(f"{self.stage.local.sandbox_url}/cp/{self.stage.hash}{path}")


class Buyer(Person):
    """A shopper of a company, by customer number and e-mail address."""

    def __init__(self, stage: Stage, email: str, window: BrowserContext) -> None:
        super().__init__(stage, window)
        self.email = email

    def sign_in(self, first: str = "/login.php") -> None:
        """By the shop's form; from the invoices page, by the button there."""
        self.page.goto(self.stage.shop_url + first)
        if first != "/login.php":
            self.page.locator("#main-content").get_by_role("link", name="Sign in").click()
        self.page.get_by_label("Email address").fill(self.email)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()

    def open_invoices(self) -> None:
        self.page.goto(f"{self.stage.shop_url}/invoices/")
        self.page.get_by_role("table").first.wait_for()

    def row(self, number: str) -> Locator:
        """An invoice in the list."""
        return self.page.get_by_role("row").filter(has=self.page.get_by_role("link", name=number, exact=True))

    def pick(self, number: str, amount: str = "") -> None:
        """Ticks an invoice, and types an amount where it is not the whole balance."""
        self.page.get_by_label(f"Pay {number}", exact=True).check()
        if amount:
            self.page.get_by_label(f"Amount to pay for {number}").fill(amount)

    def start_payment(self) -> None:
        """Presses Pay; waits for the panel on the checkout page."""
        self.page.get_by_role("button", name=re.compile("^Pay ")).click()
        self.page.wait_for_url("**/checkout")
        self.page.get_by_role("region", name=re.compile("^You are paying")).wait_for()
        self.page.locator("#ccNumber, #checkout-billing-continue").first.wait_for()
        if self.page.locator("#checkout-billing-continue").is_visible():
            # Only where no chosen invoice states an address.
            self.page.locator("#checkout-billing-continue").click()

    def pay_by_card(self, number: str) -> None:
        for field, value in (
            ("ccNumber", number),
            ("ccExpiry", "12/31"),
            ("ccName", "Dana Whitlock"),
            ("ccCvv", "123"),
        ):
            self.page.locator(f"#{field}").fill(value)
        self.page.locator("#checkout-payment-continue").click()

    def order(self, product: str, quantity: int) -> int:
        """Orders goods on account, through the shop's own checkout; the order's number."""
        page = self.page
        page.goto(self.stage.shop_url + "/")
        page.get_by_role("link", name=product, exact=True).click()
        page.get_by_label("Quantity").fill(str(quantity))
        page.get_by_role("button", name="Buy now").click()
        page.get_by_role("button", name="See shipping methods").click()
        page.locator("#checkout-shipping-options").wait_for()
        page.locator("#checkout-shipping-continue").click()
        page.get_by_label("Check", exact=True).check()
        page.locator("#checkout-payment-continue").click()
        page.wait_for_url("**/checkout/order-confirmation")
        number = page.locator("[data-test='order-confirmation-order-number-text'] strong")
        return int(number.inner_text())


@contextmanager
def at_work(*people: Person) -> Iterator[None]:
    """Closes everybody's browser at the end. A failure tells what each of them saw; without one nobody may have met
    an error on a page."""
    try:
        yield
    except Exception as failure:
        for one in people:
            failure.add_note(one.sight())
        raise
    finally:
        for one in people:
            one.window.close()
    for one in people:
        assert one.troubles == []
