"""Carts and checkout of one BigCommerce store."""

from dataclasses import dataclass
from typing import Protocol

from domain.address import Address
from domain.money import Money
from domain.payment_attempt import CartLine, PaymentAttempt


@dataclass(frozen=True, slots=True)
class PaymentProduct:
    """The hidden digital product of R-17."""

    product_id: int
    option_id: int | None
    variant_id: int | None = None


@dataclass(frozen=True, slots=True)
class CheckoutReading:
    """What checkout would charge for a cart."""

    total: Money
    discounts: Money
    tax: Money
    shipping: Money
    fees: Money
    lines: tuple[CartLine, ...]
    needs_shipping: bool = False
    promotions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedMethod:
    """A way to pay at checkout. `id` is the gateway's code, as B2B Edition and the checkout page know it."""

    id: str
    name: str
    test_mode: bool = False


class StoreCheckout(Protocol):
    """Carts and checkout of one store. Raises StoreUnreachable, StoreDisconnected, ScopeMissing, NotFound."""

    def make_cart(self, attempt: PaymentAttempt, product: PaymentProduct | None) -> str:
        """The cart id; without a product its lines are custom items, the fallback setting.

        Not repeatable: a time-out may leave an orphan cart, which carries no money (F-4)."""

    def read(self, cart_id: str, currency: str) -> CheckoutReading: ...

    def redirect_url(self, cart_id: str) -> str:
        """One use: made at click time."""

    def delete_cart(self, cart_id: str) -> None:
        """Also fine when it is gone."""

    def methods(self, cart_id: str) -> list[OfferedMethod]: ...

    def prefill_billing(self, cart_id: str, address: Address) -> None: ...
