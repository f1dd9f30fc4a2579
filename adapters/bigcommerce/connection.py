"""The `bigcommerce` package's connection, made fit for money: exact numbers, no redirects, retries, rate limits.

One connection is one API version of one store, for one job or request; what is shared per store is its Traffic.
"""

import http.client
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
import structlog
import urllib3
from bigcommerce.connection import OAuthConnection
from requests.adapters import HTTPAdapter

from adapters.bigcommerce import exact_json, paths
from adapters.bigcommerce.errors import Fault, Rejected
from adapters.bigcommerce.traffic import Policy, Timing, Traffic, seconds_asked
from domain.errors import NotFound, Refusal, ScopeMissing, StoreDisconnected

# The package logs bodies and, at debug, whole answers.
logging.getLogger("bigcommerce").setLevel(logging.WARNING)
logging.getLogger("bigcommerce.connection").setLevel(logging.WARNING)

_log: Final = structlog.get_logger("adapters.bigcommerce")

_REPEATABLE: Final = frozenset({"GET", "PUT", "DELETE"})
_CHUNK: Final = 65536

_PURPOSE: Final = {
    "orders": ("order", "read and mark orders"),
    "carts": ("cart", "make payment carts"),
    "checkouts": ("checkout", "read the checkout"),
    "content": ("page or script", "change pages and scripts"),
    "catalog": ("product", "make the payment product"),
    "channels": ("channel", "read the store's channels"),
    "sites": ("site", "read the storefront addresses"),
    "payments": ("checkout", "read the payment methods"),
    "hooks": ("webhook", "hear about changes"),
}
"""First step of a path: what a 404 misses, what a 403 forbids."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """How this process reaches BigCommerce: base address (with scheme), our client id, shared sockets, manners."""

    base_url: str
    client_id: str
    policy: Policy
    timing: Timing
    sockets: HTTPAdapter


class StoreConnection(OAuthConnection):  # type: ignore[misc]  # the package has no types
    """One API version of one store. `make_request` is the only door: it is what the package's resources use too.

    Raises Fault, Rejected, Silenced (all StoreUnreachable), StoreDisconnected, ScopeMissing, NotFound.
    """

    def __init__(self, line: Line, traffic: Traffic, store_hash: str, access_token: str, version: str) -> None:
        super().__init__(
            line.client_id,
            paths.store_hash(store_hash),
            access_token,
            host=urlsplit(line.base_url).netloc,
            api_path="/stores/{}/" + version + "/{}",
        )
        self._line = line
        self._traffic = traffic
        self.timeout = (line.policy.connect, line.policy.read)
        self._session.mount("https://", line.sockets)
        self._session.mount("http://", line.sockets)

    def full_path(self, url: str) -> str:
        """The address of a relative path below this store. Raises ValueError for anything else (T-9)."""
        return self._line.base_url.rstrip("/") + str(self.api_path.format(self.store_hash, paths.check(url)))

    def make_request(
        self,
        method: str,
        url: str,
        data: Any = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        repeatable: bool | None = None,
    ) -> Any:
        """The parsed body; None for 204. GET, PUT and DELETE are repeated after faults, POST only when the store
        cannot have acted or the caller says that repeating does no harm."""
        again = method in _REPEATABLE if repeatable is None else repeatable
        policy, timing = self._line.policy, self._line.timing
        waited = 0.0
        for number in range(1, policy.tries + 1):
            try:
                waited += self._hold_back(policy.patience - waited)
                return self._once(method, url, data, params, headers)
            except Fault as fault:
                pause = policy.pause(number, fault, timing.jitter())
                may = again or not fault.acted
                _log.warning("bigcommerce.fault", method=method, what=_first(url), why=fault.sentence, attempt=number)
                if not may or number == policy.tries or waited + pause > policy.patience:
                    raise
                timing.sleep(pause)
                waited += pause
        raise AssertionError("unreachable")

    def _hold_back(self, patience: float) -> float:
        pause = self._traffic.wait_before()
        if pause > patience:
            raise Fault("The store's request quota is used up", acted=False, wait=pause, overload=False)
        if pause:
            self._line.timing.sleep(pause)
        return pause

    def _once(
        self,
        method: str,
        url: str,
        data: Any,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
    ) -> Any:
        with self._traffic.slot(self._line.policy.patience):
            try:
                answer = self._run_method(method, url, data, params, headers)
                self._traffic.note(answer.headers)
                result = self._handle_response(url, answer)
            except Fault as fault:
                if fault.wait is not None:
                    self._traffic.over_quota(fault.wait)
                if fault.overload:
                    self._traffic.failed()
                raise
            except Refusal:
                # Any other refusal is an answer: the store is up.
                self._traffic.succeeded()
                raise
            self._traffic.succeeded()
            return result

    def _run_method(
        self,
        method: str,
        url: str,
        data: Any = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One try. Redirects are not followed: `requests` would take the token along to the new host."""
        address = self.full_path(url) + (f"?{urlencode(query)}" if query else "")
        body = None if data is None else exact_json.dumps(data)
        sent = dict(headers or {})
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        policy, monotonic = self._line.policy, self._line.timing.monotonic
        latest = monotonic() + policy.whole_answer
        try:
            response = self._session.request(
                method, address, data=body, headers=sent, timeout=self.timeout, allow_redirects=False, stream=True
            )
        except requests.RequestException as error:
            raise _network_fault(error) from None
        try:
            return Answer(response.status_code, response.headers, self._read(response, latest))
        finally:
            response.close()

    def _read(self, response: requests.Response, latest: float) -> bytes:
        """The whole body. A time-out of `requests` restarts with every byte, so a slow drip needs this one."""
        parts: list[bytes] = []
        size = 0
        try:
            while part := response.raw.read1(_CHUNK, decode_content=True):
                parts.append(part)
                size += len(part)
                late = self._line.timing.monotonic() > latest
                if late or size > self._line.policy.largest_answer:
                    raise Fault("BigCommerce's answer took too long or was too large", acted=True)
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError):
            raise Fault("BigCommerce broke off its answer", acted=True) from None
        return b"".join(parts)

    def _handle_response(self, url: str, res: Answer, suppress_empty: bool = True) -> Any:
        """The parsed body of a 2xx, None for 204; everything else as one of our errors."""
        status = res.status
        if status in (200, 201, 202):
            try:
                found = exact_json.loads(res.content)
            except (ValueError, RecursionError):
                found = None
            # `null` is not taken for the empty list that only 204 means.
            if found is None:
                raise Fault("BigCommerce sent something that is not JSON", acted=True)
            return found
        if status == 204:
            return None
        if status == 429:
            wait = seconds_asked(res.headers)
            raise Fault("BigCommerce is receiving too many requests", acted=False, wait=wait, overload=wait is None)
        if status >= 500:
            _log.warning("bigcommerce.error", status=status, request_id=res.headers.get("X-Request-Id"))
            raise Fault(f"BigCommerce has an internal problem ({status})", acted=True)
        what, may_not = _PURPOSE.get(_first(url), ("resource", "do this"))
        if status == 401:
            raise StoreDisconnected
        if status == 403:
            raise ScopeMissing(may_not)
        if status == 404:
            raise NotFound(what)
        raise _rejected(status, res.content, _first(url))


