"""Files kept for a store: attachments, the logo, finished exports; and what of an upload is accepted."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.errors import FileRefused

CHUNK: Final = 256 * 1024
"""Bytes per stored row: what is in memory at a time, however large the file."""

LARGEST_UPLOAD: Final = 10 * 1024 * 1024
LARGEST_LOGO: Final = 512 * 1024


class Purpose(StrEnum):
    """What a file is to its subject. OFFICIAL is the ERP's own PDF of an invoice: it is served in place of ours, which
    then is a copy (R-27)."""

    ATTACHMENT = "attachment"
    OFFICIAL = "official"
    LOGO = "logo"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class FileHead:
    """What is said of a file when it is put. `subject_kind` and `subject_id` name the thing it belongs to, such as an
    invoice; `kept_until` None means for good."""

    id: str
    subject_kind: str
    subject_id: str
    purpose: Purpose
    name: str
    media_type: str
    kept_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it is kept; `size` in bytes, `sha256` in hexadecimal."""

    head: FileHead
    size: int
    sha256: str
    kept_at: datetime

    @property
    def id(self) -> str:
        return self.head.id

    @property
    def name(self) -> str:
        return self.head.name


PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"

DOCUMENTS: Final = frozenset({PDF, PNG, JPEG})
"""What may be attached to an invoice."""

LOGOS: Final = frozenset({PNG, JPEG})
"""No SVG: it can hold script."""

_MARKS: Final = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_WORDS: Final[Mapping[str, str]] = {PDF: "PDF", PNG: "PNG", JPEG: "JPEG"}
_ENDINGS: Final[Mapping[str, str]] = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg"}


def type_of(beginning: bytes) -> str | None:
    """The media type by the first bytes; what a browser or a name says of a file is never believed."""
    return next((media_type for mark, media_type in _MARKS if beginning.startswith(mark)), None)


def check_upload(name: str, beginning: bytes, size: int, accepted: frozenset[str], largest: int) -> tuple[str, str]:
    """A safe name and the media type of an upload of so many bytes. Raises FileRefused."""
    if size == 0:
        raise FileRefused("It is empty. Choose another file.")
    if size > largest:
        raise FileRefused("It is larger than {largest} MB. Choose a smaller file.", largest=f"{largest / 1024**2:g}")
    media_type = type_of(beginning)
    if media_type is None or media_type not in accepted:
        kinds = ", ".join(sorted(_WORDS[one] for one in accepted))
        raise FileRefused("Its content is not of a kind that is accepted: {kinds}.", kinds=kinds)
    stem = safe_name(name).rsplit(".", 1)[0] or "file"
    return stem + _ENDINGS[media_type], media_type


_UNSAFE: Final = re.compile(r"[^\w .,()+@-]+")


def safe_name(name: str, longest: int = 100) -> str:
    """A name without folders, control characters, quotes or what shells and file systems read as more than text."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNSAFE.sub("_", last).strip(" .-")[:longest].rstrip(" .") or "file"


def in_chunks(pieces: Iterable[bytes], size: int = CHUNK) -> Iterator[bytes]:
    """The same bytes in pieces of exactly `size`, but for the last."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)
