"""Rules every template keeps, so that the strict content policy and CSRF protection hold on all screens."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "admin_app" / "templates"
STATIC = TEMPLATES.parent / "static"
NAMES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


@pytest.mark.parametrize("name", NAMES)
def test_a_template_has_no_inline_style_or_script(name: str) -> None:
    text = source(name)

    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_writes_carries_the_csrf_token(name: str) -> None:
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", source(name), re.DOTALL)

    assert all("csrf_field()" in form for form in forms)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_says_what_it_expects(name: str) -> None:
    assert source(name).startswith("{#")


@pytest.mark.parametrize("name", NAMES)
def test_a_new_tab_gives_the_other_page_no_handle(name: str) -> None:
    tags = re.findall(r"<a [^>]*target=\"_blank\"[^>]*>", source(name))

    assert all('rel="noopener"' in tag for tag in tags)


@pytest.mark.parametrize("name", [name for name in NAMES if "<table" in source(name) or "lists.table(" in source(name)])
def test_table_rows_and_cells_keep_their_roles_as_cards(name: str) -> None:
    """CSS turns rows into cards on phones, which takes the roles of a table away."""
    text = source(name)

    assert all('role="' in tag for tag in re.findall(r"<(?:table|thead|tbody|tr|th|td)(?=[ >])[^>]*>", text))


def test_the_style_sheet_and_the_script_load_nothing_from_elsewhere() -> None:
    addresses = re.compile(r"https?://(?!www\.w3\.org/2000/svg)|@import|@font-face")

    assert not [path.name for path in STATIC.iterdir() if addresses.search(path.read_text())]
