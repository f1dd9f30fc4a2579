"""A list as a file: what is in it, how its cells read, and how far the writing is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

Cell = str | int | Decimal | date | None
"""Text, numbers as numbers, days as days; a moment is text in ISO 8601."""

AT_ONCE: Final = 5000
"""Rows that are written while the person waits; more become a job, with a mail when the file is ready."""

PAGE: Final = 1000
"""Rows read at a time: what is in memory, however many there are."""

KEPT_FOR: Final = timedelta(days=7)
"""How long a finished file can be fetched."""

MOST_IN_WORKBOOK: Final = 1_048_575
"""Rows a worksheet has, less the head."""


class Form(StrEnum):
    """CSV_BOM begins with the mark by which Excel knows UTF-8; programs want the plain one."""

    CSV = "csv"
    CSV_BOM = "csv_bom"
    XLSX = "xlsx"

    @property
    def ending(self) -> str:
        return ".xlsx" if self is Form.XLSX else ".csv"

    @property
    def media_type(self) -> str:
        return _WORKBOOK if self is Form.XLSX else "text/csv; charset=utf-8"


_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Export:
    """An export that is or was written by a worker. `chosen` is the filter of the list, with the companies the person
    may see; `asked_by` the person's user id; `total` None where it is not known; `touched_at` when a worker was seen
    at it last; `why` the sentence for a failed one.
    """

    id: str
    list_name: str
    form: Form
    chosen: object
    asked_by: str
    asked_at: datetime
    state: ExportState = ExportState.WAITING
    done: int = 0
    total: int | None = None
    touched_at: datetime | None = None
    finished_at: datetime | None = None
    file_id: str | None = None
    why: str = ""

    @property
    def is_over(self) -> bool:
        return self.state in (ExportState.DONE, ExportState.FAILED)

    def name(self) -> str:
        """What the file is called: `invoices-2026-11-22.csv`."""
        return file_name(self.list_name, self.asked_at.date(), self.form)


def file_name(list_name: str, on: date, form: Form) -> str:
    return f"{list_name}-{on.isoformat()}{form.ending}"


_STARTS_A_FORMULA: Final = tuple("=+-@\t\r\n\0＝＋－＠")


def harmless(text: str) -> str:
    """A text no spreadsheet takes for a formula (T-24): with an apostrophe before what would start one.

    Apostrophes before it are counted as part of it, so that taking one away always gives the text back.
    """
    return f"'{text}" if text.lstrip("'").startswith(_STARTS_A_FORMULA) else text
