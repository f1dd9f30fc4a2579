"""What a seller does with an order's payment: capture, void, settle, refund."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from adapters.sandbox import gateway, hooks, orders
from adapters.sandbox.amounts import ZERO, dec, digits, iso, number, rounded
from adapters.sandbox.gateway import METHODS, Method
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.statuses import AWAITING_PAYMENT, CANCELLED, PARTIALLY_REFUNDED, REFUNDED
from adapters.sandbox.world import Refused

_STORE_CREDIT = Method("storecredit", "Store Credit", "storecredit", "store_credit")


def capture(store: Store, order: Doc, moment: datetime, amount: Decimal | None = None) -> Doc:
    """Take authorised money; all that is left unless an amount is given. Several captures may follow each other."""
    authorised, left = _open_authorisation(store, order)
    wanted = left if amount is None else amount
    if not ZERO < wanted <= left:
        raise Refused(422, f"Only {left} of the authorised amount is left to capture.")
    row = _follow_up(store, order, authorised, "capture", wanted, moment)
    order["head"]["payment_status"] = "captured" if wanted == left else "authorized"
    if order["head"]["status_id"] == AWAITING_PAYMENT and wanted == left:
        orders.set_status(store, order, gateway.paid_status(order), moment)
    else:
        orders.save(store, order, moment)
    return row


def void(store: Store, order: Doc, moment: datetime) -> Doc:
    """Let an authorisation go without taking money; the order is cancelled."""
    authorised, left = _open_authorisation(store, order)
    row = _follow_up(store, order, authorised, "void", left, moment)
    order["head"]["payment_status"] = "void"
    orders.set_status(store, order, CANCELLED, moment)
    return row


def settle(store: Store, order: Doc, moment: datetime, good: bool = True) -> Doc:
    """A pending bank debit arrives, or fails."""
    rows = gateway.of_order(store, order["head"]["id"])
    referred = {row.get("reference_transaction_id") for row in rows}
    waiting = [row for row in rows if row["event"] == "pending" and row["id"] not in referred]
    if not waiting:
        raise Refused(422, "The order has no pending payment.")
    more: Doc = {} if good else {"status": "error"}
    amount = dec(waiting[-1]["amount"])
    row = _follow_up(store, order, waiting[-1], "settled", amount, moment, **more)
    order["head"]["payment_status"] = "paid" if good else "declined"
    orders.set_status(store, order, gateway.paid_status(order) if good else AWAITING_PAYMENT, moment)
    return row


def _open_authorisation(store: Store, order: Doc) -> tuple[Doc, Decimal]:
    rows = gateway.of_order(store, order["head"]["id"])
    found = [row for row in rows if row["event"] == "authorization" and row["status"] == "ok"]
    if not found:
        raise Refused(422, "The order has no authorised payment.")
    used = [row for row in rows if row.get("reference_transaction_id") == found[-1]["id"]]
    left = dec(found[-1]["amount"]) - sum((dec(row["amount"]) for row in used), ZERO)
    if left <= 0 or any(row["event"] == "void" for row in used):
        raise Refused(422, "The authorised payment was already captured or voided.")
    return found[-1], left


def _follow_up(
    store: Store, order: Doc, before: Doc, event: str, amount: Decimal, moment: datetime, **more: Any
) -> Doc:
    method = next((way for way in METHODS if way.id == before["payment_method_id"]), METHODS[0])
    if "credit_card" in before:
        more["credit_card"] = before["credit_card"]
    return gateway.record(store, order, event, method, amount, moment, reference_transaction_id=before["id"], **more)


def quote(store: Store, order: Doc, items: list[Doc]) -> Doc:
    """What refunding these items would give back, and by which ways."""
    priced = [_priced_item(order, item) for item in items]
    total = sum((part["amount"] for part in priced), ZERO)
    tax = sum((part["tax"] for part in priced), ZERO)
    held = gateway.captured(gateway.of_order(store, order["head"]["id"]))
    online = min(total, held)
    ways = []
    if online > 0:
        ways.append([_way(order, "online", online)])
    if order["head"]["customer_id"]:
        ways.append([{**_way(order, "credit", total), "provider_id": "storecredit"}])
    ways.append([{**_way(order, "custom", total), "provider_id": "custom", "offline": True}])
    return {
        "order_id": order["head"]["id"],
        "total_refund_amount": number(total),
        "total_refund_tax_amount": number(tax),
        "order_level_refund_amount": number(_order_level(priced)),
        "rounding": 0,
        "adjustment": 0,
        "tax_inclusive": order["head"]["is_tax_inclusive_pricing"],
        "refund_methods": ways,
    }


def _order_level(priced: list[Doc]) -> Decimal:
    return sum((part["amount"] for part in priced if part["item_type"] == "ORDER"), ZERO)


def _way(order: Doc, kind: str, amount: Decimal) -> Doc:
    provider = order["head"]["payment_provider_id"] or "custom"
    names = {"online": order["head"]["payment_method"], "credit": "Store Credit", "custom": "Custom"}
    return {
        "provider_id": provider,
        "provider_description": names[kind],
        "amount": number(amount),
        "offline": False,
        "offline_provider": False,
        "offline_reason": "",
    }


def _priced_item(order: Doc, item: Doc) -> Doc:
    if item["item_type"] != "PRODUCT":
        return {**item, "amount": dec(item.get("amount", 0)), "tax": ZERO, "quantity": 1}
    line = next((row for row in order["products"] if row["id"] == item["item_id"]), None)
    if line is None:
        raise Refused(422, f"The order has no line {item['item_id']}.")
    left = line["quantity"] - line["quantity_refunded"]
    if not 0 < item["quantity"] <= left:
        raise Refused(422, f"Only {left} of line {line['id']} can still be refunded.")
    places = digits(order["head"]["default_currency_code"])
    charged, tax = dec(line["discounted_total_inc_tax"]), dec(line["total_tax"])
    done = line["quantity_refunded"]

    def upto(quantity: int, whole: Decimal) -> Decimal:
        return rounded(whole * quantity / line["quantity"], places)

    amount = upto(done + item["quantity"], charged) - upto(done, charged)
    part = upto(done + item["quantity"], tax) - upto(done, tax)
    return {**item, "amount": amount, "tax": part}


def refund(store: Store, order: Doc, request: Doc, moment: datetime) -> Doc:
    """Give money back. `request` is the platform's body: items, payments, and optionally a reason.

    A payment whose `is_declined` is set in the request is answered as declined (a test's way to
    make the gateway refuse); declined payments move no money.
    """
    items = request.get("items") or []
    priced = [_priced_item(order, item) for item in items]
    total = sum((part["amount"] for part in priced), ZERO)
    wanted = request.get("payments") or [{"provider_id": order["head"]["payment_provider_id"]}]
    payments = [_pay_back(store, order, way, total, moment) for way in wanted]
    refund_id = store.next_id("refund", 9)
    row = {
        "id": refund_id,
        "order_id": order["head"]["id"],
        "user_id": request.get("user_id", 1),
        "created": iso(moment),
        "reason": request.get("reason", ""),
        "total_amount": number(total),
        "total_tax": number(sum((part["tax"] for part in priced), ZERO)),
        "uses_merchant_override_values": False,
        "items": [_item_row(part) for part in priced],
        "payments": payments,
    }
    store.put("refund", refund_id, row)
    if not all(payment["is_declined"] for payment in payments):
        _after_refund(store, order, row, moment)
    data = {"type": "order", "id": order["head"]["id"], "refund": {"refund_id": refund_id}}
    hooks.emit(store, "store/order/refund/created", data)
    return row


def _item_row(part: Doc) -> Doc:
    return {
        "item_type": part["item_type"],
        "item_id": int(part.get("item_id", 0)),
        "quantity": part["quantity"],
        "requested_amount": number(part["amount"]),
        "reason": part.get("reason", ""),
    }


def _pay_back(store: Store, order: Doc, way: Doc, total: Decimal, moment: datetime) -> Doc:
    provider = way.get("provider_id") or "custom"
    amount = dec(way.get("amount", total))
    offline = bool(way.get("offline", provider in ("custom", "cheque", "bankdeposit")))
    declined = bool(way.get("is_declined"))
    payment: Doc = {
        "id": store.next_id("refund_payment", 11),
        "provider_id": provider,
        "amount": number(amount),
        "offline": offline,
        "is_declined": declined,
        "declined_message": "The gateway refused the refund." if declined else "",
    }
    if offline or declined:
        return payment
    if provider == "storecredit":
        row = gateway.record(
            store,
            order,
            "refund",
            _STORE_CREDIT,
            amount,
            moment,
            store_credit={"remaining_balance": number(amount)},
        )
    else:
        row = _gateway_refund(store, order, amount, moment)
    return {**payment, "transaction_id": str(row["id"])}


def _gateway_refund(store: Store, order: Doc, amount: Decimal, moment: datetime) -> Doc:
    rows = gateway.of_order(store, order["head"]["id"])
    if amount > gateway.captured(rows):
        raise Refused(422, "The refund is larger than what was captured.")
    money = [row for row in rows if row["event"] in ("purchase", "capture", "settled") and row["status"] == "ok"]
    return _follow_up(store, order, money[-1], "refund", amount, moment)


def _after_refund(store: Store, order: Doc, row: Doc, moment: datetime) -> None:
    orders.note_refund(order, row["items"])
    given_back = sum((dec(one["total_amount"]) for one in of_order(store, order["head"]["id"]) if _counts(one)), ZERO)
    whole = given_back >= dec(order["head"]["total_inc_tax"])
    order["head"]["payment_status"] = "refunded" if whole else "partially refunded"
    orders.set_status(store, order, REFUNDED if whole else PARTIALLY_REFUNDED, moment)


def _counts(row: Doc) -> bool:
    return not all(payment["is_declined"] for payment in row["payments"])


def of_order(store: Store, order_id: int) -> list[Doc]:
    """The order's refunds, oldest first."""
    return [row for row in store.rows("refund") if row["order_id"] == order_id]


def everything(order: Doc) -> list[Doc]:
    """Refund items that give back all that is left: every line, then shipping and handling."""
    items: list[Doc] = [
        {
            "item_type": "PRODUCT",
            "item_id": line["id"],
            "quantity": line["quantity"] - line["quantity_refunded"],
        }
        for line in order["products"]
        if line["quantity"] > line["quantity_refunded"]
    ]
    for kind, field in (("SHIPPING", "shipping_cost_inc_tax"), ("HANDLING", "handling_cost_inc_tax")):
        if dec(order["head"][field]):
            items.append({"item_type": kind, "item_id": 1, "amount": order["head"][field]})
    return items
