"""Files and exports."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from domain.errors import NotFound
from domain.export import Export
from domain.file import CHUNK, FileHead, KeptFile, Purpose
from tests.memory.data import StoreData, check_id


class MemoryFiles:
    def __init__(self, data: StoreData, now: datetime) -> None:
        self._data = data
        self._now = now

    def put(self, head: FileHead, pieces: Iterable[bytes]) -> KeptFile:
        check_id(head.id)
        content = b"".join(pieces)
        kept = KeptFile(head, len(content), hashlib.sha256(content).hexdigest(), self._now)
        self._data.files[head.id] = (kept, content)
        return kept

    def get(self, file_id: str) -> KeptFile:
        kept, _ = self._data.files.get(file_id, (None, b""))
        if kept is None or not self._is_kept(kept):
            raise NotFound("file")
        return kept

    def of(self, subject_kind: str, subject_id: str, purpose: Purpose | None = None) -> list[KeptFile]:
        found = [
            kept
            for kept, _ in self._data.files.values()
            if (kept.head.subject_kind, kept.head.subject_id) == (subject_kind, subject_id)
            and purpose in (None, kept.head.purpose)
            and self._is_kept(kept)
        ]
        return sorted(found, key=lambda kept: (kept.kept_at, kept.id), reverse=True)

    def chunk(self, file_id: str, position: int) -> bytes:
        self.get(file_id)
        return self._data.files[file_id][1][position * CHUNK : (position + 1) * CHUNK]

    def remove(self, file_id: str) -> None:
        self._data.files.pop(file_id, None)

    def remove_expired(self, now: datetime) -> int:
        gone = [
            one for one, (kept, _) in self._data.files.items() if kept.head.kept_until and kept.head.kept_until <= now
        ]
        for file_id in gone:
            self.remove(file_id)
        return len(gone)

    def _is_kept(self, kept: KeptFile) -> bool:
        return kept.head.kept_until is None or kept.head.kept_until > self._now


class MemoryExports:
    def __init__(self, data: StoreData) -> None:
        self._data = data

    def put(self, export: Export) -> None:
        check_id(export.id)
        self._data.exports[export.id] = export

    def get(self, export_id: str) -> Export:
        if export_id not in self._data.exports:
            raise NotFound("export")
        return self._data.exports[export_id]

    locked = get

    def of(self, asked_by: str, limit: int = 50) -> list[Export]:
        mine = [one for one in self._data.exports.values() if one.asked_by == asked_by]
        return sorted(mine, key=lambda one: (one.asked_at, one.id), reverse=True)[:limit]
