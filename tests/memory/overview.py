"""The figures of the first page, reckoned row by row."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.listing import InvoiceRow
from domain.money import Money, total
from domain.overview import AGES, MOST_DEBTORS, SOON, Debtor, Figures, Tally, Week, due_between, week_of, weeks_until
from domain.payment import Method, Payment


def figures(
    invoices: Sequence[InvoiceRow], payments: Sequence[Payment], names: Mapping[int, str], today: date
) -> list[Figures]:
    owed = [row for row in invoices if row.balance.minor > 0]
    first = min(weeks_until(today)[0], today.replace(day=1))
    came_in = [
        one
        for one in payments
        if one.method is not Method.ELSEWHERE and _kept(one).minor > 0 and first <= one.effective_on <= today
    ]
    currencies = {row.balance.currency for row in owed} | {one.currency for one in came_in}
    return [
        _figures(
            code,
            [row for row in owed if row.balance.currency == code],
            [one for one in came_in if one.currency == code],
            names,
            today,
        )
        for code in sorted(currencies)
    ]


def _kept(payment: Payment) -> Money:
    account = payment.account
    return Money(account.inflow - account.reversed - account.charged_back, payment.currency)


def _figures(
    code: str, owed: Sequence[InvoiceRow], came_in: Sequence[Payment], names: Mapping[int, str], today: date
) -> Figures:
    overdue = [row for row in owed if row.due_on < today]
    month = [one for one in came_in if one.effective_on >= today.replace(day=1)]
    return Figures(
        code,
        _tally(owed, code),
        _tally(overdue, code),
        _tally([row for row in owed if today <= row.due_on <= today + SOON], code),
        Tally(len(month), total(map(_kept, month), code)),
        tuple(_tally([row for row in owed if _is_aged(row, age, today)], code).amount for age in range(len(AGES))),
        tuple(_week(monday, came_in, code) for monday in weeks_until(today)),
        _debtors(overdue, names, code),
    )


def _tally(rows: Sequence[InvoiceRow], code: str) -> Tally:
    return Tally(len(rows), total((row.balance for row in rows), code))


def _is_aged(row: InvoiceRow, age: int, today: date) -> bool:
    first, last = due_between(age, today)
    return (first is None or row.due_on >= first) and (last is None or row.due_on <= last)


def _week(monday: date, came_in: Sequence[Payment], code: str) -> Week:
    mine = [one for one in came_in if week_of(one.effective_on) == monday]
    online, offline = (
        total((_kept(one) for one in mine if one.is_online is is_online), code) for is_online in (True, False)
    )
    return Week(monday, online, offline)


def _debtors(overdue: Sequence[InvoiceRow], names: Mapping[int, str], code: str) -> tuple[Debtor, ...]:
    found = []
    for company_id in {row.company_id for row in overdue}:
        mine = [row for row in overdue if row.company_id == company_id]
        found.append(Debtor(company_id, names[company_id], _tally(mine, code), min(row.due_on for row in mine)))
    return tuple(sorted(found, key=lambda one: (-one.overdue.amount.minor, one.company_id))[:MOST_DEBTORS])
