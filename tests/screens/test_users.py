"""The Users page: who may do what, and what nobody can do to themselves."""

from domain.roles import Role
from domain.staff import SalesPerson
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


# --- added, removed, asked for ------------------------------------------------------------------------------
def test_one_click_asks_for_access_and_one_grants_it(office: Office) -> None:
    ned, adam = office.sign_in(NED), office.sign_in(ADAM)
    asking = ned.get("/").form("/users/ask")

    asked = ned.post(asking["action"])

    again = ned.get(asked.location)
    assert (again.status, again.code, again.root.all("form")) == (403, "no_access", [])
    assert "You asked for access just now" in again.text
    page = adam.get("/users")
    assert "1 person asks for access" in page.text
    assert page.rows[0].startswith("User6 user6@north1.example No access Asked for access just now")
    assert "Asked for access" not in adam.follow(give(adam, NED, "Viewer")).text
    assert ned.get("/orders").status == 200


def test_a_person_is_added_changed_and_removed(office: Office) -> None:
    """By e-mail before the first opening, from which on the role works."""
    adam = office.sign_in(ADAM)

    added = adam.follow(adam.post("/users", {"email": "User9@north1.example", "role": "IP-Finance"}))

    assert "has not opened the app yet" in row(added, "User9@north1.example")
    newcomer = office.sign_in(9)
    assert newcomer.get("/payments/record").status == 200
    assert "Given here" in row(adam.get("/users"), "user9@north1.example")
    give(adam, 9, "Viewer")
    assert newcomer.get("/payments/record").code == "not_allowed"
    adam.post("/users/9/remove")
    assert newcomer.get("/payments").code == "not_signed_in"
    assert not any("user9@" in text for text in adam.get("/users").rows)


def test_an_e_mail_that_is_none_or_known_is_refused_beside_its_field(office: Office) -> None:
    adam = office.sign_in(ADAM)

    pages = [adam.post("/users", {"email": email, "role": "Viewer"}) for email in ("sam", "USER2@north1.example", "")]
    roleless = adam.post("/users", {"email": "new@example.com", "role": "IP-Boss"})

    assert [page.errors for page in pages] == [
        {"email": "input_invalid"},
        {"email": "already_here"},
        {"email": "input_invalid"},
    ]
    assert pages[0].form("/users").fields()["email"] == "sam"
    assert roleless.errors == {"role": "input_invalid"}


def test_an_added_person_can_be_taken_off_the_list(office: Office) -> None:
    adam = office.sign_in(ADAM)
    listed = adam.follow(adam.post("/users", {"email": "user9@north1.example", "role": "IP-Admin"}))
    withdraw = next(form for form in listed.root.all("form") if "/withdraw" in form["action"])

    gone = adam.follow(adam.post(withdraw["action"]))

    assert not any("user9" in text for text in gone.rows)
    assert office.sign_in(9).get("/orders").code == "no_access"


def test_a_removed_user_is_out_at_once(office: Office) -> None:
    """T-4; asked once, on a page that names the person."""
    sam, adam = office.sign_in(SAM), office.sign_in(ADAM)
    asked = adam.get(f"/users/{SAM}/remove")
    assert "Remove user2@north1.example?" in asked.text

    done = adam.follow(adam.post(asked.form(f"/users/{SAM}/remove")["action"]))

    assert done.flash == "user2@north1.example was removed."
    assert not any("user2@" in text for text in done.rows)
    assert sam.get("/orders").code == "not_signed_in"
    assert [adam.post(f"/users/{who}/remove").errors for who in (OLIVIA, ADAM)] == [
        {f"role-{OLIVIA}": "owner_stays"},
        {f"role-{ADAM}": "own_role"},
    ]


def test_where_each_role_comes_from_is_said(office: Office) -> None:
    """Owner, given here, BundleB2B, default (bundleb2b.md section 4)."""
    with office.work() as work:
        work.staff.put_sales([SalesPerson(301, "user9@north1.example", "Rita", "Sales Rep", frozenset({11, 12, 13}))])
    office.sign_in(9)
    office.sign_in(10)
    adam = office.sign_in(ADAM)

    def said(user_id: int) -> str:
        return row(adam.get("/users"), f"user{user_id}@north1.example")

    assert "IP-Admin Store owner all" in said(OLIVIA)
    assert "IP-Sales Given here all" in said(SAM)
    assert "IP-Sales BundleB2B role Sales Rep 3" in said(9)
    assert "No access Not decided yet none" in said(10)
    form = adam.get("/users").form("/users/rules").fields()
    saved = adam.post("/users/rules", {**form, "default_role": "Viewer"})
    assert adam.follow(saved).flash == "Rules saved."
    assert "Viewer Default role all" in said(10)
    fewer = {name: value for name, value in form.items() if name != "assigned_only"}
    adam.post("/users/rules", fewer)
    assert "IP-Sales BundleB2B role Sales Rep all" in said(9)


def test_bundleb2b_is_asked_again_by_the_worker_not_by_the_page(office: Office) -> None:
    """Nothing remote while a person waits."""
    office.shop().directory.sales = [SalesPerson(301, "user9@north1.example", "Rita", "Accountant")]
    adam = office.sign_in(ADAM)

    adam.post("/users/refresh")
    office.portal.work_through(office.north.id, "outbox")

    assert "BundleB2B was asked just now." in adam.get("/users").text
    assert "Viewer" in office.sign_in(9).get("/orders").root.one("p", class_="whoami").text
