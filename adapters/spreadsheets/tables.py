"""Implements `domain.ports.Tables`: rows to CSV as they come, to XLSX by way of a file on disk."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import BinaryIO, Final

from xlsxwriter import Workbook

from domain.errors import TooManyRows
from domain.export import MOST_IN_WORKBOOK, Cell, Form, harmless
from domain.file import CHUNK

BOM: Final = b"\xef\xbb\xbf"
_ROWS_PER_PIECE: Final = 200


class SpreadsheetTables:
    """`title` says a column's name to people. Nothing is read from `rows` before the first piece is asked for."""

    def __init__(self, title: Callable[[str], str]) -> None:
        self._title = title

    def write(self, form: Form, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
        head = [self._title(column) for column in columns]
        return _workbook(head, rows) if form is Form.XLSX else _csv(head, rows, with_bom=form is Form.CSV_BOM)


def _csv(head: Sequence[str], rows: Iterable[Sequence[Cell]], *, with_bom: bool) -> Iterator[bytes]:
    """RFC 4180, a piece per few hundred rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_plain(title) for title in head])
    waiting = 1
    yield BOM if with_bom else b""
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
        waiting += 1
        if waiting >= _ROWS_PER_PIECE:
            yield _taken(text)
            waiting = 0
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    piece = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return piece


def _plain(cell: Cell) -> str:
    """Numbers without exponent or grouping, days in ISO 8601, texts that start no formula (T-24)."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _workbook(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Rows go to disk as they are written. Raises TooManyRows."""
    with tempfile.TemporaryFile() as file:
        _fill(file, head, rows)
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def _fill(file: BinaryIO, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Texts are written as texts whatever they look like, so nothing in them is ever a formula (T-24)."""
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        amounts: dict[int, object] = {}
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(0, len(head) - 1), 16)
        for number, row in enumerate(rows, 1):
            if number > MOST_IN_WORKBOOK:
                raise TooManyRows(MOST_IN_WORKBOOK)
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(number, column, cell)
                elif isinstance(cell, Decimal):
                    digits = max(0, -int(cell.as_tuple().exponent))
                    if digits not in amounts:
                        amounts[digits] = book.add_format({"num_format": "0." + "0" * digits if digits else "0"})
                    sheet.write_number(number, column, cell, amounts[digits])
                elif isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
