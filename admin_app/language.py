"""The languages people read: texts are English in the code, `languages/<language>.po` says them in another language.

A language is a file: one more is there after the next start. Texts are marked where they are written,

    gettext("Payment %(number)s recorded.", number=…)             in Python, imported as `_`; in templates the same
    ngettext("%(num)s invoice", "%(num)s invoices", count)        where a number decides
    N_("Paid")                                                    in a constant; said later by `gettext(LABEL)`, in
                                                                  templates by `{{ label | translated }}`

and gathered by `python -m tests.catalogue`, with the templates of refusals, which `presentation.sentence` says. The
language is that of the running request or job (`speak`, `speaking`).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

ENGLISH: Final = "en"
FOLDER: Final = Path(__file__).parent / "languages"
LANGUAGES: Final = (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))
"""Codes of the languages that can be chosen, English first."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def N_(text: str) -> str:
    """Marks a text that is translated where it is shown."""
    return text


def current() -> str:
    """The language of the running request or job."""
    return _spoken.get()


def speak(language: str) -> None:
    """From now on in this request or job; English for a language without a catalogue."""
    _spoken.set(language if language in LANGUAGES else ENGLISH)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Mails and documents are written in the reader's language, whoever started them."""
    before = _spoken.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(before)


def choose(setting: str, accepted: Sequence[str]) -> str:
    """The store's setting if there is a catalogue for it, else the first language the browser accepts, else English."""
    if setting in LANGUAGES:
        return setting
    spoken = (tag.replace("_", "-").partition("-")[0].lower() for tag in accepted)
    return next((language for language in spoken if language in LANGUAGES), ENGLISH)


def locale_of(language: str) -> str:
    """Whose separators and currency signs numbers have: English writes them as the United States do."""
    return "en_US" if language == ENGLISH else language


def language_names() -> dict[str, str]:
    """Code to the name the language gives itself: `en` English, `de` Deutsch."""
    return {code: str(Locale.parse(code).get_display_name(code)).capitalize() for code in LANGUAGES}


@lru_cache(maxsize=32)
def _catalogue(language: str) -> NullTranslations:
    if language == ENGLISH:
        return NullTranslations()
    with (FOLDER / f"{language}.po").open("rb") as file:
        texts = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, texts)
    compiled.seek(0)
    return GNUTranslations(compiled)


def gettext(text: str, **facts: object) -> str:
    """The text in the current language, with its `%(name)s` filled in."""
    said = _catalogue(current()).gettext(text) if text else ""
    return said % facts if facts else said


def ngettext(one: str, many: str, num: int, **facts: object) -> str:
    """By number; `%(num)s` is the number itself, written as the language writes it."""
    return _catalogue(current()).ngettext(one, many, num) % {"num": _number(num), **facts}


def _number(num: int) -> str:
    return str(format_decimal(num, "#,##0", locale=current()))


def install(environment: Environment) -> None:
    """`_`, `gettext`, `ngettext` and `{% trans %}` in templates, and the filter `translated` for marked constants.

    As jinja's newstyle gettext has it, facts are escaped and `%` is written `%%`. Only literals go through `_`: what
    comes from a variable goes through `translated`, which leaves it plain text.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals.update(gettext=_in_markup, ngettext=_in_markup_by_number)
    environment.filters["translated"] = lambda text: gettext(str(text))


@pass_eval_context
def _in_markup(context: EvalContext, text: str, **facts: object) -> str:
    said = gettext(text)
    return (Markup(said) if context.autoescape else said) % facts  # noqa: S704 - the texts are ours


@pass_eval_context
def _in_markup_by_number(context: EvalContext, one: str, many: str, num: int, **facts: object) -> str:
    said = _catalogue(current()).ngettext(one, many, num)
    return (Markup(said) if context.autoescape else said) % {"num": _number(num), **facts}  # noqa: S704
