"""Fixtures for all tests. Collecting starts nothing; the servers start when a test first asks for a database.

Use `database_url` with a transaction that is rolled back; where the code under test commits, add
`clean_database`, which empties the worker's database after the test.
"""

import ipaddress
import sys
from collections.abc import Iterator

import hypothesis
import pytest
import redis
from playwright.sync_api import Browser

from tests.browser import CHROMIUM, NO_BROWSER, a_browser
from tests.servers import (
    Cleaner,
    Database,
    Keeper,
    Servers,
    ask_for_servers,
    create_database,
    drop_database,
)

_KEEPER = pytest.StashKey[Keeper]()
_REDIS_DATABASES = 64

# The machine may be busy: slowness is for the benchmarks to judge.
hypothesis.settings.register_profile("gate", deadline=None)
hypothesis.settings.load_profile("gate")


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_stay_on_this_machine)
    if not hasattr(config, "workerinput"):
        config.stash[_KEEPER] = Keeper()


def pytest_unconfigure(config: pytest.Config) -> None:
    keeper = config.stash.get(_KEEPER, None)
    if keeper is not None:
        keeper.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Runs in xdist's controller, once for each worker."""
    node.workerinput["servers"] = node.config.stash[_KEEPER].address()


def _stay_on_this_machine(event: str, args: tuple) -> None:
    """An audit hook: a test that reaches out to the network fails, whatever library it used."""
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if not host or host == "localhost" or _is_loopback(host):
        return
    raise RuntimeError(f"A test tried to leave this machine, for {host}.")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Servers:
    """The servers of this run, with a migrated template database."""
    if hasattr(request.config, "workerinput"):
        address = request.config.workerinput["servers"]
    else:
        address = request.config.stash[_KEEPER].address()
    answer = ask_for_servers(address)
    if isinstance(answer, str):
        pytest.fail(f"The test servers did not start:\n{answer}", pytrace=False)
    return answer


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """`gw0`, `gw1`, ... under xdist, else `alone`."""
    workerinput = getattr(request.config, "workerinput", None)
    return workerinput["workerid"] if workerinput else "alone"


@pytest.fixture(scope="session")
def database(services: Servers, worker_name: str) -> Database:
    """This worker's migrated database, with its three addresses."""
    return create_database(services.template, f"test_{worker_name}", services.template.name)


@pytest.fixture(scope="session")
def database_url(database: Database) -> str:
    """The worker's database as the application sees it: owning nothing, bound by row-level security."""
    return database.application_url


@pytest.fixture(scope="session")
def owner_url(database: Database) -> str:
    """The worker's database for the owner of the schema."""
    return database.owner_url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """This worker's headless browser. Each test opens contexts of its own."""
    if CHROMIUM is None:
        pytest.skip(NO_BROWSER)
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def _cleaner(database: Database) -> Cleaner:
    return Cleaner(database)


@pytest.fixture
def clean_database(database: Database, _cleaner: Cleaner) -> Iterator[Database]:
    """The worker's database for a test that commits; emptied afterwards, so that every test finds it empty."""
    yield database
    _cleaner.clean()


@pytest.fixture
def empty_database(services: Servers, worker_name: str) -> Iterator[Database]:
    """A database without any table, for one test."""
    database = create_database(services.template, f"empty_{worker_name}")
    yield database
    drop_database(database)


@pytest.fixture
def redis_url(services: Servers, worker_name: str) -> str:
    """The worker's own database of Valkey, emptied before the test."""
    number = int(worker_name.removeprefix("gw")) % _REDIS_DATABASES if worker_name != "alone" else 0
    url = services.redis_url.removesuffix("/0") + f"/{number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
