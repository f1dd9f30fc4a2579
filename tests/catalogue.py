"""The texts of the product, gathered from its sources: `python -m tests.catalogue` brings every language up to date.

New texts are added untranslated, texts that are gone are taken out; `tests/test_languages.py` fails until all are said.
"""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

import domain.errors
from admin_app.language import FOLDER
from domain.errors import Refusal
from domain.invoice import GONE
from domain.order import NEVER_INVOICED
from domain.roles import BUYER_WORDS, Right
from domain.store import NEEDED_SCOPES

ROOT = Path(__file__).parent.parent
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
REFUSALS = {name for name, kind in vars(domain.errors).items() if isinstance(kind, type) and issubclass(kind, Refusal)}


def every_text() -> Catalog:
    """What a catalogue must hold: each text once."""
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for text in (*_marked(), *_refusals(), *_words_of_the_domain()):
        catalogue.add(text, string=("", "") if isinstance(text, tuple) else "")
    return catalogue


def _marked() -> Iterator[str | tuple[str, ...]]:
    for path in _sources("admin_app", "html"):
        yield from _extracted("jinja2.ext:babel_extract", path, {"newstyle_gettext": "true"})
    for path in (*_sources("admin_app", "py"), *_sources("adapters", "py"), *_sources("domain", "py")):
        yield from _extracted("python", path, {})


def _sources(folder: str, ending: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).rglob(f"*.{ending}") if "sandbox" not in path.parts)


def _extracted(method: str, path: Path, options: dict[str, str]) -> Iterator[str | tuple[str, ...]]:
    file: BinaryIO
    with path.open("rb") as file:
        for _, text, _, _ in extract(method, file, KEYWORDS, options=options):
            yield text


def _refusals() -> Iterator[str]:
    """Templates of refusals, and the words put into them where they are raised."""
    for path in (*_sources("domain", "py"), *_sources("admin_app", "py"), *_sources("adapters", "py")):
        if path.is_relative_to(ROOT / "adapters" / "http"):
            continue
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in REFUSALS:
                yield from _templates_of(node)
            if isinstance(node, ast.Call) and _name(node.func) in REFUSALS:
                yield from _words_in(node)


def _templates_of(kind: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(kind):
        if isinstance(node, ast.Call) and _name(node.func) == "__init__":
            yield from _strings(node.args[:1])
        if isinstance(node, ast.FunctionDef):
            yield from _strings(node.args.defaults)


def _words_in(call: ast.Call) -> Iterator[str]:
    """All texts given to a refusal; the first thing told to InputInvalid is the name of a field."""
    given = call.args[1:] if _name(call.func) == "InputInvalid" else call.args
    yield from _strings([*given, *(keyword.value for keyword in call.keywords if keyword.arg in _NESTED)])


_NESTED = ("why", "what", "state", "right", "cause")


def _strings(nodes: Sequence[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.IfExp):
            yield from _strings([node.body, node.orelse])


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _words_of_the_domain() -> Iterator[str]:
    """Words that refusals put into their templates from tables, and from functions that say why not."""
    yield from (right.value for right in Right)
    yield from NEEDED_SCOPES.values()
    yield from NEVER_INVOICED.values()
    yield from GONE.values()
    yield from BUYER_WORDS.values()
    for path in _sources("domain", "py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name == "why_not_invoiceable":
                returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
                yield from _strings(returned)


def of(language: str) -> Catalog:
    """The catalogue of a language as it is."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and not _is_said(message)]


def _is_said(message: Message) -> bool:
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(said)


def refresh(language: str) -> None:
    catalogue = of(language)
    catalogue.update(every_text(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with (FOLDER / f"{language}.po").open("wb") as file:
        file.write(f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n'.encode())
        file.write(b'"Content-Type: text/plain; charset=utf-8\\n"\n')
        file.write(f'"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'.encode())
        write_po(file, catalogue, width=120, no_location=True, sort_output=True, omit_header=True)
    print(f"{language}: {len(catalogue)} texts, {len(untranslated(catalogue))} not said yet")


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.po")):
        refresh(path.stem)
