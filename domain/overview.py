"""What the first page says about the books of one currency: what is owed, how late, by whom, and what came in."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.money import Money

AGES: Final = ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))
"""Age groups in days after the due date, both ends included: not due, then by month, the last without end."""

WEEKS: Final = 12
SOON: Final = timedelta(days=7)
MOST_DEBTORS: Final = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """How many documents and what they come to."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Week:
    """Cash that came in from a Monday to the Sunday after it."""

    begins: date
    online: Money
    offline: Money


@dataclass(frozen=True, slots=True)
class Debtor:
    """A company with overdue invoices."""

    company_id: int
    name: str
    overdue: Tally
    oldest_due: date


@dataclass(frozen=True, slots=True)
class Figures:
    """One currency. `received` is this month's; `ages` are open balances by AGES; `weeks` are the last WEEKS with the
    current one last; `debtors` owe the most first.

    Cash in counts payments by the day they were received, without what bounced, was charged back, or was settled
    outside of the portal.
    """

    currency: str
    open: Tally
    overdue: Tally
    due_soon: Tally
    received: Tally
    ages: tuple[Money, ...]
    weeks: tuple[Week, ...]
    debtors: tuple[Debtor, ...]


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def weeks_until(today: date) -> list[date]:
    """Mondays of the weeks shown, oldest first."""
    last = week_of(today)
    return [last - timedelta(weeks=back) for back in reversed(range(WEEKS))]


def due_between(age: int, today: date) -> tuple[date | None, date | None]:
    """First and last due date of an age group; None is without end."""
    least, most = AGES[age]
    return (
        None if most is None else today - timedelta(days=most),
        None if least is None else today - timedelta(days=least),
    )
