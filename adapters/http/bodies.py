"""Reads JSON bodies and queries into models, and says of every wrong field where it is and what to send."""

import json
from collections.abc import Mapping
from typing import Final, TypeVar

import orjson
from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from adapters.http.errors import BodyInvalid, BodyTooLarge, ContentTypeWrong, FieldsInvalid
from adapters.http.fields import sentence_for

Model = TypeVar("Model", bound=BaseModel)

LARGEST_BODY: Final = 1024 * 1024
"""Bytes of one document; an invoice of a thousand lines takes about a third of that."""


def read_bytes(limit: int) -> bytes:
    """The raw body. Raises BodyTooLarge without reading more than the limit."""
    request.max_content_length = limit
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise BodyTooLarge(limit) from None


def read_json(limit: int = LARGEST_BODY, *, exact: bool = False) -> dict[str, object]:
    """The body as one JSON object. `exact` keeps numbers as the text that was sent, so that no cent passes a float.

    Raises BodyTooLarge, ContentTypeWrong, BodyInvalid.
    """
    data = read_bytes(limit)
    if request.mimetype != "application/json":
        raise ContentTypeWrong
    try:
        found = orjson.loads(data)
        if exact:
            found = json.loads(data, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        raise BodyInvalid from None
    if not isinstance(found, dict):
        raise BodyInvalid("The body is not a JSON object. Send one object in braces.")
    return found


def read_model(model: type[Model], values: Mapping[str, object]) -> Model:
    """The values as a model. Raises FieldsInvalid with a path and a sentence for each wrong field."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        rows = [(_path(one["loc"]), sentence_for(one)) for one in error.errors(include_url=False, include_input=False)]
        raise FieldsInvalid(rows[:50]) from None


def read_query(model: type[Model], values: Mapping[str, str] | None = None) -> Model:
    """The query of the request, or another one, as a model; empty parameters count as absent. Raises FieldsInvalid."""
    given = request.args.to_dict() if values is None else values
    return read_model(model, {name: value for name, value in given.items() if value != ""})


def _path(steps: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in steps)
