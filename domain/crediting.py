"""What a credit memo takes back of an invoice: lines by quantity, charges by amount, tax by its share per rate (R-4).

Shares are rounded over everything credited so far, not memo by memo: an invoice that is credited bit by bit comes to
its own total, to the cent (I-15).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from domain.errors import InputInvalid, MoreThanInvoiced, NotCreditable
from domain.invoice import GONE, Content, CostKind, CostLine, Invoice, Line
from domain.money import Money
from domain.price import UnitPrice, plain

_SHARED: Final = frozenset({CostKind.DISCOUNT, CostKind.ROUNDING, CostKind.DIFFERENCE})
"""Cost lines that follow what they were given for; nobody chooses them."""

_NEAR: Final = Fraction(6, 10)
"""How far, in percent, a line's own tax may lie from a rate to count as taxed by it: cents on small lines."""


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of an invoice and the quantity nobody credited yet."""

    position: int
    line: Line
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class ChargeLeft:
    """A charge of an invoice, such as shipping, and what is left to credit of it."""

    position: int
    cost: CostLine
    amount: Money


@dataclass(frozen=True, slots=True)
class Credit:
    """Lines and cost lines of a credit memo, as positive amounts."""

    lines: tuple[Line, ...]
    cost_lines: tuple[CostLine, ...]


def check_creditable(invoice: Invoice) -> None:
    """Void and deleted invoices are owed nothing. Raises NotCreditable."""
    if invoice.removed is not None:
        raise NotCreditable(invoice.number, GONE[invoice.removed])


class Crediting:
    """One invoice against the credit memos issued for it before."""

    def __init__(self, invoice: Invoice, earlier: Sequence[Content]) -> None:
        self._content = invoice.content
        self._currency = invoice.currency
        self._earlier = earlier

    # --- what is left -----------------------------------------------------------------------------------------
    @property
    def lines(self) -> list[LineLeft]:
        """Lines that can be chosen by quantity."""
        return [
            LineLeft(position, line, line.quantity - self._quantity_before(position))
            for position, line in enumerate(self._content.lines)
            if line.quantity > 0
        ]

    @property
    def charges(self) -> list[ChargeLeft]:
        """Charges that can be chosen by amount: neither tax nor what is shared out by itself."""
        return [
            ChargeLeft(position, cost, Money(cost.amount.minor - self._cost_before(position), self._currency))
            for position, cost in enumerate(self._content.cost_lines)
            if _is_charge(cost)
        ]

    # --- a credit -------------------------------------------------------------------------------------------------
    def credit(self, quantities: Mapping[int, Decimal], charges: Mapping[int, Money]) -> Credit:
        """The memo for these quantities by line and amounts by charge, with discounts and tax by their share.

        Raises MoreThanInvoiced, InputInvalid.
        """
        parts = self._line_parts(quantities)
        charged = self._charged(charges)
        lines = [self._line(one, quantities[one.position], parts) for one in self.lines if quantities.get(one.position)]
        costs = []
        for position, cost in enumerate(self._content.cost_lines):
            share = self._cost_share(position, cost, parts, charged)
            minor = _rounded(share) - self._cost_before(position)
            if minor:
                amount = Money(minor, self._currency)
                costs.append(CostLine(cost.kind, cost.description, amount, cost.rate, credits=position))
        return Credit(tuple(lines), tuple(costs))

    def _line_parts(self, quantities: Mapping[int, Decimal]) -> dict[int, Fraction]:
        """By line, which part of it is credited after this memo: 0 to 1."""
        parts = {}
        known = {one.position: one for one in self.lines}
        for position, asked in quantities.items():
            if position not in known or asked < 0:
                raise InputInvalid(f"quantity-{position}", "Enter a quantity of zero or more.")
            if asked > known[position].quantity:
                raise MoreThanInvoiced(known[position].line.description, plain(known[position].quantity))
        for position, one in known.items():
            done = self._quantity_before(position) + quantities.get(position, Decimal(0))
            parts[position] = Fraction(done) / Fraction(one.line.quantity)
        return parts

    def _charged(self, charges: Mapping[int, Money]) -> dict[int, int]:
        """By charge, what is credited of it after this memo, minor units."""
        known = {one.position: one for one in self.charges}
        for position, asked in charges.items():
            if position not in known or asked.minor < 0:
                raise InputInvalid(f"charge-{position}", "Enter an amount of zero or more.")
            if asked > known[position].amount:
                raise MoreThanInvoiced(known[position].cost.description, known[position].amount)
        return {
            position: self._cost_before(position) + (charges[position].minor if position in charges else 0)
            for position in known
        }

    def _line(self, left: LineLeft, quantity: Decimal, parts: Mapping[int, Fraction]) -> Line:
        line, part = left.line, parts[left.position]
        before = self._lines_before(left.position)
        amount = _rounded(part * line.amount.minor) - sum(one.amount.minor for one in before)
        tax = None
        if line.tax is not None:
            told = sum(one.tax.minor for one in before if one.tax is not None)
            tax = Money(_rounded(part * line.tax.minor) - told, self._currency)
        discount = line.unit_price.extended(quantity, self._currency).minor - amount
        return Line(
            line.description,
            quantity,
            line.unit_price,
            Money(amount, self._currency),
            sku=line.sku,
            discount=Money(discount, self._currency) if line.discount and discount > 0 else None,
            tax=tax,
            credits=left.position,
        )

    # --- shares of cost lines ---------------------------------------------------------------------------------------
    def _cost_share(
        self, position: int, cost: CostLine, parts: Mapping[int, Fraction], charged: Mapping[int, int]
    ) -> Fraction:
        """What is credited of a cost line after this memo, minor units, exactly."""
        if _is_charge(cost):
            return Fraction(charged[position])
        if cost.kind is CostKind.TAX:
            return self._tax_share(position, cost, parts, charged)
        return cost.amount.minor * self._part_of_lines(parts)

    def _part_of_lines(self, parts: Mapping[int, Fraction]) -> Fraction:
        whole = sum(line.amount.minor for line in self._content.lines)
        done = sum((parts[position] * self._content.lines[position].amount.minor for position in parts), Fraction(0))
        return done / whole if whole else Fraction(0)

    def _tax_share(
        self, position: int, cost: CostLine, parts: Mapping[int, Fraction], charged: Mapping[int, int]
    ) -> Fraction:
        """Lines bring their own tax; the rest of a rate is the tax of the charges. Where no line names its tax, tax
        follows the net amount."""
        if not any(line.tax for line in self._content.lines):
            return cost.amount.minor * self._part_of_net(parts, charged)
        own = {at: self._tax_of_line(line, position) for at, line in enumerate(self._content.lines)}
        rest = cost.amount.minor - sum(own.values(), Fraction(0))
        whole = sum(one.cost.amount.minor for one in self.charges)
        of_rest = Fraction(sum(charged.values()), whole) if whole else self._part_of_lines(parts)
        return sum((parts[at] * own[at] for at in parts), Fraction(0)) + rest * of_rest

    def _part_of_net(self, parts: Mapping[int, Fraction], charged: Mapping[int, int]) -> Fraction:
        of_lines = self._part_of_lines(parts)
        lines = sum(line.amount.minor for line in self._content.lines)
        shared = sum(cost.amount.minor for cost in self._content.cost_lines if _is_shared(cost))
        charges = sum(one.cost.amount.minor for one in self.charges)
        net = lines + shared + charges
        return ((lines + shared) * of_lines + sum(charged.values())) / net if net else Fraction(0)

    def _tax_of_line(self, line: Line, position: int) -> Fraction:
        """The part of a line's tax that stands in the tax line at `position`: the one of its rate, or by size."""
        if not line.tax:
            return Fraction(0)
        taxes = {at: cost for at, cost in enumerate(self._content.cost_lines) if cost.kind is CostKind.TAX}
        if line.amount:
            percent = Fraction(line.tax.minor, line.amount.minor) * 100
            near = {
                at: abs(Fraction(cost.rate) - percent)
                for at, cost in taxes.items()
                if cost.rate is not None and abs(Fraction(cost.rate) - percent) <= _NEAR
            }
            if near:
                return Fraction(line.tax.minor if min(near, key=lambda at: (near[at], at)) == position else 0)
        whole = sum(cost.amount.minor for cost in taxes.values())
        return Fraction(line.tax.minor * taxes[position].amount.minor, whole) if whole else Fraction(0)

    # --- earlier memos ----------------------------------------------------------------------------------------------
    def _lines_before(self, position: int) -> list[Line]:
        """Only of the line as it stands: an edited invoice may have another one at its place."""
        mine = self._content.lines[position]
        return [
            line
            for content in self._earlier
            for line in content.lines
            if line.credits == position and (line.sku, line.description) == (mine.sku, mine.description)
        ]

    def _quantity_before(self, position: int) -> Decimal:
        return sum((line.quantity for line in self._lines_before(position)), Decimal(0))

    def _cost_before(self, position: int) -> int:
        mine = self._content.cost_lines[position]
        return sum(
            cost.amount.minor
            for content in self._earlier
            for cost in content.cost_lines
            if cost.credits == position and (cost.kind, cost.rate) == (mine.kind, mine.rate)
        )


