"""What can go wrong on the wire, as kinds of StoreUnreachable that only this adapter tells apart."""

from collections.abc import Mapping

from domain.errors import StoreUnreachable


class Fault(StoreUnreachable):
    """No useful answer. `acted` says whether the store may have done it all the same; `wait` is how long it asks to
    be left alone (seconds)."""

    def __init__(self, why: str, *, acted: bool, wait: float | None = None, overload: bool = True) -> None:
        super().__init__(why)
        self.acted = acted
        self.wait = wait
        self.overload = overload


class Silenced(StoreUnreachable):
    """The store has been down for several calls: not asked again for a while."""

    def __init__(self) -> None:
        super().__init__("BigCommerce has not answered for a while")


class Rejected(StoreUnreachable):
    """The store understood and said no; repeating changes nothing. `errors` names the fields."""

    def __init__(self, status: int, title: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(f"BigCommerce refused the request ({status} {title[:120]})".replace(" )", ")"))
        self.status = status
        self.errors = dict(errors or {})


class Unreadable(StoreUnreachable):
    """An answer that is not what the documentation promises: never filled up with guesses (F-15)."""

    def __init__(self, what: str) -> None:
        super().__init__(f"BigCommerce sent {what} that we could not read")
