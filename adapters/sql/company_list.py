"""The companies list: `domain.company_accounts.CompanyFilter` in SQL, grouped, whatever the number of companies."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Row,
    Select,
    Subquery,
    Table,
    and_,
    any_,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.types import Text

from adapters.sql.companies import company_from
from adapters.sql.filters import contains, equals
from adapters.sql.paging import Key, page, read_day, read_number, read_text
from adapters.sql.scope import Scope, among
from adapters.sql.tables import buyer, company, credit_memo, invoice, payment
from domain.company import CompanyStatus
from domain.company_accounts import CompanyFilter, CompanyRow, CompanyView, Figures, why_not_online
from domain.errors import NotFound
from domain.listing import Page
from domain.money import Money
from domain.payment import Method
from domain.roles import BuyerRight
from domain.store import Settings

NEVER: Final = date(9999, 12, 31)
"""Sorts companies that owe nothing behind those that do, oldest first."""
LONG_AGO: Final = date(1, 1, 1)
"""Sorts companies that never paid before those that did, longest ago first."""

READ: Final = {
    "name": read_text,
    "open": read_number,
    "overdue": read_number,
    "oldest": read_day,
    "paid": read_day,
}
"""How the sort value of each sort is read back from a cursor."""


class CompanyList:
    def __init__(self, scope: Scope, today: Callable[[], date], settings: Callable[[], Settings]) -> None:
        self._scope = scope
        self._today = today
        self._settings = settings

    def page(self, chosen: CompanyFilter, limit: int, cursor: str | None) -> Page[CompanyRow]:
        """First which companies, by no more sums than sort and view ask for (PostgreSQL leaves out joins that nothing
        is read of); then everything about those few."""
        sums = self._sums(chosen.currency)
        ids = select(company.c.id).select_from(sums.joined).where(self._matching(chosen), sums.in_view(chosen.view))
        keys = {name: Key(column, READ[name]) for name, column in sums.sorts.items()}
        chunk = page(self._scope.all, ids, keys, Key(company.c.id, read_number), chosen.sort, limit, cursor)
        rows = self._rows([row.id for row in chunk.rows])
        return Page(tuple(rows), chunk.next_cursor, chunk.previous_cursor)

    def counts(self, chosen: CompanyFilter) -> Mapping[str, int]:
        sums = self._sums(chosen.currency)
        columns = [func.count().filter(sums.in_view(view)).label(view.value) for view in CompanyView]
        row = self._scope.run(select(*columns).select_from(sums.joined).where(self._matching(chosen))).one()
        return {view.value: getattr(row, view.value) for view in CompanyView}

    def row(self, company_id: int) -> CompanyRow:
        rows = self._rows([company_id])
        if not rows:
            raise NotFound("company")
        return rows[0]

    # --- inside -----------------------------------------------------------------------------------------------
    def _matching(self, chosen: CompanyFilter) -> ColumnElement[bool]:
        found = or_(
            contains(company.c.name_folded, chosen.search),
            contains(func.lower(func.coalesce(company.c.external_id, "")), chosen.search),
        )
        return and_(
            self._scope.own(company),
            found,
            equals(company.c.status, chosen.status.value if chosen.status is not None else None),
            among(company.c.id, sorted(chosen.companies)) if chosen.companies is not None else true(),
        )

    def _sums(self, currency: str) -> "_Sums":
        """Over all companies."""
        takes = self._settings().takes
        named = select(func.unnest(company.c.allowed_methods)).where(self._scope.own(company)).distinct()
        paying = sorted(row[0] for row in self._scope.all(named) if takes(row[0]))
        return _Sums(self._scope, self._today(), currency, paying)

    def _rows(self, ids: Sequence[int]) -> list[CompanyRow]:
        """In the order of the ids; those that are no company are left out."""
        sums, takes = _Sums(self._scope, self._today(), "", (), ids), self._settings().takes
        mine = (self._scope.own(company), among(company.c.id, ids))
        found = {row.id: row for row in self._scope.all(sums.rows.where(*mine))}
        figures, newest = self._figures(ids), self._newest_payments(ids)
        return [_row(found[one], figures[one], newest.get(one), takes) for one in ids if one in found]

    def _figures(self, ids: Sequence[int]) -> dict[int, tuple[Figures, ...]]:
        """Per company and currency, in one read."""
        if not ids:
            return {}
        sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for row in self._scope.all(self._owed(ids)):
            sums[row.company_id, row.currency][:2] = [int(row.open), int(row.overdue or 0)]
        for row in self._scope.all(self._credit(ids)):
            sums[row.company_id, row.currency][2] += int(row.available)
        found: dict[int, list[Figures]] = {company_id: [] for company_id in ids}
        for (company_id, currency), minor in sorted(sums.items()):
            found[company_id].append(Figures(currency, *(Money(one, currency) for one in minor)))
        return {company_id: tuple(ones) for company_id, ones in found.items()}

    def _owed(self, ids: Sequence[int]) -> Select[Any]:
        row = invoice.c
        overdue = func.sum(row.balance_minor).filter(row.due_on < self._today())
        return (
            select(row.company_id, row.currency, func.sum(row.balance_minor).label("open"), overdue.label("overdue"))
            .where(self._scope.own(invoice), among(row.company_id, ids), row.balance_minor > 0)
            .group_by(row.company_id, row.currency)
        )

    def _credit(self, ids: Sequence[int]) -> Select[Any]:
        parts = [
            select(table.c.company_id, table.c.currency, func.sum(table.c.available_minor).label("available"))
            .where(self._scope.own(table), among(table.c.company_id, ids), table.c.available_minor > 0)
            .group_by(table.c.company_id, table.c.currency)
            for table in (payment, credit_memo)
        ]
        both = parts[0].union_all(parts[1]).subquery()
        return select(both.c.company_id, both.c.currency, both.c.available)

    def _newest_payments(self, ids: Sequence[int]) -> dict[int, Money]:
        """What each company paid last, in one read."""
        row = payment.c
        chosen = (
            select(row.company_id, row.inflow_minor, row.currency)
            .where(*_came_in(self._scope), among(row.company_id, ids))
            .ext(distinct_on(row.company_id))
            .order_by(row.company_id, row.effective_on.desc(), row.id.desc())
        )
        return {found.company_id: Money(found.inflow_minor, found.currency) for found in self._scope.all(chosen)}


def _came_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Money that reached us and did not bounce; what was paid elsewhere is no payment to us (R-13)."""
    row = payment.c
    return (scope.own(payment), row.inflow_minor > 0, row.reversed_minor == 0, row.method != Method.ELSEWHERE)


