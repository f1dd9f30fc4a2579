"""Every fault of the wire becomes one of our errors, and only what does no harm is repeated (F-4, F-15)."""

import logging

import pytest
import requests
import responses

from adapters.bigcommerce import exact_json
from adapters.bigcommerce.errors import Fault, Rejected, Silenced, Unreadable
from adapters.bigcommerce.traffic import Policy
from domain.errors import NotFound, ScopeMissing, StoreDisconnected, StoreUnreachable
from tests.adapters.bigcommerce.kit import V2, V3, Clock, a_client, methods_called, sent, v3

HTML = "<html><body>Service unavailable</body></html>"

FAULTS = {
    "429 with headers": {"status": 429, "headers": {"X-Rate-Limit-Time-Reset-Ms": "1500"}, "body": ""},
    "429 without headers": {"status": 429, "body": ""},
    "500 as a page": {"status": 500, "body": HTML, "content_type": "text/html"},
    "502": {"status": 502, "body": ""},
    "503": {"status": 503, "json": {"status": 503}},
    "truncated JSON": {"status": 200, "body": '{"data": [{"id": 1'},
    "a page under 200": {"status": 200, "body": HTML, "content_type": "text/html"},
    "nothing under 200": {"status": 200, "body": ""},
    "null under 200": {"status": 200, "body": "null"},
    "no number but NaN": {"status": 200, "body": '{"data": NaN}'},
    "connection refused or reset": {"body": requests.ConnectionError("reset")},
    "time-out": {"body": requests.ReadTimeout("slow")},
}


@responses.activate
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_reading_is_repeated_after_a_fault(fault):
    responses.add("GET", f"{V3}channels", **fault)
    responses.add("GET", f"{V3}channels", json=v3([{"id": 1}]))

    assert list(a_client().all("channels")) == [{"id": 1}]
    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_stays_is_store_unreachable_within_our_patience(fault):
    responses.add("GET", f"{V3}channels", **fault)
    clock = Clock()

    with pytest.raises(StoreUnreachable):
        list(a_client(clock).all("channels"))

    assert 2 <= len(responses.calls) <= 4
    assert sum(clock.slept) <= Policy().patience


ACTED = [name for name in FAULTS if not name.startswith("429")]


@responses.activate
@pytest.mark.parametrize("name", ACTED)
def test_making_something_is_never_repeated_when_the_store_may_have_acted(name):
    """F-4: a cart made twice would be two carts."""
    responses.add("POST", f"{V3}carts", **FAULTS[name])

    with pytest.raises(StoreUnreachable):
        a_client().post("carts", {"customer_id": 1})

    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize("name", ["429 with headers", "429 without headers"])
def test_making_something_is_repeated_when_the_store_turned_it_away(name):
    responses.add("POST", f"{V3}carts", **FAULTS[name])
    responses.add("POST", f"{V3}carts", json=v3({"id": "c"}), status=201)

    assert a_client().post("carts", {}) == {"id": "c"}


@responses.activate
def test_making_something_is_repeated_when_no_connection_came_about():
    unsent = requests.ConnectTimeout("no route")
    responses.add("POST", f"{V3}carts", body=unsent)
    responses.add("POST", f"{V3}carts", json=v3({"id": "c"}), status=201)

    assert a_client().post("carts", {}) == {"id": "c"}


@responses.activate
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_setting_and_deleting_are_repeated(method):
    responses.add(method, f"{V3}hooks/7", body=requests.ReadTimeout("slow"))
    responses.add(method, f"{V3}hooks/7", json=v3({"id": 7}))
    client = a_client()

    client.put("hooks/7", {}) if method == "PUT" else client.delete("hooks/7")

    assert len(responses.calls) == 2


@responses.activate
@pytest.mark.parametrize(
    ("status", "error"),
    [(401, StoreDisconnected), (403, ScopeMissing), (404, NotFound), (409, Rejected), (422, Rejected), (302, Rejected)],
)
def test_an_answer_that_will_not_change_is_given_once(status, error):
    responses.add("GET", f"{V3}checkouts/x", status=status, json={"title": "No."}, headers={"Location": "https://evil"})

    with pytest.raises(error):
        a_client().one("checkouts/x")

    assert methods_called() == ["GET v3/checkouts/x"]


@responses.activate
def test_a_rejection_names_its_title_but_not_what_was_sent():
    body = {"status": 422, "title": "JSON data is missing or invalid", "errors": {"currency": "not transactional"}}
    responses.add("POST", f"{V3}carts", status=422, json=body)

    with pytest.raises(Rejected) as caught:
        a_client().post("carts", {"secret": "buyer@example.com"})

    assert "JSON data is missing or invalid" in caught.value.sentence
    assert caught.value.errors == {"currency": "not transactional"}
    assert "buyer@example.com" not in str(caught.value)


@responses.activate
def test_a_v2_rejection_is_a_list():
    responses.add("PUT", f"{V2}orders/7", status=400, json=[{"status": 400, "message": "The field is invalid."}])

    with pytest.raises(Rejected, match=r"The field is invalid\."):
        a_client().v2_put("orders/7", {"staff_notes": "x"})


