"""Second chapter: an order arrives and becomes an invoice (story 4 and 5)."""

import re

from admin_app.demo.scene import Scene
from admin_app.demo.trade import create_invoice
from admin_app.demo.visitors import must, until, words_of


def place(scene: Scene, paid: str = "check", **more: object) -> int:
    """An order of the buyer on the storefront; its number."""
    lines = [{"name": "Conference chair", "unit": "125.50", "quantity": 4, "sku": "CH-1"}]
    body = {"customer_id": scene.buyer.customer_id, "lines": lines, "paid": paid, "shipping": "15.00", **more}
    return int(scene.store.call("POST", "/orders", body)["id"])


def arrived(scene: Scene, order_id: int) -> None:
    until(
        lambda: scene.ledger.rows("SELECT 1 FROM shop_order WHERE store_id = %s AND id = %s", order_id),
        f"order {order_id} to come in by its webhook",
    )


def _arrives(scene: Scene) -> str:
    order_id = place(scene, po_number="PO-7781")
    scene.kept["order"] = order_id
    arrived(scene, order_id)
    page = scene.sales.get(f"/orders?state=all&q={order_id}")
    must("PO-7781" in page.text, "the order dashboard does not show the order with its PO number")
    return f"order {order_id} is on the dashboard"


def _edited(scene: Scene) -> str:
    order_id = scene.kept["order"]
    scene.store.call("POST", f"/orders/{order_id}/edit", {"lines": [{"sku": "CH-1", "quantity": 6}]})
    scene.store.call("POST", f"/orders/{order_id}/status", {"status_id": 11})
    total = scene.store.call("GET", f"/orders/{order_id}")["head"]["total_inc_tax"]
    wanted = round(100 * float(total))
    query = "SELECT total_minor FROM shop_order WHERE store_id = %s AND id = %s AND status_id = 11"

    def changed() -> bool:
        found = scene.ledger.rows(query, order_id)
        return bool(found) and int(found[0][0]) == wanted

    until(changed, "the edit and the status change to follow")
    return f"order {order_id} now comes to {total}"


def _old_news(scene: Scene) -> str:
    order_id = scene.kept["order"]
    before = scene.ledger.rows("SELECT modified_at FROM shop_order WHERE store_id = %s AND id = %s", order_id)
    deliveries = scene.store.call("GET", "/deliveries?scope=store/order/created")
    mine = [one for one in deliveries if f'"id": {order_id}' in str(one) or str(order_id) in str(one)]
    must(mine, "the first delivery is not in the log")
    scene.store.call("POST", f"/hooks/replay/{mine[0]['id']}")
    until(lambda: not scene.ledger.rows("SELECT 1 FROM inbox WHERE store_id = %s AND dead_at IS NULL"), "the inbox")
    after = scene.ledger.rows("SELECT modified_at FROM shop_order WHERE store_id = %s AND id = %s", order_id)
    must(before == after, "a replayed first delivery changed the order")
    return "the replayed first delivery changed nothing"


def _invoiced(scene: Scene) -> str:
    order_id = scene.kept["order"]
    scene.kept["invoice"] = create_invoice(scene.sales, order_id)
    page = words_of(scene.sales.get(f"/invoices/{scene.kept['invoice']}"))
    must("Conference chair" in page and "Shipping" in page and "PO-7781" in page, "lines, cost lines or PO are missing")
    number = re.search(r"INV-\d+", page)
    must(number, "the invoice has no number")
    scene.kept["number"] = number.group(0) if number else ""
    moved = scene.ledger.movements(scene.kept["number"])
    must(set(moved) == {"invoiced"}, f"movements {moved}")
    return f"{scene.kept['number']}: the ledger says invoiced {moved['invoiced']} minor units"


def _twice(scene: Scene) -> str:
    page = scene.sales.post(
        f"/orders/{scene.kept['order']}/invoice", {"action": "create"}, form_on=f"/invoices/{scene.kept['invoice']}"
    )
    must(page.url.endswith(scene.kept["invoice"]), f"a second press led to {page.url}")
    query = "SELECT count(*) FROM invoice WHERE store_id = %s AND order_id = %s"
    found = scene.ledger.rows(query, scene.kept["order"])
    must(found[0][0] == 1, f"{found[0][0]} invoices for one order")
    return "one invoice in the books"


def _born_paid(scene: Scene) -> str:
    order_id = place(scene, paid="card")
    arrived(scene, order_id)
    invoice_id = create_invoice(scene.sales, order_id)
    found = scene.ledger.rows("SELECT number FROM invoice WHERE store_id = %s AND id = %s", invoice_id)
    number = found[0][0]
    moved = scene.ledger.movements(number)
    must(moved["invoiced"] == moved.get("allocated") and scene.ledger.balance(number) == 0, f"movements {moved}")
    page = words_of(scene.sales.get(f"/invoices/{invoice_id}"))
    must("Paid" in page, "the invoice is not shown as Paid")
    return f"{number}: invoiced and allocated {moved['invoiced']}"


def _half_refunded(scene: Scene) -> str:
    order_id = place(scene, paid="card")
    scene.store.call("POST", f"/orders/{order_id}/refund", {"lines": [{"sku": "CH-1", "quantity": 2}]})
    arrived(scene, order_id)
    invoice_id = create_invoice(scene.sales, order_id)
    found = scene.ledger.rows(
        "SELECT number, live_total_minor FROM invoice WHERE store_id = %s AND id = %s", invoice_id
    )
    refunded = scene.store.call("GET", f"/orders/{order_id}")["refunds"][0]["total_amount"]
    total = scene.store.call("GET", f"/orders/{order_id}")["head"]["total_inc_tax"]
    net = round(100 * (float(total) - float(refunded)))
    must(found[0][1] == net, f"{found[0][0]} of {found[0][1]} instead of net {net}")
    must(scene.ledger.balance(found[0][0]) == 0, "the net invoice is not paid by what was kept")
    return f"{found[0][0]} comes to the net amount of {net} minor units"


STEPS = (
    ("a storefront order reaches the order dashboard by its webhook", _arrives),
    ("an edit and a status change follow", _edited),
    ("old news after newer news changes nothing", _old_news),
    ("Create invoice takes lines, cost lines, PO number and the next number", _invoiced),
    ("Create invoice pressed again is still one invoice", _twice),
    ("an order paid by card is born paid", _born_paid),
    ("a half refunded order is invoiced net", _half_refunded),
)
