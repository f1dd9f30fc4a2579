"""Exact decimals, the platform's ways of writing money, and its dates."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from email.utils import format_datetime, parsedate_to_datetime

ZERO = Decimal(0)
_DIGITS = {"JPY": 0, "KWD": 3, "BHD": 3, "JOD": 3}
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$"}


def dec(value: object) -> Decimal:
    """Any number or text the platform may carry, without a trip through binary floats."""
    return Decimal(str(value))


def digits(currency: str) -> int:
    """Decimal places of the currency (ISO 4217)."""
    return _DIGITS.get(currency, 2)


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Half up, as shops round."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def four(value: Decimal) -> str:
    """V2 money: text with four decimals."""
    return f"{value:.4f}"


def number(value: Decimal) -> float | int:
    """V3 and storefront money: a JSON number; whole amounts lose the point, as in the published examples."""
    return int(value) if value == value.to_integral_value() else float(value)


def shares(total: Decimal, weights: Sequence[Decimal], places: int = 2) -> list[Decimal]:
    """Split a discount over lines by weight so that the parts add up to it exactly."""
    base = sum(weights, ZERO)
    if not base:
        return [ZERO for _ in weights]
    step = Decimal(1).scaleb(-places)
    parts = [(total * weight / base).quantize(step, ROUND_DOWN) for weight in weights]
    left = total - sum(parts, ZERO)
    order = sorted(range(len(weights)), key=lambda index: -weights[index])
    for index in order:
        if left < step:
            break
        parts[index] += step
        left -= step
    return parts


def rfc2822(moment: datetime) -> str:
    """V2 dates: `Wed, 05 Dec 2018 20:16:55 +0000`."""
    return format_datetime(moment.astimezone(UTC))


def iso(moment: datetime) -> str:
    """V3 dates."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(text: str) -> datetime:
    """A date filter in either allowed form; raises ValueError."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        moment = parsedate_to_datetime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def shown(value: object, currency: str) -> str:
    """Money for people: $1,234.50."""
    return f"{SYMBOLS.get(currency, currency + ' ')}{rounded(dec(value), digits(currency)):,}"
