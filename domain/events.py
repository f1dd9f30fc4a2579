"""Facts the world may hear of, in past tense: they go to the outbox in the commit that made them true (R-29)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

KINDS: Final = frozenset(
    {
        "invoice.created",
        "invoice.updated",
        "invoice.adjusted",
        "invoice.deleted",
        "invoice.restored",
        "invoice.voided",
        "invoice.closed",
        "invoice.reopened",
        "payment.received",
        "payment.pending",
        "payment.failed",
        "payment.reversed",
        "payment.refunded",
        "payment.announced",
        "payment.charged_back",
        "payment.chargeback_won",
        "payment.paid_out",
        "credit_memo.issued",
        "credit.applied",
        "write_off.created",
        "write_off.reversed",
        "import.finished",
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """`facts` are ids, numbers and amounts as text, no personal data."""

    kind: str
    subject_id: str
    company_id: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """One audit row: what an actor did to which thing, before and after, and the words that may be erased.

    `what` reads as `payment.recorded`; `changes` hold ids, numbers, amounts; `texts` hold memos and reasons, which
    live apart and are only digested into the audit row (ground rule 9).
    """

    what: str
    subject_kind: str
    subject_id: str
    changes: Mapping[str, object] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
