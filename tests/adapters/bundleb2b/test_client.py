"""B2B Edition's envelope, pages, shared quota and faults; whatever is wrong is DirectoryUnreachable in words."""

import logging

import pytest
import requests
import responses

from adapters.bundleb2b.client import Missing, Off
from adapters.bundleb2b.traffic import Policy, Traffic
from domain.errors import DirectoryUnreachable
from tests.adapters.bundleb2b.kit import IO, Clock, a_company, a_directory, asked, b2b, ok, paged

NOT_FOUND = {"code": 404, "data": {}, "meta": {"message": "User Does not Exist"}}

FAULTS = {
    "429": {"status": 429, "headers": {"X-Request-Window-Resets-After": "0.39 s"}},
    "429 without headers": {"status": 429},
    "500": {"status": 500, "body": "<html>"},
    "500 in the envelope": {"status": 200, "json": {"code": 500, "data": {}, "meta": {"message": "Server error"}}},
    "truncated JSON": {"status": 200, "body": '{"code": 200, "data": ['},
    "a page": {"status": 200, "body": "<html>", "content_type": "text/html"},
    "nothing": {"status": 204},
    "a bare list": {"status": 200, "json": []},
    "redirect": {"status": 302, "headers": {"Location": "https://evil.example/"}},
    "time-out": {"body": requests.ReadTimeout("slow")},
    "reset": {"body": requests.ConnectionError("reset")},
}


@responses.activate
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_reading_is_repeated_after_a_fault(fault):
    responses.add("GET", f"{IO}companies", **fault)
    responses.add("GET", f"{IO}companies", json=paged([a_company()], 1))

    assert [company.id for company in a_directory().companies()] == [123456]


@responses.activate
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_stays_is_directory_unreachable(fault):
    responses.add("GET", f"{IO}users/customer/42", **fault)
    clock = Clock()

    with pytest.raises(DirectoryUnreachable):
        a_directory(clock).buyer(42)

    assert 2 <= len(responses.calls) <= 3
    assert sum(clock.slept) <= Policy().patience
    assert all("evil" not in call.request.url for call in responses.calls)


@responses.activate
@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_b2b_edition_is_said_in_a_sentence_and_not_repeated(status):
    """A dead token answers the same here: that the store has disconnected is for BigCommerce to say."""
    responses.add("GET", f"{IO}companies", status=status, json={"code": status, "meta": {"message": "no"}})

    with pytest.raises(DirectoryUnreachable, match="B2B Edition is not enabled for this store"):
        list(a_directory().companies())

    assert len(responses.calls) == 1


@responses.activate
@pytest.mark.parametrize("http", [200, 404])
@pytest.mark.parametrize("code", [200, 404])
def test_status_and_code_may_disagree_and_the_worse_one_counts(http, code):
    if (http, code) == (200, 200):
        return
    responses.add("GET", f"{IO}users/customer/42", status=http, json=NOT_FOUND | {"code": code})

    assert a_directory().buyer(42) is None


@responses.activate
def test_a_refusal_under_200_is_a_refusal():
    body = {"code": 400, "data": {"errMsg": "Store company credit is not enabled"}, "meta": {"message": "API error"}}
    responses.add("GET", f"{IO}companies", json=body)

    with pytest.raises(Off):
        list(a_directory().companies())


@responses.activate
def test_both_headers_go_with_every_call_and_nothing_of_them_into_logs(caplog, capsys):
    caplog.set_level(logging.DEBUG)
    responses.add("GET", f"{IO}users/customer/42", status=404, json=NOT_FOUND)

    a_directory().buyer(42)

    headers = responses.calls[0].request.headers
    assert (headers["X-Auth-Token"], headers["X-Store-Hash"]) == ("secret-access-token", "abc123")
    assert "authToken" not in headers
    assert "secret-access-token" not in caplog.text + "".join(capsys.readouterr())


@responses.activate
def test_pages_are_walked_by_what_came_and_not_by_what_was_asked():
    """The store may answer with fewer rows than the limit."""
    responses.add("GET", f"{IO}companies", json=paged([a_company(companyId=1), a_company(companyId=2)], 3, limit=2))
    responses.add("GET", f"{IO}companies", json=paged([a_company(companyId=3)], 3, limit=2, offset=2))

    assert [company.id for company in a_directory().companies()] == [1, 2, 3]
    assert asked(0) == {"limit": "250", "offset": "0", "sortBy": "companyName", "orderBy": "ASC"}
    assert asked(1)["offset"] == "2"


