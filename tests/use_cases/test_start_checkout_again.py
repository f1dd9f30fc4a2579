"""The same call of a checkout again, by its Idempotency-Key (I-8, D6, R-18)."""

from dataclasses import replace

import pytest

from domain.errors import KeyReused, LinesRefused, NotPayable, StoreChangesPrice, StoreUnreachable
from tests.builders import usd
from tests.use_cases.trade import a_tender, attempts


def test_the_same_key_is_the_same_attempt(trade):
    """I-8: a fresh one-use address of the same cart."""
    invoice = trade.invoice(60_00)

    first = trade.start({invoice.id: usd(60_00)}, key="k1")
    again = trade.start({invoice.id: usd(60_00)}, key="k1")

    assert first.attempt_id == again.attempt_id
    assert (len(attempts(trade)), len(trade.shop.checkout.carts)) == (1, 1)


def test_the_same_key_with_other_amounts_is_refused(trade):
    """I-8."""
    invoice = trade.invoice(60_00)
    trade.start({invoice.id: usd(60_00)}, key="k1")

    with pytest.raises(KeyReused):
        trade.start({invoice.id: usd(59_99)}, key="k1")


def test_a_cart_that_was_never_read_is_read_when_the_call_is_repeated(trade):
    """R-18: the first call made the cart and died before it could see the tax."""
    invoice = trade.invoice(60_00)
    read = trade.shop.checkout.read
    trade.shop.checkout.read = lambda *_: (_ for _ in ()).throw(StoreUnreachable())
    with pytest.raises(StoreUnreachable):
        trade.start({invoice.id: usd(60_00)}, key="k1")

    trade.shop.checkout.read = read
    trade.shop.checkout.twist = lambda reading: replace(reading, tax=usd(5_00), total=usd(65_00))

    with pytest.raises(StoreChangesPrice):
        trade.start({invoice.id: usd(60_00)}, key="k1")


def test_a_repeated_call_reads_the_balances_anew(trade):
    """D6: a colleague paid in between."""
    invoice = trade.invoice(60_00)
    trade.start({invoice.id: usd(60_00)}, key="k1")
    trade.tell_money(trade.pay((invoice, 60_00)).id, a_tender("501", 60_00))

    with pytest.raises(LinesRefused):
        trade.start({invoice.id: usd(60_00)}, key="k1")


def test_a_paid_attempt_is_not_started_again(trade):
    """I-8: also where the invoice was left with a rest."""
    invoice = trade.invoice(60_00)
    started = trade.start({invoice.id: usd(25_00)}, key="k1")
    trade.order_of(trade.attempt(started.attempt_id))
    trade.tell_money(7001, a_tender("501", 25_00))

    with pytest.raises(NotPayable) as refused:
        trade.start({invoice.id: usd(25_00)}, key="k1")

    assert started.payment_number in refused.value.sentence


def test_an_expired_attempt_is_not_started_again(trade):
    """R-18: its cart was deleted."""
    invoice = trade.invoice(60_00)
    trade.start({invoice.id: usd(60_00)}, key="k1")
    with trade.work() as work:
        work.notes.put_fact("orders.watermark", {"at": trade.clock.now.isoformat()})
        work.commit()
    trade.clock.forward(minutes=46)
    trade.portal.sweep(trade.store.id)

    with pytest.raises(NotPayable) as refused:
        trade.start({invoice.id: usd(60_00)}, key="k1")

    assert "Reload" in refused.value.sentence
    assert trade.start({invoice.id: usd(60_00)}, key="k2")
