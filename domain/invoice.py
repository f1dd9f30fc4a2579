"""The invoice: what it says on paper, what may still be done with it, and its money derived from movements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.address import Address
from domain.errors import (
    InputInvalid,
    LessThanSettled,
    MixedCurrencies,
    MoreThanOwed,
    MoreThanTolerance,
    MoreThanWrittenOff,
    NotDeletable,
    NotEditable,
    NotRestorable,
    NotVoidable,
)
from domain.ledger import InvoiceAccount, Kind, Movement, Origin
from domain.money import Money, total
from domain.price import UnitPrice
from domain.terms import DueFrom


class Source(StrEnum):
    ORDER = "order"
    ERP = "erp"
    MANUAL = "manual"


class Status(StrEnum):
    """Computed from the account, never stored by hand (R-3, I-3)."""

    OPEN = "open"
    PARTIALLY_PAID = "partially_paid"
    CLOSED = "closed"
    VOID = "void"
    DELETED = "deleted"


class ClosedBy(StrEnum):
    """How a closed invoice is shown to sellers (R-3)."""

    PAID = "Paid"
    CREDITED = "Credited"
    WRITTEN_OFF = "Written off"
    PAID_AND_ADJUSTED = "Paid and adjusted"


class Removed(StrEnum):
    VOID = "void"
    DELETED = "deleted"


GONE: Final = {Removed.VOID: "it is void", Removed.DELETED: "it is deleted"}
"""Why nothing can be done with an invoice that was removed, ready for “INV-7 cannot be deleted: …”."""


class CostKind(StrEnum):
    SHIPPING = "shipping"
    HANDLING = "handling"
    WRAPPING = "wrapping"
    FEE = "fee"
    DISCOUNT = "discount"
    TAX = "tax"
    ROUNDING = "rounding"
    DIFFERENCE = "difference"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Line:
    """Something sold. `amount` is the net line amount as stated; `tax` is its share of the tax cost lines (R-6).

    On a credit memo `credits` is the position, from 0, of the invoice's line that it takes back.
    """

    description: str
    quantity: Decimal
    unit_price: UnitPrice
    amount: Money
    sku: str = ""
    discount: Money | None = None
    tax: Money | None = None
    credits: int | None = None

    @property
    def is_off(self) -> bool:
        """Whether quantity x price - discount differs from the amount by over one minor unit: a finding (R-6)."""
        expected = self.unit_price.extended(self.quantity, self.amount.currency)
        if self.discount is not None:
            expected = expected - self.discount
        return abs(expected - self.amount).minor > 1


@dataclass(frozen=True, slots=True)
class CostLine:
    """A charge or reduction of the whole document; discounts are negative; tax has one line per rate.

    `credits` as of a line.
    """

    kind: CostKind
    description: str
    amount: Money
    rate: Decimal | None = None
    credits: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What stands on the paper and may be edited while the state allows.

    `pushed` is the digest of the ERP document it came from: pushed again unchanged, it changes nothing (R-14).
    """

    lines: tuple[Line, ...]
    cost_lines: tuple[CostLine, ...]
    issued_on: date
    due_on: date
    due_from: DueFrom
    terms_text: str = ""
    po_number: str = ""
    billing_address: Address = field(default_factory=Address)
    shipping_addresses: tuple[Address, ...] = ()
    notes: str = ""
    extra_fields: Mapping[str, str] = field(default_factory=dict)
    pushed: str = ""

    def total(self, currency: str) -> Money:
        """Net lines + cost lines (R-6)."""
        amounts = [line.amount for line in self.lines] + [cost.amount for cost in self.cost_lines]
        return total(amounts, currency)


