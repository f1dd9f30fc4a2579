"""One transaction on one store, rolled back unless committed."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotFound
from domain.zone import local_day
from tests.builders import a_profile, an_invoice, given_invoice
from tests.contracts.conftest import Storage


def test_what_is_not_committed_never_happened(storage: Storage) -> None:
    with storage.work() as work:
        invoice = given_invoice(work)

    with storage.work() as work, pytest.raises(NotFound):
        work.invoices.get(invoice.id)


def test_a_failure_inside_rolls_everything_back(storage: Storage) -> None:
    def fail() -> None:
        with storage.work() as work:
            work.numbers.take("invoice")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with storage.work() as work:
        assert work.numbers.take("invoice") == 1


def test_a_refusal_inside_rolls_back_what_came_before_it(storage: Storage) -> None:
    def be_refused() -> None:
        with storage.work() as work:
            given_invoice(work, an_invoice(number="INV-1"))
            work.orders.get(404)

    with pytest.raises(NotFound):
        be_refused()

    with storage.work() as work:
        assert work.invoices.find_number("portal", "INV-1") is None


def test_a_committed_unit_of_work_cannot_be_used_again(storage: Storage) -> None:
    with storage.work() as work:
        work.numbers.take("invoice")
        work.commit()

        with pytest.raises(RuntimeError):
            work.commit()


def test_an_unknown_store_has_no_unit_of_work(storage: Storage) -> None:
    with pytest.raises(NotFound), storage.database.open_work(987_654):
        pass


def test_the_unit_of_work_knows_its_store_and_the_time(storage: Storage) -> None:
    with storage.work() as work:
        assert work.store == storage.store
        assert work.now().tzinfo is UTC
        assert abs(work.now() - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("time_zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_today_is_the_day_in_the_store_s_zone(storage: Storage, time_zone: str) -> None:
    """F-19: at any moment Kiritimati and Pago Pago live on different days."""
    with storage.work() as work:
        work.notes.put_profile(a_profile(time_zone))
        work.commit()

    with storage.work() as work:
        assert work.today() == local_day(work.now(), time_zone)
