"""What happens to orders: made, edited, moved to another status, archived; each change sounds its hooks.

An order document is the V2 order as served plus parts kept beside it: `basis` (what it was priced
from), `products`, `shipping_addresses`, `coupon_rows`, `tax_rows`, `fee_rows`, and `b2b` (what B2B
Edition knows: company, PO number, whether it is an invoice payment).
"""

from datetime import datetime
from typing import Any

from adapters.sandbox import hooks
from adapters.sandbox.amounts import dec, four, rfc2822
from adapters.sandbox.basket import tax_of
from adapters.sandbox.order_shape import new_head, shape_parts
from adapters.sandbox.pricing import head_fields, price
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.statuses import NAMES
from adapters.sandbox.world import Refused


def new_basis(store: Store, currency: str, lines: list[Doc], **given: Any) -> Doc:
    """What an order is priced from. Amounts are decimal text in `currency`, as the merchant enters them.

    A line: product_id (0 = custom), name, sku, type, quantity, unit, and optionally variant_id,
    taxable, options.
    """
    rate, name = tax_of(store, currency)
    basis: Doc = {
        "currency": currency,
        "inclusive": not store.mode("prices_exclude_tax"),
        "tax_rate": rate,
        "tax_name": name,
        "lines": lines,
        "shipping": "0",
        "handling": "0",
        "wrapping": "0",
        "fees": [],
        "discount": "0",
        "coupon": None,
    }
    basis.update(given)
    return basis


def create(store: Store, moment: datetime, basis: Doc, given: Doc, announce: bool = True) -> Doc:
    """A new order. `given` overrides fields of the V2 head; `addresses` and `b2b` go beside it."""
    given = dict(given)
    order_id = given.pop("id", None) or store.next_id("order", 100)
    addresses, b2b = given.pop("addresses", []), given.pop("b2b", {})
    order: Doc = {"head": new_head(store, order_id, moment, basis), "basis": basis, "b2b": b2b}
    order["addresses"] = addresses
    _number_lines(store, basis["lines"])
    for address in addresses:
        address.setdefault("id", store.next_id("order_address", 51))
    order["head"].update(given)
    _reprice(order)
    order["head"]["status"] = NAMES[order["head"]["status_id"]]
    order["head"]["custom_status"] = order["head"]["status"]
    store.put("order", order_id, order)
    if announce:
        hooks.emit(store, "store/order/created", {"type": "order", "id": order_id})
    return order


def _number_lines(store: Store, lines: list[Doc]) -> None:
    for line in lines:
        line.setdefault("id", store.next_id("order_product", 301))


def _reprice(order: Doc) -> None:
    priced = price(order["basis"])
    order["head"].update(head_fields(order["basis"], priced))
    order["head"]["items_total"] = sum(line["quantity"] for line in order["basis"]["lines"])
    shape_parts(order, priced)


def save(store: Store, order: Doc, moment: datetime, announce: bool = True) -> None:
    """Write a changed order; `store/order/updated` fires on any change."""
    order["head"]["date_modified"] = rfc2822(moment)
    store.put("order", order["head"]["id"], order)
    if announce:
        hooks.emit(store, "store/order/updated", {"type": "order", "id": order["head"]["id"]})


def set_status(store: Store, order: Doc, status_id: int, moment: datetime) -> None:
    """Move to another status; a move to the same one says nothing."""
    if status_id not in range(len(NAMES)):
        raise Refused(400, "The field 'status_id' is invalid.")
    before = order["head"]["status_id"]
    order["head"]["status_id"] = status_id
    order["head"]["status"] = order["head"]["custom_status"] = NAMES[status_id]
    save(store, order, moment)
    if before != status_id:
        change = {"previous_status_id": before, "new_status_id": status_id}
        data = {"type": "order", "id": order["head"]["id"], "status": change}
        hooks.emit(store, "store/order/statusUpdated", data)


def archive(store: Store, order: Doc, moment: datetime) -> None:
    """Delete as the platform does: the order stays readable by id with `is_deleted`."""
    order["head"]["is_deleted"] = True
    save(store, order, moment, announce=False)
    hooks.emit(store, "store/order/archived", {"type": "order", "id": order["head"]["id"]})


def edit(store: Store, order: Doc, changes: Doc, moment: datetime) -> None:
    """Change quantities or prices, add or remove lines, change charges; wipes the discounts of changed lines.

    `changes`: `lines` = [{id, quantity?, unit?} | new line without id], `shipping`, `handling`,
    `po_number`, `staff_notes`, `billing_address`, `customer_message`, `customer_id`.
    """
    basis = order["basis"]
    touched = _edit_lines(store, basis, changes.get("lines", []))
    for name in ("shipping", "handling", "wrapping", "discount"):
        if name in changes:
            basis[name] = str(changes[name])
            touched = True
    if touched:
        _reprice(order)
    for name in ("staff_notes", "customer_message", "customer_id", "external_order_id"):
        if name in changes:
            order["head"][name] = changes[name]
    order["head"]["billing_address"].update(changes.get("billing_address", {}))
    if "po_number" in changes:
        order["b2b"]["po_number"] = changes["po_number"]
    save(store, order, moment)


def _edit_lines(store: Store, basis: Doc, edits: list[Doc]) -> bool:
    by_id = {line["id"]: line for line in basis["lines"]}
    for change in edits:
        line = by_id.get(change.get("id"))
        if line is None:
            basis["lines"].append(dict(change))
        else:
            line.update(change)
            # The platform's PUT forgets reductions on lines it touches.
            basis["discount"], basis["coupon"] = "0", None
    basis["lines"] = [line for line in basis["lines"] if line["quantity"] > 0]
    _number_lines(store, basis["lines"])
    return bool(edits)


def note_refund(order: Doc, items: list[Doc]) -> None:
    """Count refunded quantities on the lines; `refunded_amount` stays 0, as documented."""
    by_id = {line["id"]: line for line in order["basis"]["lines"]}
    for item in items:
        line = by_id.get(item["item_id"]) if item["item_type"] == "PRODUCT" else None
        if line is not None:
            line["refunded"] = line.get("refunded", 0) + item["quantity"]
            spent = dec(line.get("refund_amount", "0")) + dec(item["requested_amount"] or 0)
            line["refund_amount"] = four(spent)
    _reprice(order)
