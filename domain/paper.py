"""What a document says when it is printed or sent: the facts of it, and the sheet of words made from them."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.company import Company
from domain.credit_memo import CreditMemo
from domain.file import KeptFile
from domain.invoice import Content, CostKind, CostLine, Invoice
from domain.listing import InvoiceRow
from domain.money import Money, total
from domain.payment import Payment
from domain.statement import Statement
from domain.store import Letterhead


@dataclass(frozen=True, slots=True)
class Sender:
    """The seller as it stands on paper, and how its papers are written. `logo` are the bytes of a PNG or JPEG."""

    name: str
    address: tuple[str, ...] = ()
    letterhead: Letterhead = field(default_factory=Letterhead)
    logo: bytes = b""
    language: str = "en"
    date_format: str = ""


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """An invoice. Where the ERP's own PDF is kept, that one is the tax document and this one a copy (R-27)."""

    sender: Sender
    invoice: Invoice
    official: KeptFile | None = None


@dataclass(frozen=True, slots=True)
class CreditMemoPaper:
    """A credit memo; `invoice_number` is of the invoice it corrects, empty for none."""

    sender: Sender
    memo: CreditMemo
    company_name: str
    invoice_number: str = ""
    official: KeptFile | None = None


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """A receipt for a payment with what it was applied to, each invoice as it stands now."""

    sender: Sender
    payment: Payment
    company_name: str
    applied_to: tuple[tuple[InvoiceRow, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class StatementPaper:
    """A statement of account: opening + lines = closing (R-2)."""

    sender: Sender
    statement: Statement
    company: Company


Paper = InvoicePaper | CreditMemoPaper | ReceiptPaper | StatementPaper


@dataclass(frozen=True, slots=True)
class TaxRow:
    """Tax of one rate. `base` is what it was taken of, None where the document does not say."""

    description: str
    rate: Decimal | None
    base: Money | None
    amount: Money


def tax_table(content: Content, currency: str) -> list[TaxRow]:
    """One row per tax cost line, which is one per rate (R-6). Of a single rate the base is everything else, where it
    comes to that tax within a minor unit per line; of several, lines do not say which rate they had."""
    taxes = [cost for cost in content.cost_lines if cost.kind is CostKind.TAX]
    if len(taxes) != 1:
        return [TaxRow(cost.description, cost.rate, None, cost.amount) for cost in taxes]
    (only,) = taxes
    return [TaxRow(only.description, only.rate, _base(content, only, currency), only.amount)]


def _base(content: Content, tax: CostLine, currency: str) -> Money | None:
    if tax.rate is None:
        return None
    base = total(
        [line.amount for line in content.lines] + [cost.amount for cost in content.cost_lines if cost is not tax],
        currency,
    )
    expected = Money.rounded(base.amount * tax.rate / 100, currency)
    return base if abs(expected - tax.amount).minor <= max(1, len(content.lines)) else None


# --- words ---------------------------------------------------------------------------------------
class Side(StrEnum):
    """Where a column's cells stand: words at the start, numbers at the end."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    side: Side = Side.START


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose head is repeated on every page. The first column of `wide` takes the room that is left."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A heading and lines below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document in words, ready to be laid out: the same for PDF and for the page to print. Nothing in it is markup.

    `mark` is what the reader must see first, such as that this is a copy; `page_of` reads `Page {page} of {pages}`;
    `on` is the day the document is of.
    """

    title: str
    number: str
    on: date
    language: str
    accent: str
    sender: Block
    page_of: str
    logo: bytes = b""
    logo_label: str = ""
    mark: str = ""
    parties: tuple[Block, ...] = ()
    facts: tuple[Fact, ...] = ()
    grids: tuple[Grid, ...] = ()
    sums: tuple[Fact, ...] = ()
    after: tuple[Grid, ...] = ()
    blocks: tuple[Block, ...] = ()

    @property
    def name(self) -> str:
        """What the file is called; a document without a number by its title and day."""
        return f"{self.number or f'{self.title} {self.on.isoformat()}'}.pdf"
