"""Unit prices and quantities: exact decimals, because only extended amounts are money (R-6)."""

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from domain.errors import InputInvalid
from domain.money import Money

_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?", re.ASCII)
_ALL_DIGITS: Final = 80
"""More than a quantity and a price of 20 digits each can have together: a product is rounded once, to money."""
PRICE_BASES: Final = (1, 10, 100, 1000)


def exact_decimal(text: str, field: str) -> Decimal:
    """An exact decimal of up to 8 places in plain digits. Raises InputInvalid naming the field."""
    if not _DECIMAL.fullmatch(text):
        raise InputInvalid(field, "“{text}” is not a plain number with up to 8 decimal places.", text=text[:40])
    return Decimal(text)


def plain(value: Decimal) -> str:
    """A decimal without exponent and needless zeros: `2`, `2.5`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A price per `base` units, exact to 8 places, in the invoice's currency."""

    value: Decimal
    base: int = 1

    def __post_init__(self) -> None:
        if self.base not in PRICE_BASES:
            raise InputInvalid("price_base", "A price base is 1, 10, 100 or 1000.")

    def extended(self, quantity: Decimal, currency: str) -> Money:
        """quantity x price / base, rounded half up to the minor unit."""
        with localcontext(prec=_ALL_DIGITS):
            exact = quantity * self.value / self.base
        return Money.rounded(exact, currency)
