"""`invoice-portal`: every way to run or ask the product from a shell."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from admin_app.settings import Settings, SettingsInvalid, read_settings

if TYPE_CHECKING:
    from admin_app.main import Composed

DATA_DIR = Path(__file__).parent.parent / "var"


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 something is wrong with the data or the start, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except Exception as problem:
        sentence = _in_words(problem)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 1


def _in_words(problem: Exception) -> str | None:
    """What an operator can mend, as a sentence; None for what is a failure of ours."""
    if isinstance(problem, SettingsInvalid):
        return str(problem)
    from sqlalchemy.exc import OperationalError

    from adapters.sql.work import DatabaseUnfit
    from domain.errors import Refusal

    if isinstance(problem, OperationalError):
        return f"The database does not answer: {problem.orig}"
    return str(problem) if isinstance(problem, (DatabaseUnfit, Refusal)) else None


def _compose(settings: Settings) -> "Composed":
    """For a process that forks or ends soon. Raises DatabaseUnfit: nothing starts on a database that could lose a
    commit, or with a login that sees all stores (F-13, T-41)."""
    from admin_app.main import compose

    composed = compose(settings, pooled=False)
    composed.database.check()
    return composed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="invoice-portal", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: object, words: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=words, description=words)
        command.set_defaults(run=run)
        return command

    serve = add("serve", _serve, "the web process (gunicorn)")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--workers", type=int, default=2)
    add("worker", _worker, "works through inboxes and outboxes when rung")
    add("clock", _clock, "rings for due work each second, asks for sweeps each five minutes")
    add("migrate", _migrate, "brings the schema up to date (DATABASE_OWNER_URL)")
    audit = add("audit", _audit, "recomputes the books from the ledger; exit 1 and a line per violation")
    audit.add_argument("--data", type=Path, default=None, help="audit a stopped local portal in this folder")
    add("sweep", _sweep, "looks once for what hints missed, in every connected store")
    keys = add("keys", _keys, "makes an API key for a store and prints it once")
    keys.add_argument("store_hash")
    keys.add_argument("name")
    keys.add_argument("--scopes", default="invoices:read,invoices:write,payments:read,payments:write,orders:read")
    demo = add("demo", _demo, "everything on this machine with make-believe shops")
    demo.add_argument("--check", action="store_true", help="drive the whole story, print one line of JSON, stop")
    demo.add_argument("--reset", action="store_true", help="forget all data of earlier runs")
    demo.add_argument("--data", type=Path, default=DATA_DIR)
    sandbox = add("sandbox", _sandbox, "the stand-in BigCommerce and BundleB2B")
    sandbox.add_argument("--data", type=Path, required=True)
    sandbox.add_argument("--ports", default="8100,8101,8102", help="main, first and second storefront")
    sandbox.add_argument("--mail", type=Path, default=None)
    return parser


def _serve(options: argparse.Namespace) -> int:
    """Becomes gunicorn's master. Our modules are imported before it forks, so its workers share them; the app itself,
    with its connections, is made in each worker (stack.md section 8)."""
    from gunicorn.app.wsgiapp import run

    import admin_app.main

    _compose(read_settings())
    address = f"{options.host}:{options.port}"
    flags = ["--no-control-socket", "--worker-class", "gthread", "--threads", "8", "--timeout", "60"]
    program = f"{admin_app.main.__name__}:create_app()"
    sys.argv = ["gunicorn", *flags, "--workers", str(options.workers), "--bind", address, program]
    run()
    return 0


def _worker(_: argparse.Namespace) -> int:
    from adapters.queue.jobs import provide
    from adapters.queue.worker import run_worker

    composed = _compose(read_settings())
    provide(composed.portal.work_through, composed.portal.sweep)
    run_worker(composed.redis)
    return 0


def _clock(_: argparse.Namespace) -> int:
    from adapters.queue.clock import run_clock

    settings = read_settings()
    composed = _compose(settings)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    run_clock(
        composed.doorbell,
        composed.world.stores.due,
        lambda: [store.id for store in composed.world.stores.connected()],
        stopping,
        settings.sweep_seconds,
    )
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from admin_app.migrate import migrate

    settings = read_settings()
    migrate(settings.database_owner_url or settings.database_url)
    return 0


def _audit(options: argparse.Namespace) -> int:
    from admin_app.audit import audit_folder, audit_url

    if options.data is not None:
        return audit_folder(options.data)
    return audit_url(read_settings().database_url)


def _sweep(_: argparse.Namespace) -> int:
    """A store that does not answer holds back no other; then 1."""
    from domain.errors import Refusal

    composed = _compose(read_settings())
    exit_code = 0
    for store in composed.world.stores.connected():
        try:
            print(f"{store.hash}: {composed.portal.sweep(store.id)} orders to read again")
        except Refusal as refusal:
            print(f"{store.hash}: {refusal}", file=sys.stderr)
            exit_code = 1
    return exit_code


def _keys(options: argparse.Namespace) -> int:
    from domain.roles import system

    composed = _compose(read_settings())
    store = composed.world.stores.find(options.store_hash)
    if store is None:
        print(f"No store {options.store_hash} has installed the app.", file=sys.stderr)
        return 1
    key, secret = composed.portal.issue_key(system(store.id, "operator"), options.name, options.scopes.split(","))
    print(f"{key.prefix}: copy the key now, it is not shown again\n{secret}")
    return 0


def _demo(options: argparse.Namespace) -> int:
    from admin_app.demo import check, reset, run

    if options.reset:
        return reset(options.data)
    return check() if options.check else run(options.data)


def _sandbox(options: argparse.Namespace) -> int:
    from adapters.sandbox.serve import serve
    from adapters.sandbox.settings import SandboxSettings

    missing = [name for name in ("BC_CLIENT_ID", "BC_CLIENT_SECRET") if not os.environ.get(name)]
    if missing:
        raise SettingsInvalid(f"Set these environment variables (README):\n  {', '.join(missing)}: as for the app")
    main_port, north, south = (int(port) for port in options.ports.split(","))
    serve(
        SandboxSettings(
            data_file=options.data,
            main_port=main_port,
            north_port=north,
            south_port=south,
            app_url=os.environ.get("PUBLIC_URL", "http://localhost:8000"),
            client_id=os.environ["BC_CLIENT_ID"],
            client_secret=os.environ["BC_CLIENT_SECRET"],
            mail_folder=options.mail,
        )
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
