"""A payment of hundreds of invoices is shown as quickly as one of two (I-17)."""

import pytest
from sqlalchemy import event

from domain.money import Money
from tests.builders import a_payment, an_invoice, buyer_of, finance, given_invoice, given_payment, usd
from tests.faults.real import Real


def a_payment_of(real: Real, count: int) -> str:
    with real.work() as work:
        invoices = [given_invoice(work, an_invoice(usd(10_00))) for _ in range(count)]
        split = [(invoice, usd(4_00)) for invoice in invoices]
        payment = given_payment(work, usd(4_00 * count), split, a_payment(bc_order_id=7000 + count))
        work.commit()
    return payment.id


@pytest.mark.parametrize("look", ["seller", "buyer"])
def test_the_number_of_statements_does_not_grow_with_the_invoices(real: Real, look: str) -> None:
    """I-17: with a read per invoice, a payment of four hundred took longer than any request may."""
    payments = {count: a_payment_of(real, count) for count in (2, 60)}
    asked: list[str] = []

    def show(count: int) -> list[Money]:
        asked.clear()
        if look == "seller":
            view = real.portal.show_payment(finance(real.store.id), payments[count])
            return [row.balance for row, _ in view.applied_to]
        paid = real.portal.look_at_paid_order(buyer_of(store_id=real.store.id), 7000 + count)
        return [line.new_balance for line in paid.lines]

    event.listen(real.database._engine, "before_cursor_execute", _noting(asked))

    small = show(2), len(asked)
    large = show(60), len(asked)

    assert (small[0], large[0]) == ([usd(6_00)] * 2, [usd(6_00)] * 60)
    assert large[1] == small[1]


def _noting(asked: list[str]):
    return lambda connection, cursor, statement, *rest: asked.append(statement)
