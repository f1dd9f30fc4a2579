"""docs/features.md says which test proves what: each named test is there, and none is leant on too much."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"^\| (?P<id>[A-Z]\d+) \| .+ \| (?P<ours>.*) \| (?P<proof>.*) \|$", re.MULTILINE)
PROOF = re.compile(r"^`(?P<file>tests/[\w/]+\.py)::(?P<test>test_\w+)`$")
ROWS = list(ROW.finditer((ROOT / "docs" / "features.md").read_text()))
MAY_WAIT = {"S9", "S34", "S36"}
MOST_ROWS = 3


def is_waiting(row: re.Match[str]) -> bool:
    return row["ours"].lower().startswith("not yet: ")


def test_every_row_of_the_incumbents_list_is_there():
    assert [row["id"] for row in ROWS] == [f"S{number}" for number in range(1, 37)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_row_names_a_test_that_is_there(row):
    if is_waiting(row):
        assert row["id"] in MAY_WAIT
        return
    proof = PROOF.match(row["proof"])
    assert proof, row["proof"]
    assert row["ours"]
    assert re.search(rf"^def {proof['test']}\(", (ROOT / proof["file"]).read_text(), re.MULTILINE)


def test_one_test_proves_at_most_three_rows():
    uses = Counter(row["proof"] for row in ROWS if not is_waiting(row))

    assert max(uses.values()) <= MOST_ROWS
