"""B2B Edition's own invoices as it publishes them (R-24)."""

from datetime import UTC, datetime

import pytest
import responses

from domain.errors import DirectoryUnreachable
from tests.adapters.bundleb2b.kit import IO, a_directory, asked, ok, paged
from tests.builders import usd


def a_row(**changes: object) -> dict[str, object]:
    return {
        "id": 33,
        "customerId": "3",
        "invoiceNumber": "00000033",
        "dueDate": 1619826907,
        "status": 0,
        "orderNumber": "132",
        "purchaseOrderNumber": "123",
        "details": {"header": {"orderDate": 1618246864}},
        "originalBalance": {"code": "USD", "value": "400.0000"},
        "openBalance": {"code": "USD", "value": "100.5000"},
        **changes,
    }


@responses.activate
def test_open_and_partly_paid_ones_with_something_to_pay_are_read() -> None:
    paid = a_row(id=34, openBalance={"code": "USD", "value": "0.0000"})
    responses.add("GET", f"{IO}ip/invoices", json=paged([a_row(), paid], 2))
    responses.add("GET", f"{IO}ip/invoices", json=paged([], 0))

    [one] = a_directory().open_invoices()

    assert (one.id, one.number, one.company_id, one.order_id, one.po_number) == (33, "00000033", 3, 132, "123")
    assert (one.total, one.balance) == (usd(400_00), usd(100_50))
    assert one.issued_at == datetime.fromtimestamp(1618246864, UTC)
    assert [asked(0)["status"], asked(1)["status"]] == ["0", "1"]


@responses.activate
@pytest.mark.parametrize(
    "changes",
    [
        {"openBalance": {"code": "USD", "value": "1.0010"}},
        {"openBalance": {"code": "US", "value": "1.00"}},
        {"originalBalance": {"code": "USD", "value": "much"}},
        {"customerId": None},
        {"details": None, "issuedAt": None},
    ],
)
def test_an_invoice_that_cannot_be_read_exactly_is_not_guessed(changes: dict[str, object]) -> None:
    responses.add("GET", f"{IO}ip/invoices", json=paged([a_row(**changes)], 1))

    with pytest.raises(DirectoryUnreachable, match="could not read"):
        list(a_directory().open_invoices())


@responses.activate
@pytest.mark.parametrize("on", [1, "1", True, "true"])
def test_switches_are_known_in_every_form_they_come_in(on: object) -> None:
    config = {
        "payments": {"onlinePaymentAutomaticInvoiceGeneration": on},
        "isPaymentProcessingEnabled": {"isEnabled": on},
    }
    responses.add("GET", f"{IO}ip/config", json=ok(config))
    responses.add("GET", f"{IO}ip/config", json=ok({"isPaymentProcessingEnabled": on, "payments": {}}))
    responses.add("GET", f"{IO}ip/config", json=ok({"isPaymentProcessingEnabled": "0", "payments": None}))

    assert a_directory().invoice_switches() == ["onlinePaymentAutomaticInvoiceGeneration", "isPaymentProcessingEnabled"]
    assert a_directory().invoice_switches() == ["isPaymentProcessingEnabled"]
    assert a_directory().invoice_switches() == []
