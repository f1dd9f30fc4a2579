"""Who may read the Storefront API from a browser: the store's own site addresses, nobody else (T-14)."""

from collections.abc import Callable, Collection
from typing import Final

from flask import Response, g, request

from adapters.http.errors import OriginRefused

Origins = Callable[[], Collection[str]]

_ALLOWED: Final = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "600",
}
_READABLE: Final = "Retry-After, X-Request-Id"


def preflight() -> Response | None:
    """The answer to OPTIONS, before anything else is looked at; whether it allows anything is decided by `allow`."""
    return Response(status=204) if request.method == "OPTIONS" else None


def only_from(origins: Collection[str]) -> None:
    """The store is known now: a page of any other address is refused before anything happens. Raises OriginRefused."""
    g.store_origins = frozenset(origins)
    origin = request.headers.get("Origin")
    if origin is not None and origin not in g.store_origins:
        raise OriginRefused


def allow(response: Response, origins: Origins) -> Response:
    """Lets the browser hand the answer to the page if its origin is the store's.

    Before the store is known (preflight, a refused sign-in) that of any connected store will do: such an answer
    holds nothing of anybody. No wildcard, no `null`, no credentials.
    """
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin", "")
    known = g.store_origins if "store_origins" in g else origins()
    if not origin or origin not in known:
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _READABLE
    if request.method == "OPTIONS":
        response.headers.update(_ALLOWED)
    return response
