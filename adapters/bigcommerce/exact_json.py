"""JSON in which every number stays exactly what was written: decimals in and out, never a binary float."""

import json
from decimal import Decimal
from typing import Any, NoReturn

import orjson


def loads(text: bytes) -> Any:
    """Whole numbers as int, all others as Decimal. Raises ValueError for anything that is not JSON."""
    return json.loads(text.decode("utf-8"), parse_float=Decimal, parse_constant=_no_constant)


def dumps(value: Any) -> bytes:
    """Decimals as plain JSON numbers with exactly their digits: 125.10 stays 125.10."""
    return orjson.dumps(value, default=_plain)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _plain(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        return orjson.Fragment(f"{value:f}".encode())
    raise TypeError(f"{type(value).__name__} has no JSON form")
