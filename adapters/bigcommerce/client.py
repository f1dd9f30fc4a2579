"""One store's API, both versions, with lists walked to their end and envelopes taken off."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.bigcommerce.connection import Line, StoreConnection
from adapters.bigcommerce.errors import Unreadable
from adapters.bigcommerce.traffic import Traffic

Doc = dict[str, Any]

PAGE: Final = 250
_MOST_PAGES: Final = 2000


class StoreClient:
    """Typed doors over the two connections. Paths come from `paths.path`, queries are text."""

    def __init__(self, line: Line, traffic: Traffic, store_hash: str, access_token: str) -> None:
        self._v2 = StoreConnection(line, traffic, store_hash, access_token, "v2")
        self._v3 = StoreConnection(line, traffic, store_hash, access_token, "v3")

    # --- V2: bare objects and lists ---------------------------------------------------------------
    def v2_one(self, path: str, query: Mapping[str, str] | None = None) -> Doc:
        """An object. Raises Unreadable when the answer is none, such as 204 where a body is due."""
        return _object(self._v2.make_request("GET", path, params=query))

    def v2_page(self, path: str, query: Mapping[str, str] | None = None) -> list[Any]:
        """One page of a list; 204 is an empty one."""
        body = self._v2.make_request("GET", path, params=query)
        return [] if body is None else _list(body)

    def v2_all(self, path: str) -> Iterator[Any]:
        """A whole list, 250 rows per call: its default of 50 would lose lines of long orders."""
        for page in range(1, _MOST_PAGES):
            rows = self.v2_page(path, {"page": str(page), "limit": str(PAGE)})
            yield from rows
            if len(rows) < PAGE:
                return
        raise Unreadable("a list without an end")

    def v2_put(self, path: str, body: Doc) -> Doc:
        return _object(self._v2.make_request("PUT", path, body))

    # --- V3: data in an envelope ----------------------------------------------------------------------
    def one(self, path: str, query: Mapping[str, str] | None = None) -> Doc:
        return _object(_data(self._v3.make_request("GET", path, params=query)))

    def rows(self, path: str, query: Mapping[str, str] | None = None) -> list[Any]:
        """A list that has no pages; 204 is an empty one."""
        body = self._v3.make_request("GET", path, params=query)
        return [] if body is None else _list(_data(body))

    def all(self, path: str, query: Mapping[str, str] | None = None) -> Iterator[Any]:
        """A whole list, 250 rows per call. Some lists do not say how many pages there are."""
        for page in range(1, _MOST_PAGES):
            asked = {**(query or {}), "page": str(page), "limit": str(PAGE)}
            body = self._v3.make_request("GET", path, params=asked)
            if body is None:
                return
            rows = _list(_data(body))
            yield from rows
            pages = _total_pages(body)
            if not rows or (page >= pages if pages is not None else len(rows) < PAGE):
                return
        raise Unreadable("a list without an end")

    def post(self, path: str, body: Any, *, repeatable: bool = False) -> Any:
        """Makes something; the data of the answer. Not repeated after a fault that may have acted, unless that
        does no harm."""
        return _data(self._v3.make_request("POST", path, body, repeatable=repeatable))

    def put(self, path: str, body: Any) -> Any:
        """Changes something; the data of the answer, None for 204."""
        answer = self._v3.make_request("PUT", path, body)
        return None if answer is None else _data(answer)

    def delete(self, path: str) -> None:
        self._v3.make_request("DELETE", path)


def _data(body: Any) -> Any:
    if not isinstance(body, dict) or "data" not in body:
        raise Unreadable("an answer without data")
    return body["data"]


def _object(found: Any) -> Doc:
    if not isinstance(found, dict) or not found:
        raise Unreadable("an empty answer")
    return found


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise Unreadable("something else than a list")
    return found


def _total_pages(body: Doc) -> int | None:
    meta = body.get("meta")
    pagination = meta.get("pagination") if isinstance(meta, dict) else None
    pages = pagination.get("total_pages") if isinstance(pagination, dict) else None
    return pages if isinstance(pages, int) else None
