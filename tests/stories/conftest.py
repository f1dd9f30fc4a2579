"""The stage, set up once for all stories of a worker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.stories.stage import Stage, set_up


@pytest.fixture(scope="package")
def stage(chromium: Browser) -> Iterator[Stage]:
    """Everything running, a browser open."""
    with set_up(chromium) as made:
        yield made
