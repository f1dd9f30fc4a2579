"""Who takes part in the story, and what earlier steps left behind."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from admin_app.demo.ledger import Ledger
from admin_app.demo.trade import ADMIN, FINANCE, OWNER, SALES, VIEWER
from admin_app.demo.visitors import Buyer, Erp, Person, Store
from admin_app.local import Local

STORE = "sbxnorth"


@dataclass
class Scene:
    """`kept` holds numbers and ids for later steps. The buyer is the first company's administrator."""

    local: Local
    store: Store
    ledger: Ledger
    owner: Person
    sales: Person
    finance: Person
    admin: Person
    viewer: Person
    buyer: Buyer
    erp: Erp
    kept: dict[str, Any] = field(default_factory=dict)


Step = Callable[[Scene], str]
"""Does something and answers what was re-read elsewhere. Raises StoryBroken."""


def new_scene(local: Local) -> Scene:
    store = Store(local, STORE)
    owner, sales, finance, admin, viewer = (
        Person(local, STORE, user_id) for user_id in (OWNER, SALES, FINANCE, ADMIN, VIEWER)
    )
    buyer = Buyer(local, store, 1)
    return Scene(local, store, Ledger(local, STORE), owner, sales, finance, admin, viewer, buyer, Erp(local, ""))
