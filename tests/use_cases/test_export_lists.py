"""Exports: at once or by a worker, each row once, and only what the person may see."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.errors import NotAllowed, NotFound, TooManyRows
from domain.export import KEPT_FOR, Cell, Export, ExportState, Form
from domain.file import Purpose
from domain.listing import InvoiceFilter, View
from domain.ports import Item
from domain.staff import StaffMember
from domain.store import Connection
from domain.use_cases import export_lists
from domain.use_cases.export_lists import AtOnce, ExportList, ListExports, ShowExport, WriteExport
from tests.adapters.spreadsheets.test_tables import TABLES
from tests.builders import SOUTHSIDE, a_profile, an_invoice, finance, given_companies, given_invoice, usd
from tests.contracts.conftest import MovableClock
from tests.fakes import FakeDoorbell, FakeMailer
from tests.memory import MemoryDatabase


class Books:
    """A store with invoices of two companies, and a worker that is called by hand."""

    def __init__(self, invoices: int = 5) -> None:
        self.clock = MovableClock()
        self.database = MemoryDatabase(self.clock)
        self.store_id = self.database.stores.put("sbxnorth", Connection.CONNECTED).id
        self.mailer, self.doorbell = FakeMailer(), FakeDoorbell()
        with self.database.open_work(self.store_id) as work:
            given_companies(work)
            work.notes.put_profile(a_profile())
            work.staff.put(StaffMember(3, "fiona@example.com", None))
            for number in range(invoices):
                company = SOUTHSIDE if number % 2 else 11
                given_invoice(work, an_invoice(usd(100 + number), f"INV-{number:05d}", company_id=company))
            work.commit()

    def export(self, actor: Any = None, at_once: int = 3, chosen: object = None, form: Form = Form.CSV) -> Any:
        start = ExportList(self.database.open_work, TABLES, self.doorbell, at_once)
        return start(actor or finance(self.store_id), "invoices", chosen or InvoiceFilter(), form)

    def writer(self, tables: Any = TABLES) -> WriteExport:
        return WriteExport(self.database.open_work, tables, self.mailer)

    def work_through(self, writer: WriteExport) -> None:
        """What a worker does until nothing is due."""
        handlers = {"export": writer, "export_mail": writer.tell}
        while True:
            with self.database.open_work(self.store_id) as work:
                item = work.outbox.claim()
                work.commit()
            if item is None:
                return
            if item.kind in handlers:
                handlers[item.kind](self.store_id, item)
            with self.database.open_work(self.store_id) as work:
                work.outbox.done(item)
                work.commit()

    def view(self, export: Export) -> Any:
        return ShowExport(self.database.open_work)(finance(self.store_id), export.id)

    def content(self, export: Export) -> bytes:
        with self.database.open_work(self.store_id) as work:
            (kept,) = work.files.of("export", export.id, Purpose.EXPORT)
            return work.files.chunk(kept.id, 0)


def numbers(content: bytes) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(content.decode(), newline=""))][1:]


def test_a_small_list_is_written_while_one_waits_and_leaves_nothing_behind() -> None:
    books = Books()

    made = books.export(at_once=5, chosen=InvoiceFilter(sort="number"))

    assert isinstance(made, AtOnce)
    assert made.name.startswith("invoices-")
    assert made.name.endswith(".csv")
    assert numbers(b"".join(made.pieces)) == [f"INV-{number:05d}" for number in range(5)]
    assert ListExports(books.database.open_work)(finance(books.store_id)) == []


def test_the_rows_are_those_of_the_filter_on_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """R-25 *Export all*: every page, each row once, in the list's order."""
    monkeypatch.setattr(export_lists, "PAGE", 2)
    books = Books(7)
    chosen = InvoiceFilter(view=View.UNPAID, company_id=11, sort="-number")

    made = books.export(at_once=100, chosen=chosen)

    assert numbers(b"".join(made.pieces)) == ["INV-00006", "INV-00004", "INV-00002", "INV-00000"]


