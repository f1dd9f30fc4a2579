"""Brings the schema up to date, as the owner role."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine

ROOT = Path(__file__).parent.parent


def migrate(owner_url: str, revision: str = "head") -> None:
    """Up or down to a revision; one transaction each."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    with create_engine(owner_url, poolclass=NullPool).connect() as connection:
        config.attributes["connection"] = connection
        if revision == "base":
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
        connection.commit()
