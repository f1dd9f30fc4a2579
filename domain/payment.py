"""Payments: money received offline or through the store's checkout, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from domain.errors import (
    InputInvalid,
    MemoRequired,
    NotAnnounced,
    NotChargedBack,
    NotReversible,
    NotWonBack,
    ReceivedInFuture,
)
from domain.invoice import Invoice, oldest_due_first
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
    and is set anew at each reading of the order (R-19). `announced` is what a buyer said to have sent, minor units,
    until it is recorded or dismissed; it changes no balance either (R-28).

    `recovery_id` is the Manual invoice for what was taken back beyond what the payment still held (R-1).

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
    announced: int = 0
    recovery_id: str | None = None

    @property
    def is_online(self) -> bool:
        return self.method not in OFFLINE

    @property
    def amount(self) -> Money:
        """Everything ever received on it; while nothing is, what is on its way or was announced."""
        return Money(self.account.inflow or sum(self.pending.values()) + self.announced, self.currency)

    @property
    def status(self) -> PaymentStatus:
        """Computed from the account, except for what has not arrived."""
        account = self.account
        if account.inflow == 0:
            if self.failed:
                return PaymentStatus.FAILED
            return PaymentStatus.ANNOUNCED if self.announced else PaymentStatus.PENDING
        is_recovered = self.recovery_id is not None
        if account.reversed or (is_recovered and not self.is_online):
            return PaymentStatus.REVERSED
        if account.charged_back or is_recovered:
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

    @property
    def bounced(self) -> Money:
        """What is gone when it turns out that it never arrived, paid out or not."""
        account = self.account
        return Money(account.inflow - account.refunded - account.reversed - account.charged_back, self.currency)

    def beyond_held(self, amount: Money) -> Money:
        """The part of an amount taken back that the payment does not hold any more: to be recovered (R-1)."""
        return Money(max(0, amount.minor - self.account.held), self.currency)

    def reverse(self, invoices: Mapping[str, Invoice], on: date) -> list[Movement]:
        """It never arrived (bounced, mis-keyed): everything still held leaves, invoices open again (R-1, R-20).

        What was paid out meanwhile, `beyond_held(bounced)`, is for the caller to recover.
        """
        if self.method is Method.ELSEWHERE:
            raise NotReversible(self.number, "it was paid outside the portal; correct it where it was booked")
        if self.is_online:
            raise NotReversible(self.number, "online money is sent back by a refund in BigCommerce")
        if self.account.reversed or self.recovery_id or self.bounced.minor <= 0:
            raise NotReversible(self.number, "nothing of it is left to reverse")
        return self._leave(Kind.REVERSED, self.bounced, invoices, on)

    def charge_back(self, amount: Money, invoices: Mapping[str, Invoice], on: date) -> list[Movement]:
        """The bank took it back: available credit first, then allocations, latest due first (R-20).

        What is over, `beyond_held(amount)`, is for the caller to recover. Raises NotChargedBack, InputInvalid.
        """
        if self.method not in (Method.ONLINE, Method.ORDER):
            raise NotChargedBack(self.number, "only money from a gateway is; reverse a check or transfer instead")
        if self.recovery_id or self.account.inflow <= self.account.charged_back:
            raise NotChargedBack(self.number, "all of it was charged back already")
        self._check_currency(amount)
        most = Money(self.account.inflow - self.account.charged_back, self.currency)
        if not 0 < amount.minor <= most.minor:
            raise InputInvalid("amount", "Enter an amount above zero, up to {most}.", most=most)
        return self._leave(Kind.CHARGED_BACK, amount, invoices, on)

    def win_chargeback(self, taken: Mapping[str, int], invoices: Mapping[str, Invoice], on: date) -> list[Movement]:
        """The bank gave it back: applied again to the invoices it was `taken` from, oldest due first, as far as they
        are open; the rest is available (R-20). Raises NotWonBack."""
        if not self.account.charged_back and (self.recovery_id is None or not self.is_online):
            raise NotWonBack(self.number)
        movements = []
        if self.account.charged_back:
            back = Money(self.account.charged_back, self.currency)
            movements.append(self.post(Kind.CHARGEBACK_WON, back, on))
        for invoice in oldest_due_first([invoices[one] for one in taken]):
            part = min(Money(taken[invoice.id], self.currency), invoice.balance, self.available)
            if part.minor > 0:
                movements.append(self.allocate(invoice, part, not_before=on))
        return movements

    def _leave(self, kind: Kind, amount: Money, invoices: Mapping[str, Invoice], on: date) -> list[Movement]:
        """Money leaving is capped at what is held, and freed from invoices first (R-1)."""
        leaving = amount - self.beyond_held(amount)
        if not leaving:
            return []
        return [*self.free(leaving, invoices, on), self.post(kind, leaving, on)]

    def check_announced(self) -> None:
        """Raises NotAnnounced once it was recorded or dismissed."""
        if self.status is not PaymentStatus.ANNOUNCED:
            raise NotAnnounced(self.number)

    def change_memo(self, memo: str) -> None:
        """The only thing of a recorded payment that may be edited (R-21). Raises InputInvalid, MemoRequired."""
        if self.is_online:
            raise InputInvalid("memo", "An online payment has no memo. Only recorded payments do.")
        if self.method is Method.CHECK and not memo.strip():
            raise MemoRequired
        self.memo = memo.strip()


def taken_by_chargeback(movements: Iterable[Movement]) -> dict[str, int]:
    """How much the chargebacks that stand took from each invoice, minor units; from a payment's movements, oldest
    first. What was deallocated in the commit of a chargeback was taken by it."""
    taken: dict[str, int] = {}
    freed: list[Movement] = []
    for one in movements:
        if freed and one.recorded_at != freed[-1].recorded_at:
            freed = []
        match one.kind:
            case Kind.DEALLOCATED:
                freed.append(one)
            case Kind.CHARGED_BACK:
                for part in freed:
                    taken[part.invoice_id or ""] = taken.get(part.invoice_id or "", 0) + part.amount.minor
                freed = []
            case Kind.CHARGEBACK_WON:
                taken = {}
            case _:
                freed = []
    return taken


def check_offline(method: Method, memo: str, received_on: date, today: date) -> None:
    """Rules for a recorded receipt: not in the future, a check needs its number (R-2, R-21)."""
    if received_on > today:
        raise ReceivedInFuture
    if method is Method.CHECK and not memo.strip():
        raise MemoRequired
