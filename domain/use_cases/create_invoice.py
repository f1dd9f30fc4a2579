"""IP-Sales presses *Create invoice*: a synced order becomes an invoice, with what it already paid (R-9, R-10)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.company import Company
from domain.draft import Draft, billable_lines, draft_of
from domain.errors import AlreadyInvoiced, DirectoryUnreachable, InputInvalid, NotFound, NotInvoiceable
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Content, Invoice, Source
from domain.ledger import Movement, Origin
from domain.money import Money
from domain.order import Order, OrderLine, OrderMoney
from domain.order_money import Reading, read_money
from domain.payment import Method, Payment
from domain.ports import OpenWork, Work
from domain.review import Review, ReviewKind
from domain.roles import Actor, Right
from domain.store import Settings
from domain.terms import Due, DueFrom, Terms, due_date
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.order_payment import receive_new, refund_new, set_pending, time_zone_of
from domain.zone import local_day


@dataclass(frozen=True)
class Choice:
    """What the person chose on the review page. `keep` names the order lines to bill; None bills all.
    `issued_on` None is today; a due date goes before terms, and without both those of the company hold (R-7)."""

    keep: tuple[int, ...] | None = None
    issued_on: date | None = None
    due_on: date | None = None
    terms: Terms | None = None
    notes: str = ""


@dataclass(frozen=True)
class Prepared:
    """What *Create invoice* would do, for the review page: `draft` with the lines chosen, `whole` with all, which are
    those of `billed` in the same order; `due` by what was chosen, `usual` by the terms that hold for the company."""

    order: Order
    company: Company
    draft: Draft
    whole: Draft
    billed: tuple[OrderLine, ...]
    due: Due
    issued_on: date
    captured: Money
    usual: Due
    can_untick: bool
    existing: Invoice | None = None


@dataclass(frozen=True)
class Created:
    """`existed` when the order had its invoice already: a second press shows the same one (I-5)."""

    invoice_id: str
    number: str
    existed: bool = False


def as_read(work: Work, fresh: Order) -> Order:
    """The fresh reading with what only the synced order knows: company and PO number. Raises NotFound."""
    known = work.orders.get(fresh.id)
    return replace(
        fresh,
        company_id=known.company_id,
        po_number=known.po_number,
        is_invoice_payment=known.is_invoice_payment or fresh.is_invoice_payment,
    )


def check_invoiceable(order: Order, settings: Settings, time_zone: str) -> None:
    """Raises NotInvoiceable with the reason of R-8, or because it lies before the cut-over date (R-12)."""
    why = order.why_not_invoiceable()
    if why is None and settings.cut_over and local_day(order.placed_at, time_zone) < settings.cut_over:
        why = f"it was placed before the cut-over date {settings.cut_over}"
    if why is not None:
        raise NotInvoiceable(order.id, why)


@dataclass(frozen=True)
class PrepareInvoice:
    """Reads the order and its money anew and shows what would be issued. Changes nothing.

    Raises NotAllowed, NotFound, NotInvoiceable, StoreUnreachable.
    """

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor, order_id: int, choice: Choice = Choice()) -> Prepared:
        actor.must(Right.CREATE_INVOICES)
        fresh, money = read_order(self.open_shop, actor.store_id, order_id)
        with self.open_work(actor.store_id) as work:
            order = as_read(work, fresh)
            actor.must_see(order.company_id or 0, "order")
            settings, zone = work.notes.settings(), time_zone_of(work)
            live = work.invoices.live_for_order(order_id)
            if not live:
                check_invoiceable(order, settings, zone)
            if order.company_id is None:
                raise NotInvoiceable(order_id, "it does not belong to a company")
            company = work.companies.get(order.company_id)
            today = work.today()
        reading = read_money(money, order.currency, allow_test=settings.allow_test_money)
        return Prepared(
            order,
            company,
            draft_of(order, money.refunds, choice.keep),
            draft_of(order, money.refunds),
            billable_lines(order, money.refunds),
            _due(choice, choice.issued_on or today, company, settings),
            choice.issued_on or today,
            reading.captured,
            _due(Choice(), today, company, settings),
            can_untick=not reading.captured,
            existing=live[0] if live else None,
        )


def read_order(open_shop: OpenShop, store_id: int, order_id: int) -> tuple[Order, OrderMoney]:
    """The order with its transactions and refunds, read together before any transaction is opened. B2B Edition is
    asked whether it is a payment of its own, which its lists do not say; while it is away, what is known serves."""
    shop = open_shop(store_id)
    order = shop.orders.get(order_id)
    try:
        record = shop.directory.order_record(order_id)
    except DirectoryUnreachable:
        record = None
    if record is not None and record.is_invoice_order:
        order = replace(order, is_invoice_payment=True)
    return order, shop.orders.money(order_id, order.currency)


@dataclass(frozen=True)
class CreateInvoice:
    """One invoice per order, however often and from however many tabs it is pressed (I-5). From an order already
    paid by card it is born paid; a transaction that is booked already is not booked twice.

    Raises NotAllowed, NotFound, NotInvoiceable, AlreadyInvoiced (by an ERP invoice), StoreUnreachable.
    """

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor, order_id: int, choice: Choice = Choice()) -> Created:
        actor.must(Right.CREATE_INVOICES)
        fresh, money = read_order(self.open_shop, actor.store_id, order_id)
        with self.open_work(actor.store_id) as work:
            work.orders.lock(order_id)
            order = as_read(work, fresh)
            actor.must_see(order.company_id or 0, "order")
            existing = _existing(work.invoices.live_for_order(order_id), order_id)
            if existing is not None:
                return Created(existing.id, existing.number, existed=True)
            issue = _Issue(work, actor, order, money, choice)
            issue.check()
            created = issue.run()
            work.orders.put([order])
            work.commit()
        return created


def _due(choice: Choice, issued_on: date, company: Company, settings: Settings) -> Due:
    if choice.due_on is None and choice.terms is not None:
        return Due(choice.terms.due(issued_on), DueFrom.TYPED, choice.terms.words)
    return due_date(issued_on, typed=choice.due_on, company=company.terms, b2b=company.b2b_terms, store=settings.terms)


def _existing(live: Sequence[Invoice], order_id: int) -> Invoice | None:
    for invoice in live:
        if invoice.source is Source.ORDER:
            return invoice
    for invoice in live:
        if invoice.source is Source.ERP:
            raise AlreadyInvoiced(order_id, invoice.number, invoice.id)
    return None


@dataclass
class _Issue:
    """The one transaction of Create invoice, in steps."""

    work: Work
    actor: Actor
    order: Order
    money: OrderMoney
    choice: Choice
    settings: Settings = field(init=False)
    zone: str = field(init=False)
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self.settings = self.work.notes.settings()
        self.zone = time_zone_of(self.work)
        self.reading = read_money(self.money, self.order.currency, allow_test=self.settings.allow_test_money)

    def check(self) -> None:
        check_invoiceable(self.order, self.settings, self.zone)
        if self.choice.issued_on is not None and self.choice.issued_on > self.work.today():
            raise InputInvalid("issued_on", "The issue date cannot lie in the future.")
        if self.choice.keep is None:
            return
        known = {line.id for line in billable_lines(self.order, self.money.refunds)}
        if not set(self.choice.keep) <= known or not self.choice.keep:
            raise InputInvalid("keep", "Choose at least one line of this order.")
        if set(self.choice.keep) != known and self.reading.captured:
            raise NotInvoiceable(self.order.id, "lines can only be left out while nothing is paid on the order")

    def run(self) -> Created:
        draft = draft_of(self.order, self.money.refunds, self.choice.keep)
        invoice = self._invoice(draft)
        payment = self._payment()
        self.work.invoices.add(invoice)
        movements = invoice.issue(on=self.settings.open_day(invoice.content.issued_on))
        if payment is not None:
            movements += self._pay(payment, invoice)
            self.work.payments.save(payment)
        change = {"order": self.order.id, "number": invoice.number, "total": invoice.total.text}
        act = Act("invoice.created", "invoice", invoice.id, change)
        events = [Event("invoice.created", invoice.id, invoice.company_id, {"number": invoice.number})]
        self.work.book(self.actor, act, movements, self.settings.told(events))
        if draft.needs_review:
            self._review(invoice, draft)
        return Created(invoice.id, invoice.number)

    def _invoice(self, draft: Draft) -> Invoice:
        if self.order.company_id is None:
            raise NotFound("company")
        company = self.work.companies.get(self.order.company_id)
        issued_on = self.choice.issued_on or self.work.today()
        due = _due(self.choice, issued_on, company, self.settings)
        number = self.settings.number("invoice", self.work.numbers.take("invoice"))
        content = Content(
            lines=draft.lines,
            cost_lines=draft.cost_lines,
            issued_on=issued_on,
            due_on=due.on,
            due_from=due.from_,
            terms_text=due.words,
            po_number=self.order.po_number,
            billing_address=self.order.billing_address,
            shipping_addresses=self.order.shipping_addresses,
            notes=self.choice.notes,
        )
        return Invoice(
            new_id(),
            number,
            Source.ORDER,
            company.id,
            company.name,
            self.order.currency,
            content,
            order_id=self.order.id,
            silent=self.settings.is_opening,
            channel_id=self.order.channel_id,
        )

    def _payment(self) -> Payment | None:
        """The order's own payment, made on first sight of money, locked when it is there from an earlier invoice."""
        known = self.work.payments.find_by_order(self.order.id)
        if known is not None:
            return self.work.payments.locked([known.id])[known.id]
        promised = self.reading.authorized or self.reading.on_its_way
        if not self.reading.tenders and not promised:
            return None
        first = self.reading.tenders[0].at if self.reading.tenders else _latest(self.money)
        payment = Payment(
            new_id(),
            self.settings.number("payment", self.work.numbers.take("payment")),
            self.order.company_id or 0,
            self.order.currency,
            local_day(first, self.zone),
            method=Method.ORDER,
            method_label=self.order.payment_method or "Paid with the order",
            bc_order_id=self.order.id,
            recorded_by="Order",
        )
        self.work.payments.add(payment)
        return payment

    def _pay(self, payment: Payment, invoice: Invoice) -> list[Movement]:
        """Receives and sends back gross, then allocates what is left: the invoice is born with what is paid."""
        received = receive_new(self.work, payment, self.reading, self.zone, Origin.ORDER)
        movements = list(received.movements)
        movements += refund_new(self.work, payment, self.reading, {}, self.zone, {}).movements
        part = min(payment.available, invoice.balance)
        if part.minor > 0:
            day = received.last_day or self.settings.open_day(payment.effective_on)
            movements.append(payment.allocate(invoice, part, origin=Origin.ORDER, not_before=day))
        set_pending(payment, self.reading, {invoice.id: invoice.balance})
        return movements

    def _review(self, invoice: Invoice, draft: Draft) -> None:
        self.work.reviews.open(
            Review(
                new_id(),
                ReviewKind.ORDER_DOES_NOT_ADD_UP,
                "invoice",
                invoice.id,
                expected=str(self.order.total),
                found=f"lines and charges differ by {draft.difference}",
                company_id=invoice.company_id,
            )
        )


def _latest(money: OrderMoney) -> datetime:
    return max(row.at for row in money.transactions)