Of = Callable[[Table], ColumnElement[bool]]
"""Which rows of a table count: the store's, of all companies or of some."""


class _Sums:
    """Companies joined with what is grouped over their invoices, payments, credit and buyers; over some companies
    only where `ids` are given."""

    def __init__(
        self,
        scope: Scope,
        today: date,
        currency: str,
        paying_methods: Sequence[str],
        ids: Sequence[int] | None = None,
    ) -> None:
        def of(table: Table) -> ColumnElement[bool]:
            return scope.own(table) & (among(table.c.company_id, ids) if ids is not None else true())

        owed, paid, people, credit = _owed(of, today, currency), _paid(scope, of), _people(of), _with_credit(of)
        self.joined: FromClause = (
            company.outerjoin(owed, owed.c.company_id == company.c.id)
            .outerjoin(paid, paid.c.company_id == company.c.id)
            .outerjoin(people, people.c.company_id == company.c.id)
            .outerjoin(credit, credit.c.company_id == company.c.id)
        )
        can_open, may_pay = (func.coalesce(people.c[name], false()) for name in ("can_open", "may_pay"))
        self.rows: Select[Any] = select(
            *company.columns, owed.c.oldest, paid.c.last, can_open.label("can_open"), may_pay.label("may_pay")
        ).select_from(self.joined)
        self.sorts: Mapping[str, ColumnElement[Any]] = {
            "name": company.c.name_folded,
            "open": cast(func.coalesce(owed.c.open, 0), BigInteger),
            "overdue": cast(func.coalesce(owed.c.overdue, 0), BigInteger),
            "oldest": func.coalesce(owed.c.oldest, cast(literal(NEVER), Date)),
            "paid": func.coalesce(paid.c.last, cast(literal(LONG_AGO), Date)),
        }
        methods = company.c.allowed_methods
        no_method = and_(methods.is_not(None), ~methods.overlap(literal(list(paying_methods), ARRAY(Text))))
        self._views: dict[CompanyView, ColumnElement[bool]] = {
            CompanyView.ALL: true(),
            CompanyView.OWING: owed.c.oldest.is_not(None),
            CompanyView.OVERDUE: func.coalesce(owed.c.oldest < today, false()),
            CompanyView.CREDIT: credit.c.company_id.is_not(None),
            CompanyView.NOBODY_CAN_OPEN: ~can_open,
            CompanyView.NOT_ONLINE: or_(company.c.status != CompanyStatus.APPROVED.value, ~may_pay, no_method),
        }

    def in_view(self, view: CompanyView) -> ColumnElement[bool]:
        return self._views[view]


def _owed(of: Of, today: date, currency: str) -> Subquery:
    """Open and overdue in one currency, and the earliest due date in any."""
    row = invoice.c
    mine = row.currency == currency
    return (
        select(
            row.company_id,
            func.coalesce(func.sum(row.balance_minor).filter(mine), 0).label("open"),
            func.coalesce(func.sum(row.balance_minor).filter(mine & (row.due_on < today)), 0).label("overdue"),
            func.min(row.due_on).label("oldest"),
        )
        .where(of(invoice), row.balance_minor > 0)
        .group_by(row.company_id)
        .subquery("owed")
    )


def _paid(scope: Scope, of: Of) -> Subquery:
    last = func.max(payment.c.effective_on).label("last")
    chosen = select(payment.c.company_id, last).where(*_came_in(scope), of(payment))
    return chosen.group_by(payment.c.company_id).subquery("paid")


def _people(of: Of) -> Subquery:
    """Whether some buyer may open invoices, and whether some buyer may pay."""
    can_open = func.bool_or(_holds(BuyerRight.VIEW) & _holds(BuyerRight.DETAIL)).label("can_open")
    may_pay = func.bool_or(_holds(BuyerRight.PAY)).label("may_pay")
    chosen = select(buyer.c.company_id, can_open, may_pay).where(of(buyer))
    return chosen.group_by(buyer.c.company_id).subquery("people")


def _holds(right: BuyerRight) -> ColumnElement[bool]:
    return literal(right.value) == any_(buyer.c.rights)


def _with_credit(of: Of) -> Subquery:
    """Companies with available credit, each once."""
    parts = [select(one.c.company_id).where(of(one), one.c.available_minor > 0) for one in (payment, credit_memo)]
    return parts[0].union(parts[1]).subquery("credit")


def _row(row: Row[Any], figures: tuple[Figures, ...], newest: Money | None, takes: Callable[[str], bool]) -> CompanyRow:
    mine = company_from(row)
    return CompanyRow(
        mine,
        figures,
        oldest_due=row.oldest,
        last_payment=newest,
        last_payment_on=row.last,
        can_open=row.can_open,
        why_not_online=why_not_online(mine, takes, somebody_may_pay=row.may_pay),
    )
