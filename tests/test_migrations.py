"""Migrations: every step goes up, down and up again, and they end where `adapters/sql/tables` says."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine

from adapters.sql.tables import metadata
from admin_app.migrate import migrate
from tests.servers import Database, Servers, create_database, drop_database

CATALOG = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
            a.attidentity, pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
            AND NOT a.attisdropped
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f', 'c')
    """,
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}


def test_every_migration_goes_up_down_and_up_again(empty_database: Database) -> None:
    revisions = _revisions()
    for revision in revisions:
        migrate(empty_database.owner_url, revision)
        _downgrade(empty_database, "-1")
        migrate(empty_database.owner_url, revision)
    _downgrade(empty_database, "base")

    assert _tables(empty_database) == {"alembic_version"}
    migrate(empty_database.owner_url)
    assert _tables(empty_database) == {"alembic_version", *metadata.tables}


def test_nothing_is_left_of_a_migration_that_was_taken_back(empty_database: Database) -> None:
    migrate(empty_database.owner_url)
    _downgrade(empty_database, "base")

    with psycopg.connect(empty_database.superuser_url) as connection:
        left = connection.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace").fetchall()
        assert left == []


@pytest.mark.filterwarnings(
    "ignore:Computed default on"
)  # Alembic compares their wording; the catalog below, their sense
def test_migrations_equal_tables(database: Database) -> None:
    """Nothing is left for a new migration to do."""
    with create_engine(database.owner_url, poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


@pytest.fixture
def from_tables(services: Servers, worker_name: str) -> Iterator[Database]:
    """A database made from the tables, without migrations."""
    database = create_database(services.template, f"tables_{worker_name}")
    with create_engine(database.owner_url, poolclass=NullPool).begin() as connection:
        metadata.create_all(connection)
    yield database
    drop_database(database)


@pytest.mark.parametrize("part", CATALOG)
def test_the_catalog_is_the_same_either_way(database: Database, from_tables: Database, part: str) -> None:
    """Alembic does not compare checks, generated columns and index conditions; the catalog knows them all."""
    migrated, made = _catalog(database, part), _catalog(from_tables, part)

    assert sorted(migrated - made) == sorted(made - migrated) == []
    assert len(made) > 50


def _revisions() -> list[str]:
    """Oldest first."""
    script = ScriptDirectory.from_config(_config())
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _config() -> Config:
    return Config(toml_file=str(Path(__file__).parent.parent / "pyproject.toml"))


def _downgrade(database: Database, revision: str) -> None:
    settings = _config()
    with create_engine(database.owner_url, poolclass=NullPool).connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)


def _tables(database: Database) -> set[str]:
    with psycopg.connect(database.superuser_url) as connection:
        return {row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def _catalog(database: Database, part: str) -> set[tuple[str, ...]]:
    with psycopg.connect(database.superuser_url) as connection:
        rows = {tuple(str(value) for value in row) for row in connection.execute(CATALOG[part])}
    return {row for row in rows if not row[0].startswith("alembic_version")}
