"""What the sandbox's tests share: a sandbox in memory of this process, its token, short calls, a hook catcher."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from adapters.sandbox.app import create_sandbox
from adapters.sandbox.oauth import issue_token
from adapters.sandbox.settings import NORTH, SandboxSettings
from adapters.sandbox.state import State
from adapters.sandbox.world import World

DAY = "2026-11-20"
SECRET = "a client secret of more than sixty-four characters, for HMAC tests only!"
CLIENT = "client-of-the-tests"
MAIN, SHOP, OTHER_SHOP = 9900, 9901, 9902


class Kit:
    """A sandbox behind Flask's test client."""

    def __init__(self, settings: SandboxSettings) -> None:
        self.settings = settings
        self.app = create_sandbox(settings)
        self.world: World = self.app.extensions["sandbox"]
        self.client = self.app.test_client()
        self.tokens: dict[str, str] = {}

    def close(self) -> None:
        self.world.state.close()

    def turn_to(self, data_file: Path) -> None:
        """Go on with another data file, as if started afresh on it; the app itself is dear to make."""
        self.world.state.close()
        self.world.state = State(data_file)
        self.client = self.app.test_client()
        self.client.post("/_sandbox/quotas/forget")
        self.tokens.clear()

    def token(self, store_hash: str = NORTH) -> str:
        if store_hash not in self.tokens:
            store = self.world.store(store_hash)
            self.tokens[store_hash] = issue_token(store, list(self.settings.app_scopes))["value"]
        return self.tokens[store_hash]

    def grant(self, *scopes: str) -> None:
        """A token with other scopes than the app asks for."""
        self.tokens[NORTH] = self.control(f"/{NORTH}/token", {"scopes": scopes})["access_token"]

    def api(self, method: str, path: str, store: str = NORTH, **given: Any) -> TestResponse:
        headers = {"X-Auth-Token": self.token(store), "Accept": "application/json"}
        return self.client.open(f"/stores/{store}{path}", method=method, headers=headers, **given)

    def get(self, path: str, store: str = NORTH, **query: Any) -> Any:
        return self.api("GET", path, store, query_string=query).json

    def data(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.api(method, f"/v3{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json["data"] if answer.json else None

    def b2b(self, path: str, store: str = NORTH, method: str = "GET", **given: Any) -> TestResponse:
        headers = {"X-Auth-Token": self.token(store), "X-Store-Hash": store}
        return self.client.open(f"/b2b/api/v3/io{path}", method=method, headers=headers, **given)

    def control(self, path: str, body: Any = None, method: str = "POST") -> Any:
        answer = self.client.open(f"/_sandbox{path}", method=method, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json

    def order(self, **wish: Any) -> Any:
        """Make an order in the first store."""
        wish = {"customer_id": 2, "lines": [{"sku": "NS-TWL-12", "quantity": 2}], **wish}
        return self.control(f"/{NORTH}/orders", wish)

    def shopper(self, port: int = SHOP) -> "Shopper":
        return Shopper(self, port)


class Shopper:
    """A browser on one of the shops."""

    def __init__(self, kit: Kit, port: int) -> None:
        self.client: FlaskClient = kit.app.test_client()
        self.base = f"http://127.0.0.1:{port}"

    def get(self, path: str, **given: Any) -> TestResponse:
        return self.client.get(path, base_url=self.base, **given)

    def send(self, method: str, path: str, body: Any = None) -> TestResponse:
        return self.client.open(path, method=method, base_url=self.base, json=body)

    def form(self, path: str, **fields: Any) -> TestResponse:
        return self.client.post(path, base_url=self.base, data=fields)

    def sign_in(self, customer_id: int) -> "Shopper":
        assert self.get(f"/login/as/{customer_id}").status_code == 302
        return self

    def cart(self) -> Any:
        return self.get("/api/storefront/carts").json[0]

    def pay(self, method: str = "testgateway", card: str = "4111 1111 1111 1111") -> TestResponse:
        """Press the pay button, as the checkout page does."""
        payment = {"methodId": method, "number": card}
        body = {"cartId": self.cart()["id"], "payment": payment}
        placed = self.send("POST", "/internalapi/v1/checkout/order", body)
        order = (placed.json or {}).get("data", {}).get("order")
        if order is None or order["isComplete"] or method != "testgateway":
            return placed
        return self.send("POST", "/api/public/v1/orders/payments", {"orderId": order["orderId"], "payment": payment})


def new_kit(data_file: Path, seed_day: str = "", **given: Any) -> Kit:
    settings = SandboxSettings(
        data_file,
        MAIN,
        SHOP,
        OTHER_SHOP,
        given.pop("app_url", "http://localhost:9999"),
        CLIENT,
        SECRET,
        seed_day=seed_day,
        retry_scale=0,
        hook_timeout=2,
        **given,
    )
    return Kit(settings)


class Catcher:
    """A tiny web server that remembers what it was sent and answers as told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []
        catcher = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {key.lower(): value for key, value in self.headers.items()}
                catcher.seen.append((self.path, headers, body))
                self._answer()

            def do_GET(self) -> None:
                catcher.seen.append((self.path, {}, b""))
                self._answer()

            def _answer(self) -> None:
                self.send_response(catcher.answers.pop(0) if catcher.answers else 204)
                self.end_headers()

            def log_message(self, *told: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
