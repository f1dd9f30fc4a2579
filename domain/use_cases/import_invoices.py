"""The ERP pushes invoices: idempotent by external id, amounts as stated, paid elsewhere known (R-6, R-13, R-15)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from domain.company import Company
from domain.errors import (
    AlreadyInvoiced,
    CompanyUnknown,
    ExternalIdTaken,
    InputInvalid,
    MixedCurrencies,
    NotEditable,
    NumberTaken,
    SkippedDeleted,
)
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Content, Invoice, Removed, Source
from domain.ledger import Kind, Movement, Origin
from domain.money import Money
from domain.payment import Method, Payment
from domain.ports import OpenWork, Work
from domain.review import Review, ReviewKind
from domain.roles import Actor, Right
from domain.use_cases.erp_document import ERP_SPACE, InvoiceDocument, paper_of
from domain.use_cases.invoice_changes import differences

__all__ = ["ERP_SPACE", "ImportInvoice", "Imported", "InvoiceDocument", "Outcome", "company_named"]


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    SAME = "same"
    RESTORED = "restored"


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

    Raises NotAllowed, CompanyUnknown, NumberTaken, DoesNotAddUp, MixedCurrencies, SkippedDeleted, NotEditable (void),
    AlreadyInvoiced, InputInvalid.
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
        known = work.invoices.find_external(document.number_space, document.external_id)
        order_id = known.order_id if known is not None else document.order_id
        if order_id is not None:
            # Before any invoice, as everybody who decides about an order's invoices does.
            work.orders.lock(order_id)
        if known is None:
            try:
                return _Importing(work, actor, document).create()
            except (NumberTaken, ExternalIdTaken):
                # Perhaps by the same document, pushed twice at once: the slower push changes nothing (I-9).
                known = work.invoices.find_external(document.number_space, document.external_id)
                if known is None:
                    raise
        return _Importing(work, actor, document).again(known)


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
        self._check_order_is_free(document.order_id)
        settings = self.work.notes.settings()
        invoice = Invoice(
            new_id(),
            document.number,
            Source.ERP,
            company.id,
            company.name,
            document.currency,
            self._paper(company),
            number_space=document.number_space,
            external_id=document.external_id,
            order_id=document.order_id,
            silent=settings.is_opening or document.silent,
        )
        self.work.invoices.add(invoice)
        day = settings.open_day(document.issued_on)
        if day != document.issued_on:
            self.findings.append(f"Posted on {day}: the books are closed through {settings.closed_through}.")
        movements = invoice.issue(Origin.ERP, day)
        movements += self._paid_elsewhere(invoice)
        change = {"number": invoice.number, "total": invoice.total.text, "external_id": document.external_id}
        self._book(invoice, "invoice.imported", "invoice.created", change, movements)
        return self._imported(invoice, Outcome.CREATED)

    def _paper(self, company: Company, kept: Content | None = None) -> Content:
        content, findings = paper_of(self.document, company, self.work.notes.settings(), kept)
        self.findings += findings
        return content

    def _check_order_is_free(self, order_id: int | None) -> None:
        """An order with a portal-made invoice takes no second claim by itself: a person decides (R-11)."""
        for other in self.work.invoices.live_for_order(order_id) if order_id is not None else ():
            if other.source is Source.ORDER:
                raise AlreadyInvoiced(other.order_id or 0, other.number, other.id)

    def _paid_elsewhere(self, invoice: Invoice) -> list[Movement]:
        """What was paid, but not to us, in the same commit; an amount due below zero leaves a credit (R-13)."""
        due = self._due(invoice)
        if due is None:
            return []
        if due > invoice.total or (due.minor < 0 and not invoice.total):
            raise InputInvalid("amount_due", "The amount due is not above the total.")
        if due.minor < 0:
            self.findings.append(f"More was paid than the total: {-due} is available credit.")
        return self._settle_elsewhere(invoice, invoice.total - due)

    def _due(self, invoice: Invoice) -> Money | None:
        due = self.document.amount_due
        if due is not None and due.currency != invoice.currency:
            raise MixedCurrencies(due.currency, invoice.currency)
        return due

    def _settle_elsewhere(self, invoice: Invoice, paid: Money) -> list[Movement]:
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
        came = payment.settle_elsewhere(paid, day)
        part = min(paid, invoice.balance)
        return [came, payment.allocate(invoice, part, origin=Origin.ERP, not_before=settings.open_day(day))]

    # --- again ------------------------------------------------------------------------------------------
    def again(self, known: Invoice) -> Imported:
        invoice = self._lock(known.id)
        company = self._check_same(invoice)
        before = invoice.content
        outcome = Outcome.SAME
        movements: list[Movement] = []
        if invoice.removed is Removed.DELETED:
            self._check_order_is_free(invoice.order_id)
            movements += invoice.restore(self._today())
            outcome = Outcome.RESTORED
        content = self._newer(invoice, company)
        if content is not None:
            movements += self._change(invoice, content)
            outcome = Outcome.CHANGED if outcome is Outcome.SAME else outcome
        saved = outcome is not Outcome.SAME
        if saved:
            self.work.invoices.save(invoice)
        elsewhere = self._echo(invoice)
        if outcome is Outcome.SAME and not elsewhere:
            return self._imported(invoice, outcome)
        outcome = Outcome.CHANGED if outcome is Outcome.SAME else outcome
        what = "restored" if outcome is Outcome.RESTORED else "updated"
        change, texts = differences(before, invoice)
        facts = {"number": invoice.number, "total": [before.total(invoice.currency).text, invoice.total.text], **change}
        if saved:
            facts["version"] = [invoice.version - 1, invoice.version]
        self._book(invoice, f"invoice.{what}_by_erp", f"invoice.{what}", facts, movements + elsewhere, texts)
        return self._imported(invoice, outcome)

    def _check_same(self, invoice: Invoice) -> Company:
        """An external id is one document of one company in one currency under one number; a void one stays void."""
        document = self.document
        if invoice.removed is Removed.VOID:
            raise NotEditable(invoice.number, "void")
        if invoice.removed is Removed.DELETED and not document.restore:
            raise SkippedDeleted(invoice.number)
        if document.currency != invoice.currency:
            raise MixedCurrencies(document.currency, invoice.currency)
        if document.number != invoice.number:
            raise InputInvalid(
                "number",
                "External id {external_id} has number {number}.",
                external_id=document.external_id,
                number=invoice.number,
            )
        company = company_named(self.work, document.company_ref)
        if company.id != invoice.company_id:
            raise InputInvalid(
                "company",
                "External id {external_id} belongs to {company_name}.",
                external_id=document.external_id,
                company_name=invoice.company_name,
            )
        return company

    def _newer(self, invoice: Invoice, company: Company) -> Content | None:
        """The new content, None where the ERP says what it said before: then edits made here stay (R-14, I-9)."""
        kept = invoice.content
        content = self._paper(company, kept)
        if content == replace(kept, pushed=content.pushed):
            return None
        if content.pushed == kept.pushed:
            self.findings.append("It was edited in the portal since; the edit stays until the document changes.")
            return None
        return content

    def _echo(self, invoice: Invoice) -> list[Movement]:
        """What the ERP says is still due, against what it can know (R-14). No effect of ours is acknowledged yet, so
        only an invoice that was settled nowhere but there follows it; anything else is for a person."""
        due = self._due(invoice)
        if due is None or due == invoice.balance:
            return []
        sources = self.work.payments.locked(self.work.payments.allocated_to(invoice.id)).values()
        there = sum(one.allocations[invoice.id] for one in sources if one.method is Method.ELSEWHERE)
        expected = Money(invoice.account.live_total - there, invoice.currency)
        if due == expected:
            return []
        if due < expected and invoice.account.settled == there:
            return self._settle_elsewhere(invoice, min(expected - due, invoice.balance))
        self._review(ReviewKind.ERP_BALANCE, invoice, f"{expected} due at the ERP", f"the ERP states {due}")
        self.findings.append(f"The amount due was not taken over: {expected} is expected, {due} is stated.")
        return []

    def _lock(self, invoice_id: str) -> Invoice:
        return self.work.invoices.locked([invoice_id])[invoice_id]

    def _today(self) -> date:
        return self.work.notes.settings().open_day(self.work.today())

    def _change(self, invoice: Invoice, content: Content) -> list[Movement]:
        """Writes the new content; the total becomes one adjustment."""
        new_total = content.total(invoice.currency)
        movements = self._free_excess(invoice, new_total, self._today())
        change = new_total.minor - invoice.account.live_total
        invoice.content = content
        if change:
            movements.append(self._adjust(invoice, Money(change, invoice.currency), self._today()))
        return movements

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
        found = f"the ERP now states {new_total}; the excess is available credit"
        self._review(ReviewKind.BELOW_SETTLED, invoice, f"at least {invoice.settled}", found)
        return movements

    # --- inside --------------------------------------------------------------------------------------------
    def _book(
        self,
        invoice: Invoice,
        what: str,
        kind: str,
        change: Mapping[str, object],
        movements: list[Movement],
        texts: Mapping[str, str] | None = None,
    ) -> None:
        event = Event(kind, invoice.id, invoice.company_id, {"number": invoice.number})
        told = [] if self.document.silent else self.work.notes.settings().told([event])
        self.work.book(self.actor, Act(what, "invoice", invoice.id, change, texts or {}), movements, told)

    def _review(self, kind: ReviewKind, invoice: Invoice, expected: str, found: str) -> None:
        self.work.reviews.open(
            Review(new_id(), kind, "invoice", invoice.id, expected, found, company_id=invoice.company_id)
        )

    def _imported(self, invoice: Invoice, outcome: Outcome) -> Imported:
        return Imported(invoice.id, invoice.number, outcome, tuple(self.findings))
