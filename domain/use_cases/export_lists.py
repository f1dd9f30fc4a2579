"""Exports: small lists at once, large ones by a worker, with a mail when the file is ready."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import IO, Any, Final

from domain.errors import NotFound, Refusal
from domain.export import AT_ONCE, KEPT_FOR, PAGE, Cell, Export, ExportState, Form, file_name
from domain.file import CHUNK, FileHead, KeptFile, Purpose
from domain.ids import new_id
from domain.ports import Doorbell, Item, Mailer, Message, OpenWork, Tables, Work
from domain.roles import Actor, Right
from domain.use_cases.exported_lists import LISTS, ExportedList, Seen

SOMEBODY_IS_AT_IT: Final = timedelta(seconds=60)
"""A worker that showed no progress for so long is gone, and the next one begins anew."""


@dataclass(frozen=True)
class AtOnce:
    """A file that is written as it is sent."""

    name: str
    form: Form
    pieces: Iterator[bytes]


@dataclass(frozen=True)
class ExportList:
    """What the filter of a list matches, of the companies the person may see: as a file, or as an export under way.

    Raises NotAllowed, NotFound for a list there is none of.
    """

    open_work: OpenWork
    tables: Tables
    doorbell: Doorbell
    at_once: int = AT_ONCE

    def __call__(self, actor: Actor, list_name: str, chosen: Any, form: Form) -> AtOnce | Export:
        listed = _listed(list_name)
        actor.must(Right.EXPORT)
        actor.must(listed.right)
        own = replace(chosen, companies=actor.companies)
        with self.open_work(actor.store_id) as work:
            total = listed.count(work, own) if listed.count else None
            is_large = total > self.at_once if total is not None else self._is_large(work, listed, own)
            name = file_name(list_name, work.today(), form)
            export = Export(new_id(), list_name, form, own, actor.id, work.now(), total=total)
            if is_large:
                work.exports.put(export)
                work.outbox.put("export", export.id)
                work.commit()
        if is_large:
            self.doorbell.ring(actor.store_id, "outbox")
            return export
        rows = _lines(self.open_work, actor.store_id, listed, own)
        return AtOnce(name, form, self.tables.write(form, listed.columns, rows))

    def _is_large(self, work: Work, listed: ExportedList, chosen: Any) -> bool:
        """By reading on, a page at a time, until there are too many."""
        found, cursor = 0, None
        while found <= self.at_once:
            page = listed.rows(work, chosen, PAGE, cursor)
            found, cursor = found + len(page.rows), page.next_cursor
            if cursor is None:
                break
        return found > self.at_once


def _listed(list_name: str) -> ExportedList:
    if list_name not in LISTS:
        raise NotFound("export")
    return LISTS[list_name]


def _pages(open_work: OpenWork, store_id: int, listed: ExportedList, chosen: Any) -> Iterator[list[tuple[Cell, ...]]]:
    """The lines of the file, page by page. Each page is a unit of work of its own, so that a slow reader holds no
    transaction open; what is booked meanwhile may be in a later page already."""
    cursor: str | None = None
    while True:
        with open_work(store_id) as work:
            profile = work.notes.profile()
            seen = Seen(work.today(), profile.time_zone if profile else "UTC")
            page = listed.rows(work, chosen, PAGE, cursor)
        yield [cells for row in page.rows for cells in listed.cells(row, seen)]
        cursor = page.next_cursor
        if cursor is None:
            return


def _lines(open_work: OpenWork, store_id: int, listed: ExportedList, chosen: Any) -> Iterator[tuple[Cell, ...]]:
    return chain.from_iterable(_pages(open_work, store_id, listed, chosen))


@dataclass(frozen=True)
class WriteExport:
    """The worker's part. The file is written to disk first, and kept in the same commit that calls the export done; a
    killed worker leaves nothing behind, and the next one begins anew. The mail's id is the export's, so that a repeat
    is the same mail (I-16)."""

    open_work: OpenWork
    tables: Tables
    mailer: Mailer

    def __call__(self, store_id: int, item: Item) -> None:
        export = self._begin(store_id, item.key)
        if export is None:
            return
        listed = LISTS[export.list_name]
        with tempfile.TemporaryFile() as file:
            try:
                for piece in self.tables.write(export.form, listed.columns, self._lines(store_id, listed, export)):
                    file.write(piece)
            except Refusal as refusal:
                self._end(store_id, export.id, None, refusal)
                return
            file.seek(0)
            self._end(store_id, export.id, file, None)

    def _begin(self, store_id: int, export_id: str) -> Export | None:
        """The export, if it is to be written now: not when it is over or somebody else is at it."""
        with self.open_work(store_id) as work:
            export = work.exports.locked(export_id)
            if export.is_over:
                return None
            if export.touched_at is not None and work.now() - export.touched_at < SOMEBODY_IS_AT_IT:
                work.outbox.put("export", export_id, after=work.now() + SOMEBODY_IS_AT_IT)
                work.commit()
                return None
            begun = replace(export, state=ExportState.RUNNING, done=0, touched_at=work.now())
            work.exports.put(begun)
            work.commit()
            return begun

    def _lines(self, store_id: int, listed: ExportedList, export: Export) -> Iterator[tuple[Cell, ...]]:
        """With the progress noted after every page."""
        done = 0
        for page in _pages(self.open_work, store_id, listed, export.chosen):
            yield from page
            done += len(page)
            with self.open_work(store_id) as work:
                work.exports.put(replace(work.exports.locked(export.id), done=done, touched_at=work.now()))
                work.commit()

    def _end(self, store_id: int, export_id: str, file: IO[bytes] | None, refusal: Refusal | None) -> None:
        with self.open_work(store_id) as work:
            export = work.exports.locked(export_id)
            over = replace(export, state=ExportState.FAILED, why=str(refusal or ""), finished_at=work.now())
            if file is not None:
                head = _head(export, work)
                work.files.put(head, iter(lambda: file.read(CHUNK), b""))
                over = replace(over, state=ExportState.DONE, file_id=head.id)
            work.exports.put(over)
            work.outbox.put("export_mail", export_id)
            work.commit()

    def tell(self, store_id: int, item: Item) -> None:
        """The mail to the person who asked, if that person still works here."""
        with self.open_work(store_id) as work:
            export = work.exports.get(item.key)
            member = work.staff.find(int(export.asked_by)) if export.asked_by.isdigit() else None
            profile = work.notes.profile()
            store_hash = work.store.hash
        if member is None or not member.email:
            return
        name = profile.name if profile else store_hash
        if export.state is ExportState.DONE:
            subject = f"{name}: your export {export.name()} is ready"
            days = KEPT_FOR.days
            lines = [f"{export.done} rows. Fetch it within {days} days from Exports in Invoice Portal:"]
            lines.append("open the app in your BigCommerce control panel, then Invoices, Export, My exports.")
        else:
            subject, lines = f"{name}: your export {export.name()} could not be written", [export.why]
        self.mailer.send(Message((member.email,), subject, "\n".join(lines), f"{store_hash}-export-{export.id}"))


def _head(export: Export, work: Work) -> FileHead:
    until = work.now() + KEPT_FOR
    return FileHead(
        new_id(), "export", export.id, Purpose.EXPORT, export.name(), export.form.media_type, kept_until=until
    )


@dataclass(frozen=True)
class ExportView:
    """`file` None while it is written, and again when its time has passed."""

    export: Export
    file: KeptFile | None


def _view(work: Work, export: Export) -> ExportView:
    kept = work.files.of("export", export.id, Purpose.EXPORT) if export.file_id else []
    return ExportView(export, kept[0] if kept else None)


@dataclass(frozen=True)
class ShowExport:
    """One's own; for people of the whole store also a colleague's, in which there is nothing they may not see. Raises
    NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, export_id: str) -> ExportView:
        actor.must(Right.EXPORT)
        with self.open_work(actor.store_id) as work:
            export = work.exports.get(export_id)
            if export.asked_by != actor.id and actor.companies is not None:
                raise NotFound("export")
            actor.must(_listed(export.list_name).right)
            return _view(work, export)


@dataclass(frozen=True)
class ListExports:
    """A person's own exports, newest first. Raises NotAllowed."""

    open_work: OpenWork

    def __call__(self, actor: Actor) -> list[ExportView]:
        actor.must(Right.EXPORT)
        with self.open_work(actor.store_id) as work:
            return [_view(work, export) for export in work.exports.of(actor.id)]
