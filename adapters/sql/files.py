"""Files in PostgreSQL, chunk by chunk in and out (`domain.ports.Files`)."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, or_, select, update

from adapters.sql.scope import Scope, among, known_id
from adapters.sql.tables import file, file_chunk
from domain.errors import NotFound
from domain.file import FileHead, KeptFile, Purpose, in_chunks


class SqlFiles:
    """`now` is the time of the transaction."""

    def __init__(self, scope: Scope, now: Callable[[], datetime]) -> None:
        self._scope = scope
        self._now = now

    def put(self, head: FileHead, pieces: Iterable[bytes]) -> KeptFile:
        now = self._now()
        row = {"id": head.id, "subject_kind": head.subject_kind, "subject_id": head.subject_id, "kept_at": now}
        described = {"purpose": head.purpose, "name": head.name, "media_type": head.media_type}
        self._scope.add(file, {**row, **described, "size": 0, "sha256": "", "kept_until": head.kept_until})
        digest, size = hashlib.sha256(), 0
        for position, chunk in enumerate(in_chunks(pieces)):
            self._scope.add(file_chunk, {"file_id": head.id, "position": position, "bytes": chunk})
            digest.update(chunk)
            size += len(chunk)
        self._scope.run(update(file).where(self._one(head.id)).values(size=size, sha256=digest.hexdigest()))
        return KeptFile(head, size, digest.hexdigest(), now)

    def get(self, file_id: str) -> KeptFile:
        row = self._scope.first(select(file).where(self._one(known_id(file_id, "file")), self._is_kept()))
        if row is None:
            raise NotFound("file")
        return _kept(row)

    def of(self, subject_kind: str, subject_id: str, purpose: Purpose | None = None) -> list[KeptFile]:
        chosen = select(file).where(
            self._scope.own(file), file.c.subject_kind == subject_kind, file.c.subject_id == subject_id, self._is_kept()
        )
        if purpose is not None:
            chosen = chosen.where(file.c.purpose == purpose)
        return [_kept(row) for row in self._scope.all(chosen.order_by(file.c.kept_at.desc(), file.c.id.desc()))]

    def chunk(self, file_id: str, position: int) -> bytes:
        self.get(file_id)
        mine = and_(self._scope.own(file_chunk), file_chunk.c.file_id == file_id, file_chunk.c.position == position)
        return bytes(self._scope.scalar(select(file_chunk.c.bytes).where(mine)) or b"")

    def remove(self, file_id: str) -> None:
        self._remove([known_id(file_id, "file")])

    def remove_expired(self, now: datetime) -> int:
        chosen = select(file.c.id).where(self._scope.own(file), file.c.kept_until <= now)
        ids = [row.id for row in self._scope.all(chosen)]
        self._remove(ids)
        return len(ids)

    def _remove(self, ids: list[str]) -> None:
        self._scope.run(delete(file_chunk).where(self._scope.own(file_chunk), among(file_chunk.c.file_id, ids)))
        self._scope.run(delete(file).where(self._scope.own(file), among(file.c.id, ids)))

    def _one(self, file_id: str) -> ColumnElement[bool]:
        return and_(self._scope.own(file), file.c.id == file_id)

    def _is_kept(self) -> ColumnElement[bool]:
        return or_(file.c.kept_until.is_(None), file.c.kept_until > self._now())


def _kept(row: Row[Any]) -> KeptFile:
    head = FileHead(
        id=row.id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        purpose=Purpose(row.purpose),
        name=row.name,
        media_type=row.media_type,
        kept_until=row.kept_until,
    )
    return KeptFile(head, row.size, row.sha256, row.kept_at)
