"""Payment terms: from the invoice's date to the day it is due (R-7)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from domain.errors import InputInvalid


class TermsKind(StrEnum):
    ON_RECEIPT = "on_receipt"
    NET = "net"
    END_OF_MONTH = "end_of_month"
    DAY_OF_MONTH = "day_of_month"
    FIXED = "fixed"


class DueFrom(StrEnum):
    """Where a due date came from; the first that is known wins, in this order (R-7)."""

    STATED = "stated"
    TYPED = "typed"
    COMPANY_TERMS = "company_terms"
    B2B_TERMS = "b2b_terms"
    STORE_DEFAULT = "store_default"


_CODE: Final = re.compile(
    r"(on_receipt|net:(\d{1,3})|eom:(\d{1,3})|day:(\d{1,2})\+(\d{1,2})|fixed:(\d{4}-\d\d-\d\d))", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Terms:
    """`days` counts for net and end of month; `day` and `months` for “day D of month +M”; `on` for fixed."""

    kind: TermsKind
    days: int = 0
    day: int = 0
    months: int = 0
    on: date | None = None

    @classmethod
    def net(cls, days: int) -> "Terms":
        return cls(TermsKind.NET, days=days)

    @classmethod
    def parse(cls, code: str) -> "Terms":
        """Reads the stored form: `on_receipt`, `net:30`, `eom:10`, `day:15+1`, `fixed:2026-12-31`."""
        found = _CODE.fullmatch(code)
        if not found:
            raise InputInvalid("terms", "“{code}” is not a payment term. Use a form such as net:30.", code=code[:40])
        if code == "on_receipt":
            return cls(TermsKind.ON_RECEIPT)
        _, net, eom, day, months, on = found.groups()
        if net is not None:
            return cls(TermsKind.NET, days=int(net))
        if eom is not None:
            return cls(TermsKind.END_OF_MONTH, days=int(eom))
        if on is not None:
            return cls(TermsKind.FIXED, on=_calendar_day(on))
        if not 1 <= int(day) <= 31:
            raise InputInvalid("terms", "The day of the month lies between 1 and 31.")
        return cls(TermsKind.DAY_OF_MONTH, day=int(day), months=int(months))

    @property
    def code(self) -> str:
        match self.kind:
            case TermsKind.ON_RECEIPT:
                return "on_receipt"
            case TermsKind.NET:
                return f"net:{self.days}"
            case TermsKind.END_OF_MONTH:
                return f"eom:{self.days}"
            case TermsKind.DAY_OF_MONTH:
                return f"day:{self.day}+{self.months}"
            case TermsKind.FIXED:
                return f"fixed:{self.on}"

    @property
    def words(self) -> str:
        match self.kind:
            case TermsKind.ON_RECEIPT:
                return "Due on receipt"
            case TermsKind.NET:
                return f"Net {self.days}"
            case TermsKind.END_OF_MONTH:
                return f"{self.days} days end of month" if self.days else "End of month"
            case TermsKind.DAY_OF_MONTH:
                return f"Day {self.day} of the month, {self.months} later"
            case TermsKind.FIXED:
                return f"Due on {self.on}"

    def due(self, base: date) -> date:
        """The due date for a base date (issue date unless the store says otherwise); month ends clamp."""
        match self.kind:
            case TermsKind.ON_RECEIPT:
                return base
            case TermsKind.NET:
                return base + timedelta(days=self.days)
            case TermsKind.END_OF_MONTH:
                later = base + timedelta(days=self.days)
                return later.replace(day=calendar.monthrange(later.year, later.month)[1])
            case TermsKind.DAY_OF_MONTH:
                return _day_of_month(base, self.day, self.months)
            case TermsKind.FIXED:
                if self.on is None:
                    raise InputInvalid("terms", "Fixed terms need a date.")
                return self.on


def _calendar_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputInvalid("terms", "There is no day {text}.", text=text) from None


def _day_of_month(base: date, day: int, months: int) -> date:
    month0 = base.month - 1 + months
    year, month = base.year + month0 // 12, month0 % 12 + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Due:
    """A due date, the words of the terms behind it, and where it came from."""

    on: date
    from_: DueFrom
    words: str


def due_date(  # one parameter per source, in the order in which they win
    issued_on: date,
    *,
    stated: date | None = None,
    typed: date | None = None,
    company: Terms | None = None,
    b2b: Terms | None = None,
    store: Terms,
) -> Due:
    """Stated by the document > typed > the company's terms here > its B2B Edition terms > store default (R-7)."""
    if stated is not None:
        return Due(stated, DueFrom.STATED, "")
    if typed is not None:
        return Due(typed, DueFrom.TYPED, "")
    for terms, source in ((company, DueFrom.COMPANY_TERMS), (b2b, DueFrom.B2B_TERMS)):
        if terms is not None:
            return Due(terms.due(issued_on), source, terms.words)
    return Due(store.due(issued_on), DueFrom.STORE_DEFAULT, store.words)
