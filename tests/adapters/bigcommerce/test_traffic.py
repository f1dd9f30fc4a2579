"""One store's quota is shared by all its apps: the client slows down before it is told to stop."""

import pytest
import responses

from adapters.bigcommerce.errors import Fault, Silenced
from adapters.bigcommerce.traffic import Policy, Traffic, TrafficBook
from tests.adapters.bigcommerce.kit import V3, Clock, a_client, v3


def headers(left: int, quota: int = 150, reset_ms: int = 12_000) -> dict[str, str]:
    return {
        "X-Rate-Limit-Requests-Left": str(left),
        "X-Rate-Limit-Requests-Quota": str(quota),
        "X-Rate-Limit-Time-Reset-Ms": str(reset_ms),
        "X-Rate-Limit-Time-Window-Ms": "30000",
    }


def test_plenty_left_means_no_pause():
    clock = Clock()
    traffic = Traffic(clock.timing)

    traffic.note(headers(left=100))

    assert traffic.wait_before() == 0.0


def test_few_left_spreads_the_rest_over_the_window():
    clock = Clock()
    traffic = Traffic(clock.timing)

    traffic.note(headers(left=5))

    assert traffic.wait_before() == pytest.approx(12 / 6)


def test_none_left_waits_for_the_next_window_and_not_longer():
    clock = Clock()
    traffic = Traffic(clock.timing)
    traffic.note(headers(left=0))

    assert traffic.wait_before() == pytest.approx(12)

    clock.now += 12
    assert traffic.wait_before() == 0.0


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"X-Rate-Limit-Requests-Left": "3"},
        {"X-Rate-Limit-Requests-Left": "many", "X-Rate-Limit-Time-Reset-Ms": "10"},
        {"X-Rate-Limit-Requests-Left": "inf", "X-Rate-Limit-Time-Reset-Ms": "nan"},
    ],
)
def test_incomplete_or_broken_headers_teach_nothing(broken):
    traffic = Traffic(Clock().timing)

    traffic.note(broken)

    assert traffic.wait_before() == 0.0


@responses.activate
def test_a_429_is_waited_out_by_the_time_it_names():
    clock = Clock()
    responses.add("GET", f"{V3}x", status=429, headers={"X-Rate-Limit-Time-Reset-Ms": "2500"})
    responses.add("GET", f"{V3}x", json=v3({"id": 1}))

    a_client(clock).one("x")

    assert clock.slept == [pytest.approx(2.625)]


@responses.activate
def test_a_429_without_headers_backs_off_growing_and_jittered():
    """Without headers it is the platform that is overloaded."""
    clock = Clock()
    responses.add("GET", f"{V3}x", status=429)

    with pytest.raises(Fault):
        a_client(clock).one("x")

    assert clock.slept == [pytest.approx(0.5), pytest.approx(1.0), pytest.approx(2.0)]


@responses.activate
def test_a_page_that_somebody_looks_at_does_not_wait_for_a_window():
    clock = Clock()
    responses.add("GET", f"{V3}x", status=429, headers={"X-Rate-Limit-Time-Reset-Ms": "25000"})

    with pytest.raises(Fault):
        a_client(clock, Policy(patience=5)).one("x")

    assert clock.slept == []


@responses.activate
def test_clients_of_one_store_share_what_they_learned():
    clock = Clock()
    book = TrafficBook(clock.timing)
    responses.add("GET", f"{V3}x", json=v3({"id": 1}), headers=headers(left=0, reset_ms=3000))
    a_client(clock, book=book).one("x")

    a_client(clock, book=book).one("x")

    assert clock.slept == [pytest.approx(3)]
    assert book.of("other1").wait_before() == 0.0, "another store has its own quota"


def test_only_one_request_probes_a_store_that_was_down():
    clock = Clock()
    traffic = Traffic(clock.timing)
    for _ in range(6):
        traffic.failed()
    clock.now += 15

    traffic.wait_before()

    with pytest.raises(Silenced):
        traffic.wait_before()


def test_a_failed_probe_doubles_the_silence_up_to_five_minutes():
    clock = Clock()
    traffic = Traffic(clock.timing)
    silences = []
    for _ in range(12):
        traffic.failed()
        before = clock.now
        while True:
            try:
                traffic.wait_before()
                break
            except Silenced:
                clock.now += 1
        silences.append(clock.now - before)

    assert silences[:5] == [0, 0, 0, 0, 0]
    assert silences[5:] == [15, 30, 60, 120, 240, 300, 300]


def test_at_most_three_requests_of_a_store_are_in_flight():
    traffic = Traffic(Clock().timing)

    with traffic.slot(0.01), traffic.slot(0.01), traffic.slot(0.01), pytest.raises(Fault), traffic.slot(0.01):
        pass
