"""Signatures of BigCommerce's webhooks, by the Standard Webhooks scheme with the app's client secret as key."""

import base64
import binascii
import hashlib
import hmac
from typing import Final

TOLERANCE: Final = 300
"""Seconds a delivery may be old, or ahead of our clock."""

_MOST_SIGNATURES: Final = 10


def is_signed(secret: str, message_id: str, timestamp: str, signatures: str, body: bytes, now: float) -> bool:
    """Whether one of the space-separated `v1,<base64>` signatures is right for `{id}.{timestamp}.{body}`.

    `now` is Unix seconds. Comparing takes the same time for every wrong signature.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    found = [_decoded(one) for one in signatures.split()[:_MOST_SIGNATURES]]
    return any(hmac.compare_digest(expected, one) for one in found)


def _decoded(signature: str) -> bytes:
    version, _, text = signature.partition(",")
    try:
        return base64.b64decode(text, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
