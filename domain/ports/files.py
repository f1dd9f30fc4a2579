"""Files of one store inside one unit of work."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from domain.file import FileHead, KeptFile, Purpose


class Files(Protocol):
    """Bytes in chunks, so that the largest file takes as much memory as a small one. To send one, read it chunk by
    chunk, each in a unit of work of its own (`domain.use_cases.keep_files.ReadFile`)."""

    def put(self, head: FileHead, pieces: Iterable[bytes]) -> KeptFile:
        """Streams the bytes in and says how many they were; `pieces` may be of any length."""

    def get(self, file_id: str) -> KeptFile:
        """Raises NotFound, also for what was kept until a time that has passed."""

    def of(self, subject_kind: str, subject_id: str, purpose: Purpose | None = None) -> list[KeptFile]:
        """What belongs to a thing, newest first; without what was kept until a time that has passed."""

    def chunk(self, file_id: str, position: int) -> bytes:
        """The chunk at a position from 0; empty behind the last one. Raises NotFound as `get`."""

    def remove(self, file_id: str) -> None:
        """Also fine when it is gone."""

    def remove_expired(self, now: datetime) -> int:
        """Removes what was kept until then; how many."""
