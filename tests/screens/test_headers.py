"""What every answer carries: framing, sniffing, referrer, caches, scripts (T-12, T-33, T-38)."""

import re

import pytest

from tests.screens.kit import FRAMES, NED, OLIVIA, PUBLIC, Browser, Office, Page
from tests.screens.routes import documents_of, stops


def policy(page: Page) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in page.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, _, values in parts}


def check(page: Page, frames: str) -> None:
    """The headers of one screen."""
    assert policy(page) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'none'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": frames,
    }
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert re.fullmatch("[0-9a-f]{16}", page.headers["X-Request-Id"])
    assert "Access-Control-Allow-Origin" not in page.headers


def screens(office: Office, browser: Browser) -> list[Page]:
    """Each screen, by each of its methods, and a document that is not there."""
    pages = [
        browser.post(stop.path) if stop.is_unsafe and browser.token else browser.open(stop.method, stop.path)
        for stop in stops(office, documents_of(office, office.north))
    ]
    gone = "/invoices/00000000-0000-4000-8000-000000000000"
    return [*pages, browser.get(gone), browser.open("OPTIONS", "/users"), browser.open("HEAD", "/invoices")]


def test_a_signed_in_persons_pages_may_be_framed_by_the_own_store_and_bigcommerce_only(office: Office) -> None:
    pages = screens(office, office.sign_in(OLIVIA))

    assert {page.status for page in pages} >= {200, 303, 400, 404, 409}
    for page in pages:
        check(page, f"https://store-north1.mybigcommerce.com {FRAMES}")


def test_the_frame_of_one_store_is_not_the_frame_of_another(office: Office) -> None:
    page = office.sign_in(OLIVIA, office.south).get("/")

    assert "store-south1." in policy(page)["frame-ancestors"]
    assert "north1" not in policy(page)["frame-ancestors"]


def test_answers_to_nobody_in_particular_carry_the_same(office: Office) -> None:
    visitor = office.visitor()
    pages = [*screens(office, visitor), visitor.get("/nothing/here"), visitor.open("PUT", "/users")]

    assert {page.status for page in pages} == {401, 404, 405}
    for page in pages:
        check(page, FRAMES)


def test_failures_of_a_signed_in_person_carry_the_same(office: Office) -> None:
    browser = office.sign_in(OLIVIA)
    office.shop().orders.down = RuntimeError("planned")
    documents_of(office, office.north)

    pages = [
        browser.get("/nothing/here"),
        browser.get("/invoices/00000000-0000-4000-8000-000000000000"),
        browser.open("POST", "/settings/repair", {}),
        browser.get("/orders/1160/invoice"),
    ]

    assert [page.status for page in pages] == [404, 404, 403, 500]
    for page in pages[1:]:
        check(page, f"https://store-north1.mybigcommerce.com {FRAMES}")
    check(pages[0], FRAMES)


def test_a_person_without_access_gets_the_same_headers(office: Office) -> None:
    check(office.sign_in(NED).get("/"), f"https://store-north1.mybigcommerce.com {FRAMES}")


@pytest.mark.parametrize("path", ["/auth", "/load", "/uninstall", "/remove_user"])
def test_entries_carry_the_same_also_when_they_refuse(office: Office, path: str) -> None:
    check(office.visitor().get(path, signed_payload_jwt="forged"), FRAMES)


def test_static_files_may_be_cached_but_not_sniffed(office: Office) -> None:
    page = office.visitor().get("/static/portal.js")

    assert page.status == 200
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in page.headers["Cache-Control"]
    assert "Set-Cookie" not in page.headers


def test_a_request_id_is_taken_over_only_when_it_is_harmless(office: Office) -> None:
    """CRLF and the like never reach a header or a log (T-37)."""
    browser = office.visitor()

    kept = browser.get("/orders", headers={"X-Request-Id": "gateway-7f3a91"})
    dropped = browser.get("/orders", headers={"X-Request-Id": "a b; <script>"})

    assert kept.headers["X-Request-Id"] == "gateway-7f3a91"
    assert re.fullmatch("[0-9a-f]{16}", dropped.headers["X-Request-Id"])


@pytest.mark.parametrize(
    "host", ["evil.example", "portal.example.evil.example", "localhost", "portal.example@evil.example"]
)
@pytest.mark.parametrize("path", ["/", "/load", "/static/portal.css", "/nothing"])
def test_an_unknown_host_is_refused_and_not_repeated(office: Office, host: str, path: str) -> None:
    """T-38: neither a link nor a redirect of ours can be made to name another host."""
    answer = office.app.test_client().get(path, base_url=PUBLIC, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
