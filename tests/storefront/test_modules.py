"""The script's modules on their own, under Node where there is one. The product needs none."""

import shutil
import subprocess
from pathlib import Path

import pytest

MODULES = Path(__file__).parent / "modules"


def test_the_modules_keep_their_rules() -> None:
    """Amounts (T-15), address, selection, idempotency keys, session, pages: see modules/*.test.mjs."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node on this machine: the modules were tried only as a whole, in Chromium")
    files = sorted(str(path) for path in MODULES.glob("*.test.mjs"))

    # A zone west of Greenwich moves dates that are read as midnight there.
    done = subprocess.run(
        [node, "--test", "--test-reporter=tap", *files],
        capture_output=True, text=True, timeout=60, env={"TZ": "America/Los_Angeles"}, check=False,
    )  # fmt: skip

    failed = [line for line in done.stdout.splitlines() if line.startswith("not ok")]
    assert done.returncode == 0, "\n".join([*failed, done.stdout[-3000:], done.stderr[-1000:]])
    assert "# tests 0" not in done.stdout
