"""The one table from refusals to HTTP statuses, and how a refusal reads as problem+json (RFC 9457)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final

import orjson
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from domain import errors as refusals
from domain.errors import LinesRefused, Refusal

STATUS: Final[Mapping[type[Refusal], int]] = {
    Refusal: 409,
    # input
    refusals.AmountInvalid: 422,
    refusals.CurrencyUnknown: 422,
    refusals.MixedCurrencies: 422,
    refusals.InputInvalid: 422,
    refusals.DoesNotAddUp: 422,
    # who
    refusals.NotSignedIn: 401,
    refusals.NotAllowed: 403,
    refusals.NoAccess: 403,
    refusals.TokenRefused: 401,
    refusals.NoRight: 403,
    refusals.NoCompany: 403,
    refusals.CompanyInactive: 403,
    refusals.KeyRefused: 401,
    # finding
    refusals.NotFound: 404,
    # invoices
    refusals.NotEditable: 409,
    refusals.NotDeletable: 409,
    refusals.NotRestorable: 409,
    refusals.NotVoidable: 409,
    refusals.LessThanSettled: 409,
    refusals.ChangedMeanwhile: 409,
    refusals.NumberTaken: 409,
    refusals.ExternalIdTaken: 409,
    refusals.CompanyUnknown: 422,
    refusals.SkippedDeleted: 409,
    # orders
    refusals.NotInvoiceable: 409,
    refusals.NotInvoiced: 409,
    refusals.AlreadyInvoiced: 409,
    # money
    refusals.MoreThanOwed: 409,
    refusals.MoreThanAvailable: 409,
    refusals.MoreThanWrittenOff: 409,
    refusals.MoreThanInvoiced: 409,
    refusals.NotCreditable: 409,
    refusals.MoreThanReceived: 422,
    refusals.OtherCompany: 422,
    refusals.ReceivedInFuture: 422,
    refusals.MemoRequired: 422,
    refusals.PossibleDuplicate: 409,
    refusals.NotReversible: 409,
    refusals.NotChargedBack: 409,
    refusals.NothingToApply: 409,
    refusals.NotWonBack: 409,
    refusals.NotAnnounced: 409,
    refusals.MoreThanTolerance: 409,
    refusals.ReasonRequired: 422,
    refusals.PeriodClosed: 409,
    # paying online
    refusals.NothingSelected: 422,
    refusals.FileRefused: 422,
    refusals.MailRefused: 409,
    refusals.TotalsDiffer: 409,
    refusals.NothingToSend: 409,
    refusals.TooManyRows: 422,
    refusals.NotPayable: 409,
    refusals.PaymentPending: 409,
    refusals.NoMethod: 409,
    refusals.StoreChangesPrice: 409,
    refusals.LinesRefused: 422,
    # staff
    refusals.LastAdmin: 409,
    refusals.OwnRole: 409,
    refusals.OwnerStays: 409,
    refusals.OwnRights: 409,
    refusals.AlreadyHere: 409,
    # the world
    refusals.OutOfService: 503,
    refusals.StoreUnreachable: 503,
    refusals.StoreDisconnected: 503,
    refusals.DirectoryUnreachable: 503,
    refusals.ScopeMissing: 409,
    refusals.KeyReused: 422,
    refusals.KeyInFlight: 409,
}

_RETRY_AFTER: Final[Mapping[type[Refusal], str]] = {refusals.KeyInFlight: "2"}
_API_PATHS: Final = ("/api/", "/storefront/", "/hooks/", "/s/", "/healthz", "/metrics")
_LOG: Final = logging.getLogger(__name__)


class EdgeRefusal(Refusal):
    """Something only HTTP can get wrong; it carries its own status."""

    status: ClassVar[int] = 400


class BodyInvalid(EdgeRefusal):
    code = "body_invalid"

    def __init__(self, why: str = "The body is not JSON. Send one JSON object in UTF-8.") -> None:
        super().__init__(why)


class BodyTooLarge(EdgeRefusal):
    code = "too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body is larger than {limit // 1024} KiB. Send less at once.")


class ContentTypeWrong(EdgeRefusal):
    code = "content_type"
    status = 415

    def __init__(self) -> None:
        super().__init__("Send the body with “Content-Type: application/json”.")


class FieldsInvalid(EdgeRefusal):
    """What is wrong with which fields of a body or query; `fields` are (path, sentence) pairs."""

    code = "input_invalid"
    status = 422

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        path, sentence = fields[0]
        more = f" {len(fields) - 1} more fields are wrong." if len(fields) > 1 else ""
        super().__init__(f"{path or 'The body'}: {sentence}{more}", field=path)
        self.fields = tuple(fields)


class VersionNeeded(EdgeRefusal):
    code = "version_needed"
    status = 428

    def __init__(self) -> None:
        super().__init__('Send the ETag of the version you saw as “If-Match”, such as “If-Match: "3"”.')


class KeyNeeded(EdgeRefusal):
    code = "idempotency_key_needed"

    def __init__(self) -> None:
        super().__init__("Send an “Idempotency-Key” of up to 200 visible ASCII characters, new for each new request.")


class OriginRefused(EdgeRefusal):
    code = "origin_refused"
    status = 403

    def __init__(self) -> None:
        super().__init__("This page does not belong to the store. Open the invoices from the store's own site.")


def status_of(refusal: Refusal) -> int:
    """The status of a refusal; a kind that is not in the table has its parent's."""
    if isinstance(refusal, EdgeRefusal):
        return refusal.status
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def json_response(body: object, status: int = 200, content_type: str = "application/json") -> Response:
    return Response(orjson.dumps(body), status, content_type=content_type)


