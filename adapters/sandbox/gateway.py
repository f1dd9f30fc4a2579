"""The test card gateway and the ways to pay: what a try leaves on the order as transactions.

Cards: 4111 1111 1111 1111 approves, 4000 0000 0000 0002 declines, 4000 0000 0000 0077 only authorises.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from adapters.sandbox import hooks, orders
from adapters.sandbox.amounts import ZERO, dec, iso, number
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.statuses import AWAITING_FULFILLMENT, AWAITING_PAYMENT, COMPLETED, INCOMPLETE
from adapters.sandbox.world import Refused

APPROVED, DECLINED, AUTHORISE_ONLY = "4111111111111111", "4000000000000002", "4000000000000077"


@dataclass(frozen=True)
class Method:
    """One way to pay as checkout lists it."""

    id: str
    name: str
    gateway: str
    kind: str
    offline: bool = False


METHODS = (
    Method("testgateway", "Credit Card", "testgateway", "credit_card"),
    Method("bankdebit", "Bank debit (ACH)", "bankdebit", "token"),
    Method("cheque", "Check", "cheque", "offline", offline=True),
    Method("bankdeposit", "Bank Deposit", "bankdeposit", "offline", offline=True),
)


def methods(store: Store) -> list[Method]:
    """The methods this store has switched on (mode `payment_methods`)."""
    wanted = store.mode("payment_methods")
    return [method for method in METHODS if method.id in wanted]


def method_of(store: Store, method_id: str) -> Method:
    """The method with this id; raises Refused 400 when the store does not offer it."""
    for method in methods(store):
        if method.id == method_id:
            return method
    raise Refused(400, f"The payment method '{method_id}' is not available.")


def pay(store: Store, order: Doc, method: Method, card: str, moment: datetime) -> bool:
    """Try to pay an incomplete order. False = declined: the order stays Incomplete (0)."""
    card = "".join(card.split())
    order["head"]["payment_method"] = method.name
    order["head"]["payment_provider_id"] = method.id
    if method.offline:
        record(store, order, "purchase", method, due(order), moment, offline={"display_name": method.name})
        _done(store, order, AWAITING_PAYMENT, "pending", moment)
        return True
    if method.id == "bankdebit":
        record(store, order, "pending", method, due(order), moment)
        _done(store, order, AWAITING_PAYMENT, "pending", moment)
        return True
    if card not in (APPROVED, AUTHORISE_ONLY):
        refusal = {"status": "error"}
        record(store, order, "purchase", method, due(order), moment, card=card, **refusal)
        order["head"]["payment_status"] = "declined"
        orders.save(store, order, moment)
        return False
    if card == AUTHORISE_ONLY or store.mode("authorise_only"):
        record(store, order, "authorization", method, due(order), moment, card=card)
        _done(store, order, AWAITING_PAYMENT, "authorized", moment)
        return True
    record(store, order, "purchase", method, due(order), moment, card=card)
    _done(store, order, paid_status(order), "captured", moment)
    return True


def paid_status(order: Doc) -> int:
    """Paid orders wait for fulfilment; paid downloads are complete."""
    return COMPLETED if order["head"]["order_is_digital"] else AWAITING_FULFILLMENT


def due(order: Doc) -> Decimal:
    """What the gateway is asked for: the total less store credit and gift certificates."""
    head = order["head"]
    return dec(head["total_inc_tax"]) - dec(head["store_credit_amount"]) - dec(head["gift_certificate_amount"])


def _done(store: Store, order: Doc, status_id: int, payment_status: str, moment: datetime) -> None:
    order["head"]["payment_status"] = payment_status
    if order["head"]["status_id"] in (INCOMPLETE, AWAITING_PAYMENT):
        orders.set_status(store, order, status_id, moment)
    else:
        orders.save(store, order, moment)


def record(store: Store, order: Doc, event: str, method: Method, amount: Decimal, moment: datetime, **more: Any) -> Doc:
    """Write one transaction and sound its hook. `card` is a number; other keys overwrite fields."""
    transaction_id = store.next_id("transaction", 501)
    card = more.pop("card", "")
    announce = more.pop("announce", True)
    row: Doc = {
        "id": transaction_id,
        "order_id": str(order["head"]["id"]),
        "event": event,
        "method": method.kind,
        "amount": number(amount),
        "currency": order["head"]["default_currency_code"],
        "gateway": method.gateway,
        "gateway_transaction_id": uuid.uuid5(uuid.NAMESPACE_URL, f"{store.hash}/{transaction_id}").hex[:16],
        "payment_method_id": method.id,
        "status": "ok",
        "test": bool(store.mode("test_transactions")),
        "fraud_review": False,
        "reference_transaction_id": None,
        "date_created": iso(moment),
        "offline": None,
        "custom": None,
        "payment_instrument_token": None,
    }
    if card:
        row["credit_card"] = _card(card)
        row["avs_result"] = {"code": "", "message": "", "street_match": "", "postal_match": ""}
        row["cvv_result"] = {"code": "M", "message": "Match"}
    row.update(more)
    # The published schema has no null here: the key is left out when there is nothing to refer to.
    if row["reference_transaction_id"] is None:
        del row["reference_transaction_id"]
    store.put("transaction", transaction_id, row)
    if announce:
        _announce(store, row, "created")
    return row


def _card(number_: str) -> Doc:
    kind = "master" if number_.startswith("5") else "visa"
    return {
        "card_type": kind,
        "card_iin": number_[:6],
        "card_last4": number_[-4:],
        "card_expiry_month": 12,
        "card_expiry_year": 2031,
    }


def _announce(store: Store, row: Doc, what: str) -> None:
    ok = row["status"] == "ok"
    data = {
        "type": "transaction",
        "order_id": row["order_id"],
        "transaction_id": str(row["id"]),
        "transaction_status": row["status"],
        "transaction_type": row["event"],
        "result": {
            "code": "1" if ok else "0",
            "message": "Approved" if ok else "Declined",
            "type": row["event"],
        },
        "platform_transaction_id": str(row["id"]),
        "provider_transaction_id": row["gateway_transaction_id"],
    }
    hooks.emit(store, f"store/order/transaction/{what}", data)


def of_order(store: Store, order_id: int) -> list[Doc]:
    """The order's transactions, oldest first."""
    return [row for row in store.rows("transaction") if row["order_id"] == str(order_id)]


def captured(rows: list[Doc]) -> Decimal:
    """Money received by these transactions, refunds taken off."""
    plus = sum((dec(row["amount"]) for row in rows if _is_money(row)), ZERO)
    minus = sum((dec(row["amount"]) for row in rows if row["event"] == "refund" and row["status"] == "ok"), ZERO)
    return plus - minus


def _is_money(row: Doc) -> bool:
    arrives = row["event"] in ("purchase", "capture", "settled")
    return arrives and row["status"] == "ok" and row["method"] not in ("offline", "custom")
