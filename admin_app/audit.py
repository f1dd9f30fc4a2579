"""`invoice-portal audit`: every store's books recomputed from the rows; a line per violation."""

from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url

from adapters.dev.launcher import embedded_services
from adapters.sql.audit import SqlAuditor


def audit_url(database_url: str) -> int:
    """0 when the books are in order, else 1. Prints to stdout."""
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    found = 0
    for violation in SqlAuditor(engine).violations():
        found += 1
        print(f"{violation.store} {violation.id}: {violation.sentence}")
    print(f"{found} violations." if found else "The books are in order.")
    return 1 if found else 0


def audit_folder(data_dir: Path) -> int:
    """The same for a local portal that is not running: its database is started meanwhile."""
    with embedded_services(data_dir) as services:
        return audit_url(services.database_url)
