"""Building the script: one safe function out of many modules, the same bytes every time, small."""

import base64
import gzip
import hashlib
import io
import re
from pathlib import Path

import pytest

from storefront_scripts.bundle import HERE, MODULES, BundleError, JoinModules, build

CLIENT_ID = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p"  # as long as real ones
BUDGET = 20_000  # bytes, gzip: ui.md 5.0


def join(*modules: tuple[str, str]) -> str:
    """Modules given as (name, source) through the filter."""
    filter_, joined = JoinModules({"CLIENT_ID": "c", "STYLE": "s"}), io.StringIO()
    for name, source in modules:
        filter_.input(io.StringIO(source), joined, source_path=f"src/{name}.js")
    out = io.StringIO()
    filter_.output(io.StringIO(joined.getvalue()), out)
    return out.getvalue()


def test_script_and_style_stay_within_the_budget() -> None:
    assert len(gzip.compress(build(CLIENT_ID).bytes, 9)) <= BUDGET


def test_name_digest_and_integrity_are_those_of_the_bytes() -> None:
    script = build(CLIENT_ID)

    assert script.digest == hashlib.sha256(script.bytes).hexdigest()
    assert script.name == f"portal.{script.digest[:12]}.js"
    assert script.sri == "sha384-" + base64.b64encode(hashlib.sha384(script.bytes).digest()).decode()


def test_the_same_sources_give_the_same_bytes() -> None:
    first = build(CLIENT_ID)
    build.cache_clear()

    assert build(CLIENT_ID) == first
    assert build("client-2").name != first.name


def test_nothing_but_the_client_id_is_baked_in() -> None:
    one, two = build("client-one").bytes.decode(), build("client-two").bytes.decode()

    assert one.replace("client-one", "client-two") == two
    assert not re.search(r"https?://(?!\$)", one.replace("https?:", ""))


def test_a_client_id_cannot_break_out_of_its_string() -> None:
    assert r"\";alert(1)//" in build('";alert(1)//').bytes.decode()


def test_no_module_evaluates_text_or_writes_markup() -> None:
    text = build(CLIENT_ID).bytes.decode()

    markup = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "srcdoc")
    for risky in (*markup, "eval(", "new Function", "parseFloat", "toFixed"):
        assert risky not in text, risky


def test_every_module_is_in_the_script() -> None:
    assert {path.stem for path in (HERE / "src").glob("*.js")} == set(MODULES)


def test_modules_become_one_function_without_imports() -> None:
    joined = join(
        ("a", "export const one = 1;\n"),
        ("b", "import { one } from './a.js';\nexport function two() {\n  return one;\n}\n"),
    )

    assert joined.startswith("(function () {\n'use strict';\nconst one = 1;")
    assert "import" not in joined
    assert "export" not in joined


@pytest.mark.parametrize(
    ("modules", "said"),
    [
        ([("a", "import {\n")], "on one line"),
        ([("a", "import x from './b.js';\n")], "on one line"),
        ([("a", "import { x } from 'lib';\n")], "on one line"),
        ([("a", "import { x } from './b.js';\n"), ("b", "export const x = 1;\n")], "comes later"),
        ([("a", "const x = 1;\n"), ("b", "import { x } from './a.js';\n")], "does not export x"),
        ([("a", "const x = 1;\n"), ("b", "class x {}\n")], "belongs to a already"),
        ([("a", "export default 1;\n")], "named definition"),
        ([("a", "const x = 1;\nexport { x };\n")], "named definition"),
    ],
)
def test_what_cannot_be_joined_safely_is_refused(modules: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(BundleError, match=said):
        join(*modules)


def test_the_style_sheet_names_only_what_is_ours() -> None:
    """ui.md 5.0: every class and id of ours starts with ip-; the checkout's own parts are named only to hide them."""
    style = re.sub(r"/\*.*?\*/", "", Path(HERE / "style" / "portal.css").read_text("utf-8"), flags=re.DOTALL)
    screen, _, checkout = style.partition(".ip-checkout :is(")

    assert checkout
    foreign = [name for name in re.findall(r"[.#]([a-zA-Z][\w-]*)(?=[^{}]*\{)", screen) if not name.startswith("ip-")]
    assert foreign == []
    assert "!important" not in style
    assert not re.search(r"[\s;{](margin|padding|border)-(left|right)|[\s;{](left|right)\s*:", style)
