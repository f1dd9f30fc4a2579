"""Exports under way, with the filter of their list."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.company_accounts import CompanyFilter, CompanyView
from domain.errors import NotFound
from domain.export import Export, ExportState, Form
from domain.ids import new_id
from domain.invoice import Source
from domain.listing import InvoiceFilter, OrderFilter, PaymentFilter, View
from domain.payment import Method, PaymentStatus
from tests.builders import an_instant, usd
from tests.contracts.conftest import Storage

CHOSEN = {
    "invoices": InvoiceFilter(
        view=View.OVERDUE,
        search="é'%",
        source=Source.ERP,
        issued_from=date(2026, 1, 1),
        total_from=usd(10_00),
        companies=frozenset({11, 12}),
        sort="-total",
    ),
    "payments": PaymentFilter(status=PaymentStatus.COMPLETED, method=Method.CHECK, companies=frozenset()),
    "orders": OrderFilter(invoiced=False, placed_to=date(2026, 2, 3)),
    "companies": CompanyFilter(view=CompanyView.OWING, currency="EUR"),
}


def an_export(list_name: str = "invoices", asked_by: str = "3", **changes: object) -> Export:
    made = Export(new_id(), list_name, Form.XLSX, CHOSEN[list_name], asked_by, an_instant(), total=9000)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("list_name", CHOSEN)
def test_an_export_comes_back_with_its_filter(storage: Storage, list_name: str) -> None:
    """R-25: what is written is what the list showed, companies of the person included."""
    export = an_export(list_name)
    with storage.work() as work:
        work.exports.put(export)
        work.commit()

    with storage.work() as work:
        assert work.exports.get(export.id) == export
        over = replace(export, state=ExportState.FAILED, done=3, touched_at=an_instant(21), why="No.")
        work.exports.put(over)
        assert work.exports.locked(export.id) == over


def test_a_person_s_exports_are_listed_newest_first(storage: Storage) -> None:
    old, new, other = an_export(), an_export(asked_at=an_instant() + timedelta(hours=1)), an_export(asked_by="4")
    with storage.work() as work:
        for export in (old, new, other):
            work.exports.put(export)

        assert [one.id for one in work.exports.of("3")] == [new.id, old.id]
        assert [one.id for one in work.exports.of("3", limit=1)] == [new.id]
        work.commit()
    with storage.work(storage.other) as work:
        assert work.exports.of("3") == []
        for look in (work.exports.get, work.exports.locked):
            with pytest.raises(NotFound):
                look(old.id)
            with pytest.raises(NotFound):
                look(new_id())
