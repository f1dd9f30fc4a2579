"""An SMTP server that delivers nothing: it keeps every mail as a file for the inbox page and for tests.

`python -m adapters.dev.mail_sink FOLDER PORT` runs it until SIGTERM. Files sort by arrival and are whole when
they appear; the envelope stands in the headers X-Envelope-From and X-Envelope-To.
"""

import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_LARGEST_MAIL_BYTES = 30_000_000


class _Keep:
    """What aiosmtpd calls for each mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        recipients = ", ".join(envelope.rcpt_tos)
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n".encode()
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"
        draft = self._folder / f"{name}.new"
        draft.write_bytes(head + content)
        draft.rename(self._folder / f"{name}.eml")
        return "250 kept"


@contextmanager
def mail_sink(folder: Path, port: int) -> Iterator[str]:
    """Listen on that loopback port meanwhile; yields the smtp:// address."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(
        _Keep(folder), hostname="127.0.0.1", port=port, data_size_limit=_LARGEST_MAIL_BYTES, enable_SMTPUTF8=True
    )
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def main() -> None:
    stopping = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)  # before any thread starts, or one of them would die of it
    with mail_sink(Path(sys.argv[1]), int(sys.argv[2])):
        signal.sigwait(stopping)


if __name__ == "__main__":
    main()
