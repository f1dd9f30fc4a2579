"""The ERP pushes invoices: idempotent by external id, amounts as stated, paid elsewhere known (R-6, R-13, R-15)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from domain.address import Address
from domain.company import Company
from domain.errors import (
    AlreadyInvoiced,
    CompanyUnknown,
    DoesNotAddUp,
    InputInvalid,
    MixedCurrencies,
    NumberTaken,
    SkippedDeleted,
)
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Content, CostKind, CostLine, Invoice, Line, Removed, Source
from domain.ledger import Kind, Movement, Origin
from domain.money import Money
from domain.payment import Method, Payment
from domain.ports import OpenWork, Work
from domain.price import UnitPrice
from domain.review import Review, ReviewKind
from domain.roles import Actor, Right
from domain.store import Settings
from domain.terms import DueFrom, due_date

ERP_SPACE = "erp"
"""The number space of a store with one ERP legal entity (R-5)."""


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    RESTORED = "restored"


@dataclass(frozen=True)
class InvoiceDocument:
    """One invoice as the ERP states it, read and typed by an adapter.

    `total` rules; what lines and cost lines do not explain becomes a visible difference. `amount_due` None means
    nothing was said about payments. `company` is a BundleB2B company id or the ERP's id of the company.
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


@dataclass(frozen=True)
class Imported:
    """What became of one document. `findings` are sentences for the integrator."""

    invoice_id: str
    number: str
    outcome: Outcome
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportInvoice:
    """Pushed again unchanged: nothing happens. Changed: content follows, the total becomes one adjustment; a total
    below what is settled frees the excess, newest first, as available credit with a review (F-12, R-15).

    Raises NotAllowed, CompanyUnknown, NumberTaken, DoesNotAddUp, MixedCurrencies, SkippedDeleted, InputInvalid.
    """

    open_work: OpenWork

    def __call__(self, actor: Actor, document: InvoiceDocument) -> Imported:
        with self.open_work(actor.store_id) as work:
            imported = self.within(work, actor, document)
            work.commit()
        return imported

    def within(self, work: Work, actor: Actor, document: InvoiceDocument) -> Imported:
        """The same inside the caller's transaction, for idempotency keys and batches."""
        actor.must(Right.IMPORT)
        importing = _Importing(work, actor, document)
        known = work.invoices.find_external(document.number_space, document.external_id)
        return importing.create() if known is None else importing.again(known)


def company_named(work: Work, reference: str) -> Company:
    """The company an ERP means by a BundleB2B company id or by its own id of it. Raises CompanyUnknown."""
    reference = reference.strip()
    if reference.isascii() and reference.isdigit() and len(reference) < 16:
        company = work.companies.find(int(reference))
        if company is not None:
            return company
    matches = work.companies.find_external(reference) if reference else []
    if len(matches) != 1:
        raise CompanyUnknown(reference)
    return matches[0]


