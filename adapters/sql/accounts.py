"""What companies owe: aging and statements from movements, lists of companies and credit memos."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, Select, and_, case, func, or_, select, true, union_all

from adapters.sql.company_list import CompanyList
from adapters.sql.filters import at_least, at_most, contains, equals
from adapters.sql.ledger import SqlLedger
from adapters.sql.paging import Key, page, read_day, read_number, read_text, read_uuid
from adapters.sql.scope import Scope, among
from adapters.sql.tables import company, credit_memo, invoice, movement, payment
from domain.aging import Aging, aging_of
from domain.company_accounts import CompanyFilter, CompanyRow, CreditMemoFilter, CreditMemoRow
from domain.ledger import Kind, SourceKind
from domain.listing import Page
from domain.money import Money
from domain.statement import Document, Line, Statement, document_of
from domain.store import Settings

MEMO_KEYS: Final = {
    "issued": Key(credit_memo.c.effective_on, read_day),
    "number": Key(credit_memo.c.number, read_text),
    "amount": Key(credit_memo.c.inflow_minor, read_number),
}

_ROW = movement.c
_ACROSS: Final = _ROW.payer_company_id.is_not(None)
_OWN_EFFECT: Final = case(
    (_ACROSS, _ROW.invoice_effect),
    (_ROW.kind.in_([Kind.ALLOCATED, Kind.DEALLOCATED]), 0),
    (_ROW.kind == Kind.TRANSFERRED_OUT, -_ROW.amount_minor),
    (_ROW.kind == Kind.TRANSFERRED_IN, _ROW.amount_minor),
    else_=_ROW.invoice_effect - _ROW.source_effect,
)
"""The company column of R-1 for the company of a movement; the payer's is the source effect turned round."""


