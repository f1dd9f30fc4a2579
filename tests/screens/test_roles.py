"""Roles & permissions: a true table of checkboxes, each switch counting from the next request (ui.md 4.10)."""

from admin_app.views.roles import GROUPS
from domain.roles import DEFAULT_RIGHTS, Right, Role
from tests.screens.html import Element
from tests.screens.kit import ADAM, FIONA, OLIVIA, SAM, Browser, Office, Page


def table(page: Page) -> Element:
    return page.root.one("table", class_="matrix")


def boxes(page: Page, role: str) -> dict[str, Element]:
    """The checkboxes of a role's column, by their right."""
    return {box["value"]: box for box in table(page).all("input", name=role)}


def switch(browser: Browser, role: str, *, on: str = "", off: str = "") -> Page:
    """Ticks and unticks as on the page, and saves."""
    fields = browser.get("/roles").form("/roles").fields()
    ticked = set(fields.get(role, [])) | {on} - {""}
    return browser.post("/roles", {**fields, role: sorted(ticked - {off})})


def test_every_right_of_every_role_is_one_labelled_checkbox(office: Office) -> None:
    page = office.sign_in(ADAM).get("/roles")

    for role in Role:
        found = boxes(page, role.value)
        assert set(found) == set(Right)
        assert {right for right, box in found.items() if "checked" in box.attributes} == DEFAULT_RIGHTS[role]
        assert all(box["aria-label"].endswith(f", {role.value}") for box in found.values())
    labels = [box["aria-label"] for box in table(page).all("input") if box.get("name")]
    assert len(labels) == len(set(labels)) == len(Role) * len(Right)
    heads = [head["scope"] for head in table(page).all("th")]
    assert heads.count("col") == 1 + len(Role)
    assert heads.count("row") == len(Right) + len(GROUPS)
    assert len([one for one in table(page).all("input") if one.get("data-tick-head")]) == len(GROUPS) * len(Role)


def test_a_switched_right_opens_and_shuts_a_screen_at_the_next_request(office: Office) -> None:
    """T-5."""
    adam, sam = office.sign_in(ADAM), office.sign_in(SAM)
    assert sam.get("/payments/record").code == "not_allowed"

    saved = adam.follow(switch(adam, "IP-Sales", on="record payments"))

    assert saved.flash == "Permissions of IP-Sales saved."
    assert sam.get("/payments/record").status == 200
    adam.post("/roles/reset", {"role": "IP-Sales"})
    assert sam.get("/payments/record").code == "not_allowed"


def test_what_was_switched_stands_in_the_audit_log(office: Office) -> None:
    """I-13."""
    adam = office.sign_in(ADAM)

    switch(adam, "Viewer", off="export")

    newest = adam.get("/audit").rows[0]
    assert "user5@north1.example" in newest
    assert "Changed the permissions of Viewer" in newest
    assert "Export yes → became no" in newest


def test_nobody_can_lock_everybody_out(office: Office) -> None:
    """IP-Admin holds every right, on the page and whatever a form says."""
    adam, olivia = office.sign_in(ADAM), office.sign_in(OLIVIA)
    page = olivia.get("/roles")
    assert all("disabled" in box.attributes for box in boxes(page, "IP-Admin").values())

    adam.post("/roles", {**page.form("/roles").fields(), "IP-Admin": []})
    refused = adam.post("/roles/reset", {"role": "IP-Admin"})

    assert refused.errors == {"roles": "input_invalid"}
    assert [browser.get("/roles").status for browser in (adam, olivia)] == [200, 200]


def test_somebody_who_manages_users_cannot_widen_the_own_role(office: Office) -> None:
    office.facts(role_rights={"IP-Finance": {"manage users": True}})
    fiona = office.sign_in(FIONA)
    page = fiona.get("/roles")
    assert all("disabled" in box.attributes for box in boxes(page, "IP-Finance").values())

    seen = page.form("/roles").fields()["seen"]
    refused = fiona.post("/roles", {"seen": seen, "IP-Finance": [right.value for right in Right]})

    assert (refused.status, refused.errors) == (409, {"roles": "own_rights"})
    assert fiona.get("/settings/keys").code == "not_allowed"


def test_two_people_switching_at_once_do_not_undo_each_other(office: Office) -> None:
    adam, olivia = office.sign_in(ADAM), office.sign_in(OLIVIA)
    old = olivia.get("/roles").form("/roles").fields()
    switch(adam, "Viewer", off="export")

    refused = olivia.post("/roles", old)

    assert refused.errors == {"roles": "changed_meanwhile"}
    assert "checked" not in boxes(olivia.get("/roles"), "Viewer")["export"].attributes


def test_a_form_without_its_mark_changes_nothing(office: Office) -> None:
    """An empty POST would otherwise take every right away."""
    adam = office.sign_in(ADAM)

    assert adam.post("/roles").errors == {"roles": "input_invalid"}
    assert office.sign_in(SAM).get("/invoices").status == 200


def test_each_role_says_how_many_people_use_it(office: Office) -> None:
    text = office.sign_in(ADAM).get("/roles").text

    assert "IP-Sales is used by 1 person." in text
    assert "IP-Admin is used by 2 people. Its permissions are fixed." in text
