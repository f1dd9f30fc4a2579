"""`/healthz` for the load balancer and `/metrics` for Prometheus. Neither says anything about a store."""

from collections.abc import Callable

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from adapters.http.errors import json_response, log_failure
from adapters.http.security import secure


def health(check: Callable[[], object], registry: CollectorRegistry) -> Blueprint:
    """The blueprint. `check` asks the database; it raises, or answers False, when that is not there."""
    blueprint = secure(Blueprint("health", __name__))

    def healthz() -> Response:
        try:
            is_well = check() is not False
        except Exception as failure:
            log_failure(failure)
            is_well = False
        return json_response({"status": "ok"}) if is_well else json_response({"status": "unavailable"}, 503)

    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    blueprint.add_url_rule("/healthz", "healthz", healthz, methods=["GET"])
    blueprint.add_url_rule("/metrics", "metrics", metrics, methods=["GET"])
    return blueprint
