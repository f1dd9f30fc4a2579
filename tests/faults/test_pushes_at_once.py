"""An ERP whose client repeats itself, or races a person over one order (I-5, I-9, R-11)."""

from collections import Counter

import pytest

from domain.errors import AlreadyInvoiced, NumberTaken
from domain.use_cases.create_invoice import Created
from domain.use_cases.import_invoices import Imported, Outcome
from tests.builders import sales, usd
from tests.faults.real import AT_ONCE, Real, at_once
from tests.use_cases.importing import a_document, erp

ROUNDS = 4


@pytest.mark.parametrize("place", range(ROUNDS))
def test_one_document_pushed_many_times_at_once_is_made_once(real: Real, place: int) -> None:
    """I-9: the slower pushes find it, as if they had come later; nobody is told that the number is taken."""
    document = a_document(external_id=f"SAP-{place}", number=f"ERP-{place}", amount_due=usd(40_00))

    answers = at_once([lambda: real.portal.import_invoice(erp(real.store.id), document)] * AT_ONCE)

    outcomes = Counter(answer.outcome for answer in answers if isinstance(answer, Imported))
    assert outcomes == {Outcome.CREATED: 1, Outcome.SAME: AT_ONCE - 1}
    assert len({answer.invoice_id for answer in answers}) == 1


def test_another_document_under_a_taken_number_is_still_refused(real: Real) -> None:
    """R-5."""
    real.portal.import_invoice(erp(real.store.id), a_document())

    with pytest.raises(NumberTaken):
        real.portal.import_invoice(erp(real.store.id), a_document(external_id="SAP-10"))


@pytest.mark.parametrize("order_id", range(1160, 1160 + ROUNDS))
def test_an_order_is_not_invoiced_here_and_by_the_erp_at_once(real: Real, order_id: int) -> None:
    """R-11: a person decides when both claim it; whoever is first bars the other."""
    real.sold(order_id)
    documents = [a_document(external_id=f"{order_id}-{n}", number=f"{order_id}-{n}", order_id=order_id) for n in (1, 2)]

    def push(place: int):
        return lambda: real.portal.import_invoice(erp(real.store.id), documents[place])

    def create() -> Created:
        return real.portal.create_invoice(sales(real.store.id), order_id)

    answers = at_once([push(0), create, push(1), create])

    assert set(real.live(order_id)) in ({"order"}, {"erp"})
    assert all(isinstance(answer, Imported | Created | AlreadyInvoiced) for answer in answers), answers
