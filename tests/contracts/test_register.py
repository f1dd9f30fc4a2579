"""The register of numbers: every number of a series, and what became of it (R-5)."""

from dataclasses import replace

from domain.events import Act
from domain.listing import NumberState
from domain.ports import Work
from tests.builders import (
    a_credit_memo,
    a_payment,
    an_attempt,
    an_invoice,
    finance,
    given_companies,
    given_credit_memo,
    given_invoice,
    given_payment,
    usd,
)
from tests.contracts.conftest import Storage


def taken(work: Work, series: str = "invoice", **asked: object) -> list[tuple[int, str, NumberState]]:
    values = {"only_gaps": False, "before": None, "limit": 10, **asked}
    found = work.queries.numbers(series, **values)  # type: ignore[arg-type]
    return [(one.value, one.number, one.state) for one in found.rows]


def numbered(work: Work, prefix: str = "INV-"):
    return given_invoice(work, an_invoice(number=f"{prefix}{work.numbers.take('invoice'):05d}"), finance(work.store.id))


def test_every_number_of_the_series_is_explained(storage: Storage) -> None:
    """R-5: used, void with its reason, deleted by whom, or moved past; a change of prefix keeps the count."""
    with storage.work() as work:
        given_companies(work)
        first, second, third = numbered(work), numbered(work), numbered(work)
        work.numbers.take("invoice")
        numbered(work, "RE-")
        given_invoice(work, an_invoice(number="SAP-00009", number_space="erp"), finance(work.store.id))
        for invoice, movements, what, texts in (
            (second, second.void(second.content.issued_on), "invoice.voided", {"reason": "wrong company"}),
            (third, third.delete(third.content.issued_on), "invoice.deleted", {}),
        ):
            work.invoices.save(invoice)
            work.book(finance(work.store.id), Act(what, "invoice", invoice.id, {}, texts), movements)

        assert taken(work) == [
            (5, "RE-00005", NumberState.USED),
            (4, "", NumberState.SKIPPED),
            (3, "INV-00003", NumberState.DELETED),
            (2, "INV-00002", NumberState.VOID),
            (1, first.number, NumberState.USED),
        ]
        gaps = work.queries.numbers("invoice", only_gaps=True, before=None, limit=10)
        assert [one.value for one in gaps.rows] == [4, 3, 2]
        assert [(one.who, one.reason) for one in gaps.rows[1:]] == [
            ("fiona@example.com", ""),
            ("fiona@example.com", "wrong company"),
        ]
        assert all(one.at is not None for one in gaps.rows[1:])
        assert gaps.rows[2].document_id == second.id


def test_the_register_is_read_page_by_page(storage: Storage) -> None:
    with storage.work() as work:
        given_companies(work)
        assert work.queries.numbers("invoice", only_gaps=False, before=None, limit=2).last == 0
        for _ in range(5):
            numbered(work)

        first = work.queries.numbers("invoice", only_gaps=False, before=None, limit=2)
        second = work.queries.numbers("invoice", only_gaps=False, before=first.older, limit=3)

        assert (first.last, [one.value for one in first.rows], first.older) == (5, [5, 4], 4)
        assert ([one.value for one in second.rows], second.older) == ([3, 2, 1], None)


def test_a_checkout_that_nobody_paid_explains_its_payment_number(storage: Storage) -> None:
    """R-5: the number is taken when the buyer starts to pay."""
    with storage.work() as work:
        given_companies(work)
        invoice = given_invoice(work, None, finance(work.store.id))
        numbers = [f"PAY-{work.numbers.take('payment'):05d}" for _ in range(3)]
        unpaid = an_attempt([(invoice, usd(10_00))], payment_number=numbers[0])
        paid = an_attempt([(invoice, usd(10_00))], payment_number=numbers[1])
        for attempt in (unpaid, paid):
            work.attempts.add(attempt)
        for number in numbers[1:]:
            given_payment(work, usd(10_00), [], a_payment(number))

        assert [state for _, _, state in taken(work, "payment")] == [
            NumberState.USED,
            NumberState.USED,
            NumberState.NOT_PAID,
        ]


def test_credit_memos_have_a_series_of_their_own(storage: Storage) -> None:
    """R-4."""
    with storage.work() as work:
        given_companies(work)
        work.numbers.take("credit_memo")
        memo = replace(a_credit_memo("CM-00001"))
        given_credit_memo(work, usd(5_00), [], memo)

        assert taken(work, "credit_memo") == [(1, "CM-00001", NumberState.USED)]
