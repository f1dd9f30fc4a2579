"""Payments: money received offline or through the store's checkout, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from domain.errors import MemoRequired, NotReversible, ReceivedInFuture
from domain.invoice import Invoice
from domain.ledger import Kind, Movement, Origin, SourceKind
from domain.money import Money
from domain.source import SourceOfCredit

DUPLICATE_WINDOW: Final = timedelta(days=180)


class Method(StrEnum):
    CHECK = "check"
    CASH = "cash"
    BANK_TRANSFER = "bank_transfer"
    OTHER = "other"
    ONLINE = "online"
    ORDER = "order"
    ELSEWHERE = "elsewhere"


OFFLINE: Final = frozenset({Method.CHECK, Method.CASH, Method.BANK_TRANSFER, Method.OTHER})
"""What a person can record (R-21)."""


class PaymentStatus(StrEnum):
    """The one list of R-25; the value is the word on screen."""

    ANNOUNCED = "Announced"
    PENDING = "Pending"
    COMPLETED = "Completed"
    PARTLY_REFUNDED = "Partly refunded"
    REFUNDED = "Refunded"
    REVERSED = "Reversed"
    CHARGED_BACK = "Charged back"
    FAILED = "Failed"


@dataclass(slots=True)
class Payment(SourceOfCredit):
    """One receipt. `pending` is authorised or on-its-way money by invoice id, minor units: it changes no balance
    and is set anew at each reading of the order (R-19).

    `memo` is shown to the buyer; `bc_order_id` is the BigCommerce order that carried the money, at most one
    payment per order (I-6); `method_label` is the display name, such as the gateway's.
    """

    kind: ClassVar[SourceKind] = SourceKind.PAYMENT

    method: Method = Method.OTHER
    method_label: str = ""
    memo: str = ""
    bc_order_id: int | None = None
    attempt_id: str | None = None
    external_id: str | None = None
    pending: dict[str, int] = field(default_factory=dict)
    failed: bool = False
    needs_review: bool = False
    recorded_by: str = ""

    @property
    def is_online(self) -> bool:
        return self.method not in OFFLINE

    @property
    def amount(self) -> Money:
        """Everything ever received on it; while nothing is, what is on its way."""
        return Money(self.account.inflow or sum(self.pending.values()), self.currency)

    @property
    def status(self) -> PaymentStatus:
        """Computed from the account, except for what has not arrived."""
        account = self.account
        if account.inflow == 0:
            return PaymentStatus.FAILED if self.failed else PaymentStatus.PENDING
        if account.reversed:
            return PaymentStatus.REVERSED
        if account.charged_back:
            return PaymentStatus.CHARGED_BACK
        if account.refunded:
            return PaymentStatus.REFUNDED if account.held <= 0 else PaymentStatus.PARTLY_REFUNDED
        return PaymentStatus.COMPLETED

    def receive(
        self, amount: Money, on: date, *, transaction_id: str | None = None, origin: Origin = Origin.PORTAL
    ) -> Movement:
        """Cash that reached the seller."""
        return self.post(Kind.RECEIVED, amount, on, transaction_id=transaction_id, origin=origin)

    def settle_elsewhere(self, amount: Money, on: date) -> Movement:
        """Paid, but not to us through the portal: known from the ERP (R-13)."""
        return self.post(Kind.SETTLED_ELSEWHERE, amount, on, origin=Origin.ERP)

    def refund(
        self,
        amount: Money,
        invoices: Mapping[str, Invoice],
        on: date,
        *,
        named: Mapping[str, Money] | None = None,
        transaction_id: str | None = None,
    ) -> list[Movement]:
        """Money sent back by the gateway. `named` is how much of it went back for which invoice: those come first;
        for the rest available credit first, then allocations, latest due first (R-20). Capped at what is held.
        """
        amount = min(amount, Money(self.account.held, self.currency))
        if amount.minor <= 0:
            return []
        movements = self._free_named(amount, invoices, on, named or {})
        movements += self.free(amount, invoices, on)
        movements.append(self.post(Kind.REFUNDED, amount, on, transaction_id=transaction_id))
        return movements

    def _free_named(
        self, amount: Money, invoices: Mapping[str, Invoice], on: date, named: Mapping[str, Money]
    ) -> list[Movement]:
        movements = []
        left = amount
        for invoice_id, meant in named.items():
            part = min(left, meant, Money(self.allocations.get(invoice_id, 0), self.currency))
            if part.minor > 0:
                movements.append(self.deallocate(invoices[invoice_id], part, on))
                left = left - part
        return movements

    def reverse(self, invoices: Mapping[str, Invoice], on: date) -> list[Movement]:
        """It never arrived (bounced, mis-keyed): everything still held leaves, invoices open again (R-1, R-20)."""
        if self.method is Method.ELSEWHERE:
            raise NotReversible(self.number, "it was paid outside the portal; correct it where it was booked")
        if self.is_online:
            raise NotReversible(self.number, "online money is sent back by a refund in BigCommerce")
        if self.account.reversed or self.account.held <= 0:
            raise NotReversible(self.number, "nothing of it is left to reverse")
        held = Money(self.account.held, self.currency)
        movements = self.free(held, invoices, on)
        movements.append(self.post(Kind.REVERSED, held, on))
        return movements


def check_offline(method: Method, memo: str, received_on: date, today: date) -> None:
    """Rules for a recorded receipt: not in the future, a check needs its number (R-2, R-21)."""
    if received_on > today:
        raise ReceivedInFuture
    if method is Method.CHECK and not memo.strip():
        raise MemoRequired
