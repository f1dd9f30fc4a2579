"""Sources of credit: what payments and credit memos have in common when their money is set off against invoices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from domain.errors import MixedCurrencies, MoreThanAvailable
from domain.invoice import Invoice, oldest_due_first
from domain.ledger import Kind, Movement, Origin, SourceAccount, SourceKind
from domain.money import Money


@dataclass(slots=True)
class SourceOfCredit:
    """Money or credit of a company that can be allocated. `allocations` are live: invoice id to minor units."""

    id: str
    number: str
    company_id: int
    currency: str
    effective_on: date
    account: SourceAccount = field(default_factory=SourceAccount)
    allocations: dict[str, int] = field(default_factory=dict)

    kind: ClassVar[SourceKind]

    @property
    def available(self) -> Money:
        return Money(self.account.available, self.currency)

    @property
    def applied(self) -> Money:
        return Money(self.account.allocated, self.currency)

    def allocate(
        self,
        invoice: Invoice,
        amount: Money,
        on: date | None = None,
        origin: Origin = Origin.PORTAL,
        *,
        not_before: date | None = None,
    ) -> Movement:
        """Sets money off against one invoice. Raises MoreThanOwed, MoreThanAvailable or MixedCurrencies.

        Effective on the later of source and invoice date unless `on` is given, and `not_before` the day the money
        came in or the books are open again (R-2).
        """
        invoice.check_can_take(amount)
        if amount > self.available:
            raise MoreThanAvailable(self.number, self.available)
        effective = on or max(self.effective_on, invoice.content.issued_on, not_before or date.min)
        movement = self._move(Kind.ALLOCATED, amount, effective, invoice, origin)
        self.allocations[invoice.id] = self.allocations.get(invoice.id, 0) + amount.minor
        return movement

    def deallocate(self, invoice: Invoice, amount: Money, on: date, origin: Origin = Origin.PORTAL) -> Movement:
        """Takes an allocation, or part of it, back. Raises MoreThanAvailable or MixedCurrencies."""
        self._check_currency(amount)
        live = self.allocations.get(invoice.id, 0)
        if amount.minor > live:
            raise MoreThanAvailable(self.number, Money(live, self.currency))
        movement = self._move(Kind.DEALLOCATED, amount, on, invoice, origin)
        if live == amount.minor:
            del self.allocations[invoice.id]
        else:
            self.allocations[invoice.id] = live - amount.minor
        return movement

    def fill(
        self, invoices: Sequence[Invoice], limit: Money | None = None, *, not_before: date | None = None
    ) -> list[Movement]:
        """Applies what is available, oldest due first, each up to its balance."""
        movements = []
        left = self.available if limit is None else min(limit, self.available)
        for invoice in oldest_due_first(invoices):
            amount = min(left, invoice.balance)
            if amount.minor > 0:
                movements.append(self.allocate(invoice, amount, not_before=not_before))
                left = left - amount
        return movements

    def free(self, amount: Money, invoices: Mapping[str, Invoice], on: date) -> list[Movement]:
        """Deallocates until `amount` is available, latest due first (R-20)."""
        movements: list[Movement] = []
        mine = [invoices[invoice_id] for invoice_id in self.allocations]
        for invoice in reversed(oldest_due_first(mine)):
            short = amount.minor - self.account.available
            if short <= 0:
                break
            part = Money(min(short, self.allocations[invoice.id]), self.currency)
            movements.append(self.deallocate(invoice, part, on))
        return movements

    def pay_out(self, amount: Money, on: date) -> Movement:
        """Available credit returned to the company outside the portal (R-21). Raises MoreThanAvailable."""
        self._check_currency(amount)
        if amount > self.available:
            raise MoreThanAvailable(self.number, self.available)
        return self.post(Kind.PAID_OUT, amount, on)

    def _check_currency(self, amount: Money) -> None:
        if amount.currency != self.currency:
            raise MixedCurrencies(amount.currency, self.currency)

    def _move(self, kind: Kind, amount: Money, on: date, invoice: Invoice, origin: Origin) -> Movement:
        movement = Movement(
            kind,
            amount,
            invoice.company_id,
            on,
            invoice_id=invoice.id,
            source_id=self.id,
            source_kind=self.kind,
            payer_company_id=self.company_id if self.company_id != invoice.company_id else None,
            origin=origin,
        )
        invoice.take(movement)
        self.account = self.account.after(movement)
        return movement

    def post(
        self,
        kind: Kind,
        amount: Money,
        on: date,
        *,
        transaction_id: str | None = None,
        origin: Origin = Origin.PORTAL,
    ) -> Movement:
        """Money coming into or leaving this source. Raises MixedCurrencies."""
        self._check_currency(amount)
        movement = Movement(
            kind,
            amount,
            self.company_id,
            on,
            source_id=self.id,
            source_kind=self.kind,
            transaction_id=transaction_id,
            origin=origin,
        )
        self.account = self.account.after(movement)
        return movement
