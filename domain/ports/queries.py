"""Reads for screens and APIs: SQL on its own, never the model (style 2.1 habit 8)."""

from collections.abc import Mapping
from typing import Protocol

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


class Queries(Protocol):
    """Reads for screens and APIs: SQL on its own, never the model (style 2.1 habit 8)."""

    def invoices(self, chosen: InvoiceFilter, limit: int, cursor: str | None) -> Page[InvoiceRow]: ...

    def invoice_row(self, invoice_id: str) -> InvoiceRow: ...

    def invoice_counts(self, chosen: InvoiceFilter) -> Mapping[str, int]:
        """Rows per view, for the pills: the filter without its view."""

    def invoice_sums(self, chosen: InvoiceFilter) -> list[Sums]:
        """What the filtered invoices come to, per currency by code."""

    def numbers(self, series: str, *, only_gaps: bool, before: int | None, limit: int) -> Register:
        """The register of a series (R-5), below a number where given."""

    def totals(self, company_id: int | None, companies: frozenset[int] | None = None) -> list[Totals]:
        """Of one company or all, within `companies` where they are given."""

    def figures(self, companies: frozenset[int] | None) -> list[Figures]:
        """What the first page shows, per currency by code, within `companies` where they are given."""

    def orders(self, chosen: OrderFilter, limit: int, cursor: str | None) -> Page[OrderRow]: ...

    def order_counts(self, chosen: OrderFilter) -> Mapping[str, int]:
        """Rows by `not_invoiced`, `invoiced`, `all`."""

    def payments(self, chosen: PaymentFilter, limit: int, cursor: str | None) -> Page[PaymentRow]: ...

    def payments_of(self, invoice_id: str) -> list[InvoicePayment]: ...

    def invoices_of(self, source_id: str) -> list[tuple[str, str, Money]]:
        """Live allocations of a payment: invoice id, number, amount."""

    def applied_to(self, source_id: str) -> list[tuple[InvoiceRow, Money]]:
        """The same with what stands on each invoice now, in one read however many they are (I-17)."""

    def movements_of(self, invoice_id: str) -> list[Moved]:
        """Everything that ever moved the invoice's balance, oldest first."""

    def movements_of_payment(self, payment_id: str) -> list[PaymentMoved]:
        """Everything that ever moved its money, oldest first."""

    def history(self, subject_kind: str, subject_id: str) -> list[HistoryEntry]: ...

    def audit_log(self, chosen: AuditFilter, limit: int, cursor: str | None) -> Page[AuditRow]:
        """Newest first."""

    def events_after(self, seq: int, limit: int) -> list[Mapping[str, object]]: ...