@dataclass(slots=True)
class Invoice:
    """One document that raises what a company owes. Change it only through its methods: they return movements.

    `number_space` is `portal` or an ERP legal entity (R-5). `version` grows with each saved edit. `channel_id` is the
    storefront its order was placed on, None where it has no order of ours.
    """

    id: str
    number: str
    source: Source
    company_id: int
    company_name: str
    currency: str
    content: Content
    number_space: str = "portal"
    external_id: str | None = None
    external_number: str | None = None
    order_id: int | None = None
    removed: Removed | None = None
    account: InvoiceAccount = field(default_factory=InvoiceAccount)
    version: int = 1
    silent: bool = False
    channel_id: int | None = None

    # --- money read from the account ------------------------------------------------------------
    @property
    def total(self) -> Money:
        """The face total on paper; it stays when the invoice is voided or deleted."""
        return self.content.total(self.currency)

    @property
    def balance(self) -> Money:
        return Money(self.account.balance, self.currency)

    @property
    def settled(self) -> Money:
        return Money(self.account.settled, self.currency)

    @property
    def paid(self) -> Money:
        """Live allocations of payments and credit memos."""
        return Money(self.account.paid + self.account.credited, self.currency)

    @property
    def status(self) -> Status:
        return status_of(self.account, self.removed)

    @property
    def closed_by(self) -> ClosedBy | None:
        """What closed it, for the seller's words; None while it is not closed."""
        return closed_by(self.account) if self.status is Status.CLOSED else None

    def is_overdue(self, today: date) -> bool:
        """From the day after due, in the store's zone, while something is owed (F-19)."""
        return self.account.balance > 0 and today > self.content.due_on

    # --- issuing ----------------------------------------------------------------------------------
    def issue(self, origin: Origin = Origin.PORTAL, on: date | None = None) -> list[Movement]:
        """Books the total on the issue date, or on the first open day `on` where that is later (R-2).

        A negative total must become a credit memo before this (R-4).
        """
        amount = self.total
        if amount.minor < 0:
            raise InputInvalid("total", "An invoice total below zero is a credit memo.")
        if amount.minor == 0:
            return []
        return [self._post(Kind.INVOICED, amount, on or self.content.issued_on, origin)]

    # --- acts -------------------------------------------------------------------------------------
    def check_editable(self) -> None:
        """Open and partly paid invoices may be edited; others only viewed (DESIGN 5, R-25)."""
        if self.status not in (Status.OPEN, Status.PARTIALLY_PAID):
            raise NotEditable(self.number, _SHOWN[self.status])

    def edit(self, content: Content, on: date, origin: Origin = Origin.PORTAL) -> list[Movement]:
        """Replaces the content; a changed total becomes one `adjusted` movement. Never below what is settled."""
        self.check_editable()
        new_total = content.total(self.currency)
        if new_total.minor < 0:
            raise InputInvalid("total", "An invoice total below zero is a credit memo.")
        if new_total.minor < self.account.settled:
            raise LessThanSettled(self.number, self.settled)
        change = new_total.minor - self.account.live_total
        self.content = content
        return [self._post(Kind.ADJUSTED, Money(change, self.currency), on, origin)] if change else []

    def delete(self, on: date) -> list[Movement]:
        """A tombstone with the whole total taken back. Only while it is open, with nothing settled (R-5, I-4)."""
        if self.removed is not None:
            raise NotDeletable(self.number, GONE[self.removed])
        if self.account.settled:
            raise NotDeletable(self.number, "money is applied to it; reverse the payment first")
        if self.status is not Status.OPEN:
            raise NotDeletable(self.number, "it is closed; void it instead")
        return self._remove(Removed.DELETED, Kind.DELETED, on)

    def void(self, on: date) -> list[Movement]:
        """Issued by mistake: visible, owed nothing. Only while nothing is settled (R-4)."""
        if self.removed is not None:
            raise NotVoidable(self.number, GONE[self.removed])
        if self.account.settled:
            raise NotVoidable(self.number, "money is applied to it; issue a credit memo instead")
        return self._remove(Removed.VOID, Kind.VOIDED, on)

    def restore(self, on: date) -> list[Movement]:
        """Brings a deleted invoice back with the total it had. The caller checks that its order is free (R-5)."""
        if self.removed is not Removed.DELETED:
            raise NotRestorable(self.number, "it is not deleted")
        self.removed = None
        amount = self.total
        return [self._post(Kind.RESTORED, amount, on)] if amount else []

    def write_off(self, amount: Money, on: date) -> Movement:
        """A balance that will not be collected. Raises MoreThanOwed."""
        self._check_owed(amount)
        return self._post(Kind.WRITTEN_OFF, amount, on)

    def close_rest(self, tolerance: Money, on: date) -> Movement | None:
        """Writes off what is left when it is within the tolerance (R-21); None when nothing is. Raises
        MoreThanTolerance."""
        if self.balance > tolerance:
            raise MoreThanTolerance(self.number, self.balance, tolerance)
        return self.write_off(self.balance, on) if self.balance else None

    def reverse_write_off(self, amount: Money, on: date, origin: Origin = Origin.PORTAL) -> Movement:
        """What was given up is owed again. Raises MoreThanWrittenOff or MixedCurrencies."""
        if amount.currency != self.currency:
            raise MixedCurrencies(amount.currency, self.currency)
        if amount.minor > self.account.written_off:
            raise MoreThanWrittenOff(self.number, Money(self.account.written_off, self.currency))
        return self._post(Kind.WRITE_OFF_REVERSED, amount, on, origin)

    def check_can_take(self, amount: Money) -> None:
        """Raises MoreThanOwed (also for removed and closed invoices) or MixedCurrencies."""
        self._check_owed(amount)

    def take(self, movement: Movement) -> None:
        """Lets an allocation or deallocation of a source change this account (see `domain/source.py`)."""
        self.account = self.account.after(movement)

    # --- inside -----------------------------------------------------------------------------------
    def _check_owed(self, amount: Money) -> None:
        if amount > self.balance:
            raise MoreThanOwed(self.number, self.balance)

    def _remove(self, removed: Removed, kind: Kind, on: date) -> list[Movement]:
        self.removed = removed
        live = Money(self.account.live_total, self.currency)
        return [self._post(kind, live, on)] if live else []

    def _post(self, kind: Kind, amount: Money, on: date, origin: Origin = Origin.PORTAL) -> Movement:
        movement = Movement(kind, amount, self.company_id, on, invoice_id=self.id, origin=origin)
        self.account = self.account.after(movement)
        return movement


