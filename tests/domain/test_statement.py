"""The statement of account adds up for any range, and aging says the same as its closing (R-2, I-18)."""

from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.aging import BUCKETS, aging_of, bucket_of
from domain.ledger import EFFECTS, SIGNED, Kind, Movement, SourceKind
from domain.money import Money, total
from domain.statement import Document, Group, Line, statement_of
from tests.builders import usd

START = date(2026, 1, 1)
DAYS = st.integers(0, 90).map(lambda days: START + timedelta(days=days))


@st.composite
def movements(draw: st.DrawFn) -> list[Movement]:
    """Any movements of three companies in two currencies, paid across companies too."""
    made = []
    for _ in range(draw(st.integers(0, 25))):
        kind = draw(st.sampled_from(Kind))
        minor = draw(st.integers(1, 10_000)) * (draw(st.sampled_from([1, -1])) if kind in SIGNED else 1)
        effect = EFFECTS[kind]
        company = draw(st.integers(1, 3))
        across = kind in (Kind.ALLOCATED, Kind.DEALLOCATED) and draw(st.booleans())
        made.append(
            Movement(
                kind,
                Money(minor, draw(st.sampled_from(["USD", "EUR"]))),
                company,
                draw(DAYS),
                invoice_id="i" if effect.invoice else None,
                source_id="s" if effect.source else None,
                source_kind=draw(st.sampled_from(SourceKind)) if effect.source else None,
                payer_company_id=company % 3 + 1 if across else None,
            )
        )
    return made


@given(movements(), DAYS, DAYS)
def test_opening_and_groups_are_closing_for_any_range(made: list[Movement], one: date, other: date) -> None:
    """And the closing of a day is the opening of the next, whatever the company and currency."""
    first, last = min(one, other), max(one, other)
    for company in (1, 2, 3):
        for currency in ("USD", "EUR"):
            found = statement_of(made, company, currency, first, last)
            assert found.opening + total((sum_ for _, sum_ in found.groups), currency) == found.closing
            assert [balance for _, balance in found.running][-1:] == ([found.closing] if found.lines else [])
            after = statement_of(made, company, currency, last + timedelta(days=1), date(2030, 1, 1))
            assert after.opening == found.closing
            everything = sum(
                moved.company_effects().get(company, 0)
                for moved in made
                if moved.amount.currency == currency and moved.effective_on <= last
            )
            assert found.closing.minor == everything
            assert all(line.amount for line in found.lines)


@given(movements())
def test_what_companies_owe_in_all_is_what_their_statements_say(made: list[Movement]) -> None:
    """An allocation across companies is a line for both, and nothing is owed more or less by it in all."""
    sums: dict[str, int] = defaultdict(int)
    for moved in made:
        sums[moved.amount.currency] += sum(moved.company_effects().values())
    for currency, minor in sums.items():
        closings = [statement_of(made, company, currency, START, date(2030, 1, 1)).closing for company in (1, 2, 3)]
        assert total(closings, currency).minor == minor


def test_every_kind_has_its_group() -> None:
    """R-2's list, word for word; an allocation inside one company is no line."""
    named = {kind: Line(START, kind, usd(1)).group for kind in Kind}
    assert named[Kind.SETTLED_ELSEWHERE] is Group.RECEIPTS
    assert {kind for kind, group in named.items() if group is Group.MONEY_BACK} == {
        *(Kind.REFUNDED, Kind.REVERSED, Kind.CHARGED_BACK, Kind.CHARGEBACK_WON, Kind.PAID_OUT)
    }
    inside = Movement(Kind.ALLOCATED, usd(5), 1, START, "i", "s", SourceKind.PAYMENT)
    assert statement_of([inside], 1, "USD", START, START).lines == ()
    assert "written" not in " ".join(Group).lower()


def test_a_late_document_says_that_it_was_posted_later() -> None:
    """R-2: it keeps its issue date and posts on the first open day. A later adjustment is not late by that."""
    late = Line(date(2026, 2, 1), Kind.INVOICED, usd(1), Document.INVOICE, "i", "INV-1", date(2026, 1, 20))
    edited = Line(date(2026, 2, 1), Kind.ADJUSTED, usd(1), Document.INVOICE, "i", "INV-1", date(2026, 1, 20))

    assert (late.is_late, edited.is_late) == (True, False)


def test_a_closed_period_is_final() -> None:
    closed = statement_of([], 1, "USD", START, date(2026, 1, 31), closed_through=date(2026, 1, 31))
    running = statement_of([], 1, "USD", START, date(2026, 2, 1), closed_through=date(2026, 1, 31))

    assert (closed.is_final, running.is_final) == (True, False)


def test_an_age_begins_the_day_after_due() -> None:
    """R-7."""
    ages = {
        days: BUCKETS[bucket_of(START, START + timedelta(days=days))] for days in (-5, 0, 1, 30, 31, 60, 61, 90, 91)
    }
    assert ages == {
        **{-5: "current", 0: "current", 1: "to_30", 30: "to_30", 31: "to_60", 60: "to_60", 61: "to_90"},
        **{90: "to_90", 91: "over_90"},
    }
    aging = aging_of("USD", [(START, 10_00), (START, -3_00), (START - timedelta(days=40), 5_00)], 2_00, START)
    assert (aging.buckets[0], aging.buckets[2], aging.open, aging.net) == (usd(7_00), usd(5_00), usd(12_00), usd(10_00))
