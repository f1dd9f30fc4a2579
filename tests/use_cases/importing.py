"""An ERP that pushes invoices."""

from datetime import date
from typing import Any

from domain.money import Money
from domain.roles import Actor, ActorKind
from domain.use_cases.import_invoices import Imported, InvoiceDocument
from domain.use_cases.manage_keys import SCOPES
from tests.builders import ISSUED, NORTHWIND, a_line, usd
from tests.use_cases.trade import Trade


def erp(store_id: int = 1) -> Actor:
    """An API key that may write invoices."""
    return Actor(store_id, ActorKind.ERP, "key-1", name="SAP", role="API key", rights=SCOPES["invoices:write"])


def a_document(total: Money | None = None, **changes: Any) -> InvoiceDocument:
    """100.00 for Northwind, due in 30 days, as the ERP's document 9."""
    total = usd(100_00) if total is None else total
    values: dict[str, Any] = {
        "external_id": "SAP-9",
        "number": "ERP-9",
        "company_ref": str(NORTHWIND),
        "currency": total.currency,
        "total": total,
        "issued_on": ISSUED,
        "due_on": date(2026, 9, 13),
        "lines": (a_line(total),),
    }
    return InvoiceDocument(**{**values, **changes})


def push(trade: Trade, total: Money | None = None, **changes: Any) -> Imported:
    return trade.portal.import_invoice(erp(trade.store.id), a_document(total, **changes))
