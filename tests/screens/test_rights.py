"""Default deny (T-5): each screen declares what it needs, and every person meets exactly that on every screen."""

import pytest
from flask import Flask

from admin_app.guard import CSRF_FIELD, declared, guard
from tests.screens.kit import ADAM, FIONA, NED, OLIVIA, OWN_FORM, PUBLIC, SAM, VERA, Browser, Office, Page
from tests.screens.routes import PUBLIC_SCREENS, Stop, documents_of, rights, route_of, screen_rules, stops
from tests.screens.routes import ROLES as TABLE_ROLES

EDGES = {"erp_api", "ip_mapper", "storefront_api", "webhooks", "scripts", "health"}
"""Blueprints that authenticate by themselves, proved in tests/adapters/http."""


NEWCOMERS_SCREENS = {"users.ask"}
"""What a person without a role can do: ask for one."""

PEOPLE = (("none", NED), ("Viewer", VERA), ("IP-Sales", SAM), ("IP-Finance", FIONA), ("IP-Admin", ADAM))


def try_it(browser: Browser, stop: Stop) -> Page:
    return browser.post(stop.path) if stop.is_unsafe else browser.get(stop.path)


def test_every_address_is_a_declared_screen_or_an_edge_of_its_own(office: Office) -> None:
    screens = {rule.endpoint for rule in screen_rules(office.app)}
    others = {rule.endpoint.split(".")[0] for rule in office.app.url_map.iter_rules()} - {
        name.split(".")[0] for name in screens
    }

    assert {name for name in screens if not declared(office.app.view_functions[name])} == set()
    kinds = {name: declared(office.app.view_functions[name]) for name in screens}
    assert {name for name, kind in kinds.items() if kind == "public"} == PUBLIC_SCREENS
    assert {name for name, kind in kinds.items() if kind == "newcomers"} == NEWCOMERS_SCREENS
    assert others == EDGES | {"static"}


def test_the_table_of_rights_and_the_url_map_name_the_same_screens(office: Office) -> None:
    """Both ways: a route without its lines fails, and a line without its route."""
    decided = [cell for cell, _ in rights()]

    served = {
        (role, route_of(rule), method)
        for rule in screen_rules(office.app)
        if rule.endpoint not in PUBLIC_SCREENS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        for role in TABLE_ROLES
    }

    assert {"missing": served - set(decided), "unknown": set(decided) - served} == {"missing": set(), "unknown": set()}
    assert len(decided) == len(set(decided))


def test_a_screen_that_declares_nothing_cannot_be_reached(office: Office) -> None:
    app = Flask("bare")
    app.extensions["portal"] = office.portal
    app.add_url_rule("/forgotten", "forgotten", lambda: "never seen", methods=["GET", "POST"])
    guard(app, "", PUBLIC, frozenset())

    answers = [app.test_client().open("/forgotten", method=method) for method in ("GET", "HEAD", "POST")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not any(b"never seen" in answer.data for answer in answers)


@pytest.mark.parametrize(("role", "user_id"), PEOPLE)
def test_every_cell_of_the_table_of_rights_is_what_the_person_meets(office: Office, role: str, user_id: int) -> None:
    """T-5: each role, and nobody's role, calls each route by each method."""
    decided, wrong = dict(rights()), []
    browser = office.sign_in(user_id)
    token = browser.csrf
    for stop in stops(office, documents_of(office, office.north)):
        if stop.is_unsafe:
            page = browser.open(stop.method, stop.path, {CSRF_FIELD: token}, OWN_FORM)
        else:
            page = browser.get(stop.path)
        cell = (role, stop.route, stop.method)
        if outcome(page) != ("opened" if decided.get(cell) else "refused"):
            wrong.append((*cell, page.status, page.code))

    assert wrong == []


def outcome(page: Page) -> str:
    """A right that is missing is said as such; whoever holds it meets neither an empty address nor a failure."""
    if page.status == 403 and page.code in ("not_allowed", "no_access"):
        return "refused"
    return "opened" if page.status not in (401, 403, 404, 405) and page.status < 500 else "failed"


def test_without_a_role_nothing_opens_and_nothing_changes(office: Office) -> None:
    places = [one for one in stops(office, documents_of(office, office.north)) if one.endpoint not in NEWCOMERS_SCREENS]
    browser = office.sign_in(NED)
    before = office.digest("session")

    met = [try_it(browser, stop) for stop in places]

    assert {(page.status, page.code) for page in met} == {(403, "no_access")}
    assert office.digest("session") == before


def test_without_a_session_nothing_opens_and_nothing_changes(office: Office) -> None:
    places = stops(office, documents_of(office, office.north))
    before = office.digest()

    met = [office.visitor().open(stop.method, stop.path) for stop in places]

    assert {(page.status, page.code) for page in met} == {(401, "not_signed_in")}
    assert office.digest() == before


def test_a_session_of_a_buyer_opens_no_screen(office: Office) -> None:
    """The token of the storefront is another kind of session (T-1)."""
    from tests.builders import a_buyer

    with office.work() as work:
        work.companies.put_buyers([a_buyer(read_at=work.now())])
    buyer = office.portal.sign_in_buyer(office.world.login.vouch_for("north1", 101), 1)
    browser = office.visitor()
    browser.client.set_cookie("__Host-portal", buyer.token, domain="portal.example", secure=True)

    met = [browser.open(stop.method, stop.path) for stop in stops(office, documents_of(office, office.north))]

    assert {page.status for page in met} == {401}


def test_looking_changes_nothing(office: Office) -> None:
    """No GET writes anything but when the session was last seen."""
    documents = documents_of(office, office.north)
    browser = office.sign_in(OLIVIA)
    before = office.digest("session")

    looks = [browser.get(stop.path) for stop in stops(office, documents) if not stop.is_unsafe]
    looks.append(browser.get("/payments/record", company=11, invoice=documents["invoice_id"], action="record"))

    assert {page.status for page in looks} == {200}
    assert office.digest("session") == before


def test_a_right_switched_off_counts_from_the_next_request(office: Office) -> None:
    """Roles & Permissions: rights are read anew at every request (T-4, T-5)."""
    fiona = office.sign_in(FIONA)
    assert fiona.get("/payments/record").status == 200

    office.facts(role_rights={"IP-Finance": {"record payments": False}})

    assert fiona.get("/payments/record").code == "not_allowed"


def test_a_role_in_the_form_or_address_is_not_believed(office: Office) -> None:
    sam = office.sign_in(SAM)

    claimed = sam.post(f"/users/{NED}/role?role=IP-Admin", {"role": "IP-Admin", "user_id": SAM, "is_owner": "1"})

    assert claimed.code == "not_allowed"
    with office.read() as work:
        assert work.staff.find(NED).role is None