@dataclass
class _Importing:
    work: Work
    actor: Actor
    document: InvoiceDocument
    findings: list[str] = field(default_factory=list)

    # --- new ------------------------------------------------------------------------------------------
    def create(self) -> Imported:
        document = self.document
        company = company_named(self.work, document.company_ref)
        if self.work.invoices.find_number(document.number_space, document.number) is not None:
            raise NumberTaken(document.number)
        self._check_order_is_free()
        settings = self.work.notes.settings()
        invoice = Invoice(
            new_id(),
            document.number,
            Source.ERP,
            company.id,
            company.name,
            document.currency,
            self._content(company, settings),
            number_space=document.number_space,
            external_id=document.external_id,
            order_id=document.order_id,
            silent=settings.is_opening,
        )
        if invoice.total.minor < 0:
            raise InputInvalid("total", "A total below zero is a credit memo. Send it as a credit memo.")
        self.work.invoices.add(invoice)
        movements = invoice.issue(Origin.ERP)
        movements += self._paid_elsewhere(invoice)
        change = {"number": invoice.number, "total": invoice.total.text, "external_id": document.external_id}
        self._book(invoice, "invoice.imported", "invoice.created", change, movements)
        return self._imported(invoice, Outcome.CREATED)

    def _check_order_is_free(self) -> None:
        """An order with a portal-made invoice takes no second claim by itself: a person decides (R-11)."""
        if self.document.order_id is None:
            return
        for other in self.work.invoices.live_for_order(self.document.order_id):
            if other.source is Source.ORDER:
                raise AlreadyInvoiced(self.document.order_id, other.number, other.id)

    def _paid_elsewhere(self, invoice: Invoice) -> list[Movement]:
        """What was paid, but not to us, in the same commit (R-13)."""
        due = self.document.amount_due
        if due is None:
            return []
        if due.currency != invoice.currency:
            raise MixedCurrencies(due.currency, invoice.currency)
        if due.minor < 0 or due > invoice.total:
            raise InputInvalid("amount_due", "The amount due lies between zero and the total.")
        return self.settle_elsewhere(invoice, invoice.total - due)

    def settle_elsewhere(self, invoice: Invoice, paid: Money) -> list[Movement]:
        if paid.minor == 0:
            return []
        settings = self.work.notes.settings()
        day = settings.open_day(self.document.paid_on or invoice.content.issued_on)
        payment = Payment(
            new_id(),
            settings.number("payment", self.work.numbers.take("payment")),
            invoice.company_id,
            invoice.currency,
            day,
            method=Method.ELSEWHERE,
            method_label="Settled elsewhere",
            recorded_by="ERP",
        )
        self.work.payments.add(payment)
        return [payment.settle_elsewhere(paid, day), payment.allocate(invoice, paid, origin=Origin.ERP)]

    # --- again ------------------------------------------------------------------------------------------
    def again(self, known: Invoice) -> Imported:
        invoice = self._lock(known.id)
        document = self.document
        if invoice.removed is not None:
            if not (document.restore and invoice.removed is Removed.DELETED):
                raise SkippedDeleted(invoice.number)
            movements = invoice.restore(self.work.today())
            self.work.invoices.save(invoice)
            self._book(invoice, "invoice.restored", "invoice.restored", {"number": invoice.number}, movements)
            return self._imported(invoice, Outcome.RESTORED)
        if document.currency != invoice.currency:
            raise MixedCurrencies(document.currency, invoice.currency)
        if document.number != invoice.number:
            raise InputInvalid("number", f"External id {document.external_id} has number {invoice.number}.")
        company = company_named(self.work, document.company_ref)
        if company.id != invoice.company_id:
            raise InputInvalid("company", f"External id {document.external_id} belongs to {invoice.company_name}.")
        content = self._content(company, self.work.notes.settings(), kept=invoice.content)
        if content == invoice.content:
            return self._imported(invoice, Outcome.SAME)
        return self._change(invoice, content)

    def _lock(self, invoice_id: str) -> Invoice:
        return self.work.invoices.locked([invoice_id])[invoice_id]

    def _change(self, invoice: Invoice, content: Content) -> Imported:
        before = invoice.total
        new_total = content.total(invoice.currency)
        today = self.work.notes.settings().open_day(self.work.today())
        movements = self._free_excess(invoice, new_total, today)
        change = new_total.minor - invoice.account.live_total
        invoice.content = content
        if change:
            movements.append(self._adjust(invoice, Money(change, invoice.currency), today))
        self.work.invoices.save(invoice)
        facts = {"number": invoice.number, "total": [before.text, new_total.text]}
        self._book(invoice, "invoice.updated_by_erp", "invoice.updated", facts, movements)
        return self._imported(invoice, Outcome.CHANGED)

    def _adjust(self, invoice: Invoice, change: Money, today: date) -> Movement:
        movement = Movement(Kind.ADJUSTED, change, invoice.company_id, today, invoice_id=invoice.id, origin=Origin.ERP)
        invoice.take(movement)
        return movement

    def _free_excess(self, invoice: Invoice, new_total: Money, today: date) -> list[Movement]:
        """Write-offs first, then allocations, newest first, until the new total holds what is settled (R-15)."""
        excess = invoice.account.settled - new_total.minor
        if excess <= 0:
            return []
        movements: list[Movement] = []
        written_off = min(excess, invoice.account.written_off)
        if written_off:
            back = invoice.reverse_write_off(Money(written_off, invoice.currency), today, Origin.ERP)
            movements.append(back)
            excess -= written_off
        sources = self.work.payments.allocated_to(invoice.id)
        payments = self.work.payments.locked(sources)
        memos = self.work.credit_memos.locked([one for one in sources if one not in payments])
        for source_id in sources:
            source = payments.get(source_id) or memos[source_id]
            part = Money(min(excess, source.allocations.get(invoice.id, 0)), invoice.currency)
            if part.minor > 0:
                movements.append(source.deallocate(invoice, part, today, Origin.ERP))
                excess -= part.minor
        self._review(invoice, new_total)
        return movements

    # --- inside --------------------------------------------------------------------------------------------
    def _content(self, company: Company, settings: Settings, kept: Content | None = None) -> Content:
        document = self.document
        due = due_date(
            document.issued_on,
            stated=document.due_on,
            company=company.terms,
            b2b=company.b2b_terms,
            store=settings.terms,
        )
        if due.on < document.issued_on:
            self.findings.append("The due date lies before the issue date.")
        lines = document.lines or (self._whole(),)
        self.findings += [f"Line “{line.description}” does not multiply out." for line in lines if line.is_off]
        return Content(
            lines=lines,
            cost_lines=self._costs(lines),
            issued_on=document.issued_on,
            due_on=kept.due_on if kept and due.from_ is not DueFrom.STATED else due.on,
            due_from=kept.due_from if kept and due.from_ is not DueFrom.STATED else due.from_,
            terms_text=document.terms_text or due.words,
            po_number=document.po_number,
            billing_address=document.billing_address,
            shipping_addresses=document.shipping_addresses,
            notes=document.notes,
            extra_fields=dict(document.extra_fields),
        )

    def _whole(self) -> Line:
        """A body without lines gets one line “As per document” (R-6)."""
        costs = sum(cost.amount.minor for cost in self.document.cost_lines)
        rest = Money(self.document.total.minor - costs, self.document.currency)
        return Line("As per document", Decimal(1), UnitPrice(rest.amount), rest)

    def _costs(self, lines: tuple[Line, ...]) -> tuple[CostLine, ...]:
        """The cost lines, with what still does not add up as one visible line (R-6)."""
        document = self.document
        known = sum(line.amount.minor for line in lines) + sum(cost.amount.minor for cost in document.cost_lines)
        rest = Money(document.total.minor - known, document.currency)
        if not rest:
            return document.cost_lines
        if abs(rest).minor > len(lines) and not document.forgive:
            raise DoesNotAddUp(document.total, Money(known, document.currency))
        self.findings.append(f"Lines and cost lines differ from the stated total by {rest}.")
        return (*document.cost_lines, CostLine(CostKind.DIFFERENCE, "Difference to stated total", rest))

    def _book(
        self, invoice: Invoice, what: str, kind: str, change: Mapping[str, object], movements: list[Movement]
    ) -> None:
        silent = self.work.notes.settings().is_opening
        events = [] if silent else [Event(kind, invoice.id, invoice.company_id, {"number": invoice.number})]
        self.work.book(self.actor, Act(what, "invoice", invoice.id, change), movements, events)

    def _review(self, invoice: Invoice, new_total: Money) -> None:
        self.work.reviews.open(
            Review(
                new_id(),
                ReviewKind.BELOW_SETTLED,
                "invoice",
                invoice.id,
                expected=f"at least {invoice.settled}",
                found=f"the ERP now states {new_total}; the excess is available credit",
                company_id=invoice.company_id,
            )
        )

    def _imported(self, invoice: Invoice, outcome: Outcome) -> Imported:
        return Imported(invoice.id, invoice.number, outcome, tuple(self.findings))
