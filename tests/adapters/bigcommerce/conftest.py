"""A running sandbox on loopback ports, one per test run."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from adapters.bigcommerce.login import BigCommerceLogin
from adapters.bigcommerce.shop import BigCommerce, BigCommerceShop
from adapters.sandbox.serve import Sandbox
from adapters.sandbox.settings import NORTH, SandboxSettings

APP = "http://localhost:9999"
SECRET = "a client secret of more than sixty-four characters, for HMAC tests only!"


@dataclass(frozen=True)
class Store:
    """A sandbox store seen from outside: its addresses, our login, our client with a fresh token."""

    base: str
    hash: str
    login: BigCommerceLogin
    shop: BigCommerceShop
    token: str
    scopes: tuple[str, ...]

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = requests.request(method, f"{self.base}/_sandbox/{self.hash}{path}", json=body)
        answer.raise_for_status()
        return answer.json()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    data = tmp_path_factory.mktemp("sandbox") / "sandbox.db"
    ports = (free_port(), free_port(), free_port())
    settings = SandboxSettings(data, *ports, APP, "client-of-the-tests", SECRET, deliver_hooks=False)
    with Sandbox(settings) as running:
        yield running


@pytest.fixture(scope="session")
def install(sandbox) -> Callable[..., Store]:
    """Installs the way a control panel does it; each install kills the store's earlier tokens."""
    base, client_id = sandbox.settings.main_url, sandbox.settings.client_id
    login = BigCommerceLogin(base, client_id, SECRET, f"{APP}/auth")

    def run(store_hash: str, url: str = "") -> Store:
        url = url or requests.get(f"{base}/_sandbox/{store_hash}/auth-url?user=1").json()["url"]
        query = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
        grant = login.exchange(query["code"], query["scope"], query["context"])
        shop = BigCommerce(base, client_id).open(grant.store_hash, grant.access_token)
        return Store(base, store_hash, login, shop, grant.access_token, grant.scopes)

    return run


@pytest.fixture(scope="session")
def north(install) -> Store:
    """The first store: prices exclude tax, two currencies."""
    return install(NORTH)
