"""Builds the one script that a store's pages load: style, sentences and behaviour in a single classic file.

webassets joins files but does not know modules. A filter of our own drops the imports and the word `export` and puts
one function around the whole; it holds the sources to the rules that make this safe and refuses anything else.
"""

import base64
import builtins
import functools
import hashlib
import io
import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webassets.bundle import Bundle
from webassets.env import Environment
from webassets.filter import Filter

HERE = Path(__file__).parent
# Each module after the ones it imports.
MODULES = (
    "built",
    "keep",
    "english",
    "text",
    "money",
    "dom",
    "theme",
    "api",
    "session",
    "list-state",
    "selection",
    "payment",
    "cart",
    "parts",
    "filters",
    "pay-bar",
    "invoice-list",
    "invoice-detail",
    "buyer-page",
    "checkout",
    "confirmation",
    "account-link",
    "portal",
)
IMPORT = re.compile(r"^import \{ ([\w, ]+) \} from '\./([\w-]+)\.js';$")
DEFINES = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)")


class BundleError(Exception):
    """A module breaks a rule of joining: see `JoinModules`."""


@dataclass(frozen=True)
class Script:
    """What the server publishes. The bytes at a name never change: the name holds their digest."""

    name: str  # portal.<first 12 of digest>.js
    bytes: builtins.bytes
    digest: str  # SHA-256, hexadecimal
    sri: str  # sha384-<base64>, for the integrity attribute and the Scripts API's integrity_hashes


class JoinModules(Filter):
    """ES modules into one function. Each imports by name on one line from modules before it; names are unique."""

    def __init__(self, built: dict[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.built = built
        self.owners: dict[str, str] = {}
        self.exports: dict[str, set[str]] = {}

    def input(self, _in: Any, out: Any, **about: Any) -> None:
        """One module: check it, write in the built values, drop its imports and the word `export`."""
        module = Path(about["source_path"]).stem
        self.exports[module] = set()
        for line in _in.read().splitlines():
            out.write(self.line(module, line) + "\n")

    def line(self, module: str, line: str) -> str:
        """A source line as the script has it. Raises BundleError."""
        if line.startswith("import"):
            self.check_import(module, line)
            return ""
        defined = DEFINES.match(line)
        if defined:
            self.define(module, defined[1])
        if not line.startswith("export "):
            return line
        if not defined:
            raise BundleError(f"{module}: only a named definition can be exported: {line}")
        self.exports[module].add(defined[1])
        if module == "built":
            return f"const {defined[1]} = {json.dumps(self.built[defined[1]])};"
        return line.removeprefix("export ")

    def check_import(self, module: str, line: str) -> None:
        """An import names, on one line, what an earlier module exports. Raises BundleError."""
        found = IMPORT.match(line)
        if not found:
            raise BundleError(f"{module}: import names on one line, from a sibling: {line}")
        missing = set(found[1].split(", ")) - self.exports.get(found[2], set())
        if missing:
            raise BundleError(f"{module}: {found[2]} does not export {', '.join(sorted(missing))}, or comes later")

    def define(self, module: str, name: str) -> None:
        """Note a top-level name; two modules cannot both have it once they share one function. Raises BundleError."""
        owner = self.owners.setdefault(name, module)
        if owner != module:
            raise BundleError(f"{module}: the name {name} belongs to {owner} already")

    def output(self, _in: Any, out: Any, **_: Any) -> None:
        """One function around everything, so that the page sees no name of ours."""
        out.write("(function () {\n'use strict';\n" + _in.read() + "\n})();\n")


def joined(names: tuple[str, ...], filters: list[object]) -> str:
    """The named source files through webassets, as text."""
    with tempfile.TemporaryDirectory() as scratch:
        environment = Environment(scratch, "/", load_path=[str(HERE)], cache=False, manifest=False, debug=False)
        out = io.StringIO()
        Bundle(*names, filters=filters, output="unused", env=environment).build(force=True, output=out)
        return out.getvalue()


@functools.cache
def build(client_id: str) -> Script:
    """The script for the app with this client id; the same sources and id always give the same bytes."""
    style = joined(("style/portal.css",), ["rcssmin"])
    modules = tuple(f"src/{module}.js" for module in MODULES)
    text = joined(modules, [JoinModules({"CLIENT_ID": client_id, "STYLE": style}), "rjsmin"])
    content = text.encode()
    digest = hashlib.sha256(content).hexdigest()
    sri = "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Script(f"portal.{digest[:12]}.js", content, digest, sri)
