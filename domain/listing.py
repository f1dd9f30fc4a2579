"""What each list means: filters that can say `matches(row)`; SQL does the same fast, and a test holds them equal.

`companies` in a filter are those a person may see at all (`Actor.companies`), None for every company.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from domain.invoice import Source, Status
from domain.ledger import Kind, SourceKind
from domain.money import Money
from domain.order_change import ChangeKind, Proposal, proposal_for
from domain.payment import Method, PaymentStatus
from domain.zone import local_day


class View(StrEnum):
    """Pill views of invoices that add up: all = unpaid + closed + void; the others are subsets of unpaid."""

    ALL = "all"
    UNPAID = "unpaid"
    OVERDUE = "overdue"
    PARTIALLY_PAID = "partially_paid"
    CLOSED = "closed"
    VOID = "void"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One line of an invoice list; amounts in the invoice's currency, `pending` what is on its way."""

    id: str
    number: str
    source: Source
    company_id: int
    company_name: str
    order_id: int | None
    po_number: str
    issued_on: date
    due_on: date
    total: Money
    balance: Money
    paid: Money
    status: Status
    closed_by: str | None = None
    pending: Money | None = None
    pending_since: date | None = None
    being_paid: bool = False
    channel_id: int | None = None

    @property
    def live_total(self) -> Money:
        """What the document charges now: nothing once it is void or deleted."""
        return Money.zero(self.total.currency) if self.status in (Status.VOID, Status.DELETED) else self.total


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """`search` is any fragment of number, PO number, order id or company name, `number` one of the number alone;
    both case-blind. A total is compared within its own currency only: amounts of others never match. `ids` are single
    invoices that were ticked, None for no such choice."""

    view: View = View.ALL
    search: str = ""
    number: str = ""
    company_id: int | None = None
    source: Source | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    order_id: int | None = None
    channel_id: int | None = None
    currency: str | None = None
    total_from: Money | None = None
    total_to: Money | None = None
    ids: tuple[str, ...] | None = None
    companies: frozenset[int] | None = None
    sort: str = "-issued"

    def matches(self, row: InvoiceRow, today: date) -> bool:
        """The meaning of the filter for one row."""
        return (
            _in_view(self.view, row, today)
            and (self.companies is None or row.company_id in self.companies)
            and (self.company_id is None or row.company_id == self.company_id)
            and (self.source is None or row.source is self.source)
            and (self.order_id is None or row.order_id == self.order_id)
            and _between(row.issued_on, self.issued_from, self.issued_to)
            and _between(row.due_on, self.due_from, self.due_to)
            and _found(self.search, (row.number, row.po_number, row.company_name, str(row.order_id or "")))
            and _found(self.number, (row.number,))
            and (self.channel_id is None or row.channel_id == self.channel_id)
            and (self.currency is None or row.total.currency == self.currency)
            and _amount_between(row.total, self.total_from, self.total_to)
            and (self.ids is None or row.id in self.ids)
        )


INVOICE_SORTS = ("issued", "due", "number", "total", "balance", "company")


def _in_view(view: View, row: InvoiceRow, today: date) -> bool:
    unpaid = row.status in (Status.OPEN, Status.PARTIALLY_PAID)
    match view:
        case View.ALL:
            return row.status is not Status.DELETED
        case View.UNPAID:
            return unpaid
        case View.OVERDUE:
            return unpaid and row.due_on < today
        case View.PARTIALLY_PAID:
            return row.status is Status.PARTIALLY_PAID
        case View.CLOSED:
            return row.status is Status.CLOSED
        case View.VOID:
            return row.status is Status.VOID
        case View.DELETED:
            return row.status is Status.DELETED


def _between(day: date, first: date | None, last: date | None) -> bool:
    return (first is None or day >= first) and (last is None or day <= last)


def _amount_between(amount: Money, least: Money | None, most: Money | None) -> bool:
    for bound in (least, most):
        if bound is not None and bound.currency != amount.currency:
            return False
    return (least is None or amount >= least) and (most is None or amount <= most)


