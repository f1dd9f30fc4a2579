"""What of an upload is accepted, and the pieces it is kept in."""

import pytest

from domain.errors import FileRefused
from domain.file import DOCUMENTS, JPEG, LOGOS, PDF, PNG, check_upload, in_chunks, safe_name, type_of

PDF_BYTES = b"%PDF-1.7\n..."
PNG_BYTES = b"\x89PNG\r\n\x1a\n...."


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        (PDF_BYTES, PDF),
        (PNG_BYTES, PNG),
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"<svg onload=alert(1)>", None),
        (b"<html>", None),
        (b"MZ\x90", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_the_type_is_what_the_content_says(beginning: bytes, found: str | None) -> None:
    """T-33: neither the name nor what the browser claims counts."""
    assert type_of(beginning) == found


def test_an_upload_gets_a_name_that_fits_its_content() -> None:
    assert check_upload("offer.html", PDF_BYTES, 100, DOCUMENTS, 1000) == ("offer.pdf", PDF)
    assert check_upload("logo", PNG_BYTES, 100, LOGOS, 1000) == ("logo.png", PNG)


@pytest.mark.parametrize(
    ("beginning", "size", "accepted"),
    [(PDF_BYTES, 0, DOCUMENTS), (PDF_BYTES, 1001, DOCUMENTS), (PDF_BYTES, 10, LOGOS), (b"<html>", 10, DOCUMENTS)],
)
def test_an_upload_is_refused_when_empty_too_large_or_of_another_kind(
    beginning: bytes, size: int, accepted: frozenset[str]
) -> None:
    with pytest.raises(FileRefused):
        check_upload("a.pdf", beginning, size, accepted, 1000)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ('a"; filename="b.exe', "a_ filename_b.exe"),
        ("line\r\nSet-Cookie: x=1", "line_Set-Cookie_ x_1"),
        ("Größe 5%.pdf", "Größe 5_.pdf"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 100),
    ],
)
def test_a_name_is_only_a_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_bytes_are_regrouped_without_losing_one() -> None:
    pieces = [b"a", b"", b"bcdefg", b"hi", b"jklmnopqrstuv"]

    chunks = list(in_chunks(iter(pieces), 4))

    assert b"".join(chunks) == b"".join(pieces)
    assert [len(chunk) for chunk in chunks] == [4, 4, 4, 4, 4, 2]
    assert list(in_chunks([b"abcd"], 4)) == [b"abcd"]
    assert list(in_chunks([], 4)) == []
