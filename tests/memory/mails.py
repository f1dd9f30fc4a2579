"""Mails asked for and what became of them."""

from dataclasses import replace

from domain.errors import NotFound
from domain.mail import Mail, MailState
from tests.memory.data import StoreData, check_id


class MemoryMails:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def add(self, mail: Mail) -> bool:
        check_id(mail.id)
        if mail.id in self._data.mails:
            return False
        self._data.mails[mail.id] = mail
        return True

    def get(self, mail_id: str) -> Mail:
        if mail_id not in self._data.mails:
            raise NotFound("mail")
        return self._data.mails[mail_id]

    def save(self, mail: Mail) -> None:
        kept = self._data.mails[mail.id]
        self._data.mails[mail.id] = replace(kept, state=mail.state, why=mail.why, closed_at=mail.closed_at)

    def latest(
        self, limit: int, states: frozenset[MailState] | None = None, companies: frozenset[int] | None = None
    ) -> list[Mail]:
        found = [
            one
            for one in self._newest_first()
            if (states is None or one.state in states) and (companies is None or one.company_id in companies)
        ]
        return found[:limit]

    def of(self, subject_kind: str, subject_id: str) -> list[Mail]:
        return [one for one in self._newest_first() if (one.subject_kind, one.subject_id) == (subject_kind, subject_id)]

    def _newest_first(self) -> list[Mail]:
        return sorted(self._data.mails.values(), key=lambda one: (one.asked_at, one.id), reverse=True)
