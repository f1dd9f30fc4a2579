"""What people see when something fails: a sentence that helps and a reference, never a trace (T-36, T-37)."""

import logging

import pytest

from domain.errors import ScopeMissing, StoreDisconnected, StoreUnreachable
from tests.builders import NORTHWIND, an_invoice, an_order, usd
from tests.screens.kit import ADAM, FIONA, NED, OLIVIA, SAM, Office

HOSTILE = [
    "\x00",
    "'; DROP TABLE invoice; --",
    "%_\\",
    "9" * 400,
    "9" * 18,
    "99999",
    "-1",
    "1e9",
    "１２",
    "\ud7ff\uffff\U0001f4a3",
    "\r\nSet-Cookie: a=b",
    "[]",
]
"""Values nobody means (T-36): NUL, quotes, patterns, numbers out of range, other digits, header splitting."""


def test_a_failure_shows_a_reference_and_logs_the_trace_under_it(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.order(an_order())
    office.shop().orders.down = RuntimeError("password=hunter2 in /srv/portal/secret.py")

    with caplog.at_level(logging.ERROR):
        page = office.sign_in(SAM).get("/orders/1160/invoice")

    reference = page.root.one("main").one("code").text
    assert (page.status, page.code) == (500, "internal")
    assert not any(word in page.source for word in ("hunter2", "Traceback", "RuntimeError", ".py"))
    assert "Nothing was changed." in page.text
    assert reference == page.headers["X-Request-Id"]
    logged = next(record for record in caplog.records if reference in record.getMessage())
    assert "hunter2" in str(logged.exc_info)


@pytest.mark.parametrize(
    ("trouble", "status", "code", "words"),
    [
        (StoreUnreachable(), 503, "store_unreachable", "try again in a minute"),
        (StoreDisconnected(), 409, "store_disconnected", "reconnect"),
        (ScopeMissing("read orders"), 409, "scope_missing", "Re-install it"),
    ],
)
def test_trouble_with_the_store_says_what_to_do(
    office: Office, trouble: Exception, status: int, code: str, words: str
) -> None:
    office.order(an_order())
    office.shop().orders.down = trouble
    sam = office.sign_in(SAM)

    looked, pressed = sam.get("/orders/1160/invoice"), sam.post("/orders/1160/invoice")

    for page in (looked, pressed):
        assert (page.status, page.code) == (status, code)
        assert words in page.text
        assert page.root.one("a", class_="main").text == "Go to invoices"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "POST"])
def test_a_method_no_screen_has_is_answered_as_a_page(office: Office, method: str) -> None:
    page = office.sign_in(OLIVIA).open(method, "/invoices")

    assert (page.status, page.root.one("h1").text) == (405, "Not found")


def test_a_form_that_is_too_large_is_refused(office: Office) -> None:
    adam = office.sign_in(ADAM)

    page = adam.post(f"/users/{NED}/role", {"role": "Viewer", "more": "x" * (1024 * 1024)})

    assert (page.status, page.root.one("h1").text) == (413, "This is too large")


def test_too_many_fields_are_refused(office: Office) -> None:
    fiona = office.sign_in(FIONA)

    page = fiona.open("POST", "/payments/record", {f"apply-{n}": "1" for n in range(20_000)})

    assert page.status in (403, 413)


CURSORS = ["\x00", "bm8", "１２", "9" * 400]

LISTS = {
    "/orders": ("q", "company", "status", "placed_from", "placed_to", "state", "sort", "limit", "cursor"),
    "/invoices": (
        *("q", "company", "source", "issued_from", "issued_to", "due_from", "due_to", "status", "sort", "limit"),
        *("cursor", "currency"),
    ),
    "/payments": (
        "q",
        "company",
        "status",
        "method",
        "received_from",
        "received_to",
        "view",
        "sort",
        "limit",
        "cursor",
    ),
    "/payments/record": ("company", "currency", "invoice", "amount", "received_on", "memo", "method", "key", "fill"),
}


@pytest.mark.parametrize("path", LISTS)
def test_no_value_in_an_address_makes_a_screen_fail(office: Office, path: str) -> None:
    office.payment(usd(50_00), [(office.invoice(an_invoice(usd(100_00))), usd(10_00))])
    office.order(an_order())
    olivia = office.sign_in(OLIVIA)
    others = [name for name in LISTS[path] if name != "cursor"]

    everywhere = {value: olivia.get(path, **dict.fromkeys(others, value)).status for value in HOSTILE}
    as_cursor = {value: olivia.get(path, cursor=value).status for value in CURSORS}

    refused = {200} if path != "/payments/record" else {200, 404, 409}
    assert {value: status for value, status in everywhere.items() if status not in refused} == {}
    assert set(as_cursor.values()) == {200}


def test_no_value_in_a_form_makes_a_screen_fail_or_book(office: Office) -> None:
    invoice = office.invoice(an_invoice(usd(100_00)))
    payment = office.payment(usd(50_00), [(invoice, usd(10_00))])
    office.order(an_order())
    olivia = office.sign_in(OLIVIA)
    record = {"company": NORTHWIND, "currency": "USD", "amount": "1.00", "method": "cash", "received_on": "2026-11-01"}
    forms: dict[str, dict[str, object]] = {
        "/payments/record": {**record, "memo": "", "key": "", "action": "check", f"apply-{invoice.id}": "", "fill": ""},
        "/orders/1160/invoice": {"line": "", "may_untick": "1", "issued_on": "", "due_on": "", "action": "check"},
        f"/payments/{payment.id}/reverse": {"key": ""},
        f"/users/{NED}/role": {"role": ""},
        "/opening/end": {"cut_over_on": "", "confirmed": ""},
        "/settings/repair": {"check": ""},
    }
    before = office.digest("session")

    met = {
        (path, name, value): olivia.post(path, {**form, name: value}).status
        for path, form in forms.items()
        for name in form
        for value in ("\x00", "9" * 18)
    }

    assert {place: status for place, status in met.items() if status not in (200, 400, 404, 409)} == {}
    assert office.digest("session") == before


@pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud7ff\uffff\U0001f4a3", "\r\nSet-Cookie: a=b"])
def test_any_text_a_person_types_is_booked_as_typed_or_refused(office: Office, value: str) -> None:
    """Memos, notes and reasons are free text; a NUL, which PostgreSQL cannot store, is no failure of ours."""
    invoice = office.invoice(an_invoice(usd(100_00)))
    payment = office.payment(usd(50_00), [(invoice, usd(10_00))])
    office.order(an_order())
    olivia = office.sign_in(OLIVIA)
    record = {"company": NORTHWIND, "currency": "USD", "amount": "1.00", "method": "cash", "received_on": "2026-11-01"}

    pages = [
        olivia.post("/payments/record", {**record, "memo": value, "key": value, "action": "record"}),
        olivia.post("/orders/1160/invoice", {"notes": value, "action": "create"}),
        olivia.post(f"/payments/{payment.id}/reverse", {"reason": value}),
    ]

    assert {page.status for page in pages} <= {303, 400, 409}
    if "\x00" not in value:
        assert [page.status for page in pages] == [303, 303, 303]
