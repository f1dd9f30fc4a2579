"""What the shops of `make run` traded earlier: invoices of an ERP, some late, and checks and transfers over weeks."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from admin_app.demo.visitors import Erp, Person, document, must, new_key, words_of
from admin_app.local import Local

_INVOICES: Final[tuple[tuple[str, str, str, str, int, dict[str, str]], ...]] = (
    ("4101", "USD", "2026-0931", "1310.25", -58, {}),
    ("4101", "USD", "2026-1001", "1000.00", -12, {}),
    ("4101", "USD", "2026-1002", "600.00", 10, {"amount_due": "350.00"}),
    ("4101", "USD", "2026-1007", "418.50", 16, {}),
    ("4102", "USD", "2026-0911", "2045.60", -70, {}),
    ("4102", "USD", "2026-0987", "6400.00", -41, {}),
    ("4103", "USD", "2026-0945", "1870.00", -45, {}),
    ("4103", "USD", "2026-0990", "924.40", -3, {}),
    ("4104", "USD", "2026-0872", "3120.00", -104, {}),
    ("4104", "USD", "2026-1004", "2600.00", 3, {}),
    ("4105", "EUR", "2026-0960", "1745.00", -20, {}),
    ("4106", "EUR", "2026-1010", "980.00", 6, {}),
)
"""Company, currency, number, total, days until due, and what else the document says."""

_RECEIVED: Final = (
    ("2026-0931", "1310.25", 61, "check", "Check 10398"),
    ("2026-0911", "2045.60", 68, "bank_transfer", "Wire 88120"),
    ("2026-0945", "1870.00", 44, "check", "Check 10417"),
    ("2026-0987", "3195.00", 30, "check", "Check 10442"),
    ("2026-0872", "1500.00", 16, "cash", "Counter receipt 77"),
    ("2026-0960", "745.00", 9, "bank_transfer", "SEPA 4471"),
    ("2026-1001", "250.00", 2, "check", "Check 10466"),
)
"""Invoice it is for, amount, days ago, method, memo."""


def _day(days: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


def trade_earlier(local: Local, store: str, finance: Person) -> None:
    """Done again it changes nothing: documents are known by their external id, payments by what was recorded."""
    ids = _push(Erp(local, new_key(local, store, "ERP")))
    recorded = finance.get("/payments?limit=100").text
    for number, amount, days_ago, method, memo in _RECEIVED:
        company, currency = next((row[0], row[1]) for row in _INVOICES if row[2] == number)
        if memo in recorded:
            continue
        received = {"method": method, "memo": memo, "received_on": _day(-days_ago).isoformat(), "amount": amount}
        _record(finance, company, currency, {ids[number]: amount}, received)


def _push(erp: Erp) -> dict[str, str]:
    """Number to id."""
    ids = {}
    for company, currency, number, total, days, more in _INVOICES:
        dates = {"issued_on": _day(days - 30).isoformat(), "due_on": _day(days).isoformat()}
        body = document(f"ERP-{number}", number, total, **{"company": company, "currency": currency, **dates, **more})
        answer = erp.call("POST", "/api/v1/invoices", body, key=f"trade-{number}")
        must(answer.ok, f"{number}: {answer.status_code} {answer.text[:300]}")
        ids[number] = str(answer.json()["id"])
    return ids


def _record(
    finance: Person, company: str, currency: str, applied: Mapping[str, str], received: Mapping[str, str]
) -> None:
    path = f"/payments/record?company={company}&currency={currency}"
    form = finance.get(path)
    hidden = dict(re.findall(r'name="(company|currency|key)" value="([^"]*)"', form.text))
    parts = {f"apply-{invoice_id}": part for invoice_id, part in applied.items()}
    page = finance.post("/payments/record", {**hidden, **received, **parts, "action": "record"}, form_on=path)
    must(page.ok and "/payments/" in page.url, f"not recorded: {page.status_code} {words_of(page)[:400]}")
