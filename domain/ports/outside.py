"""Doorbell, mail and clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Doorbell(Protocol):
    def ring(self, store_id: int, box: str) -> None:
        """Tells a worker there may be work; carries no data and may be lost (D4)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A mail: the text part is always there."""

    to: tuple[str, ...]
    subject: str
    text: str
    message_id: str


class Mailer(Protocol):
    def send(self, message: Message) -> None: ...


Clock = Callable[[], datetime]
"""UTC now, for what happens outside a unit of work."""
