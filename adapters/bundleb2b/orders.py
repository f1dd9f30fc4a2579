"""What B2B Edition adds to orders: the company that ordered, the PO number, whether it is an invoice payment (R-8)."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from adapters.bundleb2b.client import B2BClient, Missing
from adapters.bundleb2b.shapes import OrderShape, read
from domain.ports import OrderRecord


def records_since(client: B2BClient, since: datetime) -> Iterator[OrderRecord]:
    """Changed since; `is_invoice_order` is not told by lists and stays False. In the order they were made, so that
    one that changes meanwhile shifts nobody off a page."""
    query = {"minModified": str(int(since.timestamp())), "sortBy": "createdAt", "orderBy": "ASC"}
    for row in client.all("orders", query):
        yield _record(row)


def record(client: B2BClient, order_id: int) -> OrderRecord | None:
    try:
        return _record(client.one(f"orders/{int(order_id)}"))
    except Missing:
        return None


def _record(row: Mapping[str, object]) -> OrderRecord:
    found = read(OrderShape, row, "an order record")
    return OrderRecord(found.bcOrderId, found.companyId, found.poNumber, bool(found.isInvoiceOrder))
