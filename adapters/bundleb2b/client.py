"""B2B Edition's REST API of one store: two headers, an envelope that may contradict the status, pages by offset."""

import http.client
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import requests
import structlog
import urllib3
from requests.adapters import HTTPAdapter

from adapters.bundleb2b.traffic import Policy, Timing, Traffic, seconds_asked
from domain.errors import DirectoryUnreachable

_log: Final = structlog.get_logger("adapters.bundleb2b")

Doc = dict[str, Any]

PAGE: Final = 250
_CHUNK: Final = 65536
_MOST_PAGES: Final = 2000


class Missing(DirectoryUnreachable):
    """404: no such company, user, role or order."""


class Off(DirectoryUnreachable):
    """B2B Edition, our scope for it, or the feature asked about is not there; repeating changes nothing."""


class _Fault(DirectoryUnreachable):
    """May be better at the next try; `wait` is how long it asked to be left alone (seconds)."""

    def __init__(self, why: str, wait: float | None = None, *, down: bool = True) -> None:
        super().__init__(why)
        self.wait = wait
        self.down = down


@dataclass(frozen=True, slots=True)
class Line:
    """How this process reaches B2B Edition: base address with scheme, shared sockets, manners."""

    base_url: str
    policy: Policy
    timing: Timing
    sockets: HTTPAdapter


class B2BClient:
    """Reading only, so every call may be repeated. Raises DirectoryUnreachable, as Missing or Off where known.

    A dead token answers like a missing B2B Edition; that the store has disconnected is for BigCommerce to say.
    """

    def __init__(self, line: Line, traffic: Traffic, store_hash: str, access_token: str) -> None:
        self._line = line
        self._traffic = traffic
        self._session = requests.Session()
        self._session.headers.update(
            {"X-Auth-Token": access_token, "X-Store-Hash": store_hash, "Accept": "application/json"}
        )
        self._session.mount("https://", line.sockets)
        self._session.mount("http://", line.sockets)

    def one(self, path: str) -> Doc:
        """An object; some answers wrap it into a list of one."""
        data = self._get(path, {}).get("data")
        found = data[0] if isinstance(data, list) and data else data
        if not isinstance(found, dict) or not found:
            raise _unreadable(path)
        return found

    def rows(self, path: str) -> list[Doc]:
        """A list without pages."""
        return _rows(self._get(path, {}), path)

    def all(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[Doc]:
        """A whole list, 250 per call, by offset. The total stands in `meta` or in its `pagination`, or nowhere."""
        offset = 0
        for _ in range(_MOST_PAGES):
            body = self._get(path, {**(query or {}), "limit": str(PAGE), "offset": str(offset)})
            rows = _rows(body, path)
            yield from rows
            offset += len(rows)
            total = _total(body)
            if not rows or (offset >= total if total is not None else len(rows) < PAGE):
                return
        raise _unreadable(path)

    # --- inside -------------------------------------------------------------------------------------------
    def _get(self, path: str, query: Mapping[str, str]) -> Doc:
        policy, timing = self._line.policy, self._line.timing
        waited = 0.0
        for number in range(1, policy.tries + 1):
            try:
                waited += self._hold_back(policy.patience - waited)
                body = self._once(path, query)
            except _Fault as fault:
                if fault.down:
                    self._traffic.failed()
                pause = (1.0 * 2.0 ** (number - 1)) * (0.5 + timing.jitter()) if fault.wait is None else fault.wait
                _log.warning("bundleb2b.fault", what=path.split("/")[0], why=fault.sentence, attempt=number)
                if number == policy.tries or waited + pause > policy.patience:
                    raise
                timing.sleep(pause)
                waited += pause
            else:
                return body
        raise AssertionError("unreachable")

    def _hold_back(self, patience: float) -> float:
        pause = self._traffic.wait_before()
        if pause is None:
            raise DirectoryUnreachable("B2B Edition has not answered for a while")
        if pause > patience:
            raise DirectoryUnreachable("B2B Edition's request quota of this store is used up")
        if pause:
            self._line.timing.sleep(pause)
        return pause

    def _once(self, path: str, query: Mapping[str, str]) -> Doc:
        address = f"{self._line.base_url.rstrip('/')}/api/v3/io/{path}"
        policy = self._line.policy
        latest = self._line.timing.monotonic() + policy.whole_answer
        try:
            answer = self._session.get(
                address, params=query, timeout=(policy.connect, policy.read), allow_redirects=False, stream=True
            )
        except requests.Timeout:
            raise _Fault("B2B Edition did not answer in time") from None
        except requests.RequestException:
            raise _Fault("B2B Edition could not be reached") from None
        try:
            body = _parsed(self._read(answer, latest))
        finally:
            answer.close()
        self._traffic.note(answer.headers)
        status = _status(answer.status_code, body)
        if status < 300 and body is not None:
            self._traffic.succeeded()
            return body
        raise self._refused(status, answer, body, path)

    def _read(self, answer: requests.Response, latest: float) -> bytes:
        """The whole body. A time-out of `requests` restarts with every byte, so a slow drip needs this one."""
        parts: list[bytes] = []
        try:
            while part := answer.raw.read1(_CHUNK, decode_content=True):
                parts.append(part)
                if self._line.timing.monotonic() > latest:
                    raise _Fault("B2B Edition's answer took too long")
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
            raise _Fault("B2B Edition broke off its answer") from None
        return b"".join(parts)

    def _refused(self, status: int, answer: requests.Response, body: Doc | None, path: str) -> DirectoryUnreachable:
        if status == 429:
            return _Fault("B2B Edition is receiving too many requests", seconds_asked(answer.headers), down=False)
        if status >= 500 or status < 400:
            return _Fault(f"B2B Edition sent no useful answer ({status})")
        self._traffic.succeeded()
        _log.info("bundleb2b.refused", status=status, what=path.split("/")[0], message=_message(body)[:200])
        if status == 404:
            return Missing("B2B Edition has no such record")
        if status in (401, 403):
            return Off("B2B Edition is not enabled for this store, or Invoice Portal may not use it there")
        return Off(f"B2B Edition refused the request ({status})")


def _parsed(content: bytes) -> Doc | None:
    try:
        body = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _status(status: int, body: Doc | None) -> int:
    """HTTP status and `code` may disagree (a 400 under a 200 is published): the worse one counts."""
    code = body.get("code") if body else None
    return max(status, code) if isinstance(code, int) and 100 <= code <= 599 else status


def _message(body: Doc | None) -> str:
    meta = body.get("meta") if body else None
    return str(meta.get("message", "")) if isinstance(meta, dict) else ""


def _rows(body: Doc, path: str) -> list[Doc]:
    data = body.get("data")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise _unreadable(path)
    return data


def _total(body: Doc) -> int | None:
    meta = body.get("meta")
    if not isinstance(meta, dict):
        return None
    pagination = meta.get("pagination")
    found = pagination.get("totalCount") if isinstance(pagination, dict) else meta.get("totalCount")
    return found if isinstance(found, int) else None


def _unreadable(path: str) -> DirectoryUnreachable:
    _log.error("bundleb2b.unreadable", what=path.split("/")[0])
    return DirectoryUnreachable("B2B Edition sent something that we could not read")
