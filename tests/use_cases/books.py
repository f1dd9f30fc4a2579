"""What must hold in the books after every test: recomputed from movements (I-1, I-2, I-5, I-6, I-14, I-18)."""

from collections import Counter, defaultdict

from domain.ledger import Kind, Movement
from domain.portal import Portal


def check_books(portal: Portal, store_id: int) -> None:
    """Raises AssertionError with the invariant that broke."""
    with portal.open_work(store_id) as work:
        data = work._data
        movements: list[Movement] = data.movements
        ids = [one.transaction_id for one in movements if one.transaction_id is not None]
        assert len(ids) == len(set(ids)), "I-6: a transaction was booked twice"
        invoices = {key: work.invoices.get(key) for key in data.invoices}
        sources = {key: work.payments.get(key) for key in data.payments}
        sources |= {key: work.credit_memos.get(key) for key in data.memos}
    _check_sums(movements, invoices, sources)
    _check_companies(movements, invoices, sources)
    live = Counter(one.order_id for one in invoices.values() if one.source.value == "order" and one.removed is None)
    assert all(count == 1 for count in live.values()), "I-5: an order has two live invoices"


def _check_sums(movements, invoices, sources) -> None:
    balances, available, live = defaultdict(int), defaultdict(int), defaultdict(int)
    for one in movements:
        if one.invoice_id is not None:
            balances[one.invoice_id] += one.invoice_effect
            assert one.amount.currency == invoices[one.invoice_id].currency, "I-14"
        if one.source_id is not None:
            available[one.source_id] += one.source_effect
            assert one.amount.currency == sources[one.source_id].currency, "I-14"
        if one.kind in (Kind.ALLOCATED, Kind.DEALLOCATED):
            live[one.source_id, one.invoice_id] -= one.invoice_effect
    for key, invoice in invoices.items():
        assert 0 <= invoice.balance.minor == balances[key], f"I-2: {invoice.number}"
    for key, source in sources.items():
        assert 0 <= source.available.minor == available[key], f"I-1, I-2: {source.number}"
        told = {pair[1]: amount for pair, amount in live.items() if pair[0] == key and amount}
        assert source.allocations == told, f"I-1: allocations of {source.number}"


def _check_companies(movements, invoices, sources) -> None:
    """I-18, per company and currency."""
    owed, books = defaultdict(int), defaultdict(int)
    for one in movements:
        for company_id, amount in one.company_effects().items():
            books[company_id, one.amount.currency] += amount
    for invoice in invoices.values():
        owed[invoice.company_id, invoice.currency] += invoice.balance.minor
    for source in sources.values():
        owed[source.company_id, source.currency] -= source.available.minor
    for key in owed.keys() | books.keys():
        assert owed[key] == books[key], f"I-18: company {key}"
