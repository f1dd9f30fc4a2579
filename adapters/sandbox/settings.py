"""How one sandbox process is set up."""

from dataclasses import dataclass
from pathlib import Path

NORTH = "sbxnorth"
SOUTH = "sbxsouth"

# The scopes the app is registered with in our make-believe developer portal; the B2B
# Edition scope's real parameter name is in no public table, so any name with "b2b" in it counts.
APP_SCOPES = (
    "store_v2_default",
    "store_v2_products",
    "store_v2_orders",
    "store_cart",
    "store_checkout",
    "store_v2_content",
    "store_content_checkout",
    "store_v2_information_read_only",
    "store_v2_customers_read_only",
    "store_v2_transactions_read_only",
    "store_channel_settings_read_only",
    "store_sites_read_only",
    "store_payments_methods_read",
    "store_b2b_edition",
)


@dataclass(frozen=True)
class SandboxSettings:
    """One process, three loopback ports, one data file.

    `retry_scale` multiplies the seconds of the webhook retry ladder (1.0 = as documented,
    0.001 = a minute becomes 60 ms). `mail_folder` is where `*.eml` files shown on /inbox lie.
    `seed_day` (ISO date) fixes "today" for the seed; empty means the day of the first start.
    """

    data_file: Path
    main_port: int
    north_port: int
    south_port: int
    app_url: str
    client_id: str
    client_secret: str
    mail_folder: Path | None = None
    deliver_hooks: bool = True
    retry_scale: float = 1.0
    hook_timeout: float = 10.0
    seed_day: str = ""
    host: str = "127.0.0.1"
    app_scopes: tuple[str, ...] = APP_SCOPES

    @property
    def main_url(self) -> str:
        """Base address of the API, the control panel and the control endpoints."""
        return f"http://{self.host}:{self.main_port}"

    def storefront_port(self, store_hash: str) -> int:
        """The port that serves this store's shop."""
        return self.north_port if store_hash == NORTH else self.south_port

    def storefront_url(self, store_hash: str) -> str:
        """Base address of this store's shop."""
        return f"http://{self.host}:{self.storefront_port(store_hash)}"
