"""`invoice-portal audit`: every store's books recomputed from the rows; a line per violation."""

from pathlib import Path

from adapters.dev.launcher import embedded_services


def audit_url(database_url: str) -> int:
    """0 when the books are in order, else 1. Prints to stdout."""
    from adapters.sql.audit import audit

    report = audit(database_url)
    for violation in report.violations:
        print(f"{violation.store} {violation.rule}: {violation.sentence}")
    print(report.summary)
    return 1 if report.violations else 0


def audit_folder(data_dir: Path) -> int:
    """The same for a local portal that is not running: its database is started meanwhile."""
    with embedded_services(data_dir) as services:
        return audit_url(services.database_url)
