"""A day of trade for the auditor and the tamperers: every kind of movement, two currencies, three companies."""

from domain.events import Act
from domain.invoice import Invoice
from domain.ledger import Kind
from domain.ports import Work
from tests.builders import (
    RECEIVED,
    SOUTHSIDE,
    a_payment,
    an_invoice,
    finance,
    given_credit_memo,
    given_invoice,
    given_payment,
    jpy,
    usd,
)


def trade(work: Work) -> Invoice:
    """Books it all and answers with an open invoice of 100.00 that nothing was paid on."""
    who = finance(work.store.id)
    untouched = given_invoice(work, an_invoice(order_id=1160))
    first, second = given_invoice(work), given_invoice(work, an_invoice(jpy(5_000)))
    branch = given_invoice(work, an_invoice(company_id=SOUTHSIDE))
    payment = given_payment(work, usd(250_00), [(first, usd(60_00)), (branch, usd(30_00))], transaction_id="tx-ß|1:2")
    given_credit_memo(work, jpy(6_000), [(second, jpy(5_000))])
    moves = [
        first.write_off(usd(10_00), RECEIVED),
        first.reverse_write_off(usd(4_00), RECEIVED),
        payment.deallocate(branch, usd(10_00), RECEIVED),
        payment.post(Kind.CHARGED_BACK, usd(50_00), RECEIVED),
        payment.post(Kind.CHARGEBACK_WON, usd(20_00), RECEIVED),
        payment.post(Kind.PAID_OUT, usd(5_00), RECEIVED),
        *payment.refund(usd(6_00), {first.id: first, branch.id: branch}, RECEIVED, transaction_id="refund:1"),
    ]
    work.book(who, Act("moves", "payment", payment.id, {"n": 7}, {"reason": "Ärger | mit 2:x"}), moves)
    gone = given_invoice(work)
    movements = gone.void(RECEIVED)
    work.invoices.save(gone)
    work.book(who, Act("invoice.voided", "invoice", gone.id, {}, {"reason": "twice"}), movements)
    bounced = given_payment(work, usd(20_00), [(first, usd(20_00))], a_payment(bc_order_id=78))
    work.book(who, Act("payment.reversed", "payment", bounced.id), bounced.reverse({first.id: first}, RECEIVED))
    return untouched
