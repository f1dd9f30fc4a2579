"""The figures of the first page: three grouped reads, whatever the number of documents."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, case, cast, func, select, true

from adapters.sql.filters import within
from adapters.sql.scope import Scope
from adapters.sql.tables import company, invoice, payment
from domain.money import Money
from domain.overview import AGES, MOST_DEBTORS, SOON, Debtor, Figures, Tally, Week, due_between, weeks_until
from domain.payment import OFFLINE, Method


def figures(scope: Scope, today: date, companies: frozenset[int] | None) -> list[Figures]:
    """Per currency in which something is owed or came in lately, by code."""
    owed = {row.currency: row for row in scope.all(_owed(scope, today, companies))}
    came_in: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in scope.all(_cash_in(scope, today, companies)):
        came_in[row.currency].append(row)
    debtors: dict[str, list[Debtor]] = defaultdict(list)
    for row in scope.all(_debtors(scope, today, companies)):
        tally = Tally(row.count_of, Money(int(row.overdue), row.currency))
        debtors[row.currency].append(Debtor(row.company_id, row.company_name, tally, row.oldest))
    return [
        _figures(currency, owed.get(currency), came_in[currency], tuple(debtors[currency]), today)
        for currency in sorted(owed.keys() | came_in.keys())
    ]


def _owed(scope: Scope, today: date, companies: frozenset[int] | None) -> Select[Any]:
    row = invoice.c
    groups: dict[str, ColumnElement[bool]] = {
        "open": true(),
        "overdue": row.due_on < today,
        "soon": row.due_on.between(today, today + SOON),
        **{f"age_{age}": _due_within(*due_between(age, today)) for age in range(len(AGES))},
    }
    counts = [func.count().filter(groups[name]).label(f"{name}_count") for name in ("open", "overdue", "soon")]
    sums = [func.coalesce(func.sum(row.balance_minor).filter(group), 0).label(name) for name, group in groups.items()]
    mine = (scope.own(invoice), row.balance_minor > 0, within(row.company_id, companies))
    return select(row.currency, *counts, *sums).where(*mine).group_by(row.currency)


def _due_within(first: date | None, last: date | None) -> ColumnElement[bool]:
    due = invoice.c.due_on
    return (true() if first is None else due >= first) & (true() if last is None else due <= last)


def _cash_in(scope: Scope, today: date, companies: frozenset[int] | None) -> Select[Any]:
    """One row per currency, week and way, with this month's share."""
    row = payment.c
    kept = row.inflow_minor - row.reversed_minor - row.charged_back_minor
    month = today.replace(day=1)
    columns = (
        row.currency,
        cast(func.date_trunc("week", row.effective_on), Date).label("week"),
        case((row.method.in_(sorted(OFFLINE)), False), else_=True).label("is_online"),
        func.sum(kept).label("amount"),
        func.count().filter(row.effective_on >= month).label("month_count"),
        func.coalesce(func.sum(kept).filter(row.effective_on >= month), 0).label("month"),
    )
    mine = (
        scope.own(payment),
        within(row.company_id, companies),
        row.effective_on >= min(weeks_until(today)[0], month),
        row.effective_on <= today,
        row.method != Method.ELSEWHERE,
        kept > 0,
    )
    return select(*columns).where(*mine).group_by(*columns[:3])


def _debtors(scope: Scope, today: date, companies: frozenset[int] | None) -> Select[Any]:
    """Those who owe most that is late, a few per currency."""
    row = invoice.c
    overdue = func.sum(row.balance_minor)
    place = func.row_number().over(partition_by=row.currency, order_by=(overdue.desc(), row.company_id))
    ranked = (
        select(
            row.currency,
            row.company_id,
            func.count().label("count_of"),
            overdue.label("overdue"),
            func.min(row.due_on).label("oldest"),
            place.label("place"),
        )
        .where(scope.own(invoice), row.balance_minor > 0, row.due_on < today, within(row.company_id, companies))
        .group_by(row.currency, row.company_id)
        .subquery()
    )
    known = (company.c.store_id == scope.store_id) & (company.c.id == ranked.c.company_id)
    few = select(ranked, company.c.name.label("company_name")).join(company, known)
    return few.where(ranked.c.place <= MOST_DEBTORS).order_by(ranked.c.currency, ranked.c.place)


def _figures(
    currency: str, owed: Row[Any] | None, came_in: list[Row[Any]], debtors: tuple[Debtor, ...], today: date
) -> Figures:
    def of(name: str) -> Money:
        return Money(int(getattr(owed, name)) if owed is not None else 0, currency)

    def tally(name: str) -> Tally:
        return Tally(getattr(owed, f"{name}_count") if owed is not None else 0, of(name))

    weekly = {(row.week, row.is_online): int(row.amount) for row in came_in}

    def in_week(monday: date, *, is_online: bool) -> Money:
        return Money(weekly.get((monday, is_online), 0), currency)

    received = Money(sum(int(row.month) for row in came_in), currency)
    return Figures(
        currency,
        tally("open"),
        tally("overdue"),
        tally("soon"),
        Tally(sum(row.month_count for row in came_in), received),
        tuple(of(f"age_{age}") for age in range(len(AGES))),
        tuple(
            Week(monday, in_week(monday, is_online=True), in_week(monday, is_online=False))
            for monday in weeks_until(today)
        ),
        debtors,
    )
