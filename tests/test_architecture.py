"""Who may import whom, by the syntax tree alone. `make check` has the finer rules, this is the gate."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("domain", "adapters", "admin_app", "storefront_scripts")
LONGEST_FUNCTION = 50


def modules(*places: str) -> Iterator[Path]:
    """Python files of a package, or the module of that name, given as paths below the root."""
    for place in places:
        path = ROOT / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def imports_of(module: Path) -> set[str]:
    """Full names, so that `from adapters import sql` counts as adapters.sql."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_in(name: str, packages: set[str]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def strangers(places: list[str], *, allowed: set[str] | None = None, forbidden: set[str] = frozenset()) -> list[str]:
    """Imports outside the allowed packages, where given, or inside the forbidden ones."""
    return [
        f"{module.relative_to(ROOT)} imports {name}"
        for module in modules(*places)
        for name in sorted(imports_of(module))
        if (allowed is not None and not is_in(name, allowed)) or is_in(name, set(forbidden))
    ]


def test_the_domain_imports_the_standard_library_and_itself():
    assert strangers(["domain"], allowed={"domain", *sys.stdlib_module_names}) == []


ADAPTERS = sorted(folder.name for folder in (ROOT / "adapters").iterdir() if (folder / "__init__.py").exists())


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_adapter_knows_no_other_and_nobody_further_out(adapter):
    others = {f"adapters.{name}" for name in ADAPTERS if name != adapter}

    assert strangers([f"adapters/{adapter}"], forbidden={"admin_app", "storefront_scripts", *others}) == []


def test_the_sandbox_shares_no_mistakes_with_us():
    """It speaks HTTP like BigCommerce does, and knows neither our rules nor the client we test with it."""
    forbidden = {"domain", "bigcommerce", "sqlalchemy", "psycopg", "pydantic", "redis", "rq"}

    assert strangers(["adapters/sandbox"], forbidden=forbidden) == []


def test_screens_know_the_domain_and_never_an_adapter_or_a_client():
    forbidden = {"adapters", "sqlalchemy", "psycopg", "alembic", "redis", "rq", "requests", "bigcommerce"}

    assert strangers(["admin_app/views", "admin_app/context"], forbidden=forbidden) == []


def test_the_storefront_bundle_knows_nobody():
    assert strangers(["storefront_scripts"], forbidden={"domain", "adapters", "admin_app"}) == []


def test_functions_fit_a_screen():
    """At most one in a hundred is longer than fifty lines."""
    functions = [
        (node.end_lineno - node.lineno + 1, f"{module.relative_to(ROOT)}:{node.name}")
        for module in modules(*OURS)
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = sorted(function for function in functions if function[0] > LONGEST_FUNCTION)

    assert len(long) * 100 <= len(functions), long


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import sqlalchemy.orm", ["sqlalchemy.orm"]),
        ("from adapters import sql", ["adapters.sql"]),
        ("def late():\n    from flask import g", ["flask.g"]),
        ("from domain.money import Money", []),
        ("import sqlalchemy_like", []),
    ],
)
def test_the_rules_see_an_import_however_it_is_written(tmp_path, monkeypatch, line, found):
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    (tmp_path / "place").mkdir()
    (tmp_path / "place/module.py").write_text(line)

    seen = strangers(["place"], forbidden={"sqlalchemy", "adapters.sql", "flask"})

    assert seen == [f"place/module.py imports {name}" for name in found]
