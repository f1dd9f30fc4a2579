"""Numbers, reviews, settings, secrets, facts and idempotency keys."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.errors import KeyReused, NotFound
from domain.review import Outcome, ReviewKind, Settlement
from domain.roles import DEFAULT_RIGHTS, Right, Role
from domain.store import Letterhead, Settings
from domain.terms import Terms
from tests.builders import NORTHWIND, SOUTHSIDE, a_profile, a_review
from tests.contracts.conftest import Storage


def test_a_series_counts_from_one_without_gaps(storage: Storage) -> None:
    """R-5: what is rolled back was never taken."""
    with storage.work() as work:
        assert [work.numbers.take("invoice"), work.numbers.take("invoice"), work.numbers.take("payment")] == [1, 2, 1]
        work.commit()
    with storage.work() as work:
        work.numbers.take("invoice")

    with storage.work() as work:
        assert work.numbers.take("invoice") == 3
    with storage.work(storage.other) as work:
        assert work.numbers.take("invoice") == 1


def test_a_series_may_start_later_but_never_where_it_has_been(storage: Storage) -> None:
    """R-5: starts are settable, numbers are never given twice."""
    with storage.work() as work:
        assert work.numbers.last("invoice") == 0
        assert work.numbers.start("invoice", 5001)
        assert work.numbers.take("invoice") == 5001
        assert not work.numbers.start("invoice", 5001)
        assert not work.numbers.start("invoice", 1)
        assert work.numbers.last("invoice") == 5001
        assert work.numbers.start("payment", 1)
        assert work.numbers.take("payment") == 1


def test_settings_locked_are_the_settings(storage: Storage) -> None:
    with storage.work() as work:
        assert work.notes.locked_settings() == Settings()
        work.notes.put_settings(Settings(invoice_prefix="R-"))
        work.commit()

    with storage.work() as work:
        assert work.notes.locked_settings() == Settings(invoice_prefix="R-")


def test_settings_and_profile_come_back_as_they_were_put(storage: Storage) -> None:
    settings = Settings(
        cut_over=date(2026, 1, 1),
        terms=Terms.parse("eom:10"),
        closed_through=date(2026, 3, 31),
        seller_address=("North Supplies", "1 Road"),
        letterhead=Letterhead("#102030", tax_ids=("VAT ID X1",), bank_details={"USD": ("Bank A", "ABA 1")}),
        payment_product_id=7,
    )
    with storage.work() as work:
        assert work.notes.settings() == Settings()
        assert work.notes.profile() is None
        work.notes.put_settings(settings)
        work.notes.put_profile(a_profile())
        work.commit()

    with storage.work() as work:
        assert work.notes.settings() == settings
        assert work.notes.profile() == a_profile()
    with storage.work(storage.other) as work:
        assert work.notes.settings() == Settings()


def test_facts_are_kept_by_name(storage: Storage) -> None:
    with storage.work() as work:
        assert work.notes.fact("sync") is None
        work.notes.put_fact("sync", {"seen": 1, "state": None, "list": [1, "a"], "on": date(2026, 1, 1)})
        work.notes.put_fact("sync", {"seen": 2, "state": None, "list": [1, "a"], "on": date(2026, 1, 1)})

        assert work.notes.fact("sync") == {"seen": 2, "state": None, "list": [1, "a"], "on": "2026-01-01"}
        assert work.notes.settings() == Settings()


def test_a_secret_is_kept_until_it_is_wiped(storage: Storage) -> None:
    """T-31."""
    with storage.work() as work:
        assert work.notes.secret("access_token") is None
        work.notes.put_secret("access_token", "first")
        work.notes.put_secret("access_token", "second\nline")
        assert work.notes.secret("access_token") == "second\nline"

        work.notes.put_secret("access_token", None)
        work.notes.put_secret("other", None)
        assert work.notes.secret("access_token") is None


def test_a_store_switches_single_rights_of_a_role(storage: Storage) -> None:
    with storage.work() as work:
        assert work.notes.role_rights(Role.SALES) == DEFAULT_RIGHTS[Role.SALES]
        work.notes.put_fact("role_rights", {"IP-Sales": {"delete invoices": False, "record payments": True}})

        expected = DEFAULT_RIGHTS[Role.SALES] - {Right.DELETE_INVOICES} | {Right.RECORD_PAYMENTS}
        assert work.notes.role_rights(Role.SALES) == expected
        assert work.notes.role_rights(Role.VIEWER) == DEFAULT_RIGHTS[Role.VIEWER]


def test_an_open_review_is_refreshed_not_doubled(storage: Storage) -> None:
    with storage.work() as work:
        first = a_review()
        work.reviews.open(first)
        work.reviews.open(a_review(found="something else", facts={"invoice_id": "2"}))
        work.reviews.open(a_review(subject_id="1161"))
        work.reviews.open(a_review(ReviewKind.DISPUTED))

        found = {(one.kind, one.subject_id): one for one in work.reviews.list_open()}
        assert len(found) == 3
        refreshed = found[ReviewKind.ORDER_CHANGED, "1160"]
        assert (refreshed.id, refreshed.found, refreshed.facts) == (first.id, "something else", {"invoice_id": "2"})
        assert refreshed.opened_at == work.now()
        assert len(work.reviews.list_open(2)) == 2


def test_a_settled_review_can_be_opened_anew(storage: Storage) -> None:
    with storage.work() as work:
        first, second = a_review(), a_review()
        work.reviews.open(first)
        work.reviews.settle(first.kind, first.subject_id)
        work.reviews.settle(first.kind, first.subject_id)
        assert work.reviews.list_open() == []

        work.reviews.open(second)
        assert work.reviews.list_open() == [replace(second, opened_at=work.now())]


def test_the_same_key_gives_the_kept_result(storage: Storage) -> None:
    """I-8."""
    with storage.work() as work:
        assert work.once.claim("key-1 POST /invoices", "k", "fingerprint") is None
        work.once.keep("key-1 POST /invoices", "k", '{"id": 1}')
        work.commit()

    with storage.work() as work:
        assert work.once.claim("key-1 POST /invoices", "k", "fingerprint") == '{"id": 1}'
        assert work.once.claim("key-2 POST /invoices", "k", "another") is None
        assert work.once.claim("key-1 POST /invoices", "K", "another") is None
        with pytest.raises(KeyReused):
            work.once.claim("key-1 POST /invoices", "k", "another")


def test_a_key_is_forgotten_when_nobody_can_repeat_it_any_more(storage: Storage) -> None:
    """I-8: kept for 30 days at least."""
    with storage.work() as work:
        work.once.claim("scope", "k", "one body")
        work.commit()
    storage.pass_time(timedelta(days=31))
    with storage.work() as work, pytest.raises(KeyReused):
        work.once.claim("scope", "k", "another body")

    storage.pass_time(timedelta(days=10))
    with storage.work() as work:
        assert work.once.claim("scope", "k", "another body") is None


def test_a_key_claimed_by_a_failed_attempt_is_free_again(storage: Storage) -> None:
    """I-8: claim and effect share one transaction."""
    with storage.work() as work:
        work.once.claim("scope", "k", "one body")
        work.once.keep("scope", "k", "never committed")

    with storage.work() as work:
        assert work.once.claim("scope", "k", "another body") is None


# --- reviews that were settled ----------------------------------------------------------------------------
def test_a_settled_review_keeps_who_and_how(storage: Storage) -> None:
    settlement = Settlement(Outcome.DISMISSED, "fiona@example.com", "agreed by phone")
    with storage.work() as work:
        work.reviews.open(a_review())
        assert work.reviews.settle(ReviewKind.ORDER_CHANGED, "1160", settlement)
        assert not work.reviews.settle(ReviewKind.ORDER_CHANGED, "1160", settlement)
        work.commit()

    with storage.work() as work:
        [item] = work.reviews.page(settled=True, limit=10, cursor=None).rows
        assert (item.settlement, item.settled_at is not None) == (settlement, True)
        assert work.reviews.get(item.id) == item
        assert work.reviews.page(settled=False, limit=10, cursor=None).rows == ()


def test_what_a_person_settled_is_not_asked_again_until_something_else_is_found(storage: Storage) -> None:
    with storage.work() as work:
        for subject, outcome in (("1", Outcome.DISMISSED), ("2", Outcome.BY_ITSELF)):
            work.reviews.open(a_review(subject_id=subject))
            work.reviews.settle(ReviewKind.ORDER_CHANGED, subject, Settlement(outcome))
        work.commit()

    with storage.work() as work:
        work.reviews.open(a_review(subject_id="1"))
        work.reviews.open(a_review(subject_id="2"))
        assert [one.subject_id for one in work.reviews.list_open()] == ["2"]
        work.reviews.open(a_review(subject_id="1", found="the order comes to 80.00 USD"))
        assert {one.subject_id for one in work.reviews.list_open()} == {"1", "2"}


def test_reviews_are_paged_and_kept_to_a_persons_companies(storage: Storage) -> None:
    for subject in ("1", "2", "3"):
        with storage.work() as work:
            work.reviews.open(a_review(subject_id=subject, company_id=SOUTHSIDE if subject == "3" else NORTHWIND))
            work.commit()

    with storage.work() as work:
        first = work.reviews.page(settled=False, limit=2, cursor=None)
        last = work.reviews.page(settled=False, limit=2, cursor=first.next_cursor)
        assert [one.subject_id for one in (*first.rows, *last.rows)] == ["1", "2", "3"]
        assert last.next_cursor is None
        mine = work.reviews.page(settled=False, limit=9, cursor=None, companies=frozenset({SOUTHSIDE}))
        assert [one.subject_id for one in mine.rows] == ["3"]
        with pytest.raises(NotFound):
            work.reviews.get("none")
