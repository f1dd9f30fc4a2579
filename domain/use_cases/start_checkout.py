"""A buyer pays: attempt, cart that costs exactly the attempt, then the store's own checkout (R-16 to R-18)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
)
from domain.events import Act
from domain.ids import new_id
from domain.invoice import Invoice, oldest_due_first
from domain.money import Money
from domain.payment_attempt import SKU, AttemptLine, AttemptState, PaymentAttempt
from domain.ports import CheckoutReading, Doorbell, OfferedMethod, OpenWork, PaymentProduct, Shop, Work
from domain.review import Review, ReviewKind
from domain.roles import Actor, BuyerRight
from domain.store import NEVER_PAYS_INVOICES
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
        if attempt.state is AttemptState.SETTLED:
            raise NotPayable(f"Payment {attempt.payment_number} was already made. Reload your invoices.")
        shop = self.open_shop(actor.store_id)
        if attempt.state is AttemptState.CART_MADE and attempt.cart_id is not None:
            return _started(attempt, shop.checkout.redirect_url(attempt.cart_id))
        cart_id = shop.checkout.make_cart(attempt, product)
        attempt = self._keep(actor, attempt.with_cart(cart_id))
        reading = shop.checkout.read(cart_id, attempt.currency)
        why = why_not_exact(attempt, reading)
        if why:
            self._refuse(actor, attempt, shop, reading, why)
        if not self._allowed(actor, company_id, shop.checkout.methods(cart_id)):
            self._drop(actor, attempt, shop)
            raise NoMethod
        if address.lines:
            shop.checkout.prefill_billing(cart_id, address)
        return _started(attempt, shop.checkout.redirect_url(cart_id))

    # --- first transaction -------------------------------------------------------------------------------
    def _attempt(
        self,
        actor: Actor,
        company_id: int,
        currency: str,
        wanted: Mapping[str, Money],
        channel_id: int | None,
        key: str,
    ) -> tuple[PaymentAttempt, PaymentProduct, Address]:
        with self.open_work(actor.store_id) as work:
            settings = work.notes.settings()
            product = payment_product(
                (settings.payment_product_id, settings.payment_option_id, settings.payment_variant_id)
            )
            scope = f"start_checkout:{actor.id}"
            kept = work.once.claim(scope, key, _fingerprint(currency, wanted)) if key else None
            if kept is not None:
                return work.attempts.get(kept), product, Address()
            company = work.companies.get(company_id)
            if not company.is_active:
                raise CompanyInactive(company.name)
            _check_currency(work, currency)
            invoices = _own(work.invoices.locked(sorted(wanted)), company)
            _check_lines(work, invoices, wanted, currency)
            attempt = _new_attempt(work, actor, company_id, currency, invoices, wanted, channel_id)
            work.attempts.add(attempt)
            if key:
                work.once.keep(scope, key, attempt.id)
            facts = {"number": attempt.payment_number, "total": str(attempt.total)}
            work.book(actor, Act("checkout.started", "attempt", attempt.id, facts))
            work.commit()
        oldest = oldest_due_first(list(invoices.values()))[0]
        return attempt, product, oldest.content.billing_address

    def _keep(self, actor: Actor, attempt: PaymentAttempt) -> PaymentAttempt:
        with self.open_work(actor.store_id) as work:
            work.attempts.save(attempt)
            work.commit()
        return attempt

    # --- after the cart was read ------------------------------------------------------------------------------
    def _allowed(self, actor: Actor, company_id: int, offered: list[OfferedMethod]) -> list[OfferedMethod]:
        with self.open_work(actor.store_id) as work:
            company = work.companies.get(company_id)
        return allowed_methods(company, offered)

    def _drop(self, actor: Actor, attempt: PaymentAttempt, shop: Shop) -> None:
        self._keep(actor, attempt.in_state(AttemptState.REFUSED))
        if attempt.cart_id is not None:
            shop.checkout.delete_cart(attempt.cart_id)

    def _refuse(self, actor: Actor, attempt: PaymentAttempt, shop: Shop, reading: CheckoutReading, why: str) -> None:
        self._drop(actor, attempt, shop)
        with self.open_work(actor.store_id) as work:
            work.reviews.open(
                Review(
                    new_id(),
                    ReviewKind.STORE_CHANGES_PRICE,
                    "store",
                    str(actor.store_id),
                    expected=f"checkout charges {attempt.total}",
                    found=f"{reading.total}: {why}",
                    company_id=attempt.company_id,
                )
            )
            work.commit()
        raise StoreChangesPrice(attempt.total, reading.total, why)


def _started(attempt: PaymentAttempt, url: str) -> Started:
    return Started(attempt.id, attempt.payment_number, url, attempt.expires_at)


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
        raise NotPayable(f"This store cannot charge {currency} online. Contact the store for how to pay.")


def _check_lines(work: Work, invoices: dict[str, Invoice], wanted: Mapping[str, Money], currency: str) -> None:
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
                raise NotPayable(f"{invoice.number} is not owed any more.")
            invoice.check_can_take(amount)
        except Refusal as refusal:
            refused[invoice_id] = refusal
    if refused:
        raise LinesRefused(refused)


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


def allowed_methods(company: Company, offered: list[OfferedMethod]) -> list[OfferedMethod]:
    """Offered by checkout, enabled for the company, and money rather than a promise (R-16)."""
    return [
        method
        for method in offered
        if method.id.lower() not in NEVER_PAYS_INVOICES
        and (company.allowed_methods is None or method.id in company.allowed_methods)
    ]


def why_not_exact(attempt: PaymentAttempt, reading: CheckoutReading) -> str:
    """Why the cart would not cost exactly the attempt; empty when it does (R-18)."""
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
    return "the cart asks for shipping" if reading.needs_shipping else ""
