"""Idempotency keys: the effect and the answer to it are kept in one transaction (I-8)."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from flask import Response, request

from adapters.http.errors import KeyNeeded, json_response
from domain.ports import OpenWork, Work
from domain.roles import Actor

_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """What is kept under a key: status and body, and where a thing that was made can be read."""

    status: int
    body: Mapping[str, object]
    location: str = ""

    def response(self, *, replayed: bool = False) -> Response:
        response = json_response(dict(self.body), self.status)
        if self.location:
            response.headers["Location"] = self.location
        if replayed:
            response.headers["Idempotency-Replayed"] = "true"
        return response


def key_of_request(*, needed: bool) -> str:
    """The `Idempotency-Key`, empty when there is none and none is needed. Raises KeyNeeded."""
    key = request.headers.get("Idempotency-Key", "")
    if not key and not needed:
        return ""
    if not _KEY.fullmatch(key):
        raise KeyNeeded
    return key


def once(
    open_work: OpenWork,
    actor: Actor,
    route: str,
    key: str,
    body: Mapping[str, object],
    act: Callable[[Work], Answer],
) -> Response:
    """Acts in one transaction, or answers again what was answered to the same key and body before.

    The key belongs to the credential and the route; a refusal keeps nothing, so that it can be repeated.
    Raises KeyReused when the key came with another body, and whatever `act` refuses.
    """
    scope = f"{actor.kind}:{actor.id}:{route}"
    with open_work(actor.store_id) as work:
        kept = work.once.claim(scope, key, _fingerprint(body)) if key else None
        if kept is not None:
            return Answer(**orjson.loads(kept)).response(replayed=True)
        answer = act(work)
        if key:
            work.once.keep(scope, key, orjson.dumps(answer).decode())
        work.commit()
    return answer.response()


def _fingerprint(body: Mapping[str, object]) -> str:
    """Of the meaning, not the bytes: a client may write its fields in another order when it repeats."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
