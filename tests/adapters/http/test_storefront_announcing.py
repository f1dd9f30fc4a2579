"""`POST /storefront/v1/announcements`: a buyer says that a check or transfer is on its way (R-28)."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.listing import PaymentFilter
from domain.payment import Method, PaymentStatus
from domain.use_cases.record_offline_payment import Received
from tests.adapters.http.conftest import OTTO
from tests.builders import NORTHWIND, finance, usd

PATH = "/storefront/v1/announcements"


def announce(edges, key="k1", headers=None, **changes):
    sent_on = (datetime.now(UTC).date() - timedelta(days=2)).isoformat()
    body = {"currency": "USD", "amount": "60.00", "method": "check", "sent_on": sent_on, "reference": "10442"}
    sent = {**(headers or edges.token()), "Idempotency-Key": key}
    return edges.client().post(PATH, json={**body, **changes}, headers=sent)


def listed(edges):
    with edges.portal.open_work(edges.north.id) as work:
        return work.queries.payments(PaymentFilter(), 10, None).rows


def test_an_announcement_is_listed_at_the_seller_once(edges):
    """R-28, I-8: sent twice it is one; it changes no balance."""
    headers = edges.token()

    first, second = (announce(edges, headers=headers) for _ in range(2))

    assert first.status_code == 201
    assert first.get_json() == second.get_json()
    [row] = listed(edges)
    assert (row.number, row.status, row.amount) == (first.get_json()["number"], PaymentStatus.ANNOUNCED, usd(60_00))
    assert row.available == usd(0)
    assert first.get_json()["status"] == {"code": "announced", "label": "Announced"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "0"}, "input_invalid"),
        ({"amount": "1.001"}, "amount_invalid"),
        ({"amount": 60}, "input_invalid"),
        ({"currency": "XXX"}, "input_invalid"),
        ({"method": "online"}, "input_invalid"),
        ({"sent_on": "2199-01-01"}, "input_invalid"),
        ({"reference": ""}, "memo_required"),
        ({"company_id": 12}, "input_invalid"),
    ],
)
def test_what_cannot_be_announced_is_refused(edges, changes, code):
    """T-15: an amount is text in the grammar of the API, and whose it is the token says."""
    response = announce(edges, **changes)

    assert response.status_code in (400, 422)
    assert response.get_json()["code"] == code
    assert listed(edges) == ()


def test_it_needs_a_key(edges):
    assert edges.client().post(PATH, json={}, headers=edges.token()).get_json()["code"] == "idempotency_key_needed"


def test_the_company_sees_what_it_announced_until_it_is_recorded(edges):
    """R-28: both sides see it; other companies do not."""
    mine = announce(edges).get_json()
    headers = edges.token()

    shown = edges.client().get(PATH, headers=headers).get_json()
    theirs = edges.client().get(PATH, headers=edges.token(customer_id=OTTO)).get_json()
    with edges.portal.open_work(edges.north.id) as work:
        received = Received(NORTHWIND, usd(60_00), Method.CHECK, work.today(), "10442", announced_id=mine["id"])
    edges.portal.record_offline_payment(finance(edges.north.id), received, {})

    assert shown == {"items": [mine], "next_cursor": None, "previous_cursor": None}
    assert theirs["items"] == []
    assert edges.client().get(PATH, headers=headers).get_json()["items"] == []
