"""The same client against the stand-in B2B Edition over real sockets."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from adapters.bundleb2b.directory import BundleB2B
from adapters.sandbox.serve import Sandbox
from adapters.sandbox.settings import NORTH, SOUTH, SandboxSettings
from domain.company import CompanyStatus
from domain.errors import DirectoryUnreachable
from domain.roles import BuyerRight

SECRET = "a client secret of more than sixty-four characters, for HMAC tests only!"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Edition:
    """The stand-in seen from outside: directories of its stores and the control endpoints."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.tokens = {
            store: requests.post(f"{base}/_sandbox/{store}/token").json()["access_token"] for store in (NORTH, SOUTH)
        }

    def directory(self, store: str = NORTH):
        return BundleB2B(f"{self.base}/b2b").open(store, self.tokens[store])

    def control(self, path: str, body=None, store: str = NORTH):
        answer = requests.post(f"{self.base}/_sandbox/{store}{path}", json=body or {})
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="module")
def edition(tmp_path_factory) -> Iterator[Edition]:
    data = tmp_path_factory.mktemp("sandbox") / "sandbox.db"
    ports = (free_port(), free_port(), free_port())
    settings = SandboxSettings(data, *ports, "http://localhost:9999", "client", SECRET, deliver_hooks=False)
    with Sandbox(settings) as running:
        yield Edition(running.settings.main_url)


def test_companies_and_their_buyers_are_read_with_few_calls(edition):
    companies = list(edition.directory().companies())
    buyers = list(edition.directory().buyers())

    assert len(companies) == 6
    assert all(company.name and company.is_active for company in companies)
    assert len(buyers) == 18
    assert {buyer.company_id for buyer in buyers} == {company.id for company in companies}


def test_buyers_of_a_company_have_different_rights(edition):
    directory = edition.directory()
    company = next(iter(directory.companies()))

    rights = {buyer.rights for buyer in directory.buyers(company.id)}

    assert len(rights) > 1
    assert any(BuyerRight.PAY in found for found in rights)


def test_one_buyer_is_the_same_as_in_the_list(edition):
    directory = edition.directory()
    for listed in list(directory.buyers())[::5]:
        single = directory.buyer(listed.customer_id)

        assert single is not None
        assert (single.company_id, single.rights, single.role_name) == (
            listed.company_id,
            listed.rights,
            listed.role_name,
        )


def test_a_shopper_without_a_company_is_nobody(edition):
    order = edition.control("/orders/b2c")

    assert edition.directory().buyer(order["head"]["customer_id"]) is None
    assert edition.directory().buyer(999_999) is None


def test_a_company_comes_with_its_terms_hold_and_methods(edition):
    directory = edition.directory()
    companies = [directory.company(company.id) for company in directory.companies()]

    assert all(company is not None for company in companies)
    assert {company.b2b_terms.code for company in companies if company and company.b2b_terms}
    assert any(company.allowed_methods for company in companies if company)

    edition.control(f"/companies/{companies[0].id}/credit", {"creditEnabled": True, "creditHold": True})
    held = directory.company(companies[0].id)
    edition.control(f"/companies/{companies[0].id}/credit", {"creditHold": False})
    assert held is not None
    assert held.credit_hold


def test_a_company_that_is_switched_off_is_inactive(edition):
    directory = edition.directory()
    company = list(directory.companies())[-1]

    edition.control(f"/companies/{company.id}/status", {"status": 3})
    found = directory.company(company.id)
    edition.control(f"/companies/{company.id}/status", {"status": 1})

    assert found is not None
    assert found.status is CompanyStatus.INACTIVE


def test_stores_with_equal_ids_do_not_mix(edition):
    north = {company.id: company.name for company in edition.directory(NORTH).companies()}
    south = {company.id: company.name for company in edition.directory(SOUTH).companies()}

    assert set(north) & set(south)
    assert all(north[number] != south[number] for number in set(north) & set(south))


def test_order_records_tell_company_and_po(edition):
    since = datetime.now(UTC) - timedelta(days=366)
    records = list(edition.directory().order_records(since))

    assert len(records) >= 119
    assert len({record.order_id for record in records}) == len(records)
    assert any(record.po_number for record in records)
    assert any(record.company_id is None for record in records)
    known = next(record for record in records if record.company_id)
    assert edition.directory().order_record(known.order_id) == known


@pytest.mark.parametrize("as_object", [False, True])
def test_one_record_is_read_in_either_form(edition, as_object):
    wish = {"customer_id": 2, "po_number": "PO-7", "lines": [{"sku": "NS-TWL-12", "quantity": 1}]}
    order = edition.control("/orders", wish)
    edition.control("/modes", {"b2b_order_as_object": as_object})

    record = edition.directory().order_record(order["id"])

    edition.control("/modes", {"b2b_order_as_object": False})
    assert record is not None
    assert (record.po_number, record.is_invoice_order) == ("PO-7", False)
    assert edition.directory().order_record(999_999) is None


def test_sales_staff_are_read_with_role_and_companies(edition):
    """The list knows the role, a single record the companies (bundleb2b.md section 4)."""
    (rita,) = edition.directory().sales_staff()

    assert (rita.email, rita.role_name, len(rita.companies)) == ("rita@northwind-supply.example", "Sales Rep", 3)
    assert rita.companies <= {company.id for company in edition.directory().companies()}


def test_a_store_without_b2b_edition_says_so(edition):
    edition.control("/modes", {"no_b2b_edition": True}, store=SOUTH)
    try:
        with pytest.raises(DirectoryUnreachable, match="B2B Edition is not enabled"):
            list(edition.directory(SOUTH).companies())
    finally:
        edition.control("/modes", {"no_b2b_edition": False}, store=SOUTH)


@pytest.mark.parametrize("kind", ["http_429", "http_500", "error_after", "truncated", "html_200"])
def test_one_fault_while_reading_is_not_noticed(edition, kind):
    edition.control("/faults", {"kind": kind, "path": "/companies", "times": 1})

    assert len(list(edition.directory().companies())) == 6


def test_its_own_open_invoices_are_read_while_they_are_switched_on(edition: Edition) -> None:
    """R-24."""
    assert edition.directory().invoice_switches() == []
    assert list(edition.directory().open_invoices()) == []

    edition.control("/modes", {"b2b_invoice_switch": True})
    try:
        switches = edition.directory().invoice_switches()
        found = list(edition.directory().open_invoices())
    finally:
        edition.control("/modes", {"b2b_invoice_switch": False})

    assert "onlinePaymentAutomaticInvoiceGeneration" in switches
    assert sorted({(one.total.text, one.balance.text) for one in found}) == [("349.50", "120.25"), ("400.00", "400.00")]
    assert len(found) == 4
    assert all(one.due_at and one.due_at > one.issued_at for one in found)
