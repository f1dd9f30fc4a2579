"""Seed: how the planted orders were paid, captured, refunded."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from adapters.sandbox import gateway, orders, payments
from adapters.sandbox.amounts import dec, four, number
from adapters.sandbox.gateway import APPROVED, AUTHORISE_ONLY, DECLINED, METHODS
from adapters.sandbox.state import Doc, Store

_CARD, _DEBIT, _CHECK, _DEPOSIT = METHODS


def settle_seeded(store: Store, order: Doc, kind: str, moment: datetime) -> None:
    """Book what the planted order's kind calls for; orders on account carry no transaction."""
    play = _PLAYS.get(kind)
    if play is not None:
        play(store, order, moment + timedelta(minutes=2))


def _pay(store: Store, order: Doc, event: str, moment: datetime, method: gateway.Method = _CARD, **more: Any) -> Doc:
    order["head"]["payment_method"] = method.name
    order["head"]["payment_provider_id"] = method.id
    return gateway.record(store, order, event, method, gateway.due(order), moment, announce=False, **more)


def _keep(store: Store, order: Doc, payment_status: str, moment: datetime) -> None:
    order["head"]["payment_status"] = payment_status
    orders.save(store, order, moment, announce=False)


def _card(store: Store, order: Doc, moment: datetime) -> None:
    _pay(store, order, "purchase", moment, card=APPROVED)
    _keep(store, order, "captured", moment)


def _declined(store: Store, order: Doc, moment: datetime) -> None:
    _pay(store, order, "purchase", moment, card=DECLINED, status="error")
    _keep(store, order, "declined", moment)


def _authorised(store: Store, order: Doc, moment: datetime) -> None:
    _pay(store, order, "authorization", moment, card=AUTHORISE_ONLY)
    _keep(store, order, "authorized", moment)


def _captured_later(store: Store, order: Doc, moment: datetime) -> None:
    held = _pay(store, order, "authorization", moment, card=APPROVED)
    later = moment + timedelta(days=2)
    _pay(store, order, "capture", later, card=APPROVED, reference_transaction_id=held["id"])
    _keep(store, order, "captured", later)


def _debit(store: Store, order: Doc, moment: datetime) -> None:
    _pay(store, order, "pending", moment, _DEBIT)
    _keep(store, order, "pending", moment)


def _check(store: Store, order: Doc, moment: datetime) -> None:
    _pay(store, order, "purchase", moment, _CHECK, offline={"display_name": _CHECK.name})
    _keep(store, order, "pending", moment)


def _tender(field: str, part: str, extra: Doc) -> Callable[[Store, Doc, datetime], None]:
    def play(store: Store, order: Doc, moment: datetime) -> None:
        total = dec(order["head"]["total_inc_tax"])
        credit = min(Decimal(part), total)
        order["head"][f"{field}_amount"] = four(credit)
        name = field.replace("_", " ").title()
        way = gateway.Method(field.replace("_", ""), name, field.replace("_", ""), field)
        gateway.record(store, order, "purchase", way, credit, moment, announce=False, **extra)
        _card(store, order, moment)

    return play


def _refund(items_of: Callable[[Doc], list[Doc]], reason: str) -> Callable[[Store, Doc, datetime], None]:
    def play(store: Store, order: Doc, moment: datetime) -> None:
        _card(store, order, moment)
        request = {"items": items_of(order), "reason": reason}
        payments.refund(store, order, request, moment + timedelta(days=4))

    return play


def _one_of_first_line(order: Doc) -> list[Doc]:
    return [{"item_type": "PRODUCT", "item_id": order["products"][0]["id"], "quantity": 1, "reason": "Damaged"}]


def _amount_off(order: Doc) -> list[Doc]:
    item: dict[str, Any] = {"item_type": "ORDER", "item_id": order["head"]["id"]}
    return [{**item, "amount": number(Decimal("20.00")), "reason": "Goodwill"}]


_PLAYS: dict[str, Callable[[Store, Doc, datetime], None]] = {
    "paid_by_card": _card,
    "digital": _card,
    "invoice_payment": _card,
    "second_try": _card,
    "disputed": _card,
    "archived": _card,
    "incomplete": _declined,
    "declined": _declined,
    "declined_try": _declined,
    "authorised_only": _authorised,
    "captured_later": _captured_later,
    "pending_bank_debit": _debit,
    "check_promised": _check,
    "store_credit": _tender("store_credit", "40.00", {"store_credit": {"remaining_balance": 60}}),
    "gift_certificate": _tender(
        "gift_certificate",
        "25.00",
        {
            "gift_certificate": {
                "code": "NS-GIFT-2551",
                "original_balance": 100,
                "starting_balance": 75,
                "remaining_balance": 50,
                "status": "active",
            }
        },
    ),
    "refunded_in_full": _refund(payments.everything, "Returned"),
    "refunded_in_part": _refund(_amount_off, "Goodwill"),
    "refunded_by_line": _refund(_one_of_first_line, "Damaged"),
}
