"""Money as whole minor units of one ISO 4217 currency, with text at the edges and never a float."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from domain.errors import AmountInvalid, CurrencyUnknown, MixedCurrencies

_TWO_DIGITS: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
    "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS "
    "VES WST XCD YER ZAR ZMW ZWG"
)
_NO_DIGITS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS: Final = "BHD IQD JOD KWD LYD OMR TND"

ISO_DIGITS: Final[dict[str, int]] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}
"""Minor-unit digits by ISO 4217. A store's display decimals can be edited by the merchant and are never used."""

LARGEST_MINOR: Final = 10**15
"""Above this an amount is a typing error, and sums could leave a 64-bit integer."""

_LARGEST_EXPONENT: Final = 15

_PLAIN: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?", re.ASCII)


def digits_of(currency: str) -> int:
    """Minor-unit digits of an ISO 4217 code. Raises CurrencyUnknown."""
    try:
        return ISO_DIGITS[currency]
    except KeyError:
        raise CurrencyUnknown(currency) from None


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in whole minor units. Signed; arithmetic only within one currency (MixedCurrencies)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        digits_of(self.currency)
        if abs(self.minor) > LARGEST_MINOR:
            raise AmountInvalid(str(self.minor), "it is larger than the portal books")

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Reads major units in the edge grammar `-?digits[.digits]`, no more places than the currency has.

        Raises AmountInvalid for anything else: exponents, grouping, other digits, too many places (T-15).
        """
        if not _PLAIN.fullmatch(text):
            raise AmountInvalid(text, "use digits with a point, such as 125.00")
        if len(text.partition(".")[2]) > digits_of(currency):
            raise AmountInvalid(text, "it has more decimal places than its currency")
        return cls.exact(Decimal(text), currency)

    @classmethod
    def parse_positive(cls, text: str, currency: str) -> "Money":
        """As `parse`, and above zero: what a person may enter as an amount to pay or received."""
        money = cls.parse(text, currency)
        if money.minor <= 0:
            raise AmountInvalid(text, "enter an amount above zero")
        return money

    @classmethod
    def exact(cls, value: Decimal, currency: str) -> "Money":
        """A Decimal of major units that must fit the currency's minor unit exactly. Raises AmountInvalid."""
        scaled = _in_minor_units(value, currency)
        whole = scaled.to_integral_value()
        if whole != scaled:
            raise AmountInvalid(str(value), "it has more decimal places than its currency")
        return cls(int(whole), currency)

    @classmethod
    def rounded(cls, value: Decimal, currency: str) -> "Money":
        """A Decimal of major units rounded half up to the minor unit: for extended prices, never for input."""
        scaled = _in_minor_units(value, currency).to_integral_value(rounding=ROUND_HALF_UP)
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        """Major units as an exact Decimal with the currency's places."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    @property
    def text(self) -> str:
        """Major units in the edge grammar: `6400.00`."""
        return f"{self.amount:f}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise MixedCurrencies(self.currency, other.currency)

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor > other.minor

    def __ge__(self, other: "Money") -> bool:
        self._same(other)
        return self.minor >= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.text} {self.currency}"


def _in_minor_units(value: Decimal, currency: str) -> Decimal:
    """Scaled without losing a digit, whatever the precision around. Raises AmountInvalid for what is no number."""
    if not value.is_finite() or value.adjusted() > _LARGEST_EXPONENT:
        raise AmountInvalid(str(value), "it is no number the portal books")
    return value.scaleb(digits_of(currency), Context(prec=len(value.as_tuple().digits) + 1))


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero for none. Raises MixedCurrencies when an amount is of another currency."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result


def split(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Divides an amount by weights so that the parts add up to it exactly (I-15).

    Largest remainder, ties to the earlier part; all weights zero counts as equal weights.
    """
    if not weights:
        raise AmountInvalid(str(amount), "there is nothing to divide it over")
    used = list(weights) if any(weights) else [1] * len(weights)
    whole = sum(used)
    sign = -1 if amount.minor < 0 else 1
    shares = [divmod(abs(amount.minor) * weight, whole) for weight in used]
    parts = [share for share, _ in shares]
    left = abs(amount.minor) - sum(parts)
    by_remainder = sorted(range(len(used)), key=lambda index: (-shares[index][1], index))
    for index in by_remainder[:left]:
        parts[index] += 1
    return [Money(sign * part, amount.currency) for part in parts]