def problem(refusal: Refusal, status: int | None = None) -> Response:
    """A refusal as problem+json; `status` overrides the table, such as 412 for a stale If-Match."""
    chosen = status or status_of(refusal)
    members: dict[str, object] = {}
    if refusal.facts.get("field"):
        members["field"] = refusal.facts["field"]
    if isinstance(refusal, FieldsInvalid):
        members["errors"] = [{"field": path, "detail": sentence} for path, sentence in refusal.fields]
    if isinstance(refusal, LinesRefused):
        members["lines"] = [
            {"invoice_id": invoice_id, "code": one.code, "detail": one.sentence}
            for invoice_id, one in refusal.lines.items()
        ]
    if isinstance(refusal, refusals.AlreadyInvoiced):
        members["invoice_id"] = refusal.invoice_id
    response = _problem(refusal.code, refusal.sentence, chosen, members)
    _hint(response, refusal)
    return response


def _hint(response: Response, refusal: Refusal) -> None:
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if response.status_code == 503 or type(refusal) in _RETRY_AFTER:
        response.headers["Retry-After"] = _RETRY_AFTER.get(type(refusal), "60")


def _problem(code: str, detail: str, status: int, members: Mapping[str, object] | None = None) -> Response:
    body = {
        "type": f"urn:invoice-portal:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": g.get("request_id", ""),
        **(members or {}),
    }
    return json_response(body, status, "application/problem+json")


_HTTP_WORDS: Final = {
    400: ("bad_request", "The request could not be read. Check address, headers and body."),
    404: ("route_unknown", "There is nothing at this address. Check the path against the API guide."),
    405: ("method_not_allowed", "This address does not take that method. See the Allow header."),
    413: ("too_large", "The body is too large. Send less at once."),
    415: ("content_type", "Send the body with “Content-Type: application/json”."),
}


def answer(error: Exception) -> Response:
    """Any failure as problem+json. What is not a refusal is logged and shown without detail."""
    if isinstance(error, Refusal):
        return problem(error)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 500:
        code, detail = _HTTP_WORDS.get(error.code, ("http_error", error.name + "."))
        response = _problem(code, detail, error.code)
        if error.code == 405:
            response.headers.extend(header for header in error.get_headers() if header[0] == "Allow")
        return response
    log_failure(error)
    return _problem("internal", "Something failed on our side; nothing was changed. Quote the request id.", 500)


def log_failure(error: Exception) -> None:
    """The trace goes to the log under the request id, never to the caller (T-37)."""
    _LOG.error("request %s failed", g.get("request_id", ""), exc_info=error)


def is_api_path(path: str) -> bool:
    """Whether errors under this path are answered as JSON rather than as a screen."""
    return path.startswith(_API_PATHS)


def register_problems(app: Flask, screens: Callable[[Exception], ResponseReturnValue] | None = None) -> None:
    """Answers what no blueprint saw, such as an unknown API route. Other paths go to `screens`.

    Register no other handlers for these classes on the same app: the nearest class wins over this one.
    """

    def handle(error: Exception) -> ResponseReturnValue:
        if is_api_path(request.path):
            return answer(error)
        if screens is not None:
            return screens(error)
        if isinstance(error, HTTPException):
            return error.get_response()
        raise error

    app.register_error_handler(Refusal, handle)
    app.register_error_handler(refusals.InvariantBroken, handle)
    app.register_error_handler(HTTPException, handle)
    app.register_error_handler(Exception, handle)
