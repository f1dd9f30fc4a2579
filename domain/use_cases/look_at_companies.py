"""Companies and what they owe: the list, one company, its statement of account (R-2, R-16)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from domain.aging import Aging
from domain.company import Buyer
from domain.company_accounts import CompanyFilter, CompanyRow
from domain.errors import InputInvalid
from domain.listing import HistoryEntry, Page
from domain.ports import OpenWork
from domain.roles import Actor, Right
from domain.statement import Statement
from domain.terms import Terms


@dataclass(frozen=True)
class CompanyList:
    page: Page[CompanyRow]
    counts: Mapping[str, int]
    store_terms: Terms


@dataclass(frozen=True)
class ListAccounts:
    """The companies dashboard. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor, chosen: CompanyFilter, limit: int = 25, cursor: str | None = None) -> CompanyList:
        actor.must(Right.VIEW_COMPANIES)
        own = replace(chosen, companies=actor.companies)
        with self.open_work(actor.store_id) as work:
            page = work.accounts.companies(own, limit, cursor)
            return CompanyList(page, work.accounts.company_counts(own), work.notes.settings().terms)


@dataclass(frozen=True)
class CompanyPage:
    """One company with everything around its account."""

    row: CompanyRow
    as_of: date
    aging: tuple[Aging, ...]
    buyers: tuple[Buyer, ...]
    contacts: tuple[str, ...]
    store_terms: Terms
    currencies: tuple[str, ...]
    parent_name: str
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class ShowCompany:
    """`as_of` None is today. Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, company_id: int, as_of: date | None = None) -> CompanyPage:
        actor.must(Right.VIEW_COMPANIES)
        actor.must_see(company_id, "company")
        with self.open_work(actor.store_id) as work:
            row = work.accounts.company_row(company_id)
            day = as_of or work.today()
            parent = work.companies.find(row.company.parent_id) if row.company.parent_id else None
            return CompanyPage(
                row,
                day,
                tuple(work.accounts.aging(company_id, day)),
                tuple(work.companies.buyers_of(company_id)),
                work.companies.billing_contacts(company_id),
                work.notes.settings().terms,
                tuple(work.accounts.currencies(company_id)),
                parent.name if parent is not None else "",
                tuple(work.queries.history("company", str(company_id))),
            )


@dataclass(frozen=True)
class ShowStatement:
    """Opening + what happened from `first` to `last` = closing. Raises NotAllowed, NotFound, InputInvalid."""

    open_work: OpenWork

    def __call__(self, actor: Actor, company_id: int, currency: str, first: date, last: date) -> Statement:
        actor.must(Right.VIEW_COMPANIES)
        actor.must_see(company_id, "company")
        if last < first:
            raise InputInvalid("to", "The statement ends before it begins. Choose a later last day.")
        with self.open_work(actor.store_id) as work:
            work.companies.get(company_id)
            found = work.accounts.statement(company_id, currency, first, last)
            return replace(found, closed_through=work.notes.settings().closed_through)
