"""What each company owes, and whether its people can see and pay it: rows of the companies list and its filter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.company import Company, CompanyStatus
from domain.money import Money
from domain.terms import DueFrom, Terms


class WhyNotOnline(StrEnum):
    """Why a company cannot pay online (R-16)."""

    NOT_ACTIVE = "not_active"
    NOBODY_MAY_PAY = "nobody_may_pay"
    NO_METHOD = "no_method"


def why_not_online(
    company: Company, takes: Callable[[str], bool], *, somebody_may_pay: bool
) -> tuple[WhyNotOnline, ...]:
    """Every reason known here, with `takes` of the store's settings; what checkout offers on the day is asked when
    somebody pays (R-16)."""
    methods = company.allowed_methods
    found = (
        (WhyNotOnline.NOT_ACTIVE, not company.is_active),
        (WhyNotOnline.NOBODY_MAY_PAY, not somebody_may_pay),
        (WhyNotOnline.NO_METHOD, methods is not None and not any(map(takes, methods))),
    )
    return tuple(reason for reason, holds in found if holds)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a company owes in one currency today."""

    currency: str
    open: Money
    overdue: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """`oldest_due` is the earliest due date of what is unpaid; `can_open` whether a buyer may open invoices."""

    company: Company
    figures: tuple[Figures, ...] = ()
    oldest_due: date | None = None
    last_payment: Money | None = None
    last_payment_on: date | None = None
    can_open: bool = False
    why_not_online: tuple[WhyNotOnline, ...] = ()

    @property
    def id(self) -> int:
        return self.company.id

    def in_currency(self, currency: str) -> Figures:
        zero = Money.zero(currency)
        return next((one for one in self.figures if one.currency == currency), Figures(currency, zero, zero, zero))


def terms_of(company: Company, store: Terms) -> tuple[Terms, DueFrom]:
    """The terms of its next invoice, and whose they are (R-7)."""
    if company.terms is not None:
        return company.terms, DueFrom.COMPANY_TERMS
    if company.b2b_terms is not None:
        return company.b2b_terms, DueFrom.B2B_TERMS
    return store, DueFrom.STORE_DEFAULT


class CompanyView(StrEnum):
    """Pill views: subsets of all, which may overlap."""

    ALL = "all"
    OWING = "owing"
    OVERDUE = "overdue"
    CREDIT = "credit"
    NOBODY_CAN_OPEN = "nobody_can_open"
    NOT_ONLINE = "not_online"


@dataclass(frozen=True, slots=True)
class CompanyFilter:
    """`search` is any fragment of name or ERP id, case-blind. Amounts sort in `currency`, never across.

    `companies` are those a sales person may see, None for all. Sorts: name, open, overdue, oldest, paid.
    """

    view: CompanyView = CompanyView.ALL
    search: str = ""
    status: CompanyStatus | None = None
    currency: str = "USD"
    companies: frozenset[int] | None = None
    sort: str = "name"

    def matches(self, row: CompanyRow, today: date) -> bool:
        company = row.company
        wanted = self.search.strip().casefold()
        return (
            _in_view(self.view, row, today)
            and (self.companies is None or company.id in self.companies)
            and (self.status is None or company.status is self.status)
            and any(wanted in text.casefold() for text in (company.name, company.external_id or ""))
        )


COMPANY_SORTS = ("name", "open", "overdue", "oldest", "paid")


def _in_view(view: CompanyView, row: CompanyRow, today: date) -> bool:
    match view:
        case CompanyView.ALL:
            return True
        case CompanyView.OWING:
            return row.oldest_due is not None
        case CompanyView.OVERDUE:
            return row.oldest_due is not None and row.oldest_due < today
        case CompanyView.CREDIT:
            return any(one.credit.minor > 0 for one in row.figures)
        case CompanyView.NOBODY_CAN_OPEN:
            return not row.can_open
        case CompanyView.NOT_ONLINE:
            return bool(row.why_not_online)


@dataclass(frozen=True, slots=True)
class CreditMemoRow:
    """One line of the list of credit memos."""

    id: str
    number: str
    issued_on: date
    company_id: int
    company_name: str
    invoice_id: str | None
    invoice_number: str
    amount: Money
    applied: Money
    available: Money


@dataclass(frozen=True, slots=True)
class CreditMemoFilter:
    """`search` is any fragment of the number or the company's name. Sorts: issued, number, amount."""

    search: str = ""
    company_id: int | None = None
    available_only: bool = False
    issued_from: date | None = None
    issued_to: date | None = None
    companies: frozenset[int] | None = None
    sort: str = "-issued"

    def matches(self, row: CreditMemoRow) -> bool:
        wanted = self.search.strip().casefold()
        return (
            (self.company_id is None or row.company_id == self.company_id)
            and (self.companies is None or row.company_id in self.companies)
            and (not self.available_only or row.available.minor > 0)
            and (self.issued_from is None or row.issued_on >= self.issued_from)
            and (self.issued_to is None or row.issued_on <= self.issued_to)
            and any(wanted in text.casefold() for text in (row.number, row.company_name))
        )
