"""Documents in words: labels in the reader's language, amounts and dates as the store writes them (R-27)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import singledispatch
from typing import Final

from admin_app.language import N_, gettext, locale_of, speaking
from admin_app.language import gettext as _
from admin_app.presentation import Display, day, money, quantity, unit_price
from admin_app.statement_words import group_words, line_words
from domain.file import KeptFile
from domain.invoice import Content, Invoice, Line, Removed
from domain.money import Money, total
from domain.paper import (
    Block,
    Column,
    CreditMemoPaper,
    Fact,
    Grid,
    InvoicePaper,
    Paper,
    ReceiptPaper,
    Sender,
    Sheet,
    Side,
    StatementPaper,
    TaxRow,
    tax_table,
)
from domain.payment import Method
from domain.statement import Statement
from domain.terms import DueFrom

METHOD_WORDS: Final = {
    Method.CHECK: N_("Check"),
    Method.CASH: N_("Cash"),
    Method.BANK_TRANSFER: N_("Bank transfer"),
    Method.OTHER: N_("Other"),
    Method.ONLINE: N_("Online"),
    Method.ORDER: N_("Paid with the order"),
    Method.ELSEWHERE: N_("Paid elsewhere"),
}


def sheet_of(paper: Paper) -> Sheet:
    """The document in the language of the store's papers."""
    with speaking(paper.sender.language):
        return _sheet(paper, _display(paper.sender))


def _display(sender: Sender) -> Display:
    locale = locale_of(sender.language)
    return Display(locale=locale, language=sender.language, date_format=sender.date_format)


@singledispatch
def _sheet(paper: object, display: Display) -> Sheet:
    raise TypeError(f"{type(paper).__name__} is no paper")


@_sheet.register
def _invoice(paper: InvoicePaper, display: Display) -> Sheet:
    invoice, content, sender = paper.invoice, paper.invoice.content, paper.sender
    currency = invoice.currency
    return replace(
        _headed(sender, _("Invoice"), invoice.number, content.issued_on),
        mark=_mark(invoice, paper.official),
        parties=(_bill_to(content, invoice.company_name), *_ship_to(content)),
        facts=_invoice_facts(invoice, display),
        grids=(_lines(content, currency, display),),
        sums=(*_content_sums(content, currency, display), *_settled(invoice, display)),
        after=_taxes(tax_table(content, currency), display),
        blocks=(*_how_to_pay(sender, invoice), *_closing(content, sender)),
    )


@_sheet.register
def _credit_memo(paper: CreditMemoPaper, display: Display) -> Sheet:
    memo, sender = paper.memo, paper.sender
    content = memo.content or Content((), (), memo.effective_on, memo.effective_on, DueFrom.STATED)
    facts = [Fact(_("Issued"), day(memo.effective_on, display))]
    if paper.invoice_number:
        facts.append(Fact(_("Corrects invoice"), paper.invoice_number))
    facts += [Fact(name, value) for name, value in content.extra_fields.items()]
    amount = Money(memo.account.inflow, memo.currency)
    used = (Fact(_("Applied"), money(-memo.applied, display)),) if memo.applied else ()
    return replace(
        _headed(sender, _("Credit memo"), memo.number, memo.effective_on),
        mark=_copy(paper.official),
        parties=(_bill_to(content, paper.company_name),),
        facts=tuple(facts),
        grids=(_lines(content, memo.currency, display),) if content.lines else (),
        sums=(
            *_content_sums(content, memo.currency, display)[:-1],
            Fact(_("Credit"), money(amount, display), strong=True),
            *used,
            Fact(_("Available credit"), money(memo.available, display)),
        ),
        after=_taxes(tax_table(content, memo.currency), display),
        blocks=_notes(content),
    )


@_sheet.register
def _receipt(paper: ReceiptPaper, display: Display) -> Sheet:
    payment, sender = paper.payment, paper.sender
    method = payment.method_label or gettext(METHOD_WORDS[payment.method])
    facts = [Fact(_("Received"), day(payment.effective_on, display)), Fact(_("Method"), method)]
    if payment.memo:
        facts.append(Fact(_("Memo"), payment.memo))
    if payment.bc_order_id:
        facts.append(Fact(_("Order"), str(payment.bc_order_id)))
    facts.append(Fact(_("Status"), gettext(payment.status.value)))
    columns = (
        Column(_("Invoice")),
        Column(_("Issued")),
        Column(_("Total"), Side.END),
        Column(_("Applied"), Side.END),
        Column(_("Balance now"), Side.END),
    )
    rows = tuple(
        (row.number, day(row.issued_on, display), money(row.total, display), money(part, display),
         money(row.balance, display))
        for row, part in paper.applied_to
    )  # fmt: skip
    return replace(
        _headed(sender, _("Receipt"), payment.number, payment.effective_on),
        parties=(Block(_("Received from"), (paper.company_name,)),),
        facts=tuple(facts),
        grids=(Grid(_("Applied to"), columns, rows),) if rows else (),
        sums=_receipt_sums(paper, display),
    )


