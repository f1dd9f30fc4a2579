"""What every API answer carries and every API request is asked for: request ids, headers, bearer tokens."""

import re
import secrets
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, g, request

from adapters.http.errors import answer
from domain.errors import NotFound

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
_BEARER: Final = re.compile(r"Bearer ([A-Za-z0-9._~+/=-]{1,500})", re.ASCII | re.IGNORECASE)
_DOCUMENT_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

API_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"


def secure(blueprint: Blueprint, failed: Callable[[Exception], Response] = answer) -> Blueprint:
    """Gives a blueprint request ids, headers on every answer, and `failed` for whatever goes wrong in it."""
    blueprint.before_request(begin)
    blueprint.after_request(finish)
    blueprint.register_error_handler(Exception, failed)
    return blueprint


def begin() -> None:
    """Takes the caller's `X-Request-Id` if it is harmless in a log (T-37), else makes one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def finish(response: Response) -> Response:
    """An answer that sets its own Cache-Control, such as an immutable script, keeps it (T-38)."""
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Security-Policy"] = API_POLICY
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def bearer_token() -> str:
    """The token of `Authorization: Bearer …`, empty when there is none."""
    found = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    return found[1] if found else ""


def document_id(text: str, what: str) -> str:
    """An id of ours from a path. Text that cannot be one is simply not there: NotFound (I-11)."""
    if not _DOCUMENT_ID.fullmatch(text):
        raise NotFound(what)
    return text
