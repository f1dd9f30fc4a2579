"""What B2B Edition adds to orders (R-8)."""

from datetime import UTC, datetime

import pytest
import responses

from domain.errors import DirectoryUnreachable
from domain.ports import OrderRecord
from tests.adapters.bundleb2b.kit import IO, a_directory, asked, ok


def a_record(**changes):
    return {"id": 70_001, "bcOrderId": 123, "companyId": 123456, "poNumber": "04152025-0002", "status": "x"} | changes


@responses.activate
def test_order_records_name_company_and_po():
    """R-8. The list does not tell invoice orders."""
    rows = [a_record(), a_record(bcOrderId=124, companyId=0, poNumber=None), a_record(bcOrderId="125", companyId="")]
    responses.add("GET", f"{IO}orders", json=ok(rows, totalCount=3, limit=250, offset=0))

    records = list(a_directory().order_records(datetime(2026, 1, 1, tzinfo=UTC)))

    assert records == [
        OrderRecord(123, 123456, "04152025-0002"),
        OrderRecord(124, None, ""),
        OrderRecord(125, None, "04152025-0002"),
    ]
    assert asked() == {
        "minModified": "1767225600",
        "sortBy": "createdAt",
        "orderBy": "ASC",
        "limit": "250",
        "offset": "0",
    }


@responses.activate
@pytest.mark.parametrize("wrap", [lambda row: row, lambda row: [row]])
@pytest.mark.parametrize(("flag", "is_one"), [(1, True), (0, False), (None, False), (True, True), ("1", True)])
def test_one_order_record_tells_invoice_payments_in_either_form(wrap, flag, is_one):
    """The schema says list, the words say object: both are read."""
    responses.add("GET", f"{IO}orders/123", json=ok(wrap(a_record(isInvoiceOrder=flag))))

    assert a_directory().order_record(123) == OrderRecord(123, 123456, "04152025-0002", is_one)


@responses.activate
def test_an_order_that_b2b_edition_does_not_know_is_none():
    responses.add(
        "GET", f"{IO}orders/123", json={"code": 404, "data": {}, "meta": {"message": "Order Does Not Exist."}}
    )

    assert a_directory().order_record(123) is None


@responses.activate
def test_an_empty_record_is_a_failure():
    responses.add("GET", f"{IO}orders/123", json=ok([]))

    with pytest.raises(DirectoryUnreachable):
        a_directory().order_record(123)
