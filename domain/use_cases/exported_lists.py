"""What every list says as a file: one entry per list, its columns beside the cells they head.

A column's name is its title in English with underscores: files are also read by programs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.audit_log import AuditRow
from domain.company_accounts import CompanyRow
from domain.export import Cell
from domain.invoice import Source, Status
from domain.listing import InvoiceRow, OrderRow, Page, PaymentRow
from domain.ports import Work
from domain.roles import Right
from domain.use_cases.look_at_orders import in_store_days


@dataclass(frozen=True, slots=True)
class Seen:
    """From where a row is looked at: today in the store's zone, and that zone."""

    today: date
    time_zone: str

    def at(self, moment: datetime) -> str:
        """ISO 8601 with the store's offset."""
        return moment.astimezone(ZoneInfo(self.time_zone)).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class ExportedList:
    """`right` opens the list itself. `rows` reads a page of it; `cells` gives the lines of one row, mostly one;
    `count` how many rows the filter has, where that can be told without reading them."""

    name: str
    right: Right
    columns: tuple[str, ...]
    rows: Callable[[Work, Any, int, str | None], Page[Any]]
    cells: Callable[[Any, Seen], Iterator[tuple[Cell, ...]]]
    count: Callable[[Work, Any], int] | None = None


SOURCES: Final = {Source.ORDER: "Order", Source.ERP: "ERP", Source.MANUAL: "Manual"}
STATUSES: Final = {
    Status.OPEN: "Open",
    Status.PARTIALLY_PAID: "Partially paid",
    Status.CLOSED: "Closed",
    Status.VOID: "Void",
    Status.DELETED: "Deleted",
}


def _invoice(row: InvoiceRow, seen: Seen) -> Iterator[tuple[Cell, ...]]:
    late = (seen.today - row.due_on).days if row.balance.minor > 0 else 0
    yield (
        row.number,
        SOURCES[row.source],
        row.company_name,
        row.company_id,
        row.order_id,
        row.po_number,
        row.issued_on,
        row.due_on,
        max(0, late),
        row.total.currency,
        row.total.amount,
        row.paid.amount,
        row.balance.amount,
        STATUSES[row.status],
        row.closed_by or "",
    )


def _payment(row: PaymentRow, seen: Seen) -> Iterator[tuple[Cell, ...]]:
    yield (
        row.number,
        row.received_on,
        row.company_name,
        row.company_id,
        row.method_label or row.method.value.replace("_", " ").capitalize(),
        "Online" if row.is_online else "Offline",
        row.memo,
        row.amount.currency,
        row.amount.amount,
        row.applied.amount,
        row.available.amount,
        row.status.value,
        "yes" if row.needs_review else "no",
        row.bc_order_id,
        ", ".join(row.transaction_ids),
        ", ".join(row.invoice_numbers),
    )


def _order(row: OrderRow, seen: Seen) -> Iterator[tuple[Cell, ...]]:
    yield (
        row.id,
        seen.at(row.placed_at),
        row.company_name,
        row.company_id,
        row.buyer_name,
        row.po_number,
        row.total.currency,
        row.total.amount,
        row.status,
        row.invoice_number or "",
        STATUSES[row.invoice_status] if row.invoice_status else "",
    )


def _company(row: CompanyRow, seen: Seen) -> Iterator[tuple[Cell, ...]]:
    """A line per currency: currencies are never added. A company that was never invoiced has one without amounts."""
    company = row.company
    named = (company.name, company.id, company.external_id or "", company.status.name.capitalize())
    more = (
        row.oldest_due,
        row.last_payment_on,
        company.terms.code if company.terms else "",
        "yes" if row.can_open else "no",
        ", ".join(reason.value.replace("_", " ") for reason in row.why_not_online),
    )
    for one in row.figures:
        yield (*named, one.currency, one.open.amount, one.overdue.amount, one.credit.amount, *more)
    if not row.figures:
        yield (*named, "", None, None, None, *more)


def _act(row: AuditRow, seen: Seen) -> Iterator[tuple[Cell, ...]]:
    yield (
        row.id,
        seen.at(row.at),
        row.who,
        row.actor_kind.value,
        row.role,
        row.what,
        row.thing or row.subject_id,
        row.company_id,
        _facts(row.changes),
        _facts(row.texts),
        row.came_from,
        row.request_id,
    )


def _facts(facts: Mapping[str, object]) -> str:
    """`total: 10.00 → 12.00; memo: Check 7`."""
    return "; ".join(f"{name.replace('_', ' ')}: {_fact(value)}" for name, value in facts.items())


def _fact(value: object) -> str:
    """A pair is before and after, as the log shows it."""
    if isinstance(value, list) and len(value) == 2 and not isinstance(value[0], list | dict):
        return f"{value[0]} → {value[1]}"
    return str(value)


LISTS: Final[Mapping[str, ExportedList]] = {
    one.name: one
    for one in (
        ExportedList(
            "invoices",
            Right.VIEW_INVOICES,
            (
                *("number", "source", "company", "company_id", "order", "po_number", "issued", "due", "days_late"),
                *("currency", "total", "paid", "balance", "status", "closed_by"),
            ),
            lambda work, chosen, limit, cursor: work.queries.invoices(chosen, limit, cursor),
            _invoice,
            lambda work, chosen: work.queries.invoice_counts(chosen)[chosen.view.value],
        ),
        ExportedList(
            "payments",
            Right.VIEW_PAYMENTS,
            (
                *("number", "received", "company", "company_id", "method", "kind", "memo", "currency", "amount"),
                *("applied", "available", "status", "needs_review", "order", "transactions", "invoices"),
            ),
            lambda work, chosen, limit, cursor: work.queries.payments(chosen, limit, cursor),
            _payment,
        ),
        ExportedList(
            "orders",
            Right.VIEW_ORDERS,
            (
                *("order", "placed", "company", "company_id", "buyer", "po_number", "currency", "total"),
                *("order_status", "invoice", "invoice_status"),
            ),
            lambda work, chosen, limit, cursor: work.queries.orders(in_store_days(work, chosen), limit, cursor),
            _order,
        ),
        ExportedList(
            "audit",
            Right.VIEW_AUDIT,
            (
                "number",
                "when",
                "who",
                "by",
                "role",
                "act",
                "thing",
                "company_id",
                "changes",
                "words",
                "address",
                "request",
            ),
            lambda work, chosen, limit, cursor: work.queries.audit_log(chosen, limit, cursor),
            _act,
        ),
        ExportedList(
            "companies",
            Right.VIEW_COMPANIES,
            (
                *("company", "company_id", "erp_id", "company_status", "currency", "open_balance", "overdue"),
                *("available_credit", "oldest_due", "last_payment", "terms", "can_open_invoices", "cannot_pay_online"),
            ),
            lambda work, chosen, limit, cursor: work.accounts.companies(chosen, limit, cursor),
            _company,
        ),
    )
}
