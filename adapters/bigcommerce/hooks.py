"""Webhooks of one store: one per scope, on our address, with the store's secret, switched on."""

from typing import Final

import structlog

from adapters.bigcommerce.client import Doc, StoreClient
from adapters.bigcommerce.errors import Rejected
from adapters.bigcommerce.paths import path
from adapters.bigcommerce.reading import read
from adapters.bigcommerce.setup_shapes import HookShape
from domain.errors import ScopeMissing

_log: Final = structlog.get_logger("adapters.bigcommerce")

HEADER: Final = "X-Portal-Secret"

SCOPES: Final = (
    "store/order/*",
    # Whether the star reaches below one level is not documented, so these are asked for by name.
    "store/order/transaction/created",
    "store/order/transaction/updated",
    "store/order/refund/created",
    "store/cart/converted",
    "store/app/uninstalled",
)

B2B_SCOPES: Final = (
    "store/company/created",
    "store/company/updated",
    "store/company/deleted",
    "store/company/statusUpdated",
    "store/company/user/created",
    "store/company/user/updated",
    "store/company/user/deleted",
)
"""Refused where B2B Edition or its scope is missing; the nightly pass then is all there is."""


def ensure_hooks(client: StoreClient, destination: str, secret: str) -> list[str]:
    """Makes missing ones, moves those that point elsewhere, switches on those BigCommerce switched off (F-1)."""
    there: dict[str, list[HookShape]] = {}
    for row in client.all(path("hooks")):
        hook = read(HookShape, row, "a webhook")
        there.setdefault(hook.scope, []).append(hook)
    done = []
    for scope in (*SCOPES, *B2B_SCOPES):
        try:
            done += _ensure(client, scope, there.get(scope, []), destination, secret)
        except (ScopeMissing, Rejected) as refusal:
            if scope not in B2B_SCOPES:
                raise
            _log.info("bigcommerce.hook_refused", scope=scope, why=refusal.code)
    return done


def _ensure(client: StoreClient, scope: str, there: list[HookShape], destination: str, secret: str) -> list[str]:
    body: Doc = {
        "scope": scope,
        "destination": destination,
        "is_active": True,
        "headers": {HEADER: secret},
    }
    if not there:
        client.post(path("hooks"), body)
        return [f"webhook {scope}"]
    # An address that answers badly gets all our hooks on that domain blocked: only one is kept per scope.
    kept, *others = sorted(there, key=lambda hook: hook.destination != destination)
    done = []
    if not (kept.is_active and kept.destination == destination and _carries(kept, secret)):
        client.put(path("hooks", kept.id), body)
        done.append(f"webhook {scope} mended")
    for hook in others:
        client.delete(path("hooks", hook.id))
        done.append(f"webhook {scope} to an old address removed")
    return done


def _carries(hook: HookShape, secret: str) -> bool:
    """Names of HTTP headers have no case."""
    return {name.lower(): value for name, value in (hook.headers or {}).items()} == {HEADER.lower(): secret}
