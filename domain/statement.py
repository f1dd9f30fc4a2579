"""The statement of account of a company: opening + groups = closing, to the cent (R-2).

A line is what one movement changes in what the company owes, on the day it is effective. Allocations inside one
company change nothing and are no lines; one paid by another company is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.ledger import ALLOCATIONS, Kind, Movement, SourceKind
from domain.money import Money, total


class Group(StrEnum):
    """In the order of the summary. Buyers read these words too: never “written off” (R-3)."""

    INVOICES = "Invoices"
    CREDITS = "Credits"
    RECEIPTS = "Receipts"
    MONEY_BACK = "Money back"
    ADJUSTMENTS = "Adjustments"
    TRANSFERS = "Transfers"
    PAID_ACROSS = "Paid by and for other companies"


_GROUPS: Final[dict[Kind, Group]] = {
    **dict.fromkeys((Kind.INVOICED, Kind.ADJUSTED, Kind.VOIDED, Kind.DELETED, Kind.RESTORED), Group.INVOICES),
    Kind.CREDITED: Group.CREDITS,
    **dict.fromkeys((Kind.RECEIVED, Kind.SETTLED_ELSEWHERE), Group.RECEIPTS),
    **dict.fromkeys(
        (Kind.REFUNDED, Kind.REVERSED, Kind.CHARGED_BACK, Kind.CHARGEBACK_WON, Kind.PAID_OUT), Group.MONEY_BACK
    ),
    **dict.fromkeys((Kind.WRITTEN_OFF, Kind.WRITE_OFF_REVERSED), Group.ADJUSTMENTS),
    **dict.fromkeys((Kind.TRANSFERRED_OUT, Kind.TRANSFERRED_IN), Group.TRANSFERS),
    **dict.fromkeys((Kind.ALLOCATED, Kind.DEALLOCATED), Group.PAID_ACROSS),
}


class Document(StrEnum):
    INVOICE = "invoice"
    PAYMENT = "payment"
    CREDIT_MEMO = "credit_memo"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Line:
    """`amount` is the company column: + is owed more, - less. `document_on` is the date on paper: it lies before `on`
    where the period of a late document was closed."""

    on: date
    kind: Kind
    amount: Money
    document: Document = Document.NONE
    document_id: str = ""
    number: str = ""
    document_on: date | None = None
    reference: str = ""

    @property
    def group(self) -> Group:
        return _GROUPS[self.kind]

    @property
    def is_late(self) -> bool:
        """Whether it was posted on the first open day instead of its own date (R-2)."""
        return self.kind in _DATED and self.document_on is not None and self.document_on < self.on


_DATED: Final = frozenset({Kind.INVOICED, Kind.RECEIVED, Kind.CREDITED})
"""Kinds that are effective on the date of their document, unless its period is closed."""


@dataclass(frozen=True, slots=True)
class Range:
    """Which statement is meant, before it is drawn up; `key` names it in one text."""

    company_id: int
    currency: str
    first: date
    last: date

    @property
    def key(self) -> str:
        return f"{self.company_id}:{self.currency}:{self.first}:{self.last}"

    @classmethod
    def parse(cls, key: str) -> "Range":
        company_id, currency, first, last = key.split(":")
        return cls(int(company_id), currency, date.fromisoformat(first), date.fromisoformat(last))


@dataclass(frozen=True, slots=True)
class Statement:
    """One company, one currency, `first` to `last`, both included. Lines by day, then as they were booked."""

    company_id: int
    currency: str
    first: date
    last: date
    opening: Money
    lines: tuple[Line, ...]
    closed_through: date | None = None

    @property
    def closing(self) -> Money:
        return self.opening + total((line.amount for line in self.lines), self.currency)

    @property
    def groups(self) -> list[tuple[Group, Money]]:
        """Those that have lines; opening + these = closing."""
        return [
            (group, total((line.amount for line in self.lines if line.group is group), self.currency))
            for group in Group
            if any(line.group is group for line in self.lines)
        ]

    @property
    def running(self) -> Iterator[tuple[Line, Money]]:
        """Each line with what is owed after it."""
        balance = self.opening
        for line in self.lines:
            balance = balance + line.amount
            yield line, balance

    @property
    def name(self) -> str:
        """What its file is called, without the ending: `statement-11-USD-2026-01-01-2026-03-31`."""
        return f"statement-{self.company_id}-{self.currency}-{self.first}-{self.last}"

    @property
    def is_final(self) -> bool:
        """Whether its period is closed: no line can be added to it any more."""
        return self.closed_through is not None and self.last <= self.closed_through


def line_of(movement: Movement, company_id: int) -> Line | None:
    """What a movement is on a company's statement, without the words of its document; None where it is no line."""
    minor = movement.company_effects().get(company_id, 0)
    if not minor:
        return None
    document, document_id = document_of(movement.kind, movement.invoice_id, movement.source_id, movement.source_kind)
    amount = Money(minor, movement.amount.currency)
    return Line(movement.effective_on, movement.kind, amount, document, document_id)


def document_of(
    kind: Kind, invoice_id: str | None, source_id: str | None, source_kind: SourceKind | None
) -> tuple[Document, str]:
    """The document a line names: for what is paid across companies the invoice."""
    if invoice_id is not None and (source_id is None or kind in ALLOCATIONS):
        return Document.INVOICE, invoice_id
    if source_id is not None and source_kind is not None:
        return Document(source_kind.value), source_id
    return Document.NONE, ""


def statement_of(
    movements: Iterable[Movement],
    company_id: int,
    currency: str,
    first: date,
    last: date,
    closed_through: date | None = None,
) -> Statement:
    """The statement from the movements of a store, in the order they were booked."""
    lines = [
        line
        for movement in movements
        if movement.amount.currency == currency
        for line in [line_of(movement, company_id)]
        if line is not None
    ]
    opening = total((line.amount for line in lines if line.on < first), currency)
    shown = sorted((line for line in lines if first <= line.on <= last), key=lambda line: line.on)
    return Statement(company_id, currency, first, last, opening, tuple(shown), closed_through)
