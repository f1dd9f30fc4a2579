"""The audit log on screen: read, filtered, never written here (I-13)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.audit_log import AREAS, AuditFilter, AuditRow
from domain.listing import Page
from domain.ports import OpenWork, Work
from domain.roles import Actor, ActorKind, Right
from domain.staff import StaffMember
from domain.use_cases.order_payment import time_zone_of


@dataclass(frozen=True)
class AuditQuestion:
    """What is looked for, in the store's days. `who` is a kind of author, or one of them as `staff:2`."""

    who: str = ""
    area: str = ""
    thing: str = ""
    from_day: date | None = None
    to_day: date | None = None

    def chosen(self, zone: str, companies: frozenset[int] | None) -> AuditFilter:
        kind, _, actor_id = self.who.partition(":")
        return AuditFilter(
            ActorKind(kind) if kind in set(ActorKind) else None,
            actor_id or None,
            self.area if self.area in AREAS else None,
            self.thing,
            _midnight(self.from_day, zone),
            _midnight(_next(self.to_day), zone),
            companies,
        )


def _midnight(day: date | None, zone: str) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) if day is not None else None


def _next(day: date | None) -> date | None:
    return day + timedelta(days=1) if day is not None and day < date(9000, 1, 1) else None


@dataclass(frozen=True)
class AuditLog:
    """A page of the log; `people` are those who can be chosen as authors."""

    page: Page[AuditRow]
    people: tuple[StaffMember, ...]


@dataclass(frozen=True)
class LookAtAudit:
    """Newest first. Raises NotAllowed, InputInvalid for a cursor that is none of this list's."""

    open_work: OpenWork

    def __call__(self, actor: Actor, asked: AuditQuestion, limit: int = 25, cursor: str | None = None) -> AuditLog:
        actor.must(Right.VIEW_AUDIT)
        with self.open_work(actor.store_id) as work:
            page = work.queries.audit_log(_chosen(work, actor, asked), limit, cursor)
            return AuditLog(page, tuple(work.staff.all()))


def _chosen(work: Work, actor: Actor, asked: AuditQuestion) -> AuditFilter:
    return asked.chosen(time_zone_of(work), actor.companies)
