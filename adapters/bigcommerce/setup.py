"""What the portal needs in a store: its profile read, and hooks, script, page and payment product made or mended."""

import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

import structlog

from adapters.bigcommerce.client import StoreClient
from adapters.bigcommerce.content import ensure_page, ensure_script
from adapters.bigcommerce.hooks import ensure_hooks
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.payment_product import ensure_payment_product
from adapters.bigcommerce.reading import read
from adapters.bigcommerce.setup_shapes import (
    ChannelShape,
    ClockShape,
    CurrencyShape,
    GatewayShape,
    SiteShape,
    StoreShape,
)
from domain.errors import ScopeMissing
from domain.money import ISO_DIGITS
from domain.ports import OfferedMethod, PaymentProduct, ScriptFile
from domain.store import Profile

_log: Final = structlog.get_logger("adapters.bigcommerce")


class BigCommerceSetup:
    """The domain's StoreSetup."""

    def __init__(self, client: StoreClient) -> None:
        self._client = client

    def profile(self) -> Profile:
        """Without the channel scopes it is the profile of a store with one storefront."""
        store = self._store()
        channels = self._channels(store)
        sites = self._sites()
        urls = [store.secure_url]
        for site in sites:
            if site.channel_id in channels:
                urls += [site.url, *(one.url for one in site.urls)]
        return Profile(
            name=store.name,
            time_zone=_time_zone(store.timezone.name),
            currency=store.currency,
            domain=store.domain,
            storefront_origins=_origins(urls),
            control_panel_url=store.control_panel_base_url,
            transactional_currencies=self._currencies(store),
            channel_ids=channels,
            checkout_type=store.features.checkout_type or "optimized",
        )

    def gateways(self) -> list[OfferedMethod]:
        """Unlike the methods of a checkout this list names those that only promise money too."""
        rows = [
            read(GatewayShape, row, "a payment method") for row in self._client.v2_page(path("payments", "methods"))
        ]
        return [OfferedMethod(row.code, row.name or row.code, row.test_mode) for row in rows]

    def clock(self) -> datetime:
        found = read(ClockShape, self._client.v2_one(path("time")), "the time")
        return datetime.fromtimestamp(found.time, UTC)

    def mails(self) -> Mapping[str, bool]:
        found = self._client.one(path("settings", "email-statuses"))
        return {name: value for name, value in found.items() if isinstance(value, bool)}

    def ensure_hooks(self, destination: str, secret: str) -> list[str]:
        return ensure_hooks(self._client, destination, secret)

    def ensure_script(self, script: ScriptFile) -> list[str]:
        return ensure_script(self._client, self._channels(self._store()), script)

    def ensure_page(self) -> list[str]:
        return ensure_page(self._client, self._channels(self._store()))

    def ensure_payment_product(self) -> tuple[PaymentProduct, list[str]]:
        return ensure_payment_product(self._client, self._channels(self._store()))

    # --- reading ------------------------------------------------------------------------------------------
    def _store(self) -> StoreShape:
        return read(StoreShape, self._client.v2_one(path("store")), "a store profile")

    def _channels(self, store: StoreShape) -> tuple[int, ...]:
        try:
            found = [read(ChannelShape, row, "a channel") for row in self._client.all(path("channels"))]
        except ScopeMissing:
            found = []
        ids = [channel.id for channel in found if channel.is_storefront]
        return tuple(sorted(ids)) or (store.default_channel_id or 1,)

    def _sites(self) -> list[SiteShape]:
        try:
            return [read(SiteShape, row, "a site") for row in self._client.all(path("sites"))]
        except ScopeMissing:
            return []

    def _currencies(self, store: StoreShape) -> tuple[str, ...]:
        """Those that can be charged and that ISO 4217 knows; the store's own first."""
        rows = [read(CurrencyShape, row, "a currency") for row in self._client.v2_all(path("currencies"))]
        codes = [store.currency, *sorted(row.currency_code for row in rows if row.is_transactional)]
        return tuple(code for code in dict.fromkeys(codes) if code in ISO_DIGITS)


def _time_zone(name: str) -> str:
    """The IANA name; UTC for one that this system does not know, so that days can always be told."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        _log.warning("bigcommerce.time_zone_unknown", name=name[:40])
        return "UTC"
    return name


def _origins(urls: Iterable[str]) -> tuple[str, ...]:
    """Scheme, host and port as browsers write them; the only ones that may ask for buyers' data (T-14)."""
    found = []
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            default = {"http": 80, "https": 443}[parts.scheme]
            port = f":{parts.port}" if parts.port not in (None, default) else ""
            found.append(f"{parts.scheme}://{parts.hostname}{port}")
    return tuple(dict.fromkeys(found))