@responses.activate
def test_a_partial_success_is_a_failure_with_the_parts_that_failed():
    """207 comes out of the package as an empty object."""
    body = {"data": [{"id": 1}], "errors": [{"status": 422, "title": "second one"}]}
    responses.add("PUT", f"{V3}content/pages", status=207, json=body)

    with pytest.raises(Rejected) as caught:
        a_client().put("content/pages", [{}, {}])

    assert caught.value.status == 207
    assert "second one" in caught.value.errors["0"]


@responses.activate
def test_no_content_is_an_empty_list_but_not_an_order():
    responses.add("GET", f"{V2}orders", status=204)
    responses.add("GET", f"{V3}orders/7/transactions", status=204)
    responses.add("GET", f"{V2}orders/7", status=204)
    client = a_client()

    assert client.v2_page("orders") == []
    assert list(client.all("orders/7/transactions")) == []
    with pytest.raises(Unreadable):
        client.v2_one("orders/7")


@responses.activate
def test_an_envelope_without_data_is_unreadable():
    responses.add("GET", f"{V3}channels", json={"meta": {}})
    responses.add("GET", f"{V3}hooks", json={"data": None, "meta": {}})

    for path in ("channels", "hooks"):
        with pytest.raises(Unreadable):
            list(a_client().all(path))


@responses.activate
def test_pages_are_walked_to_the_end():
    responses.add("GET", f"{V3}hooks", json=v3([{"id": 1}], pagination={"total_pages": 2}))
    responses.add("GET", f"{V3}hooks", json=v3([{"id": 2}], pagination={"total_pages": 2}))

    assert [row["id"] for row in a_client().all("hooks")] == [1, 2]
    assert "page=2&limit=250" in responses.calls[1].request.url


@responses.activate
def test_lists_that_do_not_count_their_pages_end_with_a_short_one():
    """Sites answer `offset`, `limit`, `total_items`."""
    responses.add("GET", f"{V3}sites", json=v3([{"id": n} for n in range(250)], pagination={"total_items": 251}))
    responses.add("GET", f"{V3}sites", json=v3([{"id": 250}], pagination={"total_items": 251}))

    assert len(list(a_client().all("sites"))) == 251


@responses.activate
def test_numbers_stay_what_was_written():
    """0.1 + 0.2 of binary floats never enters: amounts in and out keep their digits."""
    responses.add("GET", f"{V3}x", body=b'{"data": {"amount": 1234567890.10, "whole": 3}}')
    responses.add("POST", f"{V3}x", json=v3({"id": 1}))
    client = a_client()

    found = client.one("x")
    client.post("x", {"list_price": found["amount"]})

    assert str(found["amount"]) == "1234567890.10"
    assert found["whole"] == 3
    assert sent() == {"list_price": "1234567890.10"}


@responses.activate
def test_every_call_carries_token_and_accept_and_no_call_follows_a_redirect():
    responses.add("GET", f"{V3}x", status=301, headers={"Location": "https://evil.example/"})
    responses.add("GET", "https://evil.example/", json=v3({"id": 1}))

    with pytest.raises(StoreUnreachable):
        a_client().one("x")

    headers = responses.calls[0].request.headers
    assert (headers["X-Auth-Token"], headers["Accept"]) == ("secret-access-token", "application/json")
    assert all("evil" not in call.request.url for call in responses.calls)


@responses.activate
def test_the_token_is_in_no_log_and_no_error(caplog, capsys):
    """T-31: neither ours nor the package's loggers print it, also at debug."""
    caplog.set_level(logging.DEBUG)
    responses.add("GET", f"{V3}x", status=500, body=HTML)
    responses.add("PUT", f"{V3}x", status=422, json={"title": "no"})
    client = a_client()

    with pytest.raises(Fault) as one:
        client.one("x")
    with pytest.raises(Rejected) as two:
        client.put("x", {"a": 1})

    seen = caplog.text + "".join(capsys.readouterr()) + repr(one.value) + repr(two.value) + repr(client)
    assert "secret-access-token" not in seen


@responses.activate
def test_an_answer_that_never_ends_is_cut_off():
    responses.add("GET", f"{V3}x", body=b'{"data": "' + b"a" * 300_000 + b'"}')

    with pytest.raises(Fault, match="too large"):
        a_client(policy=Policy(tries=1, largest_answer=100_000)).one("x")


@responses.activate
def test_the_breaker_opens_after_failures_in_a_row_and_closes_with_a_good_answer():
    clock = Clock()
    client = a_client(clock, Policy(tries=1))
    responses.add("GET", f"{V3}x", status=500)
    for _ in range(6):
        with pytest.raises(Fault):
            client.one("x")

    with pytest.raises(Silenced):
        client.one("x")
    assert len(responses.calls) == 6, "while it is open nothing is sent"

    clock.now += 16
    responses.replace("GET", f"{V3}x", json=v3({"id": 1}))
    assert client.one("x") == {"id": 1}
    assert client.one("x") == {"id": 1}


@responses.activate
def test_a_refused_request_does_not_open_the_breaker():
    responses.add("GET", f"{V3}x", status=404)
    client = a_client()

    for _ in range(20):
        with pytest.raises(NotFound):
            client.one("x")


def test_exact_json_takes_no_constants_and_no_half_numbers():
    with pytest.raises(ValueError, match="no JSON number"):
        exact_json.loads(b'{"a": Infinity}')
    with pytest.raises(TypeError):
        exact_json.dumps({"a": object()})
