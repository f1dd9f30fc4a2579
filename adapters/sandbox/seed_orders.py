"""Seed: a year of trade. Every published kind of order appears, at a place that never moves (SPECIAL).

Order numbers start at 100 in both stores, so the stores collide on purpose.
"""

import random
import uuid
from datetime import datetime, timedelta
from typing import Any

from adapters.sandbox import orders
from adapters.sandbox.seed_payments import settle_seeded
from adapters.sandbox.seed_people import FIRST_COMPANY, REP_CUSTOMER
from adapters.sandbox.settings import NORTH
from adapters.sandbox.state import Doc, Store
from adapters.sandbox.statuses import (
    AWAITING_FULFILLMENT,
    AWAITING_PAYMENT,
    AWAITING_SHIPMENT,
    CANCELLED,
    COMPLETED,
    DECLINED,
    DISPUTED,
    INCOMPLETE,
    MANUAL_VERIFICATION,
    PARTIALLY_SHIPPED,
    SHIPPED,
)

# What is special about which order of the first store.
SPECIAL = {
    108: "many_lines",
    112: "coupon",
    116: "discount",
    120: "digital",
    124: "custom_line",
    128: "shown_in_other_currency",
    132: "refunded_in_full",
    136: "refunded_in_part",
    140: "paid_by_card",
    144: "archived",
    148: "cancelled",
    152: "declined",
    156: "incomplete",
    160: "tax_inclusive",
    164: "tax_inclusive_exact_prices",
    168: "handling_and_wrapping",
    172: "sales_rep",
    176: "fee",
    180: "invoice_payment",
    184: "disputed",
    188: "manual_verification",
    192: "store_credit",
    193: "gift_certificate",
    196: "captured_later",
    200: "two_addresses",
    203: "authorised_only",
    205: "sales_rep",
    208: "paid_by_card",
    211: "pending_bank_debit",
    214: "declined_try",
    215: "second_try",
    217: "refunded_by_line",
}
_PLAIN_STATUSES = (
    AWAITING_FULFILLMENT,
    AWAITING_SHIPMENT,
    SHIPPED,
    COMPLETED,
    COMPLETED,
    AWAITING_PAYMENT,
    PARTIALLY_SHIPPED,
)
_STATUS_OF = {
    "cancelled": CANCELLED,
    "declined": DECLINED,
    "incomplete": INCOMPLETE,
    "declined_try": INCOMPLETE,
    "disputed": DISPUTED,
    "manual_verification": MANUAL_VERIFICATION,
    "authorised_only": AWAITING_PAYMENT,
    "pending_bank_debit": AWAITING_PAYMENT,
    "digital": COMPLETED,
    "invoice_payment": COMPLETED,
    "paid_by_card": AWAITING_FULFILLMENT,
    "captured_later": AWAITING_FULFILLMENT,
    "second_try": AWAITING_FULFILLMENT,
}
# The specials that take the money tests most often look at belong to the first company.
_FIRST_COMPANYS = {108, 112, 120, 124, 132, 136, 140, 168, 172, 196, 203, 208, 211, 214, 215, 217}
_TRIES = ("declined_try", "second_try")
_B2C_EVERY, _GUEST_EVERY = 9, 17


def plant_orders(store: Store, today: datetime) -> None:
    """120 orders in the first store, 15 in the second, spread over the year before `today`."""
    count = 120 if store.hash == NORTH else 15
    step = 3 if store.hash == NORTH else 23
    dice = random.Random(f"{store.hash} trade")  # noqa: S311 - repeatable on purpose
    for index in range(count):
        order_id = store.next_id("order", 100)
        age = timedelta(days=(count - 1 - index) * step + 1, hours=-dice.randint(7, 18), minutes=dice.randint(0, 59))
        special = SPECIAL.get(order_id, "") if store.hash == NORTH else ""
        _plant(store, order_id, special, today - age, dice)


def _plant(store: Store, order_id: int, special: str, moment: datetime, dice: random.Random) -> None:
    who = _buyer(store, order_id, special)
    basis = orders.new_basis(store, who["currency"], _lines(store, special, dice), **_money(store, who, special, dice))
    company_id = who["company_id"]
    given: Doc = {
        "id": order_id,
        "customer_id": who["customer_id"],
        "billing_address": who["address"],
        "addresses": [dict(who["address"])] if special != "digital" else [],
        "status_id": _STATUS_OF.get(special, _plain_status(company_id, dice)),
        "b2b": {"company_id": company_id, "po_number": _po(company_id, order_id, dice)},
        "payment_method": "Purchase Order" if company_id else "Credit Card",
    }
    if special == "two_addresses":
        other = {**who["address"], "street_1": "Warehouse 2, Gate B", "first_name": "Receiving"}
        given["addresses"].append(other)
    if special in _TRIES:
        # A declined try leaves an Incomplete order; the paid one after it has the same cart.
        given["cart_id"] = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{store.hash}/tries"))
    if special == "invoice_payment":
        given["b2b"]["is_invoice_order"] = True
    order = orders.create(store, moment, basis, given, announce=False)
    settle_seeded(store, order, special or _usual_payment(company_id, order, dice), moment)
    if special == "archived":
        orders.archive(store, store.get("order", order_id), moment + timedelta(hours=5))


def _plain_status(company_id: int, dice: random.Random) -> int:
    # Only companies buy on account: a private shopper's order is paid before it is one.
    status = dice.choice(_PLAIN_STATUSES)
    return status if company_id or status != AWAITING_PAYMENT else AWAITING_FULFILLMENT


