"""Mails asked for, and what became of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import NotFound
from domain.ids import new_id
from domain.mail import Mail, MailKind, MailState
from tests.builders import NORTHWIND, SOUTHSIDE, an_instant
from tests.contracts.conftest import Storage


def a_mail(**changes: object) -> Mail:
    usual = Mail(new_id(), MailKind.NEW_INVOICE, "invoice", "i-1", NORTHWIND, "ap@northwind.example", an_instant())
    return replace(usual, **changes)  # type: ignore[arg-type]


def test_a_mail_is_kept_once_and_closed_with_what_was_said(storage: Storage) -> None:
    mail = a_mail(asked_by="2")
    closed = replace(mail, state=MailState.REFUSED, why="550 no such user", closed_at=an_instant(hour=13))
    with storage.work() as work:
        assert work.mails.add(mail)
        assert not work.mails.add(mail)
        work.mails.save(closed)
        work.commit()

    with storage.work() as work:
        assert work.mails.get(mail.id) == closed
    with storage.work(storage.other) as work:
        assert work.mails.latest(10) == []
        with pytest.raises(NotFound):
            work.mails.get(mail.id)


def test_mails_are_listed_newest_first_by_state_company_and_document(storage: Storage) -> None:
    first, second = a_mail(), a_mail(asked_at=an_instant() + timedelta(hours=1), state=MailState.SENT)
    third = a_mail(asked_at=an_instant() + timedelta(hours=2), company_id=SOUTHSIDE, subject_id="i-2")
    with storage.work() as work:
        for one in (first, second, third):
            work.mails.add(one)

        assert work.mails.latest(10) == [third, second, first]
        assert work.mails.latest(1) == [third]
        assert work.mails.latest(10, frozenset({MailState.WAITING})) == [third, first]
        assert work.mails.latest(10, None, frozenset({NORTHWIND})) == [second, first]
        assert work.mails.of("invoice", "i-1") == [second, first]
