"""The register of numbers: every number of a series and what became of it (R-5).

A number's place in its series is what it ends with: prefixes may change, the count goes on.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    SelectBase,
    Subquery,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from adapters.sql.scope import Scope, among
from adapters.sql.tables import (
    attempt,
    audit,
    audit_text,
    company,
    credit_memo,
    invoice,
    number_series,
    payment,
)
from domain.invoice import Removed
from domain.listing import NumberState, Register, TakenNumber

PORTAL: Final = "portal"
_TOLD: Final = ("invoice.deleted", "invoice.voided")


class NumberRegister:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def page(self, series: str, only_gaps: bool, before: int | None, limit: int) -> Register:
        last = self._last(series)
        if last is None:
            return Register(0)
        documents = self._documents(series)
        values = self._values(documents, last)
        wanted = (
            select(values.c.value, *(documents.c[name] for name in _COLUMNS))
            .outerjoin(documents, documents.c.value == values.c.value)
            .order_by(values.c.value.desc(), documents.c.number)
            .limit(limit + 1)
        )
        if before is not None:
            wanted = wanted.where(values.c.value < before)
        if only_gaps:
            wanted = wanted.where(func.coalesce(documents.c.state, NumberState.SKIPPED) != NumberState.USED)
        found = self._scope.all(wanted)
        rows = found[:limit]
        return Register(last, self._rows(rows), rows[-1].value if len(found) > limit else None)

    def _last(self, series: str) -> int | None:
        mine = self._scope.own(number_series) & (number_series.c.series == series)
        found = self._scope.scalar(select(number_series.c.last).where(mine))
        return None if found is None else int(found)

    def _values(self, documents: Subquery, last: int) -> Subquery:
        """From the first number ever used: a series may have been started later than at 1."""
        first = select(func.coalesce(func.min(documents.c.value), last + 1)).scalar_subquery()
        return select(func.generate_series(first, literal(last, BigInteger)).label("value")).subquery()

    # --- what numbers were taken for ------------------------------------------------------------------------
    def _documents(self, series: str) -> Subquery:
        found: dict[str, Callable[[], SelectBase]] = {
            "invoice": self._invoices,
            "payment": self._payments,
            "credit_memo": self._memos,
        }
        return found[series]().subquery()

    def _invoices(self) -> Select[Any]:
        row = invoice.c
        state = func.coalesce(row.removed, NumberState.USED)
        return self._taken(row.number, row.id, row.company_name, state).where(
            self._scope.own(invoice), row.number_space == PORTAL
        )

    def _payments(self) -> SelectBase:
        """A checkout takes the payment's number; where nobody paid, nothing else stands behind it."""
        of_payments = self._taken(payment.c.number, payment.c.id, _name_of(payment), literal(NumberState.USED.value))
        used = select(payment.c.number).where(self._scope.own(payment))
        of_attempts = self._taken(
            attempt.c.payment_number, null(), _name_of(attempt), literal(NumberState.NOT_PAID.value)
        ).where(self._scope.own(attempt), attempt.c.payment_number.not_in(used))
        return union_all(of_payments.where(self._scope.own(payment)), of_attempts)

    def _memos(self) -> Select[Any]:
        row = credit_memo.c
        return self._taken(row.number, row.id, _name_of(credit_memo), literal(NumberState.USED.value)).where(
            self._scope.own(credit_memo), row.number_space == PORTAL
        )

    def _taken(self, number: Any, document_id: Any, company_name: Any, state: Any) -> Select[Any]:
        digits = func.substring(number, "([0-9]{1,18})$")
        return select(
            cast(digits, BigInteger).label("value"),
            number.label("number"),
            document_id.label("document_id"),
            company_name.label("company_name"),
            state.label("state"),
        )

    # --- rows ------------------------------------------------------------------------------------------------
    def _rows(self, rows: Sequence[Row[Any]]) -> tuple[TakenNumber, ...]:
        told = self._told([row.document_id for row in rows if row.state in set(Removed)])
        return tuple(_row(row, told.get(str(row.document_id))) for row in rows)

    def _told(self, ids: Sequence[str]) -> dict[str, Row[Any]]:
        """Who deleted or voided it, when and why; the newest where it happened more than once."""
        if not ids:
            return {}
        chosen = (
            select(audit.c.subject_id, audit.c.at, audit.c.actor_kind, audit_text.c.who, audit_text.c.texts)
            .join(audit_text, (audit_text.c.store_id == audit.c.store_id) & (audit_text.c.audit_seq == audit.c.seq))
            .where(
                self._scope.own(audit),
                audit.c.subject_kind == "invoice",
                among(audit.c.subject_id, ids),
                audit.c.what.in_(_TOLD),
            )
            .order_by(audit.c.seq)
        )
        return {row.subject_id: row for row in self._scope.all(chosen)}


_COLUMNS: Final = ("number", "document_id", "company_name", "state")


def _name_of(table: Any) -> ColumnElement[Any]:
    whose = (company.c.store_id == table.c.store_id) & (company.c.id == table.c.company_id)
    return select(company.c.name).where(whose).scalar_subquery()


def _row(row: Row[Any], told: Row[Any] | None) -> TakenNumber:
    return TakenNumber(
        row.value,
        row.number or "",
        NumberState(row.state or NumberState.SKIPPED),
        row.document_id,
        row.company_name or "",
        told.at if told else None,
        (told.who or told.actor_kind) if told else "",
        told.texts.get("reason", "") if told else "",
    )
