"""How old what a company owes is, by due date, as of any day (R-2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.money import Money

BUCKETS: Final = ("current", "to_30", "to_60", "to_90", "over_90")
"""Not yet due or due that day, 1 to 30 days late, 31 to 60, 61 to 90, more than 90."""

_LATEST: Final = (0, 30, 60, 90)


def bucket_of(due_on: date, as_of: date) -> int:
    """The position in BUCKETS: the day of the due date itself is not late (R-7)."""
    late = (as_of - due_on).days
    return next((position for position, most in enumerate(_LATEST) if late <= most), len(_LATEST))


@dataclass(frozen=True, slots=True)
class Aging:
    """One currency: open balances by age, and available credit as its own negative column."""

    currency: str
    buckets: tuple[Money, Money, Money, Money, Money]
    credit: Money

    @property
    def open(self) -> Money:
        zero = Money.zero(self.currency)
        return sum(self.buckets, zero)

    @property
    def net(self) -> Money:
        """What the company owes in all: the closing balance of its statement that day."""
        return self.open - self.credit


def aging_of(currency: str, balances: Iterable[tuple[date, int]], credit: int, as_of: date) -> Aging:
    """From (due date, balance in minor units) of each invoice and the available credit that day."""
    sums = [0] * len(BUCKETS)
    for due_on, minor in balances:
        sums[bucket_of(due_on, as_of)] += minor
    current, to_30, to_60, to_90, over_90 = (Money(minor, currency) for minor in sums)
    return Aging(currency, (current, to_30, to_60, to_90, over_90), Money(credit, currency))
