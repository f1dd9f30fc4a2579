"""Fifth chapter: a check over two invoices, and the check bounces (story 8)."""

import re
from datetime import UTC, datetime, timedelta

from admin_app.demo.scene import Scene
from admin_app.demo.visitors import must, words_of


def _form(scene: Scene, amount: str, **applied: str) -> dict[str, str]:
    page = scene.finance.get("/payments/record?company=4101&currency=USD")
    hidden = dict(re.findall(r'name="(company|currency|key)" value="([^"]*)"', page.text))
    return {
        **hidden,
        # Today by UTC may still be tomorrow in the store's zone, and nothing is received in the future.
        "received_on": (datetime.now(UTC) - timedelta(days=1)).date().isoformat(),
        "method": "check",
        "amount": amount,
        "memo": "Check 20077",
        **{f"apply-{invoice_id}": part for invoice_id, part in applied.items()},
        "action": "record",
    }


def _recorded(scene: Scene) -> str:
    first, second = scene.kept["erp_1"], scene.kept["invoice"]
    balance = scene.ledger.balance(scene.kept["number"]) / 100
    amount = f"{1000 + balance + 10:.2f}"
    values = _form(scene, amount, **{first: "1000.00", second: f"{balance:.2f}"})
    page = scene.finance.post("/payments/record", values, form_on="/payments/record?company=4101&currency=USD")
    found = re.search(r"PAY-\d+", words_of(page))
    must(page.ok and "/payments/" in page.url and found, f"not recorded: {words_of(page)[:400]}")
    scene.kept["check"] = found.group(0) if found else ""
    scene.kept["check_url"] = page.url.split("?")[0]
    again = scene.finance.post("/payments/record", values, form_on="/payments/record?company=4101&currency=USD")
    must(scene.kept["check"] in words_of(again), "a double submit made another payment")
    moved = scene.ledger.of_payment(scene.kept["check"])
    must(moved["received"] - moved["allocated"] == 1000, f"movements {moved}")
    must(scene.ledger.balance("2026-1001") == 0 == scene.ledger.balance(scene.kept["number"]), "not both are paid")
    return f"{scene.kept['check']}: received {moved['received']}, allocated {moved['allocated']}, booked once"


def _buyer_sees(scene: Scene) -> str:
    detail = scene.buyer.get(f"/invoices/{scene.kept['erp_1']}")
    memos = [one["memo"] for one in detail["payments"]]
    must("Check 20077" in memos, f"memos {memos}")
    totals = scene.buyer.get("/invoices?status=all")["totals"]
    credit = next(one["available_credit"] for one in totals if one["currency"] == "USD")
    must(credit == "10.00", f"available credit {credit}")
    return f"the buyer reads the memo and {credit} of available credit"


def _bounced(scene: Scene) -> str:
    path = scene.kept["check_url"].removeprefix(scene.local.web_url) + "/reverse"
    refused = scene.sales.get(path)
    must(refused.status_code == 403, f"IP-Sales may reverse: {refused.status_code}")
    page = scene.finance.post(path, {"reason": "The bank returned the check"})
    must("Reversed" in words_of(page), f"not reversed: {words_of(page)[:300]}")
    first, second = scene.ledger.balance("2026-1001"), scene.ledger.balance(scene.kept["number"])
    must(first == 100000 and second > 0, f"balances {first} and {second}")
    return f"both invoices are open again with {first} and {second}"


STEPS = (
    ("a check over two invoices with 10.00 too much is recorded once", _recorded),
    ("the buyer sees the memo and the credit", _buyer_sees),
    ("the check bounces: reversed, both invoices open again", _bounced),
)
