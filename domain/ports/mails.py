"""Mails to companies inside one unit of work: what was asked for, and what became of it."""

from typing import Protocol

from domain.mail import Mail, MailState


class Mails(Protocol):
    def add(self, mail: Mail) -> bool:
        """False when one of that id is there: an event that is worked through twice asks once (I-16)."""

    def get(self, mail_id: str) -> Mail:
        """Raises NotFound."""

    def save(self, mail: Mail) -> None:
        """State, why and when it was closed."""

    def latest(
        self, limit: int, states: frozenset[MailState] | None = None, companies: frozenset[int] | None = None
    ) -> list[Mail]:
        """Newest first; with `companies` only theirs."""

    def of(self, subject_kind: str, subject_id: str) -> list[Mail]:
        """Those about one document, newest first."""
