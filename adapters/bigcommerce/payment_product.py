"""The hidden digital product that pays invoices: the cart sets its price, nothing is shipped or taxed (R-17)."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import structlog

from adapters.bigcommerce.client import Doc, StoreClient
from adapters.bigcommerce.errors import Rejected
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.reading import read
from adapters.bigcommerce.setup_shapes import (
    AssignmentShape,
    GroupShape,
    ModifierShape,
    ProductShape,
    TaxClassShape,
)
from domain.errors import NotFound, ScopeMissing
from domain.payment_attempt import SKU
from domain.ports import PaymentProduct

_log: Final = structlog.get_logger("adapters.bigcommerce")

NAME: Final = "Invoice payment"
OPTION: Final = "Invoice"
_NOT_TAXED: Final = re.compile(r"non.?tax|tax.?free|tax.?exempt|not.taxed", re.IGNORECASE)
_NO_TAX_CODE: Final = "NT"
"""What the common tax services call not taxable; stores without such a service ignore it."""


def ensure_payment_product(client: StoreClient, channels: Sequence[int]) -> tuple[PaymentProduct, list[str]]:
    """Looks for the SKU first; makes the product, its text option and its channels, or mends them."""
    done: list[str] = []
    found = _find(client)
    wanted = _wanted(client)
    if found is None:
        body = {"name": NAME, "sku": SKU, "price": 0, "weight": 0, **wanted}
        found = read(ProductShape, client.post(path("catalog", "products"), body), "the payment product")
        done.append("payment product")
    else:
        wrong = {name: value for name, value in wanted.items() if not _holds(found, name, value)}
        if wrong:
            client.put(path("catalog", "products", found.id), wrong)
            done.append(f"payment product mended: {', '.join(sorted(wrong))}")
    option = _ensure_option(client, found.id, done)
    _ensure_channels(client, found.id, channels, done)
    return PaymentProduct(found.id, option, found.base_variant_id), done


def _find(client: StoreClient) -> ProductShape | None:
    rows = client.all(path("catalog", "products"), {"sku": SKU})
    found = [read(ProductShape, row, "the payment product") for row in rows]
    return next((one for one in found if one.sku == SKU), None)


def _wanted(client: StoreClient) -> Doc:
    """What the product must be. Tax class and category only where the store has one that fits."""
    wanted: Doc = {
        "type": "digital",
        "is_visible": False,
        "availability": "available",
        "inventory_tracking": "none",
        "product_tax_code": _NO_TAX_CODE,
    }
    tax_class = _untaxed_class(client)
    if tax_class is not None:
        wanted["tax_class_id"] = tax_class
    category = _open_category(client)
    if category is not None:
        wanted["categories"] = [category]
    return wanted


def _holds(found: ProductShape, name: str, value: Any) -> bool:
    """Further categories that a merchant added do no harm."""
    if name == "categories":
        return set(value) <= set(found.categories)
    return bool(getattr(found, name) == value)


def _untaxed_class(client: StoreClient) -> int | None:
    rows = _readable(lambda: list(client.v2_all(path("tax_classes"))))
    classes = [read(TaxClassShape, row, "a tax class") for row in rows]
    return next((one.id for one in classes if _NOT_TAXED.search(one.name)), None)


def _open_category(client: StoreClient) -> int | None:
    """Customer groups may be limited to categories: one that all limited groups may see. None when no group is
    limited, or they have none in common; then the merchant must open one to them."""
    rows = _readable(lambda: list(client.v2_all(path("customer_groups"))))
    groups = [read(GroupShape, row, "a customer group") for row in rows]
    limited = [set(group.category_access.categories) for group in groups if group.category_access.type == "specific"]
    common = set.intersection(*limited) if limited else set()
    if limited and not common:
        _log.warning("bigcommerce.no_open_category", groups=len(limited))
    return min(common) if common else None


def _readable(rows: Callable[[], list[Any]]) -> list[Any]:
    """Settings that only make the product fit better: a store that does not show them goes without."""
    try:
        return rows()
    except (ScopeMissing, NotFound, Rejected):
        return []


def _ensure_option(client: StoreClient, product_id: int, done: list[str]) -> int:
    """A required text: it keeps lines of one product apart and the product out of quick-add buttons."""
    where = path("catalog", "products", product_id, "modifiers")
    there = [read(ModifierShape, row, "an option") for row in client.all(where)]
    found = next((one for one in there if one.type == "text" and one.required), None)
    if found is None:
        body = {"type": "text", "required": True, "display_name": OPTION, "sort_order": 0, "config": {}}
        found = read(ModifierShape, client.post(where, body), "an option")
        done.append("payment product's text option")
    return found.id


def _ensure_channels(client: StoreClient, product_id: int, channels: Iterable[int], done: list[str]) -> None:
    where = path("catalog", "products", "channel-assignments")
    rows = client.all(where, {"product_id:in": str(product_id)})
    found = [read(AssignmentShape, row, "a channel assignment") for row in rows]
    there = {row.channel_id for row in found if row.product_id == product_id}
    missing = [{"product_id": product_id, "channel_id": channel} for channel in channels if channel not in there]
    if missing:
        client.put(where, missing)
        done.append("payment product on " + ", ".join(f"channel {row['channel_id']}" for row in missing))
