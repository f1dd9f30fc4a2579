"""F-15: under a storm of faults an order is read exactly or not at all."""

import json
import random
from collections import Counter
from urllib.parse import urlsplit

import requests
import responses

from adapters.bigcommerce.traffic import Policy
from domain.errors import StoreUnreachable
from tests.adapters.bigcommerce.kit import V2, V3, Clock, a_shop, paged, v3
from tests.adapters.bigcommerce.order_bodies import a_line, a_refund, a_transaction, an_address, an_order

ANSWERS = {
    "/stores/abc123/v2/orders/218": an_order(),
    "/stores/abc123/v2/orders/218/products": [a_line(id=number) for number in range(3)],
    "/stores/abc123/v2/orders/218/shipping_addresses": [an_address()],
    "/stores/abc123/v2/orders/218/coupons": [{"code": "SPRING", "discount": "5.0000"}],
    "/stores/abc123/v2/orders/218/taxes": [{"name": "Tax", "rate": "8.25", "line_amount": "7.7700"}],
    "/stores/abc123/v3/orders/218/transactions": paged(
        [a_transaction(), a_transaction(id=502, event="refund", amount=7)]
    ),
    "/stores/abc123/v3/orders/218/payment_actions/refunds": v3([a_refund()]),
}
JSON = {"Content-Type": "application/json"}


def reset(body: bytes) -> tuple[int, dict[str, str], bytes]:
    raise requests.ConnectionError("reset")


def late(body: bytes) -> tuple[int, dict[str, str], bytes]:
    raise requests.ReadTimeout("slow")


MENU = {
    "429": lambda body: (429, {"X-Rate-Limit-Time-Reset-Ms": "900"}, b""),
    "429 bare": lambda body: (429, {}, b""),
    "500": lambda body: (500, {"Content-Type": "text/html"}, b"<html>"),
    "503": lambda body: (503, {}, b""),
    "truncated": lambda body: (200, JSON, body[: len(body) // 2]),
    "page": lambda body: (200, {"Content-Type": "text/html"}, b"<html></html>"),
    "empty": lambda body: (200, JSON, b""),
    "null": lambda body: (200, JSON, b"null"),
    "another shape": lambda body: (200, JSON, b'{"data": {"id": "x"}, "id": []}'),
    "amount gone": lambda body: (200, JSON, body.replace(b'"total_inc_tax"', b'"total"').replace(b'"amount"', b'"a"')),
    "redirect": lambda body: (302, {"Location": "https://evil.example/"}, b""),
    "reset": reset,
    "late": late,
}


@responses.activate
def test_a_storm_of_faults_never_gives_a_wrong_order():
    chance = random.Random(4711)
    struck: Counter[str] = Counter()

    def answer(request):
        body = json.dumps(ANSWERS[urlsplit(request.url).path]).encode()
        if chance.random() < 0.2:
            name = chance.choice(sorted(MENU))
            struck[name] += 1
            return MENU[name](body)
        return 200, JSON, body

    for base in (V2, V3):
        for path in ANSWERS:
            if path.startswith(urlsplit(base).path):
                responses.add_callback("GET", f"https://api.bigcommerce.com{path}", answer)
    clock = Clock()
    shop = a_shop(clock, Policy(tries=3))
    exact, refused = [], 0

    for _ in range(250):
        try:
            exact.append((shop.orders.get(218), shop.orders.money(218, "USD")))
        except StoreUnreachable:
            refused += 1
            clock.now += 400

    assert len(set(map(repr, exact))) == 1, "every reading that came through is the same"
    assert exact[0][0].total.text == "107.00"
    assert len(exact[0][0].lines) == 3
    assert [row.amount.text for row in exact[0][1].transactions] == ["107.00", "7.00"]
    assert len(exact) > 50
    assert refused > 0
    assert set(struck) == set(MENU), "a fault that never struck proves nothing"
