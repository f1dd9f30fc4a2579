"""A buyer pays: attempt, cart that costs exactly the attempt, then the store's own checkout (R-16 to R-18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.address import Address
from domain.company import Company
from domain.errors import (
    AmountInvalid,
    CompanyInactive,
    LinesRefused,
    MixedCurrencies,
    NoMethod,
    NotFound,
    NothingSelected,
    NotPayable,
    PaymentPending,
    Refusal,
    StoreChangesPrice,
    StoreUnreachable,
)
from domain.events import Act
from domain.ids import new_id
from domain.invoice import Invoice, Source, oldest_due_first
from domain.money import Money
from domain.payment_attempt import SKU, AttemptLine, AttemptState, PaymentAttempt
from domain.ports import CheckoutReading, Doorbell, OfferedMethod, OpenWork, PaymentProduct, Shop, Work
from domain.review import Review, ReviewKind
from domain.roles import Actor, BuyerRight
from domain.store import Settings
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.set_up_store import payment_product


@dataclass(frozen=True)
class Started:
    attempt_id: str
    payment_number: str
    checkout_url: str
    expires_at: datetime


@dataclass(frozen=True)
class StartCheckout:
    """Only ids and wished amounts come in; balances are re-read under lock (D6). The attempt is committed before
    the cart is made (F-3); a cart that costs anything else than the attempt is deleted unseen (R-18).

    Raises NoRight, NothingSelected, NotFound, LinesRefused, MixedCurrencies, NotPayable, CompanyInactive, NoMethod,
    StoreChangesPrice, StoreUnreachable.
    """

    open_work: OpenWork
    open_shop: OpenShop
    doorbell: Doorbell

    def __call__(
        self, actor: Actor, currency: str, wanted: Mapping[str, Money], channel_id: int | None, key: str = ""
    ) -> Started:
        company_id = actor.must_as_buyer(BuyerRight.PAY)
        if not wanted:
            raise NothingSelected
        attempt, product, address = self._attempt(actor, company_id, currency, wanted, channel_id, key)
        shop = self.open_shop(actor.store_id)
        if attempt.state is not AttemptState.CART_MADE or attempt.cart_id is None:
            attempt = self._bind(actor, attempt, shop, shop.checkout.make_cart(attempt, product))
        cart_id = attempt.cart_id or ""
        self._check_cart(actor, attempt, shop, cart_id, address)
        return _started(attempt, shop.checkout.redirect_url(cart_id))

    def _check_cart(self, actor: Actor, attempt: PaymentAttempt, shop: Shop, cart_id: str, address: Address) -> None:
        """Also for the cart of an earlier call with the same key: that call may have ended before it was read. The
        address first: a store's tax shows only when checkout knows where the buyer is."""
        try:
            if address.lines:
                shop.checkout.prefill_billing(cart_id, address)
            reading = shop.checkout.read(cart_id, attempt.currency)
        except NotFound:
            raise NotPayable(_EXPIRED) from None
        settings = self._settings(actor)
        why = why_not_exact(attempt, reading, settings)
        if why:
            self._drop(actor, attempt, shop, _review_of(actor, attempt, reading, why))
            raise StoreChangesPrice(attempt.total, reading.total, why)
        if not self._allowed(actor, attempt.company_id, shop.checkout.methods(cart_id), settings):
            self._drop(actor, attempt, shop)
            raise NoMethod

    # --- first transaction -------------------------------------------------------------------------------
    def _attempt(
        self,
        actor: Actor,
        company_id: int,
        currency: str,
        wanted: Mapping[str, Money],
        channel_id: int | None,
        key: str,
    ) -> tuple[PaymentAttempt, PaymentProduct | None, Address]:
        with self.open_work(actor.store_id) as work:
            settings = work.notes.settings()
            product = _product(settings)
            scope = f"start_checkout:{actor.id}"
            kept = work.once.claim(scope, key, _fingerprint(currency, wanted)) if key else None
            attempt = _still_wanted(work.attempts.get(kept)) if kept is not None else None
            company = work.companies.get(company_id)
            if not company.is_active:
                raise CompanyInactive(company.name)
            _check_currency(work, currency)
            invoices = _own(work.invoices.locked(sorted(wanted)), company)
            _check_lines(work, invoices, wanted, currency, settings)
            if attempt is None:
                attempt = _new_attempt(work, actor, company_id, currency, invoices, wanted, channel_id)
                work.attempts.add(attempt)
                if key:
                    work.once.keep(scope, key, attempt.id)
                facts = {"number": attempt.payment_number, "total": str(attempt.total)}
                work.book(actor, Act("checkout.started", "attempt", attempt.id, facts))
                work.commit()
        return attempt, product, _billing_address(list(invoices.values()))

    def _bind(self, actor: Actor, attempt: PaymentAttempt, shop: Shop, cart_id: str) -> PaymentAttempt:
        """The first cart is the attempt's. The same call twice at once makes two: the second one is deleted unseen,
        because money that came from it would find no attempt (I-8). Raises NotPayable."""
        with self.open_work(actor.store_id) as work:
            bound = work.attempts.locked(attempt.id)
            is_first = bound.state in (AttemptState.STARTED, AttemptState.REFUSED)
            if is_first:
                bound = bound.with_cart(cart_id)
                work.attempts.save(bound)
                work.commit()
        if not is_first:
            self._delete(actor, shop, cart_id)
        return _still_wanted(bound)

    # --- after the cart was read ------------------------------------------------------------------------------
    def _settings(self, actor: Actor) -> Settings:
        with self.open_work(actor.store_id) as work:
            return work.notes.settings()

    def _allowed(
        self, actor: Actor, company_id: int, offered: list[OfferedMethod], settings: Settings
    ) -> list[OfferedMethod]:
        with self.open_work(actor.store_id) as work:
            company = work.companies.get(company_id)
        return allowed_methods(company, offered, settings)

    def _drop(self, actor: Actor, attempt: PaymentAttempt, shop: Shop, review: Review | None = None) -> None:
        self._delete(actor, shop, attempt.cart_id or "")
        with self.open_work(actor.store_id) as work:
            work.attempts.save(attempt.in_state(AttemptState.REFUSED))
            if review is not None:
                work.reviews.open(review)
            work.commit()

    def _delete(self, actor: Actor, shop: Shop, cart_id: str) -> None:
        """Nobody sees the cart: it is deleted now, or from the outbox when the store does not answer."""
        try:
            shop.checkout.delete_cart(cart_id)
        except StoreUnreachable:
            with self.open_work(actor.store_id) as work:
                work.outbox.put("delete_cart", cart_id)
                work.commit()
            self.doorbell.ring(actor.store_id, "outbox")


