"""The invoice list: `domain.listing.InvoiceFilter` in SQL."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, true

from adapters.sql.filters import at_least, at_most, contains, equals, first_of, within
from adapters.sql.paging import Key, page, read_day, read_number, read_text, read_uuid
from adapters.sql.scope import Scope, among, known_id, known_ids
from adapters.sql.tables import allocation, attempt, attempt_line, credit_memo, invoice, payment, payment_pending
from domain.errors import NotFound
from domain.invoice import Removed, Source, Status, closed_by
from domain.ledger import InvoiceAccount
from domain.listing import InvoiceFilter, InvoiceRow, Page, Sums, Totals, View
from domain.money import Money
from domain.payment_attempt import RESERVED_FOR, AttemptState

KEYS: Final = {
    "issued": Key(invoice.c.issued_on, read_day),
    "due": Key(invoice.c.due_on, read_day),
    "number": Key(invoice.c.number, read_text),
    "total": Key(invoice.c.total_minor, read_number),
    "balance": Key(invoice.c.balance_minor, read_number),
    "company": Key(invoice.c.company_folded, read_text),
}

_COLUMNS: Final = [column for column in invoice.columns if column.name not in ("search_text", "company_folded")]


class InvoiceList:
    def __init__(self, scope: Scope, today: Callable[[], date]) -> None:
        self._scope = scope
        self._today = today

    def page(self, chosen: InvoiceFilter, limit: int, cursor: str | None) -> Page[InvoiceRow]:
        statement = select(*_COLUMNS).where(self._matching(chosen), self._in_view(chosen.view))
        chunk = page(self._scope.all, statement, KEYS, Key(invoice.c.id, read_uuid), chosen.sort, limit, cursor)
        return Page(tuple(self._rows(chunk.rows)), chunk.next_cursor, chunk.previous_cursor)

    def row(self, invoice_id: str) -> InvoiceRow:
        mine = self._scope.own(invoice) & (invoice.c.id == known_id(invoice_id, "invoice"))
        rows = self._rows(self._scope.all(select(*_COLUMNS).where(mine)))
        if not rows:
            raise NotFound("invoice")
        return rows[0]

    def of_source(self, source_id: str) -> list[tuple[InvoiceRow, Money]]:
        """What a payment or credit memo is set off against, by number, each with its part."""
        mine = self._scope.own(allocation) & (allocation.c.source_id == known_id(source_id, "payment"))
        paid = (invoice.c.store_id == allocation.c.store_id) & (invoice.c.id == allocation.c.invoice_id)
        chosen = select(*_COLUMNS, allocation.c.amount_minor.label("part_minor")).join(allocation, paid).where(mine)
        rows = self._scope.all(chosen.order_by(invoice.c.number, invoice.c.id))
        parts = [Money(row.part_minor, row.currency) for row in rows]
        return list(zip(self._rows(rows), parts, strict=True))

    def counts(self, chosen: InvoiceFilter) -> Mapping[str, int]:
        columns = [func.count().filter(self._in_view(view)).label(view.value) for view in View]
        row = self._scope.run(select(*columns).select_from(invoice).where(self._matching(chosen))).one()
        return {view.value: getattr(row, view.value) for view in View}

    def sums(self, chosen: InvoiceFilter) -> list[Sums]:
        row = invoice.c
        columns = (
            row.currency,
            func.count().label("count_of"),
            func.sum(row.total_minor).filter(row.removed.is_(None)).label("total"),
            func.sum(row.balance_minor).label("balance"),
        )
        matching = select(*columns).where(self._matching(chosen), self._in_view(chosen.view))
        return [
            Sums(
                one.currency,
                one.count_of,
                Money(int(one.total or 0), one.currency),
                Money(int(one.balance), one.currency),
            )
            for one in self._scope.all(matching.group_by(row.currency).order_by(row.currency))
        ]

    def totals(self, company_id: int | None, companies: frozenset[int] | None) -> list[Totals]:
        owed = {row.currency: row for row in self._scope.all(self._owed(company_id, companies))}
        credit: dict[str, int] = {}
        for row in self._scope.all(self._credit(company_id, companies)):
            credit[row.currency] = credit.get(row.currency, 0) + int(row.available)
        return [
            Totals(
                currency,
                count=owed[currency].count_of if currency in owed else 0,
                open=Money(int(owed[currency].open) if currency in owed else 0, currency),
                overdue=Money(int(owed[currency].overdue) if currency in owed else 0, currency),
                available_credit=Money(credit.get(currency, 0), currency),
            )
            for currency in sorted(owed.keys() | credit.keys())
        ]

    # --- conditions -------------------------------------------------------------------------------------------
    def _matching(self, chosen: InvoiceFilter) -> ColumnElement[bool]:
        """The filter without its view."""
        row = invoice.c
        return and_(
            self._scope.own(invoice),
            contains(row.search_text, chosen.search),
            within(row.company_id, chosen.companies),
            equals(row.company_id, chosen.company_id),
            equals(row.source, chosen.source),
            equals(row.order_id, chosen.order_id),
            at_least(row.issued_on, chosen.issued_from),
            at_most(row.issued_on, chosen.issued_to),
            at_least(row.due_on, chosen.due_from),
            at_most(row.due_on, chosen.due_to),
            contains(first_of(row.search_text), chosen.number),
            equals(row.channel_id, chosen.channel_id),
            equals(row.currency, chosen.currency),
            *_totals_between(chosen),
            true() if chosen.ids is None else among(row.id, known_ids(chosen.ids)),
        )

    def _in_view(self, view: View) -> ColumnElement[bool]:
        row = invoice.c
        unpaid = row.balance_minor > 0
        conditions: dict[View, ColumnElement[bool]] = {
            View.ALL: row.status != Status.DELETED,
            View.UNPAID: unpaid,
            View.OVERDUE: unpaid & (row.due_on < self._today()),
            View.PARTIALLY_PAID: unpaid & (row.status == Status.PARTIALLY_PAID),
            View.CLOSED: row.status == Status.CLOSED,
            View.VOID: row.removed == Removed.VOID,
            View.DELETED: row.removed == Removed.DELETED,
        }
        return conditions[view]

    def _owed(self, company_id: int | None, companies: frozenset[int] | None) -> Select[Any]:
        row = invoice.c
        overdue = func.coalesce(func.sum(row.balance_minor).filter(row.due_on < self._today()), 0)
        columns = (
            row.currency,
            func.count().label("count_of"),
            func.sum(row.balance_minor).label("open"),
            overdue.label("overdue"),
        )
        return (
            select(*columns)
            .where(
                self._scope.own(invoice),
                row.balance_minor > 0,
                equals(row.company_id, company_id),
                within(row.company_id, companies),
            )
            .group_by(row.currency)
        )

    def _credit(self, company_id: int | None, companies: frozenset[int] | None) -> Select[Any]:
        parts = []
        for table in (payment, credit_memo):
            parts.append(
                select(table.c.currency, func.sum(table.c.available_minor).label("available"))
                .where(
                    self._scope.own(table),
                    table.c.available_minor > 0,
                    equals(table.c.company_id, company_id),
                    within(table.c.company_id, companies),
                )
                .group_by(table.c.currency)
            )
        both = parts[0].union_all(parts[1]).subquery()
        return select(both.c.currency, both.c.available)

    # --- rows -------------------------------------------------------------------------------------------------
    def _rows(self, rows: Sequence[Row[Any]]) -> list[InvoiceRow]:
        ids = [row.id for row in rows]
        pending, being_paid = self._pending(ids), self._being_paid(ids)
        return [_row(row, pending.get(row.id), row.id in being_paid) for row in rows]

    def _pending(self, ids: Sequence[str]) -> dict[str, tuple[int, date]]:
        """Money on its way and since when, by invoice."""
        if not ids:
            return {}
        row = payment_pending.c
        chosen = (
            select(
                row.invoice_id,
                func.sum(row.amount_minor).label("amount"),
                func.min(payment.c.effective_on).label("since"),
            )
            .join(payment, (payment.c.store_id == row.store_id) & (payment.c.id == row.payment_id))
            .where(self._scope.own(payment_pending), among(row.invoice_id, ids), payment.c.inflow_minor == 0)
            .group_by(row.invoice_id)
        )
        return {found.invoice_id: (int(found.amount), found.since) for found in self._scope.all(chosen)}

    def _being_paid(self, ids: Sequence[str]) -> set[str]:
        if not ids:
            return set()
        chosen = (
            select(attempt_line.c.invoice_id)
            .join(
                attempt, (attempt.c.store_id == attempt_line.c.store_id) & (attempt.c.id == attempt_line.c.attempt_id)
            )
            .where(
                self._scope.own(attempt_line),
                among(attempt_line.c.invoice_id, ids),
                attempt.c.state.in_([AttemptState.STARTED, AttemptState.CART_MADE]),
                attempt.c.started_at > func.now() - RESERVED_FOR,
            )
        )
        return {found.invoice_id for found in self._scope.all(chosen)}


def _totals_between(chosen: InvoiceFilter) -> Iterator[ColumnElement[bool]]:
    """Amounts compare within one currency."""
    row = invoice.c
    for bound, compared in ((chosen.total_from, at_least), (chosen.total_to, at_most)):
        if bound is not None:
            yield (row.currency == bound.currency) & compared(row.total_minor, bound.minor)


def _row(row: Row[Any], pending: tuple[int, date] | None, being_paid: bool) -> InvoiceRow:
    status = Status(row.status)
    account = InvoiceAccount(row.live_total_minor, row.paid_minor, row.credited_minor, row.written_off_minor)
    return InvoiceRow(
        id=row.id,
        number=row.number,
        source=Source(row.source),
        company_id=row.company_id,
        company_name=row.company_name,
        order_id=row.order_id,
        po_number=row.po_number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        total=Money(row.total_minor, row.currency),
        balance=Money(row.balance_minor, row.currency),
        paid=Money(account.paid + account.credited, row.currency),
        status=status,
        closed_by=closed_by(account).value if status is Status.CLOSED else None,
        pending=Money(pending[0], row.currency) if pending else None,
        pending_since=pending[1] if pending else None,
        being_paid=being_paid,
        channel_id=row.channel_id,
    )
