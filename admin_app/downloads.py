"""Files on their way to and from a browser: uploads by their content, downloads that no browser runs (T-33)."""

from collections.abc import Iterable
from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import FileStorage

from domain.errors import FileRefused
from domain.file import CHUNK, check_upload, safe_name


def uploaded(field: str, accepted: frozenset[str], largest: int) -> tuple[str, str, Iterable[bytes]]:
    """A safe name, the media type found by content, and the bytes of an uploaded file. Raises FileRefused."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise FileRefused("Choose a file first.")
    size = sent.stream.seek(0, 2)
    sent.stream.seek(0)
    beginning = sent.stream.read(16)
    sent.stream.seek(0)
    name, media_type = check_upload(sent.filename, beginning, size, accepted, largest)
    return name, media_type, _pieces(sent)


def _pieces(sent: FileStorage) -> Iterable[bytes]:
    while piece := sent.stream.read(CHUNK):
        yield piece


def download(content: bytes | Iterable[bytes], name: str, media_type: str, *, shown: bool = False) -> Response:
    """The answer that saves a file under its name. `shown` is for PDF we made ourselves: opened in the browser.

    The name goes out twice, plainly and in UTF-8 (RFC 6266), and neither can end the header."""
    response = Response(content, content_type=media_type)
    clean = safe_name(name)
    plain = clean.encode("ascii", "replace").decode().replace("?", "_")
    way = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
