"""Review items: money or documents a person must decide on. Nothing is lost or guessed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class ReviewKind(StrEnum):
    CAPTURED_OTHERWISE = "captured_otherwise"
    NO_ATTEMPT = "no_attempt"
    NOT_APPLIED = "not_applied"
    STORE_CHANGES_PRICE = "store_changes_price"
    ORDER_DOES_NOT_ADD_UP = "order_does_not_add_up"
    ORDER_CHANGED = "order_changed"
    AUTHORIZED_ONLY = "authorized_only"
    BELOW_SETTLED = "below_settled"
    ERP_BALANCE = "erp_balance"
    DISPUTED = "disputed"
    MONEY_BACK = "money_back"


class Outcome(StrEnum):
    """How a review item was settled."""

    BY_ITSELF = "by_itself"
    APPLIED_AS_EXPECTED = "applied_as_expected"
    APPLIED_OTHERWISE = "applied_otherwise"
    LEFT_AS_CREDIT = "left_as_credit"
    CHARGED_BACK = "charged_back"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who settled it how; `note` is the reason given."""

    outcome: Outcome
    by: str = ""
    note: str = ""


BY_ITSELF: Final = Settlement(Outcome.BY_ITSELF)
"""What was expected happened meanwhile, such as a capture after an authorisation."""

MONEY_KINDS: Final = frozenset({ReviewKind.CAPTURED_OTHERWISE, ReviewKind.NO_ATTEMPT, ReviewKind.NOT_APPLIED})
"""Items about money that stays as credit until a person applies it."""


@dataclass(frozen=True, slots=True)
class Review:
    """What was expected and what was found, about one thing. One open item per (kind, subject)."""

    id: str
    kind: ReviewKind
    subject_kind: str
    subject_id: str
    expected: str
    found: str
    company_id: int | None = None
    opened_at: datetime | None = None
    settled_at: datetime | None = None
    settlement: Settlement | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def outcomes(self) -> tuple[Outcome, ...]:
        """What a person may settle it as, the best first; applying otherwise and charging back are acts of their own
        that settle it in their commit."""
        if self.kind is ReviewKind.CAPTURED_OTHERWISE:
            return (Outcome.APPLIED_AS_EXPECTED, Outcome.LEFT_AS_CREDIT, Outcome.DISMISSED)
        if self.kind in MONEY_KINDS or self.kind is ReviewKind.BELOW_SETTLED:
            return (Outcome.LEFT_AS_CREDIT, Outcome.DISMISSED)
        return (Outcome.DISMISSED,)
