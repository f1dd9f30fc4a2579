"""Payments: what was received and what of it is set off, with what is still on its way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, exists, func, select, update

from adapters.sql.filters import folded
from adapters.sql.ledger import SqlLedger
from adapters.sql.posting import SOURCE_ACCOUNT
from adapters.sql.scope import Scope, among, known_id, known_ids
from adapters.sql.tables import allocation, movement, payment, payment_pending
from domain.errors import NotFound
from domain.ledger import Kind, Movement, Origin, SourceAccount, SourceKind
from domain.money import Money
from domain.payment import Method, Payment


class SqlPayments:
    def __init__(self, scope: Scope, ledger: SqlLedger) -> None:
        self._scope = scope
        self._ledger = ledger

    def add(self, new: Payment) -> None:
        row = {
            "id": new.id,
            "number": new.number,
            "company_id": new.company_id,
            "currency": new.currency,
            "bc_order_id": new.bc_order_id,
            "attempt_id": new.attempt_id,
            "external_id": new.external_id,
            **_editable(new),
        }
        self._scope.add(payment, row, number=new.number, company_id=new.company_id)
        self._put_pending(new)

    def get(self, payment_id: str) -> Payment:
        found = self._read([known_id(payment_id, "payment")])
        if not found:
            raise NotFound("payment")
        return found[0]

    def locked(self, payment_ids: Iterable[str]) -> dict[str, Payment]:
        """Ids that are no payment, such as a credit memo's, are left out."""
        wanted = known_ids(payment_ids)
        locking = select(payment.c.id).where(self._scope.own(payment), among(payment.c.id, wanted))
        held = self._scope.all(locking.order_by(payment.c.id).with_for_update(key_share=True))
        return {one.id: one for one in self._read([row.id for row in held])}

    def save(self, changed: Payment) -> None:
        mine = self._scope.own(payment) & (payment.c.id == known_id(changed.id, "payment"))
        if self._scope.run(update(payment).where(mine).values(**_editable(changed))).rowcount == 0:
            raise NotFound("payment")
        theirs = self._scope.own(payment_pending) & (payment_pending.c.payment_id == changed.id)
        self._scope.run(delete(payment_pending).where(theirs))
        self._put_pending(changed)

    def find_by_order(self, bc_order_id: int) -> Payment | None:
        chosen = select(payment.c.id).where(self._scope.own(payment), payment.c.bc_order_id == bc_order_id)
        found = self._read([row.id for row in self._scope.all(chosen)])
        return found[0] if found else None

    def by_orders(self, bc_order_ids: Iterable[int]) -> dict[int, Payment]:
        chosen = select(payment.c.id).where(self._scope.own(payment), among(payment.c.bc_order_id, bc_order_ids))
        found = self._read([row.id for row in self._scope.all(chosen)])
        return {one.bc_order_id: one for one in found if one.bc_order_id is not None}

    def booked_transactions(self, ids: Iterable[str]) -> dict[str, str]:
        wanted = set(ids)
        if not wanted:
            return {}
        chosen = select(movement.c.transaction_id, movement.c.source_id).where(
            self._scope.own(movement), among(movement.c.transaction_id, wanted)
        )
        booked = {row.transaction_id: row.source_id for row in self._scope.all(chosen)}
        queued = self._ledger.queued_transactions()
        return booked | {key: queued[key] for key in wanted & queued.keys()}

    def allocated_to(self, invoice_id: str) -> list[str]:
        chosen = select(allocation.c.source_id).where(
            self._scope.own(allocation), allocation.c.invoice_id == known_id(invoice_id, "invoice")
        )
        newest_first = chosen.order_by(allocation.c.changed_at.desc(), allocation.c.source_id.desc())
        return [row.source_id for row in self._scope.all(newest_first)]

    def pending_on(self, invoice_ids: Iterable[str]) -> dict[str, Money]:
        amount = func.sum(payment_pending.c.amount_minor).label("amount")
        chosen = (
            select(payment_pending.c.invoice_id, payment_pending.c.currency, amount)
            .join(
                payment,
                (payment.c.store_id == payment_pending.c.store_id) & (payment.c.id == payment_pending.c.payment_id),
            )
            .where(
                self._scope.own(payment_pending),
                among(payment_pending.c.invoice_id, known_ids(invoice_ids)),
                payment.c.inflow_minor == 0,
            )
            .group_by(payment_pending.c.invoice_id, payment_pending.c.currency)
        )
        return {row.invoice_id: Money(int(row.amount), row.currency) for row in self._scope.all(chosen)}

    def number_is_used(self, number: str) -> bool:
        return bool(self._scope.scalar(select(exists().where(self._scope.own(payment), payment.c.number == number))))

    def find_similar(self, new: Payment, amount: Money, since: date) -> Payment | None:
        chosen = select(payment.c.id).where(
            self._scope.own(payment),
            payment.c.company_id == new.company_id,
            payment.c.effective_on >= since,
            payment.c.method == new.method.value,
            payment.c.memo == new.memo,
            payment.c.currency == amount.currency,
            payment.c.inflow_minor == amount.minor,
            payment.c.id != known_id(new.id, "payment"),
        )
        latest = chosen.order_by(payment.c.effective_on.desc(), payment.c.id.desc()).limit(1)
        found = self._read([row.id for row in self._scope.all(latest)])
        return found[0] if found else None

    def movements(self, payment_id: str) -> list[Movement]:
        self._ledger.flush()
        mine = self._scope.own(movement) & (movement.c.payment_id == known_id(payment_id, "payment"))
        return [_movement(row) for row in self._scope.all(select(movement).where(mine).order_by(movement.c.seq))]

    # --- inside ---------------------------------------------------------------------------------------------
    def _read(self, ids: Sequence[str]) -> list[Payment]:
        if not ids:
            return []
        rows = self._scope.all(
            select(payment).where(self._scope.own(payment), among(payment.c.id, ids)).order_by(payment.c.id)
        )
        allocations = live_allocations(self._scope, ids)
        pending: dict[str, dict[str, int]] = defaultdict(dict)
        chosen = select(payment_pending).where(
            self._scope.own(payment_pending), among(payment_pending.c.payment_id, ids)
        )
        for row in self._scope.all(chosen.order_by(payment_pending.c.invoice_id)):
            pending[row.payment_id][row.invoice_id] = row.amount_minor
        return [_payment(row, allocations[row.id], pending[row.id]) for row in rows]

    def _put_pending(self, one: Payment) -> None:
        rows = [
            {"payment_id": one.id, "invoice_id": invoice_id, "amount_minor": amount, "currency": one.currency}
            for invoice_id, amount in one.pending.items()
            if amount > 0
        ]
        self._scope.add(payment_pending, rows)


