"""Invoices on screen, for sellers and for buyers: the same reads, each behind its own right (I-10, I-11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from domain.errors import NotFound, Refusal
from domain.file import KeptFile
from domain.invoice import Invoice, Removed
from domain.listing import (
    NUMBER_SERIES,
    HistoryEntry,
    InvoiceFilter,
    InvoicePayment,
    InvoiceRow,
    Moved,
    Page,
    Register,
    Sums,
    Totals,
    View,
)
from domain.ports import OpenWork, Work
from domain.review import Review
from domain.roles import Actor, BuyerRight, Right
from domain.use_cases.invoice_acts import InvoiceAct, acts_on


@dataclass(frozen=True)
class InvoiceList:
    page: Page[InvoiceRow]
    counts: Mapping[str, int] = field(default_factory=dict)
    totals: tuple[Totals, ...] = ()
    sums: tuple[Sums, ...] = ()


@dataclass(frozen=True)
class InvoiceView:
    """One invoice with everything a detail page shows; `row` has pending and reservation. `acts` are open to the
    person where None, else refused with the reason."""

    invoice: Invoice
    row: InvoiceRow
    payments: tuple[InvoicePayment, ...]
    history: tuple[HistoryEntry, ...] = ()
    reviews: tuple[Review, ...] = ()
    movements: tuple[Moved, ...] = ()
    files: tuple[KeptFile, ...] = ()
    acts: Mapping[InvoiceAct, Refusal | None] = field(default_factory=dict)


@dataclass(frozen=True)
class ListInvoices:
    """The invoice dashboard. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor, chosen: InvoiceFilter, limit: int = 25, cursor: str | None = None) -> InvoiceList:
        actor.must(Right.VIEW_INVOICES)
        own = replace(chosen, companies=actor.companies)
        with self.open_work(actor.store_id) as work:
            page = work.queries.invoices(own, limit, cursor)
            counts = work.queries.invoice_counts(own)
            totals = tuple(work.queries.totals(own.company_id, own.companies))
            sums = tuple(work.queries.invoice_sums(own))
        return InvoiceList(page, counts, totals, sums)


@dataclass(frozen=True)
class ShowInvoice:
    """Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str) -> InvoiceView:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            invoice = work.invoices.get(invoice_id)
            actor.must_see(invoice.company_id, "invoice")
            subjects = {("invoice", invoice.id), ("order", str(invoice.order_id))}
            return InvoiceView(
                invoice,
                work.queries.invoice_row(invoice_id),
                tuple(work.queries.payments_of(invoice_id)),
                tuple(work.queries.history("invoice", invoice_id)),
                tuple(one for one in work.reviews.list_open() if (one.subject_kind, one.subject_id) in subjects),
                tuple(work.queries.movements_of(invoice_id)),
                tuple(work.files.of("invoice", invoice.id)),
                acts_on(invoice, actor, work.notes.settings(), work.today()),
            )


@dataclass(frozen=True)
class PreviewInvoice:
    """What the company's buyers see of an invoice, for the seller who wants to know. Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str) -> InvoiceView:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            invoice = work.invoices.get(invoice_id)
            actor.must_see(invoice.company_id, "invoice")
            row = work.queries.invoice_row(invoice_id)
            return InvoiceView(invoice, row, tuple(work.queries.payments_of(invoice_id)))


@dataclass(frozen=True)
class ListNumbers:
    """The register of numbers (R-5): whole series, whoever asks, so not for people who see some companies only.

    Raises NotAllowed, NotFound for an unknown series."""

    open_work: OpenWork

    def __call__(
        self, actor: Actor, series: str, *, only_gaps: bool = False, before: int | None = None, limit: int = 50
    ) -> Register:
        actor.must(Right.VIEW_INVOICES)
        if series not in NUMBER_SERIES or actor.companies is not None:
            raise NotFound("register")
        with self.open_work(actor.store_id) as work:
            return work.queries.numbers(series, only_gaps=only_gaps, before=before, limit=limit)


_BUYER_VIEWS = (View.ALL, View.UNPAID, View.OVERDUE, View.PARTIALLY_PAID, View.CLOSED)


@dataclass(frozen=True)
class ListCompanyInvoices:
    """The buyer's list: the own company's invoices only, whatever the filter says. Raises NoRight."""

    open_work: OpenWork

    def __call__(self, actor: Actor, chosen: InvoiceFilter, limit: int = 10, cursor: str | None = None) -> InvoiceList:
        company_id = actor.must_as_buyer(BuyerRight.VIEW)
        view = chosen.view if chosen.view in _BUYER_VIEWS else View.UNPAID
        own = replace(chosen, company_id=company_id, source=None, view=view)
        with self.open_work(actor.store_id) as work:
            page = work.queries.invoices(own, limit, cursor)
            rows = _without_own_tries(work, actor, page.rows)
            return InvoiceList(replace(page, rows=rows), {}, tuple(work.queries.totals(company_id)))


def _without_own_tries(work: Work, actor: Actor, rows: tuple[InvoiceRow, ...]) -> tuple[InvoiceRow, ...]:
    """“Being paid” is about colleagues: a buyer who went back from checkout may simply try again (F-5)."""
    reserved = [row.id for row in rows if row.being_paid]
    others = {
        line.invoice_id
        for attempt in work.attempts.reserving(reserved, work.now())
        if attempt.customer_id != actor.customer_id
        for line in attempt.lines
    }
    return tuple(replace(row, being_paid=row.id in others) if row.being_paid else row for row in rows)


@dataclass(frozen=True)
class ShowCompanyInvoice:
    """The buyer's detail page. NotFound for another company's, deleted and missing ones alike; history only with
    its right. Raises NoRight, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str) -> InvoiceView:
        company_id = actor.must_as_buyer(BuyerRight.DETAIL)
        with self.open_work(actor.store_id) as work:
            invoice = work.invoices.get(invoice_id)
            if invoice.company_id != company_id or invoice.removed is Removed.DELETED:
                raise NotFound("invoice")
            may_see = BuyerRight.HISTORY in actor.buyer_rights
            payments = tuple(work.queries.payments_of(invoice_id)) if may_see else ()
            (row,) = _without_own_tries(work, actor, (work.queries.invoice_row(invoice_id),))
            return InvoiceView(invoice, row, payments)
