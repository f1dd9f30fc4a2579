"""Last chapter: edits, removal, reinstall, and the audit (story 10 and 11)."""

import contextlib
import io

from admin_app.audit import audit_url
from admin_app.demo.orders import place
from admin_app.demo.scene import Scene
from admin_app.demo.visitors import document, must, until, words_of


def _push(scene: Scene, external_id: str, number: str, **more: object) -> str:
    answer = scene.erp.call("POST", "/api/v1/invoices", document(external_id, number, "200.00", **more))
    must(answer.ok, f"{answer.status_code} {answer.text[:200]}")
    return str(answer.json()["id"])


def _edit(scene: Scene, invoice_id: str) -> int:
    seen = scene.erp.call("GET", f"/api/v1/invoices/{invoice_id}")
    changed = scene.erp.call(
        "PATCH", f"/api/v1/invoices/{invoice_id}", {"po_number": "PO-EDITED"}, If_Match=seen.headers["ETag"]
    )
    return changed.status_code


def _rights_by_state(scene: Scene) -> str:
    open_id = _push(scene, "ST-1", "2026-2001")
    part_id = _push(scene, "ST-2", "2026-2002", amount_due="50.00")
    closed_id = _push(scene, "ST-3", "2026-2003", amount_due="0.00")
    edits = [_edit(scene, one) for one in (open_id, part_id, closed_id)]
    must(edits == [200, 200, 409], f"edits answered {edits}")
    deletes = [scene.erp.call("DELETE", f"/api/v1/invoices/{one}").status_code for one in (open_id, part_id, closed_id)]
    must(deletes == [200, 409, 409], f"deletes answered {deletes}")
    must(scene.ledger.balance("2026-2001") == 0, "the deleted invoice is still owed")
    restored = scene.erp.call("POST", f"/api/v1/invoices/{open_id}/restore")
    must(restored.ok and scene.ledger.balance("2026-2001") == 20000, f"{restored.status_code} {restored.text[:200]}")
    moved = scene.ledger.movements("2026-2001")
    return f"2026-2001 moved {moved}; partly paid is edited, not deleted; closed is only viewed"


def _user_removed(scene: Scene) -> str:
    must(scene.viewer.get("/invoices").ok, "the viewer has no session")
    panel = f"{scene.local.sandbox_url}/cp/{scene.store.hash}/users/{scene.viewer.user_id}/remove"
    scene.viewer.http.post(panel, timeout=30)
    page = until(lambda: _ended(scene), "the session to end", 10)
    return f"the next request answers {page}"


def _ended(scene: Scene) -> str:
    page = scene.viewer.get("/invoices")
    return "" if page.ok else f"{page.status_code}: {words_of(page)[:80]}"


def _uninstalled(scene: Scene) -> str:
    before = scene.ledger.count("movement")
    scene.owner.http.post(f"{scene.local.sandbox_url}/cp/{scene.store.hash}/uninstall", timeout=30)
    query = "SELECT count(*) FROM secret WHERE store_id = %s AND name = 'access_token'"
    until(lambda: scene.ledger.rows(query)[0][0] == 0, "the token to be wiped")
    must(scene.sales.get("/orders").status_code in (401, 403), "a session survived the uninstall")
    must(scene.ledger.count("movement") == before, "the uninstall touched the books")
    scene.kept["meanwhile"] = place(scene)
    return f"the token is wiped, {before} movements are kept"


def _reinstalled(scene: Scene) -> str:
    scene.owner.open_app()
    order_id = scene.kept["meanwhile"]
    query = "SELECT 1 FROM shop_order WHERE store_id = %s AND id = %s"
    until(lambda: scene.ledger.rows(query, order_id), f"order {order_id}, placed meanwhile, to arrive", 60)
    found = scene.ledger.rows("SELECT count(*) FROM secret WHERE store_id = %s AND name = 'access_token'")
    must(found[0][0] == 1, "no new token")
    scene.sales.open_app()
    must(scene.sales.get("/orders").ok, "IP-Sales lost the role")
    return f"order {order_id}, placed while uninstalled, has arrived; roles are kept"


def _audited(scene: Scene) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = audit_url(scene.local.environment["DATABASE_URL"])
    must(result == 0, said.getvalue()[:500])
    return said.getvalue().strip() or "no violation"


STEPS = (
    ("open is edited, deleted and restored; partly paid edited; closed only viewed", _rights_by_state),
    ("a removed BigCommerce user's session ends on the next request", _user_removed),
    ("uninstall wipes the token and keeps the books", _uninstalled),
    ("after a reinstall everything goes on and missed orders arrive", _reinstalled),
    ("the audit finds the books in order", _audited),
)
