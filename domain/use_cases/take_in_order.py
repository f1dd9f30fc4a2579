"""A hint said that an order changed: it is read again and what was read decides (ground rule 5, F-2)."""

from dataclasses import dataclass

from domain.draft import draft_of
from domain.errors import DirectoryUnreachable, NotFound
from domain.events import Act, Event
from domain.ids import new_id
from domain.invoice import Invoice, Source
from domain.ledger import Movement, Origin
from domain.money import Money
from domain.order import NEVER_INVOICED, Order, OrderMoney
from domain.order_change import ChangeKind, compare
from domain.order_money import Reading, read_money
from domain.payment import Method, Payment
from domain.ports import Doorbell, OpenWork, OrderRecord, Shop, Work
from domain.review import Review, ReviewKind
from domain.roles import system
from domain.use_cases.automatic_invoices import ask_for_invoice
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.order_payment import (
    receive_new,
    refund_new,
    review_dispute,
    review_money_back,
    set_pending,
    time_zone_of,
)
from domain.use_cases.settle_checkout import SettleCheckout
from domain.use_cases.sync_orders import ask_for_companies, keep, with_record
from domain.zone import local_day


@dataclass(frozen=True)
class TakeInOrder:
    """Old news after newer news changes nothing: the order's own `modified_at` decides. Repeatable.

    Raises StoreUnreachable, StoreDisconnected; a deleted order is no error.
    """

    open_work: OpenWork
    open_shop: OpenShop
    settle: SettleCheckout
    doorbell: Doorbell

    def __call__(self, store_id: int, order_id: int) -> None:
        shop = self.open_shop(store_id)
        try:
            fresh = shop.orders.get(order_id)
        except NotFound:
            return
        money = shop.orders.money(order_id, fresh.currency)
        record = _record(shop, order_id)
        with self.open_work(store_id) as work:
            work.orders.lock(order_id)
            before = work.orders.find(order_id)
            if before is not None and before.modified_at > fresh.modified_at:
                return
            order = with_record(work, fresh, record)
            if not keep(order, work.now()):
                return
            work.orders.put([order])
            ask_for_companies(work, [order])
            is_asked = False
            if not order.is_invoice_payment:
                _follow_invoice(work, order, before, money)
                is_asked = ask_for_invoice(work, order, money)
            work.commit()
        if is_asked:
            self.doorbell.ring(store_id, "outbox")
        if order.is_invoice_payment:
            self.settle(store_id, order, money)


@dataclass(frozen=True)
class FollowCart:
    """A buyer asks about an order: those of the cart are taken in. Raises StoreUnreachable, StoreDisconnected."""

    open_shop: OpenShop
    take_in: TakeInOrder

    def __call__(self, store_id: int, cart_id: str) -> None:
        for order_id in self.open_shop(store_id).orders.made_from_cart(cart_id):
            self.take_in(store_id, order_id)


def _follow_invoice(work: Work, order: Order, before: Order | None, money: OrderMoney) -> None:
    """Later captures and refunds of an invoiced order settle its invoice (R-9); other changes are proposed to a
    person (R-11)."""
    live = [one for one in work.invoices.live_for_order(order.id) if one.source is Source.ORDER]
    payment = work.payments.find_by_order(order.id)
    if live or payment is not None:
        reading = read_money(money, order.currency, allow_test=work.notes.settings().allow_test_money)
        _Follow(work, order, before, money, reading, live, payment).run()


def _record(shop: Shop, order_id: int) -> OrderRecord | None:
    try:
        return shop.directory.order_record(order_id)
    except DirectoryUnreachable:
        return None


@dataclass
class _Follow:
    work: Work
    order: Order
    before: Order | None
    money: OrderMoney
    reading: Reading
    live: list[Invoice]
    known: Payment | None

    def run(self) -> None:
        wanted = [invoice.id for invoice in self.live]
        if self.known is not None:
            wanted += list(self.known.allocations)
        invoices = self.work.invoices.locked(sorted(set(wanted)))
        refunded = False
        if self.reading.tenders or self.reading.promised or self.known:
            refunded = self._money(invoices)
        if self.live:
            self._changes(invoices[self.live[0].id], refunded)

    def _money(self, invoices: dict[str, Invoice]) -> bool:
        """Books what is new; whether money went back."""
        payment = self._payment()
        zone = time_zone_of(self.work)
        received = receive_new(self.work, payment, self.reading, zone, Origin.ORDER)
        movements: list[Movement] = list(received.movements)
        if received.is_news and self.live:
            mine = [invoices[self.live[0].id]]
            movements += payment.fill(mine, limit=received.received, not_before=received.last_day)
        back = refund_new(self.work, payment, self.reading, invoices, zone, {})
        movements += back.movements
        balance = {one.id: invoices[one.id].balance for one in self.live}
        set_pending(payment, self.reading, balance)
        self.work.payments.save(payment)
        if movements:
            facts = {
                "number": payment.number,
                "received": received.received.text,
                "refunded": back.refunded.text,
                "order": self.order.id,
            }
            act = Act("payment.read_from_order", "payment", payment.id, facts)
            kinds = ["payment.received"] if received.is_news else []
            kinds += ["payment.refunded"] if back.is_news else []
            events = [Event(kind, payment.id, payment.company_id, facts) for kind in kinds]
            told = self.work.notes.settings().told(events)
            self.work.book(system(self.work.store.id, "worker"), act, movements, told)
        review_money_back(self.work, payment, self.reading, self.order.id)
        review_dispute(self.work, self.order, payment)
        return back.is_news

    def _payment(self) -> Payment:
        if self.known is not None:
            return self.work.payments.locked([self.known.id])[self.known.id]
        settings = self.work.notes.settings()
        latest = max(row.at for row in self.money.transactions)
        at = self.reading.tenders[0].at if self.reading.tenders else latest
        payment = Payment(
            new_id(),
            settings.number("payment", self.work.numbers.take("payment")),
            self.live[0].company_id,
            self.order.currency,
            local_day(at, time_zone_of(self.work)),
            method=Method.ORDER,
            method_label=self.order.payment_method or "Paid with the order",
            bc_order_id=self.order.id,
            recorded_by="Order",
        )
        self.work.payments.add(payment)
        return payment

    def _changes(self, invoice: Invoice, refunded: bool) -> None:
        """Cancelled, archived, refunded or larger: nothing happens by itself, the difference is shown (R-11).

        Only a change of the order is news: an invoice that was edited or leaves lines out differs on purpose.
        """
        change = compare(self.order, self.money.refunds, invoice)
        subject = str(self.order.id)
        if change is None:
            self.work.reviews.settle(ReviewKind.ORDER_CHANGED, subject)
        elif refunded or self.before is None or _comes_to(self.before) != _comes_to(self.order):
            found = f"the order comes to {change.comes_to}"
            if change.kind is ChangeKind.GONE:
                found += f"; {NEVER_INVOICED.get(self.order.status_id, 'it is archived')}"
            self.work.reviews.open(
                Review(
                    new_id(),
                    ReviewKind.ORDER_CHANGED,
                    "order",
                    subject,
                    expected=f"{invoice.number} of {invoice.total}",
                    found=found,
                    company_id=invoice.company_id,
                    facts={"invoice_id": invoice.id, "change": change.kind.value},
                )
            )


def _comes_to(order: Order) -> tuple[bool, Money]:
    """What of an order matters to its invoice; refunds of money are told apart."""
    return order.is_gone, draft_of(order).total(order.currency)
