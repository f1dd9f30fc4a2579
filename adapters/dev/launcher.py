"""PostgreSQL and Valkey on one data folder, and beside them the processes a caller adds."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.dev.postgres import start_postgres
from adapters.dev.processes import StartFailed, Supervisor
from adapters.dev.site import forget_site
from adapters.dev.state import LocalState, sole_user
from adapters.dev.valkey import start_valkey


@dataclass(frozen=True)
class Services:
    """Running servers. What is started on `supervisor` is stopped before them."""

    database_url: str
    owner_url: str
    superuser_url: str
    redis_url: str
    data_dir: Path
    supervisor: Supervisor
    state: LocalState

    def port(self, name: str, preferred: int | None = None) -> int:
        """A free port for that process: the one it had last, else the preferred one, else any."""
        return self.state.port(name, preferred)

    def environment(self) -> dict[str, str]:
        """The settings by which the product's processes find these servers."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }


@contextmanager
def embedded_services(data_dir: Path, durable: bool = True) -> Iterator[Services]:
    """Start both servers on the folder, made where missing; stop them at the end, keep the data.

    StartFailed says in a sentence what is wrong; nothing then runs any more. One launcher per folder.
    """
    data_dir = data_dir.resolve()
    _make_folder(data_dir)
    with sole_user(data_dir), Supervisor(data_dir / "log") as supervisor:
        state = LocalState(data_dir)
        database = start_postgres(supervisor, data_dir, state, durable)
        redis_url = start_valkey(supervisor, data_dir, state)
        yield Services(
            database_url=database.application_url,
            owner_url=database.owner_url,
            superuser_url=database.superuser_url,
            redis_url=redis_url,
            data_dir=data_dir,
            supervisor=supervisor,
            state=state,
        )


@contextmanager
def temporary_data_dir() -> Iterator[Path]:
    """A data folder for one run, deleted at the end with all that lies elsewhere on its behalf."""
    folder = Path(tempfile.mkdtemp(prefix="invoice-portal-")).resolve()
    folder.chmod(0o711)  # ours; the database user has to pass through
    try:
        yield folder
    finally:
        remove_data(folder)


def remove_data(data_dir: Path) -> None:
    """Delete the data folder and what lies elsewhere on its behalf; StartFailed while it is in use."""
    data_dir = data_dir.resolve()
    if not data_dir.exists():
        return
    with sole_user(data_dir):
        try:
            shutil.rmtree(data_dir)
        except PermissionError as error:
            raise StartFailed(f"{error.filename} belongs to another user; delete it as that user.") from None
        forget_site(data_dir)


def _make_folder(data_dir: Path) -> None:
    if not data_dir.exists():
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o711)
    log_dir = data_dir / "log"
    if not log_dir.exists():
        log_dir.mkdir()
        log_dir.chmod(0o700)
