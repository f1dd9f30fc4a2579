"""Faults that only a real socket shows: a slow drip, a reset in the middle, nobody there, a redirect to a thief."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from requests.adapters import HTTPAdapter

from adapters.bigcommerce.client import StoreClient
from adapters.bigcommerce.connection import Line
from adapters.bigcommerce.errors import Fault
from adapters.bigcommerce.traffic import Policy, Timing, Traffic
from domain.errors import StoreUnreachable
from tests.adapters.bigcommerce.kit import HASH

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


@contextmanager
def a_server(answer: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A loopback server whose every connection is handled by `answer`; yields its address and the requests' heads."""
    heads: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                heads.append(connection.recv(65536))
                try:
                    answer(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heads
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=5)


def a_client(address: str, **policy: float) -> StoreClient:
    timing = Timing(sleep=lambda seconds: None)
    line = Line(address, "client-id", Policy(tries=1, **policy), timing, HTTPAdapter(max_retries=0))
    return StoreClient(line, Traffic(timing), HASH, "token")


def test_a_slow_drip_ends_at_the_limit_for_the_whole_answer():
    """Each byte restarts the read time-out of `requests`; the whole answer has one of its own."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(HEAD)
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.02)

    with a_server(drip) as (address, _):
        started = time.monotonic()
        with pytest.raises(Fault, match="took too long"):
            a_client(address, read=1.0, whole_answer=0.3).one("x")

    assert time.monotonic() - started < 1.5


def test_silence_after_the_request_counts_as_perhaps_acted():
    with a_server(lambda connection: time.sleep(0.5)) as (address, heads), pytest.raises(Fault) as caught:
        a_client(address, read=0.1).post("carts", {"a": 1})

    assert caught.value.acted
    assert len(heads) == 1


def test_a_connection_reset_in_the_middle_of_an_answer_is_a_fault():
    def half(connection: socket.socket) -> None:
        connection.sendall(HEAD + b'{"data": {"id"')

    with a_server(half) as (address, _), pytest.raises(Fault, match="broke off"):
        a_client(address).one("x")


def test_nobody_there_means_nothing_was_done():
    with a_server(lambda connection: None) as (address, _):
        pass

    with pytest.raises(Fault) as caught:
        a_client(address).post("carts", {})

    assert not caught.value.acted


def test_a_redirect_takes_the_token_nowhere():
    """The package would follow it and hand the token to the new host."""
    with a_server(lambda connection: connection.sendall(HEAD)) as (thief, stolen):

        def redirect(connection: socket.socket) -> None:
            connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {thief}/x\r\nContent-Length: 0\r\n\r\n".encode())

        with a_server(redirect) as (address, heads), pytest.raises(StoreUnreachable):
            a_client(address).one("x")

    assert b"X-Auth-Token: token" in heads[0]
    assert stolen == []


def test_a_chunked_and_zipped_answer_is_read_whole():
    body = gzip.compress(b'{"data": {"id": "' + b"1" * 50_000 + b'"}}')
    parts = [body[index : index + 7] for index in range(0, len(body), 7)]

    def chunks(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n")
        for part in parts:
            connection.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

    with a_server(chunks) as (address, _):
        assert a_client(address).one("x")["id"] == "1" * 50_000


def test_sockets_are_kept_between_calls():
    """A TLS handshake per call would double the time of every page."""
    counts = []

    def answer(connection: socket.socket) -> None:
        counts.append(1)
        body = b'{"data": {"id": 1}}'
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        connection.sendall(head + body)
        while connection.recv(65536):
            connection.sendall(head + body)

    with a_server(answer) as (address, _):
        client = a_client(address)
        client.one("x")
        client.one("x")
        client._v3._line.sockets.close()

    assert len(counts) == 1
