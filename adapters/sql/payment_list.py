"""The payment list: `domain.listing.PaymentFilter` in SQL, and the payments of one invoice."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, true

from adapters.sql.filters import at_least, at_most, contains, equals, within
from adapters.sql.paging import Key, page, read_day, read_number, read_text, read_uuid
from adapters.sql.payment_links import PaymentLinks, by_invoice, by_transaction
from adapters.sql.scope import Scope, known_id, known_ids
from adapters.sql.tables import allocation, company, credit_memo, invoice, movement, payment, payment_pending
from domain.ledger import Kind
from domain.listing import InvoicePayment, Page, PaymentFilter, PaymentRow
from domain.money import Money
from domain.payment import OFFLINE, Method, PaymentStatus

KEYS: Final = {
    "received": Key(payment.c.effective_on, read_day),
    "number": Key(payment.c.number, read_text),
    "amount": Key(payment.c.amount_minor, read_number),
    "available": Key(payment.c.available_minor, read_number),
}

METHOD_WORDS: Final = {
    Method.CHECK: "Check",
    Method.CASH: "Cash",
    Method.BANK_TRANSFER: "Bank transfer",
    Method.OTHER: "Other",
    Method.ONLINE: "Online",
    Method.ORDER: "Paid with the order",
    Method.ELSEWHERE: "Settled elsewhere",
}
"""What is shown where a payment has no label of its own."""

WENT_BACK: Final = (PaymentStatus.REVERSED, PaymentStatus.REFUNDED, PaymentStatus.CHARGED_BACK)
"""Money that came and left again: it stays in the history of the invoices it was applied to."""


class PaymentList:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def page(self, chosen: PaymentFilter, limit: int, cursor: str | None) -> Page[PaymentRow]:
        whose = (company.c.store_id == payment.c.store_id) & (company.c.id == payment.c.company_id)
        columns = [column for column in payment.columns if column.name != "search_text"]
        statement = (
            select(*columns, company.c.name.label("company_name")).join(company, whose).where(self._matching(chosen))
        )
        chunk = page(self._scope.all, statement, KEYS, Key(payment.c.id, read_uuid), chosen.sort, limit, cursor)
        about = PaymentLinks(self._scope, [row.id for row in chunk.rows])
        rows = (_row(row, about) for row in chunk.rows)
        return Page(tuple(rows), chunk.next_cursor, chunk.previous_cursor)

    def of_invoice(self, invoice_id: str) -> list[InvoicePayment]:
        """Live allocations, what is on its way, and payments that went back after they were applied."""
        wanted = known_ids([invoice_id])
        found = [*self._live(wanted), *self._pending(wanted), *self._gone(wanted)] if wanted else []
        return sorted(found, key=lambda one: (one.received_on, one.number))

    def of_source(self, source_id: str) -> list[tuple[str, str, Money]]:
        chosen = (
            select(invoice.c.id, invoice.c.number, allocation.c.amount_minor, allocation.c.currency)
            .join(invoice, (invoice.c.store_id == allocation.c.store_id) & (invoice.c.id == allocation.c.invoice_id))
            .where(self._scope.own(allocation), allocation.c.source_id == known_id(source_id, "payment"))
            .order_by(invoice.c.number, invoice.c.id)
        )
        return [(row.id, row.number, Money(row.amount_minor, row.currency)) for row in self._scope.all(chosen)]

    # --- inside -----------------------------------------------------------------------------------------------
    def _matching(self, chosen: PaymentFilter) -> ColumnElement[bool]:
        row = payment.c
        found = or_(
            contains(row.search_text, chosen.search),
            contains(company.c.name_folded, chosen.search),
            by_transaction(self._scope, chosen.search),
        )
        return and_(
            self._scope.own(payment),
            found,
            within(row.company_id, chosen.companies),
            equals(row.company_id, chosen.company_id),
            equals(row.status, chosen.status),
            equals(row.method, chosen.method),
            row.available_minor > 0 if chosen.unapplied_only else true(),
            true() if chosen.is_online is None else row.method.not_in(OFFLINE) == chosen.is_online,
            row.needs_review if chosen.needs_review else true(),
            by_invoice(self._scope, chosen.invoice),
            at_least(row.effective_on, chosen.received_from),
            at_most(row.effective_on, chosen.received_to),
        )

    def _live(self, invoice_ids: list[str]) -> list[InvoicePayment]:
        row = allocation.c
        columns = [row.source_id.label("id"), row.amount_minor.label("amount"), row.currency]
        mine = (self._scope.own(allocation), row.invoice_id == invoice_ids[0])
        payments = (
            select(*columns, *_SHOWN)
            .join(payment, (payment.c.store_id == row.store_id) & (payment.c.id == row.payment_id))
            .where(*mine)
        )
        memos = (
            select(*columns, credit_memo.c.number, credit_memo.c.effective_on)
            .join(credit_memo, (credit_memo.c.store_id == row.store_id) & (credit_memo.c.id == row.credit_memo_id))
            .where(*mine)
        )
        return [*map(_line, self._scope.all(payments)), *map(_memo_line, self._scope.all(memos))]

    def _pending(self, invoice_ids: list[str]) -> list[InvoicePayment]:
        row = payment_pending.c
        chosen = (
            select(row.payment_id.label("id"), row.amount_minor.label("amount"), row.currency, *_SHOWN)
            .join(payment, (payment.c.store_id == row.store_id) & (payment.c.id == row.payment_id))
            .where(self._scope.own(payment_pending), row.invoice_id == invoice_ids[0], payment.c.inflow_minor == 0)
        )
        return [_line(found) for found in self._scope.all(chosen)]

    def _gone(self, invoice_ids: list[str]) -> list[InvoicePayment]:
        row = movement.c
        applied = func.sum(row.amount_minor).label("amount")
        still_live = (
            select(allocation.c.source_id)
            .where(self._scope.own(allocation), allocation.c.invoice_id == invoice_ids[0])
            .scalar_subquery()
        )
        chosen = (
            select(row.payment_id.label("id"), applied, row.currency, *_SHOWN)
            .join(payment, (payment.c.store_id == row.store_id) & (payment.c.id == row.payment_id))
            .where(
                self._scope.own(movement),
                row.invoice_id == invoice_ids[0],
                row.kind == Kind.ALLOCATED,
                payment.c.status.in_(WENT_BACK),
                row.payment_id.not_in(still_live),
            )
            .group_by(row.payment_id, row.currency, *_SHOWN)
        )
        return [_line(found) for found in self._scope.all(chosen)]


_SHOWN: Final = (
    payment.c.number,
    payment.c.effective_on,
    payment.c.method,
    payment.c.method_label,
    payment.c.memo,
    payment.c.status,
)


def _line(row: Row[Any]) -> InvoicePayment:
    return InvoicePayment(
        source_id=row.id,
        number=row.number,
        received_on=row.effective_on,
        method=row.method_label or METHOD_WORDS[Method(row.method)],
        memo=row.memo,
        status=row.status,
        amount=Money(int(row.amount), row.currency),
    )


def _memo_line(row: Row[Any]) -> InvoicePayment:
    return InvoicePayment(
        source_id=row.id,
        number=row.number,
        received_on=row.effective_on,
        method="Credit memo",
        memo="",
        status=PaymentStatus.COMPLETED.value,
        amount=Money(int(row.amount), row.currency),
        is_credit_memo=True,
    )


def _row(row: Row[Any], about: PaymentLinks) -> PaymentRow:
    method = Method(row.method)
    return PaymentRow(
        id=row.id,
        number=row.number,
        received_on=row.effective_on,
        company_id=row.company_id,
        company_name=row.company_name,
        method=method,
        method_label=row.method_label,
        memo=row.memo,
        amount=Money(row.amount_minor, row.currency),
        applied=Money(row.allocated_minor, row.currency),
        available=Money(row.available_minor, row.currency),
        status=PaymentStatus(row.status),
        is_online=method not in OFFLINE,
        needs_review=row.needs_review,
        bc_order_id=row.bc_order_id,
        transaction_ids=about.transactions(row.id),
        invoice_numbers=about.invoices(row.id),
    )
