"""T-1, T-2, T-8: each kind of signed token opens one door only, and the store is the one BigCommerce names."""

import base64
import json
import time
from importlib.metadata import version

import jwt
import pytest
import requests
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.bigcommerce.login import BigCommerceLogin
from domain.errors import StoreUnreachable, TokenRefused

CLIENT = "our-client-id"
SECRET = "an-app-secret-that-is-long-enough-for-sha-512-and-so-for-everything"
LOGIN = BigCommerceLogin("https://login.bigcommerce.com", CLIENT, SECRET, "https://portal.example/auth")
NOW = int(time.time())


def load_claims(**changes):
    """A `signed_payload_jwt` as published; None takes a claim out."""
    claims = {
        "aud": CLIENT,
        "iss": "bc",
        "iat": NOW,
        "nbf": NOW - 5,
        "exp": NOW + 86_400,
        "jti": "6a0f2a2e-1c2b-4f0b-8a34-3d2e6a5bb0f1",
        "sub": "stores/abc123",
        "user": {"id": 9128, "email": "user@example.com", "locale": "en-US"},
        "owner": {"id": 7654, "email": "owner@example.com"},
        "url": "/invoices",
        "channel_id": None,
    }
    return {key: value for key, value in {**claims, **changes}.items() if value is not None or key == "channel_id"}


def shopper_claims(**changes):
    """A current-customer token as published."""
    claims = {
        "customer": {"id": 4927, "email": "buyer@example.com", "group_id": "6"},
        "iss": "bc/apps",
        "sub": "abc123",
        "aud": CLIENT,
        "iat": NOW,
        "exp": NOW + 900,
        "version": 1,
        "application_id": CLIENT,
        "store_hash": "abc123",
        "operation": "current_customer",
    }
    return {key: value for key, value in {**claims, **changes}.items() if value is not None}


def signed(claims, secret=SECRET, algorithm="HS256", headers=None):
    return jwt.encode(claims, secret, algorithm=algorithm, headers=headers)


def unsigned(claims, **header):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'typ': 'JWT', **header})}.{part(claims)}."


def signed_with_rsa(claims):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return jwt.encode(claims, pem, algorithm="RS256")


FORGED = {
    "another secret": lambda claims: signed(claims, SECRET[::-1]),
    "alg none": lambda claims: unsigned(claims, alg="none"),
    "RS256": signed_with_rsa,
    "HS384": lambda claims: signed(claims, algorithm="HS384"),
    "no exp": lambda claims: signed({key: value for key, value in claims.items() if key != "exp"}),
    "no iat": lambda claims: signed({key: value for key, value in claims.items() if key != "iat"}),
    "no sub": lambda claims: signed({key: value for key, value in claims.items() if key != "sub"}),
    "no iss": lambda claims: signed({key: value for key, value in claims.items() if key != "iss"}),
    "another aud": lambda claims: signed({**claims, "aud": "another-app"}),
    "a list of auds": lambda claims: signed({**claims, "aud": [CLIENT, "another-app"]}),
    "another iss": lambda claims: signed({**claims, "iss": claims["iss"] + ".evil"}),
    "crit header": lambda claims: signed(claims, headers={"crit": ["exp"]}),
    "expired": lambda claims: signed({**claims, "exp": NOW - 120}),
    "issued in the future": lambda claims: signed({**claims, "iat": NOW + 600}),
    "cut off": lambda claims: signed(claims)[:-3],
    "no token": lambda claims: "not a token",
    "empty": lambda claims: "",
    "not ASCII": lambda claims: "ü.ü.ü",
    "endless": lambda claims: "." * 100_000,
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_load_token_is_refused(forge):
    """T-2"""
    with pytest.raises(TokenRefused):
        LOGIN.caller(forge(load_claims()))


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_shopper_token_is_refused(forge):
    """T-2"""
    with pytest.raises(TokenRefused):
        LOGIN.shopper(forge(shopper_claims()))


KINDS = {"load": load_claims(), "shopper": shopper_claims()}
DOORS = {"load": LOGIN.caller, "shopper": LOGIN.shopper}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_each_kind_of_token_opens_its_own_door_only(kind, door, algorithm):
    """T-1: same secret, same audience; only the diagonal is let in."""
    token = signed(KINDS[kind], algorithm=algorithm)

    if kind == door:
        assert DOORS[door](token).store_hash == "abc123"
    else:
        with pytest.raises(TokenRefused):
            DOORS[door](token)


@pytest.mark.parametrize(
    "changes",
    [
        {"operation": "current_customer"},
        {"sub": "abc123"},
        {"sub": "stores/a/../../b"},
        {"sub": "stores/https://evil.example"},
        {"sub": ["stores/abc123"]},
        {"user": None},
        {"owner": None},
        {"user": {"email": "x@example.com"}},
        {"owner": {"id": "first"}},
        {"user": {"id": 0}},
        {"jti": None},
        {"jti": ""},
        {"nbf": NOW + 600},
        {"exp": 2**40},
    ],
)
def test_a_load_token_without_what_only_it_has_is_refused(changes):
    with pytest.raises(TokenRefused):
        LOGIN.caller(signed(load_claims(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"operation": "customer_login"},
        {"operation": None},
        {"iss": "bc"},
        {"version": 2},
        {"version": None},
        {"store_hash": "other1"},
        {"sub": "other1"},
        {"sub": "stores/abc123", "store_hash": "stores/abc123"},
        {"application_id": "another-app"},
        {"customer": None},
        {"customer": {"id": 0, "email": ""}},
        {"customer": {"email": "buyer@example.com"}},
    ],
)
def test_a_shopper_token_without_what_only_it_has_is_refused(changes):
    with pytest.raises(TokenRefused):
        LOGIN.shopper(signed(shopper_claims(**changes)))


def test_a_load_token_names_user_owner_store_and_itself():
    found = LOGIN.caller(signed(load_claims()))

    assert (found.store_hash, found.user_id, found.owner_id) == ("abc123", 9128, 7654)
    assert (found.user_email, found.owner_email) == ("user@example.com", "owner@example.com")
    assert found.token_id == "6a0f2a2e-1c2b-4f0b-8a34-3d2e6a5bb0f1"
    assert int(found.expires_at.timestamp()) == NOW + 86_400
    assert found.path == "/invoices"


@pytest.mark.parametrize("skew", [-50, 50])
def test_a_minute_of_clock_skew_is_forgiven(skew):
    """F-18: the package refuses three seconds."""
    now = int(time.time())
    claims = load_claims(iat=now + skew, nbf=now + skew, exp=now + skew + 3)

    assert LOGIN.caller(signed(claims)).user_id == 9128


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", None, "/a\nb", "x"]
)
def test_a_deep_link_leads_nowhere_but_to_us(url):
    assert LOGIN.caller(signed(load_claims(url=url))).path == "/"


