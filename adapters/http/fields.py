"""Typed fields of bodies and queries: each with its own grammar, and the sentence for what does not fit it."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import ErrorDetails, PydanticCustomError

from domain.errors import AmountInvalid, CurrencyUnknown
from domain.money import Money, digits_of

AMOUNT: Final = r"^-?[0-9]{1,12}(\.[0-9]{1,8})?$"
"""Money and decimals on the wire: plain ASCII digits with a point (T-15). A currency's own places are checked after."""

DOCUMENT_ID: Final = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
CURRENCY: Final = r"^[A-Z]{3}$"
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EARLIEST, _LATEST = date(1990, 1, 1), date(2199, 12, 31)


def _clean(text: str) -> str:
    """Text without control characters: PostgreSQL refuses NUL, logs must not be written into (T-37)."""
    if _CONTROL.search(text):
        raise PydanticCustomError("control", "Remove the control characters.")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "Enter at least one character.")
    return text


def _day(value: object) -> object:
    """Only ISO dates: Pydantic alone also takes numbers and times of day."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None or not _EARLIEST <= day <= _LATEST:
        raise PydanticCustomError("day", "Send a date such as 2026-11-22.")
    return day


def _known(currency: str) -> str:
    try:
        digits_of(currency)
    except CurrencyUnknown as refusal:
        raise PydanticCustomError("currency", "{why}", {"why": refusal.sentence}) from None
    return currency


Short = Annotated[str, StringConstraints(strict=True, max_length=100), AfterValidator(_clean)]
Named = Annotated[str, StringConstraints(strict=True, max_length=100), AfterValidator(_clean), AfterValidator(_filled)]
Text = Annotated[str, StringConstraints(strict=True, max_length=500), AfterValidator(_clean)]
LongText = Annotated[str, StringConstraints(strict=True, max_length=5000), AfterValidator(_clean)]
AmountText = Annotated[str, StringConstraints(strict=True, pattern=AMOUNT)]
DecimalText = Annotated[str, StringConstraints(strict=True, pattern=AMOUNT)]
DocumentId = Annotated[str, StringConstraints(strict=True, pattern=DOCUMENT_ID)]
Currency = Annotated[str, StringConstraints(strict=True, pattern=CURRENCY), AfterValidator(_known)]
Day = Annotated[date, BeforeValidator(_day)]

LARGEST_ID: Final = 2**31 - 1
"""BigCommerce's ids fit a signed 32-bit integer; anything larger is nobody's."""

_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "This field is needed.",
    "extra_forbidden": "There is no such field. Remove it or check its spelling.",
    "string_type": "Send a string in quotation marks, amounts and quantities too.",
    "int_type": "Send a whole number without quotation marks.",
    "int_parsing": "Send a whole number.",
    "bool_type": "Send true or false.",
    "bool_parsing": "Send true or false.",
    "list_type": "Send a list.",
    "model_type": "Send an object.",
    "dict_type": "Send an object.",
}
_PATTERNS: Final[Mapping[str, str]] = {
    AMOUNT: "Send plain digits with a point, such as “125.00”, and at most 8 decimal places.",
    DOCUMENT_ID: "Send an id as this API gave it.",
    CURRENCY: "Send an ISO 4217 code such as USD.",
}


def sentence_for(error: ErrorDetails) -> str:
    """What to send instead, for one finding of Pydantic."""
    facts: Mapping[str, Any] = error.get("ctx", {})
    kind = error["type"]
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(facts["pattern"], "This text has the wrong form.")
    if kind in ("enum", "literal_error"):
        return f"Send one of {facts['expected']}."
    if kind in ("string_too_long", "too_long"):
        return f"Send at most {facts['max_length']}{' characters' if kind == 'string_too_long' else ''}."
    if kind in ("string_too_short", "too_short"):
        return f"Send at least {facts['min_length']}{' characters' if kind == 'string_too_short' else ''}."
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"Send a number of at {'least' if 'ge' in facts else 'most'} {facts.get('ge', facts.get('le'))}."
    return _SENTENCES.get(kind, error["msg"])


def money_at(text: str, currency: str, field: str) -> Money:
    """An amount of that currency. Raises AmountInvalid that names the field."""
    try:
        return Money.parse(text, currency)
    except AmountInvalid as refusal:
        refusal.facts = {**refusal.facts, "field": field}
        raise


def padded_money_at(text: str, currency: str, field: str) -> Money:
    """As `money_at`, also with needless zeros: B2B Edition writes four places in every currency, `349.5000`."""
    try:
        return Money.exact(Decimal(text), currency)
    except AmountInvalid as refusal:
        refusal.facts = {**refusal.facts, "field": field}
        raise


def decimal_of(text: str) -> Decimal:
    """A number whose grammar the schema has checked."""
    return Decimal(text)
