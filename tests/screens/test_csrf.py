"""No other page can act for a signed-in person (T-10)."""

from collections.abc import Callable, Mapping

import pytest

from admin_app.guard import CSRF_FIELD
from tests.screens.kit import ADAM, NED, OLIVIA, OWN_FORM, PUBLIC, Browser, Office, Page
from tests.screens.routes import Stop, documents_of, stops

Attack = Callable[[Browser, Stop], Page]


def sent(browser: Browser, stop: Stop, token: str, headers: Mapping[str, str] = OWN_FORM) -> Page:
    return browser.open(stop.method, stop.path, {CSRF_FIELD: token}, headers)


def with_token(change: Callable[[str], str]) -> Callable[[Office], Attack]:
    """From our page, but with what is made of the right token."""
    return lambda office: lambda browser, stop: sent(browser, stop, change(browser.csrf))


def with_headers(**headers: str) -> Callable[[Office], Attack]:
    """The right token, but sent from a page that is not ours."""
    wanted = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda office: lambda browser, stop: sent(browser, stop, browser.csrf, wanted)


def with_token_of(user_id: int, *, of_south: bool = False) -> Callable[[Office], Attack]:
    """The token of another living session."""

    def prepare(office: Office) -> Attack:
        token = office.sign_in(user_id, office.south if of_south else office.north).csrf
        return lambda browser, stop: sent(browser, stop, token)

    return prepare


def without_token(office: Office) -> Attack:
    return lambda browser, stop: browser.open(stop.method, stop.path, {}, OWN_FORM)


def with_token_in_the_address(office: Office) -> Attack:
    return lambda browser, stop: browser.open(stop.method, f"{stop.path}?{CSRF_FIELD}={browser.csrf}", {}, OWN_FORM)


ATTACKS: Mapping[str, Callable[[Office], Attack]] = {
    "no token": without_token,
    "empty token": with_token(lambda token: ""),
    "half a token": with_token(lambda token: token[:20]),
    "a token not in ASCII": with_token(lambda token: "ｔ" + token[1:]),
    "the token in the address": with_token_in_the_address,
    "token of another session of the same person": with_token_of(OLIVIA),
    "token of another person": with_token_of(ADAM),
    "token of the same user id in the other store": with_token_of(OLIVIA, of_south=True),
    "foreign origin": with_headers(Origin="https://evil.example"),
    "foreign origin that claims our site": with_headers(Origin="https://evil.example", Sec_Fetch_Site="same-origin"),
    "origin that begins like ours": with_headers(Origin=f"{PUBLIC}.evil.example"),
    "our host without encryption": with_headers(Origin=PUBLIC.replace("https", "http")),
    "our host on another port": with_headers(Origin=f"{PUBLIC}:8443"),
    "origin null from another site": with_headers(Origin="null", Sec_Fetch_Site="cross-site"),
    "origin null and nothing else": with_headers(Origin="null"),
    "another site": with_headers(Sec_Fetch_Site="cross-site"),
    "a sister site": with_headers(Origin=PUBLIC, Sec_Fetch_Site="same-site"),
}


@pytest.mark.parametrize("prepare", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_forged_request_is_refused_on_every_unsafe_screen(
    office: Office, prepare: Callable[[Office], Attack]
) -> None:
    browser, attack = office.sign_in(OLIVIA), prepare(office)
    places = [stop for stop in stops(office, documents_of(office, office.north)) if stop.is_unsafe]
    before = office.digest("session")

    answers = [attack(browser, stop) for stop in places]

    assert len(answers) >= 6
    assert {(page.status, page.code) for page in answers} == {(403, "http")}
    assert office.digest("session") == before


@pytest.mark.parametrize(
    "headers",
    [
        OWN_FORM,
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": PUBLIC},
        {},
    ],
    ids=["modern browser", "as no-referrer makes it", "older browser", "neither header"],
)
def test_our_own_forms_are_taken(office: Office, headers: Mapping[str, str]) -> None:
    adam = office.sign_in(ADAM)

    answer = adam.open("POST", f"/users/{NED}/role", {CSRF_FIELD: adam.csrf, "role": "Viewer"}, headers)

    assert answer.status == 303
    with office.read() as work:
        assert work.staff.find(NED).role == "Viewer"


def test_a_script_of_ours_may_send_the_token_in_a_header(office: Office) -> None:
    adam = office.sign_in(ADAM)

    answer = adam.open("POST", f"/users/{NED}/role", {"role": "Viewer"}, {**OWN_FORM, "X-CSRF-Token": adam.csrf})

    assert answer.status == 303


def test_a_page_carries_the_token_of_its_own_session_only(office: Office) -> None:
    first, second = office.sign_in(ADAM), office.sign_in(ADAM)

    forms = [form.fields() for form in first.get("/users").root.all("form")]

    assert {form[CSRF_FIELD] for form in forms} == {first.csrf}
    assert first.csrf != second.csrf
