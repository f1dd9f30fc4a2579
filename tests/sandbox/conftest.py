"""One planted sandbox for the whole module of tests that only read; a fresh copy for each that writes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.kit import DAY, Kit, new_kit


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data file planted once: copying it is faster than planting."""
    path = tmp_path_factory.mktemp("sandbox") / "planted.db"
    new_kit(path, seed_day=DAY).close()
    return path


def _copied(planted: Path, folder: Path) -> Path:
    copy = folder / "sandbox.db"
    shutil.copy(planted, copy)
    return copy


@pytest.fixture(scope="session")
def _writer(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    made = new_kit(_copied(planted, tmp_path_factory.mktemp("writer")))
    yield made
    made.close()


@pytest.fixture
def kit(_writer: Kit, planted: Path, tmp_path: Path) -> Kit:
    """A sandbox with freshly planted stores."""
    _writer.turn_to(_copied(planted, tmp_path))
    return _writer


@pytest.fixture(scope="session")
def reader(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    """A sandbox shared by tests that change nothing."""
    made = new_kit(_copied(planted, tmp_path_factory.mktemp("reader")))
    yield made
    made.close()
