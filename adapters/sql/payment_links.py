"""What payments have to do with: invoices they were ever applied to, BigCommerce transactions, every movement."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, true, union
from sqlalchemy.sql.functions import coalesce

from adapters.sql.filters import contains
from adapters.sql.scope import Scope, among, known_ids
from adapters.sql.tables import audit, audit_text, invoice, movement, payment, payment_pending
from domain.ledger import Kind
from domain.listing import PaymentMoved
from domain.money import Money

_THEIR_INVOICE: Final = (invoice.c.store_id == movement.c.store_id) & (invoice.c.id == movement.c.invoice_id)
_PENDING_INVOICE: Final = (invoice.c.store_id == payment_pending.c.store_id) & (
    invoice.c.id == payment_pending.c.invoice_id
)


def by_transaction(scope: Scope, search: str) -> ColumnElement[bool]:
    """Payments with a BigCommerce transaction id that has the fragment; an empty one finds everything."""
    if not search.strip():
        return true()
    found = select(movement.c.payment_id).where(
        scope.own(movement),
        movement.c.transaction_id.is_not(None),
        movement.c.payment_id.is_not(None),
        contains(func.lower(movement.c.transaction_id), search),
    )
    return payment.c.id.in_(found)


def by_invoice(scope: Scope, search: str) -> ColumnElement[bool]:
    """Payments applied to, or on their way for, an invoice whose number has the fragment."""
    if not search.strip():
        return true()
    number = contains(func.lower(invoice.c.number), search)
    return payment.c.id.in_(_applied(scope).where(number)) | payment.c.id.in_(_pending(scope).where(number))


def _applied(scope: Scope) -> Select[Any]:
    return (
        select(movement.c.payment_id)
        .join(invoice, _THEIR_INVOICE)
        .where(scope.own(movement), movement.c.kind == Kind.ALLOCATED, movement.c.payment_id.is_not(None))
    )


def _pending(scope: Scope) -> Select[Any]:
    return select(payment_pending.c.payment_id).join(invoice, _PENDING_INVOICE).where(scope.own(payment_pending))


class PaymentLinks:
    """Transaction ids and invoice numbers of the payments of one page, in two reads (I-17)."""

    def __init__(self, scope: Scope, payment_ids: Sequence[str]) -> None:
        self._transactions: dict[str, list[str]] = defaultdict(list)
        self._invoices: dict[str, list[str]] = defaultdict(list)
        if not payment_ids:
            return
        chosen = select(movement.c.payment_id, movement.c.transaction_id).where(
            scope.own(movement),
            among(movement.c.source_id, payment_ids),
            movement.c.transaction_id.is_not(None),
        )
        for row in scope.all(chosen.order_by(movement.c.seq)):
            self._transactions[row.payment_id].append(row.transaction_id)
        applied = _applied(scope).where(among(movement.c.source_id, payment_ids)).add_columns(invoice.c.number)
        pending = _pending(scope).where(among(payment_pending.c.payment_id, payment_ids))
        for row in scope.all(union(applied, pending.add_columns(invoice.c.number))):
            self._invoices[row.payment_id].append(row.number)

    def transactions(self, payment_id: str) -> tuple[str, ...]:
        return tuple(self._transactions[payment_id])

    def invoices(self, payment_id: str) -> tuple[str, ...]:
        return tuple(sorted(self._invoices[payment_id]))


def movements_of_payment(scope: Scope, payment_id: str) -> list[PaymentMoved]:
    """Oldest first."""
    ids = known_ids([payment_id])
    if not ids:
        return []
    row = movement.c
    chosen = (
        select(
            *(row.seq, row.kind, row.currency, row.source_effect, row.effective_on, row.recorded_at, row.invoice_id),
            *(row.transaction_id, audit.c.actor_kind, audit.c.actor_id, audit_text.c.who),
            coalesce(invoice.c.number, literal("")).label("invoice_number"),
        )
        .join(audit, (audit.c.store_id == row.store_id) & (audit.c.seq == row.audit_seq))
        .join(audit_text, (audit_text.c.store_id == row.store_id) & (audit_text.c.audit_seq == row.audit_seq))
        .outerjoin(invoice, _THEIR_INVOICE)
        .where(scope.own(movement), row.payment_id == ids[0])
        .order_by(row.seq)
    )
    return [_moved(found) for found in scope.all(chosen)]


def _moved(row: Row[Any]) -> PaymentMoved:
    return PaymentMoved(
        row.seq,
        Kind(row.kind),
        Money(row.source_effect, row.currency),
        row.effective_on,
        row.recorded_at,
        row.who or f"{row.actor_kind} {row.actor_id}",
        row.invoice_id,
        row.invoice_number,
        row.transaction_id or "",
    )
