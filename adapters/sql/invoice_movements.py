"""The movements of one invoice with who booked them, as its detail page shows them."""

from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.sql.functions import coalesce

from adapters.sql.scope import Scope, known_ids
from adapters.sql.tables import audit, audit_text, credit_memo, movement, payment
from domain.ledger import Kind, SourceKind
from domain.listing import Moved
from domain.money import Money


def movements_of(scope: Scope, invoice_id: str) -> list[Moved]:
    """Oldest first, each with the balance after it."""
    ids = known_ids([invoice_id])
    if not ids:
        return []
    row = movement.c
    running = func.sum(row.invoice_effect).over(order_by=row.seq).label("balance")
    chosen = (
        select(
            *(row.seq, row.kind, row.currency, row.invoice_effect, running, row.effective_on, row.recorded_at),
            *(row.source_id, row.source_kind, audit.c.actor_kind, audit.c.actor_id, audit_text.c.who),
            coalesce(payment.c.number, credit_memo.c.number, "").label("source_number"),
        )
        .join(audit, (audit.c.store_id == row.store_id) & (audit.c.seq == row.audit_seq))
        .join(audit_text, (audit_text.c.store_id == row.store_id) & (audit_text.c.audit_seq == row.audit_seq))
        .outerjoin(payment, _is(payment, row.payment_id))
        .outerjoin(credit_memo, _is(credit_memo, row.credit_memo_id))
        .where(scope.own(movement), row.invoice_id == ids[0])
        .order_by(row.seq)
    )
    return [_moved(found) for found in scope.all(chosen)]


def _is(table: Any, source_id: ColumnElement[Any]) -> ColumnElement[bool]:
    same: ColumnElement[bool] = (table.c.store_id == movement.c.store_id) & (table.c.id == source_id)
    return same


def _moved(row: Row[Any]) -> Moved:
    return Moved(
        row.seq,
        Kind(row.kind),
        Money(row.invoice_effect, row.currency),
        Money(int(row.balance), row.currency),
        row.effective_on,
        row.recorded_at,
        row.who or f"{row.actor_kind} {row.actor_id}",
        row.source_id,
        row.source_number,
        SourceKind(row.source_kind) if row.source_kind else None,
    )
