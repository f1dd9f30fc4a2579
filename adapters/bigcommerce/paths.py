"""Paths of the API, built from parts so that nothing from outside can lead the access token elsewhere (T-9)."""

import re
from typing import Final
from urllib.parse import quote

from domain.errors import TokenRefused

_STORE_HASH: Final = re.compile(r"[a-z0-9]{4,20}", re.ASCII)
_SAFE: Final = re.compile(r"[A-Za-z0-9_.~%-]+(/[A-Za-z0-9_.~%-]+)*", re.ASCII)


def store_hash(text: str) -> str:
    """The text when it is a store hash. Raises TokenRefused: hashes only ever come with a token."""
    if not _STORE_HASH.fullmatch(text):
        raise TokenRefused("the store it names is not one")
    return text


def hash_of_context(context: str) -> str:
    """`abc123` of `stores/abc123`. Raises TokenRefused for any other form."""
    kind, _, found = context.partition("/")
    if kind != "stores":
        raise TokenRefused("it names no store")
    return store_hash(found)


def path(*parts: str | int) -> str:
    """`orders/7/products` of its parts, each percent-encoded. Raises ValueError for empty, `.` and `..` parts."""
    return check("/".join(quote(str(part), safe="") for part in parts))


def check(relative: str) -> str:
    """The path when it is relative and stays below its base. Raises ValueError otherwise."""
    steps = relative.split("/")
    if not _SAFE.fullmatch(relative) or "." in steps or ".." in steps:
        raise ValueError("not a path of the API")
    return relative
