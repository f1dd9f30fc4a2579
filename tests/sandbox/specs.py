"""Reads the vendors' OpenAPI files and judges an answer by them: types, allowed values, unknown names."""

import functools
import posixpath
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft4Validator

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
needs_specs = pytest.mark.skipif(
    not SPECS.is_dir(), reason="the vendors' API descriptions (../shared/specs) are not on this machine"
)


@functools.cache
def _document(name: str) -> Any:
    text = (SPECS / name).read_text(encoding="utf-8")
    return _plain(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506


def _plain(node: Any) -> Any:
    """OpenAPI 3.0 in terms of JSON schema: `nullable` becomes a type, dates become text."""
    if isinstance(node, list):
        return [_plain(one) for one in node]
    if not isinstance(node, dict):
        return str(node) if type(node).__name__ in ("date", "datetime") else node
    made = {str(key): _plain(value) for key, value in node.items()}
    if made.pop("nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    if isinstance(made.get("required"), bool):
        del made["required"]
    return made


@functools.cache
def _referred(name: str, pointer: str) -> Any:
    node = _document(name)
    for part in pointer.strip("/").split("/") if pointer.strip("/") else []:
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def _whole(name: str, node: Any, inside: tuple[tuple[str, str], ...] = ()) -> Any:
    """The schema with every reference replaced by what it means; one that contains itself ends in `{}`."""
    if isinstance(node, list):
        return [_whole(name, one, inside) for one in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return {key: _whole(name, value, inside) for key, value in node.items() if key not in ("example", "examples")}
    file, _, pointer = reference.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) if file else name
    step = (target, pointer)
    return {} if step in inside else _whole(target, _referred(target, pointer), (*inside, step))


@functools.cache
def _schema(name: str, path: str, method: str, status: str) -> Any:
    answer = _whole(name, _document(name)["paths"][path][method]["responses"][status])
    return answer["content"]["application/json"]["schema"]


def judge(name: str, path: str, method: str, answer: Any, status: int = 200) -> list[str]:
    """What the description has against this answer, each as `dotted.path: why`."""
    schema = _schema(name, path, method, str(status))
    found = []
    for error in Draft4Validator(schema).iter_errors(answer):
        where = ".".join(str(part) for part in error.absolute_path if not isinstance(part, int))
        found.append(f"{where}: {error.message[:200]}")
    found += [f"{where}: not in the description" for where in _strangers([schema], answer, "")]
    return sorted(set(found))


def _strangers(schemas: list[Any], answer: Any, where: str) -> list[str]:
    """Names in the answer that no reading of the schemas knows."""
    parts = [part for schema in schemas for part in _parts(schema)]
    if isinstance(answer, list):
        items = [part["items"] for part in parts if "items" in part]
        return [found for one in answer for found in _strangers(items, one, where)] if items else []
    known: dict[str, list[Any]] = {}
    for part in parts:
        for key, value in part.get("properties", {}).items():
            known.setdefault(key, []).append(value)
    if not isinstance(answer, dict) or not known:
        return []
    found = [f"{where}{key}" for key in answer if key not in known]
    for key in answer.keys() & known.keys():
        found += _strangers(known[key], answer[key], f"{where}{key}.")
    return found


def _parts(schema: Any) -> list[Any]:
    if not isinstance(schema, dict):
        return []
    deeper = [part for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, [])]
    return [schema, *(one for part in deeper for one in _parts(part))]