def test_a_person_of_some_companies_exports_those_only() -> None:
    books = Books()
    restricted = replace(finance(books.store_id), companies=frozenset({SOUTHSIDE}))

    asked = books.export(restricted, at_once=100, chosen=InvoiceFilter(companies=None))

    assert sorted(numbers(b"".join(asked.pieces))) == ["INV-00001", "INV-00003"]


def test_a_large_list_is_written_by_the_worker_kept_for_a_week_and_mailed() -> None:
    books = Books()

    export = books.export(form=Form.XLSX)

    assert isinstance(export, Export)
    assert (export.state, export.total) == (ExportState.WAITING, 5)
    assert books.doorbell.rung == [(books.store_id, "outbox")]
    books.work_through(books.writer())
    view = books.view(export)
    assert (view.export.state, view.export.done, view.file.size > 0) == (ExportState.DONE, 5, True)
    assert view.file.head.kept_until == view.export.finished_at + KEPT_FOR
    (mail,) = books.mailer.sent
    assert mail.to == ("fiona@example.com",)
    assert export.name() in mail.subject

    books.clock.forward(KEPT_FOR + timedelta(minutes=1))
    assert books.view(export).file is None


def test_the_worker_s_file_equals_the_one_written_at_once() -> None:
    books = Books()
    export = books.export()
    books.work_through(books.writer())

    assert books.content(export) == b"".join(books.export(at_once=100).pieces)


def test_progress_is_noted_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_lists, "PAGE", 2)
    books = Books(5)
    export = books.export()
    seen: list[int] = []

    class Watching:
        def write(self, form: Form, columns: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
            for _ in rows:
                seen.append(books.view(export).export.done)
            yield b"x"

    books.work_through(books.writer(Watching()))

    assert seen == [0, 0, 2, 2, 4]


def test_a_killed_worker_leaves_no_file_and_the_next_one_begins_anew() -> None:
    """I-16: nothing is doubled, and no half of a file is ever fetched."""
    books = Books()
    export = books.export()

    class Killed(Exception):
        pass

    class Dying:
        def write(self, form: Form, columns: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
            next(rows)
            yield b"half"
            raise Killed

    item = Item(1, "export", export.id)
    with pytest.raises(Killed):
        books.writer(Dying())(books.store_id, item)
    assert books.view(export).file is None

    books.writer()(books.store_id, item)
    assert books.view(export).export.state is ExportState.RUNNING  # the first one may still be at it
    books.clock.forward(timedelta(minutes=2))
    books.writer()(books.store_id, item)
    books.writer()(books.store_id, item)

    assert books.view(export).export.done == 5
    assert len(numbers(books.content(export))) == 5


def test_what_a_workbook_cannot_hold_is_said_and_not_tried_again() -> None:
    books = Books()
    export = books.export(form=Form.XLSX)

    class Refusing:
        def write(self, form: Form, columns: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
            raise TooManyRows(2)
            yield b""

    books.work_through(books.writer(Refusing()))

    view = books.view(export)
    assert (view.export.state, view.file) == (ExportState.FAILED, None)
    assert "Export as CSV" in view.export.why
    assert "could not be written" in books.mailer.sent[0].subject


def test_somebody_who_left_gets_no_mail() -> None:
    books = Books()
    books.export()
    with books.database.open_work(books.store_id) as work:
        work.staff.remove(3)
        work.commit()

    books.work_through(books.writer())

    assert books.mailer.sent == []


def test_without_the_right_nothing_is_exported() -> None:
    books = Books()
    actor = finance(books.store_id)
    for right in ("export", "view invoices"):
        with pytest.raises(NotAllowed):
            books.export(replace(actor, rights=frozenset(one for one in actor.rights if one.value != right)))
    with pytest.raises(NotFound):
        ExportList(books.database.open_work, TABLES, books.doorbell)(actor, "secrets", InvoiceFilter(), Form.CSV)


def test_a_person_of_some_companies_sees_no_colleague_s_export() -> None:
    books = Books()
    export = books.export()
    restricted = replace(finance(books.store_id), id="2", companies=frozenset({SOUTHSIDE}))

    with pytest.raises(NotFound):
        ShowExport(books.database.open_work)(restricted, export.id)
