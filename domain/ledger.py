"""The ledger of R-1: kinds of movements, what each does to an invoice, a source of credit and a company.

A source of credit is a payment or a credit memo. Amounts are stored gross and positive, with the sign in the
kind; only `adjusted` and the transfers carry their own sign. Balances are folds over movements, never set.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from domain.errors import InvariantBroken
from domain.money import Money


class Kind(StrEnum):
    INVOICED = "invoiced"
    ADJUSTED = "adjusted"
    VOIDED = "voided"
    DELETED = "deleted"
    RESTORED = "restored"
    RECEIVED = "received"
    SETTLED_ELSEWHERE = "settled_elsewhere"
    CREDITED = "credited"
    ALLOCATED = "allocated"
    DEALLOCATED = "deallocated"
    WRITTEN_OFF = "written_off"
    WRITE_OFF_REVERSED = "write_off_reversed"
    REFUNDED = "refunded"
    REVERSED = "reversed"
    CHARGED_BACK = "charged_back"
    PAID_OUT = "paid_out"
    CHARGEBACK_WON = "chargeback_won"
    TRANSFERRED_OUT = "transferred_out"
    TRANSFERRED_IN = "transferred_in"


class Effect(NamedTuple):
    """Signs: + raises the invoice balance, the source's available credit, what the company owes."""

    invoice: int
    source: int
    company: int


EFFECTS: Final[dict[Kind, Effect]] = {
    Kind.INVOICED: Effect(+1, 0, +1),
    Kind.ADJUSTED: Effect(+1, 0, +1),
    Kind.VOIDED: Effect(-1, 0, -1),
    Kind.DELETED: Effect(-1, 0, -1),
    Kind.RESTORED: Effect(+1, 0, +1),
    Kind.RECEIVED: Effect(0, +1, -1),
    Kind.SETTLED_ELSEWHERE: Effect(0, +1, -1),
    Kind.CREDITED: Effect(0, +1, -1),
    Kind.ALLOCATED: Effect(-1, -1, 0),
    Kind.DEALLOCATED: Effect(+1, +1, 0),
    Kind.WRITTEN_OFF: Effect(-1, 0, -1),
    Kind.WRITE_OFF_REVERSED: Effect(+1, 0, +1),
    Kind.REFUNDED: Effect(0, -1, +1),
    Kind.REVERSED: Effect(0, -1, +1),
    Kind.CHARGED_BACK: Effect(0, -1, +1),
    Kind.PAID_OUT: Effect(0, -1, +1),
    Kind.CHARGEBACK_WON: Effect(0, +1, -1),
    Kind.TRANSFERRED_OUT: Effect(0, 0, -1),
    Kind.TRANSFERRED_IN: Effect(0, 0, +1),
}

SIGNED: Final = frozenset({Kind.ADJUSTED, Kind.TRANSFERRED_OUT, Kind.TRANSFERRED_IN})
"""Kinds whose amount may be negative."""


ALLOCATIONS: Final = frozenset({Kind.ALLOCATED, Kind.DEALLOCATED})
"""Kinds between an invoice and a source, the only ones that can concern two companies."""


class SourceKind(StrEnum):
    PAYMENT = "payment"
    CREDIT_MEMO = "credit_memo"


