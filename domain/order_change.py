"""An order that changed after its invoice was made: what differs, and the act proposed; nothing by itself (R-11)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.draft import Draft, draft_of
from domain.invoice import CostLine, Invoice, Line, Status
from domain.money import Money, total
from domain.order import Order, Refund


class ChangeKind(StrEnum):
    """What happened to the order: it is cancelled, declined or archived; something went back; it comes to more or to
    less than its invoice."""

    GONE = "gone"
    REFUNDED = "refunded"
    LARGER = "larger"
    SMALLER = "smaller"


class Proposal(StrEnum):
    """The act proposed to a person."""

    VOID = "void"
    CREDIT_MEMO = "credit_memo"
    UPDATE = "update"
    SUPPLEMENT = "supplement"


def proposal_for(kind: ChangeKind, status: Status) -> Proposal | None:
    """By what happened and by how far the invoice is settled; None for one that is void or deleted (R-11)."""
    if status in (Status.VOID, Status.DELETED):
        return None
    is_open = status is Status.OPEN
    match kind:
        case ChangeKind.GONE:
            return Proposal.VOID if is_open else Proposal.CREDIT_MEMO
        case ChangeKind.REFUNDED:
            return Proposal.CREDIT_MEMO
        case ChangeKind.SMALLER:
            return Proposal.UPDATE if is_open else Proposal.CREDIT_MEMO
        case ChangeKind.LARGER:
            return Proposal.UPDATE if is_open else Proposal.SUPPLEMENT


@dataclass(frozen=True, slots=True)
class Difference:
    """A line or cost line that stands differently on both; None where it stands on one side only."""

    label: str
    sku: str
    invoiced: Money | None
    ordered: Money | None
    invoiced_quantity: Decimal | None = None
    ordered_quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OrderChange:
    """`asked` is the invoice's total without what credit memos took back, `comes_to` what the order would be invoiced
    with now."""

    kind: ChangeKind
    asked: Money
    comes_to: Money
    differences: tuple[Difference, ...]
    proposal: Proposal | None

    @property
    def difference(self) -> Money:
        """What the order comes to beyond the invoice; nothing of a cancelled order is owed."""
        if self.kind is ChangeKind.GONE:
            return -self.asked
        return self.comes_to - self.asked


def compare(order: Order, refunds: Iterable[Refund], invoice: Invoice) -> OrderChange | None:
    """Order and invoice side by side; None while both come to the same."""
    refunds = tuple(refunds)
    now = draft_of(order, refunds)
    comes_to = now.total(order.currency)
    asked = invoice.total - Money(invoice.account.credited, invoice.currency)
    if not order.is_gone and comes_to == asked:
        return None
    kind = _kind(order, refunds, comes_to > asked)
    return OrderChange(kind, asked, comes_to, _differences(invoice, now), proposal_for(kind, invoice.status))


def _kind(order: Order, refunds: tuple[Refund, ...], is_larger: bool) -> ChangeKind:
    if order.is_gone:
        return ChangeKind.GONE
    if is_larger:
        return ChangeKind.LARGER
    went_back = any(refund.paid for refund in refunds) or any(line.quantity_refunded for line in order.lines)
    return ChangeKind.REFUNDED if went_back else ChangeKind.SMALLER


_Key = tuple[str, str]
_Side = Mapping[_Key, tuple[Decimal | None, Money]]
_NOTHING: Final = (None, None)


def _differences(invoice: Invoice, now: Draft) -> tuple[Difference, ...]:
    was = _side(invoice.content.lines, invoice.content.cost_lines)
    is_now = _side(now.lines, now.cost_lines)
    found = []
    for key in dict.fromkeys((*was, *is_now)):
        before, after = was.get(key, _NOTHING), is_now.get(key, _NOTHING)
        if before != after:
            sku, label = key
            found.append(Difference(label, sku, before[1], after[1], before[0], after[0]))
    return tuple(found)


def _side(lines: Iterable[Line], costs: Iterable[CostLine]) -> _Side:
    """Amount and quantity by SKU and words; equal ones are one."""
    whole: dict[_Key, tuple[Decimal | None, Money]] = {}
    for line in lines:
        key = (line.sku, line.description)
        quantity, amount = whole.get(key, (Decimal(0), Money.zero(line.amount.currency)))
        whole[key] = ((quantity or Decimal(0)) + line.quantity, amount + line.amount)
    for cost in costs:
        key = ("", cost.description)
        _, amount = whole.get(key, (None, Money.zero(cost.amount.currency)))
        whole[key] = (None, total((amount, cost.amount), cost.amount.currency))
    return whole
