"""Mails asked for and what became of them (`domain.ports.Mails`)."""

from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.sql.filters import within
from adapters.sql.scope import Scope, known_id
from adapters.sql.tables import mail
from domain.errors import NotFound
from domain.mail import Mail, MailKind, MailState


class SqlMails:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, one: Mail) -> bool:
        row = {
            "store_id": self._scope.store_id,
            "id": one.id,
            "kind": one.kind.value,
            "subject_kind": one.subject_kind,
            "subject_id": one.subject_id,
            "company_id": one.company_id,
            "address": one.to,
            "asked_at": one.asked_at,
            "asked_by": one.asked_by,
            "state": one.state.value,
            "why": one.why,
            "closed_at": one.closed_at,
        }
        statement = insert(mail).values(row).on_conflict_do_nothing().returning(mail.c.id)
        return self._scope.scalar(statement) is not None

    def get(self, mail_id: str) -> Mail:
        mine = self._scope.own(mail) & (mail.c.id == known_id(mail_id, "mail"))
        row = self._scope.first(select(mail).where(mine))
        if row is None:
            raise NotFound("mail")
        return _mail(row)

    def save(self, one: Mail) -> None:
        values = {"state": one.state.value, "why": one.why, "closed_at": one.closed_at}
        self._scope.run(update(mail).where(self._scope.own(mail), mail.c.id == one.id).values(values))

    def latest(
        self, limit: int, states: frozenset[MailState] | None = None, companies: frozenset[int] | None = None
    ) -> list[Mail]:
        chosen = select(mail).where(self._scope.own(mail), within(mail.c.company_id, companies))
        if states is not None:
            chosen = chosen.where(mail.c.state.in_(sorted(state.value for state in states)))
        rows = self._scope.all(chosen.order_by(mail.c.asked_at.desc(), mail.c.id.desc()).limit(limit))
        return [_mail(row) for row in rows]

    def of(self, subject_kind: str, subject_id: str) -> list[Mail]:
        about = (mail.c.subject_kind == subject_kind, mail.c.subject_id == subject_id)
        chosen = select(mail).where(self._scope.own(mail), *about)
        return [_mail(row) for row in self._scope.all(chosen.order_by(mail.c.asked_at.desc(), mail.c.id.desc()))]


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        id=row.id,
        kind=MailKind(row.kind),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        company_id=row.company_id,
        to=row.address,
        asked_at=row.asked_at,
        asked_by=row.asked_by,
        state=MailState(row.state),
        why=row.why,
        closed_at=row.closed_at,
    )
