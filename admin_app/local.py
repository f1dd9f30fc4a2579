"""Everything on one machine: databases, sandbox, mail, web, worker and clock, for `make run` and the demo."""

import base64
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.dev.child import Command
from adapters.dev.launcher import Services, embedded_services
from admin_app.migrate import migrate

CLIENT_ID = "invoice-portal-sandbox"
PREFERRED_PORTS = {"web": 8000, "sandbox": 8100, "north": 8101, "south": 8102, "mail": 8125}


@dataclass(frozen=True)
class Local:
    """A running portal with its make-believe shops. Addresses have no trailing slash."""

    web_url: str
    sandbox_url: str
    storefront_urls: Mapping[str, str]
    environment: Mapping[str, str]
    services: Services

    def control_panel(self, store_hash: str, user_id: int) -> str:
        """The control panel's page that frames the app for one of its users."""
        return f"{self.sandbox_url}/cp/{store_hash}/app?user={user_id}"


@contextmanager
def everything(data_dir: Path, sweep_seconds: float = 300.0) -> Iterator[Local]:
    """Starts all processes and waits until each answers; stops them at the end. Raises StartFailed with a sentence."""
    with embedded_services(data_dir) as services:
        ports = {name: services.port(name, preferred) for name, preferred in PREFERRED_PORTS.items()}
        environment = _environment(services, ports, sweep_seconds)
        migrate(services.owner_url)
        for command in _commands(services.data_dir, ports, environment):
            services.supervisor.start(command)
        yield Local(
            environment["PUBLIC_URL"],
            environment["BC_API_URL"],
            {
                "sbxnorth": f"http://127.0.0.1:{ports['north']}",
                "sbxsouth": f"http://127.0.0.1:{ports['south']}",
            },
            environment,
            services,
        )


def _environment(services: Services, ports: Mapping[str, int], sweep_seconds: float) -> dict[str, str]:
    """Our own settings; `localhost` for us and 127.0.0.1 for the sandbox makes the frame truly cross-site."""
    sandbox = f"http://127.0.0.1:{ports['sandbox']}"
    key = base64.urlsafe_b64encode(bytes.fromhex(services.state.secret("encryption"))).decode()
    return {
        **services.environment(),
        "PUBLIC_URL": f"http://localhost:{ports['web']}",
        "BC_API_URL": sandbox,
        "BC_LOGIN_URL": sandbox,
        "B2B_API_URL": f"{sandbox}/b2b",
        "BC_CLIENT_ID": CLIENT_ID,
        "BC_CLIENT_SECRET": services.state.secret("client"),
        "ENCRYPTION_KEYS": f"local:{key}",
        "FRAME_ANCESTORS": sandbox,
        "MAIL_URL": f"smtp://127.0.0.1:{ports['mail']}",
        "TRUSTED_HOSTS": "localhost 127.0.0.1",
        "SCRIPTS_DIR": str(services.data_dir / "scripts"),
        "SWEEP_SECONDS": str(sweep_seconds),
    }


def _commands(data_dir: Path, ports: Mapping[str, int], environment: Mapping[str, str]) -> list[Command]:
    """The processes in the order they start; worker and clock are started again whenever they end (R9)."""
    cli = [sys.executable, "-m", "admin_app.cli"]
    mail_folder = data_dir / "mail"
    web_port = ports["web"]
    return [
        Command(
            "mail",
            [sys.executable, "-m", "adapters.dev.mail_sink", str(mail_folder), str(ports["mail"])],
            cwd=_ROOT,
        ),
        Command(
            "sandbox",
            [
                *cli,
                "sandbox",
                *("--data", str(data_dir / "sandbox.sqlite3")),
                *("--ports", ",".join(str(ports[name]) for name in ("sandbox", "north", "south"))),
                *("--mail", str(mail_folder)),
            ],
            env=environment,
            cwd=_ROOT,
            ready=f"{environment['BC_API_URL']}/_sandbox/health",
            ready_within=90.0,
        ),
        Command(
            "web",
            [*cli, "serve", "--port", str(web_port)],
            env=environment,
            cwd=_ROOT,
            ready=f"http://127.0.0.1:{web_port}/healthz",
            ready_within=90.0,
            restart=True,
        ),
        Command("worker", [*cli, "worker"], env=environment, cwd=_ROOT, restart=True),
        Command("clock", [*cli, "clock"], env=environment, cwd=_ROOT, restart=True),
    ]


_ROOT = Path(__file__).parent.parent
