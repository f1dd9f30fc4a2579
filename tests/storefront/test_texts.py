"""The sentences: complete, used, and none in the script that the server would say differently."""

import json
import re

import pytest

from storefront_scripts.bundle import HERE
from storefront_scripts.texts import IncompleteTexts, carried, complete, languages, texts

SOURCES = {path.stem: path.read_text("utf-8") for path in (HERE / "src").glob("*.js") if path.stem != "english"}
CODE = "\n".join(SOURCES.values())
# Keys put together at run time: a prefix and what the contract or another list can put behind it.
COMPOSED = (
    [f"status_{status}" for status in ("unpaid", "overdue", "partially_paid", "closed", "all")]
    + [f"sort_{down}{by}" for by in ("due", "issued", "number", "total", "balance") for down in ("", "down_")]
    + [
        f"cost_{kind}"
        for kind in ("shipping", "handling", "wrapping", "fee", "discount", "tax", "rounding", "difference", "other")
    ]
    + [f"confirm_{state}" for state in ("paid", "pending", "awaiting_payment", "needs_review")]
    + [f"{kind}_{form}" for kind in ("issued", "due") for form in ("between", "from_day", "to_day")]
    + ["issued_from", "issued_to", "due_from", "due_to", "language"]
)


def keys_in_code() -> set[str]:
    """Every key the code can ask for."""
    plain = set(re.findall(r"'([a-z]+(?:_[a-z]+)*)'", CODE)) & texts("en").keys()
    plural = {f"{key}_{form}" for key in re.findall(r"\btn\('(\w+)'", CODE) for form in ("one", "other")}
    return plain | plural | set(COMPOSED) | {f"{key}_more" for key in texts("en") if f"{key}_more" in texts("en")}


def test_every_key_the_code_asks_for_has_a_sentence() -> None:
    asked = set(re.findall(r"\bt\('(\w+)'", CODE)) | set(COMPOSED)
    asked |= {f"{key}_{form}" for key in re.findall(r"\btn\('(\w+)'", CODE) for form in ("one", "other")}
    asked |= set(re.findall(r"\blabel\('(\w+)'|\bfact\('(\w+)'", CODE)[0])

    assert asked - {""} - texts("en").keys() == set()


def test_no_sentence_is_left_over() -> None:
    assert texts("en").keys() - keys_in_code() == set()


def test_the_script_carries_no_sentence_twice() -> None:
    rest = json.loads((HERE / "texts" / "en.json").read_text("utf-8"))

    assert carried().keys() & rest.keys() == set()


def test_a_locale_gets_its_language_or_english() -> None:
    assert texts("en-US") == texts("en") == texts("xx-YY") == texts("")
    assert texts("en")["language"] == "en"


def test_the_caller_may_change_what_it_got() -> None:
    texts("en")["invoices"] = "changed"

    assert texts("en")["invoices"] == "Invoices"


def test_every_language_shipped_is_complete() -> None:
    for language, sentences in languages().items():
        assert sentences["language"] == language
        assert sentences.keys() == texts("en").keys()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"pay_sum": "Bezahlen"}, "names.*pay_sum"), ({"pay": None}, "missing.*pay"), ({"extra": "x"}, "unknown: extra")],
)
def test_an_incomplete_language_does_not_load(change: dict[str, str | None], said: str) -> None:
    sentences = {key: value for key, value in (texts("en") | change).items() if value is not None}

    with pytest.raises(IncompleteTexts, match=said):
        complete("de", sentences, texts("en"))
