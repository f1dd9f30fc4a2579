"""`/hooks/bigcommerce/<route>`: a hint is checked, put into the inbox and always thanked for (D5, T-21, T-22)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from flask import Blueprint, Response, request

from adapters.http.bodies import read_bytes
from adapters.http.errors import BodyTooLarge, json_response, log_failure
from adapters.http.security import secure
from domain.portal import Portal
from domain.use_cases.receive_hook import Hook

LARGEST_HOOK: Final = 16 * 1024
SECRET_HEADER: Final = "X-Portal-Secret"  # noqa: S105 - the name of the header
SIGNED: Final = ("webhook-signature", "webhook-timestamp", "webhook-id")
_ROUTE: Final = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)

Verify = Callable[[Mapping[str, str], bytes], bool]
Dropped = Callable[[str], None]


def webhooks(portal: Portal, verify: Verify, dropped: Dropped) -> Blueprint:
    """The blueprint. `verify` judges a Standard Webhooks signature by headers
    in lower case and raw body, asked only where one came; `dropped` counts what
    was not taken, by reason: too_large, not_json, signature, not_ours."""
    hooks = _Webhooks(portal, verify, dropped)
    blueprint = secure(Blueprint("webhooks", __name__, url_prefix="/hooks"))
    blueprint.add_url_rule("/bigcommerce/<route>", "receive", hooks.receive, methods=["POST"])
    return blueprint


@dataclass(frozen=True)
class _Webhooks:
    portal: Portal
    verify: Verify
    dropped: Dropped

    def receive(self, route: str) -> Response:
        """200 also for what is dropped: refusals would make BigCommerce block our whole domain."""
        try:
            reason = self._take(route)
        except Exception as failure:
            # Whatever failed, the row was not written: only a repetition by BigCommerce can save the hint (F-24).
            log_failure(failure)
            response = json_response({}, 503)
            response.headers["Retry-After"] = "60"
            return response
        if reason:
            self.dropped(reason)
        return json_response({})

    def _take(self, route: str) -> str:
        """Why the hook was dropped, empty when it was taken."""
        try:
            body = read_bytes(LARGEST_HOOK)
        except BodyTooLarge:
            return "too_large"
        if any(name in request.headers for name in SIGNED) and not self.verify(_plain_headers(), body):
            return "signature"
        hook = _hook(body)
        if hook is None:
            return "not_json"
        secret = request.headers.get(SECRET_HEADER, "")
        taken = bool(_ROUTE.fullmatch(route)) and self.portal.receive_hook(route, secret, hook)
        return "" if taken else "not_ours"


def _plain_headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _hook(body: bytes) -> Hook | None:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
        return None
    return Hook(str(found.get("scope", "")), str(found.get("producer", "")), found["data"])