def _found(search: str, texts: Sequence[str]) -> bool:
    wanted = search.strip().casefold()
    return not wanted or any(wanted in text.casefold() for text in texts)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the order dashboard. `why_not` is set when no invoice can be made, `changed` while an open review
    item says that the order changed after its invoice was made."""

    id: int
    placed_at: datetime
    company_id: int
    company_name: str
    buyer_name: str
    po_number: str
    total: Money
    status_id: int
    status: str
    is_archived: bool
    invoice_id: str | None = None
    invoice_number: str | None = None
    invoice_status: Status | None = None
    why_not: str | None = None
    changed: ChangeKind | None = None

    @property
    def proposal(self) -> Proposal | None:
        """The act proposed for an order that changed after its invoice was made (R-11)."""
        if self.changed is None or self.invoice_status is None:
            return None
        return proposal_for(self.changed, self.invoice_status)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """`invoiced` None shows both. Only orders of companies that are not invoice payments are ever listed.

    Orders placed before `cut_over` are historic (R-12): `historic` says whether only they or only the others are
    listed, None lists both. Counts of views are of the others, but for their own. Days begin in `time_zone`. `number`
    is a fragment of the order number. Sorts: placed, order, total.
    """

    search: str = ""
    company_id: int | None = None
    invoiced: bool | None = None
    status_id: int | None = None
    placed_from: date | None = None
    placed_to: date | None = None
    companies: frozenset[int] | None = None
    sort: str = "-placed"
    number: str = ""
    cut_over: date | None = None
    historic: bool | None = None
    time_zone: str = "UTC"

    def matches(self, row: OrderRow) -> bool:
        return (
            self.historic in (None, self.is_historic(row.placed_at))
            and _found(self.number, (str(row.id),))
            and (self.companies is None or row.company_id in self.companies)
            and (self.company_id is None or row.company_id == self.company_id)
            and (self.invoiced is None or (row.invoice_id is not None) == self.invoiced)
            and (self.status_id is None or row.status_id == self.status_id)
            and _between(local_day(row.placed_at, self.time_zone), self.placed_from, self.placed_to)
            and _found(self.search, (str(row.id), row.po_number, row.company_name, row.buyer_name))
        )

    def is_historic(self, placed_at: datetime) -> bool:
        return self.cut_over is not None and local_day(placed_at, self.time_zone) < self.cut_over


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """`invoice_numbers` are those it was ever applied to or is on its way for; `transaction_ids` BigCommerce's."""

    id: str
    number: str
    received_on: date
    company_id: int
    company_name: str
    method: Method
    method_label: str
    memo: str
    amount: Money
    applied: Money
    available: Money
    status: PaymentStatus
    is_online: bool
    needs_review: bool = False
    bc_order_id: int | None = None
    transaction_ids: tuple[str, ...] = ()
    invoice_numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """`search` is a fragment of payment number, memo, company, BigCommerce order id or transaction id (R-25),
    `invoice` one of the number of an invoice it was ever applied to.

    Sorts: received, number, amount, available.
    """

    search: str = ""
    company_id: int | None = None
    status: PaymentStatus | None = None
    method: Method | None = None
    received_from: date | None = None
    received_to: date | None = None
    unapplied_only: bool = False
    invoice: str = ""
    is_online: bool | None = None
    needs_review: bool = False
    companies: frozenset[int] | None = None
    sort: str = "-received"

    def matches(self, row: PaymentRow) -> bool:
        return (
            (self.companies is None or row.company_id in self.companies)
            and (self.company_id is None or row.company_id == self.company_id)
            and (self.status is None or row.status is self.status)
            and (self.method is None or row.method is self.method)
            and (not self.unapplied_only or row.available.minor > 0)
            and (self.is_online is None or row.is_online is self.is_online)
            and (not self.needs_review or row.needs_review)
            and _between(row.received_on, self.received_from, self.received_to)
            and _found(self.invoice, row.invoice_numbers)
            and _found(
                self.search,
                (row.number, row.memo, row.company_name, str(row.bc_order_id or ""), *row.transaction_ids),
            )
        )


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows and opaque keyset cursors to the neighbours."""

    rows: tuple[Row, ...]
    next_cursor: str | None = None
    previous_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Per currency, never across."""

    currency: str
    count: int
    open: Money
    overdue: Money
    available_credit: Money


@dataclass(frozen=True, slots=True)
class Sums:
    """What the invoices of a filter come to in one currency; `total` without void and deleted ones."""

    currency: str
    count: int
    total: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of an invoice with who booked it: `effect` on its balance, `balance` after it, `source_number` of
    the payment or credit memo behind it."""

    seq: int
    kind: Kind
    effect: Money
    balance: Money
    effective_on: date
    recorded_at: datetime
    who: str
    source_id: str | None = None
    source_number: str = ""
    source_kind: SourceKind | None = None


@dataclass(frozen=True, slots=True)
class PaymentMoved:
    """One movement of a payment with who booked it: `effect` on what is available, and the invoice or BigCommerce
    transaction it concerns."""

    seq: int
    kind: Kind
    effect: Money
    effective_on: date
    recorded_at: datetime
    who: str
    invoice_id: str | None = None
    invoice_number: str = ""
    transaction_id: str = ""


NUMBER_SERIES = ("invoice", "payment", "credit_memo")


class NumberState(StrEnum):
    """What became of a number once taken (R-5)."""

    USED = "used"
    VOID = "void"
    DELETED = "deleted"
    NOT_PAID = "not_paid"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """One number of a series. `document_id` is None where nothing stands behind it: a checkout that was never paid,
    or a number the series was moved past. `at`, `who` and `reason` tell of a deletion or of a void."""

    value: int
    number: str
    state: NumberState
    document_id: str | None = None
    company_name: str = ""
    at: datetime | None = None
    who: str = ""
    reason: str = ""

    @property
    def is_gap(self) -> bool:
        """Whether somebody who goes through the numbers asks for it."""
        return self.state is not NumberState.USED


@dataclass(frozen=True, slots=True)
class Register:
    """Numbers of a series, newest first; `last` is the one taken last, `older` where the next page begins."""

    last: int
    rows: tuple[TakenNumber, ...] = ()
    older: int | None = None


@dataclass(frozen=True, slots=True)
class InvoicePayment:
    """One line of an invoice's payment history, oldest first."""

    source_id: str
    number: str
    received_on: date
    method: str
    memo: str
    status: str
    amount: Money
    is_credit_memo: bool = False


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Who did what, when; `changes` before and after, `texts` the reasons (erasable)."""

    at: datetime
    who: str
    what: str
    changes: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
