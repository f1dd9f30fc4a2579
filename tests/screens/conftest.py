"""The seller's web app on real PostgreSQL; BigCommerce and BundleB2B are the fakes of `tests/fakes.py`."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from admin_app.main import Composed, compose, web_app
from admin_app.settings import Settings
from tests.fakes import FakeWorld, a_portal
from tests.screens.kit import FRAMES, PUBLIC, Office, a_store
from tests.servers import Database


@pytest.fixture(scope="session")
def composed(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    """The real composition, as `invoice-portal serve` makes it."""
    settings = Settings(
        database_url=database_url,
        redis_url="redis://127.0.0.1:1/0",
        public_url=PUBLIC,
        bc_client_id="client-of-the-tests",
        bc_client_secret="a client secret of more than sixty-four characters, for HMAC tests only!",
        encryption_keys=f"test:{Fernet.generate_key().decode()}",
        frame_ancestors=FRAMES,
        scripts_dir=str(tmp_path_factory.mktemp("scripts")),
    )
    made = compose(settings, pooled=True)
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def app(composed: Composed, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One web app for all tests; each puts its own portal behind it. Templates are compiled once."""
    made = web_app(composed)
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    return made


@pytest.fixture
def office(app: Flask, composed: Composed, clean_database: Database) -> Office:
    world = FakeWorld()
    portal = a_portal(composed.database, world)
    app.extensions["portal"] = portal
    north, south = a_store(composed.database, "north1"), a_store(composed.database, "south1")
    return Office(app, portal, world, composed.database, clean_database.superuser_url, north, south)
