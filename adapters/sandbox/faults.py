"""Faults that can be switched on per store and path, each with a counter of how often it still strikes.

Kinds for API answers: `http_429` (with rate headers), `http_429_bare` (platform overload, no headers),
`http_500` (HTML body, before acting), `timeout_after` (acts, then keeps silent for `seconds` and
closes), `error_after` (acts, then 502), `truncated` (acts, answers half of the JSON), `html_200` (a
200 whose body is a web page). Kinds for webhooks: `duplicate_hooks`, `shuffle_hooks`, `drop_hooks`.
"""

import time
from collections.abc import Callable

from flask import Response, g, request

from adapters.sandbox.state import Doc, State
from adapters.sandbox.world import world

API_KINDS = ("http_429", "http_429_bare", "http_500", "timeout_after", "error_after", "truncated", "html_200")
HOOK_KINDS = ("duplicate_hooks", "shuffle_hooks", "drop_hooks")

_PAGE = "<html><head><title>Service unavailable</title></head><body><h1>Something went wrong</h1></body></html>"


def add(state: State, store_hash: str, fault: Doc) -> Doc:
    """Switch a fault on. `path` is any part of the path or scope it strikes, `method` narrows it."""
    with state.unit():
        fault_id = state.next_id("", "fault")
        row = {
            "id": fault_id,
            "store": store_hash,
            "kind": fault["kind"],
            "path": fault.get("path", ""),
            "method": fault.get("method", ""),
            "left": int(fault.get("times", 1)),
            "struck": 0,
            "seconds": float(fault.get("seconds", 5)),
        }
        state.put("", "fault", fault_id, row)
    return row


def take(state: State, store_hash: str, kind: str, path: str, method: str = "") -> Doc | None:
    """Use up one strike of a fault that fits, if one is on."""
    with state.unit():
        for fault in state.rows("", "fault"):
            fits = fault["kind"] == kind and fault["store"] in ("", store_hash) and fault["path"] in path
            if fits and fault["left"] > 0 and fault["method"] in ("", method):
                fault["left"] -= 1
                fault["struck"] += 1
                state.put("", "fault", fault["id"], fault)
                return fault
    return None


def before_answer() -> Response | None:
    """Faults that strike before the request is acted on; one request suffers one fault."""
    struck = _before()
    g.struck = struck is not None
    return struck


def _before() -> Response | None:
    state, path, method = world().state, request.path, request.method
    if take(state, g.store.hash, "http_500", path, method):
        return Response(_PAGE, status=500, mimetype="text/html")
    if take(state, g.store.hash, "http_429_bare", path, method):
        g.no_rate_headers = True
        return Response("", status=429)
    if take(state, g.store.hash, "http_429", path, method):
        return rate_limited()
    return None


def rate_limited() -> Response:
    """What a caller over its quota reads."""
    text = '{"status":429,"title":"You have made too many requests.","type":"about:blank"}'
    return Response(text, status=429, mimetype="application/json")


def after_answer(response: Response) -> Response:
    """Faults that strike after the request was acted on."""
    if g.get("struck"):
        return response
    state, path, method = world().state, request.path, request.method
    for kind, twist in _TWISTS.items():
        fault = take(state, g.store.hash, kind, path, method)
        if fault is not None:
            return twist(response, fault)
    return response


def _timeout(response: Response, fault: Doc) -> Response:
    time.sleep(fault["seconds"])
    return Response("", status=504)


def _error(response: Response, fault: Doc) -> Response:
    return Response(_PAGE, status=502, mimetype="text/html")


def _truncated(response: Response, fault: Doc) -> Response:
    half = response.get_data()[: max(1, len(response.get_data()) // 2)]
    return Response(half, status=response.status_code, mimetype="application/json")


def _html(response: Response, fault: Doc) -> Response:
    return Response(_PAGE, status=200, mimetype="text/html")


_TWISTS: dict[str, Callable[[Response, Doc], Response]] = {
    "timeout_after": _timeout,
    "error_after": _error,
    "truncated": _truncated,
    "html_200": _html,
}
