"""The sentences buyers read on the storefront, by language.

English is in two files: `src/english.js` has what the script may have to say before, or without, an answer of our
server and so carries along (after its first words that file is plain JSON); `texts/en.json` has the rest. Every other
language is one file `texts/<language>.json` with all keys, and the same {names} in each sentence as in English; one
that is not complete does not load, so that a half translated screen cannot be shipped.

The last five versions of the script are still loaded by somebody: keys are added, and removed only when no such version
asks for them.
"""

import functools
import json
import re
from pathlib import Path

HERE = Path(__file__).parent
CARRIED = HERE / "src" / "english.js"
ENGLISH = "en"


class IncompleteTexts(Exception):
    """A language lacks sentences, has unknown ones, or lost the {names} in some."""


def texts(locale: str) -> dict[str, str]:
    """All sentences for a shopper's locale such as `en-US`: the locale's own, else its language's, else English."""
    known = languages()
    wanted = locale.replace("_", "-").lower()
    for name in (wanted, wanted.partition("-")[0]):
        if name in known:
            return dict(known[name])
    return dict(known[ENGLISH])


@functools.cache
def languages() -> dict[str, dict[str, str]]:
    """Every language, by its tag in lower case. Raises IncompleteTexts."""
    files = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted((HERE / "texts").glob("*.json"))}
    english = carried() | files.pop(ENGLISH)
    return {ENGLISH: english} | {name: complete(name, sentences, english) for name, sentences in files.items()}


def carried() -> dict[str, str]:
    """The English sentences inside the script."""
    text = CARRIED.read_text("utf-8")
    found: dict[str, str] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return found


def complete(language: str, sentences: dict[str, str], english: dict[str, str]) -> dict[str, str]:
    """The sentences again, once they are known to say everything the English ones say. Raises IncompleteTexts."""
    odd = sorted(sentences.keys() ^ english.keys())
    if odd:
        raise IncompleteTexts(f"{language}: missing or unknown: {', '.join(odd)}")
    broken = [key for key, sentence in sentences.items() if names(sentence) != names(english[key])]
    if broken:
        raise IncompleteTexts(f"{language}: other {{names}} than in English: {', '.join(broken)}")
    return sentences


def names(sentence: str) -> set[str]:
    """The {names} a sentence fills in."""
    return set(re.findall(r"\{(\w+)\}", sentence))
