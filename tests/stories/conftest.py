"""The stage, set up once for all stories of a worker."""

from collections.abc import Iterator

import pytest

from tests.stories.stage import CHROMIUM, NO_BROWSER, Stage, set_up


@pytest.fixture(scope="package")
def stage() -> Iterator[Stage]:
    """Everything running, a browser open."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    with set_up() as made:
        yield made
