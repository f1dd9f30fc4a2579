"""Documents as people print and send them."""

from typing import Protocol

from domain.paper import Paper, Sheet


class Papers(Protocol):
    """Written in the language of the store's papers; the same document gives the same bytes."""

    def sheet(self, paper: Paper) -> Sheet:
        """The document in words."""

    def pdf(self, paper: Paper) -> bytes: ...
