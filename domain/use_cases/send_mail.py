"""Mails to companies leave from the outbox, and what the mail server says of them is kept (F-23, I-16)."""

from dataclasses import dataclass, replace
from typing import Final

from domain.errors import MailRefused, NothingToSend
from domain.events import Act
from domain.file import PDF
from domain.ids import new_id
from domain.invoice import Invoice
from domain.mail import Mail, MailKind, MailState
from domain.mail_values import invoice_values, payment_values, statement_values
from domain.paper import InvoicePaper, StatementPaper
from domain.ports import Attachment, Doorbell, Item, Mailer, Message, OpenWork, Papers, Work
from domain.roles import Actor, Right, system
from domain.statement import Range
from domain.use_cases.announce import ask_for
from domain.use_cases.draw_up_papers import invoice_paper, sender

MOST_ATTEMPTS: Final = 10
"""As many as the outbox makes before it gives a row up."""


@dataclass(frozen=True)
class Letter:
    """A mail made ready, with the document that goes along."""

    subject: str
    body: str
    sender: str
    paper: InvoicePaper | StatementPaper | None = None
    official: bytes = b""


@dataclass(frozen=True)
class SendMail:
    """The outbox handler of mails. What the server refuses for good is noted and not tried again; anything else is
    noted and raised, so that the outbox repeats it."""

    open_work: OpenWork
    mailer: Mailer
    papers: Papers

    def __call__(self, store_id: int, item: Item) -> None:
        with self.open_work(store_id) as work:
            mail = work.mails.get(item.key)
            letter = _letter(work, mail) if mail.state is MailState.WAITING else None
            store_hash = work.store.hash
        if letter is None:
            if mail.state is MailState.WAITING:
                self._close(store_id, mail, MailState.DROPPED)
            return
        message_id = f"{store_hash}-{mail.id}"
        files = self._files(letter)
        try:
            self.mailer.send(Message((mail.to,), letter.subject, letter.body, message_id, letter.sender, files))
        except (MailRefused, ValueError) as refusal:
            why = str(refusal.facts["why"]) if isinstance(refusal, MailRefused) else str(refusal)
            self._close(store_id, mail, MailState.REFUSED, why)
        except OSError as failure:
            is_last = item.attempts >= MOST_ATTEMPTS
            self._close(store_id, mail, MailState.REFUSED if is_last else MailState.WAITING, _words(failure))
            raise
        else:
            self._close(store_id, mail, MailState.SENT)

    def _files(self, letter: Letter) -> tuple[Attachment, ...]:
        if letter.paper is None:
            return ()
        if isinstance(letter.paper, StatementPaper):
            return (Attachment(f"{letter.paper.statement.name}.pdf", PDF, self.papers.pdf(letter.paper)),)
        if letter.paper.official is not None:
            return (Attachment(letter.paper.official.name, PDF, letter.official),)
        return (Attachment(f"{letter.paper.invoice.number}.pdf", PDF, self.papers.pdf(letter.paper)),)

    def _close(self, store_id: int, mail: Mail, state: MailState, why: str = "") -> None:
        with self.open_work(store_id) as work:
            at = None if state is MailState.WAITING else work.now()
            work.mails.save(replace(mail, state=state, why=why[:300], closed_at=at))
            if state in (MailState.SENT, MailState.REFUSED):
                what = f"{mail.subject_kind}.{'mailed' if state is MailState.SENT else 'mail_refused'}"
                texts = {"to": mail.to, **({"why": why} if why else {})}
                act = Act(what, mail.subject_kind, mail.subject_id, {"mail": mail.id}, texts)
                work.book(system(store_id, "worker"), act)
            work.commit()


def _letter(work: Work, mail: Mail) -> Letter | None:
    """None when the document, the company or the store's profile is gone meanwhile."""
    settings, profile = work.notes.settings(), work.notes.profile()
    company = work.companies.find(mail.company_id or 0)
    if company is None or profile is None:
        return None
    template = settings.mail(mail.kind)
    if mail.kind is MailKind.NEW_INVOICE:
        invoice = work.invoices.get(mail.subject_id)
        if invoice.removed is not None:
            return None
        values = invoice_values(invoice, company.name, profile, settings)
        paper = invoice_paper(work, invoice)
        return Letter(*template.filled(values), profile.name, paper, _bytes_of(work, paper))
    if mail.kind is MailKind.STATEMENT:
        wanted = Range.parse(mail.subject_id)
        found = work.accounts.statement(wanted.company_id, wanted.currency, wanted.first, wanted.last)
        found = replace(found, closed_through=settings.closed_through)
        values = statement_values(found, company.name, profile.name, settings)
        return Letter(*template.filled(values), profile.name, StatementPaper(sender(work), found, company))
    payment = work.payments.get(mail.subject_id)
    applied = [(number, amount) for _, number, amount in work.queries.invoices_of(payment.id)]
    return Letter(
        *template.filled(payment_values(payment, applied, company.name, profile.name, settings)), profile.name
    )


def _bytes_of(work: Work, paper: InvoicePaper) -> bytes:
    """The ERP's own PDF, where there is one: it is served in place of ours (R-27)."""
    if paper.official is None:
        return b""
    pieces: list[bytes] = []
    while piece := work.files.chunk(paper.official.id, len(pieces)):
        pieces.append(piece)
    return b"".join(pieces)


def _words(failure: OSError) -> str:
    return f"not reached: {failure}"


@dataclass(frozen=True)
class SendInvoice:
    """*Send again*: the invoice mail once more, also where it is switched off for new ones. Answers to whom.

    Raises NotAllowed, NotFound, NothingToSend.
    """

    open_work: OpenWork
    doorbell: Doorbell

    def __call__(self, actor: Actor, invoice_id: str) -> tuple[str, ...]:
        actor.must(Right.SEND)
        with self.open_work(actor.store_id) as work:
            invoice = work.invoices.get(invoice_id)
            actor.must_see(invoice.company_id, "invoice")
            _check(work, invoice)
            company = work.companies.get(invoice.company_id)
            asked = tuple(ask_for(work, MailKind.NEW_INVOICE, invoice.id, company, new_id(), actor.id))
            if not asked:
                raise NothingToSend(
                    "{company} has no billing contact and no e-mail address. Add one under Companies.",
                    company=company.name,
                )
            act = Act("invoice.sent_again", "invoice", invoice.id, {"mails": len(asked)})
            work.book(actor, act)
            work.commit()
        self.doorbell.ring(actor.store_id, "outbox")
        return asked


def _check(work: Work, invoice: Invoice) -> None:
    if invoice.removed is not None:
        raise NothingToSend("{number} is not a live invoice any more.", number=invoice.number)
    if work.notes.settings().is_opening:
        raise NothingToSend("Nothing is sent while the store is in opening mode. End it under Settings, Opening.")
