"""Runs the sandbox: three loopback ports, one process, a postman for webhooks."""

import logging
import signal
import threading
from types import FrameType

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from adapters.sandbox.app import create_sandbox
from adapters.sandbox.hooks import Postman
from adapters.sandbox.settings import SandboxSettings


class Sandbox:
    """A running sandbox; use as a context manager, or `start` and `stop`."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.app: Flask = create_sandbox(settings)
        self._servers: list[BaseWSGIServer] = []
        self._threads: list[threading.Thread] = []
        self._postman = Postman(self.app.extensions["sandbox"])

    def start(self) -> None:
        """Listen; raises OSError when a port is taken, with nothing left listening."""
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        ports = (self.settings.main_port, self.settings.north_port, self.settings.south_port)
        try:
            for port in ports:
                self._servers.append(make_server(self.settings.host, port, self.app, threaded=True))
        except (OSError, SystemExit):
            self._close()
            raise OSError(f"One of the ports {ports} is taken.") from None
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, name=f"sandbox-{server.port}", daemon=True)
            thread.start()
            self._threads.append(thread)
        if self.settings.deliver_hooks:
            self._postman.start()

    def stop(self) -> None:
        """Stop listening and delivering; what is stored stays."""
        self._postman.stop()
        for server in self._servers:
            server.shutdown()
        for thread in self._threads:
            thread.join(timeout=10)
        self._close()
        self.app.extensions["sandbox"].state.close()

    def _close(self) -> None:
        for server in self._servers:
            server.server_close()
        self._servers.clear()

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.stop()


def serve(settings: SandboxSettings) -> None:
    """Run until SIGINT or SIGTERM."""
    over = threading.Event()

    def leave(number: int, frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    with Sandbox(settings):
        over.wait()
