"""Doorbell, mail and clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Doorbell(Protocol):
    def ring(self, store_id: int, box: str) -> None:
        """Tells a worker there may be work; carries no data and may be lost (D4)."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """A mail: the text part is always there. `sender` is the name it comes from, empty for the portal's own."""

    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    sender: str = ""
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    def send(self, message: Message) -> None:
        """Raises MailRefused for what will never be taken, ValueError for what is no address, OSError for what may be
        better later."""


Clock = Callable[[], datetime]
"""UTC now, for what happens outside a unit of work."""