def _receipt_sums(paper: ReceiptPaper, display: Display) -> tuple[Fact, ...]:
    payment = paper.payment
    account = payment.account
    left = (
        (_("Sent back"), account.refunded),
        (_("Reversed"), account.reversed),
        (_("Charged back"), account.charged_back),
        (_("Paid out"), account.paid_out),
    )
    out = [Fact(label, money(Money(-minor, payment.currency), display)) for label, minor in left if minor]
    return (
        Fact(_("Amount received"), money(payment.amount, display), strong=True),
        *out,
        Fact(_("Applied to invoices"), money(payment.applied, display)),
        Fact(_("Available credit"), money(payment.available, display)),
    )


@_sheet.register
def _statement(paper: StatementPaper, display: Display) -> Sheet:
    found, sender = paper.statement, paper.sender
    first, last = day(found.first, display), day(found.last, display)
    mark = "" if found.is_final or found.closed_through is None else _("Not final")
    facts = (
        Fact(_("From"), first),
        Fact(_("To"), last),
        Fact(_("Currency"), found.currency),
        Fact(_("Closing balance"), money(found.closing, display), strong=True),
    )
    groups = [Fact(group_words(group), money(amount, display)) for group, amount in found.groups]
    bank = tuple(sender.letterhead.bank_details.get(found.currency, ())) if found.closing.minor > 0 else ()
    return replace(
        _headed(sender, _("Statement of account"), "", found.last),
        mark=mark,
        parties=(Block(_("Company"), (paper.company.name,)),),
        facts=facts,
        grids=(_statement_lines(found, display),),
        sums=(
            Fact(_("Opening balance on %(day)s", day=first), money(found.opening, display)),
            *groups,
            Fact(_("Closing balance on %(day)s", day=last), money(found.closing, display), strong=True),
        ),
        blocks=(Block(_("Bank details (%(currency)s)", currency=found.currency), bank),) if bank else (),
    )


def _statement_lines(found: Statement, display: Display) -> Grid:
    columns = (
        Column(_("Date")),
        Column(_("What")),
        Column(_("Charge"), Side.END),
        Column(_("Payment"), Side.END),
        Column(_("Balance"), Side.END),
    )
    rows = [(day(found.first, display), _("Opening balance"), "", "", money(found.opening, display))]
    for line, balance in found.running:
        charge = money(line.amount, display) if line.amount.minor > 0 else ""
        payment = money(-line.amount, display) if line.amount.minor < 0 else ""
        late = (
            _("Dated %(day)s, posted on the first open day", day=day(line.document_on, display))
            if line.is_late and line.document_on is not None
            else ""
        )
        what = " · ".join(words for words in (line_words(line), line.reference, late) if words)
        rows.append((day(line.on, display), what, charge, payment, money(balance, display)))
    return Grid("", columns, tuple(rows), wide=1)


# --- parts all papers share -------------------------------------------------------------------------------
def _headed(sender: Sender, title: str, number: str, on: date) -> Sheet:
    """The letterhead with nothing on it yet."""
    letterhead = sender.letterhead
    return Sheet(
        title=title,
        number=number,
        on=on,
        language=sender.language,
        accent=letterhead.accent,
        sender=Block(sender.name, (*sender.address, *letterhead.tax_ids)),
        page_of=_("Page {page} of {pages}"),
        logo=sender.logo,
        logo_label=_("Logo of %(name)s", name=sender.name),
    )


def _mark(invoice: Invoice, official: KeptFile | None) -> str:
    return _("Void") if invoice.removed is Removed.VOID else _copy(official)


def _copy(official: KeptFile | None) -> str:
    """R-27: beside the ERP's own PDF, ours must not pass for the tax document."""
    return _("Copy, not a tax document") if official else ""


def _bill_to(content: Content, company_name: str) -> Block:
    lines = content.billing_address.lines
    return Block(_("Bill to"), tuple(lines if company_name in lines else [company_name, *lines]))


def _ship_to(content: Content) -> list[Block]:
    addresses = [tuple(address.lines) for address in content.shipping_addresses if address.lines]
    if len(addresses) > 1:
        return [Block(_("Ship to"), (_("%(count)s addresses", count=len(addresses)),))]
    return [Block(_("Ship to"), lines) for lines in addresses]