class Origin(StrEnum):
    """Where a movement began: here, with an order's own payment, or in the ERP (R-29)."""

    PORTAL = "portal"
    ORDER = "order"
    ERP = "erp"


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the ledger. `recorded_at`, `seq` and the hash are given by the storage when it is appended.

    `company_id` is the company whose account moves; for an allocation the invoice's company, with
    `payer_company_id` set when the source belongs to another one (paid by head office for a branch).
    `transaction_id` is BigCommerce's id behind cash, booked at most once (I-6).
    """

    kind: Kind
    amount: Money
    company_id: int
    effective_on: date
    invoice_id: str | None = None
    source_id: str | None = None
    source_kind: SourceKind | None = None
    payer_company_id: int | None = None
    transaction_id: str | None = None
    origin: Origin = Origin.PORTAL
    recorded_at: datetime | None = None
    seq: int | None = None

    def __post_init__(self) -> None:
        if self.amount.minor == 0 or (self.amount.minor < 0 and self.kind not in SIGNED):
            raise InvariantBroken(f"a {self.kind} movement of {self.amount}")
        effect = EFFECTS[self.kind]
        if (effect.invoice != 0) != (self.invoice_id is not None):
            raise InvariantBroken(f"{self.kind} and invoice {self.invoice_id}")
        if (effect.source != 0) != (self.source_id is not None):
            raise InvariantBroken(f"{self.kind} and source {self.source_id}")
        if (self.source_id is None) != (self.source_kind is None):
            raise InvariantBroken(f"{self.kind} and source {self.source_id} of kind {self.source_kind}")
        if self.payer_company_id is not None and self.kind not in ALLOCATIONS:
            raise InvariantBroken(f"{self.kind} paid by another company, {self.payer_company_id}")

    @property
    def invoice_effect(self) -> int:
        return EFFECTS[self.kind].invoice * self.amount.minor

    @property
    def source_effect(self) -> int:
        return EFFECTS[self.kind].source * self.amount.minor

    def company_effects(self) -> dict[int, int]:
        """What each company owes more (+) or less (-), minor units; `allocated` across companies moves two."""
        if self.payer_company_id is not None and self.payer_company_id != self.company_id:
            return {self.company_id: self.invoice_effect, self.payer_company_id: -self.source_effect}
        effect = EFFECTS[self.kind].company * self.amount.minor
        return {self.company_id: effect} if effect else {}


@dataclass(frozen=True, slots=True)
class InvoiceAccount:
    """An invoice's money, folded from its movements; minor units of the invoice's currency.

    `live_total` = invoiced +/- adjusted - voided - deleted + restored; `paid` and `credited` are live
    allocations from payments and from credit memos.
    """

    live_total: int = 0
    paid: int = 0
    credited: int = 0
    written_off: int = 0

    @property
    def settled(self) -> int:
        """What may not be undercut: allocated + written off (R-15)."""
        return self.paid + self.credited + self.written_off

    @property
    def balance(self) -> int:
        return self.live_total - self.settled

    def after(self, movement: Movement) -> "InvoiceAccount":
        """The account with one more movement. Raises InvariantBroken when the balance would leave 0..total (I-2)."""
        effect = movement.invoice_effect
        match movement.kind:
            case Kind.ALLOCATED | Kind.DEALLOCATED:
                if movement.source_kind is SourceKind.CREDIT_MEMO:
                    account = replace(self, credited=self.credited - effect)
                else:
                    account = replace(self, paid=self.paid - effect)
            case Kind.WRITTEN_OFF | Kind.WRITE_OFF_REVERSED:
                account = replace(self, written_off=self.written_off - effect)
            case _:
                account = replace(self, live_total=self.live_total + effect)
        if min(account.live_total, account.paid, account.credited, account.written_off, account.balance) < 0:
            raise InvariantBroken(f"invoice {movement.invoice_id} after {movement.kind} {movement.amount}")
        return account


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """A payment's or credit memo's money, folded from its movements; minor units.

    inflow - outflow = allocated + available (I-1).
    """

    inflow: int = 0
    allocated: int = 0
    refunded: int = 0
    reversed: int = 0
    charged_back: int = 0
    paid_out: int = 0

    @property
    def outflow(self) -> int:
        return self.refunded + self.reversed + self.charged_back + self.paid_out

    @property
    def held(self) -> int:
        return self.inflow - self.outflow

    @property
    def available(self) -> int:
        return self.held - self.allocated

    def after(self, movement: Movement) -> "SourceAccount":
        """The account with one more movement. Raises InvariantBroken when available would be negative (I-2)."""
        amount = movement.amount.minor
        match movement.kind:
            case Kind.ALLOCATED:
                account = replace(self, allocated=self.allocated + amount)
            case Kind.DEALLOCATED:
                account = replace(self, allocated=self.allocated - amount)
            case Kind.REFUNDED:
                account = replace(self, refunded=self.refunded + amount)
            case Kind.REVERSED:
                account = replace(self, reversed=self.reversed + amount)
            case Kind.CHARGED_BACK:
                account = replace(self, charged_back=self.charged_back + amount)
            case Kind.CHARGEBACK_WON:
                account = replace(self, charged_back=self.charged_back - amount)
            case Kind.PAID_OUT:
                account = replace(self, paid_out=self.paid_out + amount)
            case _:
                account = replace(self, inflow=self.inflow + amount)
        if min(account.available, account.allocated, account.charged_back) < 0:
            raise InvariantBroken(f"source {movement.source_id} after {movement.kind} {movement.amount}")
        return account


def invoice_account(movements: Iterable[Movement]) -> InvoiceAccount:
    """Folds the movements of one invoice, oldest first."""
    account = InvoiceAccount()
    for movement in movements:
        account = account.after(movement)
    return account


def source_account(movements: Iterable[Movement]) -> SourceAccount:
    """Folds the movements of one payment or credit memo, oldest first."""
    account = SourceAccount()
    for movement in movements:
        account = account.after(movement)
    return account
