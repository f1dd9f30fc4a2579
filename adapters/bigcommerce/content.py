"""What shoppers' browsers load: our one script per channel and the page `/invoices/`."""

from collections.abc import Iterable
from typing import Final

from adapters.bigcommerce.client import Doc, StoreClient
from adapters.bigcommerce.errors import Rejected
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.reading import read
from adapters.bigcommerce.setup_shapes import PageShape, ScriptShape
from domain.ports import ScriptFile

SCRIPT_NAME: Final = "Invoice Portal"
PAGE_URL: Final = "/invoices/"
_PAGE_NAMES: Final = ("Invoices", "Company invoices")
"""Names of pages are unique in a store: the first that is free."""

PAGE_BODY: Final = '<div id="invoice-portal"></div>'
_MOST_HASHES: Final = 5


def ensure_script(client: StoreClient, channels: Iterable[int], script: ScriptFile) -> list[str]:
    """One combined script per channel: an app may have ten in all. Switching to a new file takes two steps, since a
    hash that does not match silently stops the script: first both hashes with the old file, then the new file."""
    where = path("content", "scripts")
    there = [read(ScriptShape, row, "a script") for row in client.all(where)]
    done = []
    for channel in channels:
        ours = [one for one in there if one.name == SCRIPT_NAME and (one.channel_id or 1) == channel]
        found = ours[0] if ours else None
        for double in ours[1:]:
            client.delete(path("content", "scripts", double.uuid))
            done.append(f"second script on channel {channel} removed")
        if found is None:
            client.post(where, _script(_address(script, channel), (script.integrity,), channel))
            done.append(f"script on channel {channel}")
        elif not _is_right(found, script):
            address = path("content", "scripts", found.uuid)
            hashes = _with(script.integrity, found.integrity_hashes)
            if found.src and found.src != _address(script, channel) and found.integrity_hashes:
                client.put(address, _script(found.src, hashes, channel))
            client.put(address, _script(_address(script, channel), hashes, channel))
            done.append(f"script on channel {channel} mended")
    return done


def _address(script: ScriptFile, channel: int) -> str:
    """The script learns its channel from its own address; the bytes behind it are the same."""
    return f"{script.url}?channel_id={channel}"


def _script(url: str, hashes: tuple[str, ...], channel: int) -> Doc:
    """`essential`, or it would not load where shoppers have not consented to more."""
    return {
        "name": SCRIPT_NAME,
        "description": "Shows company buyers their invoices and lets them pay.",
        "kind": "src",
        "src": url,
        "integrity_hashes": list(hashes),
        "load_method": "defer",
        "location": "footer",
        "visibility": "all_pages",
        "consent_category": "essential",
        "auto_uninstall": True,
        "enabled": True,
        "channel_id": channel,
    }


def _is_right(found: ScriptShape, script: ScriptFile) -> bool:
    wanted = _script(_address(script, found.channel_id or 1), (), found.channel_id or 1)
    fields = ("kind", "src", "load_method", "location", "visibility", "consent_category", "auto_uninstall", "enabled")
    same = all(getattr(found, field) == wanted[field] for field in fields)
    return same and script.integrity in found.integrity_hashes


def _with(integrity: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """The new hash first, then the latest earlier ones: pages already on their way still name them."""
    return (integrity, *(one for one in before if one != integrity))[:_MOST_HASHES]


def ensure_page(client: StoreClient, channels: Iterable[int]) -> list[str]:
    """Open to everybody: a signed-out buyer is shown the way to sign in. What a merchant wrote around our element
    stays. By BigCommerce's specification an invisible page is not available to anybody, so it must be visible."""
    where = path("content", "pages")
    done = []
    for channel in channels:
        query = {"include": "body", "channel_id": str(channel)}
        rows = [read(PageShape, row, "a page") for row in client.all(where, query)]
        found = next((one for one in rows if _same_address(one.url) and one.channel_id in (0, channel)), None)
        if found is None:
            _make_page(client, channel)
            done.append(f"page {PAGE_URL} on channel {channel}")
        elif 'id="invoice-portal"' not in found.body or not found.is_visible:
            body = found.body if 'id="invoice-portal"' in found.body else f"{found.body}{PAGE_BODY}"
            client.put(path("content", "pages", found.id), {"body": body, "is_visible": True})
            done.append(f"page {PAGE_URL} on channel {channel} mended")
    return done


def _make_page(client: StoreClient, channel: int) -> None:
    *names, last = _PAGE_NAMES
    for name in names:
        try:
            client.post(path("content", "pages"), _page(channel, name))
        except Rejected:
            continue
        return
    client.post(path("content", "pages"), _page(channel, last))


def _page(channel: int, name: str) -> Doc:
    return {
        "channel_id": channel,
        "name": name,
        "type": "page",
        "url": PAGE_URL,
        "body": PAGE_BODY,
        "is_visible": True,
        "is_homepage": False,
        "is_customers_only": False,
        "meta_title": "Invoices",
        "search_keywords": "",
    }


def _same_address(url: str) -> bool:
    return url.strip("/").lower() == PAGE_URL.strip("/")
