"""Files at an invoice: attached, read and removed by people who may, each act in the audit log (R-25: also once it is
closed)."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import InputInvalid, NotFound
from domain.events import Act
from domain.file import PDF, FileHead, KeptFile, Purpose
from domain.ids import new_id
from domain.ports import OpenWork, Work
from domain.roles import Actor, Right

MOST_FILES = 20
"""Per invoice: enough for papers, too few to fill a disk with."""


@dataclass(frozen=True)
class AttachFile:
    """Keeps an upload whose content was checked. An `official` PDF is served in place of ours, which then says that it
    is a copy (R-27). Raises NotAllowed, NotFound, InputInvalid for one too many or an official file that is no PDF."""

    open_work: OpenWork

    def __call__(
        self,
        actor: Actor,
        invoice_id: str,
        name: str,
        media_type: str,
        pieces: Iterable[bytes],
        *,
        official: bool = False,
    ) -> KeptFile:
        actor.must(Right.EDIT_INVOICES)
        if official and media_type != PDF:
            raise InputInvalid("official", "Only a PDF can be served in place of ours.")
        with self.open_work(actor.store_id) as work:
            _see(work, actor, invoice_id)
            if len(work.files.of("invoice", invoice_id)) >= MOST_FILES:
                raise InputInvalid("file", "An invoice takes {most} files. Remove one first.", most=MOST_FILES)
            purpose = Purpose.OFFICIAL if official else Purpose.ATTACHMENT
            head = FileHead(new_id(), "invoice", invoice_id, purpose, name, media_type)
            kept = work.files.put(head, pieces)
            _book(work, actor, "invoice.file_attached", kept)
            work.commit()
        return kept


@dataclass(frozen=True)
class ShowFile:
    """A file of this invoice, to be read. Raises NotAllowed, NotFound, also for a file of something else."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str, file_id: str) -> KeptFile:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            return _file(work, actor, invoice_id, file_id)


@dataclass(frozen=True)
class RemoveFile:
    """Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, invoice_id: str, file_id: str) -> KeptFile:
        actor.must(Right.EDIT_INVOICES)
        with self.open_work(actor.store_id) as work:
            kept = _file(work, actor, invoice_id, file_id)
            work.files.remove(kept.id)
            _book(work, actor, "invoice.file_removed", kept)
            work.commit()
        return kept


def _see(work: Work, actor: Actor, invoice_id: str) -> None:
    actor.must_see(work.invoices.get(invoice_id).company_id, "invoice")


def _file(work: Work, actor: Actor, invoice_id: str, file_id: str) -> KeptFile:
    _see(work, actor, invoice_id)
    kept = work.files.get(file_id)
    head = kept.head
    if (head.subject_kind, head.subject_id) != ("invoice", invoice_id):
        raise NotFound("file")
    return kept


def _book(work: Work, actor: Actor, what: str, kept: KeptFile) -> None:
    change = {"file": kept.id, "size": kept.size, "sha256": kept.sha256, "changed": ["name"]}
    attached = what.endswith("attached")
    texts = {"name.before": "" if attached else kept.name, "name.after": kept.name if attached else ""}
    work.book(actor, Act(what, "invoice", kept.head.subject_id, change, texts))
