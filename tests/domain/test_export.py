"""Cells of exports: no text starts a formula, and every text comes back (T-24)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.export import harmless

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def read_back(shown: str) -> str:
    """What a program makes of an escaped cell: one apostrophe before what would start a formula goes."""
    return shown[1:] if shown.startswith("'") and shown.lstrip("'").startswith(STARTS) else shown


@pytest.mark.parametrize("start", STARTS)
def test_a_text_that_would_start_a_formula_gets_an_apostrophe(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "Northwind", "5-6", "'quoted'", "a=b", " =1", "INV-1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(alphabet=[*STARTS, "'", "a", " "], max_size=6))
def test_taking_the_apostrophe_away_gives_the_text_back(text: str) -> None:
    shown = harmless(text)

    assert not shown.startswith(STARTS)
    assert read_back(shown) == text
