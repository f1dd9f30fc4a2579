"""The end of opening mode: a cut-over date, and control totals that agree with the ERP to the cent (R-12)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from domain.errors import InputInvalid, TotalsDiffer
from domain.events import Act
from domain.listing import Totals
from domain.money import Money
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.store import Settings

FACT: Final = "control_totals"


@dataclass(frozen=True)
class ControlTotal:
    """What companies owe in one currency: open balances less available credit; and what the ERP says, if it was
    asked. Equal to the cent or not."""

    currency: str
    open: Money
    credit: Money
    stated: Money | None = None

    @property
    def owed(self) -> Money:
        return self.open - self.credit

    @property
    def apart(self) -> Money | None:
        """How much more the ERP has; None while it was not asked."""
        return None if self.stated is None else self.stated - self.owed


@dataclass(frozen=True)
class OpeningLook:
    """`kept` are the totals that were confirmed when opening mode ended: owed by currency, as text."""

    settings: Settings
    totals: tuple[ControlTotal, ...]
    kept: Mapping[str, object]


@dataclass(frozen=True)
class LookAtOpening:
    """Our totals beside what the ERP is said to have. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor, stated: Mapping[str, Money] | None = None) -> OpeningLook:
        actor.must(Right.VIEW_SETTINGS)
        with self.open_work(actor.store_id) as work:
            totals = control_totals(work, stated or {})
            return OpeningLook(work.notes.settings(), totals, work.notes.fact(FACT) or {})


def control_totals(work: Work, stated: Mapping[str, Money]) -> tuple[ControlTotal, ...]:
    """Of every currency in which something is owed or held here or in the ERP."""
    ours = {one.currency: one for one in work.queries.totals(None) if one.open or one.available_credit}
    return tuple(_of(currency, ours.get(currency), stated.get(currency)) for currency in sorted({*ours, *stated}))


def _of(currency: str, ours: Totals | None, stated: Money | None) -> ControlTotal:
    nothing = Money.zero(currency)
    if ours is None:
        return ControlTotal(currency, nothing, nothing, stated)
    return ControlTotal(currency, ours.open, ours.available_credit, stated)


@dataclass(frozen=True)
class EndOpening:
    """Sets the cut-over date: earlier orders are historic, everything after is announced. `stated` are the ERP's totals
    by currency; None says that there is no ERP to agree with.

    Raises NotAllowed, InputInvalid when opening mode has ended or the date lies in the future, TotalsDiffer.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, cut_over: date, stated: Mapping[str, Money] | None = None) -> Settings:
        actor.must(Right.MANAGE_SETTINGS)
        with self.open_work(actor.store_id) as work:
            settings = work.notes.locked_settings()
            if not settings.is_opening:
                raise InputInvalid(
                    "cut_over", "Opening mode ended with the cut-over date {cut_over}.", cut_over=settings.cut_over
                )
            if cut_over > work.today():
                raise InputInvalid("cut_over", "The cut-over date cannot lie in the future.")
            totals = control_totals(work, stated or {})
            if stated is not None:
                _must_agree(totals)
            changed = replace(settings, cut_over=cut_over)
            work.notes.put_settings(changed)
            figures = {one.currency: one.owed.text for one in totals}
            work.notes.put_fact(
                FACT, {"totals": figures, "with_erp": stated is not None, "at": work.now().isoformat(), "by": actor.id}
            )
            change = {"cut_over": cut_over.isoformat(), "totals": figures, "with_erp": stated is not None}
            work.book(actor, Act("store.opening_ended", "store", str(actor.store_id), change))
            work.commit()
        return changed


def _must_agree(totals: tuple[ControlTotal, ...]) -> None:
    for one in totals:
        if one.stated is None:
            raise InputInvalid(f"erp-{one.currency}", "Enter what the ERP says companies owe in this currency.")
        if one.apart:
            raise TotalsDiffer(one.currency, one.owed, one.stated, abs(one.apart))
