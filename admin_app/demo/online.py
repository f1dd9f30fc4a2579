"""Fourth chapter: the buyer pays in the store's own checkout (story 7 and 9)."""

from typing import Any

from admin_app.demo.checkout import APPROVE, AUTHORISE_ONLY, DECLINE, check_out
from admin_app.demo.scene import Scene
from admin_app.demo.visitors import Buyer, must, until


def _number(scene: Scene, invoice_id: str) -> str:
    return str(scene.ledger.rows("SELECT number FROM invoice WHERE store_id = %s AND id = %s", invoice_id)[0][0])


def _sees(scene: Scene) -> str:
    answer = scene.buyer.sign_in()
    rows = answer["list"]["items"]
    mine = {row["id"] for row in rows}
    must(scene.kept["invoice"] in mine or answer["list"]["next_cursor"], "the own invoice is not listed")
    other = Buyer(scene.local, scene.store, 4)
    other.sign_in()
    foreign = other.try_to("GET", f"/invoices/{scene.kept['invoice']}")
    missing = other.try_to("GET", "/invoices/01a204df-06ad-7c58-befd-e9aabd5684d5")
    must(foreign.status_code == missing.status_code == 404, f"{foreign.status_code}, {missing.status_code}")
    must(foreign.json().get("detail") == missing.json().get("detail"), "not yours and not there read differently")
    return f"{len(rows)} own invoices on the first page; another company's answers 404"


def _refused(scene: Scene) -> str:
    seen = []
    for amount in ("0", "-5.00", "1e3", "10.005", "999999.00", "１0"):
        answer = scene.buyer.try_to(
            "POST", "/payments", {"currency": "USD", "lines": [{"invoice_id": scene.kept["invoice"], "amount": amount}]}
        )
        must(400 <= answer.status_code < 500, f"{amount}: {answer.status_code} {answer.text[:200]}")
        seen.append(str(answer.json().get("code")))
    other = Buyer(scene.local, scene.store, 4)
    other.sign_in()
    line = {"invoice_id": scene.kept["invoice"], "amount": "1.00"}
    foreign = other.try_to("POST", "/payments", {"currency": "USD", "lines": [line]})
    must(foreign.status_code == 404, f"another company's invoice: {foreign.status_code}")
    return f"codes {', '.join(seen)}; another company's invoice 404"


def _declined(scene: Scene) -> str:
    before = scene.ledger.balance(scene.kept["number"])
    started = scene.buyer.pay("USD", {scene.kept["invoice"]: "10.00"})
    paid = check_out(scene.local, scene.store, scene.buyer.customer_id, started["checkout_url"], DECLINE)
    must(not paid.is_placed, "the declined card was taken")
    must(scene.ledger.balance(scene.kept["number"]) == before, "a declined card changed the balance")
    return f"the balance is still {before} minor units"


def _two_paid(scene: Scene) -> str:
    number, other = scene.kept["number"], "2026-1001"
    before = scene.ledger.balance(number), scene.ledger.balance(other)
    wanted = {scene.kept["invoice"]: "100.00", scene.kept["erp_1"]: "1000.00"}
    started = scene.buyer.pay("USD", wanted)
    paid = check_out(scene.local, scene.store, scene.buyer.customer_id, started["checkout_url"], APPROVE)
    cart = paid.checkout
    must(str(cart["grandTotal"]) in ("1100", "1100.0", "1100.00"), f"checkout charges {cart['grandTotal']}")
    must(paid.is_placed, f"the card was not taken: {paid.words}")
    scene.kept["paid_order"], scene.kept["payment_number"] = paid.order_id, started["payment_number"]
    until(lambda: scene.ledger.balance(other) == 0, "the payment to be booked")
    after = scene.ledger.balance(number), scene.ledger.balance(other)
    must(after == (before[0] - 10000, 0), f"balances {before} became {after}")
    return f"{number} went from {before[0]} to {after[0]}, {other} from {before[1]} to 0"


def _panels(scene: Scene) -> str:
    look = scene.buyer.get(f"/orders/{scene.kept['paid_order']}")
    must(look["state"] == "paid" and look["payment_number"] == scene.kept["payment_number"], str(look))
    detail = scene.buyer.get(f"/invoices/{scene.kept['invoice']}")
    history = [one for one in detail["payments"] if one["number"] == scene.kept["payment_number"]]
    must(history and history[0]["amount"] == "100.00", f"payment history {detail['payments']}")
    return f"the confirmation says paid, the history shows {history[0]['number']} with 100.00"


def _marked(scene: Scene) -> str:
    def look() -> list[Any]:
        order = scene.store.call("GET", f"/orders/{scene.kept['paid_order']}")
        return [one for one in order["metafields"] if one["key"] == "payment_number"]

    found = until(look, "the payment order to be marked")
    must(found[0]["value"] == scene.kept["payment_number"], str(found))
    return f"the BigCommerce order carries {found[0]['value']}"


def _captured_later(scene: Scene) -> str:
    number = _number(scene, scene.kept["erp_2"])
    before = scene.ledger.balance(number)
    started = scene.buyer.pay("USD", {scene.kept["erp_2"]: "50.00"})
    paid = check_out(scene.local, scene.store, scene.buyer.customer_id, started["checkout_url"], AUTHORISE_ONLY)
    must(paid.is_placed, f"not authorised: {paid.words}")
    until(lambda: scene.buyer.get(f"/orders/{paid.order_id}")["state"] == "pending", "the state pending")
    must(scene.ledger.balance(number) == before, "an authorisation changed the balance")
    scene.store.call("POST", f"/orders/{paid.order_id}/capture", {})
    until(lambda: scene.ledger.balance(number) == before - 5000, "the capture to be booked")
    return f"{number} fell by 5000 at the capture, not before"


def _refunded(scene: Scene) -> str:
    order_id = scene.kept["paid_order"]
    order = scene.store.call("GET", f"/orders/{order_id}")
    line = next(one for one in order["products"] if "2026-1001" in one["name"])
    scene.store.call("POST", f"/orders/{order_id}/refund", {"lines": [{"id": line["id"], "quantity": 1}]})
    until(lambda: scene.ledger.balance("2026-1001") == 100000, "the refund to reopen 2026-1001")
    moved = scene.ledger.of_payment(scene.kept["payment_number"])
    must(moved.get("refunded") == 100000, f"movements {moved}")
    return f"2026-1001 is owed 100000 again; the payment refunded {moved['refunded']}"


STEPS = (
    ("the buyer sees only the own company's invoices", _sees),
    ("amounts that make no sense and foreign invoices are refused", _refused),
    ("a declined card changes nothing", _declined),
    ("two invoices are paid by card, one of them in part", _two_paid),
    ("confirmation and payment history show the payment", _panels),
    ("the payment order in BigCommerce says what it is", _marked),
    ("authorised money is booked when it is captured", _captured_later),
    ("a refund that names a line reopens that invoice", _refunded),
)
