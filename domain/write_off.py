"""Why a balance is given up (R-4): the codes of a write-off."""

from enum import StrEnum

from domain.errors import ReasonRequired


class WriteOffReason(StrEnum):
    UNCOLLECTIBLE = "uncollectible"
    INSOLVENT = "insolvent"
    SMALL_DIFFERENCE = "small_difference"
    DISPUTE = "dispute"
    BANK_FEES = "bank_fees"
    GOODWILL = "goodwill"
    OTHER = "other"


def check_reason(reason: WriteOffReason, note: str) -> None:
    """“Other” says nothing by itself. Raises ReasonRequired."""
    if reason is WriteOffReason.OTHER and not note.strip():
        raise ReasonRequired("write this off")
