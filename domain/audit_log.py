"""The audit log as people read it: who did what to which thing, when, before and after, and from where (I-13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from domain.roles import ActorKind

AREAS: Final[Mapping[str, tuple[str, ...]]] = {
    "invoices": ("invoice",),
    "payments": ("payment", "credit", "checkout", "review"),
    "credit": ("credit_memo", "write_off"),
    "companies": ("company",),
    "people": ("staff", "role", "api_key"),
    "settings": ("settings", "store"),
}
"""What acts are about, by the first word of their names: `payment.recorded` is one of `payments`."""


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One act. `id` counts the acts of the store; `thing` is the number or name of what it was done to, as it is now;
    `who`, `texts` and `came_from` are empty once they were erased (ground rule 9)."""

    id: int
    at: datetime
    actor_kind: ActorKind
    actor_id: str
    role: str
    who: str
    what: str
    subject_kind: str
    subject_id: str
    thing: str
    company_id: int | None
    changes: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    request_id: str = ""
    came_from: str = ""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """`actor_id` names one of `actor_kind`; `thing` is a fragment of a number or name, case-blind. Where `companies`
    are given, a person sees only these, and nothing that is about no company. Newest first."""

    actor_kind: ActorKind | None = None
    actor_id: str | None = None
    area: str | None = None
    thing: str = ""
    since: datetime | None = None
    before: datetime | None = None
    companies: frozenset[int] | None = None

    def matches(self, row: AuditRow) -> bool:
        return (
            self.actor_kind in (None, row.actor_kind)
            and self.actor_id in (None, row.actor_id)
            and (self.area is None or row.what.partition(".")[0] in AREAS[self.area])
            and self.thing.strip().lower() in row.thing.lower()
            and (self.since is None or row.at >= self.since)
            and (self.before is None or row.at < self.before)
            and (self.companies is None or row.company_id in self.companies)
        )
