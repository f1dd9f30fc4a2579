"""Every language says every text: nothing is missing, nothing is left over, nothing bypasses the catalogues."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from jinja2 import Environment

from admin_app import language
from tests.bare_words import in_python, in_template
from tests.catalogue import every_text, of, untranslated

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "admin_app" / "templates").rglob("*.html"))
VIEWS = [*sorted((ROOT / "admin_app" / "views").glob("*.py")), ROOT / "admin_app" / "reading.py"]
OTHERS = [code for code in language.LANGUAGES if code != language.ENGLISH]
REFRESH = "run python -m tests.catalogue, then say what is new"

HOLES = re.compile(r"%\(\w+\)s|\{\w*\}")


def ids(messages: Iterable[Message]) -> set[str]:
    return {message.id if isinstance(message.id, str) else message.id[0] for message in messages if message.id}


def test_german_is_there() -> None:
    assert OTHERS == ["de"]
    assert language.language_names() == {"en": "English", "de": "Deutsch"}


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_says_every_text_and_no_other(code: str) -> None:
    texts, said = every_text(), of(code)

    assert ids(texts) - ids(said) == set(), REFRESH
    assert ids(said) - ids(texts) == set(), REFRESH
    assert ids(untranslated(said)) == set()


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_same_places_for_facts(code: str) -> None:
    wrong = []
    for message in of(code):
        if not message.id:
            continue
        wanted = message.id if isinstance(message.id, str) else message.id[1]
        said = message.string if isinstance(message.string, str) else message.string[1]
        if set(HOLES.findall(wanted)) != set(HOLES.findall(said)) or wanted.count("%%") != said.count("%%"):
            wrong.append(wanted)

    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_same_marks(code: str) -> None:
    """Texts of templates are markup: a translation brings no tag in that the text does not have."""
    tags = re.compile(r"</?[a-z]+>")

    assert [one.id for one in of(code) if one.id and isinstance(one.string, str)
            and sorted(tags.findall(str(one.id))) != sorted(tags.findall(one.string))] == []  # fmt: skip


def test_no_template_says_a_word_past_the_catalogues() -> None:
    environment = Environment(autoescape=True)
    language.install(environment)

    found = {path.name: in_template(environment, path.read_text()) for path in TEMPLATES}

    assert {name: words for name, words in found.items() if words} == {}


def test_no_view_says_a_sentence_past_the_catalogues() -> None:
    found = {path.name: in_python(path) for path in VIEWS}

    assert {name: words for name, words in found.items() if words} == {}


def test_only_literals_are_said_by_the_template_function() -> None:
    """Its answer is markup: what comes from a variable goes through `translated`, which is escaped."""
    said = re.compile(r"\b(?:_|gettext)\(\s*([^\"'\s])")

    assert {path.name: found for path in TEMPLATES if (found := said.findall(path.read_text()))} == {}


def test_the_scan_finds_what_bypasses_the_catalogues(tmp_path: Path) -> None:
    environment = Environment(autoescape=True)
    language.install(environment)
    template = '<p title="Said aloud">{{ _("Caught") }} Not caught</p>{{ panel("Not caught either", "id") }}'
    view = tmp_path / "view.py"
    view.write_text('"""Docstring."""\nflash(_("Caught"))\nflash("Not caught.")\nflash(f"Not {caught} too")\n')

    assert [text.strip() for text in in_template(environment, template)] == [
        "Said aloud",
        "\N{BLACK SQUARE} Not caught\N{BLACK SQUARE}".rstrip("\N{BLACK SQUARE}"),
        "Not caught either",
    ]
    assert in_python(view) == ["Not caught.", "Not  too"]
