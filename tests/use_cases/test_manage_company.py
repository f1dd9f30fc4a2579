"""Terms and billing contacts of a company (R-7, R-27)."""

import pytest

from domain.errors import InputInvalid
from domain.terms import DueFrom, Terms
from tests.builders import NORTHWIND, an_order, finance


def test_new_terms_move_no_existing_invoice(trade):
    """R-7: they count for the next one."""
    trade.sold(an_order(1160))
    trade.sold(an_order(1161))
    before = trade.create(1160)

    trade.portal.change_terms(finance(), NORTHWIND, Terms.net(60))
    after = trade.create(1161)
    trade.portal.change_terms(finance(), NORTHWIND, None)

    assert trade.read(before.id).content.due_on == before.content.due_on
    assert (after.content.due_on - after.content.issued_on).days == 60
    assert after.content.due_from is DueFrom.COMPANY_TERMS
    page = trade.portal.show_company(finance(), NORTHWIND)
    assert page.row.company.terms is None
    assert [entry.changes for entry in page.history] == [{"terms": ["net:60", ""]}, {"terms": ["net:30", "net:60"]}]


def test_terms_given_here_outlive_the_next_reading_of_the_company(trade):
    trade.portal.change_terms(finance(), NORTHWIND, Terms.net(7))
    with trade.work() as work:
        work.inbox.put("company", str(NORTHWIND))
        work.commit()
    trade.work_off()

    assert trade.portal.show_company(finance(), NORTHWIND).row.company.terms == Terms.net(7)


def test_billing_contacts_are_addresses_each_once(trade):
    kept = trade.portal.change_contacts(finance(), NORTHWIND, [" ap@n.example ", "", "AP@n.example", "cfo@n.example"])

    assert kept == ("ap@n.example", "cfo@n.example")
    for wrong in ("ap", "a b@n.example", "a@b", "a@n.example, b@n.example", "x" * 65 + "@n.example"):
        with pytest.raises(InputInvalid):
            trade.portal.change_contacts(finance(), NORTHWIND, ["ok@n.example", wrong])
    with pytest.raises(InputInvalid):
        trade.portal.change_contacts(finance(), NORTHWIND, [f"a{at}@n.example" for at in range(21)])
    page = trade.portal.show_company(finance(), NORTHWIND)
    assert page.contacts == kept
    assert [entry.what for entry in page.history] == ["company.contacts_changed"]