def live_allocations(scope: Scope, source_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Minor units by invoice id, for each source."""
    chosen = select(allocation).where(scope.own(allocation), among(allocation.c.source_id, source_ids))
    result: dict[str, dict[str, int]] = defaultdict(dict)
    for row in scope.all(chosen.order_by(allocation.c.changed_at, allocation.c.invoice_id)):
        result[row.source_id][row.invoice_id] = row.amount_minor
    return result


def _editable(one: Payment) -> dict[str, Any]:
    """The columns `save` writes; never an account. The company's name is searched in its own table."""
    order = str(one.bc_order_id) if one.bc_order_id is not None else ""
    return {
        "effective_on": one.effective_on,
        "method": one.method.value,
        "method_label": one.method_label,
        "memo": one.memo,
        "recorded_by": one.recorded_by,
        "announced_minor": one.announced,
        "recovery_id": one.recovery_id,
        "failed": one.failed,
        "needs_review": one.needs_review,
        "pending_minor": sum(one.pending.values()) + one.announced,
        "search_text": folded(one.number, one.memo, order),
    }


def _payment(row: Row[Any], allocations: dict[str, int], pending: dict[str, int]) -> Payment:
    return Payment(
        id=row.id,
        number=row.number,
        company_id=row.company_id,
        currency=row.currency,
        effective_on=row.effective_on,
        account=SourceAccount(*(getattr(row, f"{name}_minor") for name in SOURCE_ACCOUNT)),
        allocations=allocations,
        method=Method(row.method),
        method_label=row.method_label,
        memo=row.memo,
        bc_order_id=row.bc_order_id,
        attempt_id=row.attempt_id,
        external_id=row.external_id,
        pending=pending,
        failed=row.failed,
        needs_review=row.needs_review,
        recorded_by=row.recorded_by,
        announced=row.announced_minor,
        recovery_id=row.recovery_id,
    )


def _movement(row: Row[Any]) -> Movement:
    return Movement(
        kind=Kind(row.kind),
        amount=Money(row.amount_minor, row.currency),
        company_id=row.company_id,
        effective_on=row.effective_on,
        invoice_id=row.invoice_id,
        source_id=row.source_id,
        source_kind=SourceKind(row.source_kind),
        payer_company_id=row.payer_company_id,
        transaction_id=row.transaction_id,
        origin=Origin(row.origin),
        recorded_at=row.recorded_at,
        seq=row.seq,
    )
