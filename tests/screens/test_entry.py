"""How people come in and out: install, load, remove user, uninstall, and the pages that say no (T-1 to T-4, T-11)."""

import logging
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import psycopg
import pytest

from domain.ports import Grant
from domain.roles import Role
from domain.store import NEEDED_SCOPES, Connection
from domain.use_cases.open_shop import ACCESS_TOKEN
from tests.screens.kit import ADAM, FIONA, NED, OLIVIA, SAM, Browser, Office, Page

OPEN_AGAIN = "Open Invoice Portal again from the Apps menu on the left."


def load(office: Office, browser: Browser, token: str) -> Page:
    return browser.get("/load", signed_payload_jwt=token)


def session_cookie(page: Page) -> str:
    return next(cookie for cookie in page.headers.getlist("Set-Cookie") if cookie.startswith("__Host-portal="))


def pass_time(office: Office, by: timedelta, column: str) -> None:
    """The database's clock cannot be moved, so the sessions are moved into the past."""
    with psycopg.connect(office.superuser_url) as connection:
        connection.execute(f"UPDATE session SET {column} = {column} - %s", [by])


# --- the session --------------------------------------------------------------------------------------------
def test_opening_the_app_leads_to_an_address_without_the_token(office: Office) -> None:
    """T-3: a signed token lives for a day, so it must not stay in the address bar or a referrer."""
    token = office.world.login.let_in("north1", SAM)

    entered = load(office, office.visitor(), token)

    assert (entered.status, entered.location) == (303, "/?entered=1")
    assert entered.headers["Referrer-Policy"] == "no-referrer"
    assert token not in entered.source


def test_the_session_cookie_works_in_the_frame_and_nowhere_else(office: Office) -> None:
    """T-11: cross-site frame, HTTPS only, this host only, out of reach of scripts, apart per framing site."""
    entered = load(office, office.visitor(), office.world.login.let_in("north1", SAM))

    cookie = SimpleCookie(session_cookie(entered).replace("; Partitioned", ""))["__Host-portal"]

    assert len(cookie.value) >= 40
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "None")
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", "28800")
    assert "; Partitioned" in session_cookie(entered)


