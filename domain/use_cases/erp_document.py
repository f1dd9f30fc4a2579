"""An invoice as an ERP states it, and what of it stands on our paper (R-6, R-7)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.address import Address
from domain.company import Company
from domain.errors import DoesNotAddUp, InputInvalid, MixedCurrencies
from domain.invoice import Content, CostKind, CostLine, Line
from domain.money import Money
from domain.price import UnitPrice, plain
from domain.store import Settings
from domain.terms import DueFrom, due_date

ERP_SPACE = "erp"
"""The number space of a store with one ERP legal entity (R-5)."""


@dataclass(frozen=True)
class InvoiceDocument:
    """One invoice as the ERP states it, read and typed by an adapter.

    `total` rules; what lines and cost lines do not explain becomes a visible difference. `amount_due` None means
    nothing was said about payments. `company` is a BundleB2B company id or the ERP's id of the company.
    `silent` tells neither buyers nor webhooks, as in opening mode (R-12).
    `forgive` accepts any difference with a finding (`/ip`), else more than one unit per line is refused.
    """

    external_id: str
    number: str
    company_ref: str
    currency: str
    total: Money
    issued_on: date
    lines: tuple[Line, ...] = ()
    cost_lines: tuple[CostLine, ...] = ()
    amount_due: Money | None = None
    due_on: date | None = None
    order_id: int | None = None
    po_number: str = ""
    terms_text: str = ""
    notes: str = ""
    billing_address: Address = field(default_factory=Address)
    shipping_addresses: tuple[Address, ...] = ()
    extra_fields: Mapping[str, str] = field(default_factory=dict)
    paid_on: date | None = None
    number_space: str = ERP_SPACE
    restore: bool = False
    forgive: bool = False
    silent: bool = False

    @property
    def digest(self) -> str:
        """Equal for equal papers: what is owed on it and how it is imported does not count (I-9)."""
        parts = [
            *(self.number, self.currency, self.total.text, self.issued_on, self.due_on, self.po_number),
            *(self.terms_text, self.notes, self.billing_address, self.shipping_addresses),
            sorted(self.extra_fields.items()),
            [_line_parts(line) for line in self.lines],
            [(one.kind, one.description, one.amount.text, one.rate and plain(one.rate)) for one in self.cost_lines],
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def _line_parts(line: Line) -> tuple[object, ...]:
    price = (plain(line.unit_price.value), line.unit_price.base)
    return (
        line.sku,
        line.description,
        plain(line.quantity),
        *price,
        str(line.amount),
        str(line.discount),
        str(line.tax),
    )


def paper_of(
    document: InvoiceDocument, company: Company, settings: Settings, kept: Content | None = None
) -> tuple[Content, list[str]]:
    """The document as our content, and findings for the integrator. A due date that is not stated stays as it was
    `kept`: changed terms move no existing invoice (R-7).

    Raises DoesNotAddUp, MixedCurrencies, InputInvalid for a total below zero.
    """
    if document.total.currency != document.currency:
        raise MixedCurrencies(document.total.currency, document.currency)
    if document.total.minor < 0:
        raise InputInvalid("total", "A total below zero is a credit memo. Send it as a credit memo.")
    due = due_date(
        document.issued_on, stated=document.due_on, company=company.terms, b2b=company.b2b_terms, store=settings.terms
    )
    lines = document.lines or (_whole(document),)
    costs, findings = _costs(document, lines)
    if due.on < document.issued_on:
        findings.append("The due date lies before the issue date.")
    findings += [f"Line “{line.description}” does not multiply out." for line in lines if line.is_off]
    stays = kept is not None and due.from_ is not DueFrom.STATED
    content = Content(
        lines=lines,
        cost_lines=costs,
        issued_on=document.issued_on,
        due_on=kept.due_on if kept and stays else due.on,
        due_from=kept.due_from if kept and stays else due.from_,
        terms_text=document.terms_text or (kept.terms_text if kept and stays else due.words),
        po_number=document.po_number,
        billing_address=document.billing_address,
        shipping_addresses=document.shipping_addresses,
        notes=document.notes,
        extra_fields=dict(document.extra_fields),
        pushed=document.digest,
    )
    return content, findings


def _whole(document: InvoiceDocument) -> Line:
    """A body without lines gets one line “As per document” (R-6)."""
    costs = sum(cost.amount.minor for cost in document.cost_lines)
    rest = Money(document.total.minor - costs, document.currency)
    return Line("As per document", Decimal(1), UnitPrice(rest.amount), rest)


def _costs(document: InvoiceDocument, lines: Sequence[Line]) -> tuple[tuple[CostLine, ...], list[str]]:
    """The cost lines, with what still does not add up as one visible line (R-6)."""
    known = sum(line.amount.minor for line in lines) + sum(cost.amount.minor for cost in document.cost_lines)
    rest = Money(document.total.minor - known, document.currency)
    if not rest:
        return document.cost_lines, []
    if abs(rest).minor > len(lines) and not document.forgive:
        raise DoesNotAddUp(document.total, Money(known, document.currency))
    difference = CostLine(CostKind.DIFFERENCE, "Difference to stated total", rest)
    return (*document.cost_lines, difference), [f"Lines and cost lines differ from the stated total by {rest}."]