def _invoice_facts(invoice: Invoice, display: Display) -> tuple[Fact, ...]:
    content = invoice.content
    facts = [
        Fact(_("Issued"), day(content.issued_on, display)),
        Fact(_("Due"), day(content.due_on, display), strong=True),
    ]
    if content.terms_text:
        facts.append(Fact(_("Terms"), content.terms_text))
    if content.po_number:
        facts.append(Fact(_("PO number"), content.po_number))
    if invoice.order_id:
        facts.append(Fact(_("Order"), str(invoice.order_id)))
    if invoice.external_number and invoice.external_number != invoice.number:
        facts.append(Fact(_("Number in the ERP"), invoice.external_number))
    return (*facts, *(Fact(name, value) for name, value in content.extra_fields.items()))


def _lines(content: Content, currency: str, display: Display) -> Grid:
    """Columns that would be empty in every row are left out."""
    has_sku = any(line.sku for line in content.lines)
    has_discount = any(line.discount for line in content.lines)
    columns = [*([Column(_("SKU"))] if has_sku else []), Column(_("Description")), Column(_("Quantity"), Side.END)]
    columns += [Column(_("Price"), Side.END), *([Column(_("Discount"), Side.END)] if has_discount else [])]

    def cells(line: Line) -> tuple[str, ...]:
        price = unit_price(line.unit_price, currency, display)
        discount = [money(-line.discount, display) if line.discount else ""] if has_discount else []
        shown = (*([line.sku] if has_sku else []), line.description, quantity(line.quantity, display), price)
        return (*shown, *discount, money(line.amount, display))

    rows = tuple(cells(line) for line in content.lines)
    return Grid("", (*columns, Column(_("Amount"), Side.END)), rows, wide=1 if has_sku else 0)


def _content_sums(content: Content, currency: str, display: Display) -> tuple[Fact, ...]:
    """What the lines come to, every cost line, and last the total."""
    lines = total((line.amount for line in content.lines), currency)
    first = [Fact(_("Lines"), money(lines, display))] if content.cost_lines else []
    costs = [Fact(cost.description, money(cost.amount, display)) for cost in content.cost_lines]
    return (*first, *costs, Fact(_("Total"), money(content.total(currency), display), strong=True))


def _settled(invoice: Invoice, display: Display) -> list[Fact]:
    """Buyers never read that something was written off: it is an adjustment (R-3)."""
    if invoice.removed is Removed.VOID:
        return [Fact(_("Balance"), money(Money.zero(invoice.currency), display), strong=True)]
    account = invoice.account
    parts = ((_("Paid"), account.paid), (_("Credited"), account.credited), (_("Adjustment"), account.written_off))
    rows = [Fact(label, money(Money(-minor, invoice.currency), display)) for label, minor in parts if minor]
    return [*rows, Fact(_("Balance"), money(invoice.balance, display), strong=True)]


def _taxes(rows: Sequence[TaxRow], display: Display) -> tuple[Grid, ...]:
    if not rows:
        return ()
    has_base = any(row.base for row in rows)
    columns = [Column(_("Tax")), Column(_("Rate"), Side.END), *([Column(_("Taxed"), Side.END)] if has_base else [])]

    def cells(row: TaxRow) -> tuple[str, ...]:
        base = [money(row.base, display) if row.base else ""] if has_base else []
        return (row.description, _rate(row.rate, display), *base, money(row.amount, display))

    grid = Grid(_("Taxes"), (*columns, Column(_("Amount"), Side.END)), tuple(cells(row) for row in rows))
    return (grid,)


def _rate(rate: Decimal | None, display: Display) -> str:
    return "" if rate is None else _("%(rate)s%%", rate=quantity(rate, display))


def _how_to_pay(sender: Sender, invoice: Invoice) -> list[Block]:
    """Only while something is owed: where to send a check, the account of this currency, what to quote."""
    if invoice.removed is not None or not invoice.balance:
        return []
    head = sender.letterhead
    bank = tuple(head.bank_details.get(invoice.currency, ()))
    quoted = (head.payment_reference,) if head.payment_reference else ()
    blocks = (
        Block(_("Send checks to"), head.remit_to),
        Block(_("Bank details (%(currency)s)", currency=invoice.currency), bank),
        Block(_("Payment reference"), quoted),
    )
    return [block for block in blocks if block.lines]


def _closing(content: Content, sender: Sender) -> tuple[Block, ...]:
    terms = tuple(sender.letterhead.terms_text.splitlines())
    return (*_notes(content), *((Block(_("Terms and conditions"), terms),) if terms else ()))


def _notes(content: Content) -> tuple[Block, ...]:
    return (Block(_("Notes"), tuple(content.notes.splitlines())),) if content.notes else ()
