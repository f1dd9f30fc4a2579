"""API keys on screen: shown once, limited to scopes and days, revoked at once (T-28)."""

from datetime import UTC, datetime, timedelta

from tests.screens.kit import ADAM, FIONA, OLIVIA, SAM, Browser, Office, Page


def create(browser: Browser, **fields: object) -> Page:
    return browser.post("/settings/keys", {"name": "ERP", "scopes": ["invoices:read"], **fields})


def secret_of(page: Page) -> str:
    return page.root.one("input", id="secret")["value"]


def asked_with(office: Office, secret: str, path: str = "/api/v1/invoices") -> int:
    return office.visitor().get(path, headers={"Authorization": f"Bearer {secret}"}).status


def test_a_key_is_shown_once_and_works_for_its_scopes(office: Office) -> None:
    adam = office.sign_in(ADAM)
    assert "No API keys yet" in adam.get("/settings/keys").text

    made = create(adam)

    secret = secret_of(made)
    assert "You cannot see it again." in made.text
    assert secret not in adam.get("/settings/keys").source
    assert (asked_with(office, secret), asked_with(office, secret, "/api/v1/payments")) == (200, 403)
    assert made.headers["Cache-Control"] == "private, no-store"


def test_the_list_says_when_a_key_was_used_and_until_when_it_works(office: Office) -> None:
    adam = office.sign_in(ADAM)
    day = (datetime.now(UTC) + timedelta(days=40)).date()
    secret = secret_of(create(adam, expires_on=day.isoformat()))
    assert "never" in adam.get("/settings/keys").rows[0]

    asked_with(office, secret)

    row = adam.get("/settings/keys").rows[0]
    assert row.startswith(f"ERP {secret[:15]}… Read invoices just now")
    assert "00:00" in row
    assert "Working" in row


def test_a_revoked_key_opens_nothing_from_the_next_call_on(office: Office) -> None:
    adam = office.sign_in(ADAM)
    secret = secret_of(create(adam))
    (link,) = [one["href"] for one in adam.get("/settings/keys").root.all("a") if one["href"].endswith("/revoke")]
    assert "Revoke ERP?" in adam.get(link).text

    done = adam.follow(adam.post(link))

    assert "was revoked" in done.flash
    assert "Revoked" in done.rows[0]
    assert asked_with(office, secret) == 401
    assert office.sign_in(OLIVIA, office.south).get(link).status == 404


def test_a_key_without_name_scope_or_with_a_past_day_is_refused_beside_its_field(office: Office) -> None:
    adam = office.sign_in(ADAM)

    answers = [
        create(adam, name=" "),
        create(adam, scopes=[]),
        create(adam, scopes=["everything"]),
        create(adam, expires_on="2026-01-01"),
        create(adam, expires_on="soon"),
    ]

    assert [list(page.errors) for page in answers] == [["name"], ["scopes"], ["scopes"], ["expires_on"], ["expires_on"]]
    assert "No API keys yet" in adam.get("/settings/keys").text
    again = answers[3].form("/settings/keys").fields()
    assert (again["name"], again["scopes"], again["expires_on"]) == ("ERP", "invoices:read", "2026-01-01")


def test_keys_are_for_people_with_that_right_only(office: Office) -> None:
    for user_id in (SAM, FIONA):
        assert create(office.sign_in(user_id)).code == "not_allowed"
    with office.read() as work:
        assert work.queries.history("api_key", "") == []
    assert office.portal.list_keys(office.portal.recognise_staff(office.sign_in(ADAM).token).actor) == []
