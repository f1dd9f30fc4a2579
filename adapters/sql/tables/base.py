"""What all tables share: the metadata with its names, and columns that mean the same everywhere."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Date, DateTime, MetaData, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)
"""Unique rules, foreign keys and indexes are named by hand: their names become refusals in `constraints.py`."""


class Instant(TypeDecorator[datetime]):
    """A point in time, always handed out in UTC whatever the connection's time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None


def store_id() -> Column[int]:
    """Leads every primary and foreign key (ground rule 7)."""
    return Column("store_id", BigInteger, nullable=False)


def uuid(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Uuid(as_uuid=False), nullable=nullable)


def text(name: str, *, nullable: bool = False, sorts_bytewise: bool = False) -> Column[str]:
    """`sorts_bytewise`: compared by code point, as Python compares strings, whatever the database's locale."""
    return Column(name, Text(collation="C") if sorts_bytewise else Text, nullable=nullable)


def day(name: str) -> Column[Any]:
    return Column(name, Date, nullable=False)


def instant(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Instant, nullable=nullable)


def minor(name: str) -> Column[int]:
    """An amount in minor units: `bigint`, never numeric or float (ground rule 8)."""
    return Column(name, BigInteger, nullable=False)


def account(name: str) -> Column[int]:
    """A cached sum of movements, minor units: only booking writes it, so a new document has 0."""
    return Column(name, BigInteger, nullable=False, server_default=sql("0"))


def derived(name: str, expression: str) -> Column[int]:
    """Minor units the database computes from other columns of the row."""
    return Column(name, BigInteger, Computed(expression, persisted=True), nullable=False)


def currency() -> Column[str]:
    return Column("currency", Text, CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"), nullable=False)


def source_account() -> list[Column[Any] | CheckConstraint]:
    """The cached account of a payment or credit memo (`domain.ledger.SourceAccount`), and its bounds (I-2)."""
    return [
        account("inflow_minor"),
        account("allocated_minor"),
        account("refunded_minor"),
        account("reversed_minor"),
        account("charged_back_minor"),
        account("paid_out_minor"),
        derived("available_minor", f"{HELD} - allocated_minor"),
        CheckConstraint(f"{HELD} - allocated_minor >= 0", name="available"),
        CheckConstraint("least(allocated_minor, charged_back_minor) >= 0", name="account"),
    ]


HELD = "inflow_minor - refunded_minor - reversed_minor - charged_back_minor - paid_out_minor"
