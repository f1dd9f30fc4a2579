"""Our mark on an order that is an invoice payment, for everybody who reads the store's orders (R-23)."""

from collections.abc import Mapping
from typing import Final

from adapters.bigcommerce.client import StoreClient
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.reading import Shape, Text, read

NAMESPACE: Final = "invoice_portal"
B2B_KEY: Final = "orderType"
B2B_PAYMENT: Final = "invoice payment"
_PERMISSION: Final = "read"
_LONGEST_NOTES: Final = 65_535


class _MetafieldShape(Shape):
    id: int
    namespace: Text
    key: Text
    value: Text
    permission_set: Text = ""


class _OwnedShape(Shape):
    resource_id: int
    value: Text


class _NotesShape(Shape):
    staff_notes: Text = ""


def invoice_payments(client: StoreClient) -> set[int]:
    """Orders that B2B Edition's own portal marked as payments of its invoices (bundleb2b.md section 7)."""
    rows = (read(_OwnedShape, row, "a metafield") for row in client.all("orders/metafields", {"key": B2B_KEY}))
    return {row.resource_id for row in rows if row.value == B2B_PAYMENT}


def mark(client: StoreClient, order_id: int, metafields: Mapping[str, str], staff_note: str) -> None:
    """Writes what is not there yet, so it can be repeated; what staff wrote into the notes stays."""
    where = path("orders", order_id, "metafields")
    rows = [read(_MetafieldShape, row, "a metafield") for row in client.all(where, {"namespace": NAMESPACE})]
    found = {row.key: row for row in rows if row.namespace == NAMESPACE}
    for key, value in metafields.items():
        body = {"permission_set": _PERMISSION, "namespace": NAMESPACE, "key": key, "value": value}
        there = found.get(key)
        if there is None:
            client.post(where, body)
        elif (there.value, there.permission_set) != (value, _PERMISSION):
            client.put(f"{where}/{there.id}", body)
    _note(client, order_id, staff_note)


def _note(client: StoreClient, order_id: int, note: str) -> None:
    where = path("orders", order_id)
    notes = read(_NotesShape, client.v2_one(where), f"order {order_id}").staff_notes
    longer = f"{notes}\n{note}" if notes else note
    # Full notes are left as they are: the metafields say the same.
    if note and note not in notes and len(longer) <= _LONGEST_NOTES:
        client.v2_put(where, {"staff_notes": longer})
