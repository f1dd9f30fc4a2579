"""Third chapter: the ERP pushes invoices (story 6)."""

from datetime import UTC, datetime

from admin_app.demo.scene import Scene
from admin_app.demo.visitors import document, must, new_key, words_of


def _key(scene: Scene) -> str:
    scene.erp.key = new_key(scene.local, scene.store.hash, "Story ERP")
    found = scene.ledger.rows("SELECT secret_hash FROM api_key WHERE store_id = %s")
    must(found and scene.erp.key not in str(found), "the key rests in the clear")
    return "the key rests as a hash"


def _pushed(scene: Scene) -> str:
    first = scene.erp.call("POST", "/api/v1/invoices", document("ERP-1", "2026-1001", "1000.00"), key="push-1")
    must(first.status_code == 201, f"{first.status_code} {first.text[:300]}")
    second = scene.erp.call(
        "POST", "/api/v1/invoices", document("ERP-2", "2026-1002", "600.00", amount_due="350.00"), key="push-2"
    )
    must(second.status_code == 201, f"{second.status_code} {second.text[:300]}")
    scene.kept["erp_1"], scene.kept["erp_2"] = first.json()["id"], second.json()["id"]
    page = words_of(scene.sales.get("/invoices?source=erp"))
    must("2026-1001" in page and "ERP" in page, "the invoice dashboard does not show ERP as source")
    moved = scene.ledger.movements("2026-1002")
    must(moved == {"invoiced": 60000, "allocated": 25000}, f"movements {moved}")
    return "2026-1002: invoiced 60000, settled elsewhere and allocated 25000"


def _repeated(scene: Scene) -> str:
    before = scene.ledger.count("movement")
    again = scene.erp.call("POST", "/api/v1/invoices", document("ERP-1", "2026-1001", "1000.00"), key="push-1")
    must(again.headers.get("Idempotency-Replayed") == "true", f"not replayed: {again.status_code} {again.text[:200]}")
    other = scene.erp.call("POST", "/api/v1/invoices", document("ERP-1", "2026-1001", "999.00"), key="push-1")
    must(other.status_code == 422, f"the key took another body: {other.status_code}")
    same = scene.erp.call("POST", "/api/v1/invoices", document("ERP-1", "2026-1001", "1000.00"), key="push-3")
    must(same.status_code == 200 and same.json()["outcome"] == "same", f"{same.status_code} {same.text[:200]}")
    must(scene.ledger.count("movement") == before, "a repeat moved money")
    return f"still {before} movements"


def _refused(scene: Scene) -> str:
    wrong = {
        "unknown company": document("ERP-9", "2026-1009", "10.00", company="nobody"),
        "three decimals": document("ERP-9", "2026-1009", "10.005"),
        "unknown currency": document("ERP-9", "2026-1009", "10.00", currency="XXX"),
        "number taken": document("ERP-9", "2026-1001", "10.00"),
        "does not add up": {**document("ERP-9", "2026-1009", "10.00"), "total": "99.00"},
    }
    seen = []
    for words, body in wrong.items():
        answer = scene.erp.call("POST", "/api/v1/invoices", body)
        must(400 <= answer.status_code < 500, f"{words}: {answer.status_code} {answer.text[:200]}")
        found = answer.json()
        must(found.get("code") and found.get("detail"), f"{words}: no code or sentence: {answer.text[:200]}")
        seen.append(f"{words} -> {found['code']}")
    plain = scene.erp.call("POST", "/api/v1/invoices", None)
    must(400 <= plain.status_code < 500, f"an empty body: {plain.status_code}")
    must(
        not scene.ledger.rows("SELECT 1 FROM invoice WHERE store_id = %s AND external_id = 'ERP-9'"),
        "a refused row is in",
    )
    return "; ".join(seen)


def _ip_body(scene: Scene) -> str:
    body = {
        "invoiceNumber": "IP-00000141",
        "customerId": "4101",
        "externalId": "IP-EXT-1",
        "type": "Invoice",
        "purchaseOrderNumber": "PO-IP-1",
        "originalBalance": {"code": "USD", "value": "120.00"},
        "openBalance": {"code": "USD", "value": "120.00"},
        "dueDate": int(datetime.now(UTC).timestamp()) + 864000,
        "details": {
            "type": "StandardInvoiceDetails",
            "header": {"costLines": [{"description": "Freight", "amount": {"code": "USD", "value": "20"}}]},
            "details": {
                "lineItems": [
                    {
                        "sku": "IP-1",
                        "description": "Paper",
                        "quantity": "10",
                        "unitPrice": {"code": "USD", "value": "10"},
                    }
                ]
            },
        },
    }
    answer = scene.erp.call("POST", "/api/v3/io/ip/invoices", body)
    must(answer.ok and answer.json().get("code") == 200, f"{answer.status_code} {answer.text[:300]}")
    moved = scene.ledger.movements("IP-00000141")
    must(moved == {"invoiced": 12000}, f"movements {moved}")
    return "B2B Edition's own body became an invoice of 12000 minor units"


STEPS = (
    ("an API key is made, shown once and stored as a hash", _key),
    ("the ERP pushes two invoices, one partly paid elsewhere", _pushed),
    ("pushing again by key or external id changes nothing", _repeated),
    ("bad bodies get a code and a sentence, nothing is stored", _refused),
    ("B2B Edition's invoice body is accepted as it is", _ip_body),
)
