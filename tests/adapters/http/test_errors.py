"""The table of refusals, and how they read over HTTP."""

import inspect

import pytest
from flask import Flask, abort

from adapters.http.errors import STATUS, answer, problem, register_problems, status_of
from domain import errors
from domain.errors import InvariantBroken, LinesRefused, MoreThanOwed, NotFound, Refusal

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Refusal) and kind.__module__ == "domain.errors"
]


def one_of(kind: type[Refusal]) -> Refusal:
    """A refusal of this kind, with something readable for each of its parameters."""
    given = {
        name: {"x-1": NotFound("invoice")} if name == "lines" else f"Some {name}."
        for name, parameter in inspect.signature(kind.__init__).parameters.items()
        if name != "self" and parameter.kind is not parameter.VAR_KEYWORD and parameter.default is parameter.empty
    }
    return kind(*given.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_refusal_of_the_domain_has_its_own_status_and_a_sentence(kind):
    refusal = one_of(kind)

    assert kind in STATUS
    assert 400 <= status_of(refusal) < 600
    assert refusal.sentence[0].isupper() or refusal.sentence[0] == "“"
    assert refusal.sentence.endswith(".")


def test_codes_are_told_apart():
    codes = [kind.code for kind in KINDS]

    assert len(codes) == len(set(codes))


def test_a_kind_without_a_row_has_its_parents_status():
    class Fresh(NotFound):
        code = "fresh"

    assert status_of(Fresh("thing")) == 404


@pytest.fixture
def app():
    app = Flask("edges")
    register_problems(app)

    @app.get("/api/fail")
    def fail():
        raise KeyError("a secret of the inside")

    @app.get("/api/broken")
    def broken():
        raise InvariantBroken("available would be -5")

    @app.get("/api/refused")
    def refused():
        raise MoreThanOwed("INV-1", "5.00 USD")

    @app.get("/page")
    def page():
        abort(404)

    return app


def test_a_refusal_is_a_problem_document_with_its_code(app):
    response = app.test_client().get("/api/refused")

    assert response.status_code == 409
    assert response.content_type == "application/problem+json"
    assert response.get_json() == {
        "type": "urn:invoice-portal:problem:more_than_owed",
        "title": "More than owed",
        "status": 409,
        "code": "more_than_owed",
        "detail": "INV-1 is only owed 5.00 USD. Enter a smaller amount.",
        "request_id": "",
    }


def test_refused_lines_name_each_invoice_with_its_own_code(app):
    with app.test_request_context():
        body = problem(LinesRefused({"a": MoreThanOwed("INV-1", "5.00 USD")})).get_json()

    assert body["lines"] == [
        {"invoice_id": "a", "code": "more_than_owed", "detail": "INV-1 is only owed 5.00 USD. Enter a smaller amount."}
    ]


@pytest.mark.parametrize("path", ["/api/fail", "/api/broken"])
def test_a_failure_of_ours_shows_nothing_of_the_inside(app, path, caplog):
    """T-37: the trace is in the log, under the request id."""
    response = app.test_client().get(path)

    assert response.status_code == 500
    assert response.get_json()["code"] == "internal"
    assert b"secret" not in response.data
    assert b"available" not in response.data
    assert caplog.records[0].exc_info


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/storefront/v1/nothing", "/hooks/none"])
def test_an_unknown_api_address_is_a_problem_document(app, path):
    response = app.test_client().get(path)

    assert response.status_code == 404
    assert response.get_json()["code"] == "route_unknown"


def test_a_method_that_is_not_taken_names_the_ones_that_are(app):
    response = app.test_client().post("/api/refused")

    assert response.status_code == 405
    assert response.get_json()["code"] == "method_not_allowed"
    assert "GET" in response.headers["Allow"]


def test_other_paths_are_the_screens_own(app):
    assert app.test_client().get("/page").content_type.startswith("text/html")

    with_screens = Flask("screens")
    register_problems(with_screens, lambda error: ("our page", 404))
    assert with_screens.test_client().get("/page").data == b"our page"


def test_401_asks_for_a_bearer_and_503_says_when_to_try_again(app):
    with app.test_request_context():
        assert answer(errors.KeyRefused()).headers["WWW-Authenticate"] == "Bearer"
        assert answer(errors.StoreUnreachable()).headers["Retry-After"] == "60"
