"""Lists as files: writing them, and the exports under way inside one unit of work."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from domain.export import Cell, Export, Form


class Tables(Protocol):
    def write(self, form: Form, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
        """The file in pieces, with a head. Rows are read as the pieces are asked for, never all at once.

        Raises TooManyRows where the form cannot hold them."""


class Exports(Protocol):
    def put(self, export: Export) -> None:
        """Adds or replaces."""

    def get(self, export_id: str) -> Export:
        """Raises NotFound."""

    def locked(self, export_id: str) -> Export:
        """As `get`, and nobody else changes it until the commit."""

    def of(self, asked_by: str, limit: int = 50) -> list[Export]:
        """A person's, newest first."""
