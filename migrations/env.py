"""Runs the migrations as the owner of the schema: on a connection handed over, or on DATABASE_OWNER_URL.

All of an upgrade is one transaction: it arrives whole or not at all.
"""

import os

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool, create_engine, text

from adapters.sql.tables import metadata

# Any number, the same in every release: two that migrate at once take turns.
_TURN = 7_046_202_611


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        # A busy table stops us after seconds; waiting longer would queue every request behind us.
        connection.execute(text("SET LOCAL lock_timeout = '10s'"))
        context.run_migrations()


def main() -> None:
    if context.is_offline_mode():
        raise CommandError("These migrations look at the database, so they cannot be written out as SQL.")
    handed_over = context.config.attributes.get("connection")
    if handed_over is not None:
        migrate(handed_over)
        return
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        raise CommandError("Set DATABASE_OWNER_URL to the address of the database, as the owner of its schema.")
    with create_engine(url, poolclass=NullPool).connect() as connection:
        migrate(connection)


main()
