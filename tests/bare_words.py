"""Finds English that no catalogue can reach: words in templates and views outside of `_()`, `ngettext()` and `N_()`."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

import domain.errors
from domain.errors import Refusal

MARKERS = {"_", "gettext", "ngettext", "N_"}
REFUSALS = {name for name, kind in vars(domain.errors).items() if isinstance(kind, type) and issubclass(kind, Refusal)}
"""What they are told is gathered by tests/catalogue.py."""

SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "data-label", "data-selected", "content"}

NAMES = {
    "Invoice Portal", "BigCommerce", "BundleB2B", "B2B Edition", "Chrome, Edge", "Safari", "Firefox", "SKU", "PDF",
    "CSV", "XLSX", "ERP", "IP-Sales", "IP-Finance", "IP-Admin", "IBAN", "BIC", "SWIFT", "Content-Type",
}  # fmt: skip
"""What every language says alike."""

_WORD = re.compile(r"[A-Za-z]{2,}")


class _Spoken(HTMLParser):
    """Text nodes and spoken attributes; what jinja puts in stands as a sign without letters."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spoken = SPOKEN_ATTRIBUTES - ({"content"} if tag == "meta" else set())
        self.found.extend(value or "" for name, value in attrs if name in spoken)


def in_template(environment: Environment, source: str) -> list[str]:
    tree = environment.parse(source)
    markup = "".join(
        "".join(part.data if isinstance(part, nodes.TemplateData) else "\N{BLACK SQUARE}" for part in output.nodes)
        for output in _outputs(tree)
    )
    reader = _Spoken()
    reader.feed(markup)
    return [*filter(_is_english, reader.found), *filter(_is_sentence, _constants(tree))]


def _is_tab(node: nodes.Node) -> bool:
    """The block that names the tab of a screen says nothing."""
    return isinstance(node, nodes.Block) and node.name == "tab"


def _outputs(node: nodes.Node) -> Iterator[nodes.Output]:
    """In order."""
    for child in node.iter_child_nodes():
        if _is_tab(child):
            continue
        if isinstance(child, nodes.Output):
            yield child
        yield from _outputs(child)


def _constants(node: nodes.Node) -> Iterator[str]:
    """String constants that no marker is around."""
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in MARKERS:
            for keyword in child.kwargs:
                yield from _constants(keyword)
            continue
        if isinstance(child, (nodes.Compare, nodes.Getitem)) or (
            isinstance(child, nodes.Block) and child.name == "tab"
        ):
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str) and not isinstance(node, nodes.Pair):
            yield child.value
        yield from _constants(child)


def in_python(path: Path) -> list[str]:
    """Constants and f-strings that read like sentences, outside of docstrings, markers, logs and raised failures."""
    return [text for text in _python_texts(ast.parse(path.read_text())) if _is_sentence(text)]


_SILENT = {"RuntimeError", "KeyError", "ValueError", "TypeVar", "error", "warning", "info", "exception", "debug"}


def _python_texts(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, (ast.arg, ast.Compare)) or (
            isinstance(child, ast.AST) and child is getattr(node, "returns", 0)
        ):
            continue
        if isinstance(child, ast.Call) and _called(child) in MARKERS | REFUSALS | _SILENT:
            for keyword in child.keywords:
                yield from _python_texts(keyword)
            continue
        if isinstance(child, ast.JoinedStr):
            yield "".join(str(part.value) for part in child.values if isinstance(part, ast.Constant))
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        else:
            yield from _python_texts(child)


def _called(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_english(text: str) -> bool:
    bare = re.sub(r'^ ?[a-z-]+="[^"]*"', "", text.strip())
    bare = re.sub(r' [a-z-]+="[^"]*"$', "", bare)
    for name in sorted(NAMES, key=len, reverse=True):
        bare = bare.replace(name, "")
    return bool(_WORD.search(bare))


def _is_sentence(text: str) -> bool:
    """A capital and small letters at its head, or words apart: neither a name, a class nor a path."""
    bare = text.strip()
    if not _is_english(bare) or re.search(r"[<>/=_{]|^[a-z-]+( [a-z-]+)?$|^%", bare):
        return bool(re.match(r"[A-Z][a-z]+ [a-z]+ ", bare))
    return bool(re.match(r"[A-Z][a-z]+", bare) or re.search(r"[a-z]+ [a-z]+ [a-z]+", bare))
