"""Real sessions at once: nobody overpays, doubles, loses or waits for ever (I-2, I-4, I-5, I-6, I-8, F-5, F-10)."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from domain.errors import AlreadyInvoiced, ChangedMeanwhile, NotDeletable, NotReversible, Refusal
from domain.events import Act, Event
from domain.invoice import Status
from domain.ledger import SourceKind
from domain.money import Money
from domain.ports import Work
from domain.use_cases.apply_credit import ApplyCredit, TakeBackAllocation
from domain.use_cases.pay_out_credit import PayOutCredit
from domain.use_cases.reverse_payment import ReversePayment
from tests.adapters.sql.conftest import Sql
from tests.builders import RECEIVED, a_payment, an_invoice, finance, given_invoice, given_payment, usd

ROUNDS = 5
POOL = 10


def at_once(sql: Sql, acts: list[Callable[[Work], Any]]) -> list[Any]:
    """Runs each act in a unit of work of its own and commits; those that find a connection in the pool at once wait
    for each other before they go on. Answers or exceptions, in order."""
    first = min(len(acts), POOL)
    meet = threading.Barrier(first, timeout=30)

    def run(place: int) -> Any:
        try:
            with sql.database.open_work(sql.store.id) as work:
                if place < first:
                    meet.wait()
                answer = acts[place](work)
                work.commit()
        except Exception as error:
            return error
        return answer

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, range(len(acts))))


def pay(invoice_id: str, payment_id: str) -> Callable[[Work], Any]:
    """What every use case does that settles an invoice: lock, look, allocate, book."""

    def act(work: Work) -> Money:
        invoice = work.invoices.locked([invoice_id])[invoice_id]
        payment = work.payments.locked([payment_id])[payment_id]
        amount = min(invoice.balance, payment.available)
        if amount:
            movements = [payment.allocate(invoice, amount)]
            work.book(finance(), Act("paid", "payment", payment_id), movements, [Event("credit.applied", payment_id)])
        return amount

    return act


@pytest.mark.parametrize("payers", [2, 5, 20])
def test_an_invoice_is_never_overpaid(sql: Sql, payers: int) -> None:
    """I-2: everybody could pay all of it; together they pay exactly its total."""
    for _ in range(ROUNDS):
        with sql.database.open_work(sql.store.id) as work:
            invoice = given_invoice(work, an_invoice(usd(100_00)))
            payments = [given_payment(work, usd(70_00)) for _ in range(payers)]
            work.commit()

        answers = at_once(sql, [pay(invoice.id, payment.id) for payment in payments])

        assert sum(amount.minor for amount in answers) == 100_00
        with sql.database.open_work(sql.store.id) as work:
            assert work.invoices.get(invoice.id).status is Status.CLOSED
    assert sql.violations() == []


def test_one_payment_is_never_spent_twice(sql: Sql) -> None:
    """I-1: many invoices reach for the same credit."""
    with sql.database.open_work(sql.store.id) as work:
        invoices = [given_invoice(work, an_invoice(usd(60_00))) for _ in range(8)]
        payment = given_payment(work, usd(100_00))
        work.commit()

    answers = at_once(sql, [pay(invoice.id, payment.id) for invoice in invoices])

    assert sum(amount.minor for amount in answers) == 100_00
    assert sql.violations() == []


def test_an_order_gets_one_invoice_however_often_the_button_is_pressed(sql: Sql) -> None:
    """I-5: twenty presses, one invoice; the others are told which one."""
    for order_id in range(1160, 1160 + ROUNDS):

        def press(work: Work, order_id: int = order_id) -> str:
            number = f"INV-{work.numbers.take('invoice'):05d}"
            return given_invoice(work, an_invoice(number=number, order_id=order_id)).id

        answers = at_once(sql, [press] * 20)

        made = [answer for answer in answers if isinstance(answer, str)]
        refused = [answer for answer in answers if isinstance(answer, AlreadyInvoiced)]
        assert (len(made), len(refused)) == (1, 19)
        assert {refusal.invoice_id for refusal in refused} == set(made)
    with sql.database.open_work(sql.store.id) as work:
        assert work.numbers.take("invoice") == ROUNDS + 1


def test_deleting_while_paying_ends_as_one_or_the_other(sql: Sql) -> None:
    """I-4, F-10."""
    seen = set()
    for _ in range(ROUNDS * 2):
        with sql.database.open_work(sql.store.id) as work:
            invoice, payment = given_invoice(work), given_payment(work, usd(40_00))
            work.commit()

        def delete(work: Work, invoice_id: str = invoice.id) -> str:
            found = work.invoices.locked([invoice_id])[invoice_id]
            movements = found.delete(RECEIVED)
            work.invoices.save(found)
            work.book(finance(), Act("deleted", "invoice", invoice_id), movements)
            return "deleted"

        deleted, paid = at_once(sql, [delete, pay(invoice.id, payment.id)])

        with sql.database.open_work(sql.store.id) as work:
            status = work.invoices.get(invoice.id).status
        if deleted == "deleted":
            assert (status, paid) == (Status.DELETED, usd(0))
        else:
            assert isinstance(deleted, NotDeletable)
            assert (status, paid) == (Status.PARTIALLY_PAID, usd(40_00))
        seen.add(status)
    assert sql.violations() == []


def test_one_bigcommerce_order_is_booked_once(sql: Sql) -> None:
    """I-6: a webhook delivered many times at once, a sweep beside it."""

    def settle(work: Work) -> bool:
        work.orders.lock(77)
        known = work.payments.find_by_order(77)
        if known is not None:
            return False
        payment = a_payment(f"PAY-{work.numbers.take('payment')}", bc_order_id=77)
        given_payment(work, usd(50_00), payment=payment, transaction_id="tx-1")
        return True

    assert Counter(at_once(sql, [settle] * 8)) == {True: 1, False: 7}


def test_without_the_order_s_lock_a_transaction_is_still_booked_once(sql: Sql) -> None:
    """I-6: the ledger itself refuses the second."""

    def book(work: Work) -> bool:
        number = f"PAY-{random.random()}"
        given_payment(work, usd(50_00), payment=a_payment(number), transaction_id="tx-1")
        return True

    answers = at_once(sql, [book] * 6)

    assert answers.count(True) == 1
    assert all(isinstance(answer, ChangedMeanwhile) for answer in answers if answer is not True)
    assert sql.violations() == []


def test_the_same_request_at_once_has_one_effect_and_one_answer(sql: Sql) -> None:
    """I-8."""
    effects = []

    def request(work: Work) -> str:
        kept = work.once.claim("key-1 POST /invoices", "k", "fingerprint")
        if kept is not None:
            return kept
        effects.append(given_invoice(work).id)
        work.once.keep("key-1 POST /invoices", "k", effects[-1])
        return effects[-1]

    answers = at_once(sql, [request] * 8)

    assert len(effects) == 1
    assert set(answers) == set(effects)


def test_numbers_have_no_gaps_and_no_doubles(sql: Sql) -> None:
    """R-5: also where every third unit of work fails."""

    def issue(n: int) -> Callable[[Work], int]:
        def act(work: Work) -> int:
            number = work.numbers.take("invoice")
            if n % 3 == 0:
                raise ZeroDivisionError
            return number

        return act

    answers = at_once(sql, [issue(n) for n in range(18)])

    assert sorted(answer for answer in answers if isinstance(answer, int)) == list(range(1, 13))


def test_the_chain_has_no_gap_whoever_books_at_once(sql: Sql) -> None:
    """Ground rule 2: several bookings per unit of work, in any order, and none waits for the other's end."""
    with sql.database.open_work(sql.store.id) as work:
        invoices = [given_invoice(work) for _ in range(6)]
        work.commit()

    def busy(seed: int) -> Callable[[Work], None]:
        def act(work: Work) -> None:
            chosen = random.Random(seed).sample(invoices, 3)
            locked = work.invoices.locked([invoice.id for invoice in chosen])
            for invoice in chosen:
                movement = locked[invoice.id].write_off(usd(1), RECEIVED)
                work.book(finance(), Act("off", "invoice", invoice.id), [movement], [Event("x", invoice.id)])
                given_payment(work, usd(1), payment=a_payment(f"PAY-{seed}-{invoice.number}"))

        return act

    answers = at_once(sql, [busy(seed) for seed in range(20)])

    assert answers == [None] * 20
    assert sql.violations() == []


