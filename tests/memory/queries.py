"""Reads for screens: build every row, ask the filter, sort, cut a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from adapters.sql import invoice_list, order_list, payment_list
from adapters.sql.paging import read_number, read_uuid
from adapters.sql.payment_list import METHOD_WORDS, WENT_BACK
from domain.audit_log import AuditFilter, AuditRow
from domain.invoice import Invoice
from domain.ledger import Kind, Movement
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
    View,
)
from domain.money import Money, total
from domain.order import Order
from domain.order_change import ChangeKind
from domain.overview import Figures
from domain.payment import Payment, PaymentStatus
from domain.review import ReviewKind
from tests.memory.audit import audit_log
from tests.memory.data import Entry, StoreData
from tests.memory.documents import MemoryCreditMemos, MemoryInvoices, MemoryPayments
from tests.memory.overview import figures
from tests.memory.pages import cut_page
from tests.memory.register import register

INVOICE_SORTS: dict[str, Callable[[InvoiceRow], Any]] = {
    "issued": lambda row: row.issued_on,
    "due": lambda row: row.due_on,
    "number": lambda row: row.number,
    "total": lambda row: row.total.minor,
    "balance": lambda row: row.balance.minor,
    "company": lambda row: row.company_name.casefold(),
}
ORDER_SORTS: dict[str, Callable[[OrderRow], Any]] = {
    "placed": lambda row: row.placed_at,
    "order": lambda row: row.id,
    "total": lambda row: row.total.minor,
}
PAYMENT_SORTS: dict[str, Callable[[PaymentRow], Any]] = {
    "received": lambda row: row.received_on,
    "number": lambda row: row.number,
    "amount": lambda row: row.amount.minor,
    "available": lambda row: row.available.minor,
}


class MemoryQueries:
    def __init__(self, data: StoreData, now: datetime, today: Callable[[], date]) -> None:
        self._data = data
        self._now = now
        self._today = today
        self._invoices = MemoryInvoices(data)
        self._payments = MemoryPayments(data)
        self._memos = MemoryCreditMemos(data)

    # --- invoices ---------------------------------------------------------------------------------------------
    def invoices(self, chosen: InvoiceFilter, limit: int, cursor: str | None) -> Page[InvoiceRow]:
        rows = [row for row in self._invoice_rows() if chosen.matches(row, self._today())]
        return cut_page(rows, INVOICE_SORTS, invoice_list.KEYS, read_uuid, chosen.sort, limit, cursor)

    def invoice_row(self, invoice_id: str) -> InvoiceRow:
        return self._invoice_row(self._invoices.get(invoice_id))

    def invoice_counts(self, chosen: InvoiceFilter) -> Mapping[str, int]:
        rows = self._invoice_rows()
        return {
            view.value: sum(replace(chosen, view=view).matches(row, self._today()) for row in rows) for view in View
        }

    def invoice_sums(self, chosen: InvoiceFilter) -> list[Sums]:
        rows = [row for row in self._invoice_rows() if chosen.matches(row, self._today())]
        by_currency = {code: [row for row in rows if row.total.currency == code] for code in _codes(rows)}
        return [
            Sums(
                code,
                len(mine),
                total((row.live_total for row in mine), code),
                total((row.balance for row in mine), code),
            )
            for code, mine in by_currency.items()
        ]

    def numbers(self, series: str, *, only_gaps: bool, before: int | None, limit: int) -> Register:
        return register(self._data, series, only_gaps, before, limit)

    def totals(self, company_id: int | None, companies: frozenset[int] | None = None) -> list[Totals]:
        def is_wanted(one: int) -> bool:
            return company_id in (None, one) and (companies is None or one in companies)

        owed = [row for row in self._invoice_rows() if row.balance.minor and is_wanted(row.company_id)]
        payments = [self._payments.get(payment_id) for payment_id in self._data.payments]
        memos = [self._memos.get(memo_id) for memo_id in self._data.memos]
        credit = [one.available for one in [*payments, *memos] if one.available and is_wanted(one.company_id)]
        currencies = {row.balance.currency for row in owed} | {amount.currency for amount in credit}
        return [self._totals(currency, owed, credit) for currency in sorted(currencies)]

    def figures(self, companies: frozenset[int] | None) -> list[Figures]:
        invoices = [row for row in self._invoice_rows() if companies is None or row.company_id in companies]
        payments = [self._payments.get(payment_id) for payment_id in self._data.payments]
        mine = [one for one in payments if companies is None or one.company_id in companies]
        names = {one.id: one.name for one in self._data.companies.values()}
        return figures(invoices, mine, names, self._today())

    def _totals(self, currency: str, owed: Sequence[InvoiceRow], credit: Sequence[Money]) -> Totals:
        mine = [row for row in owed if row.balance.currency == currency]
        return Totals(
            currency,
            count=len(mine),
            open=total((row.balance for row in mine), currency),
            overdue=total((row.balance for row in mine if row.due_on < self._today()), currency),
            available_credit=total((one for one in credit if one.currency == currency), currency),
        )

    def _invoice_rows(self) -> list[InvoiceRow]:
        return [self._invoice_row(self._invoices.get(invoice_id)) for invoice_id in self._data.invoices]

    def _invoice_row(self, one: Invoice) -> InvoiceRow:
        waiting = [payment for payment in self._waiting_payments() if one.id in payment.pending]
        return InvoiceRow(
            id=one.id,
            number=one.number,
            source=one.source,
            company_id=one.company_id,
            company_name=one.company_name,
            order_id=one.order_id,
            po_number=one.content.po_number,
            issued_on=one.content.issued_on,
            due_on=one.content.due_on,
            total=one.total,
            balance=one.balance,
            paid=one.paid,
            status=one.status,
            closed_by=one.closed_by.value if one.closed_by else None,
            pending=Money(sum(payment.pending[one.id] for payment in waiting), one.currency) if waiting else None,
            pending_since=min((payment.effective_on for payment in waiting), default=None),
            being_paid=any(
                attempt.reserves(self._now) and one.id in {line.invoice_id for line in attempt.lines}
                for attempt in self._data.attempts.values()
            ),
            channel_id=one.channel_id,
        )

    def _waiting_payments(self) -> list[Payment]:
        found = [self._payments.get(payment_id) for payment_id in self._data.payments]
        return [payment for payment in found if payment.account.inflow == 0]

    # --- orders -----------------------------------------------------------------------------------------------
    def orders(self, chosen: OrderFilter, limit: int, cursor: str | None) -> Page[OrderRow]:
        rows = [row for row in self._order_rows() if chosen.matches(row)]
        return cut_page(rows, ORDER_SORTS, order_list.KEYS, read_number, chosen.sort, limit, cursor)

    def order_counts(self, chosen: OrderFilter) -> Mapping[str, int]:
        every = replace(chosen, invoiced=None, historic=False)
        rows = [row for row in self._order_rows() if every.matches(row)]
        old = [row for row in self._order_rows() if replace(every, historic=True).matches(row)]
        invoiced = sum(row.invoice_id is not None for row in rows)
        return {
            "not_invoiced": len(rows) - invoiced,
            "invoiced": invoiced,
            "all": len(rows),
            "historic": len(old),
        }

    def _order_rows(self) -> list[OrderRow]:
        listed = [one for one in self._data.orders.values() if one.is_b2b and not one.is_invoice_payment]
        return [self._order_row(one) for one in listed]

    def _order_row(self, one: Order) -> OrderRow:
        company_id = one.company_id or 0
        company = self._data.companies.get(company_id)
        live = self._invoices.live_for_order(one.id)
        return OrderRow(
            id=one.id,
            placed_at=one.placed_at.astimezone(UTC),
            company_id=company_id,
            company_name=company.name if company else "",
            buyer_name=one.buyer_name,
            po_number=one.po_number,
            total=one.total,
            status_id=one.status_id,
            status=one.status,
            is_archived=one.is_archived,
            invoice_id=live[0].id if live else None,
            invoice_number=live[0].number if live else None,
            invoice_status=live[0].status if live else None,
            why_not=one.why_not_invoiceable(),
            changed=self._changed(one.id) if live else None,
        )

    def _changed(self, order_id: int) -> ChangeKind | None:
        for review in self._data.reviews.values():
            is_open = review.settled_at is None and review.kind is ReviewKind.ORDER_CHANGED
            if is_open and review.subject_id == str(order_id) and review.facts.get("change"):
                return ChangeKind(review.facts["change"])
        return None

    # --- payments ---------------------------------------------------------------------------------------------
    def payments(self, chosen: PaymentFilter, limit: int, cursor: str | None) -> Page[PaymentRow]:
        rows = [self._payment_row(self._payments.get(payment_id)) for payment_id in self._data.payments]
        found = [row for row in rows if chosen.matches(row)]
        return cut_page(found, PAYMENT_SORTS, payment_list.KEYS, read_uuid, chosen.sort, limit, cursor)

    def _payment_row(self, one: Payment) -> PaymentRow:
        mine = [moved for moved in self._data.movements if moved.source_id == one.id]
        applied = {moved.invoice_id or "" for moved in mine if moved.kind is Kind.ALLOCATED}
        return PaymentRow(
            id=one.id,
            number=one.number,
            received_on=one.effective_on,
            company_id=one.company_id,
            company_name=self._data.companies[one.company_id].name,
            method=one.method,
            method_label=one.method_label,
            memo=one.memo,
            amount=one.amount,
            applied=one.applied,
            available=one.available,
            status=one.status,
            is_online=one.is_online,
            needs_review=one.needs_review,
            bc_order_id=one.bc_order_id,
            transaction_ids=tuple(moved.transaction_id for moved in mine if moved.transaction_id),
            invoice_numbers=tuple(sorted(self._data.invoices[key].number for key in applied | one.pending.keys())),
        )

    def payments_of(self, invoice_id: str) -> list[InvoicePayment]:
        lines = [self._payment_line(self._payments.get(one), invoice_id) for one in self._data.payments]
        for memo_id in self._data.memos:
            memo = self._memos.get(memo_id)
            amount = memo.allocations.get(invoice_id, 0)
            if amount:
                status, money = PaymentStatus.COMPLETED.value, Money(amount, memo.currency)
                shown = (memo.id, memo.number, memo.effective_on, "Credit memo", "", status, money)
                lines.append(InvoicePayment(*shown, is_credit_memo=True))
        found = [line for line in lines if line is not None]
        return sorted(found, key=lambda line: (line.received_on, line.number))

    def _payment_line(self, one: Payment, invoice_id: str) -> InvoicePayment | None:
        amount = one.allocations.get(invoice_id, 0)
        if not amount and one.account.inflow == 0:
            amount = one.pending.get(invoice_id, 0)
        if not amount and one.status in WENT_BACK:
            amount = sum(
                moved.amount.minor
                for moved in self._data.movements
                if (moved.kind, moved.source_id, moved.invoice_id) == (Kind.ALLOCATED, one.id, invoice_id)
            )
        if not amount:
            return None
        method, money = one.method_label or METHOD_WORDS[one.method], Money(amount, one.currency)
        return InvoicePayment(one.id, one.number, one.effective_on, method, one.memo, one.status.value, money)

    def invoices_of(self, source_id: str) -> list[tuple[str, str, Money]]:
        live = [(pair[1], kept.amount) for pair, kept in self._data.allocations.items() if pair[0] == source_id]
        rows = []
        for invoice_id, amount in live:
            invoice = self._data.invoices[invoice_id]
            rows.append((invoice_id, invoice.number, Money(amount, invoice.currency)))
        return sorted(rows, key=lambda row: (row[1], row[0]))

    def applied_to(self, source_id: str) -> list[tuple[InvoiceRow, Money]]:
        return [(self.invoice_row(invoice_id), amount) for invoice_id, _, amount in self.invoices_of(source_id)]

    def movements_of_payment(self, payment_id: str) -> list[PaymentMoved]:
        pairs = zip(self._data.movements, self._data.movement_entries, strict=True)
        mine = [(moved, self._data.audit[entry]) for moved, entry in pairs if moved.source_id == payment_id]
        return [
            PaymentMoved(
                moved.seq or 0,
                moved.kind,
                Money(moved.source_effect, moved.amount.currency),
                moved.effective_on,
                entry.at,
                entry.actor.name or f"{entry.actor.kind} {entry.actor.id}",
                moved.invoice_id,
                self._data.invoices[moved.invoice_id].number if moved.invoice_id else "",
                moved.transaction_id or "",
            )
            for moved, entry in mine
        ]

    def movements_of(self, invoice_id: str) -> list[Moved]:
        found: list[Moved] = []
        for moved, entry in zip(self._data.movements, self._data.movement_entries, strict=True):
            if moved.invoice_id == invoice_id:
                found.append(self._moved(moved, self._data.audit[entry], found))
        return found

    def _moved(self, moved: Movement, entry: Entry, before: Sequence[Moved]) -> Moved:
        effect = Money(moved.invoice_effect, moved.amount.currency)
        document = self._data.payments.get(moved.source_id or "") or self._data.memos.get(moved.source_id or "")
        return Moved(
            moved.seq or 0,
            moved.kind,
            effect,
            before[-1].balance + effect if before else effect,
            moved.effective_on,
            entry.at,
            entry.actor.name or f"{entry.actor.kind} {entry.actor.id}",
            moved.source_id,
            document.number if document else "",
            moved.source_kind,
        )

    # --- history ----------------------------------------------------------------------------------------------
    def history(self, subject_kind: str, subject_id: str) -> list[HistoryEntry]:
        mine = [
            one for one in self._data.audit if (one.act.subject_kind, one.act.subject_id) == (subject_kind, subject_id)
        ]
        return [
            HistoryEntry(
                one.at,
                one.actor.name or f"{one.actor.kind} {one.actor.id}",
                one.act.what,
                dict(one.act.changes),
                dict(one.act.texts),
            )
            for one in reversed(mine)
        ]

    def audit_log(self, chosen: AuditFilter, limit: int, cursor: str | None) -> Page[AuditRow]:
        return audit_log(self._data, chosen, limit, cursor)

    def events_after(self, seq: int, limit: int) -> list[Mapping[str, object]]:
        return list(self._data.events[max(seq, 0) : max(seq, 0) + limit])


def _codes(rows: Sequence[InvoiceRow]) -> list[str]:
    return sorted({row.total.currency for row in rows})
