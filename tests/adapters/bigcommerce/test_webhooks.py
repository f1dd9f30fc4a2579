"""Signatures by Standard Webhooks: right key, right words, fresh (T-21)."""

import base64
import hashlib
import hmac

import pytest

from adapters.bigcommerce.webhooks import is_signed

SECRET = "the-app-client-secret"
NOW = 1_790_000_000
BODY = b'{"scope":"store/order/created","data":{"type":"order","id":250}}'


def signature(secret=SECRET, message="msg_1", stamp=NOW, body=BODY):
    digest = hmac.new(secret.encode(), f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def check(signatures, message="msg_1", stamp=str(NOW), body=BODY, now=NOW, secret=SECRET):
    return is_signed(secret, message, stamp, signatures, body, now)


def test_a_fresh_delivery_is_accepted():
    assert check(signature())


def test_one_right_signature_among_several_is_enough():
    assert check("v1,AAAA v2,BBBB " + signature())


@pytest.mark.parametrize(
    "wrong",
    [
        {"signatures": signature(secret="another")},
        {"signatures": signature(), "body": BODY + b" "},
        {"signatures": signature(), "message": "msg_2"},
        {"signatures": signature(), "stamp": str(NOW + 1)},
        {"signatures": signature().removeprefix("v1,")},
        {"signatures": signature().replace("v1,", "v2,")},
        {"signatures": ""},
        {"signatures": "v1,"},
        {"signatures": "v1,%%%"},
        {"signatures": "v1,ü"},
        {"signatures": signature(stamp="x"), "stamp": "x"},
        {"signatures": signature(stamp="-1"), "stamp": "-1"},
        {"signatures": signature(stamp="٣"), "stamp": "٣"},
    ],
)
def test_anything_else_is_not(wrong):
    assert not check(**wrong)


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (299, True), (301, False), (-299, True), (-301, False)])
def test_five_minutes_either_way(age, fresh):
    assert check(signature(), now=NOW + age) is fresh