def _usual_payment(company_id: int, order: Doc, dice: random.Random) -> str:
    if not company_id:
        return "paid_by_card"
    if order["head"]["status_id"] == AWAITING_PAYMENT:
        return "check_promised"
    return "paid_by_card" if dice.random() < 0.12 else ""


def _po(company_id: int, order_id: int, dice: random.Random) -> str:
    return f"PO-{dice.randint(40, 89)}{order_id}" if company_id and dice.random() < 0.75 else ""


def _buyer(store: Store, order_id: int, special: str) -> Doc:
    if not special and order_id % _GUEST_EVERY == 0:
        return _guest(store)
    if not special and order_id % _B2C_EVERY == 0:
        return _shopper(store, order_id)
    companies = store.rows("company")
    index = 0 if order_id in _FIRST_COMPANYS else order_id % len(companies)
    company_id = FIRST_COMPANY + index
    place = store.get("company_place", company_id)
    customer_id = 3 * index + 1 + (0 if special in _TRIES else order_id % 3)
    if special == "sales_rep":
        customer_id = REP_CUSTOMER
    customer = store.get("customer", customer_id)
    person = {name: customer[name] for name in ("first_name", "last_name", "email")}
    return {
        "customer_id": customer_id,
        "company_id": company_id,
        "currency": place["currency"],
        "address": {**customer["address"], **place["place"], **person},
    }


def _shopper(store: Store, order_id: int) -> Doc:
    shoppers = [row for row in store.rows("customer") if row["customer_group_id"] == 0 and row["id"] != REP_CUSTOMER]
    row = shoppers[order_id % len(shoppers)]
    currency = store.get("store", "profile")["currency"]
    return {"customer_id": row["id"], "company_id": 0, "currency": currency, "address": row["address"]}


def _guest(store: Store) -> Doc:
    row = store.rows("customer")[-2]["address"]
    place = {**row, "first_name": "Walk-in", "last_name": "Guest", "email": "guest@mail.example"}
    currency = store.get("store", "profile")["currency"]
    return {"customer_id": 0, "company_id": 0, "currency": currency, "address": place}


def catalog_line(product: Doc, quantity: int, unit: str | None = None) -> Doc:
    """An order line of a catalog product."""
    return {
        "product_id": product["id"],
        "variant_id": product["base_variant_id"],
        "name": product["name"],
        "sku": product["sku"],
        "type": product["type"],
        "quantity": quantity,
        "unit": unit or f"{product['price']:.2f}",
        # Class 1 is "Non-Taxable Products".
        "taxable": product["tax_class_id"] != 1,
    }


def custom_line(name: str, sku: str, unit: str, quantity: int = 1) -> Doc:
    """An order line of no catalog product."""
    line = {"product_id": 0, "name": name, "sku": sku, "type": "physical"}
    return {**line, "quantity": quantity, "unit": unit}


def _lines(store: Store, special: str, dice: random.Random) -> list[Doc]:
    goods = store.rows("product")
    physical = [row for row in goods if row["type"] == "physical"]
    digital = [row for row in goods if row["type"] == "digital"]
    if special == "digital":
        return [catalog_line(digital[0], 3)]
    if special == "invoice_payment":
        return [{**custom_line("Invoice 00000141", "B2B-INVOICE", "412.50"), "type": "digital"}]
    if special == "many_lines":
        parts = [
            custom_line(f"Spare part {n:02}", f"SP-{n:03}", f"{n % 7 + 2}.{n:02}", n % 4 + 1) for n in range(1, 61)
        ]
        return [catalog_line(row, 2) for row in physical[:3]] + parts
    if special in _TRIES:
        return [catalog_line(physical[3], 4), catalog_line(physical[4], 1)]
    count = 2 if special.startswith("refunded") else dice.randint(1, 4)
    least = 2 if special.startswith("refunded") else 1
    lines = [catalog_line(row, dice.randint(least, 8)) for row in dice.sample(physical, count)]
    if special == "custom_line":
        lines.append(custom_line("Engraving and assembly on site", "SVC-ASM", "340.00"))
    if special == "shown_in_other_currency":
        lines.append(catalog_line(digital[0], 1))
    return lines


def _money(store: Store, who: Doc, special: str, dice: random.Random) -> dict[str, Any]:
    money: dict[str, Any] = {"shipping": dice.choice(("0", "12.50", "18.00", "24.90"))}
    if special in _TRIES:
        money["shipping"] = "12.50"
    if who["currency"] == "EUR":
        money["charge_rate"] = "0.9200000000"
    if special in ("digital", "invoice_payment"):
        money["shipping"] = "0"
    if special == "invoice_payment":
        money["tax_rate"] = "0"
    money.update(_SPECIAL_MONEY.get(special, {}))
    for fee in money.get("fees", []):
        fee["id"] = store.next_id("fee")
    return money


_SPECIAL_MONEY: dict[str, dict[str, Any]] = {
    "coupon": {"coupon": {"id": 4, "code": "SPRING10", "name": "Spring, 10 off", "amount": "10.00"}},
    "discount": {"discount": "17.35", "discount_name": "Manual Discount"},
    "shown_in_other_currency": {"display_currency": "CAD", "display_rate": "1.3600000000"},
    "tax_inclusive": {"inclusive": True, "shipping": "12.00"},
    "tax_inclusive_exact_prices": {
        "inclusive": True,
        "exact_prices": True,
        "shipping": "12.00",
        "discount": "5.00",
        "coupon": {"id": 3, "code": "S2549JM0Y", "name": "$5 off", "amount": "5.00"},
    },
    "handling_and_wrapping": {"shipping": "24.90", "handling": "6.50", "wrapping": "4.00"},
    "fee": {"fees": [{"name": "Pallet fee", "cost": "15.00"}, {"name": "Insurance", "cost": "8.25"}]},
}
