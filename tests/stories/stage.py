"""The running portal with a browser: every story plays here, and its pictures are taken here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, BrowserContext

from adapters.dev.launcher import temporary_data_dir
from admin_app.demo.ledger import Ledger
from admin_app.demo.visitors import Erp, Store, new_key
from admin_app.local import Local, everything

DESKTOP, PHONE = (1280, 900), (390, 844)
PATIENCE_MS = 20_000


@dataclass(frozen=True)
class Stage:
    """`hash` names the store the stories play in; the other one is there to stay untouched."""

    local: Local
    browser: Browser
    hash: str = "sbxnorth"

    @property
    def ledger(self) -> Ledger:
        """The second door: the books as the database holds them."""
        return Ledger(self.local, self.hash)

    @property
    def store(self) -> Store:
        """The make-believe BigCommerce, for what no person does by hand."""
        return Store(self.local, self.hash)

    @property
    def shop_url(self) -> str:
        return self.local.storefront_urls[self.hash]

    def new_erp(self) -> Erp:
        """An ERP with a key made as an operator makes it."""
        return Erp(self.local, new_key(self.local, self.hash, "Story"))

    def has_token(self) -> bool:
        """Whether a BigCommerce access token rests in our database."""
        return bool(self.ledger.rows("SELECT 1 FROM secret WHERE store_id = %s AND name = 'access_token'"))

    def window(self, size: tuple[int, int] = DESKTOP, scripts: bool = True) -> BrowserContext:
        """A browser profile of its own, as another person at another machine."""
        width, height = size
        made = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="en-US", java_script_enabled=scripts
        )
        made.set_default_timeout(PATIENCE_MS)
        return made


@contextmanager
def set_up(browser: Browser) -> Iterator[Stage]:
    """Everything on free ports with data that is deleted afterwards."""
    with temporary_data_dir() as folder, everything(folder, sweep_seconds=2.0) as local:
        yield Stage(local, browser)


def day_from_now(days: int) -> str:
    """In ISO form, in UTC."""
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
