"""Documents with everything that stands on them, ready to be printed or sent."""

from dataclasses import dataclass
from datetime import date

from domain.errors import NotFound
from domain.file import Purpose
from domain.invoice import Invoice, Removed
from domain.paper import CreditMemoPaper, InvoicePaper, ReceiptPaper, Sender, StatementPaper
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.use_cases.look_at_companies import ShowStatement


@dataclass(frozen=True)
class DrawUpInvoice:
    """Raises NotAllowed, NotFound; also for a deleted invoice, which is no document any more."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str) -> InvoicePaper:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            invoice = work.invoices.get(invoice_id)
            actor.must_see(invoice.company_id, "invoice")
            return invoice_paper(work, invoice)


@dataclass(frozen=True)
class DrawUpCreditMemo:
    """Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, memo_id: str) -> CreditMemoPaper:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            memo = work.credit_memos.get(memo_id)
            actor.must_see(memo.company_id, "credit memo")
            corrected = work.invoices.get(memo.invoice_id).number if memo.invoice_id else ""
            official = work.files.of("credit_memo", memo.id, Purpose.OFFICIAL)
            name = work.companies.get(memo.company_id).name
            return CreditMemoPaper(sender(work), memo, name, corrected, official[0] if official else None)


@dataclass(frozen=True)
class DrawUpReceipt:
    """Only of money that arrived. Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, payment_id: str) -> ReceiptPaper:
        actor.must(Right.VIEW_PAYMENTS)
        with self.open_work(actor.store_id) as work:
            payment = work.payments.get(payment_id)
            actor.must_see(payment.company_id, "payment")
            if not payment.account.inflow:
                raise NotFound("receipt: nothing has arrived yet")
            name = work.companies.get(payment.company_id).name
            return ReceiptPaper(sender(work), payment, name, tuple(work.queries.applied_to(payment.id)))


@dataclass(frozen=True)
class DrawUpStatement:
    """As `ShowStatement`, on paper. Raises NotAllowed, NotFound, InputInvalid."""

    open_work: OpenWork

    def __call__(self, actor: Actor, company_id: int, currency: str, first: date, last: date) -> StatementPaper:
        found = ShowStatement(self.open_work)(actor, company_id, currency, first, last)
        with self.open_work(actor.store_id) as work:
            return StatementPaper(sender(work), found, work.companies.get(company_id))


@dataclass(frozen=True)
class ReadLogo:
    """For anybody who works for the store: it is on every paper. Empty where there is none."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> bytes:
        with self.open_work(actor.store_id) as work:
            return _logo(work, work.notes.settings().letterhead.logo_id)


def invoice_paper(work: Work, invoice: Invoice) -> InvoicePaper:
    """For mails, whose reader the unit of work knows. Raises NotFound for a deleted invoice."""
    if invoice.removed is Removed.DELETED:
        raise NotFound("invoice")
    official = work.files.of("invoice", invoice.id, Purpose.OFFICIAL)
    return InvoicePaper(sender(work), invoice, official[0] if official else None)


def sender(work: Work) -> Sender:
    """The seller as it stands on paper now."""
    settings, profile = work.notes.settings(), work.notes.profile()
    return Sender(
        name=profile.name if profile else "",
        address=settings.seller_address,
        letterhead=settings.letterhead,
        logo=_logo(work, settings.letterhead.logo_id),
        language=settings.language or "en",
        date_format=settings.date_format,
    )


def _logo(work: Work, logo_id: str | None) -> bytes:
    """Its bytes, none when the file is gone: a document is not refused for want of a picture."""
    if logo_id is None:
        return b""
    try:
        pieces: list[bytes] = []
        while piece := work.files.chunk(logo_id, len(pieces)):
            pieces.append(piece)
        return b"".join(pieces)
    except NotFound:
        return b""
