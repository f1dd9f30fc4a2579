"""What stores send until they write their own words."""

import re

import pytest

from domain.mail import MailKind, usual_mail
from domain.store import Settings


@pytest.mark.parametrize("kind", list(MailKind))
def test_the_usual_mail_says_the_same_in_german(kind: MailKind) -> None:
    english, german = usual_mail(kind, "en"), usual_mail(kind, "de")

    assert german.checked(kind) == german
    assert german.subject != english.subject
    places = [sorted(re.findall(r"{{ \w+ }}", one.subject + one.body)) for one in (english, german)]
    assert places[0] == places[1]


def test_a_store_sends_in_its_language_until_it_writes_its_own_words() -> None:
    assert Settings(language="de").mail(MailKind.NEW_INVOICE).subject.startswith("Rechnung")
    assert Settings().mail(MailKind.NEW_INVOICE).subject.startswith("Invoice")
