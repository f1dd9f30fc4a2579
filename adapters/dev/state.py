"""What a data folder keeps between runs: passwords, the ports used last, and who is using it now."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from adapters.dev.processes import StartFailed


class LocalState:
    """Passwords and ports in `launcher.json`, readable by nobody else."""

    def __init__(self, data_dir: Path) -> None:
        self._file = data_dir / "launcher.json"
        kept = json.loads(self._file.read_text()) if self._file.exists() else {}
        self._secrets: dict[str, str] = kept.get("secrets", {})
        self._ports: dict[str, int] = kept.get("ports", {})

    def secret(self, name: str) -> str:
        """The secret of that name, 64 hexadecimal digits, made at the first call."""
        if name not in self._secrets:
            self._secrets[name] = secrets.token_hex(32)
            self._save()
        return self._secrets[name]

    def has_secret(self, name: str) -> bool:
        """Whether that secret was made, now or in an earlier run."""
        return name in self._secrets

    def port(self, name: str, preferred: int | None = None) -> int:
        """A free loopback port: the one used last, else the preferred one, else any not promised yet."""
        others = {port for owner, port in self._ports.items() if owner != name}
        for port in (self._ports.get(name), preferred):
            if port is not None and port not in others and is_free(port):
                break
        else:
            port = next(port for port in iter(_any_free_port, 0) if port not in others)
        if self._ports.get(name) != port:
            self._ports[name] = port
            self._save()
        return port

    def _save(self) -> None:
        fresh = self._file.with_suffix(".new")
        with open(fresh, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            json.dump({"secrets": self._secrets, "ports": self._ports}, file, indent=1)
        fresh.replace(self._file)


def is_free(port: int) -> bool:
    """Whether a server could listen on that port of 127.0.0.1 now."""
    with closing(socket.socket()) as probe:
        # As servers do: a connection of the last run that lingers in TIME_WAIT does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _any_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def sole_user(data_dir: Path) -> Iterator[None]:
    """Hold the folder for this process; StartFailed when another launcher that lives has it."""
    with (data_dir / "launcher.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise StartFailed(
                f"Invoice Portal is running already on {data_dir}, as process {holder}. "
                "Use it, or stop it first (Ctrl-C where it runs)."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
