"""Companies and buyers come from BundleB2B and are remembered (R-7, R-26)."""

from domain.company import CompanyStatus
from domain.errors import DirectoryUnreachable
from domain.terms import Terms
from tests.builders import NORTHWIND, SOUTHSIDE, a_buyer, a_company
from tests.use_cases.trade import BEA, BEN, OTTO, Trade, fact


def sync_directory(trade: Trade) -> None:
    with trade.work() as work:
        work.outbox.put("sync_directory", "directory")
        work.commit()
    trade.work_off()


def hear_of(trade: Trade, company_id: int) -> None:
    with trade.work() as work:
        work.inbox.put("company", str(company_id))
        work.commit()
    trade.work_off()


def company(trade: Trade, company_id: int = NORTHWIND):
    with trade.work() as work:
        return work.companies.find(company_id)


def buyers(trade: Trade, company_id: int = NORTHWIND) -> set[int]:
    with trade.work() as work:
        return {one.customer_id for one in work.companies.buyers_of(company_id)}


def test_the_directory_is_read_with_counts(trade):
    trade.shop.directory.add(a_company(13, "Third"), a_buyer(301, 13))

    sync_directory(trade)

    assert (company(trade, 13).name, buyers(trade, 13)) == ("Third", {301})
    assert (fact(trade, "directory")["companies"], fact(trade, "directory")["buyers"]) == (3, 4)


def test_who_left_is_forgotten(trade):
    del trade.shop.directory.buyer_of[BEN]

    sync_directory(trade)

    assert buyers(trade) == {BEA}


def test_while_b2b_edition_is_away_everything_stays_and_that_is_said(trade):
    trade.shop.directory.is_away = True

    sync_directory(trade)

    assert [type(failure) for _, _, failure in trade.world.failures] == [DirectoryUnreachable]
    trade.world.failures.clear()
    assert buyers(trade) == {BEA, BEN}
    assert "B2B Edition" in fact(trade, "directory")["problem"]


def listed_without_details(trade: Trade) -> None:
    """B2B Edition's list of companies says nothing about terms, credit hold and methods."""
    whole = dict(trade.shop.directory.company_of)
    trade.shop.directory.companies = lambda: [a_company(one.id, one.name, terms=None) for one in whole.values()]


def test_the_list_takes_away_nothing_it_does_not_say(trade):
    """R-7, R-16."""
    detailed = a_company(
        terms=Terms.net(7), b2b_terms=Terms.net(20), credit_hold=True, allowed_methods=frozenset({"x"})
    )
    with trade.work() as work:
        work.companies.put([detailed])
        work.commit()
    listed_without_details(trade)
    trade.shop.directory.company = lambda company_id: None

    sync_directory(trade)

    assert company(trade) == detailed


def test_what_the_list_does_not_say_is_read_company_by_company(trade):
    """R-7: also of companies known for long."""
    listed_without_details(trade)
    trade.shop.directory.company_of[NORTHWIND] = a_company(terms=None, b2b_terms=Terms.net(45))
    trade.shop.directory.company_of[SOUTHSIDE] = a_company(SOUTHSIDE, terms=None, b2b_terms=Terms.net(50))

    sync_directory(trade)
    trade.clock.forward(seconds=10)
    trade.work_off()

    assert company(trade).b2b_terms == Terms.net(45)
    assert company(trade, SOUTHSIDE).b2b_terms == Terms.net(50)


def test_a_hint_refreshes_a_company_and_its_buyers(trade):
    trade.shop.directory.company_of[NORTHWIND] = a_company(name="Northwind Ltd", status=CompanyStatus.INACTIVE)
    del trade.shop.directory.buyer_of[BEN]

    hear_of(trade, NORTHWIND)

    assert (company(trade).name, company(trade).is_active) == ("Northwind Ltd", False)
    assert (buyers(trade), buyers(trade, SOUTHSIDE)) == ({BEA}, {OTTO})


def test_the_terms_given_here_stay(trade):
    """R-7: B2B Edition does not know them."""
    with trade.work() as work:
        work.companies.put([a_company(terms=Terms.net(7))])
        work.commit()
    trade.shop.directory.company_of[NORTHWIND] = a_company(terms=None, b2b_terms=Terms.net(20))

    hear_of(trade, NORTHWIND)
    sync_directory(trade)

    assert (company(trade).terms, company(trade).b2b_terms) == (Terms.net(7), Terms.net(20))


def test_a_company_that_ended_keeps_its_name_and_loses_its_buyers(trade):
    """R-26."""
    del trade.shop.directory.company_of[NORTHWIND]

    hear_of(trade, NORTHWIND)

    assert (company(trade).name, buyers(trade)) == ("Northwind Traders", set())


def test_a_buyer_of_a_company_the_list_left_out_stops_nobody(trade):
    trade.shop.directory.buyer_of[777] = a_buyer(777, 4711)

    sync_directory(trade)

    assert buyers(trade) == {BEA, BEN}
