"""Invoices, payments, credit memos, payment attempts and their numbers, inside one unit of work."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from domain.credit_memo import CreditMemo
from domain.invoice import Invoice
from domain.ledger import Movement
from domain.money import Money
from domain.payment import Payment
from domain.payment_attempt import PaymentAttempt


class Invoices(Protocol):
    """Invoices of one store. Money is never written here: `Work.book` does that from movements."""

    def add(self, invoice: Invoice) -> None:
        """Raises NumberTaken, ExternalIdTaken or AlreadyInvoiced when a unique rule says so (R-5, I-5)."""

    def get(self, invoice_id: str) -> Invoice: ...

    def locked(self, invoice_ids: Iterable[str]) -> dict[str, Invoice]:
        """Locks rows in id order and reads them. Raises NotFound when one is missing."""

    def save(self, invoice: Invoice) -> None:
        """Writes content and `removed` of a locked invoice; its version grows by one.

        Raises AlreadyInvoiced when a restore meets another live invoice of its order."""

    def find_external(self, number_space: str, external_id: str) -> Invoice | None: ...

    def find_number(self, number_space: str, number: str) -> Invoice | None: ...

    def live_for_order(self, order_id: int) -> list[Invoice]:
        """Live (neither void nor deleted) invoices citing the order, portal-made first (R-11)."""

    def had_for_order(self, order_id: int) -> bool:
        """Whether the order ever had an invoice, void and deleted ones too."""

    def open_of(self, company_id: int, currency: str) -> list[Invoice]:
        """What the company still owes in that currency, oldest due first; not locked."""


class Payments(Protocol):
    def add(self, payment: Payment) -> None:
        """Raises ChangedMeanwhile when the BigCommerce order already has a payment (I-6)."""

    def get(self, payment_id: str) -> Payment: ...

    def locked(self, payment_ids: Iterable[str]) -> dict[str, Payment]:
        """Locks rows in id order and reads them with their live allocations; after the invoices' locks. Ids that are
        no payment, such as a credit memo's, are left out."""

    def save(self, payment: Payment) -> None:
        """Writes of a locked payment what is not its account: memo, pending lines, failed, needs_review, recovery, and
        what an announced one becomes when it is recorded (method, day, who)."""

    def find_by_order(self, bc_order_id: int) -> Payment | None: ...

    def by_orders(self, bc_order_ids: Iterable[int]) -> dict[int, Payment]:
        """The payments of these BigCommerce orders, by order id."""

    def booked_transactions(self, ids: Iterable[str]) -> dict[str, str]:
        """Which of the transaction or refund ids are in the ledger: id to source id (I-6)."""

    def allocated_to(self, invoice_id: str) -> list[str]:
        """Ids of sources with live allocations to the invoice, newest allocation first (R-15)."""

    def pending_on(self, invoice_ids: Iterable[str]) -> dict[str, Money]:
        """Money on its way per invoice, from `Payment.pending` of payments that nothing was received on yet."""

    def number_is_used(self, number: str) -> bool: ...

    def movements(self, payment_id: str) -> list[Movement]:
        """Everything that ever moved its money, oldest first."""

    def find_similar(self, payment: Payment, amount: Money, since: date) -> Payment | None:
        """Same company, method, memo and amount received since that day (R-21)."""


class CreditMemos(Protocol):
    def add(self, memo: CreditMemo) -> None: ...

    def get(self, memo_id: str) -> CreditMemo: ...

    def locked(self, memo_ids: Iterable[str]) -> dict[str, CreditMemo]:
        """As of payments; ids that are no credit memo are left out."""

    def find_external(self, number_space: str, external_id: str) -> CreditMemo | None: ...

    def of_invoice(self, invoice_id: str) -> list[CreditMemo]:
        """Those that credit it, oldest first."""


class Attempts(Protocol):
    def add(self, attempt: PaymentAttempt) -> None: ...

    def get(self, attempt_id: str) -> PaymentAttempt: ...

    def locked(self, attempt_id: str) -> PaymentAttempt:
        """As `get`, and nobody else changes it until the commit."""

    def save(self, attempt: PaymentAttempt) -> None: ...

    def find_by_cart(self, cart_id: str) -> PaymentAttempt | None: ...

    def reserving(self, invoice_ids: Iterable[str], now: datetime) -> list[PaymentAttempt]: ...

    def unpaid_before(self, started_before: datetime) -> list[PaymentAttempt]:
        """Carts made and neither settled nor expired, started before then."""

    def unpaid_carts(self, customer_id: int, most: int) -> list[str]:
        """Carts of a shopper that are neither settled nor expired, newest first."""


class Numbers(Protocol):
    def take(self, series: str) -> int:
        """The next number of a series (`invoice`, `payment`, `credit_memo`); never given again, gaps are explained
        by the register. Serialises per series until the commit."""

    def last(self, series: str) -> int:
        """The last number taken, or the one before a start that was set; 0 for a series not begun."""

    def start(self, series: str, first: int) -> bool:
        """Lets a series go on at `first`, never at one that may have been given: False when it is beyond."""
