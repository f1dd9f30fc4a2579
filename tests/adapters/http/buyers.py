"""What storefront tests do as a buyer, and what happens around one."""

from dataclasses import replace

from domain.order import OrderMoney, Transaction
from domain.payment_attempt import SKU
from domain.use_cases.settle_checkout import SettleCheckout
from tests.adapters.http.conftest import BEA
from tests.builders import an_instant, an_order, an_order_line

NOBODY = "01a2b3c4-0000-7000-8000-000000000000"
"""An id that no document has."""


def get(edges, path: str, headers=None):
    return edges.client().get(f"/storefront/v1{path}", headers=headers or edges.token())


def exchange(edges, customer_id: int = BEA, **body):
    jwt = edges.world.login.vouch_for(edges.north.hash, customer_id)
    return edges.client().post("/storefront/v1/session", json={"jwt": jwt, "channel_id": 1, "locale": "en", **body})


def pay(edges, *parts: tuple[str, str], headers=None, key: str = "press-0001", currency: str = "USD"):
    body = {"currency": currency, "lines": [{"invoice_id": one, "amount": amount} for one, amount in parts]}
    headers = (headers or edges.token()) | {"Idempotency-Key": key}
    return edges.client().post("/storefront/v1/payments", json=body, headers=headers)


def remember(edges, *buyers, company=None) -> None:
    """Changes what our tables and B2B Edition know of people and their company."""
    directory = edges.shop(edges.north).directory
    with edges.work(edges.north) as work:
        if company is not None:
            work.companies.put([company])
            directory.add(company)
        work.companies.put_buyers([replace(buyer, read_at=work.now()) for buyer in buyers])
        work.commit()


def settle(edges, attempt_id: str, event: str = "purchase", *, ok: bool = True) -> None:
    """The buyer pays the cart by card, as order 2001; it reaches our books with that one transaction."""
    with edges.work(edges.north) as work:
        attempt = work.attempts.get(attempt_id)
    lines = tuple(
        replace(an_order_line(index, line.price, 1), sku=SKU, name=line.name)
        for index, line in enumerate(attempt.cart_lines())
    )
    order = an_order(2001, lines=lines, total=attempt.total, cart_id=attempt.cart_id, is_invoice_payment=True)
    row = Transaction(f"t-{event}-{ok}", event, "credit_card", attempt.total, an_instant(22), ok=ok)
    SettleCheckout(edges.portal.open_work, edges.world.doorbell)(edges.north.id, order, OrderMoney((row,)))