@dataclass(frozen=True, slots=True)
class FreeLine:
    """A line of a credit memo that cites no invoice: what for, net, and the tax rate in percent."""

    description: str
    amount: Money
    rate: Decimal | None = None


def free_credit(lines: Sequence[FreeLine], currency: str) -> Credit:
    """A credit memo from nothing, tax in one line per rate."""
    by_rate: dict[Decimal, Fraction] = {}
    for one in lines:
        if one.rate:
            by_rate[one.rate] = by_rate.get(one.rate, Fraction(0)) + one.amount.minor * Fraction(one.rate) / 100
    costs = [
        CostLine(CostKind.TAX, f"Tax {plain(rate)}%", Money(_rounded(minor), currency), rate)
        for rate, minor in sorted(by_rate.items())
        if _rounded(minor)
    ]
    made = [Line(one.description, Decimal(1), UnitPrice(one.amount.amount), one.amount) for one in lines]
    return Credit(tuple(made), tuple(costs))


def _is_shared(cost: CostLine) -> bool:
    return cost.kind is not CostKind.TAX and (cost.kind in _SHARED or cost.amount.minor <= 0)


def _is_charge(cost: CostLine) -> bool:
    return cost.kind is not CostKind.TAX and not _is_shared(cost)


def _rounded(minor: Fraction) -> int:
    """Half away from zero, as `Money.rounded`."""
    size = (2 * abs(minor) + 1) // 2
    return int(size) if minor >= 0 else -int(size)
