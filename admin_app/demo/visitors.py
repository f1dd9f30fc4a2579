"""The people and machines of the story, each over HTTP only: as a browser, an ERP or a gateway would."""

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, TypeVar

import requests

from admin_app.local import Local

Found = TypeVar("Found")
TIMEOUT = 30


class StoryBroken(Exception):
    """Something did not happen as told; `str()` says what was seen instead."""


def until(look: Callable[[], Found | None], what: str, seconds: float = 30.0) -> Found:
    """Looks again and again until there is something. Raises StoryBroken after so many seconds."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise StoryBroken(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.2)


def must(condition: object, words: str) -> None:
    """Raises StoryBroken with what was seen."""
    if not condition:
        raise StoryBroken(words)


@dataclass
class Person:
    """A control-panel user with the app open in the frame. Our cookies are Secure, which the standard library's
    cookie jar does not send to http://localhost as browsers do: they are carried by hand."""

    local: Local
    store: str
    user_id: int
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    http: requests.Session = field(default_factory=requests.Session)

    def open_app(self) -> requests.Response:
        """Opens the control panel's page and follows what it puts into the frame."""
        page = self.http.get(self.local.control_panel(self.store, self.user_id), timeout=TIMEOUT)
        found = re.search(r'<iframe[^>]*\ssrc="([^"]+)"', page.text)
        must(found, f"no frame on {page.url}: {page.status_code}")
        return self.follow(unescape(found.group(1) if found else ""))

    def follow(self, address: str) -> requests.Response:
        """As a frame does: one GET, its cookies kept, and on to where it redirects."""
        return self._next(self._ask("GET", address))

    def get(self, path: str) -> requests.Response:
        return self._ask("GET", path)

    def post(self, path: str, values: Mapping[str, str], form_on: str = "") -> requests.Response:
        """Sends a form with the CSRF token of its page, or the one seen before; follows to the next page."""
        page = self.get(form_on or path)
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)
        self.csrf = token.group(1) if token else self.csrf
        must(self.csrf, f"no form on {page.url}: {page.status_code} {words_of(page)[:200]}")
        return self._next(self._ask("POST", path, {"csrf": self.csrf, **values}))

    def _next(self, answer: requests.Response) -> requests.Response:
        return self.get(answer.headers["Location"]) if answer.status_code in (302, 303) else answer

    def _ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> requests.Response:
        answer = self.http.request(
            method,
            path if path.startswith("http") else self.local.web_url + path,
            data=form,
            headers={
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                **({"Origin": self.local.web_url} if form is not None else {}),
            },
            allow_redirects=False,
            timeout=TIMEOUT,
        )
        for name, value in re.findall(r"(__Host-[\w-]+)=([^;]*)", answer.headers.get("Set-Cookie", "")):
            self.cookies[name] = value
        return answer


def words_of(page: requests.Response) -> str:
    """The text of a page, without tags and doubled spaces."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", page.text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def new_key(local: Local, store: str, name: str) -> str:
    """An API key as an operator makes it on the command line."""
    program = [sys.executable, "-m", "admin_app.cli", "keys", store, name]
    environment = {**os.environ, **local.environment}
    made = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=60, check=False)
    must(made.returncode == 0, made.stderr[-300:])
    return made.stdout.strip().splitlines()[-1]


def _day(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def document(external_id: str, number: str, total: str, **more: object) -> dict[str, object]:
    """A body for `POST /api/v1/invoices` of the buyer's company."""
    line = {"description": "Service contract", "quantity": "1", "unit_price": total, "amount": total, "sku": "SRV"}
    return {
        "external_id": external_id,
        "number": number,
        "company": "4101",
        "currency": "USD",
        "total": total,
        "issued_on": _day(-20),
        "due_on": _day(10),
        "lines": [line],
        **more,
    }


@dataclass
class Erp:
    """An ERP with an API key."""

    local: Local
    key: str

    def call(self, method: str, path: str, body: object = None, key: str = "", **headers: str) -> requests.Response:
        sent = {
            "Authorization": f"Bearer {self.key}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        if key:
            sent["Idempotency-Key"] = key
        return requests.request(method, f"{self.local.web_url}{path}", json=body, headers=sent, timeout=TIMEOUT)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        must(answer.ok, f"GET {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json()


@dataclass
class Store:
    """The make-believe BigCommerce of one store, through its control endpoints."""

    local: Local
    hash: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        answer = requests.request(
            method, f"{self.local.sandbox_url}/_sandbox/{self.hash}{path}", json=body, timeout=TIMEOUT
        )
        must(answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer.json() if answer.content else None


@dataclass
class Buyer:
    """A buyer signed in on the storefront, with the portal's script exchanging the store's token for ours."""

    local: Local
    store: Store
    customer_id: int
    token: str = ""

    def sign_in(self) -> dict[str, Any]:
        jwt = self.store.call("GET", f"/current-jwt?customer_id={self.customer_id}")["jwt"]
        answer = self._send("POST", "/session", {"jwt": jwt, "channel_id": 1, "locale": "en", "query": "status=all"})
        self.token = answer["token"]
        return answer

    def get(self, path: str) -> dict[str, Any]:
        return self._send("GET", path)

    def pay(self, currency: str, lines: Mapping[str, str]) -> dict[str, Any]:
        body = {
            "currency": currency,
            "lines": [{"invoice_id": key, "amount": amount} for key, amount in lines.items()],
        }
        return self._send("POST", "/payments", body, {"Idempotency-Key": secrets.token_hex(12)})

    def try_to(self, method: str, path: str, body: object = None) -> requests.Response:
        """One call whose refusal is looked at by the caller."""
        origin = self.local.storefront_urls[self.store.hash]
        return requests.request(
            method,
            f"{self.local.web_url}/storefront/v1{path}",
            json=body,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Origin": origin,
                "Idempotency-Key": secrets.token_hex(12),
            },
            timeout=TIMEOUT,
        )

    def _send(
        self, method: str, path: str, body: object = None, more: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        origin = self.local.storefront_urls[self.store.hash]
        headers = {"Origin": origin, **(more or {})}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = requests.request(
            method, f"{self.local.web_url}/storefront/v1{path}", json=body, headers=headers, timeout=TIMEOUT
        )
        must(answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        found: dict[str, Any] = answer.json()
        return found
