"""The Users page: who may do what, and what nobody can do to themselves."""

from domain.roles import Role
from tests.screens.kit import ADAM, FIONA, NED, OLIVIA, SAM, VERA, Browser, Office, Page


def give(browser: Browser, user_id: int, role: str) -> Page:
    return browser.post(f"/users/{user_id}/role", {"role": role})


def role_of(office: Office, user_id: int) -> Role | None:
    with office.read() as work:
        return work.staff.find(user_id).role


def row(page: Page, mail: str) -> str:
    return next(text for text in page.rows if mail in text)


def test_a_new_person_is_listed_until_somebody_gives_a_role(office: Office) -> None:
    office.sign_in(9)

    page = office.sign_in(OLIVIA).get("/users")

    assert "No access" in row(page, "user9@north1.example")
    assert page.form("/users/9/role").fields()["role"] == ""


def test_a_role_given_on_the_page_opens_the_app_at_the_next_request(office: Office) -> None:
    ned, adam = office.sign_in(NED), office.sign_in(ADAM)
    assert ned.get("/orders").code == "no_access"

    done = adam.follow(give(adam, NED, "IP-Sales"))

    assert done.flash == "user6@north1.example is now IP-Sales."
    assert "IP-Sales" in row(done, "user6@north1.example")
    assert ned.get("/orders").status == 200


def test_a_role_can_be_taken_away(office: Office) -> None:
    adam = office.sign_in(ADAM)

    done = adam.follow(give(adam, SAM, ""))

    assert done.flash == "user2@north1.example is now without access."
    assert role_of(office, SAM) is None


def test_every_role_of_the_design_can_be_chosen(office: Office) -> None:
    choice = office.sign_in(ADAM).get("/users").form(f"/users/{SAM}/role").one("select")

    assert [option["value"] for option in choice.all("option")] == ["IP-Sales", "IP-Finance", "IP-Admin", "Viewer", ""]
    assert choice.one("option", selected="").text == "IP-Sales"


def test_a_mistyped_role_takes_nobodys_access(office: Office) -> None:
    adam = office.sign_in(ADAM)

    answers = [give(adam, SAM, "IP-Boss"), adam.post(f"/users/{SAM}/role", {})]

    assert [page.errors for page in answers] == [{f"role-{SAM}": "input_invalid"}] * 2
    assert role_of(office, SAM) is Role.SALES


def test_nobody_changes_the_own_role(office: Office) -> None:
    """An admin cannot lock the store out by mistake, nor anybody promote themselves."""
    adam = office.sign_in(ADAM)
    page = adam.get("/users")
    assert "Ask another IP-Admin to change your role." in row(page, "user5@north1.example")
    assert page.root.all("form", action=f"/users/{ADAM}/role") == []

    refused = give(adam, ADAM, "Viewer")

    assert (refused.status, refused.errors) == (409, {f"role-{ADAM}": "own_role"})
    assert role_of(office, ADAM) is Role.ADMIN


def test_the_owner_stays_admin(office: Office) -> None:
    adam = office.sign_in(ADAM)
    assert "The store owner is always IP-Admin." in row(adam.get("/users"), "user1@north1.example")

    refused = give(adam, OLIVIA, "Viewer")

    assert (refused.status, refused.errors) == (409, {f"role-{OLIVIA}": "owner_stays"})
    assert role_of(office, OLIVIA) is Role.ADMIN


def test_the_last_admin_keeps_the_role(office: Office) -> None:
    """Where the owner never opened the app and another role manages users, somebody must stay IP-Admin."""
    with office.work() as work:
        work.staff.remove(OLIVIA)
    office.facts(role_rights={"IP-Finance": {"manage users": True}})
    fiona = office.sign_in(FIONA)

    refused = give(fiona, ADAM, "Viewer")

    assert (refused.status, refused.errors) == (409, {f"role-{ADAM}": "last_admin"})
    assert role_of(office, ADAM) is Role.ADMIN
    assert [give(fiona, user_id, role).status for user_id, role in ((SAM, "IP-Admin"), (ADAM, "Viewer"))] == [303, 303]


def test_a_changed_role_is_in_the_audit_trail_with_its_author(office: Office) -> None:
    """I-13."""
    adam = office.sign_in(ADAM)

    give(adam, VERA, "IP-Finance")

    with office.read() as work:
        entry = work.queries.history("staff", str(VERA))[0]
    assert (entry.who, entry.what) == ("user5@north1.example", "staff.role_changed")


def test_a_user_nobody_knows_is_not_found(office: Office) -> None:
    adam = office.sign_in(ADAM)

    assert [give(adam, user_id, "Viewer").status for user_id in (404404, 10**30)] == [404, 404]


def test_only_admins_see_the_page_and_change_roles(office: Office) -> None:
    for user_id in (SAM, FIONA, VERA):
        browser = office.sign_in(user_id)

        assert browser.get("/users").code == "not_allowed"
        assert give(browser, NED, "IP-Admin").code == "not_allowed"

    assert role_of(office, NED) is None
