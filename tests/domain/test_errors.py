"""Every refusal has a stable code and a sentence that helps (R-25 words, DESIGN 10)."""

import inspect

import pytest

from domain import errors
from domain.errors import Refusal

REFUSALS = [
    one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, Refusal) and one is not Refusal
]
WITH_OWN_SENTENCE = {errors.NotPayable, errors.LinesRefused}


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.__name__)
def test_every_refusal_has_a_code_of_its_own(refusal):
    assert refusal.code == refusal.code.lower()
    assert [one for one in REFUSALS if one.code == refusal.code] == [refusal]


@pytest.mark.parametrize("refusal", sorted(set(REFUSALS) - WITH_OWN_SENTENCE, key=str), ids=lambda one: one.__name__)
def test_every_refusal_says_a_sentence_to_people(refusal):
    asked = inspect.signature(refusal).parameters.items()
    named = [name for name, one in asked if one.kind is not inspect.Parameter.VAR_KEYWORD]
    arguments = [7 if name == "order_id" else "INV-1" for name in named]

    made = refusal(*arguments)

    assert made.sentence.rstrip("”").endswith((".", "…", "INV-1"))
    assert made.sentence[0].isupper() or made.sentence.startswith(("INV-1", "“"))
    assert str(made) == made.sentence
    assert "None" not in made.sentence


def test_a_long_input_is_not_repeated_at_length():
    """T-37."""
    assert len(errors.AmountInvalid("9" * 5000, "x").sentence) < 200
    assert len(errors.CurrencyUnknown("X" * 5000).sentence) < 200
