"""`/s/<name>.<hash>.js`: our script for the stores' pages. The bytes at an address never change."""

import re
from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response

from adapters.http.security import secure
from domain.errors import NotFound

_NAME: Final = re.compile(r"[a-z][a-z-]{0,39}\.[0-9a-f]{8,64}\.js", re.ASCII)


def scripts(find: Callable[[str], bytes | None]) -> Blueprint:
    """The blueprint. `find` gives the bytes of a file name such as `portal.0123456789ab.js`."""
    blueprint = secure(Blueprint("scripts", __name__, url_prefix="/s"))

    def script(name: str) -> Response:
        """Also to pages that ask with CORS for the integrity check."""
        content = find(name) if _NAME.fullmatch(name) else None
        if content is None:
            raise NotFound("script")
        response = Response(content, content_type="text/javascript; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    blueprint.add_url_rule("/<name>", "script", script, methods=["GET"])
    return blueprint
