"""Payment attempts: what a buyer chose to pay, committed before the cart is made (F-3)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from adapters.sql.scope import Scope, among, known_id, known_ids
from adapters.sql.tables import attempt, attempt_line
from domain.errors import NotFound
from domain.money import Money
from domain.payment_attempt import RESERVED_FOR, AttemptLine, AttemptState, PaymentAttempt


class SqlAttempts:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, new: PaymentAttempt) -> None:
        row = {
            "id": new.id,
            "company_id": new.company_id,
            "customer_id": new.customer_id,
            "currency": new.currency,
            "payment_number": new.payment_number,
            "started_at": new.started_at,
            "channel_id": new.channel_id,
            "state": new.state.value,
            "cart_id": new.cart_id,
            "masquerading_rep": new.masquerading_rep,
        }
        self._scope.add(attempt, row, company_id=new.company_id)
        lines = [
            {
                "attempt_id": new.id,
                "position": position,
                "invoice_id": line.invoice_id,
                "number": line.number,
                "due_on": line.due_on,
                "amount_minor": line.amount.minor,
                "currency": line.amount.currency,
            }
            for position, line in enumerate(new.lines)
        ]
        self._scope.add(attempt_line, lines)

    def get(self, attempt_id: str) -> PaymentAttempt:
        found = self._read(attempt.c.id == known_id(attempt_id, "payment attempt"))
        if not found:
            raise NotFound("payment attempt")
        return found[0]

    def locked(self, attempt_id: str) -> PaymentAttempt:
        mine = self._scope.own(attempt) & (attempt.c.id == known_id(attempt_id, "payment attempt"))
        self._scope.run(select(attempt.c.id).where(mine).with_for_update(key_share=True))
        # Read in a second statement: the first one's snapshot may be from before the lock was ours.
        return self.get(attempt_id)

    def save(self, changed: PaymentAttempt) -> None:
        """Writes state and cart; the rest never changes."""
        mine = self._scope.own(attempt) & (attempt.c.id == known_id(changed.id, "payment attempt"))
        written = update(attempt).where(mine).values(state=changed.state.value, cart_id=changed.cart_id)
        if self._scope.run(written).rowcount == 0:
            raise NotFound("payment attempt")

    def find_by_cart(self, cart_id: str) -> PaymentAttempt | None:
        found = self._read(attempt.c.cart_id == cart_id)
        return found[0] if found else None

    def reserving(self, invoice_ids: Iterable[str], now: datetime) -> list[PaymentAttempt]:
        naming = select(attempt_line.c.attempt_id).where(
            self._scope.own(attempt_line), among(attempt_line.c.invoice_id, known_ids(invoice_ids))
        )
        return self._read(
            attempt.c.state.in_([AttemptState.STARTED, AttemptState.CART_MADE]),
            attempt.c.started_at > now - RESERVED_FOR,
            attempt.c.id.in_(naming),
        )

    def unpaid_before(self, started_before: datetime) -> list[PaymentAttempt]:
        return self._read(attempt.c.state == AttemptState.CART_MADE, attempt.c.started_at < started_before)

    def unpaid_carts(self, customer_id: int, most: int) -> list[str]:
        chosen = select(attempt.c.cart_id).where(
            self._scope.own(attempt),
            attempt.c.customer_id == customer_id,
            attempt.c.state == AttemptState.CART_MADE,
            attempt.c.cart_id.is_not(None),
        )
        newest_first = chosen.order_by(attempt.c.started_at.desc(), attempt.c.id.desc()).limit(most)
        return [row.cart_id for row in self._scope.all(newest_first)]

    def _read(self, *conditions: ColumnElement[bool]) -> list[PaymentAttempt]:
        chosen = select(attempt).where(self._scope.own(attempt), *conditions)
        rows = self._scope.all(chosen.order_by(attempt.c.started_at, attempt.c.id))
        lines = self._lines([row.id for row in rows])
        return [_attempt(row, lines[row.id]) for row in rows]

    def _lines(self, attempt_ids: Sequence[str]) -> dict[str, list[AttemptLine]]:
        result: dict[str, list[AttemptLine]] = defaultdict(list)
        if not attempt_ids:
            return result
        chosen = select(attempt_line).where(
            self._scope.own(attempt_line), among(attempt_line.c.attempt_id, attempt_ids)
        )
        for row in self._scope.all(chosen.order_by(attempt_line.c.attempt_id, attempt_line.c.position)):
            line = AttemptLine(row.invoice_id, row.number, row.due_on, Money(row.amount_minor, row.currency))
            result[row.attempt_id].append(line)
        return result


def _attempt(row: Row[Any], lines: list[AttemptLine]) -> PaymentAttempt:
    return PaymentAttempt(
        id=row.id,
        company_id=row.company_id,
        customer_id=row.customer_id,
        currency=row.currency,
        lines=tuple(lines),
        payment_number=row.payment_number,
        started_at=row.started_at,
        channel_id=row.channel_id,
        state=AttemptState(row.state),
        cart_id=row.cart_id,
        masquerading_rep=row.masquerading_rep,
    )
