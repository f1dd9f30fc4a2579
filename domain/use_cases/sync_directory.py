"""Companies, company users and their roles come from BundleB2B (R-26)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.company import Buyer, Company
from domain.errors import DirectoryUnreachable
from domain.ports import OpenWork
from domain.use_cases.open_shop import OpenShop

DETAILS_EVERY: Final = timedelta(seconds=2)
"""Pause between the detailed readings of new companies: three calls each, of a quota all integrations share."""


@dataclass(frozen=True)
class SyncDirectory:
    """The whole directory, at install and nightly. Where B2B Edition is missing that is a state of onboarding.

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
                known = {company.id: company for company in work.companies.all()}
                work.companies.put(_with_details(company, known.get(company.id)) for company in companies)
                for position, company in enumerate(one for one in companies if one.id not in known):
                    work.inbox.put("company", str(company.id), after=work.now() + position * DETAILS_EVERY)
                work.companies.put_buyers(buyers)
                gone = {
                    buyer.customer_id
                    for company in work.companies.all()
                    for buyer in work.companies.buyers_of(company.id)
                }
                for customer_id in gone - {buyer.customer_id for buyer in buyers}:
                    work.companies.remove_buyer(customer_id)
            counts = {"companies": len(work.companies.all()), "buyers": len(buyers)}
            work.notes.put_fact("directory", {**counts, "problem": problem, "at": work.now().isoformat()})
            work.commit()


def _with_details(listed: Company, known: Company | None) -> Company:
    """The list carries no terms, credit hold or methods: what was read of the company itself stays."""
    if known is None:
        return listed
    return replace(
        listed,
        terms=known.terms,
        b2b_terms=known.b2b_terms,
        credit_hold=known.credit_hold,
        allowed_methods=known.allowed_methods,
    )


@dataclass(frozen=True)
class RefreshCompany:
    """One company after a hint: the company and its buyers are read again."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, store_id: int, company_id: int) -> None:
        directory = self.open_shop(store_id).directory
        company = directory.company(company_id)
        buyers = [buyer for buyer in directory.buyers(company_id) if buyer.company_id == company_id]
        with self.open_work(store_id) as work:
            if company is not None:
                work.companies.put([company])
            known = {buyer.customer_id for buyer in work.companies.buyers_of(company_id)}
            work.companies.put_buyers(buyers)
            for customer_id in known - {buyer.customer_id for buyer in buyers}:
                work.companies.remove_buyer(customer_id)
            work.commit()


def is_fresh(read_at: datetime | None, now: datetime, seconds: int) -> bool:
    """Whether something read from B2B Edition is younger than so many seconds."""
    return read_at is not None and (now - read_at).total_seconds() <= seconds