def test_a_row_is_worked_on_by_one_worker(sql: Sql) -> None:
    """D4: eight workers empty one box; every row is done once and the store leaves the list."""
    with sql.database.open_work(sql.store.id) as work:
        for n in range(40):
            work.inbox.put("order", str(n))
        work.commit()
    done: list[str] = []

    def drain(_: int) -> None:
        while True:
            with sql.database.open_work(sql.store.id) as work:
                item = work.inbox.claim()
                work.commit()
            if item is None:
                return
            with sql.database.open_work(sql.store.id) as work:
                work.inbox.done(item)
                work.commit()
            done.append(item.key)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(drain, range(8)))

    assert sorted(done, key=int) == [str(n) for n in range(40)]
    assert sql.database.stores.due() == []


def test_no_ring_is_lost_between_putting_and_taking_off_the_list(sql: Sql) -> None:
    """D4: producers commit while the list is being corrected; whatever waits is listed in the end."""
    ended = threading.Event()

    def produce(worker: int) -> None:
        for n in range(25):
            with sql.database.open_work(sql.store.id) as work:
                work.inbox.put("order", f"{worker}-{n}")
                work.commit()

    def consume() -> int:
        done = 0
        while True:
            last_look = ended.is_set()
            for store_id, box in sql.database.stores.due():
                assert box == "inbox"
                while True:
                    with sql.database.open_work(store_id) as work:
                        item = work.inbox.claim()
                        if item is not None:
                            work.inbox.done(item)
                        work.commit()
                    if item is None:
                        break
                    done += 1
            if last_look:
                return done

    with ThreadPoolExecutor(6) as threads:
        consumers = [threads.submit(consume) for _ in range(2)]
        list(threads.map(produce, range(4)))
        ended.set()
        assert sum(consumer.result() for consumer in consumers) == 100


