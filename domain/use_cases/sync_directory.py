"""Companies, company users and their roles come from BundleB2B (R-26)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.company import Buyer, Company
from domain.errors import DirectoryUnreachable
from domain.ports import OpenWork, Work
from domain.use_cases.open_shop import OpenShop

DETAILS_EVERY: Final = timedelta(seconds=2)
"""Pause between the detailed readings of companies: three calls each, of a quota all integrations share."""


@dataclass(frozen=True)
class SyncDirectory:
    """The whole directory, at install and nightly. Where B2B Edition is missing that is a state of onboarding.

    The list of companies leaves out terms, credit hold and methods: each is then read by itself, new ones first.
    Raises StoreDisconnected; DirectoryUnreachable after remembering it, so that it is repeated.
    """

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, store_id: int) -> None:
        directory = self.open_shop(store_id).directory
        try:
            companies = list(directory.companies())
            buyers = list(directory.buyers())
        except DirectoryUnreachable as refusal:
            self._remember(store_id, [], [], refusal.sentence)
            raise
        self._remember(store_id, companies, buyers, "")

    def _remember(self, store_id: int, companies: list[Company], buyers: list[Buyer], problem: str) -> None:
        with self.open_work(store_id) as work:
            if not problem:
                before = {company.id for company in work.companies.all()}
                work.companies.put([_with_known(work, company, is_whole=False) for company in companies])
                known = {company.id for company in work.companies.all()}
                put_buyers(work, [buyer for buyer in buyers if buyer.company_id in known], known)
                new_first = sorted(companies, key=lambda company: company.id in before)
                for position, company in enumerate(new_first):
                    work.inbox.put("company", str(company.id), after=work.now() + position * DETAILS_EVERY)
            counts = {"companies": len(work.companies.all()), "buyers": len(buyers)}
            work.notes.put_fact("directory", {**counts, "problem": problem, "at": work.now().isoformat()})
            work.commit()


def _with_known(work: Work, company: Company, *, is_whole: bool) -> Company:
    """A reading of a company with what it does not say: the terms given here, and what lists leave out."""
    known = work.companies.find(company.id)
    if known is None:
        return company
    if is_whole:
        return replace(company, terms=known.terms)
    return replace(
        company,
        terms=known.terms,
        b2b_terms=known.b2b_terms,
        credit_hold=known.credit_hold,
        allowed_methods=known.allowed_methods,
    )


def put_company(work: Work, company: Company) -> None:
    """Keeps a company read by itself; the terms given here stay."""
    work.companies.put([_with_known(work, company, is_whole=True)])


def put_buyers(work: Work, buyers: list[Buyer], company_ids: Iterable[int]) -> None:
    """These are all buyers of those companies: others left."""
    before = {buyer.customer_id for company_id in company_ids for buyer in work.companies.buyers_of(company_id)}
    work.companies.put_buyers(buyers)
    for customer_id in before - {buyer.customer_id for buyer in buyers}:
        work.companies.remove_buyer(customer_id)


@dataclass(frozen=True)
class RefreshCompany:
    """One company after a hint: the company and its buyers are read again. Raises DirectoryUnreachable."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, store_id: int, company_id: int) -> None:
        directory = self.open_shop(store_id).directory
        company = directory.company(company_id)
        buyers = list(directory.buyers(company_id)) if company is not None else []
        with self.open_work(store_id) as work:
            if company is not None:
                put_company(work, company)
            put_buyers(work, buyers, [company_id])
            work.commit()


def is_fresh(read_at: datetime | None, now: datetime, seconds: int) -> bool:
    """Whether something read from B2B Edition is younger than so many seconds."""
    return read_at is not None and (now - read_at).total_seconds() <= seconds
