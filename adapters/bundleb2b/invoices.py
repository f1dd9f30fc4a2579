"""B2B Edition's own invoices: whether they are switched on, and what is still owed on them (R-24).

`GET /ip/config` and `GET /ip/invoices`; amounts are text with four decimals, dates unix seconds.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import structlog

from adapters.bundleb2b.client import B2BClient
from domain.errors import CurrencyUnknown, DirectoryUnreachable
from domain.money import Money, digits_of
from domain.ports import OtherInvoice

_log: Final = structlog.get_logger("adapters.bundleb2b")

_SWITCHES: Final = (
    ("payments", "onlinePaymentAutomaticInvoiceGeneration"),
    ("payments", "offlinePaymentAutomaticInvoiceGeneration"),
    ("isPaymentProcessingEnabled", "isEnabled"),
)


def switches_on(client: B2BClient) -> list[str]:
    """Names of the switches that are on; numbers, texts and objects of the same meaning are all published."""
    config = client.one("ip/config")
    return [name if name != "isEnabled" else part for part, name in _SWITCHES if _is_on(config.get(part), name)]


def _is_on(part: object, name: str) -> bool:
    value = part.get(name) if isinstance(part, Mapping) else part if name == "isEnabled" else None
    return str(value).strip().lower() in ("1", "true")


def open_invoices(client: B2BClient) -> Iterator[OtherInvoice]:
    """Open and partially paid ones with something to pay; by number, so that none shifts off a page meanwhile."""
    for status in ("0", "1"):
        for row in client.all("ip/invoices", {"status": status, "sortBy": "invoiceNumber", "orderBy": "ASC"}):
            found = _read(row)
            if found.balance.minor > 0:
                yield found


def _read(row: Mapping[str, Any]) -> OtherInvoice:
    try:
        order = str(row.get("orderNumber") or "")
        return OtherInvoice(
            id=int(row["id"]),
            number=str(row["invoiceNumber"]),
            company_id=int(row["customerId"]),
            total=_money(row["originalBalance"]),
            balance=_money(row["openBalance"]),
            issued_at=_instant(row.get("issuedAt") or row.get("createdAt") or _order_date(row)),
            due_at=_instant(row["dueDate"]) if row.get("dueDate") else None,
            order_id=int(order) if order.isascii() and order.isdigit() and len(order) < 16 else None,
            po_number=str(row.get("purchaseOrderNumber") or ""),
        )
    except (KeyError, ValueError, TypeError, AttributeError, InvalidOperation, CurrencyUnknown) as problem:
        _log.error("bundleb2b.unreadable", what="ip/invoices")
        raise DirectoryUnreachable("B2B Edition sent an invoice that we could not read") from problem


def _order_date(row: Mapping[str, Any]) -> Any:
    header = (row.get("details") or {}).get("header") or {}
    return header["orderDate"]


def _money(stated: Mapping[str, Any]) -> Money:
    """At the scale of ISO 4217; more decimals than that are only taken when they are zeros."""
    currency = str(stated["code"]).upper()
    minor = Decimal(str(stated["value"])).scaleb(digits_of(currency))
    if minor != minor.to_integral_value():
        raise ValueError("a broken amount")
    return Money(int(minor), currency)


def _instant(value: Any) -> datetime:
    return datetime.fromtimestamp(int(str(value)), UTC)
