"""Reading what is kept: one chunk at a time, so that a slow reader holds neither memory nor a transaction."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.ports import OpenWork


@dataclass(frozen=True)
class ReadFile:
    """The bytes of a file of the store, lazily. Who may have them is decided by what the file belongs to, before this
    is called. Raises NotFound, also when the file goes while it is read."""

    open_work: OpenWork

    def __call__(self, store_id: int, file_id: str) -> Iterator[bytes]:
        position = 0
        while True:
            with self.open_work(store_id) as work:
                chunk = work.files.chunk(file_id, position)
            if not chunk:
                return
            yield chunk
            position += 1
