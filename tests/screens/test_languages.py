"""Screens in the reader's language: the store's setting, else the browser's wish, else English."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from admin_app import language, presentation
from admin_app.language import ENGLISH, choose, gettext, ngettext, speak, speaking
from admin_app.presentation import Display
from domain.errors import MoreThanOwed, NotAllowed, PeriodClosed
from domain.roles import Right
from tests.builders import an_invoice, usd
from tests.screens.kit import FIONA, SAM, Office

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
ASKED = Display(locale="de", language="de")


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    speak(ENGLISH)


@pytest.mark.parametrize(
    ("setting", "accepted", "chosen"),
    [
        ("", [], "en"),
        ("", ["fr-FR", "de-CH", "en"], "de"),
        ("", ["fr"], "en"),
        ("de", ["en-US"], "de"),
        ("en", ["de"], "en"),
        ("fr", ["de"], "de"),
    ],
)
def test_the_stores_setting_decides_then_the_browser_then_english(
    setting: str, accepted: list[str], chosen: str
) -> None:
    assert choose(setting, accepted) == chosen


def test_a_browser_that_asks_for_german_reads_german(office: Office) -> None:
    office.invoice(an_invoice(usd(1_234_50), "INV-1", due_on=date(2026, 9, 13)))
    fiona = office.sign_in(FIONA)

    page = fiona.get("/invoices", headers=GERMAN)

    assert page.root.one("html")["lang"] == "de"
    assert page.root.one("h1").text == "Rechnungen"
    assert "1.234,50 $" in page.text
    assert "13. Sept." in page.text
    assert fiona.get("/invoices").root.one("h1").text == "Invoices"


def test_the_setting_of_the_store_is_above_the_browsers_wish(office: Office) -> None:
    with office.work() as work:
        work.notes.put_settings(replace(work.notes.settings(), language="de", date_format="iso"))
    office.invoice(an_invoice(usd(100_00), "INV-1", due_on=date(2026, 9, 13)))

    page = office.sign_in(FIONA).get("/invoices", headers={"Accept-Language": "en-US"})

    assert page.root.one("h1").text == "Rechnungen"
    assert "2026-09-13" in page.text


def test_amounts_are_read_as_the_reader_writes_them(office: Office) -> None:
    """`1.234,50` is a typed amount where German is read, and books the same cents."""
    office.invoice(an_invoice(usd(1_234_50), "INV-1"))
    with office.work() as work:
        work.notes.put_settings(replace(work.notes.settings(), language="de"))
    fiona = office.sign_in(FIONA)
    page = fiona.get("/payments/record", company=11, currency="USD")

    fields = {**page.form("/payments/record").fields(), "amount": "1.234,50", "method": "cash", "action": "check"}
    shown = fiona.post("/payments/record", fields)

    assert "1.234,50 $" in shown.text


def test_a_refusal_says_its_facts_as_the_language_writes_them() -> None:
    with speaking("de"):
        owed = presentation.sentence(MoreThanOwed("INV-1", usd(2_600_00)), ASKED)
        closed = presentation.sentence(PeriodClosed(date(2026, 10, 31)), ASKED)
        right = presentation.sentence(NotAllowed("IP-Sales", Right.RECORD_PAYMENTS.value), ASKED)

    assert owed.startswith("Auf INV-1 sind nur 2.600,00")
    assert "31. Okt. 2026" in closed
    assert "Zahlungen erfassen" in right


def test_a_person_without_the_right_is_refused_in_their_language(office: Office) -> None:
    page = office.sign_in(SAM).open("GET", "/payments/record", headers=GERMAN)

    assert (page.status, page.code) == (403, "not_allowed")
    assert page.root.one("h1").text == "Ihre Rolle erlaubt das nicht"


def test_numbers_decide_between_one_and_many_and_are_grouped() -> None:
    with speaking("de"):
        told = [ngettext("%(num)s invoice", "%(num)s invoices", number) for number in (0, 1, 12_043)]
    assert told == ["0 Rechnungen", "1 Rechnung", "12.043 Rechnungen"]
    assert ngettext("%(num)s invoice", "%(num)s invoices", 12_043) == "12,043 invoices"


def test_a_text_without_translation_stays_english_and_nothing_stays_nothing() -> None:
    with speaking("de"):
        assert (
            gettext("Said nowhere, by nobody, to noone: %(what)s.", what=1) == "Said nowhere, by nobody, to noone: 1."
        )
        assert gettext("") == ""
    assert language.current() == ENGLISH


@pytest.mark.parametrize(
    ("date_format", "read"),
    [("", "13 Sep 2026"), ("iso", "2026-09-13"), ("dmy", "13/09/2026"), ("mdy", "09/13/2026"), ("dots", "13.09.2026")],
)
def test_dates_follow_the_format_of_the_store(date_format: str, read: str) -> None:
    assert presentation.day(date(2026, 9, 13), Display(date_format=date_format)) == read
