"""Credit memos: documents whose amount is allocated like a payment's (R-4)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, select

from adapters.sql.papers import content_from_json, content_to_json
from adapters.sql.payments import live_allocations
from adapters.sql.posting import SOURCE_ACCOUNT
from adapters.sql.scope import Scope, among, known_id, known_ids
from adapters.sql.tables import credit_memo
from domain.credit_memo import CreditMemo
from domain.errors import NotFound
from domain.invoice import Source
from domain.ledger import SourceAccount


class SqlCreditMemos:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, memo: CreditMemo) -> None:
        paper, people = content_to_json(memo.content) if memo.content is not None else (None, None)
        row = {
            "id": memo.id,
            "number": memo.number,
            "number_space": memo.number_space,
            "external_id": memo.external_id,
            "document_source": memo.document_source.value,
            "company_id": memo.company_id,
            "currency": memo.currency,
            "effective_on": memo.effective_on,
            "invoice_id": memo.invoice_id,
            "content": paper,
            "people": people,
        }
        self._scope.add(credit_memo, row, number=memo.number, external_id=memo.external_id, company_id=memo.company_id)

    def get(self, memo_id: str) -> CreditMemo:
        found = self._read([known_id(memo_id, "credit memo")])
        if not found:
            raise NotFound("credit memo")
        return found[0]

    def locked(self, memo_ids: Iterable[str]) -> dict[str, CreditMemo]:
        """Ids that are no credit memo, such as a payment's, are left out."""
        mine = (self._scope.own(credit_memo), among(credit_memo.c.id, known_ids(memo_ids)))
        locking = select(credit_memo.c.id).where(*mine).order_by(credit_memo.c.id).with_for_update(key_share=True)
        held = self._scope.all(locking)
        return {one.id: one for one in self._read([row.id for row in held])}

    def find_external(self, number_space: str, external_id: str) -> CreditMemo | None:
        chosen = select(credit_memo.c.id).where(
            self._scope.own(credit_memo),
            credit_memo.c.number_space == number_space,
            credit_memo.c.external_id == external_id,
        )
        found = self._read([row.id for row in self._scope.all(chosen)])
        return found[0] if found else None

    def of_invoice(self, invoice_id: str) -> list[CreditMemo]:
        mine = (self._scope.own(credit_memo), credit_memo.c.invoice_id == known_id(invoice_id, "invoice"))
        found = self._read([row.id for row in self._scope.all(select(credit_memo.c.id).where(*mine))])
        return sorted(found, key=lambda memo: (memo.effective_on, memo.number))

    def _read(self, ids: Sequence[str]) -> list[CreditMemo]:
        if not ids:
            return []
        chosen = select(credit_memo).where(self._scope.own(credit_memo), among(credit_memo.c.id, ids))
        allocations = live_allocations(self._scope, ids)
        return [_memo(row, allocations[row.id]) for row in self._scope.all(chosen.order_by(credit_memo.c.id))]


def _memo(row: Row[Any], allocations: dict[str, int]) -> CreditMemo:
    return CreditMemo(
        id=row.id,
        number=row.number,
        company_id=row.company_id,
        currency=row.currency,
        effective_on=row.effective_on,
        account=SourceAccount(*(getattr(row, f"{name}_minor") for name in SOURCE_ACCOUNT)),
        allocations=allocations,
        content=content_from_json(row.content, row.people or {}) if row.content is not None else None,
        document_source=Source(row.document_source),
        invoice_id=row.invoice_id,
        external_id=row.external_id,
        number_space=row.number_space,
    )
