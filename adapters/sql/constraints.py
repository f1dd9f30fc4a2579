"""What the database refuses, in words of the business: by the NAME of the violated constraint; and its absence."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.exc import DBAPIError

from domain.errors import (
    ChangedMeanwhile,
    CompanyUnknown,
    ExternalIdTaken,
    InputInvalid,
    InvariantBroken,
    NotFound,
    NumberTaken,
    OutOfService,
)

Facts = Mapping[str, object]

_UNIQUE: Final[dict[str, Callable[[Facts], Exception]]] = {
    "uq_invoice_number": lambda facts: NumberTaken(str(facts.get("number", ""))),
    "uq_invoice_external_id": lambda facts: ExternalIdTaken(str(facts.get("external_id", ""))),
    "uq_payment_number": lambda facts: NumberTaken(str(facts.get("number", ""))),
    "uq_payment_order": lambda facts: ChangedMeanwhile("the payment of this order"),
    "uq_credit_memo_number": lambda facts: NumberTaken(str(facts.get("number", ""))),
    "uq_credit_memo_external_id": lambda facts: ExternalIdTaken(str(facts.get("external_id", ""))),
    "uq_attempt_cart": lambda facts: ChangedMeanwhile("the cart of this payment"),
    "uq_movement_transaction": lambda facts: ChangedMeanwhile("this payment"),
    "uq_inbox_waiting": lambda facts: ChangedMeanwhile("this task"),
    "uq_outbox_waiting": lambda facts: ChangedMeanwhile("this task"),
    "uq_invitation_email": lambda facts: ChangedMeanwhile("the invited people"),
    "uq_api_key_prefix": lambda facts: ChangedMeanwhile("the API keys"),
}

_ACCOUNTS: Final = ("_adds_up", "_balance", "_available", "_account", "_amount", "append_only")

_BUSY: Final = {"40001", "40P01"}
"""Serialisation failure and deadlock: another transaction was faster; repeating helps."""


_AWAY: Final = ("08", "53", "57", "58", "25006")
"""Beginnings of states of a database that cannot serve us now: no connection, no room (disk, memory, connections),
shut down or cancelled, failing below, read-only (F-24)."""

_log: Final = logging.getLogger(__name__)


class LockedElsewhere(ChangedMeanwhile):
    """Another transaction held a lock longer than we wait."""


@contextmanager
def refusals(**facts: object) -> Iterator[None]:
    """Turns what the database refuses inside into a refusal of the domain; anything else passes as it is."""
    try:
        yield
    except DBAPIError as error:
        refusal = _refusal(error.orig, facts)
        if refusal is None:
            raise
        raise refusal from error


def watch(engine: Engine) -> None:
    """From now on OutOfService is raised where the database is away, whatever was asked of it (F-24)."""
    event.listen(engine, "handle_error", _look)


def _look(context: ExceptionContext) -> Exception | None:
    """What is raised in the place of the driver's error; None leaves it."""
    error = context.original_exception
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    is_gone = context.is_disconnect or (state is None and isinstance(error, psycopg.OperationalError))
    if context.is_pre_ping or not (is_gone or (state or "").startswith(_AWAY)):
        return None  # a pooled connection that died unused is replaced
    _log.error("the database is away: %s %s", state or "no connection", type(error).__name__)
    return OutOfService()


def _refusal(error: BaseException | None, facts: Facts) -> Exception | None:
    if not isinstance(error, psycopg.Error):
        return None
    if error.sqlstate == "55P03":
        return LockedElsewhere("this")
    if error.sqlstate in _BUSY:
        return ChangedMeanwhile("this")
    if "NUL (0x00)" in str(error):
        return InputInvalid("text", "A text contains a NUL character. Remove it.")
    name = error.diag.constraint_name or ""
    if name in _UNIQUE:
        return _UNIQUE[name](facts)
    if name.startswith("fk_"):
        return _missing(name, facts)
    if name.endswith(_ACCOUNTS):
        return InvariantBroken(error.diag.message_primary or name)
    return None


def _missing(name: str, facts: Facts) -> Exception | None:
    """A row that must exist in this store: rows of other stores do not count."""
    if name.endswith("_company"):
        return CompanyUnknown(str(facts.get("company_id", "")))
    for what in ("invoice", "payment", "credit_memo", "attempt"):
        if name.endswith(f"_{what}"):
            return NotFound(what.replace("_", " "))
    return None
