"""How fields of answers are read: exact amounts, open texts, instants; a missing amount is a failure, never zero."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Final, TypeVar

import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from adapters.bigcommerce.errors import Unreadable
from domain.errors import AmountInvalid, CurrencyUnknown
from domain.money import Money

_log: Final = structlog.get_logger("adapters.bigcommerce")

_PLAIN: Final = re.compile(r"-?(\d{1,15}(\.\d{0,20})?|\.\d{1,20})", re.ASCII)
_NOISE: Final = Decimal("0.000001")


class Shape(BaseModel):
    """Part of an answer: unknown fields are ignored, enums are plain text, numbers may stand where text was."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


def _amount(value: object) -> Decimal:
    """V2 sends text with four decimals, V3 numbers; spec and examples differ on which, so both are read."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return Decimal(value)
    raise ValueError("not an amount")


def _text(value: object) -> object:
    return "" if value is None or value is False else value


def _code(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


def _count(value: object) -> object:
    return 0 if value in (None, "") else value


def _rows(value: object) -> object:
    """Lists that are absent, null or a lone object."""
    if value is None:
        return []
    return [value] if isinstance(value, dict) else value


def moment(value: object) -> datetime:
    """An instant in UTC from RFC 2822 (V2) or ISO 8601 (V3). Raises ValueError."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("not a date")
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        try:
            found = parsedate_to_datetime(value)
        except TypeError as error:
            raise ValueError("not a date") from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _maybe_moment(value: object) -> datetime | None:
    return None if value in (None, "") else moment(value)


Amount = Annotated[Decimal, BeforeValidator(_amount)]
Text = Annotated[str, BeforeValidator(_text)]
Code = Annotated[str, BeforeValidator(_code)]
Count = Annotated[int, BeforeValidator(_count)]
Moment = Annotated[datetime, BeforeValidator(moment)]
MaybeMoment = Annotated[datetime | None, BeforeValidator(_maybe_moment)]
AsRows = BeforeValidator(_rows)

Found = TypeVar("Found", bound=Shape)


def read(shape: type[Found], found: Any, what: str) -> Found:
    """The answer as its shape. Raises Unreadable; only names of fields are logged, values may be personal."""
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        fields = [".".join(map(str, row["loc"])) for row in error.errors(include_input=False, include_url=False)]
        _log.error("bigcommerce.unreadable", what=what, fields=fields[:10])
        raise Unreadable(what) from None


@contextmanager
def as_unreadable(what: str) -> Iterator[None]:
    """Turns amounts and currencies we do not book into Unreadable."""
    try:
        yield
    except (AmountInvalid, CurrencyUnknown) as error:
        _log.error("bigcommerce.unreadable", what=what, why=error.code)
        raise Unreadable(what) from None


def counted(value: Decimal, currency: str) -> Money:
    """Money that was or will be charged: it must be whole minor units. JSON writers that print binary floats
    (69.840000000000003) are forgiven, anything more is not. Raises AmountInvalid."""
    money = Money.rounded(value, currency)
    return money if abs(money.amount - value) < _NOISE else Money.exact(value, currency)


def stated(value: Decimal, currency: str) -> Money:
    """An amount of an order: V2 carries four decimals whatever the currency, so it is rounded half up (R-10)."""
    return Money.rounded(value, currency)
