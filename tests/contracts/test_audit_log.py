"""The audit log means what `domain.audit_log` says, whatever the filter: SQL and Python find the same acts."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from domain.audit_log import AREAS, AuditFilter
from domain.events import Act
from domain.ports import Work
from domain.roles import ActorKind, system
from tests.builders import (
    NORTHWIND,
    SOUTHSIDE,
    a_credit_memo,
    an_invoice,
    an_order,
    finance,
    given_credit_memo,
    given_invoice,
    given_payment,
    usd,
)
from tests.contracts.conftest import Storage
from tests.servers import Database


def write(work: Work) -> None:
    """Acts on everything that can be a thing, by everybody."""
    invoice = given_invoice(work, an_invoice(usd(100_00), "INV-7"))
    given_invoice(work, an_invoice(usd(100_00), "INV-8", company_id=SOUTHSIDE))
    given_payment(work, usd(10_00), [(invoice, usd(10_00))])
    given_credit_memo(work, usd(10_00), [(invoice, usd(10_00))], a_credit_memo("CM-7"))
    work.orders.put([an_order(1160)])
    person = replace(finance(work.store.id), id="77", name="Zoe", came_from="192.0.2.7", request_id="request-1")
    key = replace(person, kind=ActorKind.ERP, id="key-1", name="ERP")
    work.book(key, Act("order.looked_at", "order", "1160"))
    work.book(person, Act("company.terms_changed", "company", str(NORTHWIND), {"terms": ["net 30", "net 10"]}))
    work.book(person, Act("staff.role_changed", "staff", "2", {"role": [None, "Viewer"]}, {"email": "sam@example.com"}))
    work.book(person, Act("invoice.touched", "invoice", "not an id at all"))
    work.book(system(work.store.id, "clock"), Act("settings.changed", "store", "1"))


FILTERS = [
    AuditFilter(),
    *(AuditFilter(actor_kind=kind) for kind in ActorKind),
    AuditFilter(actor_kind=ActorKind.STAFF, actor_id="77"),
    AuditFilter(actor_kind=ActorKind.STAFF, actor_id="78"),
    *(AuditFilter(area=area) for area in AREAS),
    AuditFilter(thing="inv-"),
    AuditFilter(thing="NORTHWIND"),
    AuditFilter(thing="116"),
    AuditFilter(thing="%"),
    AuditFilter(companies=frozenset({NORTHWIND})),
    AuditFilter(companies=frozenset({SOUTHSIDE}), area="invoices"),
    AuditFilter(companies=frozenset()),
]


def test_each_filter_finds_its_acts_on_every_page_and_no_other(storage: Storage) -> None:
    with storage.work() as work:
        write(work)
        whole = work.queries.audit_log(AuditFilter(), 100, None).rows

        assert [row.id for row in whole] == sorted((row.id for row in whole), reverse=True)
        for chosen in FILTERS:
            found, cursor = [], None
            while True:
                page = work.queries.audit_log(chosen, 3, cursor)
                found += page.rows
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert found == [row for row in whole if chosen.matches(row)], chosen
        assert work.queries.audit_log(AuditFilter(since=whole[0].at + timedelta(1)), 9, None).rows == ()
        assert len(work.queries.audit_log(AuditFilter(before=whole[0].at + timedelta(1)), 99, None).rows) == len(whole)


def test_an_act_comes_with_its_thing_its_author_and_where_it_came_from(storage: Storage) -> None:
    """I-13."""
    with storage.work() as work:
        write(work)
        rows = {row.what: row for row in work.queries.audit_log(AuditFilter(), 100, None).rows}

    terms = rows["company.terms_changed"]
    assert (terms.thing, terms.company_id, terms.changes) == (
        *("Northwind Traders", NORTHWIND, {"terms": ["net 30", "net 10"]}),
    )
    assert (terms.who, terms.role, terms.came_from, terms.request_id) == (
        *("Zoe", "IP-Finance", "192.0.2.7", "request-1"),
    )
    assert (rows["invoice.created"].thing, rows["order.looked_at"].thing) == ("INV-7", "1160")
    assert rows["staff.role_changed"].texts == {"email": "sam@example.com"}
    assert (rows["invoice.touched"].thing, rows["invoice.touched"].company_id) == ("", None)


@pytest.mark.parametrize("storage", ["sql"], indirect=True)
def test_where_an_act_came_from_can_be_erased_without_breaking_the_chain(
    storage: Storage, clean_database: Database
) -> None:
    """Ground rule 9, F-17: the address is a person's data and lies beside the chain."""
    with storage.work() as work:
        write(work)
        work.commit()
    with psycopg.connect(clean_database.superuser_url) as connection:
        connection.execute("UPDATE audit_text SET came_from = '', who = '', texts = '{}', salt = ''")

    with storage.work() as work:
        rows = work.queries.audit_log(AuditFilter(), 100, None).rows
        assert {(row.who, row.came_from) for row in rows} == {("", "")}
    assert list(storage.database.auditor.violations()) == []
