"""Reads for screens and APIs: SQL on its own, never the model."""

from collections.abc import Callable, Mapping
from datetime import date

from sqlalchemy import select

from adapters.sql.audit_list import AuditList
from adapters.sql.invoice_list import InvoiceList
from adapters.sql.invoice_movements import movements_of
from adapters.sql.ledger import SqlLedger
from adapters.sql.order_list import OrderList
from adapters.sql.overview import figures
from adapters.sql.payment_links import movements_of_payment
from adapters.sql.payment_list import PaymentList
from adapters.sql.register import NumberRegister
from adapters.sql.scope import Scope
from adapters.sql.tables import audit, audit_text, event
from domain.audit_log import AuditFilter, AuditRow
from domain.listing import (
    HistoryEntry,
    InvoiceFilter,
    InvoicePayment,
    InvoiceRow,
    Moved,
    OrderFilter,
    OrderRow,
    Page,
    PaymentFilter,
    PaymentMoved,
    PaymentRow,
    Register,
    Sums,
    Totals,
)
from domain.money import Money
from domain.overview import Figures


class SqlQueries:
    def __init__(self, scope: Scope, ledger: SqlLedger, today: Callable[[], date]) -> None:
        self._scope = scope
        self._ledger = ledger
        self._today = today
        self._invoices = InvoiceList(scope, today)
        self._orders = OrderList(scope)
        self._audit = AuditList(scope)
        self._payments = PaymentList(scope)
        self._register = NumberRegister(scope)

    def invoices(self, chosen: InvoiceFilter, limit: int, cursor: str | None) -> Page[InvoiceRow]:
        return self._invoices.page(chosen, limit, cursor)

    def invoice_row(self, invoice_id: str) -> InvoiceRow:
        return self._invoices.row(invoice_id)

    def invoice_counts(self, chosen: InvoiceFilter) -> Mapping[str, int]:
        return self._invoices.counts(chosen)

    def invoice_sums(self, chosen: InvoiceFilter) -> list[Sums]:
        return self._invoices.sums(chosen)

    def numbers(self, series: str, *, only_gaps: bool, before: int | None, limit: int) -> Register:
        self._ledger.flush()
        return self._register.page(series, only_gaps, before, limit)

    def totals(self, company_id: int | None, companies: frozenset[int] | None = None) -> list[Totals]:
        return self._invoices.totals(company_id, companies)

    def figures(self, companies: frozenset[int] | None) -> list[Figures]:
        return figures(self._scope, self._today(), companies)

    def orders(self, chosen: OrderFilter, limit: int, cursor: str | None) -> Page[OrderRow]:
        return self._orders.page(chosen, limit, cursor)

    def order_counts(self, chosen: OrderFilter) -> Mapping[str, int]:
        return self._orders.counts(chosen)

    def payments(self, chosen: PaymentFilter, limit: int, cursor: str | None) -> Page[PaymentRow]:
        return self._payments.page(chosen, limit, cursor)

    def payments_of(self, invoice_id: str) -> list[InvoicePayment]:
        self._ledger.flush()
        return self._payments.of_invoice(invoice_id)

    def invoices_of(self, source_id: str) -> list[tuple[str, str, Money]]:
        return self._payments.of_source(source_id)

    def applied_to(self, source_id: str) -> list[tuple[InvoiceRow, Money]]:
        return self._invoices.of_source(source_id)

    def movements_of(self, invoice_id: str) -> list[Moved]:
        self._ledger.flush()
        return movements_of(self._scope, invoice_id)

    def movements_of_payment(self, payment_id: str) -> list[PaymentMoved]:
        self._ledger.flush()
        return movements_of_payment(self._scope, payment_id)

    def history(self, subject_kind: str, subject_id: str) -> list[HistoryEntry]:
        """Newest first."""
        self._ledger.flush()
        chosen = (
            select(audit, audit_text.c.who, audit_text.c.texts)
            .join(audit_text, (audit_text.c.store_id == audit.c.store_id) & (audit_text.c.audit_seq == audit.c.seq))
            .where(self._scope.own(audit), audit.c.subject_kind == subject_kind, audit.c.subject_id == subject_id)
            .order_by(audit.c.seq.desc())
        )
        return [
            HistoryEntry(row.at, row.who or f"{row.actor_kind} {row.actor_id}", row.what, row.changes, row.texts)
            for row in self._scope.all(chosen)
        ]

    def audit_log(self, chosen: AuditFilter, limit: int, cursor: str | None) -> Page[AuditRow]:
        self._ledger.flush()
        return self._audit.page(chosen, limit, cursor)

    def events_after(self, seq: int, limit: int) -> list[Mapping[str, object]]:
        self._ledger.flush()
        columns = [event.c[name] for name in ("seq", "id", "at", "kind", "subject_id", "company_id", "facts")]
        chosen = select(*columns).where(self._scope.own(event), event.c.seq > seq).order_by(event.c.seq).limit(limit)
        return [{**row._mapping} for row in self._scope.all(chosen)]
