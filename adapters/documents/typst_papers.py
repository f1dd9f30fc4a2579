"""Implements `domain.ports.Papers` with typst: one template, and the words of a document as JSON beside it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Final

import orjson
import typst

from domain.paper import Paper, Sheet

TEMPLATE: Final = Path(__file__).parent / "paper.typ"

_LETTER: Final = frozenset({"en"})
"""Languages whose papers are US letter; the others are A4."""

_log: Final = logging.getLogger(__name__)


class TypstPapers:
    """`describe` says a document in words. One compiler is kept, since starting one costs more than a page; it is used
    by one thread at a time."""

    def __init__(self, describe: Callable[[Paper], Sheet]) -> None:
        self._describe = describe
        self._lock = threading.Lock()

    def sheet(self, paper: Paper) -> Sheet:
        return self._describe(paper)

    def pdf(self, paper: Paper) -> bytes:
        """A logo that is no picture after all is left out: nobody should wait for an invoice because of it."""
        sheet = self._describe(paper)
        try:
            return self._pdf(sheet)
        except typst.TypstError as problem:
            if not sheet.logo:
                raise
            _log.warning("a paper without its logo: %s", problem.message)
            return self._pdf(replace(sheet, logo=b""))

    @cached_property
    def _compiler(self) -> typst.Compiler:
        return typst.Compiler(TEMPLATE, root=TEMPLATE.parent)

    def _pdf(self, sheet: Sheet) -> bytes:
        words = asdict(sheet)
        words["logo"] = list(sheet.logo)
        words["size"] = "us-letter" if sheet.language in _LETTER else "a4"
        made_on = datetime.combine(sheet.on, time(), UTC)
        with self._lock:
            made = self._compiler.compile(
                format="pdf", sys_inputs={"paper": orjson.dumps(words).decode()}, timestamp=made_on
            )
        if not isinstance(made, bytes):
            raise TypeError("typst made no single file")
        return made
