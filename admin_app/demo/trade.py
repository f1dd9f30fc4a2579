"""Opens the make-believe shops for business: install, people, cut-over, first invoices and payments."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from admin_app.demo.earlier import trade_earlier
from admin_app.demo.ledger import Ledger
from admin_app.demo.visitors import Person, must, until, words_of
from admin_app.local import Local

OWNER, SALES, FINANCE, VIEWER, ADMIN = 1, 2, 3, 4, 5
ROLES = {SALES: "IP-Sales", FINANCE: "IP-Finance", VIEWER: "Viewer", ADMIN: "IP-Admin"}


def is_synced(ledger: Ledger) -> bool:
    """Whether the first synchronisation is over, by the note the worker left."""
    found = ledger.rows("SELECT value ->> 'state' FROM note WHERE store_id = %s AND name = 'fact:sync.orders'")
    return bool(found) and found[0][0] == "done"


def is_set_up(ledger: Ledger) -> bool:
    return bool(ledger.rows("SELECT 1 FROM note WHERE store_id = %s AND name = 'fact:setup'"))


def cut_over_day() -> date:
    """Before the first order that is synced."""
    return datetime.now(UTC).date() - timedelta(days=370)


def end_opening(owner: Person, day: date) -> str:
    values = {"cut_over_on": day.isoformat(), "confirmed": "1"}
    page = owner.post("/opening/end", values, form_on="/")
    must("Opening mode ended" in page.text, f"opening mode did not end: {words_of(page)[:300]}")
    return words_of(page)


def give_role(owner: Person, user_id: int, role: str) -> None:
    page = owner.post(f"/users/{user_id}/role", {"role": role}, form_on="/users")
    must(page.ok and f"is now {role}" in page.text, f"no role for {user_id}: {words_of(page)[:300]}")


def invoiceable(person: Person, path: str = "/orders?state=not_invoiced&limit=100") -> list[int]:
    """Numbers of orders whose row offers *Create invoice*."""
    page = person.get(path)
    return [int(found) for found in re.findall(r'href="/orders/(\d+)/invoice"', page.text)]


def create_invoice(person: Person, order_id: int) -> str:
    """Presses *Create invoice*; the id of the invoice shown next."""
    page = person.post(f"/orders/{order_id}/invoice", {"action": "create"})
    found = re.search(r"/invoices/([0-9a-f-]{36})$", page.url)
    must(page.ok and found, f"no invoice for order {order_id}: {page.status_code} {words_of(page)[:300]}")
    return found.group(1) if found else ""


def open_shops(local: Local, say: Callable[[str], None]) -> None:
    """For `make run`: both stores installed, the first one with people, invoices and payments. Done once; a run that
    was cut short goes on where it stopped."""
    done = local.services.data_dir / "trade.done"
    if done.exists():
        return
    say("Opening the shops for trade: a minute or less, look around meanwhile.")
    owners = {store: Person(local, store, OWNER) for store in local.storefront_urls}
    for owner in owners.values():
        owner.open_app()
    for store, owner in owners.items():
        ledger = Ledger(local, store)
        what = f"the first synchronisation of {store}"
        until(lambda ledger=ledger: is_synced(ledger) and is_set_up(ledger), what, 180)  # type: ignore[misc]
        if 'name="cut_over_on"' in owner.get("/").text:
            end_opening(owner, cut_over_day())
    owner = owners["sbxnorth"]
    people = {user_id: Person(local, "sbxnorth", user_id) for user_id in ROLES}
    for user_id, role in ROLES.items():
        people[user_id].open_app()
        give_role(owner, user_id, role)
    for order_id in invoiceable(owner)[:24]:
        create_invoice(people[SALES], order_id)
    trade_earlier(local, "sbxnorth", people[FINANCE])
    say("The shops are open: invoices and payments are in.")
    done.write_text("Invoices and payments were made once.\n")