_EXPIRED: Final = "This payment was started too long ago. Reload your invoices and pay again."


def _product(settings: Settings) -> PaymentProduct | None:
    """None where the store pays by custom items, the fallback (DESIGN 6)."""
    if settings.cart_strategy == "custom_items":
        return None
    return payment_product((settings.payment_product_id, settings.payment_option_id, settings.payment_variant_id))


def _still_wanted(attempt: PaymentAttempt) -> PaymentAttempt:
    """A repeated call goes on with its attempt, unless that was paid or its cart is gone. Raises NotPayable."""
    if attempt.state is AttemptState.SETTLED:
        raise NotPayable(
            "Payment {payment_number} was already made. Reload your invoices.", payment_number=attempt.payment_number
        )
    if attempt.state is AttemptState.EXPIRED:
        raise NotPayable(_EXPIRED)
    return attempt


def _review_of(actor: Actor, attempt: PaymentAttempt, reading: CheckoutReading, why: str) -> Review:
    return Review(
        new_id(),
        ReviewKind.STORE_CHANGES_PRICE,
        "store",
        str(actor.store_id),
        expected=f"checkout charges {attempt.total}",
        found=f"{reading.total}: {why}",
        company_id=attempt.company_id,
    )


def _started(attempt: PaymentAttempt, url: str) -> Started:
    return Started(attempt.id, attempt.payment_number, url, attempt.expires_at)


def _billing_address(invoices: list[Invoice]) -> Address:
    """Of the oldest due invoice that states one; documents of an ERP often state none (R-18)."""
    stated = (invoice.content.billing_address for invoice in oldest_due_first(invoices))
    return next((address for address in stated if address.lines and address.country_code), Address())


def _fingerprint(currency: str, wanted: Mapping[str, Money]) -> str:
    return currency + ";" + ";".join(f"{invoice_id}={amount}" for invoice_id, amount in sorted(wanted.items()))


def _own(invoices: dict[str, Invoice], company: Company) -> dict[str, Invoice]:
    """The same refusal for “not yours” and “not there” (I-11)."""
    if any(invoice.company_id != company.id for invoice in invoices.values()):
        raise NotFound("invoice")
    return invoices


