"""How values are written as JSON: the one form that is stored, hashed and read back."""

from typing import Any

import orjson


def to_json(value: Any) -> str:
    """Compact JSON in the order given; what JSON has no word for becomes text."""
    return orjson.dumps(value, default=_as_text, option=orjson.OPT_NON_STR_KEYS).decode()


def from_json(text: str | bytes) -> Any:
    return orjson.loads(text)


def _as_text(value: Any) -> Any:
    if isinstance(value, (set, frozenset)):
        return sorted(str(one) for one in value)
    return str(value)