def test_the_cookie_of_short_messages_is_kept_alike(office: Office) -> None:
    adam = office.sign_in(ADAM)

    answer = adam.post(f"/users/{NED}/role", {"role": "Viewer"})

    flash = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-portal-flash="))
    assert all(part in flash for part in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=None", "; Partitioned"))
    assert "Domain" not in flash


def test_a_sign_in_never_takes_over_a_token_that_was_there_before(office: Office) -> None:
    """Session fixation: whatever the browser brought along, it leaves with a new secret."""
    browser = office.visitor()
    browser.client.set_cookie("__Host-portal", "planted-by-somebody", domain="portal.example", secure=True)

    load(office, browser, office.world.login.let_in("north1", SAM))

    assert browser.token != "planted-by-somebody"
    assert browser.get("/orders").status == 200


def test_a_load_token_opens_one_session_only(office: Office) -> None:
    """T-3: a replay is refused, also from another browser."""
    token = office.world.login.let_in("north1", SAM)
    first = load(office, office.visitor(), token)

    again, other = office.visitor(), load(office, office.visitor(), token)
    replayed = load(office, again, token)

    assert first.status == 303
    assert {(page.status, page.code) for page in (replayed, other)} == {(403, "token_refused")}
    assert "was used before" in replayed.text
    assert again.token == ""


@pytest.mark.parametrize("query", [{}, {"signed_payload_jwt": ""}, {"signed_payload_jwt": "e30.e30.e30"}])
@pytest.mark.parametrize("path", ["/load", "/uninstall", "/remove_user"])
def test_a_forged_or_missing_token_changes_nothing(office: Office, path: str, query: dict[str, str]) -> None:
    before = office.digest()

    page = office.visitor().get(path, **query)

    assert (page.status, page.code) == (403, "token_refused")
    assert "Set-Cookie" not in page.headers
    assert office.digest() == before


def test_a_token_of_a_store_that_never_installed_the_app_is_refused(office: Office) -> None:
    page = load(office, office.visitor(), office.world.login.let_in("unknown1", SAM))

    assert (page.status, page.code) == (403, "store_disconnected")


def test_no_token_of_any_kind_reaches_the_log(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """T-3, T-31: neither what BigCommerce signed nor what the session is known by, also where something fails."""
    caplog.set_level(logging.DEBUG)
    token = office.world.login.let_in("north1", SAM)
    browser = office.visitor()

    load(office, browser, token)
    load(office, office.visitor(), token)
    browser.get("/orders")
    office.shop().orders.down = RuntimeError("planned")
    browser.get("/orders/1160/invoice")

    assert "planned" in caplog.text
    assert not [secret for secret in (token, browser.token, browser.csrf, "token-of-north1") if secret in caplog.text]


# --- when it ends -------------------------------------------------------------------------------------------
def test_a_removed_user_is_out_at_the_next_request(office: Office) -> None:
    """T-4; other people of the store and the same user id of the other store stay."""
    sam, fiona, sam_of_south = office.sign_in(SAM), office.sign_in(FIONA), office.sign_in(SAM, office.south)
    assert sam.get("/orders").status == 200

    told = office.visitor().get("/remove_user", signed_payload_jwt=office.world.login.let_in("north1", SAM))

    out = sam.get("/orders")
    assert told.status == 204
    assert (out.status, out.code) == (401, "not_signed_in")
    assert OPEN_AGAIN in out.text
    assert (fiona.get("/orders").status, sam_of_south.get("/orders").status) == (200, 200)


def test_a_removed_user_who_comes_back_has_no_access_until_somebody_gives_it(office: Office) -> None:
    office.visitor().get("/remove_user", signed_payload_jwt=office.world.login.let_in("north1", ADAM))

    again = office.sign_in(ADAM).get("/orders")

    assert (again.status, again.code) == (403, "no_access")


def test_a_role_taken_away_counts_from_the_next_request(office: Office) -> None:
    sam = office.sign_in(SAM)

    office.sign_in(OLIVIA).post(f"/users/{SAM}/role", {"role": ""})

    assert sam.get("/orders").code == "no_access"


@pytest.mark.parametrize(
    ("column", "by", "lives"),
    [
        ("seen_at", timedelta(minutes=59), True),
        ("seen_at", timedelta(minutes=61), False),
        ("created_at", timedelta(hours=7, minutes=59), True),
        ("created_at", timedelta(hours=8, minutes=1), False),
    ],
)
def test_a_session_ends_after_an_idle_hour_or_a_days_work(
    office: Office, column: str, by: timedelta, lives: bool
) -> None:
    browser = office.sign_in(SAM)

    pass_time(office, by, column)

    page = browser.get("/orders")
    assert (page.status, page.code) == ((200, "") if lives else (401, "not_signed_in"))


def test_uninstalling_ends_all_sessions_and_wipes_the_token_but_keeps_the_books(office: Office) -> None:
    """F-16."""
    invoice = office.invoice()
    people = [office.sign_in(user_id) for user_id in (OLIVIA, SAM)]
    elsewhere = office.sign_in(OLIVIA, office.south)

    told = office.visitor().get("/uninstall", signed_payload_jwt=office.world.login.let_in("north1", OLIVIA))

    assert told.status == 204
    assert [browser.get("/").status for browser in people] == [401, 401]
    assert elsewhere.get("/").status == 200
    with office.read() as work:
        assert work.notes.secret(ACCESS_TOKEN) is None
        assert work.invoices.get(invoice.id).total == invoice.total


def test_a_session_made_while_the_store_leaves_opens_nothing(office: Office) -> None:
    """The connection is read at every request, not only when sessions are ended."""
    sam = office.sign_in(SAM)

    office.database.stores.put("north1", Connection.UNINSTALLED)

    assert sam.get("/orders").code == "not_signed_in"


# --- pages that say no ----------------------------------------------------------------------------------------
def test_a_browser_that_kept_no_cookie_is_told_how_to_allow_it(office: Office) -> None:
    """T-11: the page after sign-in was reached, but without the cookie it had just been given."""
    page = office.visitor().get("/?entered=1")

    assert (page.status, page.code) == (401, "cookie_not_kept")
    assert "Allow cookies for portal.example" in page.text
    assert all(browser in page.text for browser in ("Chrome, Edge", "Safari", "Firefox"))


def test_nobody_signed_in_is_sent_to_the_apps_menu_and_nowhere_else(office: Office) -> None:
    """Never a second login, never a redirect loop."""
    page = office.visitor().get("/orders")

    assert (page.status, page.code, page.location) == (401, "not_signed_in", "")
    assert OPEN_AGAIN in page.text
    assert "You were away" not in page.text
    assert page.root.all("form") == []


def test_a_person_without_a_role_hears_whom_to_ask_and_sees_no_tabs(office: Office) -> None:
    page = office.sign_in(NED).get("/")

    assert (page.status, page.code) == (403, "no_access")
    assert "user6@north1.example" in page.text
    assert "Supplies north1" in page.text
    assert page.root.all("nav", class_="sections") == []


def test_tabs_are_those_of_the_role(office: Office) -> None:
    def tabs(user_id: int) -> list[str]:
        nav = office.sign_in(user_id).get("/").root.one("nav", class_="sections")
        return [link.text for link in nav.all("a")]

    everyone = ["Overview", "Orders", "Invoices", "Payments", "Companies", "Reviews"]
    assert tabs(SAM) == everyone
    assert tabs(FIONA) == [*everyone, "Audit log", "Settings"]
    assert tabs(ADAM) == tabs(OLIVIA) == [*everyone, "Audit log", "Users", "Settings"]


# --- install ----------------------------------------------------------------------------------------------------
def grant(store_hash: str = "fresh1", user_id: int = 7, *, leave_out: str = "") -> Grant:
    scopes = tuple(scope for scope in NEEDED_SCOPES if scope != leave_out)
    return Grant(store_hash, "the-token", scopes, user_id, "owner@fresh.example", 7, "owner@fresh.example")


def test_installing_signs_the_owner_in_as_admin(office: Office) -> None:
    office.world.login.grants["code-1"] = grant()
    browser = office.visitor()

    entered = browser.get("/auth", code="code-1", scope="store_v2_orders", context="stores/fresh1")

    page = browser.follow(entered)
    assert (page.status, "IP-Admin" in page.text) == (200, True)
    assert "code-1" not in entered.location
    store = office.database.stores.find("fresh1")
    assert store is not None
    with office.read(store) as work:
        assert work.notes.secret(ACCESS_TOKEN) == "the-token"
    assert office.world.doorbell.rung == [(store.id, "outbox")]


def test_an_installing_user_who_is_not_the_owner_gets_no_role_by_it(office: Office) -> None:
    office.world.login.grants["code-1"] = grant(user_id=8)
    browser = office.visitor()

    entered = browser.get("/auth", code="code-1", scope="", context="stores/fresh1")

    assert browser.follow(entered).code == "no_access"


def test_a_refused_code_says_so_and_connects_nothing(office: Office) -> None:
    page = office.visitor().get("/auth", code="stolen", scope="", context="stores/fresh1")

    assert (page.status, page.code) == (403, "token_refused")
    assert "could not be installed" in page.text
    assert page.headers["X-Request-Id"] in page.text
    assert office.database.stores.find("fresh1") is None


def test_a_reinstall_keeps_roles_and_books(office: Office) -> None:
    """F-16: everything continues with a new token."""
    invoice = office.invoice()
    office.visitor().get("/uninstall", signed_payload_jwt=office.world.login.let_in("north1", OLIVIA))
    office.world.login.grants["again"] = Grant(
        "north1", "new-token", tuple(NEEDED_SCOPES), OLIVIA, "user1@north1.example", OLIVIA, "user1@north1.example"
    )
    owner = office.visitor()

    owner.get("/auth", code="again", scope="", context="stores/north1")

    assert invoice.number in owner.get(f"/invoices/{invoice.id}").text
    assert office.sign_in(FIONA).get("/payments/record").status == 200
    with office.read() as work:
        assert work.staff.find(FIONA).role is Role.FINANCE
        assert work.notes.secret(ACCESS_TOKEN) == "new-token"


def test_used_tokens_are_forgotten_only_when_they_could_not_be_used_any_more(office: Office) -> None:
    """The list of used tokens does not grow for ever, and no token leaves it while it is valid."""
    login = office.world.login
    token = login.let_in("north1", SAM)
    load(office, office.visitor(), token)
    with psycopg.connect(office.superuser_url) as connection:
        until = connection.execute("SELECT until FROM used_token").fetchone()[0]

    assert until == login.callers[token].expires_at
    assert until > datetime.now(UTC) + timedelta(hours=23)