class SqlAccounts:
    def __init__(
        self, scope: Scope, ledger: SqlLedger, today: Callable[[], date], settings: Callable[[], Settings]
    ) -> None:
        self._scope = scope
        self._ledger = ledger
        self._companies = CompanyList(scope, today, settings)

    def companies(self, chosen: CompanyFilter, limit: int, cursor: str | None) -> Page[CompanyRow]:
        return self._companies.page(chosen, limit, cursor)

    def company_counts(self, chosen: CompanyFilter) -> Mapping[str, int]:
        return self._companies.counts(chosen)

    def company_row(self, company_id: int) -> CompanyRow:
        return self._companies.row(company_id)

    # --- aging --------------------------------------------------------------------------------------------------
    def aging(self, company_id: int, as_of: date) -> list[Aging]:
        self._ledger.flush()
        balances: dict[str, list[tuple[date, int]]] = {}
        for row in self._scope.all(self._balances(company_id, as_of)):
            balances.setdefault(row.currency, []).append((row.due_on, int(row.balance)))
        credit = {row.currency: int(row.available) for row in self._scope.all(self._credit(company_id, as_of))}
        return [
            aging_of(currency, balances.get(currency, []), credit.get(currency, 0), as_of)
            for currency in sorted(balances.keys() | credit.keys())
        ]

    def _balances(self, company_id: int, as_of: date) -> Select[Any]:
        """What stood on the company's invoices that day, by due date."""
        effect = func.sum(_ROW.invoice_effect).label("balance")
        stood = (
            select(_ROW.invoice_id, effect)
            .where(
                self._scope.own(movement),
                _ROW.company_id == company_id,
                _ROW.effective_on <= as_of,
                _ROW.invoice_id.is_not(None),
            )
            .group_by(_ROW.invoice_id)
            .having(func.sum(_ROW.invoice_effect) != 0)
            .subquery()
        )
        return (
            select(invoice.c.currency, invoice.c.due_on, func.sum(stood.c.balance).label("balance"))
            .join(stood, and_(stood.c.invoice_id == invoice.c.id, self._scope.own(invoice)))
            .group_by(invoice.c.currency, invoice.c.due_on)
        )

    def _credit(self, company_id: int, as_of: date) -> Select[Any]:
        """What was left that day on the company's own payments and credit memos."""
        until = (self._scope.own(movement), _ROW.effective_on <= as_of, _ROW.source_id.is_not(None))
        own = select(_ROW.currency, _ROW.source_effect).where(*until, _ROW.company_id == company_id, ~_ACROSS)
        paid_for = select(_ROW.currency, _ROW.source_effect).where(*until, _ROW.payer_company_id == company_id)
        both = union_all(own, paid_for).subquery()
        available = func.sum(both.c.source_effect)
        chosen = select(both.c.currency, available.label("available")).group_by(both.c.currency)
        return chosen.having(available != 0)

    # --- statement ------------------------------------------------------------------------------------------------
    def statement(self, company_id: int, currency: str, first: date, last: date) -> Statement:
        self._ledger.flush()
        effects = self._effects(company_id, currency)
        opening = self._scope.scalar(
            select(func.coalesce(func.sum(effects.c.effect), 0)).where(effects.c.effective_on < first)
        )
        lines = self._scope.all(self._lines(effects, first, last))
        return Statement(
            company_id,
            currency,
            first,
            last,
            Money(int(opening), currency),
            tuple(_line(row, currency) for row in lines),
        )

    def currencies(self, company_id: int) -> list[str]:
        self._ledger.flush()
        mine = (self._scope.own(movement), or_(_ROW.company_id == company_id, _ROW.payer_company_id == company_id))
        return [
            row.currency for row in self._scope.all(select(_ROW.currency).where(*mine).distinct().order_by("currency"))
        ]

    def _effects(self, company_id: int, currency: str) -> Any:
        """Every movement that changes what the company owes, with by how much."""
        names = ("seq", "effective_on", "kind", "invoice_id", "source_id", "source_kind")
        columns = [_ROW[name] for name in names]
        mine = (self._scope.own(movement), _ROW.currency == currency)
        own = select(*columns, _OWN_EFFECT.label("effect")).where(*mine, _ROW.company_id == company_id)
        paid_for = select(*columns, (-_ROW.source_effect).label("effect"))
        both = union_all(own, paid_for.where(*mine, _ROW.payer_company_id == company_id)).subquery()
        return select(both).where(both.c.effect != 0).subquery("effects")

    def _lines(self, effects: Any, first: date, last: date) -> Select[Any]:
        own = self._scope.own
        return (
            select(
                effects,
                invoice.c.number.label("invoice_number"),
                invoice.c.issued_on.label("invoice_on"),
                invoice.c.po_number,
                payment.c.number.label("payment_number"),
                payment.c.effective_on.label("payment_on"),
                payment.c.memo,
                credit_memo.c.number.label("memo_number"),
                credit_memo.c.effective_on.label("memo_on"),
            )
            .outerjoin(invoice, own(invoice) & (invoice.c.id == effects.c.invoice_id))
            .outerjoin(payment, own(payment) & (payment.c.id == effects.c.source_id))
            .outerjoin(credit_memo, own(credit_memo) & (credit_memo.c.id == effects.c.source_id))
            .where(effects.c.effective_on.between(first, last))
            .order_by(effects.c.effective_on, effects.c.seq)
        )

    # --- credit memos -----------------------------------------------------------------------------------------------
    def credit_memos(self, chosen: CreditMemoFilter, limit: int, cursor: str | None) -> Page[CreditMemoRow]:
        row = credit_memo.c
        cited = self._scope.own(invoice) & (invoice.c.id == row.invoice_id)
        found = or_(contains(func.lower(row.number), chosen.search), contains(company.c.name_folded, chosen.search))
        statement = (
            select(credit_memo, company.c.name.label("company_name"), invoice.c.number.label("invoice_number"))
            .join(company, self._scope.own(company) & (company.c.id == row.company_id))
            .outerjoin(invoice, cited)
            .where(
                self._scope.own(credit_memo),
                found,
                equals(row.company_id, chosen.company_id),
                among(row.company_id, sorted(chosen.companies)) if chosen.companies is not None else true(),
                row.available_minor > 0 if chosen.available_only else true(),
                at_least(row.effective_on, chosen.issued_from),
                at_most(row.effective_on, chosen.issued_to),
            )
        )
        chunk = page(self._scope.all, statement, MEMO_KEYS, Key(row.id, read_uuid), chosen.sort, limit, cursor)
        return Page(tuple(map(_memo_row, chunk.rows)), chunk.next_cursor, chunk.previous_cursor)


def _line(row: Row[Any], currency: str) -> Line:
    kind = Kind(row.kind)
    source_kind = SourceKind(row.source_kind) if row.source_kind else None
    document, document_id = document_of(kind, row.invoice_id, row.source_id, source_kind)
    number, on, reference = {
        Document.INVOICE: (row.invoice_number, row.invoice_on, row.po_number),
        Document.PAYMENT: (row.payment_number, row.payment_on, row.memo),
        Document.CREDIT_MEMO: (row.memo_number, row.memo_on, ""),
        Document.NONE: ("", None, ""),
    }[document]
    amount = Money(int(row.effect), currency)
    return Line(row.effective_on, kind, amount, document, document_id, number or "", on, reference or "")


def _memo_row(row: Row[Any]) -> CreditMemoRow:
    return CreditMemoRow(
        id=row.id,
        number=row.number,
        issued_on=row.effective_on,
        company_id=row.company_id,
        company_name=row.company_name,
        invoice_id=row.invoice_id,
        invoice_number=row.invoice_number or "",
        amount=Money(row.inflow_minor, row.currency),
        applied=Money(row.allocated_minor, row.currency),
        available=Money(row.available_minor, row.currency),
    )
