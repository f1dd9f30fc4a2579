"""Sales Staff and the companies assigned to them come from BundleB2B (bundleb2b.md section 4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.errors import DirectoryUnreachable
from domain.ports import Doorbell, OpenWork, Work
from domain.roles import Actor, Right
from domain.staff import SalesPerson
from domain.use_cases.open_shop import OpenShop

FACT: Final = "sales_staff"
"""When Sales Staff was asked for last, and why that failed if it did."""


def renew_sales_staff(work: Work, older_than: timedelta) -> bool:
    """Asks for a new reading where the last is older; whether it did."""
    at = (work.notes.fact(FACT) or {}).get("at")
    if at is not None and work.now() - datetime.fromisoformat(str(at)) <= older_than:
        return False
    work.outbox.put("sync_sales_staff", "sales_staff")
    return True


@dataclass(frozen=True)
class SyncSalesStaff:
    """Each hour, and when somebody signs in. While B2B Edition is away the last reading counts: nobody sees more by
    it. It is not repeated at once, since the next hour does."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, store_id: int) -> None:
        found: list[SalesPerson] | None = None
        problem = ""
        try:
            found = list(self.open_shop(store_id).directory.sales_staff())
        except DirectoryUnreachable as refusal:
            problem = refusal.sentence
        with self.open_work(store_id) as work:
            if found is not None:
                work.staff.put_sales(found)
            known = len(work.staff.sales_people())
            work.notes.put_fact(FACT, {"people": known, "problem": problem, "at": work.now().isoformat()})
            work.commit()


@dataclass(frozen=True)
class ReadSalesStaff:
    """A person presses *Read from BundleB2B again*. Raises NotAllowed."""

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor) -> None:
        actor.must(Right.MANAGE_USERS)
        with self.open_work(actor.store_id) as work:
            work.outbox.put("sync_sales_staff", "sales_staff")
            work.commit()
        self.doorbell.ring(actor.store_id, "outbox")
