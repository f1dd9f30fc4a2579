"""Credit memos on screen, and what one can still be set off against (R-4)."""

from dataclasses import dataclass, replace

from domain.company_accounts import CreditMemoFilter, CreditMemoRow
from domain.credit_memo import CreditMemo
from domain.invoice import Invoice
from domain.listing import HistoryEntry, InvoiceRow, Page
from domain.money import Money
from domain.ports import OpenWork
from domain.roles import Actor, Right


@dataclass(frozen=True)
class ListCreditMemos:
    """Raises NotAllowed."""

    open_work: OpenWork

    def __call__(
        self, actor: Actor, chosen: CreditMemoFilter, limit: int = 25, cursor: str | None = None
    ) -> Page[CreditMemoRow]:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            return work.accounts.credit_memos(replace(chosen, companies=actor.companies), limit, cursor)


@dataclass(frozen=True)
class CreditMemoView:
    """`applied_to` are live allocations: each invoice as it stands now, and the amount. `open_invoices` are what the
    rest can be set off against, oldest due first, without those that money is on its way for."""

    memo: CreditMemo
    company_name: str
    invoice_number: str
    applied_to: tuple[tuple[InvoiceRow, Money], ...]
    open_invoices: tuple[Invoice, ...]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class ShowCreditMemo:
    """Raises NotAllowed, NotFound."""

    open_work: OpenWork

    def __call__(self, actor: Actor, memo_id: str) -> CreditMemoView:
        actor.must(Right.VIEW_INVOICES)
        with self.open_work(actor.store_id) as work:
            memo = work.credit_memos.get(memo_id)
            actor.must_see(memo.company_id, "credit memo")
            owed = work.invoices.open_of(memo.company_id, memo.currency) if memo.available else []
            pending = work.payments.pending_on([one.id for one in owed])
            return CreditMemoView(
                memo,
                work.companies.get(memo.company_id).name,
                work.invoices.get(memo.invoice_id).number if memo.invoice_id else "",
                tuple(work.queries.applied_to(memo_id)),
                tuple(one for one in owed if one.id not in pending),
                tuple(work.queries.history("credit_memo", memo_id)),
            )