def _network_fault(error: requests.RequestException) -> Fault:
    """Only when no connection came about at all is it certain that nothing was done."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    unsent = isinstance(error, requests.ConnectTimeout) or isinstance(reason, urllib3.exceptions.NewConnectionError)
    if isinstance(error, requests.Timeout):
        return Fault("BigCommerce did not answer in time", acted=not unsent)
    return Fault("BigCommerce could not be reached", acted=not unsent)


def _rejected(status: int, content: bytes, what: str) -> Rejected:
    """Title and field errors of a V3 object or a V2 list; the parts that failed of a 207."""
    try:
        body = exact_json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if isinstance(body, list):
        body = body[0] if body else None
    found = body if isinstance(body, dict) else {}
    errors = found.get("errors")
    fields = {str(key): str(value)[:200] for key, value in errors.items()} if isinstance(errors, dict) else {}
    if status == 207 and isinstance(errors, list):
        fields = {str(index): str(part)[:200] for index, part in enumerate(errors)}
    title = found.get("title") or found.get("message") or ("only a part was done" if status == 207 else "")
    _log.warning("bigcommerce.rejected", status=status, what=what, title=str(title)[:200], fields=sorted(fields))
    return Rejected(status, str(title), fields)


def _first(url: str) -> str:
    return url.split("/", 1)[0]
