"""One transaction on one store."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from domain.events import Act, Event
from domain.ledger import Movement
from domain.ports.accounts import Accounts
from domain.ports.boxes import Box
from domain.ports.documents import Attempts, CreditMemos, Invoices, Numbers, Payments
from domain.ports.exports import Exports
from domain.ports.files import Files
from domain.ports.mails import Mails
from domain.ports.notes import Notes, Once, Reviews
from domain.ports.orders import Orders
from domain.ports.parties import Companies, Staff
from domain.ports.queries import Queries
from domain.roles import Actor
from domain.store import Store


class Work(Protocol):
    """One transaction on one store, rolled back unless committed. Locks: invoices by id, then payments and credit
    memos by id, last the ledger head inside `book` (ground rule 2)."""

    @property
    def store(self) -> Store: ...
    @property
    def invoices(self) -> Invoices: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def credit_memos(self) -> CreditMemos: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def companies(self) -> Companies: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def numbers(self) -> Numbers: ...
    @property
    def reviews(self) -> Reviews: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def notes(self) -> Notes: ...
    @property
    def once(self) -> Once: ...
    @property
    def inbox(self) -> Box: ...
    @property
    def outbox(self) -> Box: ...
    @property
    def files(self) -> Files: ...
    @property
    def mails(self) -> Mails: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def exports(self) -> Exports: ...
    @property
    def queries(self) -> Queries: ...

    def now(self) -> datetime:
        """UTC instant of the database clock (F-18)."""

    def today(self) -> date:
        """Today in the store's zone (F-19)."""

    def book(self, actor: Actor, act: Act, movements: Sequence[Movement] = (), events: Sequence[Event] = ()) -> None:
        """One audit row, its movements with sequence and hash chain, the cached accounts, and the events for the
        outbox, all in this transaction: a row of kind `event` each, its payload the event with `id`, `seq` and `at`.
        Raises InvariantBroken when an account would leave its bounds, NotFound
        for a movement of an unknown document, ChangedMeanwhile when a transaction id is already booked."""

    def commit(self) -> None: ...


class OpenWork(Protocol):
    def __call__(self, store_id: int) -> AbstractContextManager[Work]: ...
