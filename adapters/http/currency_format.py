"""How each currency is written for a shopper's locale, so that the storefront script needs no tables of its own."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, TypedDict

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from domain.money import digits_of

_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}", re.ASCII)
_MARKS: Final = str.maketrans("", "", "\u200e\u200f\u061c")
"""Direction marks: the script isolates amounts itself."""

_ENGLISH: Final = Locale("en", "US")


class CurrencyFormat(TypedDict):
    """`digits` are ISO 4217's; the rest is the locale's: what stands before and after, and between the digits."""

    digits: int
    prefix: str
    suffix: str
    decimal: str
    group: str


def currency_formats(currencies: Iterable[str], locale: str) -> dict[str, CurrencyFormat]:
    """The format of each currency by code; English for a locale nobody knows."""
    known = locale_of(locale)
    return {code: _format(code, str(known)) for code in sorted(set(currencies))}


def locale_of(text: str) -> Locale:
    """A locale tag of a theme, such as `en` or `pt-BR`."""
    if not _LOCALE.fullmatch(text):
        return _ENGLISH
    try:
        return Locale.parse(text.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return _ENGLISH


@lru_cache(maxsize=1024)
def _format(currency: str, locale: str) -> CurrencyFormat:
    """Western digits throughout: the script writes no others."""
    pattern = Locale.parse(locale).currency_formats["standard"]
    symbol = get_currency_symbol(currency, locale).translate(_MARKS)
    before, after = (part.translate(_MARKS) for part in (pattern.prefix[0], pattern.suffix[0]))
    if symbol[-1].isalpha() and before.endswith("¤"):
        before += "\N{NO-BREAK SPACE}"
    return CurrencyFormat(
        digits=digits_of(currency),
        prefix=before.replace("¤", symbol),
        suffix=after.replace("¤", symbol),
        decimal=get_decimal_symbol(locale, numbering_system="latn"),
        group=get_group_symbol(locale, numbering_system="latn"),
    )