# --- the OAuth exchange -----------------------------------------------------------------------------------
GRANT = {
    "access_token": "a-long-access-token",
    "scope": "store_v2_orders store_cart",
    "context": "stores/abc123",
    "account_uuid": "8d4d492f-17a1-4d95-b396-e1c5720815a5",
    "user": {"id": 24654, "username": "a@b.example", "email": "a@b.example"},
    "owner": {"id": 12345, "username": "o@b.example", "email": "o@b.example"},
}
TOKEN_URL = "https://login.bigcommerce.com/oauth2/token"


@responses.activate
def test_a_code_is_exchanged_for_the_grant_of_the_answer():
    responses.add("POST", TOKEN_URL, json=GRANT)

    grant = LOGIN.exchange("code", "store_v2_orders store_cart", "stores/abc123")

    assert (grant.store_hash, grant.access_token) == ("abc123", "a-long-access-token")
    assert grant.scopes == ("store_v2_orders", "store_cart")
    assert (grant.user_id, grant.user_email, grant.owner_id) == (24654, "a@b.example", 12345)
    sent = json.loads(responses.calls[0].request.body)
    assert sent == {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "code": "code",
        "scope": "store_v2_orders store_cart",
        "context": "stores/abc123",
        "grant_type": "authorization_code",
        "redirect_uri": "https://portal.example/auth",
    }


@responses.activate
@pytest.mark.parametrize("context", ["stores/other1", "abc123", "stores/abc123/../x"])
def test_a_grant_for_another_store_than_asked_is_refused(context):
    """T-8: context swapped between query and answer."""
    responses.add("POST", TOKEN_URL, json={**GRANT, "context": context})

    with pytest.raises(TokenRefused):
        LOGIN.exchange("code", "", "stores/abc123")


@responses.activate
@pytest.mark.parametrize("context", ["stores/../x", "stores/ABC", "", "https://evil.example/stores/abc123"])
def test_an_exchange_for_what_is_no_store_is_not_even_tried(context):
    with pytest.raises(TokenRefused):
        LOGIN.exchange("code", "", context)

    assert len(responses.calls) == 0


@responses.activate
@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_used_or_unknown_code_is_refused(status):
    responses.add("POST", TOKEN_URL, status=status, json={"error": "invalid_grant"})

    with pytest.raises(TokenRefused):
        LOGIN.exchange("code", "", "stores/abc123")


FAILURES = {
    "500": {"status": 500},
    "429": {"status": 429},
    "redirect": {"status": 302, "headers": {"Location": "https://evil.example/"}},
    "page": {"status": 200, "body": "<html>"},
    "no token": {"status": 200, "json": {key: value for key, value in GRANT.items() if key != "access_token"}},
    "no owner": {"status": 200, "json": {key: value for key, value in GRANT.items() if key != "owner"}},
    "time-out": {"body": requests.ReadTimeout("slow")},
}


@responses.activate
@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES.keys())
def test_a_code_is_tried_once_whatever_comes_back(answer):
    """A code is good once: whether the first try was heard cannot be known."""
    responses.add("POST", TOKEN_URL, **answer)

    with pytest.raises(StoreUnreachable):
        LOGIN.exchange("code", "", "stores/abc123")

    assert len(responses.calls) == 1


def test_the_token_library_is_above_its_known_holes():
    """T-7"""
    assert tuple(int(part) for part in version("pyjwt").split(".")[:2]) >= (2, 15)