def test_later_acts_on_the_same_money_end_in_books_that_add_up(sql: Sql) -> None:
    """I-1, I-2, F-9, F-10: applied, taken back, paid out and reversed at once, through the use cases and their locks.

    Nobody is left waiting: the locks are always taken invoices first, then payments.
    """
    chance = random.Random(21)
    actor, work = finance(sql.store.id), sql.database.open_work
    for turn in range(ROUNDS):
        with work(sql.store.id) as first:
            invoices = [given_invoice(first, an_invoice(usd(60_00), f"T-{turn}-{place}")) for place in range(2)]
            payments = [given_payment(first, usd(100_00), [(invoices[0], usd(30_00))]) for _ in range(2)]
            first.commit()
        acts: list[Callable[[], object]] = []
        for payment in payments:
            for invoice in invoices:
                acts.append(partial(ApplyCredit(work, SourceKind.PAYMENT), actor, payment.id, {invoice.id: usd(25_00)}))
            acts.append(
                partial(TakeBackAllocation(work, SourceKind.PAYMENT), actor, payment.id, invoices[0].id, usd(20_00))
            )
            acts.append(partial(PayOutCredit(work), actor, payment.id, usd(40_00), "Check 9"))
            acts.append(partial(ReversePayment(work), actor, payment.id, "bounced"))
        chance.shuffle(acts)

        answers = together(acts)

        assert [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refusal)] == []
        for payment in payments:  # who lost the race was told so, and presses again
            with suppress(NotReversible):
                ReversePayment(work)(actor, payment.id, "bounced")
        with work(sql.store.id) as last:
            assert {last.payments.get(one.id).status.value for one in payments} == {"Reversed"}
            assert [last.invoices.get(one.id).balance for one in invoices] == [usd(60_00)] * 2
    assert sql.violations() == []


def together(acts: list[Callable[[], object]]) -> list[object]:
    """Each in a thread of its own, all let go at once; answers or exceptions."""
    meet = threading.Barrier(len(acts), timeout=30)

    def run(act: Callable[[], object]) -> object:
        meet.wait()
        try:
            return act()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