_SHOWN = {
    Status.OPEN: "open",
    Status.PARTIALLY_PAID: "partially paid",
    Status.CLOSED: "closed",
    Status.VOID: "void",
    Status.DELETED: "deleted",
}


def status_of(account: InvoiceAccount, removed: Removed | None) -> Status:
    """Void and deleted first, then closed (a zero total too), open, partially paid (R-3)."""
    if removed is Removed.VOID:
        return Status.VOID
    if removed is Removed.DELETED:
        return Status.DELETED
    if account.balance == 0:
        return Status.CLOSED
    return Status.OPEN if account.settled == 0 else Status.PARTIALLY_PAID


def closed_by(account: InvoiceAccount) -> ClosedBy:
    """What closed a closed invoice: only payments, only credit memos, only write-offs, or a mix."""
    ways = [account.paid > 0, account.credited > 0, account.written_off > 0]
    if sum(ways) > 1:
        return ClosedBy.PAID_AND_ADJUSTED
    if account.credited:
        return ClosedBy.CREDITED
    return ClosedBy.WRITTEN_OFF if account.written_off else ClosedBy.PAID


def oldest_due_first(invoices: Sequence[Invoice]) -> list[Invoice]:
    """The order in which money fills invoices: due date, then number as tie-break (R-19, I-15)."""
    return sorted(invoices, key=lambda invoice: (invoice.content.due_on, invoice.number))
