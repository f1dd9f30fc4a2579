"""Files of a store, in chunks in and out."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.errors import NotFound
from domain.file import CHUNK, FileHead, Purpose
from domain.ids import new_id
from domain.use_cases.keep_files import ReadFile
from tests.contracts.conftest import Storage


def a_head(subject_id: str = "1", purpose: Purpose = Purpose.ATTACHMENT, **changes: object) -> FileHead:
    values: dict[str, object] = {"subject_kind": "invoice", "name": "Größe.pdf", "media_type": "application/pdf"}
    return FileHead(id=new_id(), subject_id=subject_id, purpose=purpose, **{**values, **changes})  # type: ignore[arg-type]


def test_a_file_comes_back_as_it_was_put(storage: Storage) -> None:
    content = bytes(range(256)) * 2100
    head = a_head()

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), 1000):
            yield content[start : start + 1000]

    with storage.work() as work:
        put = work.files.put(head, pieces())
        work.commit()

    assert (put.size, put.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with storage.work() as work:
        kept = work.files.get(head.id)
        assert (kept.head, kept.size, kept.sha256) == (head, put.size, put.sha256)
        assert [len(work.files.chunk(head.id, at)) for at in (0, 1, 2, 3)] == [
            CHUNK,
            CHUNK,
            len(content) - 2 * CHUNK,
            0,
        ]
    read = ReadFile(storage.database.open_work)(storage.store.id, head.id)
    assert b"".join(read) == content


def test_an_empty_file_has_no_chunks(storage: Storage) -> None:
    head = a_head()
    with storage.work() as work:
        assert work.files.put(head, []).size == 0
        assert work.files.chunk(head.id, 0) == b""


def test_files_are_found_by_what_they_belong_to_newest_first(storage: Storage) -> None:
    first, second, other, logo = a_head(), a_head(), a_head("2"), a_head(purpose=Purpose.OFFICIAL)
    for head in (first, second, other, logo):
        with storage.work() as work:
            work.files.put(head, [b"x"])
            work.commit()

    with storage.work() as work:
        assert [kept.id for kept in work.files.of("invoice", "1")] == [logo.id, second.id, first.id]
        assert [kept.id for kept in work.files.of("invoice", "1", Purpose.ATTACHMENT)] == [second.id, first.id]
        assert work.files.of("store", "1") == []


def test_a_file_is_gone_when_its_time_has_passed(storage: Storage) -> None:
    with storage.work() as work:
        soon, late, forever = a_head(), a_head(), a_head()
        work.files.put(a_head_until(soon, work.now() - timedelta(seconds=1)), [b"x" * (CHUNK + 1)])
        work.files.put(a_head_until(late, work.now() + timedelta(days=1)), [b"y"])
        work.files.put(forever, [b"z"])
        work.commit()

    with storage.work() as work:
        with pytest.raises(NotFound):
            work.files.get(soon.id)
        with pytest.raises(NotFound):
            work.files.chunk(soon.id, 0)
        assert {kept.id for kept in work.files.of("invoice", "1")} == {late.id, forever.id}
        assert work.files.remove_expired(work.now()) == 1
        assert work.files.remove_expired(work.now()) == 0
        assert work.files.remove_expired(work.now() + timedelta(days=2)) == 1
        assert [kept.id for kept in work.files.of("invoice", "1")] == [forever.id]


def a_head_until(head: FileHead, until: object) -> FileHead:
    return FileHead(head.id, head.subject_kind, head.subject_id, head.purpose, head.name, head.media_type, until)  # type: ignore[arg-type]


def test_another_store_s_file_is_not_there(storage: Storage) -> None:
    """I-11."""
    head = a_head()
    with storage.work() as work:
        work.files.put(head, [b"secret"])
        work.commit()

    with storage.work(storage.other) as work:
        for look in (lambda: work.files.get(head.id), lambda: work.files.chunk(head.id, 0)):
            with pytest.raises(NotFound):
                look()
        work.files.remove(head.id)
        assert work.files.of("invoice", "1") == []
        work.commit()
    with storage.work() as work:
        assert work.files.chunk(head.id, 0) == b"secret"
        work.files.remove(head.id)
        work.files.remove(head.id)
        with pytest.raises(NotFound):
            work.files.get(head.id)
        with pytest.raises(NotFound):
            work.files.get("no id")
