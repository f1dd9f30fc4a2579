"""The planted stores: what is there, that it collides, that every order adds up to the cent."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from adapters.sandbox.seed import special_orders
from adapters.sandbox.settings import NORTH, SOUTH
from tests.sandbox.kit import DAY, Kit, new_kit

EMBED = {"limit": 250, "include": "consignments.line_items,fees", "consignment_structure": "object"}


@pytest.fixture(scope="module")
def orders(reader: Kit) -> list[Any]:
    live = reader.get("/v2/orders", **EMBED)
    return live + reader.get("/v2/orders", is_deleted="true", **EMBED)


def _money(order: Any, *names: str) -> Decimal:
    return sum((Decimal(order[name]) for name in names), Decimal(0))


def _lines(order: Any) -> list[Any]:
    where = order["consignments"]
    return [line for part in (*where["shipping"], *where["downloads"]) for line in part["line_items"]]


def test_the_first_store_has_120_orders_and_every_kind(reader: Kit, orders: list[Any]) -> None:
    assert len(orders) == 120
    assert {order["id"] for order in orders} == set(range(100, 220))
    kinds = special_orders()
    assert {"many_lines", "coupon", "digital", "custom_line", "refunded_in_full", "archived"} <= set(kinds)
    assert len(reader.get("/v2/orders/108/products", limit=250)) > 50
    assert any(line["product_id"] == 0 for line in reader.get("/v2/orders/124/products"))
    assert reader.get("/v2/orders/128")["currency_code"] == "CAD"
    assert reader.get("/v2/orders/128")["default_currency_code"] == "USD"


def test_net_lines_charges_reductions_and_tax_make_the_total(orders: list[Any]) -> None:
    """R-10 with prices exclusive of tax, gross with prices inclusive: never a cent off (four decimals excepted)."""
    for order in orders:
        tax = "inc" if order["is_tax_inclusive_pricing"] else "ex"
        charges = [f"{name}_cost_{tax}_tax" for name in ("shipping", "handling", "wrapping")]
        lines = sum((Decimal(line[f"total_{tax}_tax"]) for line in _lines(order)), Decimal(0))
        fees = sum((Decimal(fee[f"cost_{tax}_tax"]) for fee in order["fees"]), Decimal(0))
        total = lines + fees + _money(order, *charges) - _money(order, "discount_amount", "coupon_discount")
        if tax == "ex":
            total += Decimal(order["total_tax"])
        assert total == Decimal(order["total_inc_tax"]), order["id"]
        assert _money(order, "total_ex_tax", "total_tax") == Decimal(order["total_inc_tax"]), order["id"]


def test_lines_and_tax_rows_agree_with_the_head(reader: Kit, orders: list[Any]) -> None:
    for order in orders:
        lines = _lines(order)
        assert sum(line["quantity"] for line in lines) == order["items_total"]
        for tax in ("ex", "inc"):
            total = sum((Decimal(line[f"total_{tax}_tax"]) for line in lines), Decimal(0))
            assert total == Decimal(order[f"subtotal_{tax}_tax"]), order["id"]
        off = [Decimal(part["amount"]) for line in lines for part in line["applied_discounts"]]
        assert sum(off, Decimal(0)) == _money(order, "discount_amount", "coupon_discount"), order["id"]
        rows = reader.api("GET", f"/v2/orders/{order['id']}/taxes").json or []
        assert sum((Decimal(row["line_amount"]) for row in rows), Decimal(0)) == Decimal(order["total_tax"])


def test_money_taken_is_what_the_order_asked(reader: Kit, orders: list[Any]) -> None:
    for order in orders:
        rows = (reader.api("GET", f"/v3/orders/{order['id']}/transactions").json or {"data": []})["data"]
        taken = [row for row in rows if row["event"] in ("purchase", "capture") and row["status"] == "ok"]
        taken = [row for row in taken if row["method"] != "offline"]
        if taken:
            total = sum((Decimal(str(row["amount"])) for row in taken), Decimal(0))
            assert total == Decimal(order["total_inc_tax"]), order["id"]
            assert {row["currency"] for row in rows} == {order["default_currency_code"]}


def test_refunds_show_on_lines_status_and_transactions(reader: Kit) -> None:
    order, line = reader.get("/v2/orders/217"), reader.get("/v2/orders/217/products")[0]
    refund = reader.get("/v3/orders/217/payment_actions/refunds")["data"][0]
    back = [row for row in reader.get("/v3/orders/217/transactions")["data"] if row["event"] == "refund"]

    assert order["status_id"] == 14
    assert order["refunded_amount"] == "0.0000"
    assert line["quantity_refunded"] == 1
    assert back[0]["amount"] == refund["total_amount"] == refund["payments"][0]["amount"]
    assert reader.get("/v2/orders/132")["status_id"] == 4


def test_both_stores_collide_in_every_kind_of_id(reader: Kit) -> None:
    for path, field in (("/v2/orders?limit=250", "id"), ("/v3/customers", "id"), ("/v3/customers", "email")):
        north, south = (reader.api("GET", path, store).json for store in (NORTH, SOUTH))
        rows = [answer["data"] if isinstance(answer, dict) else answer for answer in (north, south)]
        assert {row[field] for row in rows[1]} <= {row[field] for row in rows[0]}
    companies = [{row["companyId"] for row in reader.b2b("/companies", store).json["data"]} for store in (NORTH, SOUTH)]
    assert companies[1] < companies[0]


def test_every_company_has_three_buyers_with_different_roles(reader: Kit) -> None:
    companies = reader.b2b("/companies?limit=50").json["data"]
    users = reader.b2b("/users?limit=250").json["data"]

    assert len(companies) == 6
    for company in companies:
        mine = [user for user in users if user["companyId"] == company["companyId"]]
        assert len({user["companyRoleId"] for user in mine}) == len(mine) == 3


def test_the_same_day_plants_the_same_stores(tmp_path: Path) -> None:
    kits = [new_kit(tmp_path / f"{name}.db", DAY) for name in ("one", "two")]

    answers = [kit.api("GET", "/v2/orders?limit=250").data for kit in kits]

    assert answers[0] == answers[1]
    for kit in kits:
        kit.close()


def test_state_survives_a_restart(planted: Path, tmp_path: Path) -> None:
    first = new_kit(Path(shutil.copy(planted, tmp_path / "kept.db")))
    order_id = first.order()["id"]
    first.close()

    second = new_kit(tmp_path / "kept.db")

    assert second.get(f"/v2/orders/{order_id}")["id"] == order_id
    second.close()
