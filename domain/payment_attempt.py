"""A buyer's intent to pay online: which invoices, how much each, and what became of it (R-16 to R-19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.money import Money, total

SKU: Final = "IP-INVOICE"
"""SKU of the payment product; all lines share it, the checkout script recognises our cart by it (R-17)."""

RESERVED_FOR: Final = timedelta(minutes=30)
"""A soft, advisory reservation (F-5, F-6)."""

UNPAID_CART_LIVES: Final = timedelta(minutes=45)
"""After that an unpaid cart is deleted, or the store would send abandoned-cart mails (R-18)."""

MOST_SINGLE_LINES: Final = 25
"""Above that many invoices the cart has one line with the split in the attempt (R-17)."""


class AttemptState(StrEnum):
    STARTED = "started"
    CART_MADE = "cart_made"
    REFUSED = "refused"
    EXPIRED = "expired"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One invoice's share of the attempt; number and due date as they were, to fill oldest first."""

    invoice_id: str
    number: str
    due_on: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CartLine:
    """A line of a cart or of an order made from it: name, unit price, quantity, SKU."""

    sku: str
    name: str
    price: Money
    quantity: int
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentAttempt:
    """Committed before the cart is made (F-3). `payment_number` is reserved for the payment it becomes."""

    id: str
    company_id: int
    customer_id: int
    currency: str
    lines: tuple[AttemptLine, ...]
    payment_number: str
    started_at: datetime
    channel_id: int = 1
    state: AttemptState = AttemptState.STARTED
    cart_id: str | None = None
    masquerading_rep: str | None = None

    @property
    def total(self) -> Money:
        return total((line.amount for line in self.lines), self.currency)

    @property
    def expires_at(self) -> datetime:
        return self.started_at + RESERVED_FOR

    def reserves(self, now: datetime) -> bool:
        """Whether colleagues see “being paid” now."""
        return self.state in (AttemptState.STARTED, AttemptState.CART_MADE) and now < self.expires_at

    def with_cart(self, cart_id: str) -> "PaymentAttempt":
        return replace(self, cart_id=cart_id, state=AttemptState.CART_MADE)

    def in_state(self, state: AttemptState) -> "PaymentAttempt":
        return replace(self, state=state)

    def cart_lines(self) -> tuple[CartLine, ...]:
        """What the cart must hold: one line per invoice, or one for all above 25 (R-17)."""
        if len(self.lines) > MOST_SINGLE_LINES:
            name = f"Payment of {len(self.lines)} invoices ({self.payment_number})"
            return (CartLine(SKU, name, self.total, 1),)
        return tuple(CartLine(SKU, f"Invoice {line.number}", line.amount, 1) for line in self.lines)


def shares(
    attempt: PaymentAttempt, lines: Sequence[CartLine], captured: Money
) -> tuple[Mapping[str, Money], list[str]]:
    """How captured money is meant for the invoices, and what did not match (R-19).

    Lines equal the attempt: its split. Captured less: attempt lines that are still there, oldest due first.
    Captured more or a changed line: the split as far as lines still stand, the rest unapplied with a remark.
    A foreign line that the captured money does not cover too cannot be separated: everything unapplied.
    """
    expected = attempt.cart_lines()
    standing = standing_lines(attempt, lines)
    foreign = [line for line in lines if line.sku != SKU]
    remarks = [f"“{line.name}” is not part of the payment" for line in foreign]
    if len(standing) < len(expected):
        remarks.append(f"{len(expected) - len(standing)} of {len(expected)} lines were removed or changed")
    if sum(line.quantity for line in lines if any(_same(line, one) for one in expected)) > len(standing):
        remarks.append("the quantity of a line was raised")
    if captured < attempt.total:
        remarks.append(f"{captured} of {attempt.total} was captured")
    elif captured > attempt.total:
        remarks.append(f"{captured} was captured instead of {attempt.total}")
    if foreign and captured.minor < sum(line.price.minor * line.quantity for line in lines):
        remarks.append("what was captured cannot be told apart")
        return {}, remarks
    return _fill([paid for _, paid_lines in standing for paid in paid_lines], captured), remarks


def standing_lines(
    attempt: PaymentAttempt, lines: Sequence[CartLine]
) -> list[tuple[CartLine, tuple[AttemptLine, ...]]]:
    """The lines of a cart or order that are the attempt's, by name and price (R-17), with what each of them pays.

    A unit of a line stands for one only: invoices of two number spaces may share a number.
    """
    expected = attempt.cart_lines()
    pays = [attempt.lines] if len(expected) < len(attempt.lines) else [(line,) for line in attempt.lines]
    left = {index: line.quantity for index, line in enumerate(lines) if line.sku == SKU}
    found = []
    for one, paid in zip(expected, pays, strict=True):
        index = next((index for index in left if left[index] > 0 and _same(one, lines[index])), None)
        if index is not None:
            left[index] -= 1
            found.append((lines[index], paid))
    return found


def _same(one: CartLine, other: CartLine) -> bool:
    return (one.sku, one.name, one.price) == (other.sku, other.name, other.price)


def _fill(lines: Sequence[AttemptLine], captured: Money) -> dict[str, Money]:
    left = captured
    result: dict[str, Money] = {}
    for line in sorted(lines, key=lambda line: (line.due_on, line.number)):
        amount = min(left, line.amount)
        if amount.minor > 0:
            result[line.invoice_id] = amount
            left = left - amount
    return result
