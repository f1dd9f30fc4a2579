"""*Create for selected*: up to 200 orders become invoices in the background, each with its result (R-8, R-9)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.errors import InputInvalid, NotFound, Refusal, StoreDisconnected, StoreUnreachable
from domain.ports import Doorbell, Item, OpenWork, Work
from domain.roles import Actor, ActorKind, Right
from domain.use_cases.create_invoice import Created, CreateInvoice
from domain.use_cases.sign_in_staff import standing_in

MOST_ORDERS: Final = 200
AT_ONCE: Final = 5
"""Orders per claimed row, so that its lease outlives them when BigCommerce is slow."""

KEPT_RUNS: Final = 10
_LATEST: Final = "create_invoices.latest"
_KEY: Final = re.compile(r"[0-9a-f-]{16,40}", re.ASCII)


@dataclass(frozen=True)
class Result:
    """What became of one order: its invoice, or why there is none. `why` is a sentence with places for `facts`."""

    order_id: int
    invoice_id: str = ""
    number: str = ""
    existed: bool = False
    why: str = ""
    facts: Mapping[str, str] | None = None

    @property
    def is_created(self) -> bool:
        return bool(self.invoice_id) and not self.existed

    @property
    def sentence(self) -> Refusal:
        """Why it was skipped, for edges that translate."""
        return Refusal(self.why, **(self.facts or {}))


@dataclass(frozen=True)
class Run:
    """One press of *Create for selected*. `results` are in the order in which they came."""

    id: str
    by: str
    name: str
    started_at: datetime
    orders: tuple[int, ...]
    results: tuple[Result, ...]
    finished_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return len(self.results) >= len(self.orders)


@dataclass(frozen=True)
class StartRun:
    """The run is known by the form's `key`: pressed twice, it is one. Raises NotAllowed, InputInvalid."""

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor, order_ids: Sequence[int], key: str) -> str:
        actor.must(Right.CREATE_INVOICES)
        wanted = tuple(dict.fromkeys(order_ids))
        if not wanted:
            raise InputInvalid("order", "Select at least one order.")
        if len(wanted) > MOST_ORDERS:
            raise InputInvalid("order", "Select at most {most} orders at once.", most=MOST_ORDERS)
        if not _KEY.fullmatch(key):
            raise InputInvalid("key", "Load the page again and select the orders once more.")
        with self.open_work(actor.store_id) as work:
            if work.notes.fact(_name(key)) is None:
                now = work.now()
                work.notes.put_fact(_name(key), _document(Run(key, actor.id, actor.name, now, wanted, ())))
                latest = [key, *_latest(work)][:KEPT_RUNS]
                work.notes.put_fact(_LATEST, {"ids": latest})
                work.outbox.put("create_invoices", key)
                work.commit()
        self.doorbell.ring(actor.store_id, "outbox")
        return key


@dataclass(frozen=True)
class ShowRun:
    """One's own runs; everybody's for who sees every company. Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, run_id: str) -> Run:
        actor.must(Right.VIEW_ORDERS)
        with self.open_work(actor.store_id) as work:
            run = _find(work, run_id)
        if run is None or (actor.companies is not None and run.by != actor.id):
            raise NotFound("run")
        return run


def latest_runs(work: Work, actor: Actor) -> list[Run]:
    """The newest runs the person may see, for the way back to them."""
    runs = [run for run in (_find(work, run_id) for run_id in _latest(work)) if run is not None]
    return [run for run in runs if actor.companies is None or run.by == actor.id]


@dataclass(frozen=True)
class WorkOffRun:
    """The outbox row of a run: a few orders, then the next row. Repeatable: an order that has its result, or its
    invoice, is not billed again (I-5). Who pressed must still hold the right.

    Raises StoreUnreachable and StoreDisconnected, so that the outbox repeats the rest.
    """

    open_work: OpenWork
    create: CreateInvoice
    report: Callable[[int, Item, Exception], None]

    def __call__(self, store_id: int, item: Item) -> None:
        with self.open_work(store_id) as work:
            run = _find(work, item.key)
            if run is None:
                return
            actor = _person(work, run)
        done = {result.order_id for result in run.results}
        for order_id in [one for one in run.orders if one not in done][:AT_ONCE]:
            self._keep(store_id, run.id, self._one(actor, order_id, item))
        with self.open_work(store_id) as work:
            now_run = _find(work, run.id)
            if now_run is not None and not now_run.is_done:
                work.outbox.put("create_invoices", run.id)
                work.commit()

    def _one(self, actor: Actor, order_id: int, item: Item) -> Result:
        try:
            created: Created = self.create(actor, order_id)
        except (StoreUnreachable, StoreDisconnected):
            raise
        except Refusal as refusal:
            facts = {name: str(value) for name, value in refusal.facts.items()}
            return Result(order_id, why=refusal.template, facts=facts)
        except Exception as failure:  # one order that fails holds back no others (F-23)
            self.report(actor.store_id, item, failure)
            return Result(order_id, why="It could not be read. Try this order by itself.")
        return Result(order_id, created.invoice_id, created.number, created.existed)

    def _keep(self, store_id: int, run_id: str, result: Result) -> None:
        with self.open_work(store_id) as work:
            run = _find(work, run_id)
            if run is None or result.order_id in {one.order_id for one in run.results}:
                return
            results = (*run.results, result)
            finished = work.now() if len(results) >= len(run.orders) else None
            fresh = Run(run.id, run.by, run.name, run.started_at, run.orders, results, finished)
            work.notes.put_fact(_name(run_id), _document(fresh))
            work.commit()


def _person(work: Work, run: Run) -> Actor:
    """Who pressed, with role, rights and companies as they are now."""
    member = work.staff.find(int(run.by)) if run.by.isdigit() else None
    standing = standing_in(work, member) if member is not None else None
    if standing is None or standing.role is None:
        return Actor(work.store.id, ActorKind.STAFF, run.by, name=run.name, role="none")
    rights = work.notes.role_rights(standing.role)
    role = standing.role.value
    companies = standing.companies
    return Actor(work.store.id, ActorKind.STAFF, run.by, name=run.name, role=role, rights=rights, companies=companies)


# --- how a run is kept --------------------------------------------------------------------------------------
def _name(run_id: str) -> str:
    return f"create_invoices.{run_id}"


def _latest(work: Work) -> list[str]:
    kept = (work.notes.fact(_LATEST) or {}).get("ids", [])
    return [str(one) for one in kept] if isinstance(kept, list) else []


def _document(run: Run) -> dict[str, object]:
    return {
        "by": run.by,
        "name": run.name,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else "",
        "orders": list(run.orders),
        "results": [
            {
                "order_id": one.order_id,
                "invoice_id": one.invoice_id,
                "number": one.number,
                "existed": one.existed,
                "why": one.why,
                "facts": dict(one.facts or {}),
            }
            for one in run.results
        ],
    }


def _find(work: Work, run_id: str) -> Run | None:
    kept = work.notes.fact(_name(run_id))
    if kept is None:
        return None
    orders, results = kept["orders"], kept["results"]
    finished = str(kept["finished_at"])
    return Run(
        run_id,
        str(kept["by"]),
        str(kept["name"]),
        datetime.fromisoformat(str(kept["started_at"])),
        tuple(int(one) for one in orders) if isinstance(orders, list) else (),
        tuple(Result(**one) for one in results) if isinstance(results, list) else (),
        datetime.fromisoformat(finished) if finished else None,
    )
