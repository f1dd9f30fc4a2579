"""The auditor: recomputes from the rows what must hold, changes nothing, says what does not (reliability 1).

Set-based: each check is one statement per store, whatever the number of rows. It runs as the application's role,
so it sees one store at a time like everybody else, in one snapshot per store.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, Text, cast, func, literal, or_, select, text
from sqlalchemy.sql.functions import coalesce

from adapters.sql.audit_checks import CATALOG_CHECKS, STORE_CHECKS, Check
from adapters.sql.chain import AUDIT_FIELDS, GENESIS, MOVEMENT_FIELDS, digest_in_sql, link_in_sql
from adapters.sql.stores import ON_STORE
from adapters.sql.tables import audit, audit_text, event, ledger_head, movement, store

MOST_PER_CHECK = 100
"""Sentences per check and store: more of the same would hide the rest."""


@dataclass(frozen=True, slots=True)
class Violation:
    """`store` is the store's hash, `*` for what concerns all; `id` names the invariant."""

    store: str
    id: str
    sentence: str


class SqlAuditor:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def violations(self) -> Iterator[Violation]:
        """Everything that is wrong in any store; nothing at all when the books are in order."""
        with self._engine.begin() as transaction:
            stores = transaction.execute(select(store.c.id, store.c.hash).order_by(store.c.id)).all()
            for check in CATALOG_CHECKS:
                yield from _asked(transaction, "*", check, {})
        for store_id, store_hash in stores:
            yield from self.violations_of(store_id, store_hash)

    def violations_of(self, store_id: int, store_hash: str) -> Iterator[Violation]:
        """What is wrong in one store."""
        with self._engine.begin() as transaction:
            transaction.execute(ON_STORE, {"store_id": store_id})
            for check in STORE_CHECKS:
                yield from _asked(transaction, store_hash, check, {"store_id": store_id})
            for id_, statement in _chains(store_id):
                for sentence in transaction.execute(statement.limit(MOST_PER_CHECK)).scalars():
                    yield Violation(store_hash, id_, sentence)


def _asked(transaction: Connection, where: str, check: Check, values: dict[str, Any]) -> Iterator[Violation]:
    for sentence in transaction.execute(text(check.statement), values).scalars().fetchmany(MOST_PER_CHECK):
        yield Violation(where, check.id, sentence)


def _chains(store_id: int) -> Iterator[tuple[str, Select[Any]]]:
    """Sequences without gaps, each row linked to the one before, the head where the last row is (I-12, M-3)."""
    head = ledger_head.c
    for table, fields, seq, link in (
        (movement, MOVEMENT_FIELDS, head.seq, head.hash),
        (audit, AUDIT_FIELDS, head.audit_seq, head.audit_hash),
    ):
        yield "I-12", _broken_links(table, fields, store_id)
        yield "I-12", _wrong_head(table, seq, store_id, link)
    yield "I-16", _gaps(event, store_id)
    yield "I-16", _wrong_head(event, head.event_seq, store_id)
    yield "I-12", _changed_texts(store_id)


def _broken_links(table: Table, fields: tuple[str, ...], store_id: int) -> Select[Any]:
    in_order = func.row_number().over(order_by=table.c.seq)
    before = coalesce(func.lag(table.c.hash).over(order_by=table.c.seq), literal(GENESIS))
    rows = (
        select(
            table.c.seq,
            in_order.label("place"),
            table.c.hash,
            link_in_sql(before, table, fields).label("expected"),
        )
        .where(table.c.store_id == store_id)
        .subquery()
    )
    wrong = or_(rows.c.seq != rows.c.place, rows.c.hash != rows.c.expected)
    return select(_say(f"{table.name} %s does not follow the one before it", rows.c.seq)).where(wrong)


def _gaps(table: Table, store_id: int) -> Select[Any]:
    in_order = func.row_number().over(order_by=table.c.seq).label("place")
    rows = select(table.c.seq, in_order).where(table.c.store_id == store_id).subquery()
    return select(_say(f"{table.name} %s follows a gap", rows.c.seq)).where(rows.c.seq != rows.c.place)


def _wrong_head(
    table: Table, seq: ColumnElement[int], store_id: int, link: ColumnElement[bytes] | None = None
) -> Select[Any]:
    """The head must name the last row: rows cut off at the end break no link."""
    last = select(func.max(table.c.seq)).where(table.c.store_id == store_id).scalar_subquery()
    wrong = seq != coalesce(last, 0)
    if link is not None:
        mine = (table.c.store_id == store_id) & (table.c.seq == seq)
        wrong = wrong | (link != coalesce(select(table.c.hash).where(mine).scalar_subquery(), literal(GENESIS)))
    return select(_say(f"the ledger head is not at the last {table.name}: it says %s", seq)).where(
        ledger_head.c.store_id == store_id, wrong
    )


def _changed_texts(store_id: int) -> Select[Any]:
    """Texts that were not blanked are the ones that were written."""
    whose = (audit_text.c.store_id == audit.c.store_id) & (audit_text.c.audit_seq == audit.c.seq)
    found = digest_in_sql(audit_text.c.salt, audit_text.c.who, audit_text.c.texts)
    return (
        select(_say("the texts of audit %s were changed", audit.c.seq))
        .join(audit_text, whose)
        .where(audit.c.store_id == store_id, func.octet_length(audit_text.c.salt) > 0, found != audit.c.text_digest)
    )


def _say(sentence: str, value: ColumnElement[Any]) -> ColumnElement[str]:
    return func.format(sentence, cast(value, Text))
