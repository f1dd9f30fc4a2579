"""Currencies as a shopper's locale writes them."""

import pytest

from adapters.http.currency_format import currency_formats
from domain.money import ISO_DIGITS

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("locale", "currency", "written"),
    [
        ("en", "USD", (2, "$", "", ".", ",")),
        ("en-US", "EUR", (2, "€", "", ".", ",")),
        ("en", "CAD", (2, "CA$", "", ".", ",")),
        ("en", "CHF", (2, f"CHF{NBSP}", "", ".", ",")),
        ("en", "JPY", (0, "¥", "", ".", ",")),
        ("en", "KWD", (3, f"KWD{NBSP}", "", ".", ",")),
        ("de", "EUR", (2, "", f"{NBSP}€", ",", ".")),
        ("fr", "EUR", (2, "", f"{NBSP}€", ",", "\N{NARROW NO-BREAK SPACE}")),
        ("pt-BR", "BRL", (2, f"R${NBSP}", "", ",", ".")),
        ("sv", "SEK", (2, "", f"{NBSP}kr", ",", NBSP)),
    ],
)
def test_a_currency_is_written_as_its_readers_know_it(locale, currency, written):
    assert tuple(currency_formats([currency], locale)[currency].values()) == written


@pytest.mark.parametrize("locale", ["", "xx", "../../etc/passwd", "en\x00", "e" * 300, "klingon-Latn"])
def test_a_locale_nobody_knows_is_written_in_english(locale):
    assert currency_formats(["USD"], locale) == currency_formats(["USD"], "en")


@pytest.mark.parametrize("locale", ["en", "de", "ar", "he", "ja", "hi"])
def test_every_currency_has_its_iso_digits_in_every_locale_and_no_direction_marks(locale):
    """Ground rule 8: never the digits of a locale's habits."""
    formats = currency_formats(ISO_DIGITS, locale)

    assert {code: form["digits"] for code, form in formats.items()} == ISO_DIGITS
    assert all("\u200f" not in form["prefix"] + form["suffix"] for form in formats.values())
    assert all("¤" not in form["prefix"] + form["suffix"] for form in formats.values())
