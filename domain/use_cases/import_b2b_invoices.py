"""Two portals at once: the open invoices of B2B Edition come over, what was paid on them as paid elsewhere (R-24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.errors import Refusal
from domain.events import Act
from domain.ports import OpenWork, OtherInvoice
from domain.roles import Actor, Right
from domain.use_cases.erp_document import InvoiceDocument
from domain.use_cases.import_invoices import ImportInvoice, Outcome
from domain.use_cases.open_shop import OpenShop
from domain.use_cases.order_payment import time_zone_of
from domain.zone import local_day

SPACE: Final = "b2b_edition"
"""Their number space: a number of theirs may be one of ours (R-5)."""


@dataclass(frozen=True)
class OtherRow:
    """One of their open invoices; `is_here` says that it came over before."""

    invoice: OtherInvoice
    company_name: str | None
    is_here: bool


@dataclass(frozen=True)
class LookAtOtherInvoices:
    """What would come over. Raises NotAllowed, DirectoryUnreachable, StoreDisconnected."""

    open_work: OpenWork
    open_shop: OpenShop

    def __call__(self, actor: Actor) -> list[OtherRow]:
        actor.must(Right.IMPORT)
        found = list(self.open_shop(actor.store_id).directory.open_invoices())
        with self.open_work(actor.store_id) as work:
            names = {company.id: company.name for company in work.companies.all(actor.companies)}
            return [
                OtherRow(one, names.get(one.company_id), work.invoices.find_external(SPACE, str(one.id)) is not None)
                for one in found
                if actor.companies is None or one.company_id in actor.companies
            ]


@dataclass(frozen=True)
class OtherImported:
    """`refused` are numbers with the sentence why; the others came over, or were here already."""

    created: int
    same: int
    refused: Sequence[tuple[str, Refusal]]


@dataclass(frozen=True)
class ImportOtherInvoices:
    """Brings them over, each in a transaction of its own; pressed twice, nothing is doubled. Nobody is
    told: buyers know these invoices.

    Raises NotAllowed, DirectoryUnreachable, StoreDisconnected.
    """

    open_work: OpenWork
    open_shop: OpenShop
    take_in: ImportInvoice

    def __call__(self, actor: Actor) -> OtherImported:
        actor.must(Right.IMPORT)
        found = list(self.open_shop(actor.store_id).directory.open_invoices())
        with self.open_work(actor.store_id) as work:
            zone = time_zone_of(work)
        created = same = 0
        refused: list[tuple[str, Refusal]] = []
        for one in found:
            try:
                outcome = self._one(actor, one, zone)
            except Refusal as refusal:
                refused.append((one.number, refusal))
            else:
                created, same = (created + 1, same) if outcome is Outcome.CREATED else (created, same + 1)
        with self.open_work(actor.store_id) as work:
            change = {"created": created, "same": same, "refused": len(refused)}
            work.book(actor, Act("import.b2b_edition", "store", str(actor.store_id), change))
            work.commit()
        return OtherImported(created, same, refused)

    def _one(self, actor: Actor, one: OtherInvoice, zone: str) -> Outcome:
        with self.open_work(actor.store_id) as work:
            if work.invoices.find_external(SPACE, str(one.id)) is not None:
                return Outcome.SAME
            imported = self.take_in.within(work, actor, _document(one, zone))
            work.commit()
        return imported.outcome


def _document(one: OtherInvoice, zone: str) -> InvoiceDocument:
    """Without lines: what was sold stays readable in B2B Edition; ours says "As per document" (R-6)."""
    return InvoiceDocument(
        external_id=str(one.id),
        number=one.number,
        company_ref=str(one.company_id),
        currency=one.total.currency,
        total=max(one.total, one.balance),
        issued_on=local_day(one.issued_at, zone),
        amount_due=one.balance,
        due_on=local_day(one.due_at, zone) if one.due_at else None,
        order_id=one.order_id,
        po_number=one.po_number,
        number_space=SPACE,
        forgive=True,
        silent=True,
    )
