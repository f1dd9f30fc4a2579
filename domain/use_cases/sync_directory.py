"""Companies, company users and their roles come from BundleB2B (R-26)."""

from dataclasses import dataclass
from datetime import datetime

from domain.company import Buyer, Company
from domain.errors import DirectoryUnreachable
from domain.ports import OpenWork
from domain.use_cases.open_shop import OpenShop


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
                work.companies.put(companies)
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


@dataclass(frozen=True)
class RefreshCompany:
    """One company after a hint: the company and its buyers are read again."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, store_id: int, company_id: int) -> None:
        directory = self.open_shop(store_id).directory
        company = directory.company(company_id)
        buyers = [buyer for buyer in directory.buyers() if buyer.company_id == company_id]
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
