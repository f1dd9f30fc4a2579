"""Review items: money or documents a person must decide on. Nothing is lost or guessed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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
    facts: Mapping[str, str] = field(default_factory=dict)
