"""The login shared with BundleB2B: BigCommerce's OAuth exchange and its two kinds of signed tokens (T-1 to T-3, T-8).

Both kinds are signed with the same secret for the same audience, so each verifier names what only its kind has.
"""

from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import jwt
import requests
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.bigcommerce import exact_json, paths
from domain.errors import StoreUnreachable, TokenRefused
from domain.ports import Caller, Grant, Shopper

_log: Final = structlog.get_logger("adapters.bigcommerce")

_ALGORITHMS: Final = ["HS256", "HS512"]
_LEEWAY: Final = 60
"""Seconds a clock may be off (F-18)."""
_LONGEST: Final = 16_384
_TIMEOUT: Final = (3.05, 20.0)


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _User(_Claims):
    id: int = Field(gt=0)
    email: str = ""


class _CallerClaims(_Claims):
    sub: str
    user: _User
    owner: _User
    jti: str = Field(min_length=8, max_length=200)
    exp: int = Field(gt=0, lt=2**33)
    url: str | None = None
    operation: None = None


class _Customer(_Claims):
    id: int = Field(gt=0)
    email: str = ""


class _ShopperClaims(_Claims):
    sub: str
    store_hash: str
    operation: str = Field(pattern=r"^current_customer$")
    version: int = Field(ge=1, le=1)
    application_id: str | None = None
    customer: _Customer


class _GrantBody(_Claims):
    access_token: str = Field(min_length=8)
    scope: str = ""
    context: str
    user: _User
    owner: _User


Found = TypeVar("Found", bound=_Claims)


class BigCommerceLogin:
    """The domain's Login. `login_url` is where codes are exchanged, `redirect_uri` our registered auth callback."""

    def __init__(self, login_url: str, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self._login_url = login_url.rstrip("/")
        self._client_id = client_id
        self._secret = client_secret
        self._redirect_uri = redirect_uri

    def exchange(self, code: str, scope: str, context: str) -> Grant:
        """The store is the one the answer names, which must be the one the browser named. Never repeated: a code is
        good once."""
        asked = paths.hash_of_context(context)
        status, body = self._post(
            {
                "client_id": self._client_id,
                "client_secret": self._secret,
                "code": code,
                "scope": scope,
                "context": context,
                "grant_type": "authorization_code",
                "redirect_uri": self._redirect_uri,
            }
        )
        if status != 200:
            _log.warning("bigcommerce.exchange_refused", status=status)
            raise TokenRefused("BigCommerce does not know this installation code")
        try:
            grant = _GrantBody.model_validate(exact_json.loads(body))
        except (ValidationError, ValueError, RecursionError):
            raise StoreUnreachable("BigCommerce sent an incomplete answer to the installation") from None
        if paths.hash_of_context(grant.context) != asked:
            raise TokenRefused("the installation code belongs to another store")
        return Grant(
            store_hash=asked,
            access_token=grant.access_token,
            scopes=tuple(grant.scope.split()),
            user_id=grant.user.id,
            user_email=grant.user.email,
            owner_id=grant.owner.id,
            owner_email=grant.owner.email,
        )

    def caller(self, signed_payload_jwt: str) -> Caller:
        claims = self._claims(_CallerClaims, signed_payload_jwt, "bc", ["exp", "iat", "sub", "aud", "iss", "jti"])
        return Caller(
            store_hash=paths.hash_of_context(claims.sub),
            user_id=claims.user.id,
            user_email=claims.user.email,
            owner_id=claims.owner.id,
            owner_email=claims.owner.email,
            token_id=claims.jti,
            expires_at=datetime.fromtimestamp(claims.exp, UTC),
            path=_own_path(claims.url),
        )

    def shopper(self, current_customer_jwt: str) -> Shopper:
        claims = self._claims(_ShopperClaims, current_customer_jwt, "bc/apps", ["exp", "iat", "sub", "aud", "iss"])
        if claims.sub != claims.store_hash or claims.application_id not in (None, self._client_id):
            raise TokenRefused("it was made for another store or app")
        return Shopper(paths.store_hash(claims.store_hash), claims.customer.id, claims.customer.email)

    # --- inside -------------------------------------------------------------------------------------------
    def _post(self, body: dict[str, str]) -> tuple[int, bytes]:
        """4xx and 200 only. Redirects are not followed: the secret would go along."""
        try:
            answer = requests.post(
                f"{self._login_url}/oauth2/token",
                json=body,
                headers={"Accept": "application/json"},
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException:
            raise StoreUnreachable("BigCommerce's login did not answer") from None
        if answer.status_code != 200 and not 400 <= answer.status_code < 429:
            raise StoreUnreachable("BigCommerce's login has a problem")
        return answer.status_code, answer.content

    def _claims(self, shape: type[Found], token: str, issuer: str, required: list[str]) -> Found:
        if len(token) > _LONGEST:
            raise TokenRefused("it is not a token")
        options: Any = {"require": required, "strict_aud": True}
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=_ALGORITHMS,
                audience=self._client_id,
                issuer=issuer,
                leeway=_LEEWAY,
                options=options,
            )
            return shape.model_validate(claims)
        except jwt.ExpiredSignatureError:
            raise TokenRefused("it has expired") from None
        except (jwt.PyJWTError, ValidationError, ValueError, TypeError, OverflowError, RecursionError):
            raise TokenRefused("it is not signed for this app in this way") from None


def _own_path(url: str | None) -> str:
    """A deep link is outside input: only a path on our own host, else the start page."""
    if not url or not url.startswith("/") or url.startswith("//") or len(url) > 1000:
        return "/"
    return url if url.isascii() and url.isprintable() and "\\" not in url else "/"
