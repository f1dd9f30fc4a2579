"""A person writes an invoice from nothing: source Manual, number from the portal's own series (R-5, R-7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.address import Address
from domain.company import Company
from domain.errors import CurrencyUnknown, InputInvalid
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Content, CostLine, Invoice, Line, Source
from domain.ledger import Movement
from domain.listing import InvoiceFilter
from domain.money import digits_of
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right
from domain.terms import Due, Terms, due_date
from domain.use_cases.edit_invoice import check_has_lines
from domain.use_cases.later_acts import Press


@dataclass(frozen=True)
class NewInvoice:
    """What was entered. `due_on` None leaves the due date to the company's terms; empty `terms_text` takes their
    words. `key` comes from the form, so that a double submit makes one."""

    company_id: int
    currency: str
    issued_on: date
    due_on: date | None = None
    terms_text: str = ""
    lines: tuple[Line, ...] = ()
    cost_lines: tuple[CostLine, ...] = ()
    po_number: str = ""
    notes: str = ""
    billing_address: Address = field(default_factory=Address)
    shipping_addresses: tuple[Address, ...] = ()
    extra_fields: Mapping[str, str] = field(default_factory=dict)
    key: str = ""


@dataclass(frozen=True)
class Blank:
    """What an empty form is filled with: terms and due date of the company, the address of its newest invoice."""

    company: Company
    issued_on: date
    terms: Terms
    due: Due
    currencies: tuple[str, ...]
    billing_address: Address
    shipping_addresses: tuple[Address, ...]
    is_opening: bool

    def due_on_for(self, issued_on: date) -> date:
        """The due date by the terms that hold for the company."""
        return self.terms.due(issued_on)


@dataclass(frozen=True)
class StartManualInvoice:
    """Raises NotAllowed, NotFound. Changes nothing."""

    open_work: OpenWork

    def __call__(self, actor: Actor, company_id: int) -> Blank:
        actor.must(Right.CREATE_INVOICES)
        actor.must_see(company_id, "company")
        with self.open_work(actor.store_id) as work:
            company, today = work.companies.get(company_id), work.today()
            profile, settings = work.notes.profile(), work.notes.settings()
            own = profile.currency if profile else "USD"
            others = profile.transactional_currencies if profile else ()
            newest = work.queries.invoices(InvoiceFilter(company_id=company_id, sort="-issued"), 1, None).rows
            paper = work.invoices.get(newest[0].id).content if newest else None
            return Blank(
                company,
                today,
                company.terms or company.b2b_terms or settings.terms,
                due_date(today, company=company.terms, b2b=company.b2b_terms, store=settings.terms),
                tuple(dict.fromkeys([own, *others])),
                paper.billing_address if paper else Address(company=company.name),
                paper.shipping_addresses if paper else (),
                settings.is_opening,
            )


@dataclass(frozen=True)
class CreateManualInvoice:
    """Raises NotAllowed, NotFound, InputInvalid, CurrencyUnknown, MixedCurrencies, KeyReused."""

    open_work: OpenWork

    def preview(self, actor: Actor, new: NewInvoice) -> Invoice:
        """As it would be issued, without a number: runs everything and commits nothing."""
        with self.open_work(actor.store_id) as work:
            invoice = _paper(work, actor, new)
            _issue(work, invoice)
        return invoice

    def __call__(self, actor: Actor, new: NewInvoice) -> Invoice:
        actor.must(Right.CREATE_INVOICES)
        with self.open_work(actor.store_id) as work:
            press = Press(work, actor, "manual_invoice", new.key, (new,))
            kept = press.before()
            if kept is not None:
                return work.invoices.get(kept)
            invoice = _paper(work, actor, new)
            movements = _issue(work, invoice)
            settings = work.notes.settings()
            invoice.number = settings.number("invoice", work.numbers.take("invoice"))
            work.invoices.add(invoice)
            change = {"number": invoice.number, "total": invoice.total.text}
            event = Event("invoice.created", invoice.id, invoice.company_id, {"number": invoice.number})
            act = Act("invoice.created_by_hand", "invoice", invoice.id, change)
            work.book(actor, act, movements, settings.told([event]))
            press.keep(invoice.id)
            work.commit()
        return invoice


def _paper(work: Work, actor: Actor, new: NewInvoice) -> Invoice:
    actor.must(Right.CREATE_INVOICES)
    actor.must_see(new.company_id, "company")
    company, settings = work.companies.get(new.company_id), work.notes.settings()
    digits_of(new.currency)
    profile = work.notes.profile()
    if profile and new.currency not in (profile.currency, *profile.transactional_currencies):
        raise CurrencyUnknown(new.currency)
    if new.issued_on > work.today():
        raise InputInvalid("issued_on", "The issue date cannot lie in the future.")
    due = due_date(
        new.issued_on,
        typed=new.due_on,
        company=company.terms,
        b2b=company.b2b_terms,
        store=settings.terms,
    )
    content = Content(
        lines=new.lines,
        cost_lines=new.cost_lines,
        issued_on=new.issued_on,
        due_on=due.on,
        due_from=due.from_,
        terms_text=new.terms_text or due.words,
        po_number=new.po_number,
        billing_address=new.billing_address,
        shipping_addresses=new.shipping_addresses,
        notes=new.notes,
        extra_fields=dict(new.extra_fields),
    )
    check_has_lines(content)
    names = (company.id, company.name, new.currency)
    return Invoice(new_id(), "", Source.MANUAL, *names, content, silent=settings.is_opening)


def _issue(work: Work, invoice: Invoice) -> list[Movement]:
    """Posted on the first open day where the issue date lies in a closed period (R-2)."""
    return invoice.issue(on=work.notes.settings().open_day(invoice.content.issued_on))
