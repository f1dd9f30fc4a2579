"""The seller's app on a loopback port, for the tests that look at it with a browser."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from werkzeug.serving import make_server

from admin_app.main import Composed, web_app
from tests.screens.kit import Office


@contextmanager
def serving(host: str, make: Callable[[str], Flask]) -> Iterator[str]:
    """An app on a free loopback port, made for the origin it gets."""
    server = make_server("127.0.0.1", 0, Flask("later"), threaded=True)
    origin = f"http://{host}:{server.port}"
    server.app = make(origin)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield origin
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def serving_office(office: Office, composed: Composed, framed_by: str = "http://127.0.0.1") -> Iterator[str]:
    """We on localhost, where secure cookies may be set."""

    def app(origin: str) -> Flask:
        settings = composed.settings.model_copy(update={"public_url": origin, "frame_ancestors": framed_by})
        made = web_app(replace(composed, settings=settings, portal=office.portal))
        made.jinja_env.bytecode_cache = office.app.jinja_env.bytecode_cache
        return made

    with serving("localhost", app) as origin:
        yield origin