def _check_currency(work: Work, currency: str) -> None:
    profile = work.notes.profile()
    if profile and profile.transactional_currencies and currency not in profile.transactional_currencies:
        raise NotPayable(
            "This store cannot charge {currency} online. Contact the store for how to pay.", currency=currency
        )


def _check_lines(
    work: Work, invoices: dict[str, Invoice], wanted: Mapping[str, Money], currency: str, settings: Settings
) -> None:
    pending = work.payments.pending_on(wanted)
    refused: dict[str, Refusal] = {}
    for invoice_id, invoice in invoices.items():
        amount = wanted[invoice_id]
        try:
            if invoice.currency != currency:
                raise MixedCurrencies(currency, invoice.currency)
            if amount.minor <= 0:
                raise AmountInvalid(amount.text, "enter an amount above zero")
            if invoice_id in pending:
                raise PaymentPending(invoice.number, pending[invoice_id])
            if invoice.balance.minor == 0:
                raise NotPayable("{number} is not owed any more.", number=invoice.number)
            _check_order(work, invoice)
            invoice.check_can_take(amount)
            _check_part(invoice, amount, settings)
        except Refusal as refusal:
            refused[invoice_id] = refusal
    if refused:
        raise LinesRefused(refused)


def _check_order(work: Work, invoice: Invoice) -> None:
    """Nobody pays for a cancelled order online: its invoice waits for the seller to void it (R-11)."""
    if invoice.order_id is None or invoice.source is not Source.ORDER:
        return
    order = work.orders.find(invoice.order_id)
    if order is not None and order.is_gone:
        raise NotPayable(
            "Order {order_id} of {number} was cancelled. Contact the store before you pay.",
            order_id=order.id,
            number=invoice.number,
        )


def _check_part(invoice: Invoice, amount: Money, settings: Settings) -> None:
    """Whether so much of an invoice may be paid online; its whole balance always may."""
    if amount == invoice.balance:
        return
    if not settings.partial_payments:
        raise NotPayable("Pay {number} in full: {balance}.", number=invoice.number, balance=invoice.balance)
    least = settings.least_part(invoice.currency)
    if amount < least:
        raise NotPayable(
            "Pay at least {least} of {number}, or all of it.", number=invoice.number, least=min(least, invoice.balance)
        )


def _new_attempt(
    work: Work,
    actor: Actor,
    company_id: int,
    currency: str,
    invoices: dict[str, Invoice],
    wanted: Mapping[str, Money],
    channel_id: int | None,
) -> PaymentAttempt:
    settings = work.notes.settings()
    lines = tuple(
        AttemptLine(invoice.id, invoice.number, invoice.content.due_on.isoformat(), wanted[invoice.id])
        for invoice in oldest_due_first(list(invoices.values()))
    )
    return PaymentAttempt(
        new_id(),
        company_id,
        actor.customer_id or 0,
        currency,
        lines,
        settings.number("payment", work.numbers.take("payment")),
        work.now(),
        channel_id=channel_id or 1,
    )


def allowed_methods(company: Company, offered: list[OfferedMethod], settings: Settings) -> list[OfferedMethod]:
    """Offered by checkout, ticked by the store for invoices, and enabled for the company (R-16)."""
    return [
        method
        for method in offered
        if settings.takes(method.id) and (company.allowed_methods is None or method.id in company.allowed_methods)
    ]


def why_not_exact(attempt: PaymentAttempt, reading: CheckoutReading, settings: Settings) -> str:
    """Why the cart would not cost exactly the attempt; empty when it does (R-18). Custom items, where the store chose
    them, may bring in a shipping step, as long as it costs nothing."""
    if reading.promotions:
        return "promotion " + ", ".join(reading.promotions)
    for label, amount in (
        ("a discount", reading.discounts),
        ("tax", reading.tax),
        ("shipping", reading.shipping),
        ("a fee", reading.fees),
    ):
        if amount:
            return f"{label} of {abs(amount)}"
    if any(line.sku != SKU for line in reading.lines) or len(reading.lines) != len(attempt.cart_lines()):
        return "other lines in the cart"
    if reading.total != attempt.total:
        return "another total"
    may_ship = settings.cart_strategy == "custom_items"
    return "the cart asks for shipping" if reading.needs_shipping and not may_ship else ""
