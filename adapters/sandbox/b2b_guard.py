"""Who may call B2B Edition's API, its envelope, its shared quota of 150 calls a minute."""

from typing import Any

from flask import Response, g, jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox import faults
from adapters.sandbox.guard import token_row, world_quota
from adapters.sandbox.paging import MOST, number_arg
from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused, world


def enter_b2b() -> ResponseReturnValue | None:
    """Before every /b2b call: `X-Auth-Token` plus `X-Store-Hash`, the scope, the quota, the faults."""
    store_hash = request.headers.get("X-Store-Hash")
    if not store_hash or not request.headers.get("X-Auth-Token"):
        raise Refused(401, "Authentication credentials were not provided.")
    g.store = world().store(store_hash)
    struck = faults.before_answer()
    if struck is not None:
        return struck
    g.token = token_row(g.store, request.headers["X-Auth-Token"])
    if g.store.mode("no_b2b_edition") or not any("b2b" in name for name in g.token["scopes"]):
        raise Refused(403, "B2B Edition is not available for this store or token.")
    allowed = int(g.store.mode("b2b_rate_limit"))
    left, seconds = world_quota("b2b").spend(g.store.hash, allowed)
    g.b2b_rate = (allowed, left, seconds)
    if left < 0:
        raise Refused(429, "Too Many Requests")
    return None


def leave_b2b(response: Response) -> Response:
    """Quota headers carry units, as in the vendor's description (`0.39 s`)."""
    if "b2b_rate" in g:
        allowed, left, seconds = g.b2b_rate
        response.headers["X-Requests-Allocated"] = str(allowed)
        response.headers["X-Requests-Window-Length"] = "60 s"
        response.headers["X-Requests-Remaining"] = str(max(left, 0))
        response.headers["X-Request-Window-Resets-After"] = f"{seconds:.2f} s"
    elif response.status_code == 429 and "no_rate_headers" not in g:
        response.headers["X-Requests-Allocated"] = "150"
        response.headers["X-Requests-Remaining"] = "0"
        response.headers["X-Request-Window-Resets-After"] = "0.90 s"
    return faults.after_answer(response) if "store" in g else response


def enveloped(data: Any, meta: Doc | None = None) -> ResponseReturnValue:
    """`{code, data, meta}` with success written in."""
    return jsonify({"code": 200, "data": data, "meta": {"message": "SUCCESS", **(meta or {})}})


def enveloped_page(rows: list[Any], default: int = 10) -> ResponseReturnValue:
    """One page by `offset` and `limit` (default 10, at most 250)."""
    limit, offset = number_arg("limit", default), number_arg("offset", 0)
    if not 0 < limit <= MOST or offset < 0:
        raise Refused(422, "Parameter Error", {"limit": ["Ensure this value is between 1 and 250."]})
    pages = {"totalCount": len(rows), "limit": limit, "offset": offset}
    return enveloped(rows[offset : offset + limit], {"pagination": pages})


def in_range(row: Doc) -> bool:
    """The `minModified`, `maxModified`, `minCreated`, `maxCreated` filters (unix seconds)."""
    for name, field in (("Modified", "updatedAt"), ("Created", "createdAt")):
        least, most = number_arg(f"min{name}", 0), number_arg(f"max{name}", 1 << 40)
        if not least <= int(row[field]) <= most:
            return False
    return True
