"""Onboarding, store health in words, and the end of opening mode (R-12, R-23)."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.company import Company
from domain.errors import InputInvalid
from domain.listing import Totals
from domain.ports import Doorbell, OpenWork
from domain.roles import Actor, Right
from domain.store import Profile, Settings


@dataclass(frozen=True)
class Onboarding:
    """Facts as the workers noted them: `scopes`, `setup`, `directory`, `sync.orders`, `orders.watermark`."""

    facts: Mapping[str, Mapping[str, object]]
    settings: Settings
    profile: Profile | None
    totals: tuple[Totals, ...]
    waiting: int
    open_reviews: int


FACTS = ("scopes", "setup", "directory", "sync.orders", "orders.watermark")


@dataclass(frozen=True)
class LookAtStore:
    """The first page. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> Onboarding:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            return Onboarding(
                {name: work.notes.fact(name) or {} for name in FACTS},
                work.notes.settings(),
                work.notes.profile(),
                tuple(work.queries.totals(None, actor.companies)),
                work.inbox.waiting() + work.outbox.waiting(),
                len(work.reviews.list_open(companies=actor.companies)),
            )


_REPAIRS = {
    "setup": ("set_up_store", "setup"),
    "directory": ("sync_directory", "directory"),
    "orders": ("sync_orders", "orders"),
    "check": ("check_store", "store"),
}


@dataclass(frozen=True)
class RepairStore:
    """Starts one of the set-up steps again: `setup`, `directory` or `orders`. Raises NotAllowed, InputInvalid."""

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor, step: str) -> None:
        actor.must(Right.MANAGE_SETTINGS)
        if step not in _REPAIRS:
            raise InputInvalid("check", "There is nothing of that name to repair.")
        with self.open_work(actor.store_id) as work:
            work.outbox.put(*_REPAIRS[step])
            work.commit()
        self.doorbell.ring(actor.store_id, "outbox")


@dataclass(frozen=True)
class ListCompanies:
    """Companies to choose from, by name. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> list[Company]:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            return sorted(work.companies.all(actor.companies), key=lambda company: company.name.casefold())