@responses.activate
@pytest.mark.parametrize("meta", [{"totalCount": 1}, {}, {"pagination": None}])
def test_the_total_may_stand_in_meta_or_nowhere(meta):
    responses.add("GET", f"{IO}companies", json=ok([a_company()], **meta))

    assert len(list(a_directory().companies())) == 1


@responses.activate
@pytest.mark.parametrize("data", [None, {}, "x", [1], [None]])
def test_what_is_no_list_of_records_is_not_taken_for_an_empty_one(data):
    """Nobody at all would mean that every buyer has left."""
    responses.add("GET", f"{IO}users", json=ok(data))

    with pytest.raises(DirectoryUnreachable):
        list(a_directory().buyers())


@responses.activate
def test_a_total_that_lies_does_not_loop():
    responses.add("GET", f"{IO}companies", json=paged([a_company()], 9))
    responses.add("GET", f"{IO}companies", json=paged([], 9))

    assert len(list(a_directory().companies())) == 1


# --- quota --------------------------------------------------------------------------------------------------
def headers(left: str, resets: str) -> dict[str, str]:
    return {
        "X-Requests-Allocated": "150",
        "X-Requests-Window-Length": "60 s",
        "X-Requests-Remaining": left,
        "X-Request-Window-Resets-After": resets,
    }


@pytest.mark.parametrize(
    ("left", "resets", "pause"),
    [
        ("100", "30 s", 0.0),
        ("0", "0.39 s", 0.39),
        ("0", "500 ms", 0.5),
        ("0", "0.5 min", 30.0),
        ("0", "12", 12.0),
        ("2", "30 s", 10.0),
        ("many", "30 s", 0.0),
        ("0", "soon", 0.0),
        ("0", "3 fortnights", 0.0),
    ],
)
def test_the_shared_quota_is_respected_through_headers_with_units(left, resets, pause):
    traffic = Traffic(Clock().timing)

    traffic.note(headers(left, resets))

    assert traffic.wait_before() == pytest.approx(pause)


@responses.activate
def test_a_used_up_quota_is_waited_out_before_the_next_call():
    clock = Clock()
    responses.add("GET", f"{IO}users/customer/42", json=ok({}), status=404, headers=headers("0", "20 s"))
    directory = a_directory(clock)

    directory.buyer(42)
    directory.buyer(42)

    assert clock.slept == [20.0]


@responses.activate
def test_somebody_who_waits_for_a_page_is_told_instead():
    clock = Clock()
    responses.add("GET", f"{IO}users/customer/42", status=404, json=NOT_FOUND, headers=headers("0", "20 s"))
    directory = a_directory(clock, Policy(patience=3))
    directory.buyer(42)

    with pytest.raises(DirectoryUnreachable, match="quota"):
        directory.buyer(42)

    assert clock.slept == []


@responses.activate
def test_directories_of_one_store_share_what_they_learned():
    clock = Clock()
    edition = b2b(clock)
    responses.add("GET", f"{IO}users/customer/42", status=404, json=NOT_FOUND, headers=headers("0", "20 s"))

    edition.open("abc123", "t").buyer(42)
    edition.open("other1", "t").buyer(42)
    assert clock.slept == []

    edition.open("abc123", "t").buyer(42)
    assert clock.slept == [20.0]


@responses.activate
def test_an_edition_that_is_down_is_left_alone_for_a_while():
    """Buyers who sign in meanwhile get their answer from the cache at once (R-26)."""
    clock = Clock()
    responses.add("GET", f"{IO}users/customer/42", status=500)
    directory = a_directory(clock, Policy(tries=1))
    for _ in range(5):
        with pytest.raises(DirectoryUnreachable):
            directory.buyer(42)

    with pytest.raises(DirectoryUnreachable, match="for a while"):
        directory.buyer(42)
    assert len(responses.calls) == 5

    clock.now += 31
    responses.replace("GET", f"{IO}users/customer/42", status=404, json=NOT_FOUND)
    assert directory.buyer(42) is None


def test_what_is_missing_or_off_is_directory_unreachable_too():
    assert issubclass(Missing, DirectoryUnreachable)
    assert issubclass(Off, DirectoryUnreachable)
