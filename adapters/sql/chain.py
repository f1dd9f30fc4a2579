"""The hash chains of ledger and audit (M-3): each row's hash covers the row and the hash of the row before it.

A row is written as its fields in a fixed order, each as `bytes:text` and null as `-`, so that no two rows read the
same. The same text is built here for appending and, in SQL, for the auditor.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Date, LargeBinary, Table, Text, cast, func, literal
from sqlalchemy.sql.functions import coalesce

from adapters.sql.json_text import to_json
from adapters.sql.tables.base import Instant

GENESIS: Final = bytes(32)
"""What the first row of a store follows on."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

MOVEMENT_FIELDS: Final = (
    "store_id",
    "seq",
    "audit_seq",
    "recorded_at",
    "effective_on",
    "kind",
    "amount_minor",
    "currency",
    "company_id",
    "payer_company_id",
    "invoice_id",
    "source_id",
    "source_kind",
    "transaction_id",
    "origin",
)
AUDIT_FIELDS: Final = (
    "store_id",
    "seq",
    "at",
    "actor_kind",
    "actor_id",
    "actor_role",
    "request_id",
    "what",
    "subject_kind",
    "subject_id",
    "changes",
    "text_digest",
)


def link(previous: bytes, row: Mapping[str, Any], fields: tuple[str, ...]) -> bytes:
    """The hash of a row that follows `previous`."""
    return hashlib.sha256(previous + "".join(_part(row[name]) for name in fields).encode()).digest()


def _part(value: Any) -> str:
    if value is None:
        return "-"
    text = _text(value)
    return f"{len(text.encode())}:{text}"


def _text(value: Any) -> str:
    match value:
        case str():
            return value
        case int():
            return str(value)
        case datetime():
            since = value - _EPOCH
            return str((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return to_json(value)


def link_in_sql(previous: ColumnElement[bytes], table: Table, fields: tuple[str, ...]) -> ColumnElement[bytes]:
    """`link` as an expression over a table's rows."""
    text: ColumnElement[str] = literal("", Text)
    for name in fields:
        text = text + _part_in_sql(table.c[name])
    return func.sha256(previous.op("||")(func.convert_to(text, "UTF8")))


def _part_in_sql(column: ColumnElement[Any]) -> ColumnElement[str]:
    text = _text_in_sql(column)
    return coalesce(cast(func.octet_length(text), Text) + ":" + text, "-")


def _text_in_sql(column: ColumnElement[Any]) -> ColumnElement[str]:
    if isinstance(column.type, Instant):
        micros = func.extract("epoch", column).op("*")(1_000_000)
        return cast(cast(micros, BigInteger), Text)
    if isinstance(column.type, Date):
        return func.to_char(column, "YYYY-MM-DD")
    if isinstance(column.type, LargeBinary):
        return func.encode(column, "hex")
    return cast(column, Text)


def digest_of_texts(salt: bytes, who: str, texts: Mapping[str, str]) -> bytes:
    """Stands for what people wrote: without the salt, which is erased with the texts, it tells nothing."""
    return hashlib.sha256(salt + (_part(who) + _part(dict(texts))).encode()).digest()


def digest_in_sql(
    salt: ColumnElement[bytes], who: ColumnElement[str], texts: ColumnElement[Any]
) -> ColumnElement[bytes]:
    """`digest_of_texts` as an expression; rows whose salt was blanked with the texts cannot be compared."""
    return func.sha256(salt.op("||")(func.convert_to(_part_in_sql(who) + _part_in_sql(texts), "UTF8")))
