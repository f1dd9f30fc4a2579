"""Files read back by other libraries: equal cell by cell, flat in memory, no formula anywhere (T-24)."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from adapters.spreadsheets.tables import BOM, SpreadsheetTables
from admin_app.export_words import COLUMNS, column_title
from domain.errors import TooManyRows
from domain.export import PAGE, Cell, Form
from domain.use_cases.exported_lists import LISTS
from tests.domain.test_export import STARTS, read_back

TABLES = SpreadsheetTables(str.upper)

HOSTILE = [f'{start}cmd|"/c calc"!A1,x' for start in STARTS if start != "\0"]
ROWS: list[tuple[Cell, ...]] = [
    ("INV-1", date(2026, 8, 14), Decimal("1234.50"), 7),
    ("Größe, “x” \n 2", None, Decimal("-0.05"), None),
    ("", date(2026, 12, 31), Decimal("99999999999.99"), 0),
    *((text, None, Decimal(-5), -3) for text in HOSTILE),
]
HEAD = ("text", "day", "amount", "count")


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))


def test_csv_read_back_is_what_was_written_and_no_cell_starts_a_formula() -> None:
    content = b"".join(TABLES.write(Form.CSV, HEAD, ROWS))

    head, *rows = read_csv(content)
    assert head == ["TEXT", "DAY", "AMOUNT", "COUNT"]
    for row, cells in zip(ROWS, rows, strict=True):
        text, day, amount, count = cells
        assert not text.startswith(STARTS)
        assert read_back(text) == row[0]
        assert day == (row[1].isoformat() if isinstance(row[1], date) else "")
        assert Decimal(amount) == row[2]
        assert count == ("" if row[3] is None else str(row[3]))
    assert content.count(b"\r\n") == len(ROWS) + 1 + content.count(b"\n\r\n")


def test_negative_amounts_stay_numbers() -> None:
    """T-24: the minus of a number is no formula."""
    assert read_csv(b"".join(TABLES.write(Form.CSV, ("amount",), [(Decimal("-12.50"),)])))[1] == ["-12.50"]


def test_the_mark_for_excel_stands_first_and_only_where_it_was_asked_for() -> None:
    with_mark, without = (b"".join(TABLES.write(form, HEAD, ROWS)) for form in (Form.CSV_BOM, Form.CSV))

    assert with_mark == BOM + without


def test_a_workbook_read_back_is_what_was_written_and_holds_no_formula() -> None:
    content = b"".join(TABLES.write(Form.XLSX, HEAD, ROWS))

    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert head == ["TEXT", "DAY", "AMOUNT", "COUNT"]
    for row, cells in zip(ROWS, rows, strict=True):
        assert str(cells[0]).replace("_x000D_", "\r") == row[0]
        assert cells[1] == (row[1] or "")
        assert Decimal(str(cells[2])) == row[2]
        assert cells[3] == ("" if row[3] is None else row[3])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in b"".join(parts.read(name) for name in parts.namelist())


def test_amounts_in_a_workbook_keep_the_decimals_of_their_currency() -> None:
    content = b"".join(TABLES.write(Form.XLSX, ("amount",), [(Decimal("5.00"),), (Decimal(5),), (Decimal("5.000"),)]))

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        styles = parts.read("xl/styles.xml").decode()
    assert 'formatCode="0.000"' in styles


@pytest.mark.parametrize("form", [Form.CSV, Form.CSV_BOM])
def test_rows_are_read_as_the_pieces_are_asked_for(form: Form) -> None:
    """Flat memory: whatever the list's length, no more than a page has been read before the first piece is out."""
    read = 0

    def rows() -> Iterator[tuple[Cell, ...]]:
        nonlocal read
        while True:
            read += 1
            yield ("x",)

    pieces = TABLES.write(form, ("text",), rows())
    assert read == 0
    most = 0
    for _ in range(50):
        before = read
        piece = next(pieces)
        most = max(most, len(piece), read - before)
    assert most <= PAGE


def test_a_workbook_too_long_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.spreadsheets.tables.MOST_IN_WORKBOOK", 2)

    with pytest.raises(TooManyRows, match="Export as CSV"):
        list(TABLES.write(Form.XLSX, ("text",), [("a",), ("b",), ("c",)]))


@pytest.mark.parametrize("name", LISTS)
def test_every_column_of_every_list_has_a_title(name: str) -> None:
    columns = LISTS[name].columns

    assert [column for column in columns if column not in COLUMNS] == []
    assert len({column_title(column) for column in columns}) == len(columns)
