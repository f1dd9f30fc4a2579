"""The platform's two ways of paging, and its list filters."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from adapters.sandbox.state import Doc
from adapters.sandbox.world import Refused

MOST = 250


def number_arg(name: str, default: int, most: int | None = None) -> int:
    """A whole-number query value; V2 and V3 refuse a limit above the maximum with 413 and 422."""
    text = request.args.get(name)
    if text is None or text == "":
        return default
    if not text.lstrip("-").isdigit():
        raise Refused(400, f"The field '{name}' is invalid.", {"invalid_reason": "must be a number"})
    if most is not None and int(text) > most:
        raise Refused(413, f"The {name} may not be above {most}.")
    return int(text)


def page_of(rows: list[Any], default: int = 50) -> tuple[list[Any], int, int]:
    """The rows of the asked page, the page number, the page size."""
    page = max(1, number_arg("page", 1))
    limit = max(1, number_arg("limit", default, MOST))
    return rows[(page - 1) * limit : page * limit], page, limit


def v2_list(rows: list[Any], default: int = 50) -> ResponseReturnValue:
    """A bare array; 204 without a body when the page is empty."""
    shown, _, _ = page_of(rows, default)
    return ("", 204) if not shown else jsonify(shown)


def v3_list(rows: list[Any], default: int = 50) -> ResponseReturnValue:
    """Data with `meta.pagination`."""
    shown, page, limit = page_of(rows, default)
    pages = -(-len(rows) // limit)
    links: Doc = {"current": f"?page={page}&limit={limit}"}
    if page > 1:
        links["previous"] = f"?page={page - 1}&limit={limit}"
    if page < pages:
        links["next"] = f"?page={page + 1}&limit={limit}"
    meta = {
        "pagination": {
            "total": len(rows),
            "count": len(shown),
            "per_page": limit,
            "current_page": page,
            "total_pages": pages,
            "links": links,
        }
    }
    return jsonify({"data": shown, "meta": meta})


def v3_one(row: Any, status: int = 200) -> ResponseReturnValue:
    """One resource in its envelope."""
    return jsonify({"data": row, "meta": {}}), status


def listed(name: str) -> list[str] | None:
    """A comma separated filter such as `id:in`; None when absent."""
    text = request.args.get(name)
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def keep(rows: list[Doc], field: str, name: str | None = None) -> list[Doc]:
    """Rows whose `field` equals `?name=` or is among `?name:in=`."""
    name = name or field
    wanted = listed(f"{name}:in")
    if wanted is None and request.args.get(name) is not None:
        wanted = [request.args[name]]
    return rows if wanted is None else [row for row in rows if str(row.get(field)) in wanted]
