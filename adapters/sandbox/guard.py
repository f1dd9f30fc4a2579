"""Who may call the API: tokens, scopes, per-store quotas, and the shapes errors are written in."""

import threading
import time
from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from adapters.sandbox import faults
from adapters.sandbox.state import Doc, Missing, Store
from adapters.sandbox.world import Refused, world

_WINDOW_MS = 30_000
_MINUTE = 60.0


class Quota:
    """Counts calls per store in fixed windows; kept in memory, as the platform's counters die with it."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._lock = threading.Lock()
        self._open: dict[str, tuple[float, int]] = {}

    def spend(self, key: str, allowed: int) -> tuple[int, float]:
        """Use one call; returns (calls left, below zero when over; seconds until the window ends)."""
        with self._lock:
            moment = time.monotonic()
            began, used = self._open.get(key, (moment, 0))
            if moment - began >= self._window:
                began, used = moment, 0
            self._open[key] = (began, used + 1)
            return allowed - used - 1, self._window - (moment - began)

    def forget(self) -> None:
        """Start all windows afresh."""
        with self._lock:
            self._open.clear()


def token_row(store_: Store, value: str | None) -> Doc:
    """The live token with this value; raises Refused 401."""
    row = store_.find("token", value) if value else None
    if row is None or row["dead"]:
        raise Refused(401, "Unauthorized")
    return row


def enter_store() -> ResponseReturnValue | None:
    """Before every /stores/{hash}/ call: the store, its faults, the token, the quota."""
    g.store = world().store((request.view_args or {}).pop("store_hash", ""))
    struck = faults.before_answer()
    if struck is not None:
        return struck
    g.token = token_row(g.store, request.headers.get("X-Auth-Token"))
    allowed = int(g.store.mode("rate_limit"))
    left, seconds = world_quota("api").spend(g.store.hash, allowed)
    g.rate = (allowed, left, int(seconds * 1000))
    return faults.rate_limited() if left < 0 else None


def leave_store(response: Response) -> Response:
    """After every call: rate headers, then faults that strike once the work is done."""
    if "rate" in g:
        allowed, left, reset = g.rate
        response.headers["X-Rate-Limit-Time-Window-Ms"] = str(_WINDOW_MS)
        response.headers["X-Rate-Limit-Requests-Quota"] = str(allowed)
        response.headers["X-Rate-Limit-Requests-Left"] = str(max(left, 0))
        response.headers["X-Rate-Limit-Time-Reset-Ms"] = str(reset)
    elif response.status_code == 429 and "no_rate_headers" not in g:
        response.headers["X-Rate-Limit-Time-Window-Ms"] = str(_WINDOW_MS)
        response.headers["X-Rate-Limit-Requests-Quota"] = "150"
        response.headers["X-Rate-Limit-Requests-Left"] = "0"
        response.headers["X-Rate-Limit-Time-Reset-Ms"] = "900"
    return faults.after_answer(response) if "store" in g else response


def world_quota(name: str) -> Quota:
    """The counters of one API."""
    quotas: dict[str, Quota] = current_app.extensions["sandbox_quotas"]
    return quotas[name]


def install_quotas(app: Flask) -> None:
    """Give an app its counters: 30 s windows for BigCommerce, one minute for B2B Edition."""
    app.extensions["sandbox_quotas"] = {"api": Quota(_WINDOW_MS / 1000), "b2b": Quota(_MINUTE)}


View = Callable[..., ResponseReturnValue]


def needs(scope: str, *alternatives: str) -> Callable[[View], View]:
    """The call wants one of these scopes; a read-only scope serves GET only. 403 otherwise."""

    def wrap(view: View) -> View:
        @wraps(view)
        def checked(*args: object, **kwargs: object) -> ResponseReturnValue:
            granted = set(g.token["scopes"])
            wanted = {scope, *alternatives}
            if request.method == "GET":
                wanted |= {f"{name}_read_only" for name in (scope, *alternatives)}
            if not granted & wanted:
                raise Refused(403, f"You don't have a required scope to access the endpoint: {scope}")
            return view(*args, **kwargs)

        return checked

    return wrap


def write_refusal(error: Refused) -> ResponseReturnValue:
    """A refusal in the shape of the API that was called: V2 list, V3 object, B2B envelope."""
    if "/b2b/" in request.path:
        data = {"errMsg": error.errors or error.title}
        return jsonify({"code": error.status, "data": data, "meta": {"message": error.title}}), error.status
    if "/v2/" in request.path:
        row: Doc = {"status": error.status, "message": error.title}
        if error.errors:
            row["details"] = error.errors
        return jsonify([row]), error.status
    answer: Doc = {"status": error.status, "title": error.title, "type": "about:blank"}
    if error.errors:
        answer["errors"] = error.errors
    return jsonify(answer), error.status


def install_errors(app: Flask) -> None:
    """Every error leaves as JSON in the right shape."""
    app.register_error_handler(Refused, write_refusal)
    app.register_error_handler(
        Missing, lambda error: write_refusal(Refused(404, "The requested resource was not found."))
    )
    app.register_error_handler(
        HTTPException,
        lambda error: write_refusal(Refused(error.code or 500, error.description or error.name)),
    )
